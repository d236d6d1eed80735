import { cite } from '../../choose.ts';
import type { Candidate } from '../../model/candidate.ts';
import { isOutside } from '../../model/candidate.ts';
import { z } from '../../model/schema.ts';
import { findDates } from '../../normalise/calendar.ts';
import type { Context, Field } from '../field.ts';
import { readClosing, readEarlyClosing } from './closing.ts';
import { type DayReading, labelled, readDay, readWords, stated } from './day.ts';

export interface DateValues {
  datePosted: string | null;
  closingDate: string | null;
  closingTime: string | null;
  closingStatus: 'dated' | 'rolling' | 'until-filled' | 'relative' | null;
  mayCloseEarly: true | null;
  interviewDate: string | null;
  startDate: string | null;
}

const isoDate = z.nullable(z.iso.date());

/** The days that an advert names, and what it says of its closing. Day before month, always; nothing is guessed. */
export const dates: Field<DateValues> = {
  name: 'dates',
  schema: {
    datePosted: isoDate.check(z.describe('Only a date labelled as posted, published, placed, listed or advertised')),
    closingDate: isoDate,
    closingTime: z
      .nullable(z.string().check(z.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)))
      .check(z.describe('Europe/London wall clock, only when stated; midnight on a day is 23:59 of that day')),
    closingStatus: z.nullable(z.enum(['dated', 'rolling', 'until-filled', 'relative'])),
    mayCloseEarly: z.nullable(z.literal(true)),
    interviewDate: isoDate,
    startDate: isoDate,
  },
  read(context) {
    const posted = readDay(context, 'datePosted', postedCandidates(context), {});
    const interview = readDay(context, 'interviewDate', interviewCandidates(context), { after: posted?.value });
    const start = readDay(context, 'startDate', startCandidates(context), { after: posted?.value });
    if (!context.facts.some(({ key }) => key === 'closingDate')) warnOfUnlabelled(context);
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

function postedCandidates(context: Context): Candidate<DayReading>[] {
  const found = labelled(context, 'datePosted/labelled', 'datePosted');
  // "Advertised offers valid until …" is no such statement.
  const said = stated(
    context,
    'datePosted/stated',
    /^(?:posted|published|placed|listed|advertised|advert(?:ised)? (?:opened|from))\s(?:on\s)?(?=\S)/i,
  ).filter(({ reading }) => !/\b(?:until|valid|offers?)\b/i.test(reading.passage.text.slice(0, reading.date?.start)));
  const relative = context.sentences.flatMap((sentence): Candidate<DayReading>[] => {
    // A line of a board's header that says when, and nothing else.
    if (
      !/^(?:(?:posted|listed|published|advertised|added)\s{1,2})?(?:today|yesterday|(?:\d{1,2}\+?|one|two|three|a)\s(?:minute|hour|day|week|month)s?\sago)\.?$/i.test(
        sentence.text,
      )
    )
      return [];
    if (isOutside(sentence.zone)) return [];
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
  /\b(?:interviews?(?:\s(?:and|&)\s\w{1,12})?(?:\s(?:date|day)s?)?\s{0,2}(?:[:–-]|on\b|from\b|(?=[^.;]{0,90}\b(?:held|take place|taking place|scheduled|planned|expected|arranged|will be|are|is|likely)\b))|(?:hold|holding|conduct)\s(?:the\s)?interviews?\b|invited?\s(?:to|for)\s(?:an\s)?interview\s(?:on|in)\s)/i;

function interviewCandidates(context: Context): Candidate<DayReading>[] {
  return [
    ...labelled(context, 'interviewDate/labelled', 'interviewDate'),
    ...stated(
      context,
      'interviewDate/stated',
      INTERVIEW,
      /\bnot (?:heard|been (?:contacted|invited))\b|\bvetting interview\b|\b(?:second|2nd|final)(?:[\s-](?:round|stage))? interviews?\b/i,
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
  /\b(?:(?:to|will|would|should|must|able to|available to|can|candidate to|clerk to|appointee to)\s(?:start|commence|begin|take\sup\s(?:the\s|this\s|their\s|your\s)?(?:post|role|appointment|duties|position))\s(?:on\s|from\s|in\s|work\s|the\sposition\s|the\spost\s|this\srole\s|in\spost\s)*|start(?:ing)?\sdate(?:\s(?:is|of|will be|for this post|for the post))?[:\s]{1,3}|starting\s(?:on|from)\s|commenc(?:es?|ing|ement)\s(?:on|from|date)[:\s]{0,2}|(?:post|position|role|job)\s(?:is\s)?(?:available|starts|begins|commences)\s(?:from|on)\s|required\s(?:from|for)\s|with effect from\s)/i;

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

/** How many blocks from the top of a document are its header. */
const HEADER_BLOCKS = 12;

/** Warns of a date that stands alone in a document's header without a label: it may be any of them. */
function warnOfUnlabelled(context: Context): void {
  const values = new Set(context.facts.flatMap((fact) => fact.values.map(({ start }) => start)));
  for (const block of context.document.blocks.slice(0, HEADER_BLOCKS)) {
    if (block.kind !== 'paragraph' || block.furniture || block.text.length > 80 || values.has(block.span.start))
      continue;
    const [date] = findDates(block.text);
    if (
      date === undefined ||
      date.start > 0 ||
      !/^[\s,@]*(?:\d{1,2}[:.]\d{2}\s?(?:am|pm)?)?$/i.test(block.text.slice(date.end))
    )
      continue;
    context.warn({ code: 'date/unlabelled', args: { quote: block.text }, field: null, span: block.span });
  }
}
