import type { ErrorCode } from '../model/diagnostic.ts';
import { toErrorRecord } from '../report/record.ts';
import { type Layout, serialise, serialiseError } from '../report/serialise.ts';
import type { ErrorRecord, RecordWarning, Source, VacancyRecord } from '../vacancy.ts';
import { shownName } from './names.ts';

/** What became of an input. */
export interface Outcome {
  /** The record, laid out. */
  readonly text: string;
  readonly sha256: string | null;
  /** The record itself, where it is one of an error. */
  readonly failure: ErrorRecord | null;
  /** Without their sentences, which quote the advert: this is for what is said beside the records. */
  readonly warnings: readonly Omit<RecordWarning, 'message'>[];
}

const UNKNOWN: Omit<Source, 'path'> = { format: null, bytes: null, sha256: null, pages: null, encoding: null };

/** What is known of an input that was not read to its end. */
export function sourceOf(path: string, known: Partial<Source> = {}): Source {
  return { path: shownName(path), ...UNKNOWN, ...known };
}

/** The outcome of an input that gives an error record. */
export function failed(source: Source, code: ErrorCode, detail: string, layout: Layout): Outcome {
  const record = toErrorRecord(source, code, detail);
  return outcomeFrom(record, serialiseError(record, layout));
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
    warnings: record.status === 'ok' ? record.warnings.map(({ message: _, ...warning }) => warning) : [],
  };
}

/** Thrown for an input that no worker had begun when the pool was told to stop. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}
