import { dirname, resolve } from 'node:path';
import type { ConvertOptions } from '../batch/convert.ts';
import { Converter } from '../batch/converter.ts';
import {
  findInputs,
  type Input,
  isInShard,
  type Kind,
  keepList,
  kindOf,
  type NameList,
  readShard,
} from '../batch/inputs.ts';
import { type Io, UsageError } from '../batch/io.ts';
import type { Format } from '../batch/journal.ts';
import { inOrder, peek, until } from '../batch/order.ts';
import { NotBegun, type Outcome } from '../batch/outcome.ts';
import {
  errorOutput,
  fileOutput,
  foldsNames,
  type Output,
  type Resumption,
  standardOutput,
  targetNumber,
  treeOutput,
  treePath,
} from '../batch/output.ts';
import type { Layout } from '../report/serialise.ts';
import { conversion, type InputFlags, openList, type RecordFlags, refuseTwoReaders } from './over-inputs.ts';
import { count, type Progress, ProgressTeller } from './progress.ts';
import { listenForStop } from './signals.ts';
import { Tally } from './tally.ts';
import { type VoiceFlags, voice } from './voice.ts';
import { WrittenFiles } from './written-files.ts';

/** The options of `vacancy parse`, as commander hands them over. */
export interface ParseFlags extends VoiceFlags, InputFlags, RecordFlags {
  readonly format?: 'json' | 'ndjson' | 'csv' | 'jsonld' | 'parquet';
  readonly output?: string;
  readonly outputDir?: string;
  readonly errors?: string;
  readonly shard?: string;
  readonly resume?: boolean;
  readonly failOn: 'error' | 'warning' | 'never';
  readonly progress: boolean;
}

/** The inputs of a batch, as often as they are asked for. */
interface Inputs {
  readonly find: () => AsyncIterable<Input>;
  /** True for those that are wanted of them. */
  readonly isWanted: (input: Input) => boolean;
  /** What the only INPUT is; null where there are several, or a list. */
  readonly only: Kind | null;
  readonly list: NameList | null;
}

/** `vacancy parse`: one record for each input, in order, while the batch runs. Returns the exit status. */
export async function parseCommand(
  args: readonly string[],
  flags: ParseFlags,
  io: Io,
  version: string,
): Promise<number> {
  refuseContradictions(flags);
  const inputs = await gather(args, flags, io);
  try {
    const { first, all } = await peek(inputs.find(), inputs.list === null ? Converter.few + 1 : 1);
    if (first.length === 0) throw new UsageError('no input matched');
    if (flags.outputDir !== undefined && inputs.only !== 'file') await refuseTwins(inputs, flags.outputDir);
    const written = new WrittenFiles(outputFiles(flags));
    for (const path of [...args, ...(flags.filesFrom === undefined ? [] : [flags.filesFrom])]) written.refuse(path);
    const areFew = first.length <= Converter.few && inputs.list === null;
    const batch = new Batch(flags, inputs, areFew, written, io);
    return await batch.run(all, version);
  } finally {
    await inputs.list?.close();
  }
}

function refuseContradictions(flags: ParseFlags): void {
  const outputs = outputFiles(flags);
  if (new Set(outputs).size < outputs.length) throw new UsageError('-o and --errors name the same file');
  if (flags.output !== undefined && flags.outputDir !== undefined) throw new UsageError('-o and -d do not go together');
  if (flags.outputDir !== undefined && /^(?:csv|jsonld|parquet)$/.test(flags.format ?? ''))
    throw new UsageError(`-d writes a JSON record for each input: ${flags.format} goes with -o`);
  if (flags.resume && flags.format === 'parquet')
    throw new UsageError('--resume does not go with parquet, whose file is whole only at its end');
  if (flags.resume && flags.output === undefined && flags.outputDir === undefined)
    throw new UsageError('--resume goes on with a file or a folder: it needs -o or -d');
}

const outputFiles = ({ output, errors }: ParseFlags) =>
  [output, errors].flatMap((file) => (file === undefined ? [] : [resolve(file)]));

async function gather(args: readonly string[], flags: ParseFlags, io: Io): Promise<Inputs> {
  const isBare = args.length === 0 && flags.filesFrom === undefined;
  if (isBare && io.stdin.isTTY)
    throw new UsageError('name a file, a folder, a glob, or - for standard input (see vacancy parse --help)');
  const names = isBare ? ['-'] : args;
  refuseTwoReaders(names, flags.filesFrom);
  const shard = flags.shard === undefined ? null : readShard(flags.shard);
  const list = await openInputList(flags, io);
  const [name] = names;
  return {
    find: () => findInputs(names, list),
    isWanted: (input) => shard === null || isInShard(input, shard),
    only: list === null && names.length === 1 && name !== undefined ? kindOf(name) : null,
    list,
  };
}

