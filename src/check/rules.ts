import type { WarningCode } from '../model/diagnostic.ts';
import type { Span } from '../model/span.ts';
import type { Parsed } from '../parse.ts';
import type { JsonLdCode } from '../report/json-ld.ts';
import { describeWarning } from '../report/messages.ts';
import type { Vacancy } from '../vacancy.ts';

/** How much a finding matters: SARIF's levels. */
export const LEVELS = ['error', 'warning', 'note'] as const;
export type Level = (typeof LEVELS)[number];

/** What a rule sees: an advert as it was read, and the day on which it is looked at, `YYYY-MM-DD`. */
export interface Advert {
  readonly parsed: Parsed;
  readonly today: string;
  /** What Google's rich result for it lacks. */
  readonly missing: readonly JsonLdCode[];
}

/** What a rule found: its words in the advert, where it has any, and what is to be said of this advert, beyond the sentence or for it. */
export interface Found {
  readonly span: Span | null;
  readonly detail?: string;
  readonly message?: string;
}

export interface Rule {
  readonly level: Level;
  /** What is wrong, in a sentence. */
  readonly sentence: string;
  /** Why it matters, and who says so. */
  readonly reason: string;
  readonly find: (advert: Advert) => readonly Found[];
}

const GOOGLE = 'Google’s structured-data rules for job postings';
const ACAS =
  'the Equality Act 2010 and good practice of ACAS and the CIPD: applicants judge a post by what its advert states';

/** The words behind a value. */
function wordsFor({ parsed }: Advert, pointer: string): Span | null {
  return parsed.evidence.get(pointer)?.[0]?.span ?? null;
}

/** What reading the advert warned of already. */
const warned =
  (...codes: readonly WarningCode[]) =>
  ({ parsed }: Advert): Found[] =>
    parsed.diagnostics
      .filter(({ code }) => codes.includes(code))
      .map((diagnostic) => ({ span: diagnostic.span, message: describeWarning(diagnostic) }));

const unless =
  (isFine: (vacancy: Vacancy) => boolean, pointer?: string) =>
  (advert: Advert): Found[] =>
    isFine(advert.parsed.vacancy) ? [] : [{ span: pointer === undefined ? null : wordsFor(advert, pointer) }];

const lacks =
  (code: JsonLdCode) =>
  ({ missing }: Advert): Found[] =>
    missing.includes(code) ? [{ span: null }] : [];

/** What a date lacks to be one that the advert alone tells. */
const INCOMPLETE: ReadonlySet<WarningCode> = new Set(['date/no-year', 'date/relative', 'date/week']);

/** True where the pay is words alone: no figure, no grade, no point of a scale. */
const isInWords = ({ min, max, actual, grade, band, spinePoints, flags }: NonNullable<Vacancy['pay']>) =>
  [min, max, actual, grade, band, spinePoints].every((stated) => stated === null) && !flags.includes('unpaid');

/** A day that should not come before another, and does. */
const before =
  (earlier: 'interviewDate' | 'startDate' | 'closingDate', later: 'closingDate' | 'datePosted') =>
  (advert: Advert): Found[] => {
    const { [earlier]: early, [later]: late } = advert.parsed.vacancy;
    return early !== null && late !== null && early < late
      ? [{ span: wordsFor(advert, `/${earlier}`), detail: `${early}, ${late}` }]
      : [];
  };

