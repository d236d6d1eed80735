import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { ErrorCode } from '../model/diagnostic.ts';
import type { ConvertOptions } from './convert.ts';
import { UsageError } from './io.ts';
import { failed, NotBegun, type Outcome, sourceOf } from './outcome.ts';
import { type FromWorker, OVER_MEMORY, type ToWorker } from './protocol.ts';

export interface PoolOptions {
  /** The module that a worker process runs. */
  readonly worker: string;
  /** The most processes at a time; null for as many as there are processors. */
  readonly jobs: number | null;
  /** Milliseconds for an input, from when a worker gets it. */
  readonly timeout: number;
  /** MiB that a worker process may hold, buffers and all. */
  readonly maxMemory: number;
  readonly convert: ConvertOptions;
  /** The folder in which names that are not absolute are looked for; by default the current one. */
  readonly folder?: string;
}

/** What keeps a worker within bounds: V8's heap has a limit of its own, beside the watch, and no code is made of strings. */
const guards = (maxMemory: number): string[] => [
  '--disallow-code-generation-from-strings',
  `--max-old-space-size=${maxMemory}`,
];

/**
 * How Node runs a worker. Nearly all that a document makes is soon let go: with more room for the young less of it is moved
 * about. Code is compiled simply at once and well only when it is really hot: a worker's first hundred documents are a good
 * part of its work. (V8 13 has no `--interrupt-budget`.)
 */
export const workerFlags = (maxMemory: number): string[] => [
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--always-sparkplug',
  ...(Number.parseInt(process.versions.v8, 10) < 13 ? ['--interrupt-budget=200000'] : []),
  '--no-regexp-tier-up',
  ...guards(maxMemory),
];

/** What Node is started with, one after the other as long as it does not know a flag. */
const FLAGS: readonly ((maxMemory: number) => string[])[] = [workerFlags, guards, () => []];

interface Task {
  readonly path: string;
  readonly bytes: Uint8Array | null;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (cause: Error) => void;
  /** Times that a process died of it. */
  deaths: number;
}

/** A worker's documents: a process is ended after these, so that what libraries leak does not add up. */
const RECYCLE_AFTER = 500;
/** A file that kills its process is tried again: it may have died of its forerunner. */
const TRIES = 2;
/** Processes that end before they are ready, one after the other: there is no use in starting more. */
const FALSE_STARTS = 3;
/** Milliseconds in which a process must be ready. */
const START_WITHIN = 60_000;
/** The status with which Node ends where it does not know a flag. */
const UNKNOWN_FLAG = 9;
/** A time limit that is heard of so much later, in milliseconds, was slept through: this process itself was stopped. */
const LATE = 1_000;
/** Characters of a worker's standard error that are kept, to tell why it died. */
const LAST_WORDS = 4_000;

/**
 * Worker processes, each with one document in flight. A process that hangs, dies or takes too much memory costs its own
 * document and no other.
 */
