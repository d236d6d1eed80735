import { ReadError } from '../model/diagnostic.ts';
import { looksLikeText } from '../read/sniff.ts';
import type { Input } from './inputs.ts';
import type { Io } from './io.ts';
import { load, loadStream } from './load.ts';
import { failed, NotBegun, type Outcome, sourceOf } from './outcome.ts';
import type { Pool, PoolOptions } from './pool.ts';

/** What need not pay for a process of its own: a few short texts, which take linear time. */
const CHEAP = { inputs: 8, bytes: 2 ** 16 };

/** Converts inputs: in worker processes, or, where there are only a few short texts, in this one. */
export class Converter {
  readonly #options: PoolOptions;
  readonly #io: Pick<Io, 'stdin'>;
  #opening: Promise<Pool> | null = null;
  #pool: Pool | null = null;
  #isStopping = false;
  #readsStdin = false;
  #endReading: (cause: Error) => void = () => {};

  constructor(options: PoolOptions, io: Pick<Io, 'stdin'>) {
    this.#options = options;
    this.#io = io;
  }

  /** How many inputs may be converted without a process for them. */
  static readonly few = CHEAP.inputs;

  /**
   * An input's outcome. Rejects with `NotBegun` after `stop`, and where no process can be started.
   *
   * @param isOneOfFew true where there are no more inputs than `Converter.few`.
   */
  async convert({ path }: Input, isOneOfFew: boolean): Promise<Outcome> {
    let bytes: Uint8Array | null = null;
    if (path === '-') {
      try {
        bytes = await this.#readStdin();
      } catch (cause) {
        if (cause instanceof NotBegun) throw cause;
        const [code, detail] = cause instanceof ReadError ? ([cause.code, cause.detail] as const) : NOT_READABLE;
        return failed(sourceOf(path), code, detail, this.#options.convert.layout);
      }
    }
    const cheap = isOneOfFew ? this.#cheap(path, bytes) : null;
    if (cheap !== null) {
      const { convert } = await import('./convert.ts');
      return convert(path, cheap.bytes, this.#options.convert);
    }
    return (await this.#openPool()).convert(path, bytes);
  }

  /** Standard input, which may never end: until it is whole it counts as not begun. */
  #readStdin(): Promise<Uint8Array> {
    if (this.#isStopping) throw new NotBegun();
    this.#readsStdin = true;
    return new Promise((resolve, reject) => {
      this.#endReading = reject;
      loadStream(this.#io.stdin, this.#options.convert.maxBytes).then(resolve, reject);
    });
  }

  #openPool(): Promise<Pool> {
    this.#opening ??= import('./pool.ts').then(({ Pool }) => {
      this.#pool = new Pool(this.#options);
      if (this.#isStopping) this.#pool.stop();
      return this.#pool;
    });
    return this.#opening;
  }

  /** What can be converted here: a short text, or a file that no process is needed for to say that it cannot be read. */
  #cheap(path: string, given: Uint8Array | null): { bytes: Uint8Array | null } | null {
    try {
      const bytes = given ?? load(path, Math.min(CHEAP.bytes, this.#options.convert.maxBytes));
      return bytes.length <= CHEAP.bytes && looksLikeText(bytes) ? { bytes } : null;
    } catch (cause) {
      return cause instanceof ReadError && cause.code !== 'input/too-large' ? { bytes: null } : null;
    }
  }

  /** Finishes what is in flight and begins nothing more. */
  stop(): void {
    this.#isStopping = true;
    this.#endReading(new NotBegun());
    if (this.#readsStdin) this.#io.stdin.destroy(); // or it would keep the program waiting
    this.#pool?.stop();
  }

  /** Ends all processes. */
  close(): void {
    this.stop();
    this.#pool?.close();
  }
}

const NOT_READABLE = ['input/not-readable', 'standard input cannot be read'] as const;
