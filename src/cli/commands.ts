import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ReadError } from '../model/diagnostic.ts';
import { printable } from '../normalise/unicode.ts';
import { describeError } from '../report/messages.ts';
import { type ConvertOptions, convert, load } from './convert.ts';
import { type Input, isInShard, readShard, selectInputs, splitNames } from './inputs.ts';
import { colourLevel, type Io, UsageError, writeTo } from './io.ts';
import { type Layout, streamOutput, treeOutput, treePath } from './output.ts';

/** The options of `vacancy parse`, as commander hands them over. */
export interface ParseFlags {
  readonly format?: 'json' | 'ndjson';
  readonly output?: string;
  readonly outputDir?: string;
  readonly filesFrom?: string;
  readonly null?: boolean;
  readonly errors?: string;
  readonly shard?: string;
  readonly maxBytes: number;
  readonly asOf?: string;
  readonly evidence?: boolean;
  readonly annualise?: boolean;
  readonly failOn: 'error' | 'warning' | 'never';
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** `vacancy parse`: one record for each input, in order. Returns the exit status. */
export async function parseCommand(args: readonly string[], flags: ParseFlags, io: Io): Promise<number> {
  const { inputs, isSingle } = await findInputs(args, flags, io);
  if (flags.output !== undefined && flags.outputDir !== undefined) throw new UsageError('-o and -d do not go together');
  const shard = flags.shard === undefined ? null : readShard(flags.shard);
  const chosen = shard === null ? inputs : inputs.filter((input) => isInShard(input, shard));
  if (flags.outputDir !== undefined) refuseTwins(chosen, flags.outputDir);
  refuseOverwriting(chosen, flags);
  const format = flags.format ?? (isSingle ? 'json' : 'ndjson');
  const layout: Layout = format === 'ndjson' ? 'ndjson' : isSingle ? 'single' : 'array';
  const output =
    flags.outputDir === undefined ? await streamOutput(layout, flags.output ?? null, io) : treeOutput(flags.outputDir);
  const errors = flags.errors === undefined ? null : await streamOutput('ndjson', flags.errors, io);
  const options: ConvertOptions = {
    asOf: flags.asOf ?? null,
    annualise: flags.annualise ?? false,
    evidence: flags.evidence ?? false,
    maxBytes: flags.maxBytes,
  };
  const say = await voice(flags, io);
  let failed = 0;
  let warned = 0;
  for (const input of chosen) {
    const record = await convert(input.path, options, io);
    await output.write(record, input.relative);
    if (record.status === 'error') {
      failed++;
      await errors?.write(record, input.relative);
      await say.error(input.path, record.error.code, `${record.error.message} ${record.error.hint}`);
    } else {
      if (record.warnings.length > 0) warned++;
      for (const warning of record.warnings) await say.warning(input.path, warning.code, warning.message);
    }
  }
  await output.finish();
  await errors?.finish();
  if (flags.failOn === 'never') return 0;
  return failed > 0 || (flags.failOn === 'warning' && warned > 0) ? 1 : 0;
}

async function findInputs(
  args: readonly string[],
  flags: ParseFlags,
  io: Io,
): Promise<{ inputs: readonly Input[]; isSingle: boolean }> {
  let names: string[] = [];
  if (flags.filesFrom !== undefined) {
    const list =
      flags.filesFrom === '-'
        ? await load('-', Number.POSITIVE_INFINITY, io)
        : await readFile(flags.filesFrom).catch((cause: Error) =>
            Promise.reject(new UsageError(`cannot read ${flags.filesFrom}: ${cause.message}`)),
          );
    names = splitNames(Buffer.from(list).toString('utf8'), flags.null ?? false);
  } else if (args.length === 0) {
    if (io.stdin.isTTY)
      throw new UsageError('name a file, a folder, a glob, or - for standard input (see vacancy parse --help)');
    return selectInputs(['-']);
  }
  if (args.filter((arg) => arg === '-').length > 1) throw new UsageError('standard input can be read once only');
  const selection = await selectInputs(args, names);
  if (selection.inputs.length === 0) throw new UsageError('no input matched');
  return { ...selection, isSingle: selection.isSingle && flags.filesFrom === undefined };
}

/** An advert is never written over, nor one output by the other. */
function refuseOverwriting(inputs: readonly Input[], flags: ParseFlags): void {
  const outputs = [flags.output, flags.errors].flatMap((file) => (file === undefined ? [] : [resolve(file)]));
  if (new Set(outputs).size < outputs.length) throw new UsageError('-o and --errors name the same file');
  const same = inputs.find(({ path }) => path !== '-' && outputs.includes(resolve(path)));
  if (same !== undefined) throw new UsageError(`${same.path} would be written over`);
}

function refuseTwins(inputs: readonly Input[], folder: string): void {
  const seen = new Map<string, string>();
  for (const { path, relative } of inputs) {
    const target = treePath(folder, relative);
    const other = seen.get(target);
    if (other !== undefined) throw new UsageError(`${other} and ${path} would both be written to ${target}`);
    seen.set(target, path);
  }
}

/** What is said on standard error: errors unless quiet, warnings when verbose. */
async function voice(flags: Pick<ParseFlags, 'quiet' | 'verbose' | 'color'>, io: Io) {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: colourLevel(flags.color, io.stderr, io.env) });
  const line = (text: string) => writeTo(io.stderr, `${text}\n`);
  return {
    error: async (path: string, code: string, message: string) => {
      if (!flags.quiet) await line(`${printable(path)}: ${chalk.red(code)}: ${printable(message)}`);
    },
    warning: async (path: string, code: string, message: string) => {
      if (flags.verbose && !flags.quiet) await line(`${printable(path)}: ${chalk.yellow(code)}: ${printable(message)}`);
    },
  };
}

