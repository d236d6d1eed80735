import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import type { Job, JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ConvertOptions } from '../batch/convert.ts';
import { UsageError } from '../batch/io.ts';
import { shownName } from '../batch/names.ts';
import { connect, type Engine, faultsOf, loadEngine } from './redis.ts';

/** What all inputs of a queue have in common: records depend on it, so that every machine gives the same. */
export interface Terms {
  readonly version: string;
  readonly convert: ConvertOptions;
  /** Milliseconds, and MiB: as in the pool. */
  readonly timeout: number;
  readonly maxMemory: number;
  /** The folder in which names that are not absolute are looked for. */
  readonly folder: string;
}

/** An input of a job, with its bytes where the job carries them. */
export interface Carried {
  readonly path: string;
  /** Base64. */
  readonly bytes?: string;
}

export interface JobData {
  readonly inputs: readonly Carried[];
}

/** What is noted of a job that was done. Done again it is noted again, the same. */
export interface Done {
  /** The folder of -d, on the machine that did it. */
  readonly folder: string;
  /** Of the file that holds its records. */
  readonly sha256: string;
  readonly inputs: number;
  /** How many inputs failed, by code. */
  readonly failed: Readonly<Record<string, number>>;
}

/** How far the adding is. */
interface Extent {
  readonly jobs: number;
  readonly inputs: number;
  /** The last input that was added. */
  readonly last: string | null;
}

/** An adding that has begun, and not ended. */
interface Adding {
  readonly digest: string;
  /** How many inputs there were before it. */
  readonly from: number;
}

/** The start of BullMQ's keys. */
export const PREFIX = 'vacancy';

/** Milliseconds: of the lock of who adds, and between two times that it is renewed. */
const LOCK = { lasts: 5_000, every: 1_500 };

/** A job that fails for want of something on the machine that took it is left to others for a while, each time longer. */
const JOB: JobsOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: false,
  removeOnFail: false,
};

/** Jobs that go to Redis together. */
const TOGETHER = 8;

/** Entries that are read from Redis together. */
const PAGE = 1_000;

/** Deletes, or renews, a lock that is ours. */
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;
const RENEW = `local owner = redis.call('get', KEYS[1])
if owner == ARGV[1] or not owner then redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 1 else return 0 end`;

const jobId = (number: number) => `j${number}`;
export const numberOf = (id: string) => Number(id.slice(1));

/** The file of a job's records below a folder of -d: a thousand jobs to a folder. */
export function recordsFile(folder: string, queue: string, job: number): string {
  const name = String(job).padStart(9, '0');
  return join(resolve(folder), queue, name.slice(0, -3), `${name}.ndjson`);
}

/** What a writer calls such a file until it is whole, and whether a name is one: of a writer that was killed. */
export const partialFile = (file: string) => join(dirname(file), `.${basename(file)}.${randomUUID()}.partial`);
export const isPartial = (name: string) => /^\.\d{9,16}\.ndjson\.[\w-]{36}\.partial$/.test(name);

/**
 * The inputs of many machines' work, in Redis: jobs of some dozen inputs each in a queue of BullMQ, and beside it what they
 * have in common, how many there are, and what became of each. Jobs are numbered from 1 in the order of their adding.
 */
export class QueuedBatch {
  readonly name: string;
  readonly engine: Engine;
  readonly redis: Redis;
  readonly queue: Queue<JobData>;
  readonly #batchKey: string;
  readonly #doneKey: string;
  readonly #lockKey: string;

  readonly #disconnect: () => void;

  private constructor(name: string, engine: Engine, redis: Redis, disconnect: () => void) {
    this.#disconnect = disconnect;
    this.name = name;
    this.engine = engine;
    this.redis = redis;
    this.queue = new engine.Queue(name, { connection: redis, prefix: PREFIX, skipVersionCheck: true });
    this.queue.on('error', () => {}); // Redis's own listener tells
    [this.#batchKey, this.#doneKey, this.#lockKey] = ['batch', 'done', 'lock'].map(
      (part) => `${PREFIX}-${part}:${name}`,
    ) as [string, string, string];
  }

  /** @throws UsageError where the engine is not installed, or Redis cannot be used. */
  static async open(name: string, url: URL, tell: (words: string) => void): Promise<QueuedBatch> {
    if (!/^[\w-]{1,64}$/.test(name))
      throw new UsageError('--queue takes a name of letters, digits, - and _, 64 at most');
    const engine = await loadEngine();
    const { redis, disconnect } = await connect(engine, url, tell);
    for (const fault of await faultsOf(redis)) tell(`this Redis is not fit to keep a queue: ${fault}`);
    return new QueuedBatch(name, engine, redis, disconnect);
  }

