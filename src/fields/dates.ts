import { z } from 'zod';
import { cite } from '../choose.ts';
import type { Candidate } from '../model/candidate.ts';
import type { Span } from '../model/span.ts';
import {
  addDays,
  findDates,
  findTimes,
  formatDay,
  isRealDay,
  nearestDay,
  type WrittenDate,
  weekdayName,
  weekdayOf,
} from '../normalise/calendar.ts';
import { isPlaceholder } from '../normalise/phrases.ts';
import { cut, type Passage } from '../segment/passages.ts';
import type { LabelKey } from '../segment/vocabulary.ts';
import { type Context, type Field, type Finding, factsOf, runningSentences, settle, wholeValue } from './field.ts';

export interface DateValues {
  datePosted: string | null;
  closingDate: string | null;
  closingTime: string | null;
  closingStatus: 'dated' | 'rolling' | 'until-filled' | 'relative' | null;
  mayCloseEarly: true | null;
  interviewDate: string | null;
  startDate: string | null;
}

type DateKey = 'datePosted' | 'closingDate' | 'interviewDate' | 'startDate';

const isoDate = z.iso.date().nullable();

/** The days that an advert names, and what it says of its closing. Day before month, always; nothing is guessed. */
export const dates: Field<DateValues> = {
  name: 'dates',
  schema: {
    datePosted: isoDate.describe('Only a date labelled as posted, published, placed, listed or advertised'),
    closingDate: isoDate,
    closingTime: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
      .nullable()
      .describe('Europe/London wall clock, only when stated; midnight on a day is 23:59 of that day'),
    closingStatus: z.enum(['dated', 'rolling', 'until-filled', 'relative']).nullable(),
    mayCloseEarly: z.literal(true).nullable(),
    interviewDate: isoDate,
    startDate: isoDate,
  },
  read(context) {
    const posted = readDay(context, 'datePosted', postedCandidates(context), {});
    const interview = readDay(context, 'interviewDate', interviewCandidates(context), { after: posted?.value });
    const start = readDay(context, 'startDate', startCandidates(context), { after: posted?.value });
    const closing = readClosing(context, { after: posted?.value, before: interview?.value ?? start?.value });
    return {
      datePosted: posted,
      interviewDate: interview,
      startDate: start,
      mayCloseEarly: readEarlyClosing(context),
      ...closing,
    };
  },
};

/** A statement about a day: the words, and the date in them where there is one. */
interface DayReading {
  readonly passage: Passage;
  readonly date: WrittenDate | null;
  /** Days from the day of capture for "Yesterday", "in 5 days". */
  readonly relativeDays: number | null;
  readonly isWeek: boolean;
  readonly isSeveral: boolean;
}

interface Anchors {
  /** The date lies on or after this day. */
  readonly after?: string | null | undefined;
  /** The date lies on or before this day. */
  readonly before?: string | null | undefined;
}

const RELATIVE =
  /\b(?:(?<today>today)|(?<tomorrow>tomorrow)|(?<yesterday>yesterday)|(?<count>\d{1,3}|one|two|three|a)\+?\s{1,2}(?<unit>minute|hour|day|week|month)s?\s{1,2}(?<ago>ago)|(?:in\s{1,2})?(?<left>\d{1,3})\s{1,2}days?(?:\s{1,2}(?<mark>left|remaining|to go|time))?)\b/i;
const WEEK =
  /\b(?:w\/?[cb]|w\/?c\.|weeks?\s{1,2}(?:of\s{1,2})?(?:commencing|beginning|starting|of)|week\s{1,2}(?:of|commencing)|the\sweek)\b|\bw\/c/i;

