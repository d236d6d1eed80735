import { cite, reasonAgainst } from '../../choose.ts';
import type { Evidence, Strength, Zone } from '../../model/candidate.ts';
import { z } from '../../model/schema.ts';
import { isPlaceholder, squash } from '../../normalise/phrases.ts';
import type { Fact } from '../../segment/facts.ts';
import type { Passage } from '../../segment/passages.ts';
import { type Context, type Field, type Finding, factsOf, sentencesWith, wholeValue } from '../field.ts';
import { annualise } from './annual.ts';
import { checkPay } from './checks.ts';
import { readFigures } from './figures.ts';
import { SCHEMES } from './grade.ts';
import { readNames } from './names.ts';
import {
  LEADS_WITH_RATE,
  LEADS_WITH_SUM,
  periodOfLabel,
  type RoledRange,
  readRanges,
  type Statement,
  speaksOfPay,
} from './statement.ts';
import { SUPPLEMENT_TYPES } from './supplements.ts';
import { FLAGS, type Pay, PERIODS, sameBounds } from './types.ts';
import { findProRata, readFlags, readSupplements } from './words.ts';

export interface PayValues {
  pay: Pay | null;
}

const sum = z.nullable(z.number().check(z.minimum(0)));
const boundsShape = { min: sum, max: sum };

/** What the post pays, as stated. Supplements, bonuses, fees and budgets are never its bounds. */
export const pay: Field<PayValues> = {
  name: 'pay',
  schema: {
    pay: z.nullable(
      z.strictObject({
        text: z.nullable(z.string()),
        ...boundsShape,
        currency: z.nullable(z.literal('GBP')),
        period: z.nullable(z.enum(PERIODS)),
        periodStated: z
          .nullable(z.boolean())
          .check(z.describe('False: inferred from the size of the figure, with a warning')),
        proRata: z.boolean().check(z.describe('True: the figures are full-time ones to be reduced')),
        actual: z.nullable(z.strictObject(boundsShape)),
        alternative: z.nullable(z.strictObject({ ...boundsShape, period: z.enum(PERIODS) })),
        scheme: z.nullable(z.enum(SCHEMES)),
        grade: z.nullable(z.string()),
        band: z.nullable(z.string()).check(z.describe('Agenda for Change only: "3", "8a", "5-6"')),
        spinePoints: z.nullable(z.strictObject({ min: z.int(), max: z.int() })),
        supplements: z.array(
          z.strictObject({
            type: z.enum(SUPPLEMENT_TYPES),
            text: z.string(),
            amount: sum,
            percent: sum,
            included: z.nullable(z.boolean()),
          }),
        ),
        flags: z.array(z.enum(FLAGS)),
        annual: z
          .optional(
            z.nullable(
              z.strictObject({ ...boundsShape, hoursPerWeek: sum, weeksPerYear: z.number(), hoursStated: z.boolean() }),
            ),
          )
          .check(z.describe('Only with --annualise')),
      }),
    ),
  },
  read: (context) => ({ pay: readPay(context) }),
};

