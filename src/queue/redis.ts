import { readFileSync } from 'node:fs';
import type { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { UsageError } from '../batch/io.ts';

/** Where Redis is, as the command line says it. */
export interface AddressFlags {
  readonly redisUrl?: string;
  readonly redisUrlFile?: string;
}

const VARIABLE = 'VACANCY_REDIS_URL';
const SAFE_WAYS = `put it into a file for --redis-url-file, or into ${VARIABLE}`;

/**
 * The address of Redis. No message quotes it: it may hold a password.
 *
 * @throws UsageError where there is none, it is no such address, or a password stands where all can read it.
 */
export function readAddress(
  flags: AddressFlags,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): URL {
  const { redisUrl, redisUrlFile } = flags;
  if ([...args, redisUrlFile ?? ''].some((arg) => /^rediss?:\/\//i.test(arg)))
    throw new UsageError(`an address of Redis is no file: ${SAFE_WAYS}`);
  if (redisUrl !== undefined && redisUrlFile !== undefined)
    throw new UsageError('--redis-url and --redis-url-file do not go together');
  const given = redisUrl ?? (redisUrlFile === undefined ? env[VARIABLE] : readAddressFile(redisUrlFile));
  if (given === undefined || given.trim() === '')
    throw new UsageError(`the address of Redis is missing (redis://HOST:6379): ${SAFE_WAYS}`);
  const url = URL.canParse(given.trim()) ? new URL(given.trim()) : null;
  // What cannot be read may hold one as well.
  if (redisUrl !== undefined && (url === null || `${url.password}${url.username}${url.search}${url.hash}` !== ''))
    throw new UsageError(
      `--redis-url takes redis://HOST:PORT and no user or password, for anybody can read a command line: ${SAFE_WAYS}`,
    );
  const isRight =
    url !== null &&
    /^rediss?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    /^\/?\d{0,4}$/.test(url.pathname) &&
    `${url.search}${url.hash}` === '' && // of a password that holds ? or #, which would be taken for the host
    isEncoded(url.username) &&
    isEncoded(url.password);
  if (!isRight)
    throw new UsageError(
      'the address of Redis must read redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or rediss://; in a password %, #, ?, / and @ are written as %25, %23, %3F, %2F and %40',
    );
  return url;
}

function isEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== null;
  } catch {
    return false;
  }
}

function readAddressFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`cannot read ${file}: ${(cause as NodeJS.ErrnoException).code}`);
  }
}

/** What the queue is built on. It is no dependency of the package: who uses the queue installs it. */
export interface Engine {
  readonly Redis: typeof Redis;
  readonly Queue: typeof Queue;
  readonly Worker: typeof Worker;
}

/** @throws UsageError where it is not installed, with the line that installs it. */
export async function loadEngine(): Promise<Engine> {
  try {
    const [{ Redis }, { Queue, Worker }] = await Promise.all([import('ioredis'), import('bullmq')]);
    return { Redis, Queue, Worker };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError('the queue runs on BullMQ, which is not installed: npm install bullmq@6 ioredis@5');
  }
}

/** Milliseconds to the first answer, and between two tries to find a Redis that went away. */
const PATIENCE = { first: 10_000, least: 200, most: 3_000 };

/**
 * Connects to Redis. Once it has answered it is waited for whenever it goes away: what was asked is asked again, and all that
 * is asked here may be asked twice.
 *
 * @param tell hears once each time that it goes, and once that it is back.
 * @returns the connection, and what ends it.
 * @throws UsageError where it does not answer, or does not let us in.
 */
export async function connect(
  engine: Engine,
  url: URL,
  tell: (words: string) => void,
): Promise<{ redis: Redis; disconnect: () => void }> {
  const place = `Redis at ${url.host}`;
  const database = Number(url.pathname.slice(1) || 0);
  let isThere = false;
  let isAway = false;
  let failure: Error | null = null;
  const redis = new engine.Redis({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db: database,
    tls: url.protocol === 'rediss:' ? {} : undefined,
    connectTimeout: PATIENCE.first,
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: (times) => (isThere ? Math.min(PATIENCE.least * times, PATIENCE.most) : null),
  });
  redis.on('error', (cause: Error) => {
    failure ??= cause;
  });
  redis.on('close', () => {
    if (isThere && !isAway) tell(`${place} is away; it is waited for`);
    isAway = isThere;
  });
  redis.on('ready', () => {
    if (isAway) tell(`${place} is back`);
    isAway = false;
  });
  const disconnect = () => {
    isThere = false;
    redis.disconnect();
  };
  try {
    const first = async () => {
      await redis.connect();
      await redis.select(database); // what ioredis does by itself goes on where it fails
    };
    await Promise.race([first(), late(PATIENCE.first)]);
    isThere = true;
    return { redis, disconnect };
  } catch (cause) {
    disconnect();
    throw new UsageError(`${place} cannot be used: ${(refusal(cause) ?? failure ?? (cause as Error)).message}`);
  }
}

const late = (milliseconds: number) =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`no answer in ${milliseconds / 1000} s`)), milliseconds).unref();
  });

/**
 * What Redis refuses, in words of ours and its code: its own may hold more than is to be told. Null for what is none of its.
 */
export function refusal(cause: unknown): UsageError | null {
  if (!(cause instanceof Error) || cause.name !== 'ReplyError') return null;
  const code = /^[A-Z]{2,20}\b/.exec(cause.message)?.[0] ?? 'ERR';
  return new UsageError(`Redis refuses: ${code}${REFUSALS[code] === undefined ? '' : ` (${REFUSALS[code]})`}`);
}

/** True for what Redis will refuse again, so that there is no use in asking. */
export const isLasting = (cause: Error): boolean =>
  cause.name === 'ReplyError' && (/^[A-Z]{2,20}\b/.exec(cause.message)?.[0] ?? '') in REFUSALS;

const REFUSALS: Readonly<Record<string, string>> = {
  OOM: 'its memory is full: see its maxmemory',
  MISCONF: 'it cannot write its files: see its disk',
  READONLY: 'it is a replica',
  NOAUTH: 'it wants a password',
  WRONGPASS: 'the user or the password is wrong',
  NOPERM: 'the user may not do this',
};

/** What keeps Redis from keeping a queue: each in a sentence. Where it does not tell, nothing is said. */
export async function faultsOf(redis: Redis): Promise<string[]> {
  const faults: string[] = [];
  const info = await redis.info().catch(() => '');
  const asked = (await redis.config('GET', 'appendfsync').catch(() => [])) as string[];
  if (/^aof_enabled:0/m.test(info))
    faults.push('it keeps no append-only file (set appendonly yes): a restart would lose jobs');
  else if (asked[1] === 'no')
    faults.push('it does not sync its append-only file (set appendfsync always, or everysec)');
  const [, major = '7', minor = '0'] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? [];
  if (Number(major) < 6 || (Number(major) === 6 && Number(minor) < 2)) faults.push('it is older than 6.2');
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy !== undefined && policy !== 'noeviction')
    faults.push(`it may throw jobs away when its memory is full (set maxmemory-policy noeviction, not ${policy})`);
  return faults;
}
