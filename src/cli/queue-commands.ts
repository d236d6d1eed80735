import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { findInputs, type Input } from '../batch/inputs.ts';
import { type Io, UsageError, writeTo } from '../batch/io.ts';
import { load, loadStream } from '../batch/load.ts';
import { shownName } from '../batch/names.ts';
import { outcomeFrom } from '../batch/outcome.ts';
import { collectedOutput } from '../batch/output.ts';
import { ReadError } from '../model/diagnostic.ts';
import { printableLine } from '../normalise/unicode.ts';
import { type Carried, QueuedBatch, type Terms } from '../queue/batch.ts';
import { collect, refuseUnfinished } from '../queue/collect.ts';
import { type AddressFlags, readAddress, refusal } from '../queue/redis.ts';
import { type Status, statusOf } from '../queue/status.ts';
import { QueueWork } from '../queue/work.ts';
import { serialise } from '../report/serialise.ts';
import type { VacancyRecord } from '../vacancy.ts';
import { conversion, type InputFlags, openList, type RecordFlags, refuseTwoReaders } from './over-inputs.ts';
import { count, duration, ProgressTeller } from './progress.ts';
import { listenForStop } from './signals.ts';
import { listed, Tally } from './tally.ts';
import { type VoiceFlags, voice } from './voice.ts';
import { WrittenFiles } from './written-files.ts';

/** What all commands of the queue take. */
export interface QueueFlags extends AddressFlags, VoiceFlags {
  readonly queue: string;
}

export interface AddFlags extends QueueFlags, InputFlags, RecordFlags {
  readonly carry?: number | true;
  readonly perJob: number;
  readonly abandon?: boolean;
  readonly failed?: string | true;
}

export interface WorkFlags extends QueueFlags {
  readonly outputDir: string;
  readonly jobs?: number;
  readonly root?: string;
  readonly untilDone?: boolean;
}

export interface StatusFlags extends QueueFlags {
  readonly format: 'text' | 'json';
}

export interface CollectFlags extends QueueFlags {
  readonly output?: string;
  readonly outputDir?: string;
  readonly format: 'ndjson' | 'json' | 'csv' | 'parquet';
  readonly failOn: 'error' | 'never';
  readonly putBack?: boolean;
  readonly remove?: boolean;
}

/** Bytes of an input that a job carries where nothing else is said, and of all that one job carries. */
const CARRIED = { input: 2 ** 18, most: 2 ** 24, job: 2 ** 20 };
/** How many characters of base64 stand for so many bytes. */
const base64Length = (bytes: number) => Math.ceil(bytes / 3) * 4;