function collect(context: Context): Statement[] {
  const statements: Statement[] = [];
  const add = (passage: Passage, fact: Fact | null, zone: Zone, strength: Statement['strength']) => {
    const ranges = readRanges(passage, strength !== 'loose').map(
      (range): RoledRange =>
        fact?.key === 'actualSalary'
          ? { ...range, role: 'actual' }
          : fact !== null && /\bfull[\s-]time|\bfte\b/i.test(fact.label.text) && range.role === 'main'
            ? { ...range, role: 'full-time' }
            : range,
    );
    statements.push({
      passage,
      strength,
      zone,
      labelPeriod: fact === null ? null : periodOfLabel(fact.label.text),
      ranges,
    });
  };
  for (const fact of factsOf(context, 'salary', 'actualSalary', 'grade', 'band')) {
    const value = wholeValue(context, fact);
    if (!isPlaceholder(value.text) && value.text.length < 600) add(value, fact, fact.zone, 'labelled');
  }
  const labelled = statements.map(({ passage }) => passage).sort((a, b) => a.start - b.start);
  let next = 0; // sentences come in order, so that the labelled statements behind need no second look
  for (const sentence of sentencesWith(context, /£|GBP|\bk\b/gi)) {
    while ((labelled[next + 1]?.start ?? Number.POSITIVE_INFINITY) <= sentence.start) next++;
    const held = labelled[next];
    if (held !== undefined && held.start <= sentence.start && sentence.start < held.start + held.text.length) continue;
    const { kind } = sentence.section;
    const isHeading = sentence.section.heading?.span.start === sentence.start;
    if (kind === 'pay' && /£|\bGBP\b/.test(sentence.text)) add(sentence, null, sentence.zone, 'in-section');
    else if (
      LEADS_WITH_SUM.test(sentence.text) &&
      sentence.text.length < 110 &&
      kind !== 'benefits' &&
      (!NOT_PAY_LINE.test(sentence.text) || LEADS_WITH_RATE.test(sentence.text)) &&
      !/\b(?:lunch|meals?|parking|travel|childcare)\b/i.test(sentence.text)
    )
      add(sentence, null, sentence.zone, 'in-section');
    else if (/^(?:duties|about-us|dbs|sponsorship|similar-jobs)$/.test(kind) && !isHeading) continue;
    else if (speaksOfPay(sentence.text, kind !== 'benefits')) add(sentence, null, sentence.zone, 'loose');
  }
  return statements;
}

const NOT_PAY_LINE = /\b(?:bonus|voucher|million|fee|relocation|cash plan|discount)\b/i;

const SAYS_PAY =
  /\b(?:competitive|negotiable|depend|experience|MPS|UPS|main (?:pay )?scale|scale|range|band|grade|unpaid|voluntary|discussed|agreed)/i;

/** Where pay may stand, the firmest first. A page's data is surer than a sum that running text mentions. */
const PLACES: readonly (readonly [Zone, Strength])[] = [
  ['advert', 'labelled'],
  ['advert', 'in-section'],
  ['board', 'labelled'],
  ['board', 'in-section'],
  ['data', 'labelled'],
  ['advert', 'loose'],
  ['board', 'loose'],
  ['furniture', 'labelled'],
];

/** Statements with figures, the firmest first: zone, then strength, then place. */
function ranked(statements: readonly Statement[]): Statement[] {
  return PLACES.flatMap(([zone, strength]) =>
    statements.filter((each) => each.zone === zone && each.strength === strength),
  );
}

function readPay(context: Context): Finding<Pay> | null {
  const statements = collect(context);
  const salaryStarts = new Set(factsOf(context, 'salary', 'actualSalary').map((fact) => fact.values[0].start));
  const salaries = statements.filter(
    ({ strength, passage }) => strength === 'labelled' && salaryStarts.has(passage.start),
  );
  // Where the salary's own field gives words and no figure, figures in running text are something else.
  const inFigures = new Set(salaries.flatMap(({ zone, ranges }) => (ranges.length > 0 ? [zone] : [])));
  const inWordsOnly = new Set(
    salaries.flatMap(({ zone, passage }) => (!inFigures.has(zone) && SAYS_PAY.test(passage.text) ? [zone] : [])),
  );
  const withFigures = ranked(statements).filter(
    ({ ranges, strength, zone }) => ranges.length > 0 && (strength !== 'loose' || !inWordsOnly.has(zone)),
  );
  const lead = withSiblings(context, withFigures);
  const figures = lead === undefined ? null : readFigures(context, lead, withFigures);
  if (lead !== undefined) rejectOthers(context, lead, withFigures);
  const names = readNames(context, lead);
  const flags = readFlags(context, statements, lead, figures);
  const supplements = readSupplements(context, lead, withFigures);
  if (figures === null && names.evidence.length === 0 && flags.length === 0 && supplements.length === 0) return null;
  const proRata = figures === null ? null : findProRata(context, lead, withFigures);
  const main = figures?.main ?? null;
  const period = figures === null ? null : figures.period;
  if (figures !== null && main !== null && period?.isStated === false) {
    const span = { start: figures.passage.start, end: figures.passage.start + figures.passage.text.length };
    if (period.value === null)
      context.warn({ code: 'pay/period-unknown', args: { quote: figures.passage.text }, field: '/pay', span });
    else context.warn({ code: 'pay/period-inferred', args: { period: period.value }, field: '/pay', span });
  }
  const value: Pay = {
    text: squash(lead?.passage.text ?? names.text ?? (flags[0] ?? supplements[0])?.passage.text ?? ''),
    min: main?.min ?? null,
    max: main?.max ?? null,
    currency: figures === null ? null : 'GBP',
    period: period?.value ?? null,
    periodStated: period === null || period.value === null ? null : period.isStated,
    proRata: proRata !== null,
    actual: figures?.actual ?? null,
    alternative: figures?.alternative ?? null,
    scheme: names.scheme,
    grade: names.grade,
    band: names.band,
    spinePoints: names.spinePoints,
    supplements: supplements.map(({ supplement }) => supplement),
    flags: [...new Set(flags.map(({ flag }) => flag))],
  };
  if (context.annualise) value.annual = annualise(context, value);
  if (lead !== undefined) {
    const { start, text } = lead.passage;
    checkPay(context, value, { start, end: start + text.length });
  }
  const evidence: Evidence[] = [
    ...(lead === undefined ? [] : [cite('pay/statement', lead.passage)]),
    ...(figures?.evidence ?? []),
    ...names.evidence,
    ...(proRata === null ? [] : [cite('pay/pro-rata', proRata)]),
  ];
  if (evidence.length === 0)
    evidence.push(...[...flags, ...supplements].slice(0, 1).map(({ passage }) => cite('pay/words', passage)));
  const distinct = flags.filter(({ flag }, index) => flags.findIndex((other) => other.flag === flag) === index);
  return {
    value,
    evidence: uniqueEvidence(evidence),
    parts: {
      ...Object.fromEntries(
        supplements.map(({ passage }, index) => [`/supplements/${index}`, [cite('pay/supplement', passage)]]),
      ),
      ...Object.fromEntries(distinct.map(({ passage }, index) => [`/flags/${index}`, [cite('pay/words', passage)]])),
    },
  };
}

