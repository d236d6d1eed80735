import { readFile } from 'node:fs/promises';
import { type ErrorCode, ReadError } from '../model/diagnostic.ts';
import { digest, type Parsed, type ParseOptions, parse } from '../parse.ts';
import { toErrorRecord, toRecord } from '../report/record.ts';
import type { Source, VacancyRecord } from '../vacancy.ts';
import { regularSize } from './inputs.ts';
import type { Io } from './io.ts';

export interface ConvertOptions extends ParseOptions {
  readonly maxBytes: number;
  readonly evidence: boolean;
}

const UNKNOWN: Omit<Source, 'path'> = { format: null, bytes: null, sha256: null, pages: null, encoding: null };

/** One input's record, whatever becomes of it. Nothing is thrown for a file that cannot be read. */
export async function convert(path: string, options: ConvertOptions, io: Io): Promise<VacancyRecord> {
  let source: Source = { path, ...UNKNOWN };
  try {
    const bytes = await load(path, options.maxBytes, io);
    source = { ...source, bytes: bytes.length, sha256: digest(bytes) };
    const parsed = await parse(bytes, path, options);
    return toRecord(describe(source, parsed), parsed, options.evidence);
  } catch (cause) {
    if (cause instanceof ReadError) return toErrorRecord(source, cause.code, cause.detail);
    return toErrorRecord(
      source,
      'internal/unexpected',
      cause instanceof Error ? `${cause.name}: ${cause.message.split('\n')[0]?.slice(0, 200)}` : '',
    );
  }
}

function describe(source: Source, parsed: Parsed): Source {
  return { ...source, format: parsed.document.format, pages: parsed.pages, encoding: parsed.encoding };
}

/** An input's bytes. Throws `ReadError` with a code of `input/…`. */
export async function load(path: string, maxBytes: number, io: Io): Promise<Uint8Array> {
  if (path === '-') return readStream(io, maxBytes);
  try {
    const size = await regularSize(path);
    if (size < 0) throw new ReadError('input/not-readable', 'it is no regular file');
    if (size > maxBytes) throw new ReadError('input/too-large', `${size} bytes, the limit is ${maxBytes}`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof ReadError) throw cause;
    throw new ReadError(errorCode(cause), '', { cause });
  }
}

function errorCode(cause: unknown): ErrorCode {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'input/not-found' : 'input/not-readable';
}

async function readStream(io: Io, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    const piece = Buffer.from(chunk as Buffer);
    size += piece.length;
    if (size > maxBytes) throw new ReadError('input/too-large', `the limit is ${maxBytes} bytes`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}
