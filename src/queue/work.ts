import { promises as fs, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Job } from 'bullmq';
import { digest } from '../batch/digest.ts';
import { UsageError } from '../batch/io.ts';
import { NotBegun, type Outcome } from '../batch/outcome.ts';
import { makeFolder } from '../batch/output.ts';
import { Pool } from '../batch/pool.ts';
import { type JobData, numberOf, PREFIX, partialFile, type QueuedBatch, recordsFile, type Terms } from './batch.ts';
import { isLasting, refusal } from './redis.ts';

/**
 * Milliseconds: a job whose worker has not been heard of for so long is anybody's, and how often each worker looks for such.
 * What does a job twice does no harm.
 */
const LOCK_LASTS = 15_000;
const LOOK_EVERY = 10_000;
/** A job may lose its worker so often; one that brings whole machines down is not to go round for ever. */
const MOST_STALLS = 20;
/** Jobs in hand: more than there are processes, for a job may hold one input alone, and none is to wait for the next job. */
const JOBS_AT_ONCE = (processes: number) => processes + 1;
/** How often it is looked whether all is done, in milliseconds. */
const ASK_EVERY = 500;

export interface WorkOptions {
  /** Where the records go. */
  readonly folder: string;
  /** The module of the pool's processes, and how many of them; null for as many as there are processors. */
  readonly worker: string;
  readonly jobs: number | null;
  /** Where names that are not absolute are looked for on this machine; null for where they were added. */
  readonly root: string | null;
  /** End when nothing is left to do. */
  readonly untilDone: boolean;
}

export interface WorkEvents {
  readonly converted: (path: string, outcome: Outcome) => Promise<void> | void;
  readonly say: (words: string) => void;
}

/** What a batch's jobs are done by. */
interface Session {
  readonly terms: Terms;
  readonly pool: Pool;
  /** Whether the folder of names that are not absolute is here. */
  readonly hasFolder: boolean;
}

/** Takes jobs off a queue and writes their records, until it is stopped, or nothing is left. */
export class QueueWork {
  readonly #batch: QueuedBatch;
  readonly #options: WorkOptions;
  readonly #events: WorkEvents;
  readonly #stopping = new AbortController();
  readonly #leaving = new AbortController();
  #session: Session | null = null;
  #fault: UsageError | null = null;

  constructor(batch: QueuedBatch, options: WorkOptions, events: WorkEvents) {
    this.#batch = batch;
    this.#options = options;
    this.#events = events;
  }

  /** Finishes what is in hand and takes nothing more. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Leaves what is in hand: others do it. */
  leave(): void {
    this.#stopping.abort();
    this.#leaving.abort();
    this.#session?.pool.close();
  }

