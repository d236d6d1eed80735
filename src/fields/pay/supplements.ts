import { squash } from '../../normalise/phrases.ts';
import { cut, type Passage } from '../../segment/passages.ts';

export const SUPPLEMENT_TYPES = [
  'high-cost-area',
  'london-weighting',
  'holiday',
  'recruitment-premium',
  'joining-bonus',
  'on-call',
  'unsocial-hours',
  'sleep-in',
  'other',
] as const;

export type SupplementType = (typeof SUPPLEMENT_TYPES)[number];

export interface Supplement {
  type: SupplementType;
  text: string;
  amount: number | null;
  percent: number | null;
  included: boolean | null;
}

/** What each supplement is called, the particular before the general. */
const NAMES: readonly (readonly [SupplementType, string])[] = [
  [
    'high-cost-area',
    String.raw`HCAS?\b|HCAs\b|high[\s-]cost[\s-](?:area|living)(?:\s(?:supplement|allowance|payment))?|(?:inner|outer|fringe)\s(?:london\s)?(?:HCAS?|zone supplement)`,
  ],
  [
    'london-weighting',
    String.raw`(?:inner |outer )?london weighting(?: allowance)?|\b[IO]?LW\b|\bLWA\b|london allowance|london zone|\bLZ\b|(?:london )?fringe allowance|location allowance`,
  ],
  ['sleep-in', String.raw`sleep[\s-]?ins?\b|sleep[\s-]?overs?|sleeping[\s-]in|sleep duty`],
  [
    'holiday',
    String.raw`(?:rolled[\s-]?up\s)?holiday(?:\s(?:pay|allowance|entitlement))|\bWTD\b|annual leave (?:allowance|pay)|\d\s?%\s?AL\b|\bholiday\b(?=\s?(?:at\s)?\d|\)|$)`,
  ],
  [
    'recruitment-premium',
    String.raw`\bR\s?&(?:amp;)?\s?R\b(?:\sprem\w+)?|\bRRP\b|recruitment (?:and|&) retention (?:premi\w+|payment|allowance|supplement)|retention (?:premi\w+|payment|allowance|bonus)|market (?:supplement|premium|forces)`,
  ],
  [
    'joining-bonus',
    String.raw`(?:welcome|joining|sign(?:ing)?[\s-]on|golden hello|new hire|starter|recruitment)\s?(?:bonus|payment)?(?<=bonus|payment|hello)|golden hello`,
  ],
  [
    'on-call',
    String.raw`on[\s-]calls?(?:\s(?:allowance|payment|supplement|availability\w*|enhancement|retainer|duties))?|retainer|call[\s-]out fee|standby (?:allowance|payment)`,
  ],
  [
    'unsocial-hours',
    String.raw`unsocial(?:\shours)?(?:\s(?:payments?|enhancements?|allowance))?|enhancements?|enhanced rates?|shift (?:allowance|premium|enhancement|pay)|night (?:allowance|rate|premium)|weekend (?:allowance|rate|premium|enhancement)|nights? (?:&|and) weekends?|bank holiday (?:rate|enhancement|premium)`,
  ],
  [
    'other',
    String.raw`(?:[a-z]+\s){0,3}(?:allowances?|supplement|bonus|commission|market rate payment|TLR\s?\d?[a-c]?|SEN\s?\d? allowance|stipend|honorarium|excellence award)`,
  ],
];

const JOIN = String.raw`(?<join>plus(?:\san?)?|\+|&|and|with(?:\san?)?|inclusive(?:\sof)?|including|incl?\.?(?:\sof)?|inc\.?(?:\sof)?|excl(?:uding|usive)?\.?(?:\sof)?|in addition to|on top of|pre)`;
const SHAPES = NAMES.map(
  ([type, name]) =>
    [
      type,
      new RegExp(
        String.raw`(?:(?<![a-z])${JOIN}\s{0,2}(?<body>(?:(?:up to\s)?£?\d[\d,.]{0,8}(?!\d)\s?(?:%|k\b|p\b)?\s?(?:per \w{4,6}\s)?(?:-\s?)?|per\s|for\s|each\s|an?\s|the\s|of\s|any\s|applicable\s|\d{1,2}%\s|x\s){0,5}))(?<name>${name})`,
        'gi',
      ),
    ] as const,
);
const ALONE = NAMES.filter(
  ([type]) => type === 'sleep-in' || type === 'high-cost-area' || type === 'london-weighting',
).map(([type, name]) => [type, new RegExp(String.raw`(?<![a-z])(?<name>${name})`, 'gi')] as const);

/** A word of each supplement's name: without one there is no need to look for the name. */
const WORDS: Readonly<Record<SupplementType, RegExp>> = {
  'high-cost-area': /HCA|high|inner|outer|fringe/i,
  'london-weighting': /london|LW|LZ|fringe|location/i,
  'sleep-in': /sleep/i,
  holiday: /holiday|WTD|leave|AL\b/i,
  'recruitment-premium': /R\s?&|RRP|recruit|retention|market/i,
  'joining-bonus': /welcome|joining|sign|golden|hire|starter|recruit/i,
  'on-call': /on[\s-]call|retainer|call[\s-]out|standby/i,
  'unsocial-hours': /unsocial|enhance|shift|night|weekend|holiday/i,
  other: /allowance|supplement|bonus|commission|market|TLR|SEN|stipend|honorarium|award/i,
};

/** A time for which there may be another rate. */
const OTHER_TIME = /night|weekend|saturday|sunday|holiday|evening/i;