export class Pool {
  readonly #options: PoolOptions;
  /** The most processes at a time; fewer than was asked for while no more can be started. */
  #jobs: number;
  readonly #mostJobs: number;
  readonly #queue: Task[] = [];
  readonly #workers = new Set<Member>();
  #falseStarts = 0;
  /** Which of `FLAGS` Node is started with. */
  #flags = 0;
  #broken: Error | null = null;
  #isStopping = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#mostJobs = options.jobs ?? availableParallelism();
    this.#jobs = this.#mostJobs;
  }

  /** An input's outcome. Rejects only where the pool stops before it has begun, or no process can be started. */
  convert(path: string, bytes: Uint8Array | null): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ path, bytes, resolve, reject, deaths: 0 });
      this.#dispatch();
    });
  }

  /** Takes nothing more from the queue; what is in flight is finished. */
  stop(): void {
    this.#isStopping = true;
    this.#rejectQueue(new NotBegun());
  }

  /** Ends all processes at once, and with them what is in flight. */
  close(): void {
    this.#isStopping = true;
    for (const task of this.#queue.splice(0)) task.reject(new NotBegun()); // those too that were to be tried again
    for (const member of this.#workers) member.end(new NotBegun());
    this.#workers.clear();
  }

  #rejectQueue(cause: Error): void {
    for (const task of this.#queue.splice(0))
      if (task.deaths === 0 || this.#broken) task.reject(cause);
      else this.#queue.push(task); // it was begun, and is to be finished
  }

  #dispatch(): void {
    if (this.#broken !== null) this.#rejectQueue(this.#broken);
    else if (this.#isStopping) this.#rejectQueue(new NotBegun());
    for (const member of this.#workers) {
      if (this.#queue.length === 0) return;
      if (!member.isIdle) continue;
      const index = this.#queue.findIndex((task) => this.#mayGive(task, member));
      if (index >= 0) for (const task of this.#queue.splice(index, 1)) member.give(task);
    }
    const starting = [...this.#workers].filter(({ isReady }) => !isReady).length;
    const wanted = Math.min(this.#queue.length - starting, this.#jobs - this.#workers.size);
    for (let count = 0; count < wanted; count++) this.#start();
  }

  /**
   * What killed a process is tried again in a fresh one, so that it dies of nothing but itself: the dead one left room for
   * it, unless no more can be started.
   */
  #mayGive(task: Task, member: Member): boolean {
    return task.deaths === 0 || member.given === 0 || this.#jobs < this.#mostJobs;
  }

  #start(): void {
    const member = new Member(this.#options, this.#flags, {
      free: () => {
        if (member.given === 0) {
          // It has just become ready: what kept others from it is over.
          this.#falseStarts = 0;
          this.#jobs = this.#mostJobs;
        }
        if (member.given >= RECYCLE_AFTER) {
          this.#workers.delete(member);
          member.end(null);
        }
        this.#dispatch();
      },
      gone: (task, code, words, status) => {
        this.#workers.delete(member);
        if (!member.isReady) this.#hearOfFalseStart(member, words, status);
        if (task !== null) this.#mourn(task, code, member);
        this.#dispatch();
      },
    });
    this.#workers.add(member);
  }

  /** A Node that does not know a flag is started with fewer; where that fails too, what runs must do. */
  #hearOfFalseStart(member: Member, words: string, status: number | null): void {
    const isFlag = status === UNKNOWN_FLAG && member.flags < FLAGS.length - 1;
    if (isFlag) this.#flags = Math.max(this.#flags, member.flags + 1);
    if (isFlag || ++this.#falseStarts < FALSE_STARTS) return;
    this.#jobs = this.#workers.size; // those that are still starting may do the work
    if (this.#workers.size === 0)
      this.#broken = new UsageError(
        `no worker process can be started: ${words.trim().split('\n').at(-1) || 'it ends'}`,
      );
  }

  /** A task whose process died under it: once more, or an error record. */
  #mourn(task: Task, code: ErrorCode, { known }: Member): void {
    task.deaths++;
    if (task.deaths < TRIES && code !== 'input/timeout') this.#queue.unshift(task);
    else task.resolve(failed(sourceOf(task.path, known), code, this.#detail(code), this.#options.convert.layout));
  }

  #detail(code: ErrorCode): string {
    if (code === 'input/timeout') return `${this.#options.timeout / 1000} s`;
    return code === 'worker/out-of-memory' ? `${this.#options.maxMemory} MiB` : '';
  }
}

interface Events {
  /** The worker has nothing to do. */
  readonly free: () => void;
  /** The process has ended, with the task that it had in hand. */
  readonly gone: (task: Task | null, code: ErrorCode, words: string, status: number | null) => void;
}

/** One process of a pool. */
class Member {
  #child: ChildProcess | null = null;
  readonly #options: PoolOptions;
  readonly #events: Events;
  #task: Task | null = null;
  #timer: NodeJS.Timeout | undefined;
  #words = '';
  #hasEnded = false;
  isReady = false;
  /** Documents that it was given. */
  given = 0;
  /** What it said of the one in hand. */
  known: { bytes: number | null; sha256: string | null } = { bytes: null, sha256: null };

  /** Which of `FLAGS` it was started with. */
  readonly flags: number;

  constructor(options: PoolOptions, flags: number, events: Events) {
    this.#options = options;
    this.flags = flags;
    this.#events = events;
    this.#timer = setTimeout(() => this.#gone('worker/crashed', 'it does not start', null), START_WITHIN);
    try {
      this.#child = this.#fork();
      this.#send({ kind: 'begin', options: options.convert, maxMemory: options.maxMemory });
    } catch (cause) {
      // The system has no room for another: it is heard of as one that ends, and not before it is known.
      setImmediate(() => this.#gone('worker/crashed', (cause as Error).message, null));
    }
  }

  #fork(): ChildProcess {
    const { worker, maxMemory, folder } = this.#options;
    const { VACANCY_REDIS_URL: _, ...env } = process.env; // nothing that reads a stranger's file needs a password
    const child = fork(worker, [], {
      cwd: folder,
      env,
      serialization: 'advanced',
      // Nothing of a library's may come between the records; what a process says when it dies is listened to.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: FLAGS[this.flags]?.(maxMemory) ?? [],
    });
    child.on('error', (cause) => this.#gone('worker/crashed', cause.message, null));
    child.on('message', (message) => this.#hear(message as FromWorker));
    child.on('close', (status) => this.#gone(causeOfDeath(this.#words), this.#words, status));
    child.stderr?.setEncoding('latin1').on('data', (words: string) => {
      this.#words = (this.#words + words).slice(-LAST_WORDS);
    });
    return child;
  }

  get isIdle(): boolean {
    return this.isReady && this.#task === null;
  }

  give(task: Task): void {
    this.#task = task;
    this.given++;
    this.known = { bytes: null, sha256: null };
    this.#watch(task);
    this.#send({ kind: 'convert', path: task.path, bytes: task.bytes });
  }

  /** Ends the process at the time limit, but for one whose answer is there and has only not been heard yet. */
  #watch(task: Task): void {
    const due = performance.now() + this.#options.timeout;
    this.#timer = setTimeout(() => {
      if (performance.now() - due > LATE) this.#watch(task);
      else setImmediate(() => this.#task === task && this.#gone('input/timeout', '', null));
    }, this.#options.timeout);
  }

  /** Ends the process; a task in hand fails with the cause. */
  end(cause: Error | null): void {
    const task = this.#finish();
    this.#hasEnded = true;
    this.#child?.kill('SIGKILL');
    if (cause !== null) task?.reject(cause);
  }

  #send(message: ToWorker): void {
    // One that cannot hear has died or was never started: that is heard of when it closes.
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  #hear(message: FromWorker): void {
    if (this.#hasEnded) return;
    if (message.kind === 'known') {
      this.known = { bytes: message.bytes, sha256: message.sha256 };
      return;
    }
    if (message.kind === 'ready') {
      this.isReady = true;
      clearTimeout(this.#timer);
    } else this.#finish()?.resolve(message.outcome);
    this.#events.free();
  }

  #finish(): Task | null {
    clearTimeout(this.#timer);
    const task = this.#task;
    this.#task = null;
    return task;
  }

  #gone(code: ErrorCode, words: string, status: number | null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#child?.kill('SIGKILL');
    this.#events.gone(this.#finish(), code, words, status);
  }
}

/** What a process that nobody ended died of, by its last words: V8's, or those of the worker's own watch. */
function causeOfDeath(words: string): ErrorCode {
  return words.includes(OVER_MEMORY) || /heap out of memory|heap limit|Array buffer allocation failed/.test(words)
    ? 'worker/out-of-memory'
    : 'worker/crashed';
}