async function openInputList(flags: ParseFlags, io: Io): Promise<NameList | null> {
  const list = await openList(flags, io);
  // The names that go into a folder are looked at twice: first for two of them that would make one file.
  return list === null || flags.outputDir === undefined || list.canRepeat ? list : keepList(list);
}

/**
 * Refuses, before any work, two inputs for one file, or for a file and a folder of one name. Of each target no more than a
 * number is kept: there may be millions.
 */
async function refuseTwins({ find, isWanted }: Inputs, folder: string): Promise<void> {
  const isFolding = await foldsNames(folder);
  const fold = (name: string) => (isFolding ? name.normalize('NFD').toLowerCase() : name);
  const root = fold(resolve(folder));
  async function* places() {
    for await (const input of find()) {
      if (!isWanted(input)) continue;
      const target = fold(treePath(folder, input.relative));
      yield { path: input.path, target, folders: foldersNamedLikeFiles(root, target) };
    }
  }
  const targets: number[] = [];
  const folders = new Set<number>();
  for await (const place of places()) {
    targets.push(targetNumber(place.target));
    for (const each of place.folders) folders.add(targetNumber(each));
  }
  const sorted = Float64Array.from(targets).sort();
  const shared = new Set(sorted.filter((hash, index) => hash === sorted[index - 1] || folders.has(hash)));
  if (shared.size === 0) return;
  const seen = new Map<string, { path: string; isFile: boolean }>();
  const claim = (name: string, path: string, isFile: boolean) => {
    if (!shared.has(targetNumber(name))) return;
    const other = seen.get(name);
    if (other !== undefined && (isFile || other.isFile))
      throw new UsageError(`${other.path} and ${path} would both be written to ${name}`);
    seen.set(name, { path, isFile });
  };
  for await (const { path, target, folders: above } of places()) {
    claim(target, path, true);
    for (const each of above) claim(each, path, false);
  }
}

/** The folders above a target that a record could have for its name. */
function foldersNamedLikeFiles(root: string, target: string): string[] {
  const found: string[] = [];
  for (let above = dirname(target); above.length > root.length; above = dirname(above))
    if (above.endsWith('.json')) found.push(above);
  return found;
}

/** An input on its way, with what an earlier run made of it where that is still right. */
interface Work {
  readonly input: Input;
  readonly earlier: Outcome | null;
}

function formatOf({ format, outputDir }: ParseFlags, isAlone: boolean): Format {
  if (outputDir !== undefined) return 'single';
  switch (format ?? (isAlone ? 'json' : 'ndjson')) {
    case 'json':
      return isAlone ? 'single' : 'array';
    case 'jsonld':
      return isAlone ? 'posting' : 'postings';
    case 'csv':
      return 'csv';
    case 'parquet':
      return 'parquet';
    default:
      return 'ndjson';
  }
}

/** One run over the inputs. */
class Batch {
  readonly #flags: ParseFlags;
  readonly #inputs: Inputs;
  readonly #areFew: boolean;
  readonly #io: Io;
  readonly #isAlone: boolean;
  readonly #format: Format;
  /** What who reads an input makes of its record. */
  readonly #layout: Layout;
  readonly #tally = new Tally();
  readonly #interrupt = new AbortController();
  /** Comes some time after the second signal, as false: what is still being written is not waited for. */
  readonly #isGivenUp: Promise<boolean>;
  #giveUp: (isWhole: false) => void = () => {};
  readonly #written: WrittenFiles;
  #hasFoundAll = false;

  constructor(flags: ParseFlags, inputs: Inputs, areFew: boolean, written: WrittenFiles, io: Io) {
    this.#flags = flags;
    this.#inputs = inputs;
    this.#areFew = areFew;
    this.#written = written;
    this.#io = io;
    this.#isAlone = inputs.only === 'file';
    this.#isGivenUp = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
    this.#format = formatOf(flags, this.#isAlone);
    this.#layout = this.#format === 'csv' || this.#format === 'parquet' ? 'ndjson' : this.#format;
  }

