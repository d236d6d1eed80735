import { cite } from '../../choose.ts';
import type { Evidence } from '../../model/candidate.ts';
import { type Period, periodIn } from '../../normalise/money.ts';
import { factText } from '../../segment/facts.ts';
import type { Passage } from '../../segment/passages.ts';
import { type Context, factsOf } from '../field.ts';
import type { RoledRange, Statement } from './statement.ts';
import { type Bounds, sameBounds } from './types.ts';

/** The figures of a post's pay, each in its part. */
export interface Figures {
  readonly main: Bounds | null;
  readonly actual: Bounds | null;
  readonly alternative: (Bounds & { period: Period }) | null;
  readonly period: { readonly value: Period | null; readonly isStated: boolean };
  readonly isMultiple: boolean;
  readonly passage: Passage;
  readonly evidence: readonly Evidence[];
}

/** The full-time and actual figures, a second period, and the period, of the statement that leads. */
export function readFigures(context: Context, lead: Statement, all: readonly Statement[]): Figures {
  const end = lead.passage.start + lead.passage.text.length;
  const others = all.filter(
    ({ zone, passage }) => zone === lead.zone && (passage.start < lead.passage.start || passage.start >= end),
  );
  const fullTime = lead.ranges.filter(({ role }) => role === 'full-time');
  const actuals = lead.ranges.filter(({ role }) => role === 'actual');
  let plain = lead.ranges.filter(({ role }) => role === 'main');
  let [actual] = actuals;
  // "£11,500.50 a year (FTE £21,400 a year)": beside a full-time figure the other one is what is paid.
  if (
    fullTime.length > 0 &&
    plain.length > 0 &&
    actual === undefined &&
    plain.every(
      (range) =>
        (range.max ?? range.min ?? 0) < (fullTime[0]?.min ?? 0) &&
        (range.period === null || fullTime[0]?.period === null || range.period === fullTime[0]?.period),
    )
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
  const different = [...mains, ...lead.ranges.filter(({ role }) => role === 'main')].find(
    (range) => range.period !== null && period.value !== null && range.period !== period.value,
  );
  const sameSize = ofPeriod.filter((range) => isComparable(range, first));
  const combined = first === undefined ? null : combine(lead.passage.text, sameSize);
  const main = combined?.bounds ?? null;
  const isMultiple = combined?.isMultiple ?? false;
  const conflict = others.find(
    (other) =>
      lead.strength === 'labelled' &&
      (other.strength === 'labelled' || OWN_PAY.test(other.passage.text)) &&
      main !== null &&
      other.ranges.some((range) => range.role === 'main' && isComparable(range, first) && !isWithin(range, main)) &&
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

/** True where a range lies within another: part of it, or the same. */
const isWithin = (range: Bounds, whole: Bounds) =>
  (range.min ?? range.max ?? 0) >= (whole.min ?? 0) &&
  (range.max ?? range.min ?? 0) <= (whole.max ?? Number.POSITIVE_INFINITY);

/** Running text that states the post's own pay. */
const OWN_PAY =
  /\b(?:you will be paid|we pay|(?:the|this) (?:post|role|job) pays|paid) (?:an? )?(?:salary of )?£|\bsalary (?:for this post |of this post )?(?:is|will be|of) £/i;

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
    // A site's own field prints its range, then the employer's words, with nothing between.
    if (repeats || (/^ {1,3}$/.test(between) && first.min !== first.max)) continue;
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
  const beside = lead.ranges.find((other) => other.period !== null && isComparable(other, range))?.period ?? null;
  if (beside !== null) return { value: beside, isStated: true };
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
  if (range.hasOtherUnit) return { value: null, isStated: false };
  const size = range.max ?? range.min ?? 0;
  return { value: size < 75 ? 'hour' : size >= 9000 ? 'year' : null, isStated: false };
}

/** A period a few words on: "£39,000 - £44,000 (like Band 7) pro rata, per annum". */
function periodBeyond(text: string): Period | null {
  const upTo = text.slice(0, 70).split(/£|[.;]\s/)[0] ?? '';
  return /\bsleep|\bmileage|\bnight\b/i.test(upTo)
    ? null
    : periodIn(
        upTo.replace(/\b\d[\d.]{0,9}\s?(?:hours?|hrs?)(?:\s(?:per|a) week)?\b|\bhours? per week\b|\bper week\b/gi, ''),
      );
}

const fits = (range: Bounds, period: Period) => {
  const size = range.max ?? range.min ?? 0;
  return period === 'hour' ? size < 500 : period === 'year' ? size >= 500 : true;
};