export interface OneFileFlags {
  readonly maxBytes: number;
  readonly asOf?: string;
  readonly color: 'auto' | 'always' | 'never';
}

/** Reads one input and says what is wrong where it cannot be read. Returns the exit status. */
async function withInput(
  path: string,
  flags: OneFileFlags,
  io: Io,
  use: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  try {
    await use(await load(path, flags.maxBytes, io));
    return 0;
  } catch (cause) {
    if (!(cause instanceof ReadError)) throw cause;
    const { message, hint } = describeError(cause.code, cause.detail);
    const say = await voice(flags, io);
    await say.error(path, cause.code, `${message} ${hint}`);
    return 1;
  }
}

/** `vacancy text`: the document's text, as the offsets of the evidence count it. */
export function textCommand(path: string, flags: OneFileFlags, io: Io): Promise<number> {
  return withInput(path, flags, io, async (bytes) => {
    const { readDocument } = await import('../parse.ts');
    const { document } = await readDocument(bytes, path);
    await writeTo(io.stdout, document.text);
  });
}

/** `vacancy explain`: one advert for a person. */
export function explainCommand(path: string, flags: OneFileFlags, io: Io): Promise<number> {
  return withInput(path, flags, io, async (bytes) => {
    const [{ parse }, { explain }, { Chalk }] = await Promise.all([
      import('../parse.ts'),
      import('../report/explain.ts'),
      import('chalk'),
    ]);
    const parsed = await parse(bytes, path, { asOf: flags.asOf ?? null });
    const chalk = new Chalk({ level: colourLevel(flags.color, io.stdout, io.env) });
    await writeTo(io.stdout, explain(path, parsed, { width: io.stdout.columns ?? 100, chalk }));
  });
}

/** `vacancy schema`: the JSON Schema of what comes out. */
export async function schemaCommand(name: string, io: Io): Promise<number> {
  if (name !== 'record') throw new UsageError(`there is no schema named ${name}: record is the only one`);
  const { recordJsonSchema } = await import('../vacancy.ts');
  await writeTo(io.stdout, `${JSON.stringify(recordJsonSchema(), null, 2)}\n`);
  return 0;
}
