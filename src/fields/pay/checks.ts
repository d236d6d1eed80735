import type bandData from '../../data/agenda-for-change.json';
import type serviceData from '../../data/civil-service.json';
import type areaData from '../../data/high-cost-area.json';
import { loadData } from '../../data/load.ts';
import type medicalData from '../../data/medical-and-dental.json';
import type wageData from '../../data/minimum-wage.json';
import type pointData from '../../data/njc-points.json';
import type teacherData from '../../data/teachers.json';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Span } from '../../model/span.ts';
import { findDates, formatDay, isRealDay } from '../../normalise/calendar.ts';
import { foldPhrase } from '../../normalise/phrases.ts';
import { type Context, factsOf } from '../field.ts';
import { weeklyHours } from '../hours.ts';
import { WEEKS_PER_YEAR } from './annual.ts';
import type { Bounds, Pay } from './types.ts';

/** A table's year: figures from that day on, and how they were come by. Nothing is said against figures from memory. */
interface Dated {
  readonly from: string;
  readonly status: string;
}
interface BandYear extends Dated {
  readonly nation: string;
  readonly bands: Readonly<Record<string, readonly number[]>>;
}
interface RangeYear extends Dated {
  readonly range: readonly number[];
}

/** A table that is read from its file when a check first asks for it. */
function lazily<Table>(read: () => Table): () => Table {
  let table: Table | undefined;
  return () => (table ??= read());
}

const bandYears = lazily(
  () => loadData<typeof bandData>('agenda-for-change.json').years as unknown as readonly BandYear[],
);
const areaYears = lazily(() => loadData<typeof areaData>('high-cost-area.json').years);
const wageRates = lazily(() => loadData<typeof wageData>('minimum-wage.json').rates);
const pointYears = lazily(
  (): readonly (Dated & { readonly points: Readonly<Record<string, number>> })[] =>
    loadData<typeof pointData>('njc-points.json').years,
);
const teacherYears = lazily(() => loadData<typeof teacherData>('teachers.json').years);
const serviceYears = lazily(
  (): readonly (Dated & { readonly bands: Readonly<Record<string, readonly number[]>> })[] =>
    loadData<typeof serviceData>('civil-service.json').years,
);
const medicalGrades = lazily(() => loadData<typeof medicalData>('medical-and-dental.json').grades);

/** Adverts carry last year's figures until the award is paid, sometimes the year's before. */
const LAG_YEARS = 2;
/** Published tables are rounded to the pound, and adverts round again. */
const TOLERANCE = 2;

/**
 * Holds the stated pay against what is published and against itself, and warns where they disagree. The figures stay as
 * stated. Nothing is said where the table that would say it is from memory. Without a date in the advert a band is held
 * against all years, and spine points, scales and the minimum wage against none.
 */
export function checkPay(context: Context, pay: Pay, at: Span): void {
  const day = advertDay(context);
  const warn = (diagnostic: Finding) => context.warn({ ...diagnostic, field: '/pay', span: at } as Diagnostic);
  const stated: Stated = {
    pay,
    text: context.document.text.slice(at.start, at.end),
    day,
  };
  for (const check of [checkHighCostArea, checkBand, checkPoints, checkScale, checkWage, checkPeriods, checkActual]) {
    const finding = check(stated, context);
    if (finding !== null) warn(finding);
  }
}

type Finding = Pick<Diagnostic, 'code' | 'args'>;

/** What is held against the tables. */
interface Stated {
  readonly pay: Pay;
  /** The statement's own words. */
  readonly text: string;
  /** The first labelled day that has a year, else the day of reading; null where there is neither. */
  readonly day: string | null;
}

function advertDay(context: Context): string | null {
  for (const fact of factsOf(context, 'closingDate', 'datePosted', 'interviewDate', 'startDate')) {
    const [date] = findDates(fact.values[0].text);
    if (date?.year != null && isRealDay(date)) return formatDay({ ...date, year: date.year });
  }
  return context.asOf;
}

/** The years of a table that an advert of that day may carry: its own and those before, until awards are paid. */
function current<Year extends { readonly from: string }>(years: readonly Year[], day: string, lag = LAG_YEARS): Year[] {
  const least = `${Number(day.slice(0, 4)) - lag}${day.slice(4)}`;
  return years.filter(({ from }, index) => from <= day && (years[index + 1]?.from ?? '9999') > least);
}