  async close(): Promise<void> {
    // A Redis that is away would be waited for.
    await Promise.race([
      this.queue.close().catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 500).unref()),
    ]);
    this.#disconnect();
  }

  /** Null where nothing was ever added. */
  async terms(): Promise<Terms | null> {
    const text = await this.redis.hget(this.#batchKey, 'terms');
    return text === null ? null : (JSON.parse(text) as Terms);
  }

  /** How many jobs and inputs there are, whether an adding was cut off or goes on, and whether a name is not absolute. */
  async extent(): Promise<Extent & { isAdding: boolean; isRelative: boolean }> {
    const [extent, adding, relative] = await this.redis.hmget(this.#batchKey, 'extent', 'adding', 'relative');
    return {
      ...((extent == null ? { jobs: 0, inputs: 0, last: null } : JSON.parse(extent)) as Extent),
      isAdding: adding != null,
      isRelative: relative != null,
    };
  }

  /**
   * Adds inputs behind those that are there. Killed at any moment and begun again with the same inputs it goes on where
   * it was.
   *
   * @param digest tells the same inputs again.
   * @param perJob the most inputs of a job, and the most characters of bytes that it carries.
   * @param isAgain whether what was added to its end before is to be added once more.
   * @param isStopped asked before each piece of work.
   * @returns how many were added, and how many of them by an earlier run; or null where it was stopped.
   */
  async add(
    inputs: AsyncIterable<Carried>,
    terms: Terms,
    digest: string,
    perJob: { readonly inputs: number; readonly characters: number },
    isAgain: boolean,
    isStopped: () => boolean,
  ): Promise<{ inputs: number; jobs: number; earlier: number } | null> {
    const lock = await this.#lock();
    try {
      const { skipped, before } = await this.#begin(terms, digest, isAgain);
      let { jobs, inputs: count, last } = await this.extent();
      let skip = skipped;
      let gathered: Carried[] = [];
      let characters = 0;
      let ready: JobData[] = [];
      const flush = async () => {
        await lock.check();
        await this.queue.addBulk(
          ready.map((data, index) => ({ name: 'parse', data, opts: { ...JOB, jobId: jobId(jobs + index + 1) } })),
        );
        jobs += ready.length;
        count += ready.reduce((sum, { inputs: some }) => sum + some.length, 0);
        last = ready.at(-1)?.inputs.at(-1)?.path ?? last;
        await this.redis.hset(this.#batchKey, 'extent', JSON.stringify({ jobs, inputs: count, last }));
        ready = [];
      };
      const close = () => {
        if (gathered.length > 0) ready.push({ inputs: gathered });
        gathered = [];
        characters = 0;
      };
      let isRelative = false;
      for await (const input of inputs) {
        if (skip > 0) {
          if (--skip === 0 && input.path !== last) throw changedMeanwhile(last);
          continue;
        }
        const size = input.bytes?.length ?? 0;
        if (gathered.length >= perJob.inputs || (characters > 0 && characters + size > perJob.characters)) close();
        gathered.push(input);
        characters += size;
        if (!isRelative && input.bytes === undefined && resolve('/', input.path) !== input.path) {
          isRelative = true;
          await this.#refuseOtherFolder(terms);
        }
        if (ready.length >= TOGETHER || (ready.length > 0 && characters > perJob.characters)) await flush();
        if (isStopped()) break;
      }
      if (isStopped()) {
        if (ready.length > 0) await flush();
        return null;
      }
      if (skip > 0) throw changedMeanwhile(last);
      close();
      if (ready.length > 0) await flush();
      await this.redis.multi().hdel(this.#batchKey, 'adding').hset(this.#batchKey, `added:${digest}`, '1').exec();
      if (count === 0) await this.redis.del(this.#batchKey);
      if (count === before) throw new UsageError('no input matched');
      return { inputs: count - before, jobs, earlier: skipped };
    } finally {
      await lock.release();
    }
  }

  async #lock() {
    const owner = randomUUID();
    const taken = await this.redis.set(this.#lockKey, owner, 'PX', LOCK.lasts, 'NX');
    if (taken === null)
      throw new UsageError(
        `somebody else is adding to the queue ${this.name}, or was killed doing it less than ${LOCK.lasts / 1000} s ago`,
      );
    let isOurs = true;
    const renew = async () => {
      isOurs &&= (await this.redis.eval(RENEW, 1, this.#lockKey, owner, LOCK.lasts)) === 1;
    };
    const timer = setInterval(() => void renew().catch(() => {}), LOCK.every);
    return {
      check: async () => {
        await renew(); // it may have run out while Redis was away
        if (!isOurs) throw new UsageError(`somebody else is adding to the queue ${this.name}`);
      },
      release: async () => {
        clearInterval(timer);
        await this.redis.eval(RELEASE, 1, this.#lockKey, owner).catch(() => {});
      },
    };
  }

  /** Takes up an adding that was cut off, or begins one. */
  async #begin(terms: Terms, digest: string, isAgain: boolean): Promise<{ skipped: number; before: number }> {
    await this.redis.hsetnx(this.#batchKey, 'terms', JSON.stringify(terms));
    const known = (await this.terms()) ?? terms;
    const same = ({ folder: _, ...others }: Terms) => JSON.stringify(others);
    if (same(known) !== same(terms))
      throw new UsageError(
        `the queue ${this.name} was begun by another version or with other options, and one queue has one kind of records: give the same, or another --queue`,
      );
    let { jobs, inputs, last } = await this.extent();
    const earlier = await this.redis.hget(this.#batchKey, 'adding');
    if (earlier === null) {
      if (!isAgain && (await this.redis.hexists(this.#batchKey, `added:${digest}`)) === 1)
        throw new UsageError(`these inputs are in the queue ${this.name} already: --again adds them once more`);
      const adding: Adding = { digest, from: inputs };
      await this.redis.hset(this.#batchKey, 'adding', JSON.stringify(adding));
      return { skipped: 0, before: inputs };
    }
    const adding = JSON.parse(earlier) as Adding;
    if (adding.digest !== digest)
      throw new UsageError(
        `an earlier adding to the queue ${this.name} was cut off: repeat it first, with the same inputs; it goes on where it was`,
      );
    // Jobs that were added, and not yet counted.
    for (;;) {
      const job = (await this.queue.getJob(jobId(jobs + 1))) as Job<JobData> | undefined;
      if (job === undefined) break;
      jobs++;
      inputs += job.data.inputs.length;
      last = job.data.inputs.at(-1)?.path ?? last;
    }
    await this.redis.hset(this.#batchKey, 'extent', JSON.stringify({ jobs, inputs, last }));
    return { skipped: inputs - adding.from, before: adding.from };
  }

  /** All names that are not absolute are looked for in one folder, or a record would not tell which file it is of. */
  async #refuseOtherFolder({ folder }: Terms): Promise<void> {
    const known = (await this.terms())?.folder;
    if (known !== folder)
      throw new UsageError(
        `the names in the queue ${this.name} are those of ${known}: add from there, or give absolute names`,
      );
    await this.redis.hset(this.#batchKey, 'relative', '1');
  }

  async note(job: number, done: Done): Promise<void> {
    await this.redis.hset(this.#doneKey, jobId(job), JSON.stringify(done));
  }

  /** What became of jobs, in their order; null for those that are not done. */
  async *done(jobs: number): AsyncGenerator<{ job: number; done: Done | null }> {
    for (let first = 1; first <= jobs; first += PAGE) {
      const numbers = Array.from({ length: Math.min(PAGE, jobs - first + 1) }, (_, index) => first + index);
      const texts = await this.redis.hmget(this.#doneKey, ...numbers.map(jobId));
      for (const [index, text] of texts.entries())
        yield { job: first + index, done: text == null ? null : (JSON.parse(text) as Done) };
    }
  }

  /** Jobs that are neither done nor given up, as the queue has them. */
  async left(): Promise<number> {
    const counts = await this.queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** Puts a job back that was done or given up; false where it is on its way already. */
  async putBack(job: number): Promise<boolean> {
    const known = (await this.queue.getJob(jobId(job))) as Job<JobData> | undefined;
    const state = await known?.getState();
    if (known === undefined || (state !== 'completed' && state !== 'failed')) return false;
    await this.redis.hdel(this.#doneKey, jobId(job));
    await this.redis.hdel(this.queue.toKey(jobId(job)), 'stc'); // how often it lost its worker
    await known.retry(state, { resetAttemptsMade: true, resetAttemptsStarted: true });
    return true;
  }

  /** Takes the whole queue out of Redis. */
  async remove(): Promise<void> {
    await this.queue.obliterate({ force: true });
    await this.redis.del(this.#batchKey, this.#doneKey);
  }
}

const changedMeanwhile = (last: string | null) =>
  new UsageError(
    `the inputs are not those of the adding that was cut off (it had come to ${shownName(last ?? 'none')}): put them back as they were, or begin another --queue`,
  );
