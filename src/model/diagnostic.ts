import type { Span } from './span.ts';

/** Every warning there is, with the arguments that its sentence needs (written in `report/messages.ts`). */
export interface WarningArgs {
  'contract/conflict': { quote: string };
  'document/not-a-vacancy': { quote: string | null };
  'document/several-vacancies': { count: number; quote: string };
  'document/tracked-changes': Record<string, never>;
  'document/unread-pages': { pages: string };
  'document/unreadable-font': { characters: number };
  'hours/conflict': { quote: string };
  'date/impossible': { quote: string };
  'date/midnight': { quote: string };
  'date/no-year': { quote: string };
  'date/relative': { quote: string };
  'date/several': { quote: string };
  'date/unlabelled': { quote: string };
  'date/week': { quote: string };
  'date/weekday-mismatch': { quote: string; weekday: string };
  'date/year-inferred': { quote: string; date: string };
  'closingDate/conflict': { quote: string };
  'datePosted/conflict': { quote: string };
  'dbs/conflict': { quote: string };
  'interviewDate/conflict': { quote: string };
  'location/multiple': { quote: string };
  'pay/actual-mismatch': { actual: number; fullTime: number; hours: number | null };
  'pay/band-mismatch': { band: string; min: number; max: number; year: string };
  'pay/below-minimum-wage': { rate: number; from: string; perHour: number; isMost: boolean };
  'pay/conflict': { quote: string };
  'pay/high-cost-area': { band: string; year: string; least: number | null };
  'pay/period-inferred': { period: string };
  'pay/period-unknown': { quote: string };
  'pay/periods-disagree': { hours: number };
  'pay/scale-mismatch': { scale: string; min: number; max: number; year: string };
  'pay/spine-point-mismatch': { points: string; min: number; max: number; year: string };
  'reference/conflict': { quote: string };
  'startDate/conflict': { quote: string };
  'title/conflict': { quote: string };
}

export type WarningCode = keyof WarningArgs;

/** A finding about a value: a code, a place and arguments. The English sentence is made at the edge. */
export type Diagnostic = {
  [Code in WarningCode]: {
    readonly code: Code;
    readonly args: WarningArgs[Code];
    /** JSON Pointer into `vacancy`, or null. */
    readonly field: string | null;
    readonly span: Span | null;
  };
}[WarningCode];

/** Every way in which an input can fail. The codes are stable: they are part of the product's contract. */
export const ERROR_CODES = [
  'input/not-found',
  'input/not-readable',
  'input/too-large',
  'input/unknown-format',
  'input/empty',
  'input/timeout',
  'pdf/encrypted',
  'pdf/corrupt',
  'pdf/no-text-layer',
  'pdf/unreadable-text',
  'docx/corrupt',
  'docx/not-word',
  'docx/encrypted',
  'doc/legacy',
  'zip/bomb',
  'worker/crashed',
  'worker/out-of-memory',
  'internal/unexpected',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Thrown by a reader when nothing can be read. `detail` is for a person, in a few words, or empty. */
export class ReadError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail = '', options?: ErrorOptions) {
    super(detail === '' ? code : `${code}: ${detail}`, options);
    this.name = 'ReadError';
    this.code = code;
    this.detail = detail;
  }
}
