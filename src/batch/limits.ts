/** The limits of an input where nothing else is said: seconds, bytes, and MiB for the process that reads it. */
export const DEFAULT_LIMITS = { timeout: 60, maxBytes: 50 * 2 ** 20, maxMemory: 1024 } as const;

/** What a timer of Node's can hold, in seconds. */
export const MOST_SECONDS = 2_000_000;

/** True for a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
