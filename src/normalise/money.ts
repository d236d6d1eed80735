import type { Span } from '../model/span.ts';

export type Period = 'hour' | 'day' | 'week' | 'month' | 'year' | 'session' | 'shift' | 'visit';

/** One or two amounts of money as written: "£24,937 - £26,598", "up to £30k", "£12.60". Pounds. */
export interface WrittenRange extends Span {
  /** Null for "up to". */
  readonly min: number | null;
  /** Null for "from" and "£25,000+". */
  readonly max: number | null;
  /** The period written with the figures; null where none is. */
  readonly period: Period | null;
  /** True where a unit that is no period of pay follows: "£150 per match". */
  readonly hasOtherUnit: boolean;
  /** True where a pound sign or "GBP" stands beside a figure. */
  readonly hasCurrency: boolean;
}

const CURRENCY = String.raw`(?:£|GBP\s?|&pound;)`;
const FIGURE = String.raw`(?:\d{1,3}(?:[,'’]\s?\d{3}){1,2}(?:\.\d{1,2})?|\d{1,3}\s\d{3}(?![\d,])(?:\.\d{2})?|\d{1,6}(?:\.\d{1,2})?)`;
const AMOUNT = new RegExp(
  String.raw`(?<![\d£]|[.,/:](?=\d))(?<currency>${CURRENCY})?\s{0,2}(?<figure>${FIGURE})(?![\d]|[.,]\d)(?:\s?(?<k>k)\b|(?<unit>\s?(?:m|bn|million|billion|mn)\b|p\b(?!\.?[\/ha])))?(?<percent>\s?%)?(?<currencyAfter>\s?GBP\b)?`,
  'gi',
);

/** How each period is written after (or before) a figure. The order matters: "per annum" before "a". */
const PERIODS: readonly (readonly [Period, string])[] = [
  [
    'year',
    String.raw`per\s?annum|per\s?an+um|pa\b(?![A-Z])|p\.\s?a\b\.?|p\/a\b|a\syear|per\syear|each\syear|annually|annual(?:\ssalary)?\b|yearly|\/\s?y(?:ea)?r|per\san\b|p\.annum`,
  ],
  [
    'hour',
    String.raw`per\s?h(?:ou)?rs?\b|p\.?\s?h\.?r?\b|p\/h(?:r|our)?\b|an?\shours?\b|\/\s?h(?:ou)?rs?\b|\/h\b|hourly|phr\b|each\shour|per\shou\b|p\.h\b`,
  ],
  ['day', String.raw`per\sday|a\sday|p\.?d\.?\b|daily|\/\s?day`],
  ['week', String.raw`per\sweek|a\sweek|p\.?w\.?\b|weekly|\/\s?week`],
  ['month', String.raw`per\s(?:calendar\s)?month|a\smonth|p\.?c\.?m\.?\b|monthly|\/\s?month`],
  [
    'session',
    String.raw`per\s(?:clinical\s)?session|a\ssession|\/\s?session|(?:attendance\sfee\s)?(?:per|for\seach)\smeeting`,
  ],
  ['shift', String.raw`per\s(?:\d{1,2}[\s-]hour\s)?shift|a\sshift|\/\s?shift`],
  ['visit', String.raw`per\s(?:\d{1,2}[\s-]minute\s)?visit|a\svisit|\/\s?visit`],
];
const PERIOD_SHAPES = PERIODS.map(
  ([period, shape]) =>
    [
      period,
      new RegExp(
        String.raw`^\+?[\s,(–-]{0,3}(?:gross\s|full[\s-]time\s|fte\s|basic\s|\(gross\)\s|inclusive\s)?(?:${shape})`,
        'i',
      ),
    ] as const,
);
const PERIOD_WORDS = PERIODS.map(
  ([period, shape]) => [period, new RegExp(String.raw`(?<![a-z])(?:${shape})`, 'i')] as const,
);

/** The period that is written at the start of a text, right after a figure; null where none is. */
function periodAfter(text: string): Period | null {
  return PERIOD_SHAPES.find(([, shape]) => shape.test(text))?.[0] ?? null;
}

/** The first period named anywhere in a text; null where none is. */
export function periodIn(text: string): Period | null {
  return PERIOD_WORDS.find(([, shape]) => shape.test(text))?.[0] ?? null;
}