  /**
   * @returns false where jobs were given up.
   * @throws UsageError where this machine cannot do the work: it is left to the others.
   */
  async run(version: string): Promise<boolean> {
    const working = this.#work(version);
    working.catch(() => {});
    // A Redis that is away is waited for, but not by who leaves.
    const result = await Promise.race([working, aborted(this.#leaving.signal).then(() => true)]);
    this.#session?.pool.close();
    if (this.#fault !== null) throw this.#fault;
    return result;
  }

  async #work(version: string): Promise<boolean> {
    const terms = await this.#awaitTerms();
    if (terms === null) return true;
    await this.#begin(terms, version);
    const { engine, queue, redis, name } = this.#batch;
    const worker = new engine.Worker<JobData>(name, (job) => this.#do(job, version), {
      connection: redis,
      prefix: PREFIX,
      skipVersionCheck: true,
      concurrency: JOBS_AT_ONCE(this.#options.jobs ?? availableParallelism()),
      lockDuration: LOCK_LASTS,
      stalledInterval: LOOK_EVERY,
      maxStalledCount: MOST_STALLS,
    });
    worker.on('error', (cause) => {
      // Redis that is away is told of elsewhere; a job that another took over is done there.
      if (!isLasting(cause)) return;
      this.#fault ??= refusal(cause);
      this.stop();
    });
    while (!this.#stopping.signal.aborted && !(this.#options.untilDone && (await this.#isDone()))) await this.#pause();
    await worker.close();
    return !this.#options.untilDone || (await queue.getFailedCount()) === 0;
  }

  /** Makes ready for a batch: sees that its inputs can be found here, and its records written. */
  async #begin(terms: Terms, version: string): Promise<Session> {
    if (terms.version !== version)
      throw new UsageError(
        `the queue ${this.#batch.name} is for version ${terms.version}, and this is ${version}: their records may differ`,
      );
    const folder = this.#options.root ?? terms.folder;
    const hasFolder = isFolder(folder);
    if (!hasFolder && (this.#options.root !== null || (await this.#batch.extent()).isRelative))
      throw new UsageError(`${folder} is no folder here: name with --root where the inputs are on this machine`);
    await this.#prepare(terms);
    this.#session?.pool.close();
    const pool = new Pool({
      worker: this.#options.worker,
      jobs: this.#options.jobs,
      timeout: terms.timeout,
      maxMemory: terms.maxMemory,
      convert: terms.convert,
      ...(hasFolder ? { folder } : {}),
    });
    this.#session = { terms, pool, hasFolder };
    return this.#session;
  }

  /** What a job is to be done by: a queue that was removed and filled again has other terms. */
  async #sessionFor(id: string, version: string): Promise<Session> {
    if (this.#session?.terms.id === id) return this.#session;
    const terms = await this.#batch.terms();
    if (terms?.id !== id) throw new JobError('queue/unexpected', 'it is of another batch');
    return this.#session?.terms.id === id ? this.#session : this.#begin(terms, version);
  }

  /** What the queue's records are to be; null where it was stopped before it was known. */
  async #awaitTerms(): Promise<Terms | null> {
    let isTold = false;
    while (!this.#stopping.signal.aborted) {
      const terms = await this.#batch.terms();
      if (terms !== null) return terms;
      if (this.#options.untilDone) throw new UsageError(`nothing was added to the queue ${this.#batch.name}`);
      if (!isTold) this.#events.say(`vacancy: waiting for inputs in the queue ${this.#batch.name}`);
      isTold = true;
      await this.#pause();
    }
    return null;
  }

  /** An adding that was cut off is not waited for. */
  async #isDone(): Promise<boolean> {
    return !(await this.#batch.isBeingAddedTo()) && (await this.#batch.left()) === 0;
  }

  #pause(): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ASK_EVERY);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }

  /** Sees that records can be written, before any job is taken. */
  async #prepare(terms: Terms): Promise<void> {
    const { folder } = this.#options;
    const probe = partialFile(recordsFile(folder, this.#batch.folderOf(terms), 0));
    try {
      await makeFolder(dirname(probe));
      await fs.writeFile(probe, '', { flag: 'wx' });
      await fs.rm(probe);
    } catch (cause) {
      throw new UsageError(`cannot write into ${folder}: ${(cause as Error).message}`);
    }
  }

  /** One job: its inputs' records into its file, and a note of it. Done twice it gives the same. */
  async #do(job: Job<JobData>, version: string): Promise<void> {
    const { inputs, batch } = job.data;
    const { terms, pool, hasFolder } = await this.#sessionFor(batch, version).catch((cause) => {
      throw cause instanceof UsageError ? this.#fail('queue/not-here', cause) : cause;
    });
    if (!hasFolder && inputs.some(({ path, bytes }) => bytes === undefined && !isAbsolute(path)))
      throw this.#fail('queue/not-here', new Error('the folder of the inputs is not on this machine; see --root'));
    let outcomes: Outcome[];
    try {
      outcomes = await Promise.all(
        inputs.map(({ path, bytes }) => pool.convert(path, bytes === undefined ? null : Buffer.from(bytes, 'base64'))),
      );
    } catch (cause) {
      if (cause instanceof NotBegun) throw new JobError('queue/left', 'its worker was stopped');
      throw this.#fail('queue/no-worker', cause as Error);
    }
    const number = numberOf(job.id ?? '');
    const text = outcomes.map((outcome) => outcome.text).join('');
    try {
      await writeLasting(recordsFile(this.#options.folder, this.#batch.folderOf(terms), number), text);
    } catch (cause) {
      throw this.#fail('queue/not-written', cause as Error);
    }
    const failed: Record<string, number> = {};
    for (const { failure } of outcomes)
      if (failure !== null) failed[failure.error.code] = (failed[failure.error.code] ?? 0) + 1;
    const folder = resolve(this.#options.folder);
    const done = { at: Date.now(), folder, sha256: digest(text), inputs: inputs.length, failed };
    await this.#batch.note(terms, number, done);
    for (const [index, outcome] of outcomes.entries()) await this.#events.converted(inputs[index]?.path ?? '', outcome);
  }

  /** What is wrong here is wrong for every job: this machine takes no more of them. */
  #fail(code: string, cause: Error): JobError {
    this.#fault ??= cause instanceof UsageError ? cause : new UsageError(`${code}: ${cause.message}`);
    this.stop();
    return new JobError(code, cause.message);
  }
}

/** Why a job failed, as the queue keeps it: a code, and words. */
class JobError extends Error {
  override readonly name = 'JobError';
  constructor(code: string, words: string) {
    super(`${code}: ${words}`);
    this.stack = ''; // it would be kept too
  }
}

/** The code of a job's failure, of what the queue has kept of it. */
export function codeOfFailure(reason: string): string {
  return (
    /^queue\/[a-z-]{1,40}(?=:)/.exec(reason)?.[0] ?? (/stalled/.test(reason) ? 'queue/stalled' : 'queue/unexpected')
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

/**
 * Writes a file that appears whole or not at all, and outlives the machine's end. Others may write the same at the same
 * time: each has a name of its own for it on its way.
 */
async function writeLasting(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file));
  const partial = partialFile(file);
  try {
    const handle = await fs.open(partial, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(partial, file);
    const folder = await fs.open(dirname(file), 'r');
    await folder.sync().catch(() => {}); // some systems sync no folders
    await folder.close();
  } catch (cause) {
    await fs.rm(partial, { force: true }).catch(() => {});
    throw cause;
  }
}