const isWithin = ({ min, max }: Bounds, low: number, high: number) =>
  (min ?? max ?? 0) >= low - TOLERANCE && (max ?? min ?? 0) <= high + TOLERANCE;

/** A yearly range of one grade, to which nothing is added. */
const isPlainYear = ({ pay }: Stated) =>
  pay.period === 'year' &&
  (pay.min !== null || pay.max !== null) &&
  !pay.flags.includes('multiple-ranges') &&
  !pay.supplements.some(({ included }) => included === true);

/** Words that say that the figures hold more than basic pay. */
const HOLDS_MORE = /\binc\b|inclusive|including|weighting|\bHCA|salary includes|fringe|london/i;

/** `pay/band-mismatch`: figures that fit the band in no nation and no pay year around the advert's date. */
function checkBand(stated: Stated): Finding | null {
  const { pay, text, day } = stated;
  const { band, min, max } = pay;
  if (band === null || band.includes('-') || min === null || max === null) return null;
  if (!isPlainYear(stated) || HOLDS_MORE.test(text)) return null;
  const bands = bandYears();
  const byNation = [...new Set(bands.map(({ nation }) => nation))].map((nation) =>
    bands.filter((year) => year.nation === nation && year.bands[band] !== undefined),
  );
  const known = byNation.flatMap((years) => (day === null ? years : current(years, day)));
  if (known.some((year) => isWithin(pay, year.bands[band]?.[0] ?? 0, year.bands[band]?.[1] ?? 0))) return null;
  const latest = known.findLast(({ nation, status }) => nation === 'england' && status === 'found');
  const [low, high] = latest?.bands[band] ?? [];
  if (latest === undefined || low === undefined || high === undefined) return null;
  return { code: 'pay/band-mismatch', args: { band, min: low, max: high, year: latest.from.slice(0, 4) } };
}

/** `pay/high-cost-area`: figures that are said to include the supplement and are the basic scale. */
function checkHighCostArea({ pay, text, day }: Stated): Finding | null {
  const { band, min, max } = pay;
  if (/\b(?:not|excl\w*|exclusive|plus|without)\b[^.;]{0,20}(?:HCAS?\b|high[\s-]cost|london weighting)/i.test(text))
    return null;
  const claims =
    pay.supplements.some(({ type, included }) => type === 'high-cost-area' && included === true) ||
    /\binc(?:l(?:uding|usive)?)?\.?\s(?:of\s)?(?:HCAS?|high[\s-]cost|(?:inner |outer )?london weighting)/i.test(text);
  if (!claims || band === null || min === null || max === null || pay.period !== 'year') return null;
  const england = bandYears().filter((year) => year.nation === 'england' && year.status !== 'memory');
  const years = day === null ? england : current(england, day);
  const basic = years.find(({ bands: each }) => each[band]?.[0] === min && each[band]?.[1] === max);
  if (basic === undefined) return null;
  const supplement = areaYears().find(({ from }) => from === basic.from)?.zones.fringe;
  const least = supplement === undefined || supplement.status === 'memory' ? null : supplement.min;
  return { code: 'pay/high-cost-area', args: { band, year: basic.from.slice(0, 4), least } };
}

/** `pay/spine-point-mismatch`: yearly figures that are no pay of the spine points beside them. */
function checkPoints(stated: Stated, context: Context): Finding | null {
  const { pay, text, day } = stated;
  const { spinePoints } = pay;
  if (pay.scheme !== 'njc' || spinePoints === null || day === null || !isPlainYear(stated)) return null;
  if (pay.min === null || pay.max === null || HOLDS_MORE.test(text)) return null;
  // London has a spine of its own.
  if (/\bGLPC\b|\bLondon\b/i.test(context.document.text)) return null;
  const years = current(pointYears(), day).flatMap((year) => {
    const [low, high] = [year.points[spinePoints.min], year.points[spinePoints.max]];
    return low === undefined || high === undefined ? [] : [{ ...year, low, high }];
  });
  const latest = years.at(-1);
  if (latest === undefined || years.some(({ status }) => status === 'memory')) return null;
  if (years.some(({ low, high }) => isWithin(pay, low, high))) return null;
  const { low, high } = latest;
  const name = spinePoints.min === spinePoints.max ? `${spinePoints.min}` : `${spinePoints.min} to ${spinePoints.max}`;
  return {
    code: 'pay/spine-point-mismatch',
    args: { points: name, min: low, max: high, year: latest.from.slice(0, 4) },
  };
}

