import { cite } from '../../choose.ts';
import type { Candidate } from '../../model/candidate.ts';
import type { Span } from '../../model/span.ts';
import {
  addDays,
  findDates,
  formatDay,
  isRealDay,
  nearestDay,
  type WrittenDate,
  weekdayName,
  weekdayOf,
} from '../../normalise/calendar.ts';
import { isPlaceholder } from '../../normalise/phrases.ts';
import { cut, type Passage } from '../../segment/passages.ts';
import type { LabelKey } from '../../segment/vocabulary.ts';
import { type Context, type Finding, factsOf, sentencesWith, settle, wholeValue } from '../field.ts';

/** The keys that hold a day. */
type DateKey = 'datePosted' | 'closingDate' | 'interviewDate' | 'startDate';

/** A statement about a day: the words, and the date in them where there is one. */
export interface DayReading {
  readonly passage: Passage;
  readonly date: WrittenDate | null;
  /** Days from the day of capture for "Yesterday", "in 5 days". */
  readonly relativeDays: number | null;
  readonly isWeek: boolean;
  readonly isSeveral: boolean;
}

/** Days that are known, for telling a missing year. */
export interface Anchors {
  /** The date lies on or after this day. */
  readonly after?: string | null | undefined;
  /** The date lies on or before this day. */
  readonly before?: string | null | undefined;
}

const RELATIVE =
  /\b(?:(?<today>today)|(?<tomorrow>tomorrow)|(?<yesterday>yesterday)|(?<count>\d{1,3}|one|two|three|a)\+?\s{1,2}(?<unit>minute|hour|day|week|month)s?\s{1,2}(?<ago>ago)|(?:in\s{1,2})?(?<left>\d{1,3}|one|two|three|four|five|six|seven|ten)\s{1,2}(?<leftUnit>day|week)s?(?:\s{1,2}(?<mark>left|remaining|to go|time))?)\b/i;
const WEEK =
  /\b(?:w\/?[cb]|w\/?c\.|weeks?\s{1,2}(?:of\s{1,2})?(?:commencing|beginning|starting|of)|week\s{1,2}(?:of|commencing)|the\sweek)\b|\bw\/c/i;

const COUNTS: Readonly<Record<string, number>> = {
  a: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  ten: 10,
};

const countOf = (word: string | undefined) => (word === undefined ? 0 : (COUNTS[word.toLowerCase()] ?? Number(word)));

/** Reads a date, or words that stand for one, from a statement. */
export function readWords(passage: Passage): DayReading {
  const [date] = findDates(passage.text);
  const relative = RELATIVE.exec(passage.text)?.groups;
  let relativeDays: number | null = null;
  if (date === undefined && relative !== undefined) {
    const count = countOf(relative.count);
    const unit = { week: 7, day: 1, hour: 0, minute: 0, month: 30 }[relative.unit?.toLowerCase() ?? 'day'] ?? 1;
    if (relative.today !== undefined) relativeDays = 0;
    else if (relative.tomorrow !== undefined) relativeDays = 1;
    else if (relative.yesterday !== undefined) relativeDays = -1;
    else if (relative.ago !== undefined) relativeDays = -count * unit;
    else if (relative.left !== undefined)
      relativeDays = countOf(relative.left) * (relative.leftUnit?.toLowerCase() === 'week' ? 7 : 1);
  }
  const before = date === undefined ? '' : passage.text.slice(Math.max(0, date.start - 30), date.start);
  return {
    passage,
    date: date ?? null,
    relativeDays,
    isWeek: WEEK.test(before) || (date === undefined && WEEK.test(passage.text)),
    isSeveral:
      findDates(passage.text).length > 1 ||
      /\d{1,2}(?:st|nd|rd|th)?\s{0,2}(?:and|&|or|,|\/|-|–|to)\s{0,2}(?:\w{3,9}day\s{0,2})?$/i.test(before),
  };
}

/** Labelled statements of a date. */
export function labelled(context: Context, rule: string, ...keys: LabelKey[]): Candidate<DayReading>[] {
  return factsOf(context, ...keys).flatMap((fact): Candidate<DayReading>[] => {
    const whole = wholeValue(context, fact);
    if (isPlaceholder(whole.text)) return [];
    return [{ reading: readWords(whole), strength: 'labelled', zone: fact.zone, evidence: [cite(rule, whole)] }];
  });
}

/** What no statement of a day does without. */
const A_DAY = /\d|week|w\/?\.?[bc]/gi;

/** A sentence is read no further than this, so that no length of it costs more than its length. */
const MAX_CLAUSES = 3;

/** Sentences in which `pattern` leads to a date. The date is the first one after the words. */
export function stated(context: Context, rule: string, pattern: RegExp, unless?: RegExp): Candidate<DayReading>[] {
  return sentencesWith(context, A_DAY).flatMap((sentence): Candidate<DayReading>[] => {
    // What the post-holder will have to send in by a day is no date of the vacancy's.
    if (rule.startsWith('closingDate') && sentence.section.kind === 'duties') return [];
    let from = 0;
    for (let clauses = 0; clauses < MAX_CLAUSES; clauses++) {
      const clause = cut(sentence, from);
      const match = pattern.exec(clause.text);
      if (match === null) return [];
      const rest = cut(clause, match.index);
      const reading = readWords(rest);
      if (reading.date === null && !reading.isWeek) return [];
      // What stands behind the date is said of something else.
      const end = match.index + (reading.date?.end ?? rest.text.length);
      if (!unless?.test(clause.text.slice(0, end)))
        return [{ reading, strength: 'loose', zone: sentence.zone, evidence: [cite(rule, rest)] }];
      context.reject({ field: rule.split('/', 1)[0] ?? rule, evidence: cite(rule, rest), reason: 'decoy' });
      // "Internal closing date 28 November; external closing date 5 December": what follows a semicolon stands for itself.
      const next = clause.text.indexOf(';', end);
      if (next < 0) return [];
      from += next + 1;
    }
    return [];
  });
}

