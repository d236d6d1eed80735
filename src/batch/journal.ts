import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type ErrorCode, ReadError } from '../model/diagnostic.ts';
import type { Layout } from '../report/serialise.ts';
import type { VacancyRecord } from '../vacancy.ts';
import { load } from './load.ts';
import { failed, type Outcome, sourceOf } from './outcome.ts';

/** What a record depends on besides its input: a record is used again only where all of it is the same. */
export interface Conditions {
  readonly layout: Layout;
  readonly version: string;
  /** What changes records. */
  readonly options: Readonly<Record<string, unknown>>;
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
}

const STOPPED: ReadonlySet<string> = new Set<ErrorCode>(['input/timeout', 'worker/crashed', 'worker/out-of-memory']);

/** The SHA-256 of a text, in hexadecimal. */
export const digestText = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

function optionsFor(conditions: Conditions, code: string | undefined): Readonly<Record<string, unknown>> {
  const { options, limits } = conditions;
  return code !== undefined && STOPPED.has(code) ? { ...options, ...limits } : options;
}

/** The line for a record that was just written. */
export function entryFor(path: string, outcome: Outcome, conditions: Conditions): Entry {
  const { sha256, failure, text } = outcome;
  return {
    path,
    sha256,
    version: conditions.version,
    options: optionsFor(conditions, failure?.error.code),
    record: digestText(text),
    bytes: Buffer.byteLength(text),
  };
}

/**
 * The outcome that an entry stands for, where the input would give that record again; it reads the input. All that is
 * said of it is taken from the record itself, whose digest is checked: a journal may be damaged.
 *
 * @param text the record, as it stands in the output.
 */
export function stillRight(
  entry: Entry,
  text: string,
  path: string,
  conditions: Conditions,
  maxBytes: number,
): Outcome | null {
  if (path === '-' || digestText(text) !== entry.record) return null;
  const record = JSON.parse(text) as VacancyRecord;
  const failure = record.status === 'error' ? record : null;
  const { sha256 } = record.source;
  const outcome: Outcome = { text, sha256, failure, warnings: record.status === 'ok' ? record.warnings : [] };
  if (JSON.stringify(entryFor(path, outcome, conditions)) !== JSON.stringify(pick(entry))) return null;
  return wouldGive(outcome, path, conditions, maxBytes) ? outcome : null;
}

const pick = ({ path, sha256, version, options, record, bytes }: Entry): Entry => ({
  path,
  sha256,
  version,
  options,
  record,
  bytes,
});

function wouldGive({ text, sha256 }: Outcome, path: string, conditions: Conditions, maxBytes: number): boolean {
  try {
    return digestText(Buffer.from(load(path, maxBytes))) === sha256;
  } catch (cause) {
    if (!(cause instanceof ReadError)) throw cause;
    return failed(sourceOf(path), cause.code, cause.detail, conditions.layout).text === text;
  }
}

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