/** `pay/scale-mismatch`: figures outside the published range of a grade of teachers, doctors or senior civil servants. */
function checkScale(stated: Stated): Finding | null {
  const { pay, day } = stated;
  if (day === null || !isPlainYear(stated) || pay.proRata || pay.actual !== null) return null;
  const scale = publishedScale(stated);
  if (scale === null) return null;
  const years = current(scale.years, day, 1); // these awards are seldom more than months late
  const latest = years.at(-1);
  const [low, high] = latest?.range ?? [];
  if (latest === undefined || low === undefined || high === undefined) return null;
  if (years.some(({ status }) => status === 'memory')) return null;
  if (years.some(({ range }) => isWithin(pay, range[0] ?? 0, range[1] ?? 0))) return null;
  return {
    code: 'pay/scale-mismatch',
    args: { scale: scale.name, min: low, max: high, year: latest.from.slice(0, 4) },
  };
}

/** The published range that the words of a pay statement name; null where no table has it. */
function publishedScale({ pay, text }: Stated): { name: string; years: readonly RangeYear[] } | null {
  const words = foldPhrase(`${pay.grade ?? ''} ${text}`);
  if (pay.scheme === 'teachers') {
    const hasMain = /\b(?:mps|mpr|main|m ?[1-6])\b/.test(words);
    const hasUpper = /\b(?:ups|upr|upper|u ?[1-3])\b/.test(words);
    // Leadership, unqualified teachers, allowances: no table, or not on top of nothing.
    if ((!hasMain && !hasUpper) || /\b(?:tlr|sen|leadership|unqualified|lead practitioner|allowance)\b/.test(words))
      return null;
    return {
      name:
        hasMain && hasUpper ? 'the main and upper pay range' : hasMain ? 'the main pay range' : 'the upper pay range',
      years: teacherYears().map(({ from, areas }) => ({
        from,
        status: areas.some(
          ({ mainStatus, upperStatus }) =>
            (hasMain && mainStatus === 'memory') || (hasUpper && upperStatus === 'memory'),
        )
          ? 'memory'
          : 'found',
        range: [
          Math.min(...areas.map(({ main, upper }) => (hasMain ? main : upper)[0] ?? 0)),
          Math.max(...areas.map(({ main, upper }) => (hasUpper ? upper : main)[1] ?? 0)),
        ],
      })),
    };
  }
  if (pay.scheme === 'civil-service') {
    const band = /\bscs(?: pay band)? ?([123])\b/.exec(words)?.[1];
    if (band === undefined) return null;
    return {
      name: `SCS pay band ${band}`,
      years: serviceYears().map(({ from, status, bands }) => ({ from, status, range: bands[band] ?? [] })),
    };
  }
  if (pay.scheme !== 'medical-and-dental') return null;
  const grade = medicalGrades().find((each) =>
    each.words.some((name) => new RegExp(String.raw`\b${name}\b`).test(words)),
  );
  return grade === undefined ? null : { name: `the grade of ${grade.grade}`, years: grade.years };
}

/** Rounding of yearly sums to an hour's pay, pounds. */
const PENNIES = 0.02;
/** The shortest week that is anywhere called full, hours: a full-time sum cannot come to more an hour than for this. */
const SHORTEST_WEEK = 35;
/** The longest, as rotas of care homes and drivers have it. */
const LONGEST_WEEK = 49;

/** Words for whom other rates hold, or that say that the rate is not one. */
const OTHER_RATES =
  /\bapprentic|\bunder[\s-]?(?:1[6-9]|2\d)s?\b|\b(?:aged?|over) (?:1[6-9]|2\d)\b|\b(?:1[6-9]|2[0-4])\s?(?:-|–|to|\+|and over|or over|years?)|\b(?:depend\w* on|by|according to) age\b|\btraining allowance\b|\bsleep[\s-]?in\b|\bstipend|\bbursary|\bhonorari/i;
/** A year of fewer weeks than 52: term time. */
const PART_YEAR = /\bterm[\s-]time|\b(?:3\d|4\d|50|51)(?:\.\d{1,2})? (?:working |paid )?weeks\b/i;