  async run(all: AsyncIterable<Input>, version: string): Promise<number> {
    const flags = this.#flags;
    const options = conversion(flags, this.#layout);
    const errors = flags.errors === undefined ? null : await errorOutput(flags.errors);
    const output = await this.#openOutput(options, version).catch(async (cause) => {
      await errors?.stop();
      throw cause;
    });
    const converter = new Converter(
      {
        worker: this.#io.worker,
        jobs: flags.jobs ?? null,
        timeout: flags.timeout * 1000,
        maxMemory: flags.maxMemory,
        convert: options,
      },
      this.#io,
    );
    const say = voice(flags, this.#io);
    const progress = new ProgressTeller(this.#io, this.#progressKind());
    if (this.#progressKind() === 'bar') void this.#countAll(progress);
    const signals = this.#listen(converter, progress);
    try {
      const writing = this.#writeAll(this.#work(all, output), converter, async ({ input, earlier }, outcome) => {
        await output.write(input, outcome, earlier !== null);
        this.#tally.add(outcome, earlier !== null);
        if (outcome.failure !== null) {
          await errors?.write(outcome.failure);
          await progress.clear();
          await say.error(input.path, outcome.failure.error);
        }
        for (const warning of earlier === null && flags.verbose ? outcome.warnings : []) {
          await progress.clear();
          await say.warning(input.path, warning);
        }
        await progress.tick(outcome.failure !== null, earlier === null);
      });
      const isWhole = await Promise.race([writing, this.#isGivenUp]);
      await progress.clear();
      if (!isWhole) {
        await Promise.race([Promise.all([output.stop(), errors?.stop()]), this.#isGivenUp]);
        await Promise.race([say.say(this.#howToGoOn()), this.#isGivenUp]);
        return signals.status() ?? 130;
      }
      await output.finish();
      await errors?.finish();
      if (!this.#isAlone) await say.say(this.#tally.summary());
      return this.#tally.exitStatus(flags.failOn);
    } catch (cause) {
      await progress.clear().catch(() => {});
      await output.stop().catch(() => {});
      await errors?.stop().catch(() => {});
      throw cause;
    } finally {
      this.#interrupt.abort();
      converter.close();
      signals.end();
    }
  }

  async #openOutput(options: ConvertOptions, version: string): Promise<Output> {
    const { output, outputDir, resume, timeout, maxMemory } = this.#flags;
    if (output === undefined && outputDir === undefined) return standardOutput(this.#format, this.#io);
    const resumption: Resumption = {
      isResumed: resume ?? false,
      conditions: { version, format: this.#format, convert: options, limits: { timeout, maxMemory } },
    };
    if (outputDir !== undefined) return treeOutput(outputDir, resumption);
    return fileOutput(output ?? '', resumption);
  }

  /** The inputs that are wanted, with what is known of them already; an advert is never written over. */
  async *#work(all: AsyncIterable<Input>, output: Output): AsyncGenerator<Work> {
    for await (const input of until(all, this.#interrupt.signal)) {
      if (!this.#inputs.isWanted(input)) continue;
      this.#written.refuse(input.path);
      yield { input, earlier: await output.reuse(input) };
    }
    this.#hasFoundAll = !this.#interrupt.signal.aborted;
  }

  /** Hands over each outcome, in order. False where the run was stopped before the last. */
  async #writeAll(
    work: AsyncIterable<Work>,
    converter: Converter,
    write: (work: Work, outcome: Outcome) => Promise<void>,
  ): Promise<boolean> {
    const convert = ({ input, earlier }: Work) =>
      earlier === null ? converter.convert(input, this.#areFew) : Promise.resolve(earlier);
    try {
      for await (const { input, outcome } of inOrder(work, convert, ({ text }) => text.length))
        await write(input, outcome);
      return this.#hasFoundAll;
    } catch (cause) {
      if (cause instanceof NotBegun) return false;
      throw cause;
    }
  }

  /** The first signal ends the batch after what is in flight, the second at once. */
  #listen(converter: Converter, progress: ProgressTeller) {
    const finish = async () => {
      await progress.clear();
      await voice(this.#flags, this.#io).say('vacancy: finishing what was begun; once more to stop at once');
    };
    return listenForStop(
      this.#io,
      () => {
        this.#interrupt.abort();
        converter.stop();
        void finish().catch(() => {});
      },
      () => {
        converter.close();
        // A reader that takes nothing more is not waited for either.
        setTimeout(() => this.#giveUp(false), GRACE).unref();
      },
    );
  }

  #howToGoOn(): string {
    const { output, outputDir } = this.#flags;
    const written = `vacancy: stopped; ${count(this.#tally.count)} ${this.#tally.count === 1 ? 'record is' : 'records are'} written`;
    return output === undefined && outputDir === undefined
      ? `${written}. With -o or -d, --resume goes on after a stop.`
      : `${written}. Run the same command with --resume to go on.`;
  }

  #progressKind(): Progress {
    const { progress, quiet, verbose, output, outputDir } = this.#flags;
    if (quiet || !progress || this.#isAlone) return 'none';
    const { stdout, stderr, env } = this.#io;
    if (stderr.isTTY !== true || (env.CI ?? '') !== '' || env.TERM === 'dumb') return verbose ? 'log' : 'none';
    // Records that go to the same terminal are progress enough.
    return stdout.isTTY === true && output === undefined && outputDir === undefined ? 'none' : 'bar';
  }

  /** Counts the inputs while the batch runs, to tell the time left. */
  async #countAll(progress: ProgressTeller): Promise<void> {
    if (this.#inputs.list !== null && !this.#inputs.list.canRepeat) return;
    let total = 0;
    try {
      for await (const input of until(this.#inputs.find(), this.#interrupt.signal))
        if (this.#inputs.isWanted(input)) total++;
    } catch {
      return; // the batch itself says what is wrong
    }
    if (!this.#interrupt.signal.aborted) progress.total = total;
  }
}

/** Milliseconds that a write has to end in after the second signal. */
const GRACE = 1_000;