/** Every rule, by its code. Codes are stable; a level is what it is unless a configuration says otherwise. */
export const RULES = {
  'document/not-a-vacancy': {
    level: 'warning',
    sentence: 'The document does not look like a job advert, and nothing in it was checked.',
    reason: 'Guidance notes, forms and policies are published beside adverts, and are easily taken for one.',
    find: warned('document/not-a-vacancy'),
  },
  'document/several-vacancies': {
    level: 'note',
    sentence: 'The document holds more than one vacancy: the first was checked.',
    reason: 'A job board takes one vacancy from a page (Google: one JobPosting a page).',
    find: warned('document/several-vacancies'),
  },
  'title/missing': {
    level: 'error',
    sentence: 'No title of the post was found.',
    reason: `A title is what an advert is found by, and required by ${GOOGLE}.`,
    find: unless(({ title }) => title !== null),
  },
  'employer/missing': {
    level: 'warning',
    sentence: 'The advert does not name the employer.',
    reason: `hiringOrganization is required by ${GOOGLE}.`,
    find: unless(({ employer }) => employer !== null && employer.name !== null),
  },
  'location/missing': {
    level: 'warning',
    sentence: 'The advert does not say where the work is.',
    reason: `jobLocation is required by ${GOOGLE}.`,
    find: unless(({ location }) => location !== null),
  },
  'closing-date/missing': {
    level: 'error',
    sentence: 'The advert states no closing date, and does not say that it stays open.',
    reason:
      'Without one nobody knows whether to apply, and validThrough cannot be published (Google asks for it where there is one).',
    find: (advert) =>
      // A date without a label has a rule of its own.
      advert.parsed.vacancy.closingStatus !== null || warned('date/unlabelled')(advert).length > 0
        ? []
        : [{ span: null }],
  },
  'closing-date/past': {
    level: 'error',
    sentence: 'The closing date has passed.',
    reason: `An advert that has closed must be taken down, or its validThrough set in the past (${GOOGLE}).`,
    find: (advert) => {
      const { closingDate } = advert.parsed.vacancy;
      const isPast = closingDate !== null && closingDate < advert.today;
      return isPast
        ? [{ span: wordsFor(advert, '/closingDate'), detail: `${closingDate}; looked at on ${advert.today}` }]
        : [];
    },
  },
  'closing-date/incomplete': {
    level: 'warning',
    sentence: 'The closing date is not a full date that can be told from the advert alone.',
    reason: 'A day without a year, or “in five days”, means another day to whoever reads it later.',
    // Not of the other dates; and nothing is said of `--as-of`, which makes no advert complete.
    find: (advert) => [
      ...advert.parsed.diagnostics
        .filter(({ code, field }) => INCOMPLETE.has(code) && field === '/closingDate')
        .map(({ span }) => ({ span })),
      ...warned('date/unlabelled')(advert),
    ],
  },
  'date/impossible': {
    level: 'error',
    sentence: 'No calendar has this day.',
    reason: 'A date that does not exist is a slip, and nobody can tell which day is meant.',
    find: warned('date/impossible'),
  },
  'date/weekday-mismatch': {
    level: 'error',
    sentence: 'The weekday does not fit the date.',
    reason: 'One of the two is wrong, often both after last year’s advert was used again.',
    find: warned('date/weekday-mismatch'),
  },
  'date/midnight': {
    level: 'note',
    sentence: 'Midnight may be the start of the day or its end.',
    reason: 'GOV.UK’s style guide: write “11:59pm” or “midnight at the end of”, for people read it both ways.',
    find: warned('date/midnight'),
  },
  'date/order': {
    level: 'warning',
    sentence: 'The interviews, the start or the closing date come too early.',
    reason: 'Interviews and a start before the closing date, or a closing date before the posting, are slips.',
    find: (advert) => [
      ...before('interviewDate', 'closingDate')(advert),
      ...before('startDate', 'closingDate')(advert),
      ...before('closingDate', 'datePosted')(advert),
    ],
  },
  'pay/missing': {
    level: 'error',
    sentence: 'The advert says nothing about pay.',
    reason: `Pay is what most applicants look for first; ${ACAS}.`,
    find: unless(({ pay }) => pay !== null),
  },
  'pay/no-figures': {
    level: 'warning',
    sentence: 'The advert states the pay in words only, without a figure or a grade.',
    reason: `“Competitive” cannot be compared, searched for or published as baseSalary (${GOOGLE}).`,
    find: unless(({ pay }) => pay === null || !isInWords(pay), '/pay'),
  },
  'pay/below-minimum-wage': {
    level: 'error',
    sentence: 'The pay comes to less than the National Living Wage of the advert’s date.',
    reason: 'National Minimum Wage Act 1998; rates of the Low Pay Commission, as published by GOV.UK.',
    find: warned('pay/below-minimum-wage'),
  },
  'pay/off-scale': {
    level: 'warning',
    sentence: 'The figures are not those of the band, spine points or scale that is named beside them.',
    reason:
      'NHS Employers’ Agenda for Change, the NJC’s, and the other published pay scales; often last year’s figures.',
    find: warned('pay/band-mismatch', 'pay/scale-mismatch', 'pay/spine-point-mismatch', 'pay/high-cost-area'),
  },
  'pay/disagrees': {
    level: 'warning',
    sentence: 'The figures of the pay disagree with each other or with the hours.',
    reason: 'One of them is wrong, and an offer will be held against the better one.',
    find: warned('pay/conflict', 'pay/actual-mismatch', 'pay/periods-disagree'),
  },
  'pay/no-period': {
    level: 'warning',
    sentence: 'The advert does not say what period the pay is for.',
    reason: `unitText is a must beside baseSalary (${GOOGLE}).`,
    find: warned('pay/period-inferred', 'pay/period-unknown'),
  },
  'advert/disagrees': {
    level: 'warning',
    sentence: 'Two statements of the advert disagree.',
    reason: 'Applicants act on the one that they read; which one holds, the advert should say once.',
    find: warned(
      'closingDate/conflict',
      'contract/conflict',
      'datePosted/conflict',
      'dbs/conflict',
      'hours/conflict',
      'interviewDate/conflict',
      'reference/conflict',
      'startDate/conflict',
      'title/conflict',
    ),
  },
  'dbs/no-level': {
    level: 'warning',
    sentence: 'A criminal-record check is mentioned without its level.',
    reason:
      'The Disclosure and Barring Service’s guidance: employers must know, and say, which level a role is eligible for.',
    find: unless(({ dbs }) => dbs === null || dbs.level !== null || dbs.status === 'not-required', '/dbs'),
  },
  'criteria/no-essential': {
    level: 'warning',
    sentence: 'The advert says of no criterion that it is essential.',
    reason:
      'Shortlisting has to be against stated criteria (ACAS guide to recruitment; the Civil Service’s recruitment principles).',
    find: unless(({ criteria }) => criteria.essential.length > 0),
  },
  'contact/missing': {
    level: 'warning',
    sentence: 'The advert gives nobody to ask: no name, e-mail address or telephone number.',
    reason: `Disabled applicants must be able to ask for adjustments (Equality Act 2010, section 20); ${ACAS}.`,
    find: unless(({ contacts }) => contacts.length > 0),
  },
  'google/no-date-posted': {
    level: 'note',
    sentence: 'The advert does not say when it was posted.',
    reason: `datePosted is required by ${GOOGLE}; a page can add it when it publishes the advert.`,
    find: lacks('jsonld/no-date-posted'),
  },
  'google/no-pay': {
    level: 'note',
    sentence: 'The pay cannot be published as baseSalary: it has no figures for an hour, day, week, month or year.',
    reason: `baseSalary is recommended by ${GOOGLE}, and must be numbers.`,
    find: ({ missing, parsed: { vacancy, diagnostics } }) => {
      // One fault is one finding: no pay, words alone and figures of no period have rules of their own.
      const hasOwnRule =
        vacancy.pay === null || isInWords(vacancy.pay) || diagnostics.some(({ code }) => code === 'pay/period-unknown');
      return missing.includes('jsonld/no-pay') && !hasOwnRule ? [{ span: null }] : [];
    },
  },
  'google/no-employment-type': {
    level: 'note',
    sentence: 'The advert does not say whether the post is full-time or part-time, permanent or temporary.',
    reason: `employmentType is recommended by ${GOOGLE}.`,
    find: (advert) => (advert.parsed.vacancy.contract === null ? lacks('jsonld/no-employment-type')(advert) : []),
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleCode = keyof typeof RULES;

/** The codes of all rules, sorted. */
export const RULE_CODES = Object.keys(RULES).sort() as RuleCode[];
