import type { Span } from '../model/span.ts';

/** A calendar day. Months and days count from 1; the year is null where the text gives none. */
export interface Day {
  readonly year: number | null;
  readonly month: number;
  readonly day: number;
}

/** A date as it stands in a text, with the weekday that stands beside it. */
export interface WrittenDate extends Day, Span {
  /** 0 = Sunday … 6 = Saturday; null where none is stated. */
  readonly weekday: number | null;
  /** True where the year was written with two digits. */
  readonly shortYear: boolean;
}

/** A time of day as it stands in a text, `HH:MM`. */
export interface WrittenTime extends Span {
  readonly time: string;
  /** True for the word "midnight", which ends the day that it is said of. */
  readonly isMidnight: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const MONTH = String.raw`(?<month>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`;
const WEEKDAY = String.raw`(?:(?<weekday>(?:sun|mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?)(?:day)?)[\s,.]{0,3}(?:the\s{1,2})?)?`;
const DAY = String.raw`(?<day>[0-3]?\d)`;
const ORDINAL = String.raw`(?:\s{0,1}(?:st|nd|rd|th)\b)?`;
const YEAR = String.raw`(?<year>(?:19|20)\d\d)`;

/** "Friday 14th March 2026", "1st of December", "05-Dec-2025", "9November", "Sunday 7th  Dec 25". */
const DAY_FIRST = new RegExp(
  String.raw`(?<![\d£]|\d[.,/:-])${WEEKDAY}${DAY}${ORDINAL}(?:\s{0,3}of)?[\s,.\-–/]{0,3}${MONTH}(?![a-z])\.?(?:(?:[\s,.\-–/]{0,3}${YEAR}(?!\d))|(?:\s{1,2}|-)['’]?(?<shortYear>\d\d)(?![\d:]|[.,]\d|\s{0,2}(?:am|pm|noon|%|days?|weeks?|hours?|months?|years?|o['’]clock|posts?|and\s)|th|st|nd|rd))?`,
  'gi',
);
/** "November 8th", "Sunday, October 4, 2026". */
const MONTH_FIRST = new RegExp(
  String.raw`(?<![a-z])${WEEKDAY}${MONTH}(?![a-z])\.?\s{1,3}${DAY}${ORDINAL}(?![\d/]|:\d)(?:,?\s{1,2}${YEAR}(?!\d))?`,
  'gi',
);
/** "2026-01-27", "2025/12/05", "2021-03-12T12:00:00". */
const ISO = /(?<![\d£.,/-])(?<year>(?:19|20)\d\d)(?<mark>[-/])(?<month>[01]\d)\k<mark>(?<day>[0-3]\d)(?![\d-])/g;
/** "14/09/2025", "28.02.26", "Monday 05-12-2025". Day before month, always. */
const NUMERIC = new RegExp(
  String.raw`(?<![\d£]|\d[.,/:-])${WEEKDAY}${DAY}\s?(?<mark>[/.\-])\s?(?<month>[0-3]?\d)\s?\k<mark>\s?(?:${YEAR}|(?<shortYear>\d\d))(?![\d/-]|\.\d)`,
  'gi',
);

/** What every date has: a figure beside a mark or a month. */
const MAY_HOLD_DATE =
  /\d\s?[-/.]\s?\d|\d[^£]{0,12}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,7}\.?\s{1,3}\d/i;

/**
 * Every date written in a text, in order, without overlaps. Day comes before month in every numeric form but ISO's.
 * A day or month that the calendar has not (31 November) is given as written: {@link isRealDay} tells.
 */