/** "£15.00 at weekends", "£14.10 nights": a rate for other times, behind the usual one. */
const OTHER_TIMES =
  /(?<=£\s?\d[^£]{1,40})£\s?\d[\d.,]{0,8}(?:\s?(?:(?:per|an?)\s(?:hour|hr)|\/h(?:ou)?r|p\.?\/?h\.?))?\s(?:(?:on|at|for|during|over)\s)?(?:the\s)?(?:nights?|weekends?|saturdays?|sundays?|bank holidays?|evenings?)(?:(?:,\s|\s(?:and|&)\s)(?:nights?|weekends?|saturdays?|sundays?|bank holidays?|evenings?)){0,3}/gi;

interface Found {
  readonly supplement: Supplement;
  readonly passage: Passage;
}

/** The supplements that a pay statement names beside its figures, in order. */
export function findSupplements(passage: Passage): Found[] {
  const found: Found[] = [];
  const taken: { start: number; end: number }[] = [];
  for (const [type, shape] of SHAPES) {
    if (!WORDS[type].test(passage.text)) continue;
    for (const match of passage.text.matchAll(shape)) {
      const end = endOfPhrase(passage.text, match.index + match[0].length);
      if (taken.some((other) => match.index < other.end && other.start < end)) continue;
      if (type === 'other' && /\b(?:pension|leave|benefits?)\b/i.test(match[0])) continue;
      taken.push({ start: match.index, end });
      // "not including HCAS" excludes it.
      const isNot = /\bnot\s$/i.test(passage.text.slice(Math.max(0, match.index - 5), match.index));
      found.push(build(type, cut(passage, match.index, end), isNot ? 'excluding' : (match.groups?.join ?? '')));
    }
  }
  for (const [type, shape] of ALONE) {
    if (!WORDS[type].test(passage.text)) continue;
    for (const match of passage.text.matchAll(shape)) {
      if (taken.some((other) => match.index < other.end && other.start < match.index + match[0].length)) continue;
      const money = sleepInPhrase(passage.text, match.index, match[0].length);
      if (type === 'sleep-in' && money === null) continue;
      const start = money?.start ?? match.index;
      const end = money?.end ?? match.index + match[0].length;
      taken.push({ start, end });
      found.push(build(type, cut(passage, start, end), ''));
    }
  }
  const rates = OTHER_TIME.test(passage.text) && /£[^£]*£/.test(passage.text) ? passage.text.matchAll(OTHER_TIMES) : [];
  for (const match of rates) {
    const end = match.index + match[0].length;
    if (taken.some((other) => match.index < other.end && other.start < end)) continue;
    found.push(build('unsocial-hours', cut(passage, match.index, end), 'plus'));
  }
  return found.sort((a, b) => a.passage.start - b.passage.start);
}

/** "£58.00 per sleep-in", "sleep-ins £60 per night": the words with the sum. */
function sleepInPhrase(text: string, index: number, length: number): { start: number; end: number } | null {
  const before = /£\s?\d[\d.,]{0,8}\s(?:(?:per|for|a|an|each)\s){1,2}$/i.exec(
    text.slice(Math.max(0, index - 30), index),
  );
  if (before !== null) return { start: index - before[0].length, end: index + length };
  const after =
    /^(?:\s(?:rate|allowance|payment|duty|shift)s?)?[\s:(–-]{1,3}(?:(?:are|is|paid|at|of)\s){0,3}£\s?\d[\d.,]{0,8}(?:\s(?:per|a)\s\w{4,8}(?:-in)?)?/i.exec(
      text.slice(index + length),
    );
  return after === null ? null : { start: index, end: index + length + after[0].length };
}

/** A phrase goes on over "at 12.07%", "of £4,000", "(10pm to 7am)" but not over a comma, a stop or the next "plus". */
function endOfPhrase(text: string, from: number): number {
  const rest =
    /^(?:\s(?:at|of|@|is|\(currently)?\s?(?:up to\s)?(?:£\s?\d[\d,.]{0,8}(?:\s?(?:per|a|p\.?)\s?\w{1,7})?|\d{1,2}(?:\.\d{1,2})?\s?%)(?:\s(?:per|a) \w{4,8})?|\s(?:per|a)\s(?:year|annum|hour|night|shift)|\s\(\d{1,2}(?:\.\d+)?\s?%[^)]{0,30}\))/i.exec(
      text.slice(from),
    );
  return from + (rest?.[0].replace(/(?<![.,\s])[.,\s]+$/, '').length ?? 0);
}

function build(type: SupplementType, passage: Passage, join: string): Found {
  const amount = /£\s?(\d[\d,]{0,7}(?:\.\d{1,2})?)(k)?|(?<!\d)(\d{1,2})p\b/i.exec(passage.text);
  const percents = [...passage.text.matchAll(/(\d{1,2}(?:\.\d{1,2})?)\s?%/g)];
  const included = /^(?:incl?|inclusive|including)/i.test(join)
    ? true
    : join === ''
      ? null
      : !/^inc/i.test(join)
        ? false
        : null;
  return {
    supplement: {
      type,
      text: squash(passage.text),
      amount:
        amount === null
          ? null
          : amount[3] !== undefined
            ? Number(amount[3]) / 100
            : Number((amount[1] ?? '').replace(/,/g, '')) * (amount[2] === undefined ? 1 : 1000),
      percent: percents.length === 1 ? Number(percents[0]?.[1]) : null,
      included,
    },
    passage,
  };
}
