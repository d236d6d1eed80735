import { cite } from '../../choose.ts';
import type { Candidate } from '../../model/candidate.ts';
import { findDates, findTimes, type WrittenDate } from '../../normalise/calendar.ts';
import type { Passage } from '../../segment/passages.ts';
import { type Context, type Finding, factsOf, sentencesWith, settle } from '../field.ts';
import {
  type Anchors,
  type DayReading,
  isSameDay,
  labelled,
  readWords,
  resolve,
  resolveRelative,
  stated,
} from './day.ts';

const CLOSING =
  /\b(?:(?:application\s)?closing\s(?:date|day|deadline)|clos(?:es?|ing)\s(?:on|at|for applications)|closes\s(?=\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)|(?:applications?|advert|vacancy|post|job|window|and)\s(?:will\s)?clos(?:es?|ing)|deadline(?!\s(?:for\s(?:completing|the online|shortlist)|driven))|apply\s(?:by|before|no later than)|appl(?:y|ications?)(?:[^.]|\.(?=\S)){0,60}?\s(?:by|before|no later than|not later than)\s|(?:received|returned|submitted|reach (?:us|him|her|me|the \w+|our \w+)|arrive|sent|send|get (?:it|your|the|this)|hand(?:ed)? in|posted(?! by)|return(?: it| this| them| the form| completed forms)?|submit|enclosing)\b(?:[^.]|\.(?=\S)){0,120}?\b(?:by|before|no later than|not later than)\s(?!the\s|an?\s|our\s|e-?mail|post\b|hand\b|return\b)|need (?:your|the) (?:completed )?(?:application|form|cv)\b[^.]{0,60}?\bby\b|you have until\b|last\s(?:date|day)\s(?:for|to|of)\s(?:applications?|apply|receipt)|(?:by|before)\sthe closing date of|end date for applications)/i;
const NOT_CLOSING =
  /\b(?:interviews?\s(?:will|are|to be)\b|shortlist(?:ed|ing)? (?:will|by|on)|online assessment|assessment is|internal (?:applicants|closing|candidates)|not (?:heard|been contacted)|heard from us|references? (?:must|should)|probation|right to close|closed? (?:on|at) (?:weekends|sundays?|christmas)|queries)\b/i;

interface Closing {
  closingDate?: Finding<string> | null;
  closingTime?: Finding<string> | null;
  closingStatus?: Finding<'dated' | 'rolling' | 'until-filled' | 'relative'> | null;
}

/** The date that an extension leads to, not the one before it. */
const EXTENDED_TO = /\bextended\b[^.]{0,60}?\bto\b|\bnow closes?\b|\bnew closing date\b/i;
const EXTENDED = /\b(?:extended|now closes?|new closing date|deadline extended)\b/i;

