import { z } from 'zod';
import { cite } from '../../choose.ts';
import type { Evidence, Zone } from '../../model/candidate.ts';
import { type Period, periodIn } from '../../normalise/money.ts';
import { isPlaceholder, squash } from '../../normalise/phrases.ts';
import { type Fact, factText } from '../../segment/facts.ts';
import type { Passage } from '../../segment/passages.ts';
import { isNhsEmployer } from '../employer.ts';
import { type Context, type Field, type Finding, factsOf, runningSentences, wholeValue } from '../field.ts';
import { hours } from '../hours.ts';
import { checkBand } from './band-check.ts';
import { bareGrade, findGrade, namedScheme, readBand, readSpinePoints, SCHEMES, type Scheme } from './grade.ts';
import { periodOfLabel, type RoledRange, readRanges, type Statement, speaksOfPay } from './statement.ts';
import { findSupplements, SUPPLEMENT_TYPES } from './supplements.ts';
import { type Bounds, FLAGS, type Flag, type Pay, PERIODS } from './types.ts';

export interface PayValues {
  pay: Pay | null;
}

const sum = z.number().min(0).nullable();
const boundsShape = { min: sum, max: sum };

/** What the post pays, as stated. Supplements, bonuses, fees and budgets are never its bounds. */
export const pay: Field<PayValues> = {
  name: 'pay',
  schema: {
    pay: z
      .strictObject({
        text: z.string().nullable(),
        ...boundsShape,
        currency: z.literal('GBP').nullable(),
        period: z.enum(PERIODS).nullable(),
        periodStated: z.boolean().nullable().describe('False: inferred from the size of the figure, with a warning'),
        proRata: z.boolean().describe('True: the figures are full-time ones to be reduced'),
        actual: z.strictObject(boundsShape).nullable(),
        alternative: z.strictObject({ ...boundsShape, period: z.enum(PERIODS) }).nullable(),
        scheme: z.enum(SCHEMES).nullable(),
        grade: z.string().nullable(),
        band: z.string().nullable().describe('Agenda for Change only: "3", "8a", "5-6"'),
        spinePoints: z.strictObject({ min: z.int(), max: z.int() }).nullable(),
        supplements: z.array(
          z.strictObject({
            type: z.enum(SUPPLEMENT_TYPES),
            text: z.string(),
            amount: sum,
            percent: sum,
            included: z.boolean().nullable(),
          }),
        ),
        flags: z.array(z.enum(FLAGS)),
        annual: z
          .strictObject({ ...boundsShape, hoursPerWeek: sum, weeksPerYear: z.number(), hoursStated: z.boolean() })
          .nullable()
          .optional()
          .describe('Only with --annualise'),
      })
      .nullable(),
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
  for (const sentence of runningSentences(context)) {
    if (
      statements.some(
        ({ passage }) => passage.start <= sentence.start && sentence.start < passage.start + passage.text.length,
      )
    )
      continue;
    const { kind } = sentence.section;
    const isHeading = sentence.section.heading?.span.start === sentence.start;
    if (kind === 'pay' && /£|\bGBP\b/.test(sentence.text)) add(sentence, null, sentence.zone, 'in-section');
    else if (
      /^(?:GBP|£)\s?\d/.test(sentence.text) &&
      sentence.text.length < 110 &&
      !/\b(?:bonus|voucher|million|fee)\b/i.test(sentence.text)
    )
      add(sentence, null, sentence.zone, 'in-section');
    else if (/^(?:duties|about-us|dbs|sponsorship|similar-jobs)$/.test(kind) && !isHeading) continue;
    else if (speaksOfPay(sentence.text)) add(sentence, null, sentence.zone, 'loose');
  }
  return statements;
}

const SAYS_PAY =
  /\b(?:competitive|negotiable|depend|experience|MPS|UPS|main (?:pay )?scale|scale|range|band|grade|unpaid|voluntary|discussed|agreed)/i;

const ZONES: readonly Zone[] = ['advert', 'board', 'furniture'];
const STRENGTHS = ['labelled', 'in-section', 'loose'] as const;

/** Statements with figures, the firmest first: zone, then strength, then place. */
function ranked(statements: readonly Statement[]): Statement[] {
  return ZONES.flatMap((zone) =>
    STRENGTHS.flatMap((strength) => statements.filter((each) => each.zone === zone && each.strength === strength)),
  );
}

const sameBounds = (a: Bounds, b: Bounds) => a.min === b.min && a.max === b.max;

function readPay(context: Context): Finding<Pay> | null {
  const statements = collect(context);
  const salaries = statements.filter(
    ({ strength, passage }) =>
      strength === 'labelled' &&
      factsOf(context, 'salary', 'actualSalary').some((fact) => fact.values[0].start === passage.start),
  );
  // Where the salary's own field gives words and no figure, figures in running text are something else.
  const isWordsOnly = (zone: Zone) =>
    salaries.some((each) => each.zone === zone && each.ranges.length === 0 && SAYS_PAY.test(each.passage.text)) &&
    !salaries.some((each) => each.zone === zone && each.ranges.length > 0);
  const withFigures = ranked(statements).filter(
    ({ ranges, strength, zone }) => ranges.length > 0 && (strength !== 'loose' || !isWordsOnly(zone)),
  );
  const [lead] = withFigures;
  const figures = lead === undefined ? null : readFigures(context, lead, withFigures);
  const names = readNames(context, lead);
  const flags = readFlags(context, statements, lead, figures);
  if (figures === null && names.evidence.length === 0 && flags.length === 0) return null;
  const supplements = readSupplements(context, lead, withFigures);
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
    text: squash(lead?.passage.text ?? names.text ?? flags[0]?.passage.text ?? ''),
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
  if (lead !== undefined) checkBand(context, value, lead.passage);
  const evidence: Evidence[] = [
    ...(lead === undefined ? [] : [cite('pay/statement', lead.passage)]),
    ...(figures?.evidence ?? []),
    ...names.evidence,
    ...(proRata === null ? [] : [cite('pay/pro-rata', proRata)]),
  ];
  if (evidence.length === 0) evidence.push(...flags.slice(0, 1).map(({ passage }) => cite('pay/words', passage)));
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

function uniqueEvidence(evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter(
    ({ span }, index) =>
      evidence.findIndex((other) => other.span.start === span.start && other.span.end === span.end) === index,
  );
}

interface Figures {
  readonly main: Bounds | null;
  readonly actual: Bounds | null;
  readonly alternative: (Bounds & { period: Period }) | null;
  readonly period: { readonly value: Period | null; readonly isStated: boolean };
  readonly isMultiple: boolean;
  readonly passage: Passage;
  readonly evidence: readonly Evidence[];
}

function readFigures(context: Context, lead: Statement, all: readonly Statement[]): Figures {
  const others = all.filter((each) => each !== lead && each.zone === lead.zone);
  const fullTime = lead.ranges.filter(({ role }) => role === 'full-time');
  const actuals = lead.ranges.filter(({ role }) => role === 'actual');
  let plain = lead.ranges.filter(({ role }) => role === 'main');
  let [actual] = actuals;
  // "£11,283.73 per annum (FTE £21,157 per annum)": beside a full-time figure the other one is what is paid.
  if (
    fullTime.length > 0 &&
    plain.length > 0 &&
    actual === undefined &&
    plain.every((range) => (range.max ?? range.min ?? 0) < (fullTime[0]?.min ?? 0))
  ) {
    [actual] = plain;
    plain = [];
  }
  const evidence: Evidence[] = [];
  let mains = fullTime.length > 0 ? fullTime : plain;
  if (actual === undefined && lead.strength === 'labelled') {
    const beside = others.find(
      ({ strength, ranges }) => strength === 'labelled' && ranges.some(({ role }) => role === 'actual'),
    );
    actual = beside?.ranges.find(({ role }) => role === 'actual');
    if (beside !== undefined) evidence.push(cite('pay/actual', beside.passage));
  }
  if (mains.length === 0) {
    const beside = others.find(
      ({ strength, ranges }) => strength === lead.strength && ranges.some(({ role }) => role !== 'actual'),
    );
    mains = beside?.ranges.filter(({ role }) => role !== 'actual') ?? [];
    if (beside !== undefined) evidence.push(cite('pay/full-time', beside.passage));
  }
  const [first] = mains;
  const repeat =
    first === undefined ? [] : others.filter(({ ranges }) => ranges.some((range) => sameBounds(range, first)));
  const period = readPeriod(context, lead, first ?? actual ?? null, repeat, first !== undefined);
  for (const statement of period.from === undefined ? [] : [period.from]) evidence.push(cite('pay/period', statement));
  const ofPeriod = mains.filter(
    (range) => range.period === null || first?.period === null || range.period === first?.period,
  );
  const different = mains.find(
    (range) => range.period !== null && period.value !== null && range.period !== period.value,
  );
  const sameSize = ofPeriod.filter((range) => isComparable(range, first));
  const combined = first === undefined ? null : combine(lead.passage.text, sameSize);
  const main = combined?.bounds ?? null;
  const isMultiple = combined?.isMultiple ?? false;
  const conflict = others.find(
    (other) =>
      other.strength === lead.strength &&
      lead.strength === 'labelled' &&
      main !== null &&
      other.ranges.some((range) => range.role === 'main' && isComparable(range, first) && !sameBounds(range, main)) &&
      !other.ranges.some((range) => sameBounds(range, main)),
  );
  if (conflict !== undefined) {
    context.warn({
      code: 'pay/conflict',
      args: { quote: conflict.passage.text },
      field: '/pay',
      span: { start: conflict.passage.start, end: conflict.passage.start + conflict.passage.text.length },
    });
  }
  return {
    main,
    actual: actual === undefined ? null : { min: actual.min, max: actual.max },
    alternative:
      different === undefined || different.period === null
        ? null
        : { min: different.min, max: different.max, period: different.period },
    period: { value: period.value, isStated: period.isStated },
    isMultiple,
    passage: lead.passage,
    evidence,
  };
}

/** Figures of one order: a year's pay and a year's pay, not a year's and an hour's. */
function isComparable(range: Bounds, other: Bounds | undefined): boolean {
  const [a, b] = [range.max ?? range.min ?? 0, other?.max ?? other?.min ?? 0];
  return a > 0 && b > 0 && Math.max(a, b) / Math.min(a, b) < 4;
}

/** Several ranges for one post: lowest to highest; one that only repeats or overlaps the first adds nothing. */
function combine(text: string, ranges: readonly RoledRange[]): { bounds: Bounds; isMultiple: boolean } {
  const [first, ...rest] = ranges;
  if (first === undefined) return { bounds: { min: null, max: null }, isMultiple: false };
  let { min, max } = first;
  let end = first.end;
  let isMultiple = false;
  for (const range of rest) {
    const between = text.slice(end, range.start);
    end = range.end;
    const overlap =
      Math.min(max ?? Number.POSITIVE_INFINITY, range.max ?? Number.POSITIVE_INFINITY) -
      Math.max(min ?? 0, range.min ?? 0);
    const repeats =
      overlap > 0 &&
      overlap > ((range.max ?? 0) - (range.min ?? 0)) * 0.5 &&
      !/[A-Za-z]{3}/.test(between.replace(/per annum|pa\b|inc\w*/gi, ''));
    if (repeats) continue;
    isMultiple ||= !sameBounds(range, first);
    min = min === null || range.min === null ? (min ?? range.min) : Math.min(min, range.min);
    max = max === null || range.max === null ? (max ?? range.max) : Math.max(max, range.max);
  }
  return { bounds: { min, max }, isMultiple };
}

function readPeriod(
  context: Context,
  lead: Statement,
  range: RoledRange | null,
  repeats: readonly Statement[],
  isMain: boolean,
): { value: Period | null; isStated: boolean; from?: Passage } {
  if (range === null) return { value: null, isStated: false };
  if (range.period !== null) return { value: range.period, isStated: true };
  const labelled = lead.labelPeriod ?? periodBeyond(lead.passage.text.slice(range.end));
  if (labelled !== null && fits(range, labelled)) return { value: labelled, isStated: true };
  const own = repeats.find((other) =>
    other.ranges.some(
      (each) =>
        sameBounds(each, range) && (each.period !== null || periodBeyond(other.passage.text.slice(each.end)) !== null),
    ),
  );
  if (own !== undefined) {
    const value =
      own.ranges.find((each) => sameBounds(each, range))?.period ??
      periodBeyond(own.passage.text.slice(own.ranges[0]?.end ?? 0));
    if (value !== null) return { value, isStated: true, from: own.passage };
  }
  const [fact] = factsOf(context, 'salaryPeriod');
  const stated =
    fact === undefined
      ? null
      : (periodIn(factText(fact)) ??
        (/^(?:year|annual)/i.test(factText(fact)) ? 'year' : /^hour/i.test(factText(fact)) ? 'hour' : null));
  if (stated !== null && fact !== undefined && fits(range, stated))
    return { value: stated, isStated: true, from: fact.values[0] };
  if (!isMain) return { value: null, isStated: false };
  const size = range.max ?? range.min ?? 0;
  return { value: size < 75 ? 'hour' : size >= 9000 ? 'year' : null, isStated: false };
}

/** A period a few words on: "£38,890 - £44,503 (Band 7 equivalent) pro rata, per annum". */
function periodBeyond(text: string): Period | null {
  const upTo = text.slice(0, 70).split(/£|[.;]\s/)[0] ?? '';
  return /\bsleep|\bmileage|\bnight\b/i.test(upTo)
    ? null
    : periodIn(
        upTo.replace(/\b\d[\d.]*\s?(?:hours?|hrs?)(?:\s(?:per|a) week)?\b|\bhours? per week\b|\bper week\b/gi, ''),
      );
}

const fits = (range: Bounds, period: Period) => {
  const size = range.max ?? range.min ?? 0;
  return period === 'hour' ? size < 500 : period === 'year' ? size >= 500 : true;
};

const PRO_RATA =
  /\bpro[\s-]{0,2}r(?:ata|ota|atta)\b|\bpro tata\b|\bper rota\b|\bp(?:er|\.)?\s?a(?:nnum)?\.?\s?\/?\s?pr\b|\bpro-?rat(?:a|ed)'?d?\b/i;
const OF_PAY =
  /\b(?:salar(?:y|ies)|pay\b|paid|wage|full[\s-]time equivalent|FTE|per annum|grade|scale|rate of pay)\b|£/i;
const OF_LEAVE = /\b(?:leave|holidays?|pension|benefits?|entitlement|days)\b/i;

/** The words that say that the figures are to be reduced; said of leave or pensions they say nothing of pay. */
function findProRata(context: Context, lead: Statement | undefined, withFigures: readonly Statement[]): Passage | null {
  const bounds = lead?.ranges[0];
  const repeats = withFigures.filter(
    ({ zone, ranges }) =>
      zone === lead?.zone && ranges.some((range) => bounds !== undefined && sameBounds(range, bounds)),
  );
  for (const { passage } of repeats) {
    const match = PRO_RATA.exec(passage.text);
    if (match === null) continue;
    const clause = passage.text.slice(Math.max(0, match.index - 60), match.index);
    if (!(OF_LEAVE.test(clause) && !/£/.test(clause))) return passage;
  }
  for (const sentence of runningSentences(context)) {
    if (
      sentence.zone !== 'advert' ||
      !PRO_RATA.test(sentence.text) ||
      OF_LEAVE.test(sentence.text) ||
      !OF_PAY.test(sentence.text)
    )
      continue;
    if (sentence.section.kind === 'benefits') continue;
    return sentence;
  }
  return null;
}

interface Names {
  readonly scheme: Scheme | null;
  readonly grade: string | null;
  readonly band: string | null;
  readonly spinePoints: { min: number; max: number } | null;
  readonly text: string | null;
  readonly evidence: readonly Evidence[];
}

/** Grade, band, spine points and scheme: from their fields, the pay statement, or the heading beside the title. */
function readNames(context: Context, lead: Statement | undefined): Names {
  const evidence: Evidence[] = [];
  const bandFact = first(factsOf(context, 'band'));
  const gradeFact = first(factsOf(context, 'grade'));
  const gradeWords = gradeFact === undefined ? null : bareGrade(gradeFact.values[0]);
  const bandWords = bandFact === undefined ? null : bandFact.values[0];
  const inLead = lead === undefined ? payWords(context) : [lead.passage];
  const mentioned = inLead.map(findGrade).find((grade) => grade !== null) ?? null;
  const heading = headingBand(context);
  const isLabelBand = bandWords !== null && !/\bband\b/i.test(bandWords.text);
  const passage = bandWords ?? gradeWords ?? mentioned?.passage ?? heading;
  const words = passage === null ? null : squash(passage.text);
  const gradeLine =
    words === null
      ? null
      : isLabelBand && /^\d[a-d]?$/i.test(words)
        ? `Band ${words}`
        : words.replace(/^(?:(?:NHS\s)?AfC:?\s|(?:NHS\s)?Agenda for Change:?\s(?=band)|NHS\s)/i, '');
  if (passage !== null) evidence.push(cite('pay/grade', passage));
  const place = [
    ...factsOf(context, 'payScheme').map((fact) => fact.values[0]),
    ...[gradeFact, bandFact].flatMap((fact) => (fact === undefined ? [] : [fact.values[0]])),
    ...inLead,
  ];
  const named =
    place.map((each) => ({ each, scheme: namedScheme(each.text) })).find(({ scheme }) => scheme !== null) ??
    namedElsewhere(context);
  const isEquivalent =
    /\bequivalent\b/i.test(words ?? '') ||
    (lead !== undefined &&
      /\bequivalent\b/i.test(lead.passage.text) &&
      !/\bfull[\s-]time equivalent\b/i.test(lead.passage.text));
  const bandText = words === null ? null : readBand(isLabelBand || /^\d[a-d]?$/.test(words) ? words : words);
  const isHealthBand = bandText !== null && !isEquivalent && (/\bband\b/i.test(words ?? '') || bandWords !== null);
  let scheme =
    named?.scheme ?? mentioned?.scheme ?? (gradeWords === null ? null : (findGrade(gradeWords)?.scheme ?? null));
  if (scheme === null && isHealthBand && isNhsEmployer(context)) scheme = 'agenda-for-change';
  if (scheme === 'agenda-for-change' && isEquivalent) scheme = null;
  if (scheme === null && isCivilServicePage(context) && gradeFact !== undefined) scheme = 'civil-service';
  const points = readPoints(context, lead);
  if (scheme === null && points !== null && /\b(?:SCPs?|s\.c\.p|NJC|spinal column)\b/i.test(points.passage.text))
    scheme = 'njc';
  if (points !== null) evidence.push(cite('pay/spine-points', points.passage));
  if (named !== undefined && named !== null) evidence.push(cite('pay/scheme', named.each));
  return {
    scheme,
    grade: gradeLine,
    band: scheme === 'agenda-for-change' ? bandText : null,
    spinePoints: points === null ? null : { min: points.min, max: points.max },
    text: passage === null ? null : squash((bandFact ?? gradeFact)?.values[0].text ?? passage.text),
    evidence,
  };
}

const first = (facts: readonly Fact[]): Fact | undefined =>
  facts.find((fact) => !isPlaceholder(factText(fact)) && factText(fact).length < 160);

/** A labelled pay field without figures: "MPS 1–6", "Band 7". */
function payWords(context: Context): Passage[] {
  return factsOf(context, 'salary')
    .flatMap((fact) => fact.values)
    .filter(({ text }) => !isPlaceholder(text) && text.length < 200);
}

/** "Band 5" at the end of the title's heading, or on the line below it. */
function headingBand(context: Context): Passage | null {
  for (const section of context.sections.slice(0, 14)) {
    if (section.zone === 'tail' || section.zone === 'furniture') continue;
    const blocks = [...(section.heading === null ? [] : [section.heading]), ...section.blocks.slice(0, 3)];
    for (const block of blocks) {
      if (block.kind === 'table' || block.text.length > 90 || /[.!?]$/.test(block.text)) continue;
      const match = /\b(?:(?:AfC|NHS)\s)?Band\s?\d[a-d]?(?:\s?[-/]\s?\d[a-d]?)?\b/i.exec(block.text);
      if (match !== null) return { text: match[0], start: block.span.start + match.index };
    }
  }
  return null;
}

function namedElsewhere(context: Context): { each: Passage; scheme: Scheme } | undefined {
  for (const sentence of runningSentences(context)) {
    if (
      !/\b(?:agenda for change|single pay spine|NJC|national joint council|pay spine)\b/i.test(sentence.text) ||
      sentence.section.kind === 'similar-jobs'
    )
      continue;
    if (!/\b(?:pay|paid|salary|scale|terms|conditions|band|grade|points?|spine|appoint)/i.test(sentence.text)) continue;
    const scheme = namedScheme(sentence.text);
    if (scheme !== null && !/\b(?:not (?:on|paid|agenda)|equivalent|experience of|knowledge of)\b/i.test(sentence.text))
      return { each: sentence, scheme };
  }
  return undefined;
}

/** The page of Civil Service Jobs has a field "Job grade" that no other has beside "Type of role" or "Business area". */
function isCivilServicePage(context: Context): boolean {
  return (
    context.facts.some((fact) => fact.key === 'grade' && /^job grade$/i.test(fact.label.text.trim())) &&
    /\bcivil serv(?:ice|ants?)\b/i.test(context.document.text)
  );
}

function readPoints(
  context: Context,
  lead: Statement | undefined,
): { min: number; max: number; passage: Passage } | null {
  for (const fact of factsOf(context, 'spinePoints')) {
    const value = fact.values[0];
    const points =
      readSpinePoints(/\d/.test(value.text) && !/[a-z]{3}/i.test(value.text) ? `SCP ${value.text}` : value.text) ??
      readSpinePoints(`SCP ${value.text}`);
    if (points !== null)
      return {
        min: points.min,
        max: points.max,
        passage: {
          text: context.document.text.slice(fact.label.start, value.start + value.text.length),
          start: fact.label.start,
        },
      };
  }
  const places = [
    ...factsOf(context, 'grade', 'salary', 'actualSalary', 'band').flatMap((fact) => fact.values),
    ...(lead === undefined ? [] : [lead.passage]),
  ];
  for (const passage of places) {
    const points = readSpinePoints(passage.text);
    if (points !== null) return { min: points.min, max: points.max, passage };
  }
  return null;
}

const FLAG_WORDS: readonly (readonly [Flag, RegExp])[] = [
  ['competitive', /\bcompet[ie]tive\b|\bcompetative\b|\bcompetetive\b/i],
  ['negotiable', /\bnegotiable\b/i],
  [
    'depending-on-experience',
    /\bDOE\b|\bdepend(?:s|ing|ent|ant)\s?(?:up)?on (?:your |previous |relevant |skills and |qualifications and |level of )*(?:experience|skills|qualifications)|\baccording to experience|\bcommensurate with (?:skills and )?experience|\bdependingon experience/i,
  ],
  [
    'pay-award-pending',
    /\bpay award (?:is )?pending\b|\bpending (?:the )?(?:\d{4}(?:\/\d{2,4})? )?(?:NJC )?pay award|\bsubject to (?:the )?(?:\d{4}(?:\/\d{2,4})? )?pay award|\baward pending|\bpay award (?:yet to be|not yet)/i,
  ],
  ['unpaid', /\bunpaid\b|\bvoluntary (?:role|position|post)\b|\bexpenses only\b/i],
];

function readFlags(
  context: Context,
  statements: readonly Statement[],
  lead: Statement | undefined,
  figures: Figures | null,
): { flag: Flag; passage: Passage }[] {
  const places = [
    ...factsOf(context, 'salary', 'actualSalary', 'grade')
      .filter(({ zone }) => zone !== 'board' || lead === undefined || lead.zone === 'board')
      .flatMap((fact) => fact.values),
    ...(lead === undefined ? [] : [lead.passage]),
  ];
  const repeats = statements
    .filter(
      (each) =>
        each.ranges.length > 0 &&
        lead?.ranges[0] !== undefined &&
        each.ranges.some((range) => lead.ranges[0] !== undefined && sameBounds(range, lead.ranges[0])),
    )
    .map(({ passage }) => passage);
  const found = FLAG_WORDS.flatMap(([flag, shape]) => {
    const passage = [...places, ...repeats].find(({ text }) => shape.test(text));
    return passage === undefined ? [] : [{ flag, passage }];
  });
  if (!found.some(({ flag }) => flag === 'pay-award-pending') && figures !== null) {
    const sentence = runningSentences(context).find(({ text }) => FLAG_WORDS[3]?.[1].test(text));
    if (sentence !== undefined) found.push({ flag: 'pay-award-pending', passage: sentence });
  }
  if (figures === null && found.length === 0) {
    const unpaid = runningSentences(context).find(({ text }) =>
      /\bthis is an unpaid\b|\b(?:role|position|post) is (?:unpaid|voluntary)\b|\bvoluntary (?:role|position),? (?:so|with) /i.test(
        text,
      ),
    );
    if (unpaid !== undefined) found.push({ flag: 'unpaid', passage: unpaid });
    const competitive = runningSentences(context).find(
      ({ text, section }) =>
        section.kind !== 'about-us' && /\bcompetitive (?:salary|rates? of pay|pay|remuneration)\b/i.test(text),
    );
    if (competitive !== undefined) found.push({ flag: 'competitive', passage: competitive });
  }
  if (figures?.isMultiple && lead !== undefined) found.push({ flag: 'multiple-ranges', passage: lead.passage });
  return found;
}

function readSupplements(
  context: Context,
  lead: Statement | undefined,
  withFigures: readonly Statement[],
): ReturnType<typeof findSupplements> {
  if (lead === undefined) return [];
  const sameFigures = withFigures.filter(
    (other) =>
      other !== lead &&
      other.zone === lead.zone &&
      other.ranges.some((range) => lead.ranges[0] !== undefined && sameBounds(range, lead.ranges[0])),
  );
  const salaries = factsOf(context, 'salary')
    .filter((fact) => fact.zone === lead.zone)
    .flatMap((fact) => fact.values);
  const inSection = context.sections
    .filter((section) => section.kind === 'pay' && section.zone === lead.zone)
    .flatMap((section) =>
      section.blocks.flatMap((block): Passage[] =>
        block.kind === 'table' ? [] : [{ text: block.text, start: block.span.start }],
      ),
    );
  // The pay heading's own section, and the line that is the heading's whole content.
  const near = context.sections.flatMap((section, index) =>
    section.kind === 'pay' && section.blocks.length === 0 ? followers(context, index) : [],
  );
  const found: ReturnType<typeof findSupplements> = [];
  for (const passage of [
    lead.passage,
    ...salaries,
    ...sameFigures.map((other) => other.passage),
    ...inSection,
    ...near,
  ]) {
    for (const each of findSupplements(passage)) {
      const isKnown = found.some(
        (other) =>
          other.supplement.type === each.supplement.type &&
          (other.supplement.type !== 'other' ||
            other.supplement.text.toLowerCase() === each.supplement.text.toLowerCase()),
      );
      if (!isKnown) found.push(each);
    }
  }
  return found;
}

function followers(context: Context, index: number): Passage[] {
  const passages: Passage[] = [];
  for (const section of context.sections.slice(index + 1, index + 4)) {
    if (section.kind !== 'other' || section.heading === null || !/£/.test(section.heading.text)) break;
    passages.push({ text: section.heading.text, start: section.heading.span.start });
  }
  return passages;
}

/** Weeks in a year, 365 ÷ 7: the multiplier that NHS pay tables use. */
const WEEKS_PER_YEAR = 52.143;
/** Agenda for Change's full-time week (Handbook section 10), where the advert states no hours. */
const USUAL_WEEK = 37.5;

/** Figures per year, with the multiplier beside them. Pay per session, shift, visit or day is not annualised. */
function annualise(context: Context, value: Pay): Pay['annual'] {
  const factors: Partial<Record<Period, number>> = { week: WEEKS_PER_YEAR, month: 12, year: 1 };
  if (value.period === null || (value.min === null && value.max === null)) return null;
  const quiet: Context = { ...context, warn: () => {}, reject: () => {} };
  const week = hours.read(quiet).hours?.value.perWeek ?? null;
  const stated = week?.max ?? week?.min ?? null;
  const factor = value.period === 'hour' ? (stated ?? USUAL_WEEK) * WEEKS_PER_YEAR : factors[value.period];
  if (factor === undefined) return null;
  const times = (figure: number | null) => (figure === null ? null : Math.round(figure * factor * 100) / 100);
  return {
    min: times(value.min),
    max: times(value.max),
    hoursPerWeek: value.period === 'hour' ? (stated ?? USUAL_WEEK) : stated,
    weeksPerYear: WEEKS_PER_YEAR,
    hoursStated: stated !== null,
  };
}
