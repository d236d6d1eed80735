import { randomUUID } from 'node:crypto';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Job, JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ConvertOptions } from '../batch/convert.ts';
import { digest } from '../batch/digest.ts';
import { UsageError } from '../batch/io.ts';
import { until } from '../batch/order.ts';
import { connect, type Engine, faultsOf, loadEngine } from './redis.ts';

/** What all inputs of a queue have in common: records depend on it, so that every machine gives the same. */
export interface Terms {
  /** Tells this batch from one that had the same name before. */
  readonly id: string;
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
  /** The batch that it is of. */
  readonly batch: string;
  readonly inputs: readonly Carried[];
}

/** What is noted of a job that was done. Done again it is noted again, the same. */
export interface Done {
  /** When, in milliseconds: it tells the rate. */
  readonly at: number;
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
}

/** An adding that has begun, and not ended. */
interface Adding {
  /** How many inputs there were before it. */
  readonly from: number;
  /** Stands for all inputs that it added, and their order. */
  readonly chain: string;
}

/** What stands for inputs, and one more. */
const linked = (chain: string, { path, bytes }: Carried) => digest(`${chain}\n${path}\0${bytes ?? ''}`);

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

/** Takes the lock of who adds. The name of the last who had it stays: who lost it meanwhile learns of it. */
const ACQUIRE = `if redis.call('exists', KEYS[1]) == 1 then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('hset', KEYS[2], 'owner', ARGV[1])
return 1`;
/** Renews it and writes, unless somebody else had it meanwhile. */
const WRITE = `if redis.call('hget', KEYS[2], 'owner') ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
for index = 3, #ARGV, 2 do redis.call('hset', KEYS[2], ARGV[index], ARGV[index + 1]) end
return 1`;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end`;

const jobId = (number: number) => `j${number}`;
export const numberOf = (id: string) => Number(id.slice(1));

/** The file of a job's records below a folder of -d: a thousand jobs to a folder. */
export function recordsFile(folder: string, batch: string, job: number): string {
  const name = String(job).padStart(9, '0');
  return join(resolve(folder), batch, name.slice(0, -3), `${name}.ndjson`);
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
  readonly #lockKey: string;

  readonly #disconnect: () => void;

  private constructor(name: string, engine: Engine, redis: Redis, disconnect: () => void) {
    this.#disconnect = disconnect;
    this.name = name;
    this.engine = engine;
    this.redis = redis;
    this.queue = new engine.Queue(name, { connection: redis, prefix: PREFIX, skipVersionCheck: true });
    this.queue.on('error', () => {}); // Redis's own listener tells
    this.#batchKey = `${PREFIX}-batch:${name}`;
    this.#lockKey = `${PREFIX}-lock:${name}`;
  }

  #doneKey = (id: string) => `${PREFIX}-done:${this.name}:${id}`;

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

  /** What its records' folder is called. */
  folderOf({ id }: Terms): string {
    return `${this.name}-${id}`;
  }

  /** Null where nothing was ever added. */
  async terms(): Promise<Terms | null> {
    const [text, removing] = await this.redis.hmget(this.#batchKey, 'terms', 'removing');
    if (removing != null) throw new UsageError(`the removal of the queue ${this.name} was cut off: ${REMOVE}`);
    return text == null ? null : (JSON.parse(text) as Terms);
  }

  /** Whether its removal was cut off. */
  async isRemoving(): Promise<boolean> {
    return (await this.redis.hexists(this.#batchKey, 'removing')) === 1;
  }

  /** How many jobs and inputs there are, whether an adding is not ended, and whether a name is not absolute. */
  async extent(): Promise<Extent & { adding: Adding | null; isRelative: boolean }> {
    const [extent, adding, relative] = await this.redis.hmget(this.#batchKey, 'extent', 'adding', 'relative');
    return {
      ...((extent == null ? { jobs: 0, inputs: 0 } : JSON.parse(extent)) as Extent),
      adding: adding == null || adding === '' ? null : (JSON.parse(adding) as Adding),
      isRelative: relative != null,
    };
  }

  /** True while somebody adds, and a few seconds longer. */
  async isBeingAddedTo(): Promise<boolean> {
    return (await this.redis.exists(this.#lockKey)) === 1;
  }

  /**
   * Adds inputs behind those that are there. Killed at any moment and begun again with the same inputs it goes on where
   * it was.
   *
   * @param perJob the most inputs of a job, and the most characters of bytes that it carries.
   * @param signal ends it after the piece of work in hand.
   * @returns how many were added, and how many of them by an earlier run; or null where it was stopped.
   */
  async add(
    inputs: AsyncIterable<Carried>,
    wanted: Omit<Terms, 'id'>,
    perJob: { readonly inputs: number; readonly characters: number },
    signal: AbortSignal,
  ): Promise<{ inputs: number; jobs: number; earlier: number } | null> {
    const lock = await this.#lock();
    try {
      const terms = await this.#agree(wanted);
      const start = await this.#takeUp(terms.id);
      let { jobs, inputs: count } = start;
      const from = start.adding?.from ?? count;
      const earlier = count - from;
      let skip = earlier;
      let chain = '';
      let added = '';
      let gathered: Carried[] = [];
      let characters = 0;
      let ready: JobData[] = [];
      let isRelative = start.isRelative;
      const flush = async () => {
        if (ready.length === 0) return;
        const noted = () => JSON.stringify({ from, chain: added } satisfies Adding);
        await lock.write('terms', JSON.stringify(terms), 'adding', noted(), ...(isRelative ? ['relative', '1'] : []));
        const sent = ready.map((data, index) => ({
          name: 'parse',
          data,
          opts: { ...JOB, jobId: jobId(jobs + index + 1) },
        }));
        await this.queue.addBulk(sent);
        // A job of that number would not be replaced, whoever's it is.
        for (const { data, opts } of [sent[0], sent.at(-1)].flatMap((each) => each ?? [])) {
          const stored = (await this.queue.getJob(opts.jobId)) as Job<JobData> | undefined;
          if (JSON.stringify(stored?.data) !== JSON.stringify(data))
            throw new UsageError(`somebody else has added to the queue ${this.name} meanwhile`);
        }
        jobs += ready.length;
        for (const { inputs: some } of ready) {
          count += some.length;
          for (const each of some) added = linked(added, each);
        }
        ready = [];
        await lock.write('extent', JSON.stringify({ jobs, inputs: count }), 'adding', noted());
      };
      const close = () => {
        if (gathered.length > 0) ready.push({ batch: terms.id, inputs: gathered });
        gathered = [];
        characters = 0;
      };
      for await (const input of until(inputs, signal)) {
        if (skip > 0) {
          chain = linked(chain, input);
          added = chain;
          if (--skip === 0 && chain !== start.adding?.chain) throw this.#changedMeanwhile(earlier);
          continue;
        }
        if (input.bytes === undefined && !isAbsolute(input.path)) {
          isRelative = true;
          // All such names are looked for in one folder, or a record would not tell which file it is of.
          if (terms.folder !== wanted.folder)
            throw new UsageError(
              `the names in the queue ${this.name} are those of ${terms.folder}: add from there, or give absolute names`,
            );
        }
        const size = input.bytes?.length ?? 0;
        if (gathered.length >= perJob.inputs || (characters > 0 && characters + size > perJob.characters)) close();
        gathered.push(input);
        characters += size;
        if (ready.length >= TOGETHER || (ready.length > 0 && characters > perJob.characters)) await flush();
      }
      if (signal.aborted) {
        await flush();
        return null;
      }
      if (skip > 0) throw this.#changedMeanwhile(earlier);
      close();
      await flush();
      if (count === from) throw new UsageError('no input matched');
      await lock.write('adding', '');
      return { inputs: count - from, jobs, earlier };
    } finally {
      await lock.release();
    }
  }

  /** Ends an adding that was cut off where it was; false where there is none. */
  async abandon(): Promise<boolean> {
    const lock = await this.#lock();
    try {
      const terms = await this.terms();
      if (terms === null) return false;
      const { jobs, inputs, adding } = await this.#takeUp(terms.id);
      if (adding === null) return false;
      await lock.write('extent', JSON.stringify({ jobs, inputs }), 'adding', '');
      return true;
    } finally {
      await lock.release();
    }
  }

  async #lock() {
    const owner = randomUUID();
    const taken = await this.redis.eval(ACQUIRE, 2, this.#lockKey, this.#batchKey, owner, LOCK.lasts);
    if (taken !== 1)
      throw new UsageError(
        `somebody else is adding to the queue ${this.name}, or was killed doing it less than ${LOCK.lasts / 1000} s ago`,
      );
    const write = async (...fields: readonly string[]) => {
      const isOurs = await this.redis.eval(WRITE, 2, this.#lockKey, this.#batchKey, owner, LOCK.lasts, ...fields);
      if (isOurs !== 1) throw new UsageError(`somebody else has added to the queue ${this.name} meanwhile`);
    };
    const timer = setInterval(() => void write().catch(() => {}), LOCK.every);
    return {
      /** Writes fields of the batch, where nobody else had the lock meanwhile. */
      write,
      release: async () => {
        clearInterval(timer);
        await this.redis.eval(RELEASE, 1, this.#lockKey, owner).catch(() => {});
      },
    };
  }

  /** The terms of the batch, which are the first ones' that were added. */
  async #agree(wanted: Omit<Terms, 'id'>): Promise<Terms> {
    const known = await this.terms();
    if (known === null) return { id: randomUUID().slice(0, 8), ...wanted };
    const same = ({ version, convert, timeout, maxMemory }: Omit<Terms, 'id'>) =>
      JSON.stringify([version, convert, timeout, maxMemory]);
    if (same(known) !== same(wanted))
      throw new UsageError(
        `the queue ${this.name} was begun by another version or with other options, and one queue has one kind of records: give the same, or another --queue`,
      );
    return known;
  }

  /** How far it is, with the jobs that a killed adding has added and not counted. */
  async #takeUp(id: string): Promise<Extent & { adding: Adding | null; isRelative: boolean }> {
    let { jobs, inputs, adding, isRelative } = await this.extent();
    while (adding !== null) {
      const job = (await this.queue.getJob(jobId(jobs + 1))) as Job<JobData> | undefined;
      if (job === undefined || job.data.batch !== id) break;
      jobs++;
      inputs += job.data.inputs.length;
      adding = { ...adding, chain: job.data.inputs.reduce(linked, adding.chain) };
    }
    return { jobs, inputs, adding, isRelative };
  }

  #changedMeanwhile(earlier: number): UsageError {
    return new UsageError(
      `an earlier adding to the queue ${this.name} was cut off after ${earlier} inputs, and these do not begin with them: repeat that one first, or leave it where it is with vacancy queue add --abandon`,
    );
  }

  async note({ id }: Terms, job: number, done: Done): Promise<void> {
    await this.redis.hset(this.#doneKey(id), jobId(job), JSON.stringify(done));
  }

  /** What became of jobs, in their order; null for those that are not done. */
  async *done({ id }: Terms, jobs: number): AsyncGenerator<{ job: number; done: Done | null }> {
    for (let first = 1; first <= jobs; first += PAGE) {
      const numbers = Array.from({ length: Math.min(PAGE, jobs - first + 1) }, (_, index) => first + index);
      const texts = await this.redis.hmget(this.#doneKey(id), ...numbers.map(jobId));
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
  async putBack({ id }: Terms, job: number): Promise<boolean> {
    const known = (await this.queue.getJob(jobId(job))) as Job<JobData> | undefined;
    const state = await known?.getState();
    if (known === undefined || (state !== 'completed' && state !== 'failed')) return false;
    await this.redis.hdel(this.#doneKey(id), jobId(job));
    await this.redis.hdel(this.queue.toKey(jobId(job)), 'stc'); // how often it lost its worker
    await known.retry(state, { resetAttemptsMade: true, resetAttemptsStarted: true });
    return true;
  }

  /**
   * Takes the whole queue out of Redis.
   *
   * @param jobs how many there were when it was collected; null to end a removal that was cut off.
   * @throws UsageError where more were added meanwhile.
   */
  async remove(jobs: number | null): Promise<void> {
    const lock = await this.#lock();
    try {
      const { jobs: now, adding } = await this.extent();
      if (jobs !== null && (now !== jobs || adding !== null))
        throw new UsageError(`more was added to the queue ${this.name} meanwhile: it is not removed`);
      await lock.write('removing', '1');
      const terms = await this.redis.hget(this.#batchKey, 'terms');
      await this.queue.obliterate({ force: true });
      if (terms !== null) await this.redis.unlink(this.#doneKey((JSON.parse(terms) as Terms).id));
      await this.redis.del(this.#batchKey);
    } finally {
      await lock.release();
    }
  }
}

const REMOVE = 'end it with vacancy queue collect --remove';
