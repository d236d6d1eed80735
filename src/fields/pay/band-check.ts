import type bandData from '../../data/agenda-for-change.json';
import { loadData } from '../../data/load.ts';
import { findDates } from '../../normalise/calendar.ts';
import type { Passage } from '../../segment/passages.ts';
import { type Context, factsOf } from '../field.ts';
import type { Pay } from './types.ts';

interface PayYear {
  readonly nation: string;
  readonly from: string;
  readonly status: string;
  readonly bands: Readonly<Record<string, readonly number[]>>;
}

let years: readonly PayYear[] | undefined;

/** Adverts carry last year's figures until the award is paid, sometimes the year's before. */
const LAG_YEARS = 2;
/** Published tables are rounded to the pound, and adverts round again. */
const TOLERANCE = 2;

/**
 * Warns `pay/band-mismatch` where stated annual figures fit the band in no nation and no pay year around the advert's
 * date. Nothing is said where a table is from memory only, or where a supplement may be part of the figures.
 */
export function checkBand(context: Context, pay: Pay, passage: Passage): void {
  const { band, min, max } = pay;
  if (band === null || band.includes('-') || pay.period !== 'year' || min === null || max === null) return;
  if (
    pay.supplements.some(({ included }) => included === true) ||
    pay.flags.includes('multiple-ranges') ||
    /\binc\b|inclusive|weighting|HCA|salary includes/i.test(passage.text)
  )
    return;
  years ??= loadData<typeof bandData>('agenda-for-change.json').years as unknown as readonly PayYear[];
  const year = advertYear(context);
  const tables = years.filter(
    ({ from }) => year === null || (Number(from.slice(0, 4)) <= year && Number(from.slice(0, 4)) >= year - LAG_YEARS),
  );
  const known = tables.filter(({ bands }) => bands[band] !== undefined);
  if (known.length === 0) return;
  const fits = known.some(
    ({ bands }) => min >= (bands[band]?.[0] ?? 0) - TOLERANCE && max <= (bands[band]?.[1] ?? 0) + TOLERANCE,
  );
  if (fits) return;
  const latest = known.filter(({ nation, status }) => nation === 'england' && status === 'found').at(-1);
  const range = latest?.bands[band];
  if (latest === undefined || range?.[0] === undefined || range[1] === undefined) return;
  context.warn({
    code: 'pay/band-mismatch',
    args: { band, min: range[0], max: range[1], year: latest.from.slice(0, 4) },
    field: '/pay',
    span: { start: passage.start, end: passage.start + passage.text.length },
  });
}

/** The year of the first labelled date that gives one; null where none does. */
function advertYear(context: Context): number | null {
  for (const fact of factsOf(context, 'closingDate', 'datePosted', 'interviewDate', 'startDate')) {
    const [date] = findDates(fact.values[0].text);
    if (date !== undefined && date.year !== null) return date.year;
  }
  return context.asOf === null ? null : Number(context.asOf.slice(0, 4));
}
