import type { Readable, Writable } from 'node:stream';

/** The world as a command sees it: everything that comes in and goes out. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Thrown where the command line is wrong or the output cannot be written: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Thrown where the reader of the output has gone: the program ends quietly. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

/** Writes to a stream and waits while it is full, so that a slow reader slows the batch instead of filling memory. */
export function writeTo(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (!error) resolve();
      else if (
        (error as NodeJS.ErrnoException).code === 'EPIPE' ||
        (error as NodeJS.ErrnoException).code === 'ERR_STREAM_DESTROYED'
      )
        reject(new ClosedPipe());
      else reject(new UsageError(`cannot write the output: ${error.message}`));
    });
  });
}

/** The level of colour for a stream: `--color`, then FORCE_COLOR, NO_COLOR and TERM, then whether it is a terminal. */
export function colourLevel(
  when: 'auto' | 'always' | 'never',
  stream: { readonly isTTY?: boolean },
  env: Io['env'],
): 0 | 1 {
  if (when !== 'auto') return when === 'always' ? 1 : 0;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 0 : 1;
  if ((env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return 0;
  return stream.isTTY === true ? 1 : 0;
}
