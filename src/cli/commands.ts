import type { Command } from 'commander';
import { type Io, writeTo } from '../batch/io.ts';
import { load, loadStream } from '../batch/load.ts';
import { ReadError } from '../model/diagnostic.ts';
import { printable } from '../normalise/unicode.ts';
import { describeError } from '../report/messages.ts';
import type { Shell } from './completion.ts';
import { colourLevel, voice } from './voice.ts';

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
    await use(await (path === '-' ? loadStream(io.stdin, flags.maxBytes) : load(path, flags.maxBytes)));
    return 0;
  } catch (cause) {
    if (!(cause instanceof ReadError)) throw cause;
    await voice(flags, io).error(path, describeError(cause.code, cause.detail));
    return 1;
  }
}

/** `vacancy text`: the document's text, as the offsets of the evidence count it. */
export function textCommand(path: string, flags: OneFileFlags, io: Io): Promise<number> {
  return withInput(path, flags, io, async (bytes) => {
    const { readDocument } = await import('../parse.ts');
    const { document } = await readDocument(bytes, path);
    await writeTo(io.stdout, printable(document.text)); // a character for a character: the offsets hold
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

/** The schemas by name, each loaded with what it is of. */
const SCHEMAS = {
  record: async () => (await import('../vacancy.ts')).recordJsonSchema(),
  csv: async () => (await import('../report/csv.ts')).csvSchema(),
  jsonld: async () => (await import('../report/json-ld.ts')).postingJsonSchema(),
  parquet: async () => (await import('../report/parquet.ts')).parquetSchema(),
  check: async () => (await import('../check/finding.ts')).findingJsonSchema(),
  config: async () => (await import('../check/config.ts')).configJsonSchema(),
} as const;

export type SchemaName = keyof typeof SCHEMAS;

/** `vacancy schema`: what is written, as a schema. */
export async function schemaCommand(name: SchemaName, io: Io): Promise<number> {
  await writeTo(io.stdout, `${JSON.stringify(await SCHEMAS[name](), null, 2)}\n`);
  return 0;
}

/** `vacancy completion`: a script for a shell. */
export async function completionCommand(shell: Shell, program: Command, io: Io): Promise<number> {
  const { completionScript } = await import('./completion.ts');
  await writeTo(io.stdout, completionScript(shell, program));
  return 0;
}