/** Opens the queue, uses it and lets it go. Signals are the user's. */
async function withQueue<Result>(
  args: readonly string[],
  flags: QueueFlags,
  io: Io,
  use: (batch: QueuedBatch, say: (words: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const url = readAddress(flags, args, io.env);
  const { say } = voice(flags, io);
  const batch = await QueuedBatch.open(flags.queue, url, (words) => void say(`vacancy: ${words}`));
  try {
    return await use(batch, say);
  } catch (cause) {
    throw refusal(cause) ?? cause;
  } finally {
    await batch.close();
  }
}

/** `vacancy queue add`: puts inputs into the queue, or jobs that failed back. Returns the exit status. */
export async function queueAddCommand(
  args: readonly string[],
  flags: AddFlags,
  io: Io,
  version: string,
): Promise<number> {
  const { filesFrom } = flags;
  if (flags.abandon) {
    return withQueue(args, flags, io, async (batch, say) => {
      const isSo = await batch.abandon();
      await say(`vacancy: ${isSo ? 'the adding that was cut off is left where it was' : 'no adding was cut off'}`);
      return 0;
    });
  }
  if (flags.failed !== undefined) {
    if (args.length > 0 || filesFrom !== undefined) throw new UsageError('--failed takes no inputs: it puts jobs back');
    return putBackFailed(flags, flags.failed === true ? null : flags.failed, io);
  }
  const isBare = args.length === 0 && filesFrom === undefined;
  if (isBare && io.stdin.isTTY) throw new UsageError('name a file, a folder, a glob, or - for standard input');
  const names = isBare ? ['-'] : args;
  refuseTwoReaders(names, filesFrom);
  const limit = flags.carry === undefined ? null : flags.carry === true ? CARRIED.input : flags.carry;
  if (limit !== null && limit > CARRIED.most)
    throw new UsageError(`--carry takes ${CARRIED.most} bytes at most: Redis keeps them all in memory`);
  const terms: Omit<Terms, 'id'> = {
    version,
    convert: conversion(flags, 'ndjson'),
    timeout: flags.timeout * 1000,
    maxMemory: flags.maxMemory,
    folder: resolve('.'),
  };
  return withQueue(args, flags, io, async (batch, say) => {
    const list = await openList(flags, io);
    const tooLarge = { count: 0 };
    const stopping = new AbortController();
    let giveUp = () => {};
    const isGivenUp = new Promise<null>((resolve) => {
      giveUp = () => resolve(null);
    });
    const signals = listenForStop(
      io,
      () => stopping.abort(),
      () => giveUp(), // Redis may be away for ever
    );
    try {
      const adding = batch.add(
        carried(findInputs(names, list), limit, flags.maxBytes, io, tooLarge),
        terms,
        { inputs: flags.perJob, characters: base64Length(CARRIED.job) },
        stopping.signal,
      );
      adding.catch(() => {});
      const added = await Promise.race([adding, isGivenUp]);
      if (tooLarge.count > 0)
        await say(
          `vacancy: ${count(tooLarge.count)} inputs are larger than what --carry takes, and go by name: all machines must see them`,
        );
      if (added === null) {
        await say('vacancy: stopped. Run the same command again to go on.');
        return signals.status() ?? 130;
      }
      const { inputs, jobs, earlier } = added;
      await say(
        `vacancy: ${count(inputs)} ${inputs === 1 ? 'input' : 'inputs'} added to the queue ${batch.name}` +
          (earlier > 0 ? `, ${count(earlier)} of them by an earlier run` : '') +
          `; it holds ${count(jobs)} ${jobs === 1 ? 'job' : 'jobs'}`,
      );
      return 0;
    } finally {
      signals.end();
      await list?.close();
    }
  });
}

/** Inputs with their bytes, where they are to be carried and are small enough. Standard input is nowhere else. */
async function* carried(
  inputs: AsyncIterable<Input>,
  limit: number | null,
  maxBytes: number,
  io: Io,
  tooLarge: { count: number },
): AsyncGenerator<Carried> {
  for await (const { path } of inputs) {
    if (path === '-') {
      const most = Math.min(limit ?? CARRIED.most, maxBytes);
      const bytes = await loadStream(io.stdin, most).catch((cause) => {
        throw cause instanceof ReadError ? new UsageError(`standard input: ${cause.detail}`) : cause;
      });
      yield { path, bytes: Buffer.from(bytes).toString('base64') };
    } else if (limit === null) yield { path };
    else {
      const bytes = loadSmall(path, Math.min(limit, maxBytes));
      if (bytes === 'too large') tooLarge.count++;
      yield typeof bytes === 'string' ? { path } : { path, bytes: Buffer.from(bytes).toString('base64') };
    }
  }
}

/** What cannot be read goes by its name: its record will say so. */
function loadSmall(path: string, limit: number): Uint8Array | 'too large' | 'not readable' {
  try {
    return load(path, limit);
  } catch (cause) {
    if (!(cause instanceof ReadError)) throw cause;
    return cause.code === 'input/too-large' ? 'too large' : 'not readable';
  }
}

/** Puts back the jobs that failed, and those with inputs that did. */
async function putBackFailed(flags: QueueFlags, code: string | null, io: Io): Promise<number> {
  return withQueue([], flags, io, async (batch, say) => {
    const { jobs, failedJobs } = await statusOf(batch);
    const terms = await batch.terms();
    if (terms === null) throw new UsageError(`nothing was added to the queue ${batch.name}`);
    const numbers = new Set(failedJobs.filter((job) => code === null || job.code === code).map(({ job }) => job));
    // What is completed and not noted was being put back when that was cut off.
    for await (const { job, done } of batch.done(terms, jobs))
      if (done === null ? code === null : Object.keys(done.failed).some((each) => code === null || each === code))
        numbers.add(job);
    let back = 0;
    for (const job of numbers) if (await batch.putBack(terms, job)) back++;
    await say(`vacancy: ${count(back)} ${back === 1 ? 'job' : 'jobs'} put back into the queue ${batch.name}`);
    return 0;
  });
}

/** `vacancy queue work`: takes jobs off the queue and writes their records. Returns the exit status. */
export async function queueWorkCommand(flags: WorkFlags, io: Io, version: string): Promise<number> {
  return withQueue([], flags, io, async (batch, say) => {
    const tally = new Tally();
    const voiced = voice(flags, io);
    const progress = new ProgressTeller(io, flags.quiet ? 'none' : 'log'); // how many there will be nobody knows
    const work = new QueueWork(
      batch,
      {
        folder: flags.outputDir,
        worker: io.worker,
        jobs: flags.jobs ?? availableParallelism(),
        root: flags.root === undefined ? null : resolve(flags.root),
        untilDone: flags.untilDone ?? false,
      },
      {
        say: (words) => void say(words),
        converted: async (path, outcome) => {
          tally.add(outcome, false);
          if (outcome.failure !== null) await voiced.error(path, outcome.failure.error);
          for (const warning of flags.verbose ? outcome.warnings : []) await voiced.warning(path, warning);
          await progress.tick(outcome.failure !== null, true);
        },
      },
    );
    const signals = listenForStop(
      io,
      () => {
        work.stop();
        void say('vacancy: finishing what was begun; once more to leave it to others');
      },
      () => work.leave(),
    );
    let isWell = true;
    try {
      isWell = await work.run(version);
    } finally {
      signals.end();
      if (tally.count > 0) await say(tally.summary());
    }
    if (!isWell) await say('vacancy: some jobs were given up: see vacancy queue status');
    return signals.status() ?? (isWell ? 0 : 1);
  });
}

/** `vacancy queue status`: how far the queue is. Returns the exit status. */
export async function queueStatusCommand(flags: StatusFlags, io: Io): Promise<number> {
  return withQueue([], flags, io, async (batch) => {
    const status = await statusOf(batch);
    await writeTo(io.stdout, flags.format === 'json' ? asJson(status) : asText(status));
    return 0;
  });
}

function asJson({ failedJobs, isAdding, inputsDone, inputsFailed, rate, ...others }: Status): string {
  const printed = {
    ...others,
    adding: isAdding,
    inputs_done: inputsDone,
    inputs_failed: inputsFailed,
    inputs_per_second: rate === null ? null : Math.round(rate * 100) / 100,
    failed_jobs: failedJobs,
  };
  return serialise(printed, 'single');
}

/** Jobs that failed that a person is told of. */
const TOLD = 20;

function asText(status: Status): string {
  const { inputs, inputsDone, inputsFailed, jobs, waiting, active, delayed, done, failedJobs, rate, workers } = status;
  const left = inputs - inputsDone;
  const share = inputs === 0 ? '' : ` (${Math.floor((100 * inputsDone) / inputs)} %)`;
  const speed =
    rate === null || left === 0
      ? []
      : [['speed', `${rate.toFixed(1)} inputs a second, ${duration(left / rate)} left at that`]];
  const failures = new Map(Object.entries(inputsFailed));
  const rows = [
    ['queue', `${status.queue}${status.isAdding ? ' (inputs are being added, or that was cut off)' : ''}`],
    ['inputs', `${count(inputsDone)} of ${count(inputs)} done${share}`],
    ...(failures.size > 0 ? [['', `of them with an error record: ${listed(failures)}`]] : []),
    [
      'jobs',
      `${count(done)} of ${count(jobs)} done, ${count(active)} taken, ${count(waiting)} waiting, ` +
        `${count(delayed)} waiting to be tried again, ${count(failedJobs.length)} failed`,
    ],
    ['workers', count(workers)],
    ...speed,
    ...failedJobs
      .slice(0, TOLD)
      .map(({ job, code, message, inputs: [first = ''] }) => [
        'failed',
        `job ${job} (${first} …): ${code}: ${message}`,
      ]),
    ...(failedJobs.length > TOLD ? [['', `and ${failedJobs.length - TOLD} more (-f json tells all)`]] : []),
    ...(failedJobs.length > 0 ? [['', 'vacancy queue add --failed puts them back']] : []),
  ];
  return `${rows.map(([name = '', words = '']) => printableLine(`${name.padEnd(8)} ${words}`)).join('\n')}\n`;
}

/** `vacancy queue collect`: all records, in the order in which the inputs were added. Returns the exit status. */
export async function queueCollectCommand(flags: CollectFlags, io: Io): Promise<number> {
  return withQueue([], flags, io, async (batch, say) => {
    if (flags.remove && (await batch.isRemoving())) {
      await batch.remove(null);
      await say('vacancy: the removal that was cut off is ended; the records were collected before it');
      return 0;
    }
    const { terms, jobs } = await refuseUnfinished(batch);
    const format = flags.format === 'json' ? 'array' : flags.format;
    if (flags.output !== undefined && flags.outputDir !== undefined)
      new WrittenFiles([resolve(flags.output)]).refuse(flags.outputDir);
    const output = await collectedOutput(flags.output, format, io);
    const lost: { job: number; file: string }[] = [];
    const failures = new Map<string, number>();
    let inputs = 0;
    try {
      for await (const { text, failed, ...each } of collect(batch, terms, jobs, flags.outputDir ?? null, (job, file) =>
        lost.push({ job, file }),
      )) {
        inputs += each.inputs;
        for (const [code, times] of Object.entries(failed)) failures.set(code, (failures.get(code) ?? 0) + times);
        for (const line of text.split('\n').slice(0, -1))
          await output.write(STANDS_FOR_ALL, laidOut(line, format), false);
      }
      if (lost.length > 0) throw await lostRecords(batch, terms, lost, flags.putBack ?? false);
      await output.finish();
    } catch (cause) {
      await output.stop().catch(() => {});
      throw cause;
    }
    if (flags.remove) await batch.remove(jobs);
    const failed = [...failures.values()].reduce((sum, times) => sum + times, 0);
    await say(
      `vacancy: ${count(inputs)} ${inputs === 1 ? 'record' : 'records'}, ${count(failed)} of them errors` +
        (failures.size > 0 ? `: ${listed(failures)}` : ''),
    );
    return failed > 0 && flags.failOn === 'error' ? 1 : 0;
  });
}

/** Where records go one after the other, nothing asks which input they are of. */
const STANDS_FOR_ALL: Input = { path: '', relative: '', shardKey: '' };

/** A record that was written as a line, as the format has it. */
function laidOut(line: string, format: 'array' | 'ndjson' | 'csv' | 'parquet') {
  const record = JSON.parse(line) as VacancyRecord;
  return outcomeFrom(record, format === 'array' ? serialise(record, 'array') : `${line}\n`);
}

async function lostRecords(
  batch: QueuedBatch,
  terms: Terms,
  lost: readonly { job: number; file: string }[],
  isPutBack: boolean,
): Promise<UsageError> {
  const [first] = lost;
  const words = `the records of ${lost.length} ${lost.length === 1 ? 'job is' : 'jobs are'} not there, or not those that were written: ${shownName(first?.file ?? '')}${lost.length > 1 ? ' and others' : ''}`;
  if (!isPutBack)
    return new UsageError(
      `${words}. Name with -d where they are on this machine, or have them made again with --put-back`,
    );
  for (const { job } of lost) await batch.putBack(terms, job);
  return new UsageError(`${words}. These jobs are put back: collect again when they are done`);
}
