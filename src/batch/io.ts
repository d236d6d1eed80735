import type { Readable, Writable } from 'node:stream';

/** The world as a command sees it: everything that comes in and goes out. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly fd?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The module that a worker process runs. */
  readonly worker: string;
  /** Where the signals to stop come from. */
  readonly signals: {
    on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
    off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  };
}

export type StopSignal = 'SIGINT' | 'SIGTERM';

/** Thrown where the command line is wrong or the output cannot be written: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Thrown where the reader of the output has gone: the program ends quietly. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

/** Writes to a stream and waits while it is full, so that a slow reader slows the batch instead of filling memory. */
export function writeTo(stream: Writable, text: string | Uint8Array): Promise<void> {
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

/** Writes what is said to a person. Nobody may be there to read it: that is no reason to stop. */
export async function say(io: Pick<Io, 'stderr'>, text: string): Promise<void> {
  await writeTo(io.stderr, text).catch(() => {});
}