interface Amount extends Span {
  readonly value: number;
  readonly hasCurrency: boolean;
  readonly isThousands: boolean;
  readonly period: Period | null;
  /** Where the period's words end; the amount's end where there are none. */
  readonly periodEnd: number;
  readonly digits: string;
}

function findAmounts(text: string): Amount[] {
  const amounts: Amount[] = [];
  for (const match of text.matchAll(AMOUNT)) {
    const groups = match.groups ?? {};
    const hasCurrency = groups.currency !== undefined || groups.currencyAfter !== undefined;
    if (groups.unit !== undefined || groups.percent !== undefined) continue;
    const digits = groups.figure ?? '';
    const start = match.index + (match[0].length - match[0].trimStart().length);
    const end = match.index + match[0].trimEnd().length;
    const after = text.slice(end, end + 40);
    const period = periodAfter(after);
    const shape = period === null ? null : PERIOD_SHAPES.find(([name]) => name === period)?.[1].exec(after);
    const isThousands = groups.k !== undefined;
    amounts.push({
      value: Number(digits.replace(/[,'’\s]/g, '')) * (isThousands ? 1000 : 1),
      hasCurrency,
      isThousands,
      period,
      periodEnd: end + (shape?.[0].length ?? 0),
      digits,
      start,
      end,
    });
  }
  return amounts;
}

/** Behind a sum: it is paid at times when work pays more than usual. */
const AT_OTHER_TIMES =
  /^\s{0,2}(?:(?:(?:per|an?)\s(?:hour|hr)|\/h(?:ou)?r|p\.?\/?h\.?)\s?)?(?:(?:on|at|for|during|over)\s)?(?:the\s)?(?:nights?|weekends?|saturdays?|sundays?|bank holidays?|evenings?|overtime|unsocial)\b/i;

/** No hour pays more, pounds: a salary with "unsocial hours" behind it is none for other times. */
const MOST_FOR_AN_HOUR = 200;

/** True for a sum that is what nights, weekends or overtime pay. */
export const isForOtherTimes = (sum: number, after: string) => sum < MOST_FOR_AN_HOUR && AT_OTHER_TIMES.test(after);

const JOINS =
  /^\)?\s{0,3}(?:gross\s{1,2})?(?:-|–|—|−|to|up\sto|and|&|rising\sto(?:\sa\smaximum\sof)?|rising\sin\sincrements\sto|through\sto|then|\/|progressing\sto|increasing\sto)\s{0,3}(?:an?\s(?:maximum|max)\sof\s)?\(?$/i;
const RISES =
  /^[^£\d.;()]{0,25}\b(?:rising|increasing|progressing|going up)\b[^£\d.;]{0,40}\bto\s(?:a maximum of\s)?$/i;

/** What makes a second sum a supplement and no end of a range: "and £60 per sleep-in", "rising to £15 at weekends". */
const PER_SOMETHING =
  /^\s{0,2}(?:per|for each|for every|a|an|each|for)\s(?:sleep|waking|night|on[\s-]call|call[\s-]?out|visit|mile|weekend|bank holiday)/i;

/**
 * Every sum or range of sums in a text, in order. A bare figure counts where it has the form of pay ("24,907.00",
 * "10.81ph") and `allowsBare` says that the text is about pay.
 */
export function findRanges(text: string, allowsBare: boolean): WrittenRange[] {
  const amounts = findAmounts(text);
  const ranges: WrittenRange[] = [];
  for (let at = 0; at < amounts.length; at++) {
    const first = amounts[at];
    if (first === undefined) continue;
    const points = [first];
    for (let next = amounts[at + 1]; next !== undefined; next = amounts[at + 1]) {
      const before = points.at(-1) ?? first;
      const between = text.slice(before.periodEnd, next.start);
      const joins =
        JOINS.test(between) ||
        (before.periodEnd > before.end && JOINS.test(text.slice(before.end, next.start))) ||
        RISES.test(between);
      if (!joins || !belongTogether(before, next) || isBeside(text, next)) break;
      points.push(next);
      at++;
    }
    const range = toRange(text, points, allowsBare);
    if (range !== null) ranges.push(range);
  }
  return ranges;
}

/** True for a sum that is paid beside the one before it, and is no end of a range. */
function isBeside(text: string, { value, end }: Amount): boolean {
  const after = text.slice(end, end + 40);
  return PER_SOMETHING.test(after) || isForOtherTimes(value, after);
}

/** Two figures make one range where they are of one size, and of one period. */
function belongTogether(a: Amount, b: Amount): boolean {
  if (!a.hasCurrency && !b.hasCurrency && !a.isThousands && !b.isThousands && !(looksLikePay(a) && looksLikePay(b)))
    return false;
  if (a.period !== null && b.period !== null && a.period !== b.period) return false;
  const [x, y] = [scaled(a, b), scaled(b, a)];
  const low = Math.min(x, y);
  return Math.max(x, y) / Math.max(0.01, low) < (low >= YEARLY ? MISTYPED_RATIO : RATIO);
}

/** The ends of a range are of one size. Two yearly sums are one even where a digit too many was typed. */
const RATIO = 8;
const MISTYPED_RATIO = 20;
const YEARLY = 9000;

/** "£60-£70k" and "30-35k": one k serves both. */
const scaled = (amount: Amount, other: Amount) =>
  !amount.isThousands && other.isThousands && amount.value < 1000 ? amount.value * 1000 : amount.value;

function looksLikePay({ digits, period, value }: Amount): boolean {
  return (
    /[,'’]\s?\d{3}|\d\s\d{3}/.test(digits) ||
    /^\d{5,6}(?:\.\d\d)?$/.test(digits) ||
    period !== null ||
    (/^\d{1,3}\.\d\d$/.test(digits) && value >= 3)
  );
}

/** "£25,000+", "£12.90+ an hour"; a plus with something to add behind it is none. */
const OPEN_END = /^\s?\+(?=\s{0,2}(?:$|[,;.)(]|per\b|p\.?\s?[ah]\b|an?\s|pro\b|DOE\b|depend))/i;

function toRange(text: string, points: readonly Amount[], allowsBare: boolean): WrittenRange | null {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return null;
  const hasCurrency = points.some((point) => point.hasCurrency);
  if (!hasCurrency && !(allowsBare && points.some((point) => looksLikePay(point) || point.isThousands))) return null;
  const values = points.map((point) => scaled(point, points.find((other) => other.isThousands) ?? point));
  const before = text.slice(Math.max(0, first.start - 34), first.start);
  const isUpTo =
    points.length === 1 &&
    /\b(?:up\s?to|maximum(?: of)?|max\.?|to a maximum of|potential to earn|earn up to|not exceeding|capped at)\s{0,3}(?:an?\s)?$/i.test(
      before,
    );
  const isFrom =
    points.length === 1 &&
    (/\b(?:from|starting (?:at|from|salary (?:of|from))|minimum(?: of)?|min\.?|at least|salary from|over|above|in excess of)\s{0,3}(?:an?\s)?$/i.test(
      before,
    ) ||
      OPEN_END.test(text.slice(last.end, last.end + 20)));
  // "£28,000-£35,00": the other end is a figure that nobody can read, and no second name of this one.
  const isAlone = points.length === 1;
  const isCutBefore = isAlone && isUnreadable(/£\s?(\d[\d,.]{0,9})\s{0,2}(?:-|–|—|to)\s{0,2}$/i.exec(before)?.[1]);
  const isCutAfter =
    isAlone &&
    isUnreadable(/^\s{0,2}(?:-|–|—|to)\s{0,2}£\s?(\d[\d,.]{0,9})/i.exec(text.slice(last.end, last.end + 20))?.[1]);
  return {
    min: isUpTo || isCutBefore ? null : Math.min(...values),
    max: isFrom || isCutAfter ? null : Math.max(...values),
    period: points.map((point) => point.period).find((period) => period !== null) ?? null,
    hasOtherUnit: OTHER_UNIT.test(text.slice(last.periodEnd, last.periodEnd + 30)),
    hasCurrency,
    start: first.start,
    end: last.periodEnd,
  };
}

/** True for the digits of a sum that was cut off or mistyped: "35,00". */
const isUnreadable = (digits: string | undefined) =>
  digits !== undefined && !/^(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?[,.]?$/.test(digits);

/** A unit of pay that the contract has no word for. */
const OTHER_UNIT =
  /^\s{0,2}(?:(?:attendance |flat )?fee\s)?(?:per|for each|for every|a)\s(?:match|game|fixture|lesson|class|clinic|assignment|case|report|delivery|parcel|drop|item|assessment|appointment|client|pupil|module|word|page|hearing|inspection|call|job(?!\s?share)|event|performance)\b/i;