/** The closing date, its time, and whether it is one. */
export function readClosing(context: Context, anchors: Anchors): Closing {
  const found = [
    ...labelled(context, 'closingDate/labelled', 'closingDate').map((candidate) => ({
      ...candidate,
      reading: ofOutsiders(candidate.reading),
    })),
    ...stated(context, 'closingDate/stated', CLOSING, NOT_CLOSING)
      .map((candidate) => ({ ...candidate, reading: ofOutsiders(candidate.reading) }))
      .filter(({ reading }) => {
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
  const extended = found
    .filter(({ reading }) => EXTENDED.test(reading.passage.text))
    .map((candidate) => ({ ...candidate, reading: afterExtension(candidate.reading) }));
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
  if (chosen === null) return open ?? readMonth(context, found) ?? {};
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

/** "Closing date: end of April 2026": words for a date, and no day. */
function readMonth(context: Context, found: readonly Candidate<DayReading>[]): Closing | null {
  const named = found.find(
    ({ strength, zone, reading }) =>
      strength === 'labelled' &&
      zone !== 'tail' &&
      reading.passage.text.length < 60 &&
      MONTH.test(reading.passage.text),
  );
  if (named === undefined) return null;
  const [{ span }] = named.evidence;
  const quote = context.document.text.slice(span.start, span.end);
  context.warn({ code: 'date/week', args: { quote }, field: '/closingDate', span });
  return { closingStatus: { value: 'dated', evidence: named.evidence } };
}

const MONTH =
  /\b(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:early|mid|late|end of|beginning of)[\s-](?:the )?(?:month|week|term|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))/i;

/** "Internal 28/11/2025, external 05/12/2025": the day for those who are not employed there yet. */
function ofOutsiders(reading: DayReading): DayReading {
  const { text } = reading.passage;
  const internal = text.search(/\binternal\b/i);
  const external = text.search(/\bexternal\b/i);
  if (internal < 0 || external < 0) return reading;
  const found = findDates(text);
  const own = found.find(({ start }) => start > external && (internal < external || start < internal));
  return own === undefined ? reading : { ...reading, date: own };
}

/** A statement with the date that it extends to. */
function afterExtension(reading: DayReading): DayReading {
  const match = EXTENDED_TO.exec(reading.passage.text);
  if (match === null) return reading;
  const from = match.index + match[0].length;
  const date = findDates(reading.passage.text).find(({ start }) => start >= from);
  return date === undefined ? reading : { ...reading, date };
}

/** "Expires in 5 days", "5 days left to apply", "Closing today": a line of its own. */
function structured(context: Context): Candidate<DayReading>[] {
  return sentencesWith(context, /expires?|close|closing|deadline|ends?|left|remaining/gi).flatMap(
    (sentence): Candidate<DayReading>[] => {
      if (sentence.text.length > 60 || findDates(sentence.text).length > 0) return [];
      const isRelative =
        /^(?:(?:(?:this |the )?(?:job|vacancy|advert|post) |applications? )?(?:expires?|closes?|closing|(?:the )?deadline is|ends?)\s(?:in\s(?:\d{1,3}|one|two|three|four|five|six|seven|ten)\s(?:days?|weeks?)|today|tomorrow)|\d{1,3}\sdays?\s(?:left|remaining)(?:\sto apply)?)\b/i.test(
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
    },
  );
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
  /\b(?:(?:open|advertised|live|ongoing|run|remain open|until)\s(?:until|till)?\s?(?:the\s|this\s|a\s)?(?:(?:post|position|vacancy|role|place|job)s?\s)?(?:(?:is|are|has been|have been)\s)?(?:filled|appointed)|until (?:filled|(?:it|they|both|all) (?:is|are|has been|have been) filled|(?:the |this )?(?:post|position|vacancy|role)s? (?:is|are|has been|have been) filled|(?:both|all|the|these) (?:(?:of the )?(?:two|three|four|five|six|\d{1,2}) )?(?:posts|vacancies|positions|roles) (?:are|have been) filled|suitable (?:candidate|applicant)s? (?:is|are|has been) (?:found|appointed)|we (?:find|have found|appoint) (?:the right|a suitable)[^.]{0,20})|close as soon as (?:a )?sufficient)/i;
const ROLLING =
  /\b(?:rolling (?:advert|recruitment|basis|programme of recruitment|campaign|vacancy)|ongoing (?:recruitment|advert|campaign|vacancy)|no closing date|recruit(?:ing|ment)? (?:is )?(?:on a rolling basis|all year round|continuously|throughout the year)|applications? (?:will be |are )(?:considered|reviewed|processed|shortlisted) (?:on receipt|as (?:and when )?(?:they are |it is )?(?:received|submitted))|continuous(?:ly)? recruit(?:ing|ment)|interview(?:s|ing)? (?:will be |are )?(?:held )?on a rolling basis)/i;

function readOpenEnd(context: Context, found: readonly Candidate<DayReading>[]): Closing | null {
  const labels = new Set(
    found
      .filter(({ strength, zone }) => strength === 'labelled' && zone !== 'tail')
      .map(({ reading }) => reading.passage),
  );
  for (const [value, pattern, needle] of [
    ['until-filled', UNTIL_FILLED, /filled|appoint|found|sufficient|find/gi],
    ['rolling', ROLLING, /rolling|ongoing|no closing|recruit|receipt|received|submitted/gi],
  ] as const) {
    for (const passage of [...labels, ...sentencesWith(context, needle)]) {
      const match =
        pattern.exec(passage.text) ??
        (value === 'rolling' && labels.has(passage) ? /^(?:ongoing|rolling|open)\b/i.exec(passage.text) : null);
      if (match === null || /\b(?:rota|waiting list|talent pool)\b/i.test(passage.text)) continue;
      return { closingStatus: { value, evidence: [cite(`closingStatus/${value}`, passage)] } };
    }
  }
  return null;
}

const EARLY = [
  /\b(?:clos(?:e|ed|ing)|stop (?:taking|accepting)|withdraw[n]?|end(?:ed)?|expir(?:e|ed)|remov(?:e|ed)|tak(?:e|en)\s(?:(?:this|the|our)\s\w{3,13}\s)?down|bring|brought|shut|ceas(?:e|ing)|unpublish(?:ed)?)\b[^.]{0,90}?\b(?:early(?![\s-]{1,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|morning|afternoon|evening|next|in (?:the (?:new year|morning|week|spring|summer|autumn)|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|years|stage|career))|earlier|forward|sooner|prior to the (?:advertised |published |stated |specified |given )?(?:closing )?(?:date|deadline)|before the (?:(?:advertised|published|stated|specified|given)\s)?(?:closing )?(?:date|deadline)|before (?:that|this) (?:date|day)|before the (?:date|deadline) (?:above|given|shown|stated)|ahead of (?:the )?(?:closing|schedule|time)|without (?:further )?notice|at any (?:time|point)|once (?:we have |a |sufficient)|(?:when|as soon as|if|where|should) (?:we |sufficient|enough|there|a |an ))/i,
  /\b(?:early|earlier)\s(?:closing|closure|close)\b|\bearlier than (?:the )?(?:advertised|stated|published|specified|closing)\b/i,
  /\b(?:may|might|can|could|reserve the right to|right to)\s(?:also\s)?(?:(?:have|need) to )?(?:adjust|bring forward|change|amend|alter|shorten|vary)\b[^.]{0,30}\b(?:closing|deadline|end)\s?(?:date)?/i,
  /\bclosing (?:date|deadline)\b[^.]{0,60}\b(?:may|might|could|can)\s(?:also\s)?(?:be\s)?(?:adjusted|brought forward|changed?|amended|altered|shortened|moved|subject to change)\b/i,
  /\b(?:this|the above|that) date\b[^.]{0,20}\b(?:may|might|could|can)\s(?:also\s)?(?:be\s)?(?:adjusted|brought forward|changed?|amended|altered|shortened|moved)\b[^.]{0,60}\b(?:appl|respon|interest|demand)/i,
  /\bapplications?\b[^.]{0,30}\bcapped at\s\d{1,4}\b/i,
  /\b(?:capped at|limited to|(?:after|to|receive) (?:the first )?|limit of|maximum of|stop at)\s?\d{1,4}\s(?:applications|applicants)\b/i,
  /\b(?:advert|vacancy|post|job)\b[^.]{0,40}\b(?:close|closed|taken down|removed|withdrawn)\b[^.]{0,50}\b(?:sufficient|enough|high volume|large (?:number|volume)|number of applications)/i,
];
const NOT_EARLY =
  /\b(?:contract|secondment|gate|school|nursery|office|reception|building|unit|clinic|shop|surgery)s?\s(?:may\s|will\s|can\s)?(?:finish|end|close)s?\s(?:early|at)|\bbring forward (?:ideas|proposals|suggestions|concerns)|\b(?:term|session)s? (?:may )?end/i;
const ABOUT_ADVERT =
  /\b(?:advert|advertisement|vacanc|post|job|position|role|application|applicant|closing|deadline|recruit|date|response|it\b|this|we (?:may|might|could|will) close early)/i;

/** What no such statement does without. */
const MAY_CLOSE =
  /clos|\bstop|withdraw|\bend(?:ed)?\b|expir|remov|tak(?:e|en)\s|\bbr(?:ing|ought)\b|shut|ceas|unpublish|earl(?:y|ier)|deadline|(?:this|above|that) date|capped|limited to|limit of|maximum of|first\s\d|receive\s|(?:to|after|at)\s\d/gi;

/** Whether the advert says that it may close before its date. "Apply early" alone says nothing. */
export function readEarlyClosing(context: Context): Finding<true> | null {
  for (const sentence of sentencesWith(context, MAY_CLOSE)) {
    // Among duties only what speaks of the advert itself.
    if (sentence.section.kind === 'duties' && !/\b(?:vacanc|advert|closing date|applications)/i.test(sentence.text))
      continue;
    if (
      !EARLY.some((pattern) => pattern.test(sentence.text)) ||
      NOT_EARLY.test(sentence.text) ||
      !ABOUT_ADVERT.test(sentence.text)
    )
      continue;
    if (/\bno (?:fixed )?closing date\b/i.test(sentence.text)) continue;
    if (/\b(?:will not|won['’]t|cannot|not) (?:be )?(?:clos|brought|bring|withdrawn|taken)/i.test(sentence.text))
      continue;
    return { value: true, evidence: [cite('mayCloseEarly/stated', sentence)] };
  }
  return null;
}