/** Whether two statements name the same day, as far as both say. */
export function isSameDay(a: DayReading, b: DayReading): boolean {
  if (a.date === null || b.date === null) return true;
  return (
    a.date.day === b.date.day &&
    a.date.month === b.date.month &&
    (a.date.year === b.date.year || a.date.year === null || b.date.year === null)
  );
}

/** The day that is chosen of several statements of one date. */
export function readDay(
  context: Context,
  key: DateKey,
  candidates: readonly Candidate<DayReading>[],
  anchors: Anchors,
): Finding<string> | null {
  const chosen = settle(context, key, candidates, isSameDay, `${key}/conflict`);
  if (chosen === null) return null;
  const { reading } = chosen;
  const warn = (code: 'date/week' | 'date/several', span: Span) =>
    context.warn({ code, args: { quote: context.document.text.slice(span.start, span.end) }, field: `/${key}`, span });
  if (reading.isWeek) {
    warn('date/week', chosen.evidence[0].span);
    return null;
  }
  if (reading.date === null) {
    if (reading.relativeDays !== null) return resolveRelative(context, key, chosen, reading.relativeDays);
    if (
      key === 'interviewDate' &&
      /\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b/i.test(
        reading.passage.text,
      )
    ) {
      warn('date/week', chosen.evidence[0].span);
    }
    return null;
  }
  if (reading.isSeveral && key === 'interviewDate') warn('date/several', chosen.evidence[0].span);
  const date = reading.isSeveral && key === 'interviewDate' ? firstOfSeveral(reading) : reading.date;
  const value = resolve(context, key, date, reading.passage, anchors);
  return value === null ? null : { value, evidence: chosen.evidence };
}

/** "27 and 30 October": the first day, with the month and year of the next date. */
function firstOfSeveral(reading: DayReading): WrittenDate | null {
  const { date, passage } = reading;
  if (date === null) return null;
  const before = passage.text.slice(0, date.start);
  const match = /(\d{1,2})(?:st|nd|rd|th)?\s{0,2}(?:and|&|or|,|\/|-|–|to)\s{0,2}(?:\w{3,9}day\s{0,2})?$/i.exec(before);
  const day = Number(match?.[1] ?? 0);
  const later = findDates(passage.text).find((other) => other.year !== null);
  const year = date.year ?? later?.year ?? null;
  if (match === null || day < 1 || day > 31) return { ...date, year };
  return { ...date, day, year, weekday: null };
}

/** The day that a relative phrase means, where the day of capture is known. */
export function resolveRelative(
  context: Context,
  key: DateKey,
  chosen: Candidate<DayReading>,
  days: number,
): Finding<string> | null {
  const [{ span }] = chosen.evidence;
  if (context.asOf !== null) return { value: addDays(context.asOf, days), evidence: chosen.evidence };
  context.warn({
    code: 'date/relative',
    args: { quote: context.document.text.slice(span.start, span.end) },
    field: `/${key}`,
    span,
  });
  return null;
}

/** The day that a written date means; null, with a warning, where it means none. */
export function resolve(
  context: Context,
  key: DateKey,
  date: WrittenDate | null,
  passage: Passage,
  anchors: Anchors,
): string | null {
  if (date === null) return null;
  const span = { start: passage.start + date.start, end: passage.start + date.end };
  const quote = passage.text.slice(date.start, date.end);
  const field = `/${key}`;
  if (!isRealDay(date)) {
    context.warn({ code: 'date/impossible', args: { quote }, field, span });
    return null;
  }
  if (date.year !== null) {
    const written = { year: date.year, month: date.month, day: date.day };
    if (date.weekday !== null && weekdayOf(written) !== date.weekday) {
      context.warn({
        code: 'date/weekday-mismatch',
        args: { quote, weekday: weekdayName(weekdayOf(written)) },
        field,
        span,
      });
    }
    return formatDay(written);
  }
  const inferred = inferYear(context, date, anchors);
  if (inferred === null) context.warn({ code: 'date/no-year', args: { quote }, field, span });
  else context.warn({ code: 'date/year-inferred', args: { quote, date: inferred }, field, span });
  return inferred;
}

function inferYear(context: Context, date: WrittenDate, anchors: Anchors): string | null {
  const forward = anchors.after ?? (anchors.before === null || anchors.before === undefined ? context.asOf : null);
  const found =
    typeof forward === 'string'
      ? nearestDay(date, forward, 1)
      : typeof anchors.before === 'string'
        ? nearestDay(date, anchors.before, -1)
        : null;
  if (found === null || date.weekday === null) return found;
  const [year = 0, month = 0, day = 0] = found.split('-').map(Number);
  return weekdayOf({ year, month, day }) === date.weekday ? found : null; // a stated weekday vetoes
}