export function findDates(text: string): WrittenDate[] {
  const found: WrittenDate[] = [];
  if (!MAY_HOLD_DATE.test(text)) return found;
  for (const pattern of [ISO, NUMERIC, DAY_FIRST, MONTH_FIRST]) {
    for (const match of text.matchAll(pattern)) {
      const date = readMatch(match);
      if (date !== null && !found.some((other) => date.start < other.end && other.start < date.end)) found.push(date);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function readMatch(match: RegExpMatchArray): WrittenDate | null {
  const { year, shortYear, month = '', day = '', weekday } = match.groups ?? {};
  const monthNumber = /^\d/.test(month) ? Number(month) : MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  const dayNumber = Number(day);
  if (monthNumber < 1 || monthNumber > 31 || dayNumber < 1 || dayNumber > 31) return null;
  // "06/15/2026" has no such month, and was meant as a date all the same.
  if (monthNumber > 12 && year === undefined) return null;
  const start = match.index ?? 0;
  return {
    year: year !== undefined ? Number(year) : shortYear !== undefined ? 2000 + Number(shortYear) : null,
    month: monthNumber,
    day: dayNumber,
    weekday: weekday === undefined ? null : WEEKDAYS.indexOf(weekday.slice(0, 3).toLowerCase()),
    shortYear: shortYear !== undefined,
    start,
    end: start + match[0].trimEnd().length,
  };
}

const CLOCK =
  /(?<![\d£.,/+-])(?:(?<hour>[01]?\d|2[0-4])(?:[:.](?<minute>[0-5]\d)(?::[0-5]\d)?(?![\d/.-]\d)\s{0,2}(?<half>a\.?m\b\.?|p\.?m\b\.?)?|\s{0,2}(?<wholeHalf>a\.?m\b\.?|p\.?m\b\.?))(?:\s{0,2}(?<word>noon|midday))?|(?<military>[0-2]\d[0-5]\d)\s{0,1}(?:hours|hrs)\b)/gi;
const SPOKEN = /\b(?:12\s{0,2}(?:[:.]00)?\s{0,2})?(?<word>noon|midday|midnight)\b/gi;

/** Every time of day written in a text, in order: clock times with a colon, a stop or am/pm, and noon, midday, midnight. */
export function findTimes(text: string): WrittenTime[] {
  const found: WrittenTime[] = [];
  for (const match of text.matchAll(SPOKEN)) {
    const word = match.groups?.word?.toLowerCase();
    const start = match.index;
    found.push({
      time: word === 'midnight' ? '23:59' : '12:00',
      isMidnight: word === 'midnight',
      start,
      end: start + match[0].length,
    });
  }
  for (const match of text.matchAll(CLOCK)) {
    const start = match.index;
    const end = start + match[0].trimEnd().length;
    if (found.some((other) => start < other.end && other.start < end)) continue;
    const { hour, minute = '00', half, wholeHalf, military } = match.groups ?? {};
    const suffix = (half ?? wholeHalf)?.[0]?.toLowerCase();
    let hours = military === undefined ? Number(hour) : Number(military.slice(0, 2));
    const minutes = military === undefined ? minute : military.slice(2);
    if (suffix === 'p' && hours < 12) hours += 12;
    if (suffix === 'a' && hours === 12) hours = 0;
    if (hours > 23) continue;
    found.push({ time: `${String(hours).padStart(2, '0')}:${minutes}`, isMidnight: false, start, end });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** `YYYY-MM-DD`. */
export function formatDay(day: { year: number; month: number; day: number }): string {
  return `${day.year}-${String(day.month).padStart(2, '0')}-${String(day.day).padStart(2, '0')}`;
}

/** True where the calendar has that day. A missing year passes 29 February. */
export function isRealDay({ year, month, day }: Day): boolean {
  return month <= 12 && day <= new Date(Date.UTC(year ?? 2024, month, 0)).getUTCDate();
}

/** 0 = Sunday … 6 = Saturday. */
export function weekdayOf(day: { year: number; month: number; day: number }): number {
  return new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
}

/** The English name of a weekday number. */
export function weekdayName(weekday: number): string {
  return ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'][weekday] ?? '';
}

/**
 * The first such day on or after `anchor` (or, `direction` −1, the last on or before it) within 366 days; null where
 * none is. `anchor` is `YYYY-MM-DD`.
 */
export function nearestDay(day: Day, anchor: string, direction: 1 | -1): string | null {
  const anchorYear = Number(anchor.slice(0, 4));
  for (const year of [anchorYear, anchorYear + direction]) {
    const candidate = { ...day, year };
    if (!isRealDay(candidate)) continue;
    const written = formatDay(candidate);
    const distance = (Date.parse(written) - Date.parse(anchor)) / 86_400_000;
    if (distance * direction >= 0 && Math.abs(distance) <= 366) return written;
  }
  return null;
}

/** The day `days` after an ISO date. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