/** Notes the sums that are not the post's pay: those of other statements, and those of sentences about something else. */
function rejectOthers(context: Context, lead: Statement, withFigures: readonly Statement[]): void {
  const end = lead.passage.start + lead.passage.text.length;
  const [first] = lead.ranges;
  const seen: Passage[] = [lead.passage];
  for (const other of withFigures) {
    if (other.passage.start >= lead.passage.start && other.passage.start < end) continue;
    seen.push(other.passage);
    const isSame = first !== undefined && other.ranges.some((range) => sameBounds(range, first));
    const reason = reasonAgainst(other, lead, isSame);
    context.reject({ field: 'pay', evidence: cite('pay/statement', other.passage), reason });
  }
  for (const sentence of sentencesWith(context, A_SUM)) {
    const isSeen = seen.some(
      ({ start, text }) => sentence.start < start + text.length && start < sentence.start + sentence.text.length,
    );
    if (!isSeen) context.reject({ field: 'pay', evidence: cite('pay/another-sum', sentence), reason: 'decoy' });
  }
}

/** A sum of money, whatever it is for. */
const A_SUM = /£\s?\d/g;

/** A line that says whose the figures behind it are: "Kendal office: £25,800 to £27,900", "Experienced: Grade 10, £43,693". */
const OWN_LINE = /^[^.£]{2,45}:\s[^.£]{0,30}£/;

/** The firmest statement, together with the lines right below it that give the pay of other grades or places. */
function withSiblings(context: Context, statements: readonly Statement[]): Statement | undefined {
  const [lead] = statements;
  if (lead === undefined || lead.strength === 'labelled' || !OWN_LINE.test(lead.passage.text)) return lead;
  const { start } = lead.passage;
  let end = start + lead.passage.text.length;
  for (const { passage } of statements) {
    if (passage.start < end || !OWN_LINE.test(passage.text)) continue;
    if (context.document.text.slice(end, passage.start).trim() !== '') break;
    end = passage.start + passage.text.length;
  }
  const passage = { text: context.document.text.slice(start, end), start };
  return { ...lead, passage, ranges: readRanges(passage, true) };
}

function uniqueEvidence(evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter(
    ({ span }, index) =>
      evidence.findIndex((other) => other.span.start === span.start && other.span.end === span.end) === index,
  );
}
