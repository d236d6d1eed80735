import type { Period } from '../../normalise/money.ts';
import type { Context } from '../field.ts';
import { weeklyHours } from '../hours.ts';
import type { Pay } from './types.ts';

/** Weeks in a year, 365 ÷ 7: the multiplier that NHS pay tables use. */
export const WEEKS_PER_YEAR = 52.143;
/** Agenda for Change's full-time week (Handbook section 10), where the advert states no hours. */
const USUAL_WEEK = 37.5;

/** Figures per year, with the multiplier beside them. Pay per session, shift, visit or day is not annualised. */
export function annualise(context: Context, value: Pay): Pay['annual'] {
  const factors: Partial<Record<Period, number>> = { week: WEEKS_PER_YEAR, month: 12, year: 1 };
  if (value.period === null || (value.min === null && value.max === null)) return null;
  const week = weeklyHours(context);
  const stated = week?.max ?? week?.min ?? null;
  const factor = value.period === 'hour' ? (stated ?? USUAL_WEEK) * WEEKS_PER_YEAR : factors[value.period];
  if (factor === undefined) return null;
  const times = (figure: number | null) => (figure === null ? null : Math.round(figure * factor * 100) / 100);
  return {
    min: times(value.min),
    max: times(value.max),
    hoursPerWeek: value.period === 'hour' ? (stated ?? USUAL_WEEK) : stated,
    weeksPerYear: WEEKS_PER_YEAR,
    hoursStated: stated !== null,
  };
}
