import type { ErrorCode } from '../model/diagnostic.ts';
import { toErrorRecord } from '../report/record.ts';
import { type Layout, serialise } from '../report/serialise.ts';
import type { ErrorRecord, Source, VacancyRecord } from '../vacancy.ts';

/** What became of an input. */
export interface Outcome {
  /** The record, laid out. */
  readonly text: string;
  readonly sha256: string | null;
  /** The record itself, where it is one of an error. */
  readonly failure: ErrorRecord | null;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

const UNKNOWN: Omit<Source, 'path'> = { format: null, bytes: null, sha256: null, pages: null, encoding: null };

/** What is known of an input that was not read to its end. */
export function sourceOf(path: string, known: Partial<Source> = {}): Source {
  return { path, ...UNKNOWN, ...known };
}

/** The outcome of an input that gives an error record. */
export function failed(source: Source, code: ErrorCode, detail: string, layout: Layout): Outcome {
  return toOutcome(toErrorRecord(source, code, detail), layout);
}

export function toOutcome(record: VacancyRecord, layout: Layout): Outcome {
  return outcomeFrom(record, serialise(record, layout));
}

/** What became of an input by its record, whose text is given. */
export function outcomeFrom(record: VacancyRecord, text: string): Outcome {
  return {
    text,
    sha256: record.source.sha256,
    failure: record.status === 'error' ? record : null,
    warnings: record.status === 'ok' ? record.warnings.map(({ code, message }) => ({ code, message })) : [],
  };
}

/** Thrown for an input that no worker had begun when the pool was told to stop. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}
