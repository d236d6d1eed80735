import type { FileHandle } from 'node:fs/promises';
import { type ErrorCode, ReadError } from '../model/diagnostic.ts';
import type { Layout } from '../report/serialise.ts';
import type { VacancyRecord } from '../vacancy.ts';
import type { ConvertOptions } from './convert.ts';
import { digest, shortDigest } from './digest.ts';
import { load } from './load.ts';
import { failed, type Outcome, outcomeFrom, sourceOf } from './outcome.ts';

/** How records are written: laid out by who reads the input, or made of the record when it is written. */
export type Format = Layout | 'csv' | 'parquet';

/** What a record depends on besides its input: a record is used again only where all of it is the same. */
export interface Conditions {
  readonly version: string;
  readonly format: Format;
  readonly convert: ConvertOptions;
  /** What stops a record; it counts only for those that were stopped. */
  readonly limits: Readonly<Record<string, unknown>>;
}

/** A journal's line: one record that was written. */
export interface Entry {
  /** The input's path, as its record has it. */
  readonly path: string;
  /** Of the input's bytes; null where they could not be read. */
  readonly sha256: string | null;
  readonly version: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** SHA-256 of the record's text. */
  readonly record: string;
  /** How long that text is, in UTF-8. */
  readonly bytes: number;
  /** What became of the input, where the text does not say it: as in `Outcome`, with its own SHA-256. */
  readonly said?: Pick<Outcome, 'failure' | 'warnings'> & { readonly sha256: string };
}

const STOPPED: ReadonlySet<string> = new Set<ErrorCode>(['input/timeout', 'worker/crashed', 'worker/out-of-memory']);

function optionsFor(
  { format, convert, limits }: Conditions,
  code: string | undefined,
): Readonly<Record<string, unknown>> {
  const { asOf, annualise, evidence, redact } = convert;
  const options = { format, asOf, annualise, evidence, redact };
  return code !== undefined && STOPPED.has(code) ? { ...options, ...limits } : options;
}

/** True where the text of a record is the record itself. */
const isRecord = (format: Format) => format === 'ndjson' || format === 'single' || format === 'array';

const sumOf = ({ failure, warnings }: Pick<Outcome, 'failure' | 'warnings'>) =>
  digest(JSON.stringify([failure, warnings]));

/** The line for a record that was just written; its outcome has the text as it was written. */
export function entryFor(path: string, outcome: Outcome, conditions: Conditions): Entry {
  const { sha256, failure, warnings, text } = outcome;
  return {
    path,
    sha256,
    version: conditions.version,
    options: optionsFor(conditions, failure?.error.code),
    record: digest(text),
    bytes: Buffer.byteLength(text),
    ...(isRecord(conditions.format) ? {} : { said: { failure, warnings, sha256: sumOf(outcome) } }),
  };
}

/**
 * The outcome that a record's text stands for, where it is the one that was noted and the input would give it again; it
 * reads the input. All that is said of it is taken from the record itself, or is seen to be whole: a journal may be damaged.
 *
 * @param entry what was noted, where it is known.
 * @param isNoted whether what the record would be noted as is what was noted.
 */
export function stillRight(
  text: string,
  path: string,
  conditions: Conditions,
  entry: Entry | null,
  isNoted: (entry: Entry) => boolean,
): Outcome | null {
  const outcome = path === '-' ? null : isRecord(conditions.format) ? readOutcome(text) : outcomeIn(entry, text);
  if (outcome === null || !isNoted(entryFor(path, outcome, conditions))) return null;
  return wouldGive(outcome, path, conditions.convert) ? outcome : null;
}

/** Null where the text is no record. */
function readOutcome(text: string): Outcome | null {
  try {
    return outcomeFrom(JSON.parse(text) as VacancyRecord, text);
  } catch {
    return null;
  }
}

/** The outcome that an entry has of a text that is no record. */
function outcomeIn(entry: Entry | null, text: string): Outcome | null {
  if (entry?.said == null || typeof entry.said !== 'object' || sumOf(entry.said) !== entry.said.sha256) return null;
  const { failure, warnings } = entry.said;
  return { text, sha256: entry.sha256, failure, warnings };
}

function wouldGive({ failure, sha256 }: Outcome, path: string, { maxBytes, layout }: ConvertOptions): boolean {
  try {
    return digest(load(path, maxBytes)) === sha256;
  } catch (cause) {
    if (!(cause instanceof ReadError)) throw cause;
    const now = failed(sourceOf(path), cause.code, cause.detail, layout).failure;
    return JSON.stringify(now) === JSON.stringify(failure);
  }
}

/** True where two entries note the same; what else a line holds does not count. */
export const isSameEntry = (one: Entry, other: Entry) => noted(one) === noted(other);

const noted = ({ path, sha256, version, options, record, bytes, said }: Entry) =>
  JSON.stringify([path, sha256, version, options, record, bytes, said?.sha256]);

/** An entry as a number, for where there may be millions. */
export const entryNumber = (entry: Entry) => shortDigest(noted(entry), 48);

/** A journal's entries, with the byte after each. A line that is none is left out: a stop may have cut it. */
export async function* readEntries(handle: FileHandle): AsyncGenerator<{ entry: Entry; end: number }> {
  let rest = Buffer.alloc(0);
  let end = 0;
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2 ** 16), 0, 2 ** 16, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    for (let newline = rest.indexOf(10); newline >= 0; newline = rest.indexOf(10)) {
      const entry = readEntry(rest.toString('utf8', 0, newline));
      end += newline + 1;
      rest = rest.subarray(newline + 1);
      if (entry !== null) yield { entry, end };
    }
  }
}

function readEntry(line: string): Entry | null {
  try {
    const entry = JSON.parse(line) as Partial<Entry> | null;
    const isWhole =
      typeof entry?.path === 'string' &&
      typeof entry.record === 'string' &&
      typeof entry.bytes === 'number' &&
      typeof entry.options === 'object';
    return isWhole ? (entry as Entry) : null;
  } catch {
    return null;
  }
}
