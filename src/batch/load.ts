import { readFileSync, statSync } from 'node:fs';
import { type ErrorCode, ReadError } from '../model/diagnostic.ts';

/**
 * A file's bytes, at once: who asks for them has nothing else to do. Throws `ReadError` with a code of `input/…`.
 */
export function load(path: string, maxBytes: number): Uint8Array {
  try {
    const entry = statSync(path);
    if (!entry.isFile()) throw new ReadError('input/not-readable', 'it is no regular file');
    if (entry.size > maxBytes) throw new ReadError('input/too-large', `${entry.size} bytes, the limit is ${maxBytes}`);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof ReadError) throw cause;
    throw new ReadError(errorCode(cause), '', { cause });
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
