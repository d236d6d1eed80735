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

/**
 * Milliseconds: a job whose worker has not been heard of for so long is anybody's, and how often each worker looks for such.
 * What does a job twice does no harm.
 */
const LOCK_LASTS = 15_000;
const LOOK_EVERY = 10_000;
/** A job may lose its worker so often; one that brings whole machines down is not to go round for ever. */
const MOST_STALLS = 20;
/** Documents in hand for each process of the pool: more than one, or processes wait at the end of each job. */
const JOBS_AT_ONCE = (processes: number) => Math.max(2, Math.ceil(processes / 8));
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

/** Takes jobs off a queue and writes their records, until it is stopped, or nothing is left. */
export class QueueWork {
  readonly #batch: QueuedBatch;
  readonly #options: WorkOptions;
  readonly #events: WorkEvents;
  readonly #stopping = new AbortController();
  readonly #leaving = new AbortController();
  #pool: Pool | null = null;
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

  /** Leaves what is in hand: other workers take it over when it has not been heard of for a while. */
  leave(): void {
    this.#stopping.abort();
    this.#leaving.abort();
    this.#pool?.close();
  }

  /** @throws UsageError where this machine cannot do the work: it is left to the others. */
  async run(version: string): Promise<void> {
    const terms = await this.#awaitTerms();
    if (terms === null) return;
    if (terms.version !== version)
      throw new UsageError(
        `the queue ${this.#batch.name} is for version ${terms.version}, and this is ${version}: their records may differ`,
      );
    const folder = this.#options.root ?? terms.folder;
    const hasFolder = isFolder(folder);
    if (!hasFolder && (this.#options.root !== null || (await this.#batch.extent()).isRelative))
      throw new UsageError(`${folder} is no folder here: name with --root where the inputs are on this machine`);
    const jobs = this.#options.jobs ?? availableParallelism();
    const pool = new Pool({
      worker: this.#options.worker,
      jobs,
      timeout: terms.timeout,
      maxMemory: terms.maxMemory,
      convert: terms.convert,
      ...(hasFolder ? { folder } : {}),
    });
    this.#pool = pool;
    await this.#prepare();
    const { engine, queue, redis, name } = this.#batch;
    const worker = new engine.Worker<JobData>(name, (job) => this.#do(job, pool, hasFolder), {
      connection: redis,
      prefix: PREFIX,
      skipVersionCheck: true,
      concurrency: JOBS_AT_ONCE(jobs),
      lockDuration: LOCK_LASTS,
      stalledInterval: LOOK_EVERY,
      maxStalledCount: MOST_STALLS,
    });
    worker.on('error', () => {}); // Redis that is away is told of elsewhere; a job that another took over is done there
    queue.on('error', () => {});
    try {
      while (!this.#stopping.signal.aborted && !(this.#options.untilDone && (await this.#isDone())))
        await this.#pause();
      const closing = worker.close(this.#leaving.signal.aborted);
      closing.catch(() => {});
      await Promise.race([closing, aborted(this.#leaving.signal)]);
    } finally {
      pool.close();
    }
    if (this.#fault !== null) throw this.#fault;
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

  async #isDone(): Promise<boolean> {
    return !(await this.#batch.extent()).isAdding && (await this.#batch.left()) === 0;
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
  async #prepare(): Promise<void> {
    const { folder } = this.#options;
    const probe = partialFile(recordsFile(folder, this.#batch.name, 0));
    try {
      await makeFolder(dirname(probe));
      await fs.writeFile(probe, '', { flag: 'wx' });
      await fs.rm(probe);
    } catch (cause) {
      throw new UsageError(`cannot write into ${folder}: ${(cause as Error).message}`);
    }
  }

  /** One job: its inputs' records into its file, and a note of it. Done twice it gives the same. */
  async #do(job: Job<JobData>, pool: Pool, hasFolder: boolean): Promise<void> {
    const { inputs } = job.data;
    if (!hasFolder && inputs.some(({ path, bytes }) => bytes === undefined && !isAbsolute(path)))
      throw this.#fail('queue/no-folder', new Error('the folder of the inputs is not on this machine; see --root'));
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
    const file = recordsFile(this.#options.folder, this.#batch.name, number);
    try {
      await writeLasting(file, text);
    } catch (cause) {
      throw this.#fail('queue/not-written', cause as Error);
    }
    const failed: Record<string, number> = {};
    for (const { failure } of outcomes)
      if (failure !== null) failed[failure.error.code] = (failed[failure.error.code] ?? 0) + 1;
    const folder = resolve(this.#options.folder);
    await this.#batch.note(number, { folder, sha256: digest(text), inputs: inputs.length, failed });
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
