import type { ConvertOptions } from '../batch/convert.ts';
import { Converter } from '../batch/converter.ts';
import { findInputs, type Input, listInFile, listInStream, type NameList } from '../batch/inputs.ts';
import { type Io, UsageError } from '../batch/io.ts';
import { inOrder, peek, until } from '../batch/order.ts';
import { NotBegun, type Outcome } from '../batch/outcome.ts';
import { listenForStop } from './signals.ts';
import type { WrittenFiles } from './written-files.ts';

/** The options of the commands that read a batch and write something of their own about it. */
export interface InputFlags {
  readonly filesFrom?: string;
  readonly null?: boolean;
  readonly jobs?: number;
  readonly timeout: number;
  readonly maxBytes: number;
  readonly maxMemory: number;
  readonly asOf?: string;
}

/** The options that say what a record holds. */
export interface RecordFlags {
  readonly evidence?: boolean;
  readonly annualise?: boolean;
  readonly redact?: boolean;
}

/** How inputs become what is asked for. */
export const conversion = (
  { asOf, annualise, evidence, redact, maxBytes }: Pick<InputFlags, 'asOf' | 'maxBytes'> & RecordFlags,
  layout: ConvertOptions['layout'],
): ConvertOptions => ({
  asOf: asOf ?? null,
  annualise: annualise ?? false,
  evidence: evidence ?? false,
  redact: redact ?? false,
  maxBytes,
  layout,
});

/**
 * Reads inputs as `vacancy parse` does, and hands over what became of each, in order.
 *
 * @param convert what is to be made of each.
 * @param written what is written: no input may be among it.
 * @returns how many there were, the exit status of a run that a signal ended (null for one that came to its end), and
 *   whether what was taken was taken whole.
 */
export async function overInputs(
  args: readonly string[],
  flags: InputFlags,
  io: Io,
  convert: Pick<ConvertOptions, 'layout' | 'evidence' | 'today'>,
  written: WrittenFiles,
  take: (input: Input, outcome: Outcome) => Promise<void> | void,
): Promise<{ inputs: number; stopped: number | null; isWhole: boolean }> {
  const isBare = args.length === 0 && flags.filesFrom === undefined;
  if (isBare && io.stdin.isTTY) throw new UsageError('name a file, a folder, a glob, or - for standard input');
  refuseTwoReaders(args, flags.filesFrom);
  for (const path of [...args, ...(flags.filesFrom === undefined ? [] : [flags.filesFrom])]) written.refuse(path);
  const list = await openList(flags, io);
  const { first, all } = await peek(findInputs(isBare ? ['-'] : args, list), Converter.few + 1);
  if (first.length === 0) throw new UsageError('no input matched');
  const areFew = first.length <= Converter.few && list === null;
  const { timeout, maxMemory, maxBytes, asOf = null, jobs = null } = flags;
  const converter = new Converter(
    {
      worker: io.worker,
      jobs,
      timeout: timeout * 1000,
      maxMemory,
      convert: { asOf, annualise: false, redact: false, maxBytes, ...convert },
    },
    io,
  );
  const stopping = new AbortController();
  let giveUp = () => {};
  const isGivenUp = new Promise<false>((resolve) => {
    giveUp = () => resolve(false);
  });
  const signals = listenForStop(
    io,
    () => {
      stopping.abort();
      converter.stop();
    },
    () => {
      converter.close();
      setTimeout(giveUp, GRACE).unref(); // a reader that takes nothing more is not waited for
    },
  );
  let inputs = 0;
  let isWhole = true;
  try {
    const begin = (input: Input) => {
      written.refuse(input.path);
      return converter.convert(input, areFew);
    };
    const takeAll = async () => {
      for await (const { input, outcome } of inOrder(until(all, stopping.signal), begin, ({ text }) => text.length)) {
        inputs++;
        await take(input, outcome);
      }
    };
    isWhole = await Promise.race([takeAll().then(() => true), isGivenUp]);
  } catch (cause) {
    if (!(cause instanceof NotBegun)) throw cause;
  } finally {
    converter.close();
    signals.end();
    await list?.close();
  }
  return { inputs, isWhole, stopped: signals.status() };
}

/** Milliseconds that a write has to end after the second signal. */
const GRACE = 500;

/** The list of `--files-from`; null where there is none. */
export async function openList(
  { filesFrom, null: isNull = false }: Pick<InputFlags, 'filesFrom' | 'null'>,
  io: Io,
): Promise<NameList | null> {
  if (filesFrom === undefined) return null;
  return filesFrom === '-' ? listInStream(io.stdin, isNull) : listInFile(filesFrom, isNull);
}

/** Standard input is one document, or one list. */
export function refuseTwoReaders(args: readonly string[], filesFrom: string | undefined): void {
  if (args.filter((arg) => arg === '-').length + (filesFrom === '-' ? 1 : 0) > 1)
    throw new UsageError('standard input can be read once only');
}
