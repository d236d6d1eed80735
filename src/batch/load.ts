import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type ErrorCode, ReadError } from '../model/diagnostic.ts';
import { pathOf } from './names.ts';

/** Nothing waits for a pipe's other end, and no terminal becomes ours. Windows has neither. */
const { O_RDONLY, O_NONBLOCK = 0, O_NOCTTY = 0 } = constants;

/**
 * A regular file's bytes, at once: who asks for them has nothing else to do. What is read is what was looked at, whatever
 * the name stands for a moment later, and never more than the limit. Throws `ReadError` with a code of `input/…`.
 */
export function load(path: string, maxBytes: number): Uint8Array {
  let file: number | undefined;
  try {
    const name = pathOf(path);
    refuse(statSync(name), maxBytes); // to open some devices is to do something to them
    file = openSync(name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    const entry = fstatSync(file);
    refuse(entry, maxBytes);
    return readAll(file, entry.size, maxBytes);
  } catch (cause) {
    if (cause instanceof ReadError) throw cause;
    throw new ReadError(errorCode(cause), '', { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function refuse(entry: { isFile(): boolean; readonly size: number }, maxBytes: number): void {
  if (!entry.isFile()) throw new ReadError('input/not-readable', 'it is no regular file');
  if (entry.size > maxBytes) throw tooLarge(entry.size, maxBytes);
}

const tooLarge = (size: number, maxBytes: number) =>
  new ReadError('input/too-large', `${size} bytes, the limit is ${maxBytes}`);

/** All bytes of a file, which may grow or shrink meanwhile, and whose size may be a lie (/proc). */
function readAll(file: number, size: number, maxBytes: number): Uint8Array {
  let bytes = Buffer.allocUnsafeSlow(Math.min(size, maxBytes) + 1);
  for (let length = 0; ; ) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    if (read === 0) return bytes.subarray(0, length);
    length += read;
    if (length > maxBytes) throw tooLarge(length, maxBytes);
    if (length < bytes.length) continue;
    const larger = Buffer.allocUnsafeSlow(Math.min(2 * length, maxBytes) + 1);
    bytes.copy(larger);
    bytes = larger;
  }
}

function errorCode(cause: unknown): ErrorCode {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'input/not-found' : 'input/not-readable';
}

/** All bytes of a stream. Throws `ReadError` past the limit. */
export async function loadStream(stream: AsyncIterable<unknown>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const piece = Buffer.from(chunk as Buffer);
    size += piece.length;
    if (size > maxBytes) throw new ReadError('input/too-large', `the limit is ${maxBytes} bytes`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}
