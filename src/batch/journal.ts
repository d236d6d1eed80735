import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type ErrorCode, ReadError } from '../model/diagnostic.ts';
import type { ErrorRecord } from '../vacancy.ts';
import { load } from './load.ts';
import type { Outcome } from './outcome.ts';

/** What a record depends on besides its input: a record is used again only where all of it is the same. */
export interface Conditions {
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
  readonly warnings: readonly string[];
  readonly failure: ErrorRecord | null;
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
    warnings: [...new Set(outcome.warnings.map(({ code }) => code))],
    failure,
  };
}

/** True where an input would give the record of an entry again. It reads the input. */
export async function isStillRight(
  entry: Pick<Entry, 'path' | 'sha256' | 'version' | 'options' | 'failure'>,
  path: string,
  conditions: Conditions,
  maxBytes: number,
): Promise<boolean> {
  const code = entry.failure?.error.code;
  if (path === '-' || entry.path !== path || entry.version !== conditions.version) return false;
  if (JSON.stringify(entry.options) !== JSON.stringify(optionsFor(conditions, code))) return false;
  try {
    return digestText(Buffer.from(load(path, maxBytes))) === entry.sha256;
  } catch (cause) {
    return cause instanceof ReadError && entry.sha256 === null && cause.code === code;
  }
}

/** An outcome that an earlier run wrote. */
export function outcomeOf({ sha256, failure, warnings }: Pick<Entry, 'sha256' | 'failure' | 'warnings'>): Outcome {
  return { text: '', sha256, failure, warnings: warnings.map((code) => ({ code, message: '' })) };
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
      typeof entry.options === 'object' &&
      Array.isArray(entry.warnings);
    return isWhole ? (entry as Entry) : null;
  } catch {
    return null;
  }
}