/** `pay/below-minimum-wage`: less than the National Living Wage of the advert's day. */
function checkWage({ pay, text, day }: Stated, context: Context): Finding | null {
  if (day === null || pay.flags.includes('unpaid')) return null;
  const rate = wageRates().find(({ from, to }) => from <= day && day <= to);
  const lowest = pay.min ?? pay.max;
  if (rate === undefined || rate.status === 'memory' || lowest === null) return null;
  const whole = context.document.text;
  if (OTHER_RATES.test(text) || /\bapprentic|\bvolunteer|\binternship\b/i.test(whole)) return null;
  let perHour: number | null = null;
  let isMost = false;
  if (pay.period === 'hour') perHour = lowest;
  else if (pay.period === 'year' && (pay.proRata || pay.actual !== null)) {
    perHour = lowest / (SHORTEST_WEEK * WEEKS_PER_YEAR);
    isMost = true;
  } else if (pay.period === 'year') {
    const own = weeklyHours(context);
    const isFull = own !== null && own.min === own.max && (own.min ?? 0) >= 30 && !PART_YEAR.test(whole);
    if (isFull) perHour = lowest / ((own.min ?? 0) * WEEKS_PER_YEAR);
  }
  if (perHour === null || perHour >= rate.adult - PENNIES) return null;
  return {
    code: 'pay/below-minimum-wage',
    args: { rate: rate.adult, from: rate.from, perHour: Math.round(perHour * 100) / 100, isMost },
  };
}

/** `pay/periods-disagree`: an hourly and a yearly figure that no working week makes one. */
function checkPeriods({ pay }: Stated, context: Context): Finding | null {
  const { alternative } = pay;
  if (alternative === null) return null;
  const [hour, year] =
    pay.period === 'hour' && alternative.period === 'year'
      ? [pay, alternative]
      : pay.period === 'year' && alternative.period === 'hour'
        ? [alternative, pay]
        : [null, null];
  const [perHour, perYear] = [hour?.min ?? hour?.max ?? null, year?.min ?? year?.max ?? null];
  if (perHour === null || perYear === null) return null;
  const weekly = perYear / (perHour * WEEKS_PER_YEAR);
  const isFullTime = weekly >= SHORTEST_WEEK - 1 && weekly <= LONGEST_WEEK;
  // For the post's own hours: all the year, or term time with its paid leave.
  const own = isFullTime ? null : weeklyHours(context);
  const isOwn = own !== null && weekly >= 0.8 * (own.min ?? own.max ?? 0) && weekly <= 1.05 * (own.max ?? own.min ?? 0);
  // Where the advert states no hours, any week that somebody works may be the post's.
  if (isFullTime || isOwn || (own === null && weekly > 1 && weekly <= LONGEST_WEEK)) return null;
  return { code: 'pay/periods-disagree', args: { hours: Math.round(weekly * 10) / 10 } };
}

/** No actual pay is so many times the full-time figure: the two are of other periods. */
const OTHER_PERIOD = 20;

/** `pay/actual-mismatch`: actual pay that is more than the full-time figure, or no share of it that the hours explain. */
function checkActual({ pay }: Stated, context: Context): Finding | null {
  const { actual, min, max } = pay;
  const [paid, full] = [actual?.min ?? actual?.max ?? null, min ?? max];
  if (paid === null || full === null || full === 0) return null;
  const share = paid / full;
  if (share > OTHER_PERIOD) return null; // a year's pay beside an hour's
  if (share > 1.005) return { code: 'pay/actual-mismatch', args: { actual: paid, fullTime: full, hours: null } };
  const own = weeklyHours(context);
  // "0.5 FTE (full time is 37 hours per week)": not the post's own hours.
  const weekly =
    own !== null && own.min === own.max && !/\bF\.?T\.?E|\bW\.?T\.?E|full[\s-]time/i.test(own.text ?? '')
      ? own.min
      : null;
  if (weekly === null) return null;
  // A full week has 35 to 40 hours, and who works in term time only is paid for 39 weeks of 52 and leave on top.
  if (share >= (0.75 * weekly) / 40 && share <= (1.04 * weekly) / 35) return null;
  return { code: 'pay/actual-mismatch', args: { actual: paid, fullTime: full, hours: weekly } };
}
