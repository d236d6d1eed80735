import type { Period } from '../../normalise/money.ts';
import type { Scheme } from './grade.ts';
import type { Supplement } from './supplements.ts';

export const PERIODS = ['hour', 'day', 'week', 'month', 'year', 'session', 'shift', 'visit'] as const;
export const FLAGS = [
  'competitive',
  'negotiable',
  'depending-on-experience',
  'pay-award-pending',
  'unpaid',
  'multiple-ranges',
] as const;

export type Flag = (typeof FLAGS)[number];

/** The two ends of a range of pay, pounds; null where the advert leaves one open. */
export interface Bounds {
  min: number | null;
  max: number | null;
}

/** A post's pay as the record states it. */
export interface Pay extends Bounds {
  text: string | null;
  currency: 'GBP' | null;
  period: Period | null;
  periodStated: boolean | null;
  proRata: boolean;
  actual: Bounds | null;
  alternative: (Bounds & { period: Period }) | null;
  scheme: Scheme | null;
  grade: string | null;
  band: string | null;
  spinePoints: { min: number; max: number } | null;
  supplements: Supplement[];
  flags: Flag[];
  annual?: (Bounds & { hoursPerWeek: number | null; weeksPerYear: number; hoursStated: boolean }) | null | undefined;
}

/** True where two ranges have the same ends. */
export const sameBounds = (a: Bounds, b: Bounds): boolean => a.min === b.min && a.max === b.max;