function readWords(passage: Passage): DayReading {
  const [date] = findDates(passage.text);
  const relative = RELATIVE.exec(passage.text)?.groups;
  let relativeDays: number | null = null;
  if (date === undefined && relative !== undefined) {
    const count =
      relative.count === undefined
        ? 0
        : ({ one: 1, a: 1, two: 2, three: 3 }[relative.count.toLowerCase()] ?? Number(relative.count));
    const unit = { week: 7, day: 1, hour: 0, minute: 0, month: 30 }[relative.unit?.toLowerCase() ?? 'day'] ?? 1;
    if (relative.today !== undefined) relativeDays = 0;
    else if (relative.tomorrow !== undefined) relativeDays = 1;
    else if (relative.yesterday !== undefined) relativeDays = -1;
    else if (relative.ago !== undefined) relativeDays = -count * unit;
    else if (relative.left !== undefined) relativeDays = Number(relative.left);
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
function labelled(context: Context, rule: string, ...keys: LabelKey[]): Candidate<DayReading>[] {
  return factsOf(context, ...keys).flatMap((fact): Candidate<DayReading>[] => {
    const whole = wholeValue(context, fact);
    if (isPlaceholder(whole.text)) return [];
    return [{ reading: readWords(whole), strength: 'labelled', zone: fact.zone, evidence: [cite(rule, whole)] }];
  });
}

/** Sentences in which `pattern` leads to a date. The date is the first one after the words. */
function stated(context: Context, rule: string, pattern: RegExp, unless?: RegExp): Candidate<DayReading>[] {
  return runningSentences(context).flatMap((sentence): Candidate<DayReading>[] => {
    const match = pattern.exec(sentence.text);
    if (match === null || unless?.test(sentence.text)) return [];
    const rest = cut(sentence, match.index);
    const reading = readWords(rest);
    if (reading.date === null && !reading.isWeek) return [];
    return [{ reading, strength: 'loose', zone: sentence.zone, evidence: [cite(rule, rest)] }];
  });
}

function postedCandidates(context: Context): Candidate<DayReading>[] {
  const found = labelled(context, 'datePosted/labelled', 'datePosted');
  const said = stated(
    context,
    'datePosted/stated',
    /^(?:posted|published|placed|listed|advertised|advert(?:ised)? (?:opened|from))\s(?:on\s)?(?=\S)/i,
  );
  const relative = context.sentences.flatMap((sentence): Candidate<DayReading>[] => {
    // A line of a board's header that says when, and nothing else.
    if (
      !/^(?:posted\s{1,2})?(?:today|yesterday|(?:\d{1,2}\+?|one|two|three|a)\s(?:minute|hour|day|week|month)s?\sago)\.?$/i.test(
        sentence.text,
      )
    )
      return [];
    if (sentence.zone === 'tail' || sentence.zone === 'furniture') return [];
    return [
      {
        reading: readWords(sentence),
        strength: 'loose',
        zone: sentence.zone,
        evidence: [cite('datePosted/relative', sentence)],
      },
    ];
  });
  return [...found, ...said, ...relative];
}

const INTERVIEW =
  /\b(?:interviews?(?:\s(?:and|&)\s\w{1,12})?(?:\s(?:date|day)s?)?\s{0,2}(?:[:–-]|on\b|(?=[^.;]{0,90}\b(?:held|take place|taking place|scheduled|planned|expected|arranged|will be|are|is|likely)\b))|(?:hold|holding|conduct)\s(?:the\s)?interviews?\b|invited?\s(?:to|for)\s(?:an\s)?interview\s(?:on|in)\s)/i;

function interviewCandidates(context: Context): Candidate<DayReading>[] {
  return [
    ...labelled(context, 'interviewDate/labelled', 'interviewDate'),
    ...stated(
      context,
      'interviewDate/stated',
      INTERVIEW,
      /\bnot (?:heard|been (?:contacted|invited))\b|\bvetting interview\b/i,
    ).filter(({ reading }) => {
      const before = reading.passage.text.slice(0, reading.date?.start ?? reading.passage.text.length);
      return (
        (reading.date === null || reading.date.start < 130) &&
        !/\b(?:clos(?:es?|ing)|shortlist|start(?:ing)?|notif|deadline|commenc)/i.test(before)
      );
    }),
  ];
}

const START =
  /\b(?:(?:to|will|would|should|must|able to|available to|can|candidate to|clerk to|appointee to)\s(?:start|commence|begin)\s(?:on\s|from\s|in\s|work\s|the\sposition\s|the\spost\s|this\srole\s|in\spost\s)*|start(?:ing)?\sdate(?:\s(?:is|of|will be|for this post|for the post))?[:\s]{1,3}|starting\s(?:on|from)\s|commenc(?:es?|ing|ement)\s(?:on|from|date)[:\s]{0,2}|(?:post|position|role|job)\s(?:is\s)?(?:available|starts|begins|commences)\s(?:from|on)\s|required\s(?:from|for)\s|with effect from\s)/i;

function startCandidates(context: Context): Candidate<DayReading>[] {
  return [
    ...labelled(context, 'startDate/labelled', 'startDate'),
    ...stated(
      context,
      'startDate/stated',
      START,
      /\b(?:course|training|tier 2|skilled worker|applicants?, applying|charges?|pay award|contract ends?)\b/i,
    ).filter(({ reading }) => reading.date !== null && reading.date.start < 70 && reading.date.year !== null),
  ];
}

/** Whether two statements name the same day, as far as both say. */
function isSameDay(a: DayReading, b: DayReading): boolean {
  if (a.date === null || b.date === null) return true;
  return (
    a.date.day === b.date.day &&
    a.date.month === b.date.month &&
    (a.date.year === b.date.year || a.date.year === null || b.date.year === null)
  );
}

function readDay(
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

function resolveRelative(
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
function resolve(
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

const CLOSING =
  /\b(?:(?:application\s)?closing\s(?:date|day|deadline)|clos(?:es?|ing)\s(?:on|at|for applications)|(?:applications?|advert|vacancy|post|job|window|and)\s(?:will\s)?clos(?:es?|ing)|deadline(?!\s(?:for\s(?:completing|the online|shortlist)|driven))|apply\s(?:by|before|no later than)|appl(?:y|ications?)[^.]{0,60}?\s(?:by|before|no later than|not later than)\s|(?:received|returned|submitted|reach us|arrive|sent|return(?: it| this| them| the form| completed forms)?|submit)\b[^.]{0,90}?\b(?:by|before|no later than|not later than)\s|last\s(?:date|day)\s(?:for|to|of)\s(?:applications?|apply|receipt)|(?:by|before)\sthe closing date of|end date for applications)/i;
const NOT_CLOSING =
  /\b(?:interviews?\s(?:will|are|to be)\b[^.]*$(?<!clos)|shortlist(?:ed|ing)? (?:will|by|on)|online assessment|assessment is|internal (?:applicants|closing|candidates)|not (?:heard|been contacted)|heard from us|references? (?:must|should)|probation|right to close|closed? (?:on|at) (?:weekends|sundays?|christmas)|queries)\b/i;

interface Closing {
  closingDate?: Finding<string> | null;
  closingTime?: Finding<string> | null;
  closingStatus?: Finding<'dated' | 'rolling' | 'until-filled' | 'relative'> | null;
}

const EXTENDED = /\b(?:extended|now closes?|new closing date|deadline extended)\b/i;

function readClosing(context: Context, anchors: Anchors): Closing {
  const found = [
    ...labelled(context, 'closingDate/labelled', 'closingDate'),
    ...stated(context, 'closingDate/stated', CLOSING, NOT_CLOSING).filter(({ reading }) => {
      // The date is the closing words' own: nothing about interviews stands between.
      const before = reading.passage.text.slice(0, reading.date?.start ?? 0);
      return (
        reading.date !== null &&
        reading.date.start < 160 &&
        !/\binterview|\bcommenc|\bshortlist/i.test(before.slice(12))
      );
    }),
    ...structured(context),
  ];
  const extended = found.filter(({ reading }) => EXTENDED.test(reading.passage.text));
  const candidates = (extended.length > 0 ? extended : found).filter(
    ({ reading }) => reading.date !== null || reading.relativeDays !== null,
  );
  const chosen = settle(
    context,
    'closingDate',
    candidates,
    isSameDay,
    extended.length > 0 ? undefined : 'closingDate/conflict',
  );
  const open = readOpenEnd(context, found);
  if (chosen === null) return open ?? {};
  const { reading, evidence } = chosen;
  if (reading.date === null) {
    const value = resolveRelative(context, 'closingDate', chosen, reading.relativeDays ?? 0);
    return { closingDate: value, closingStatus: { value: 'relative', evidence } };
  }
  const value = resolve(context, 'closingDate', reading.date, reading.passage, anchors);
  const closingTime = readClosingTime(context, chosen, candidates);
  return {
    closingDate: value === null ? null : { value, evidence },
    closingTime,
    closingStatus: { value: 'dated', evidence },
  };
}

/** "Expires in 5 days", "5 days left to apply", "Closing today": a line of its own. */
function structured(context: Context): Candidate<DayReading>[] {
  return runningSentences(context).flatMap((sentence): Candidate<DayReading>[] => {
    if (sentence.text.length > 60 || findDates(sentence.text).length > 0) return [];
    const isRelative =
      /^(?:(?:this (?:job|vacancy|advert) )?(?:expires|closes|closing|deadline is|ends)\s(?:in\s\d{1,3}\sdays?|today|tomorrow)|\d{1,3}\sdays?\s(?:left|remaining)(?:\sto apply)?)\b/i.test(
        sentence.text,
      );
    if (!isRelative) return [];
    return [
      {
        reading: readWords(sentence),
        strength: 'in-section',
        zone: sentence.zone,
        evidence: [cite('closingDate/relative', sentence)],
      },
    ];
  });
}

function readClosingTime(
  context: Context,
  chosen: Candidate<DayReading>,
  candidates: readonly Candidate<DayReading>[],
): Finding<string> | null {
  const [separate] = factsOf(context, 'closingTime');
  const places = [
    ...(separate === undefined ? [] : [separate.values[0]]),
    chosen.reading.passage,
    ...candidates
      .filter((other) => other !== chosen && isSameDay(other.reading, chosen.reading) && other.reading.date !== null)
      .map(({ reading }) => reading.passage),
  ];
  for (const passage of places) {
    const time = timeNearDate(passage, findDates(passage.text)[0] ?? null);
    if (time === null) continue;
    const at = { start: passage.start + time.start, text: passage.text.slice(time.start, time.end) };
    if (time.time === '00:00') {
      context.warn({
        code: 'date/midnight',
        args: { quote: at.text },
        field: '/closingTime',
        span: { start: at.start, end: at.start + at.text.length },
      });
    }
    return { value: time.time, evidence: [cite('closingTime/beside-date', at)] };
  }
  return null;
}

/** The time that is said of a date: in the same statement, and not parted from it by another matter. */
function timeNearDate(passage: Passage, date: WrittenDate | null) {
  const times = findTimes(passage.text);
  if (date === null) return times[0] ?? null;
  const gaps = times.map((time) => {
    const between =
      time.start < date.start ? passage.text.slice(time.end, date.start) : passage.text.slice(date.end, time.start);
    return { time, between };
  });
  const near = gaps.filter(({ between }) => between.length <= 30 && !/\binterview|;|\bfrom\b|\bopen/i.test(between));
  return near[0]?.time ?? null;
}

const UNTIL_FILLED =
  /\b(?:(?:open|advertised|live|ongoing|run|remain open|until)\s(?:until|till)?\s?(?:the\s|this\s|a\s)?(?:(?:post|position|vacancy|role|place|job)s?\s)?(?:(?:is|are|has been|have been)\s)?(?:filled|appointed)|until (?:filled|(?:it|they|both|all) (?:is|are|has been|have been) filled|(?:the |this )?(?:post|position|vacancy|role)s? (?:is|are|has been|have been) filled|suitable (?:candidate|applicant)s? (?:is|are|has been) (?:found|appointed)|we (?:find|have found|appoint) (?:the right|a suitable)[^.]{0,20})|close as soon as (?:a )?sufficient)/i;
const ROLLING =
  /\b(?:rolling (?:advert|recruitment|basis|programme of recruitment|campaign|vacancy)|ongoing (?:recruitment|advert|campaign|vacancy)|no closing date|recruit(?:ing|ment)? (?:is )?(?:on a rolling basis|all year round|continuously|throughout the year)|applications? (?:will be |are )(?:considered|reviewed|processed|shortlisted) (?:on receipt|as (?:and when )?(?:they are |it is )?(?:received|submitted))|continuous(?:ly)? recruit(?:ing|ment)|interview(?:s|ing)? (?:will be |are )?(?:held )?on a rolling basis)/i;

function readOpenEnd(context: Context, found: readonly Candidate<DayReading>[]): Closing | null {
  const labels = found
    .filter(({ strength, zone }) => strength === 'labelled' && zone !== 'tail')
    .map(({ reading }) => reading.passage);
  for (const [value, pattern] of [
    ['until-filled', UNTIL_FILLED],
    ['rolling', ROLLING],
  ] as const) {
    for (const passage of [...labels, ...runningSentences(context)]) {
      const match =
        pattern.exec(passage.text) ??
        (value === 'rolling' && labels.includes(passage) ? /^(?:ongoing|rolling|open)\b/i.exec(passage.text) : null);
      if (match === null || /\b(?:rota|waiting list|talent pool)\b/i.test(passage.text)) continue;
      return { closingStatus: { value, evidence: [cite(`closingStatus/${value}`, passage)] } };
    }
  }
  return null;
}

const EARLY = [
  /\b(?:clos(?:e|ed|ing)|withdraw[n]?|end(?:ed)?|expir(?:e|ed)|remov(?:e|ed)|tak(?:e|en)\sdown|bring|brought|shut|ceas(?:e|ing)|unpublish(?:ed)?)\b[^.]{0,90}?\b(?:early|earlier|forward|sooner|prior to the (?:advertised |published |stated |specified |given )?(?:closing )?(?:date|deadline)|before the (?:(?:advertised|published|stated|specified|given)\s)?(?:closing )?(?:date|deadline)|before (?:that|this) (?:date|day)|ahead of (?:the )?(?:closing|schedule|time)|without (?:further )?notice|once (?:we have |a |sufficient)|(?:when|as soon as|if|where|should) (?:we |sufficient|enough|there|a |an ))/i,
  /\b(?:early|earlier)\s(?:closing|closure|close)\b|\bearlier than (?:the )?(?:advertised|stated|published|specified|closing)\b/i,
  /\b(?:may|might|can|could|reserve the right to|right to)\s(?:also\s)?(?:adjust|bring forward|change|amend|alter|shorten|vary)\b[^.]{0,30}\b(?:closing|deadline|end)\s?(?:date)?/i,
  /\bclosing date\b[^.]{0,60}\b(?:may|might|could|can)\s(?:also\s)?(?:be\s)?(?:adjusted|brought forward|changed?|amended|altered|shortened|moved|subject to change)\b/i,
  /\b(?:capped at|limited to|(?:after|to|receive) (?:the first )?|limit of|maximum of|stop at)\s?\d{1,4}\s(?:applications|applicants)\b/i,
  /\b(?:advert|vacancy|post|job)\b[^.]{0,40}\b(?:close|closed|taken down|removed|withdrawn)\b[^.]{0,50}\b(?:sufficient|enough|high volume|large (?:number|volume)|number of applications)/i,
];
const NOT_EARLY =
  /\b(?:contract|secondment|gate|school|nursery|office|reception|building|unit|clinic|shop|surgery)s?\s(?:may\s|will\s|can\s)?(?:finish|end|close)s?\s(?:early|at)|\bbring forward (?:ideas|proposals|suggestions|concerns)|\b(?:term|session)s? (?:may )?end/i;
const ABOUT_ADVERT =
  /\b(?:advert|advertisement|vacanc|post|job|position|role|application|applicant|closing|deadline|recruit|date|response|it\b|this)/i;

/** Whether the advert says that it may close before its date. "Apply early" alone says nothing. */
function readEarlyClosing(context: Context): Finding<true> | null {
  for (const sentence of runningSentences(context)) {
    if (sentence.section.kind === 'duties') continue;
    if (
      !EARLY.some((pattern) => pattern.test(sentence.text)) ||
      NOT_EARLY.test(sentence.text) ||
      !ABOUT_ADVERT.test(sentence.text)
    )
      continue;
    if (/\b(?:will not|won't|cannot|not) (?:be )?clos/i.test(sentence.text)) continue;
    return { value: true, evidence: [cite('mayCloseEarly/stated', sentence)] };
  }
  return null;
}
