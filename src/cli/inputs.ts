import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from './io.ts';

/** One input: what to open, and what the record and the output tree call it. */
export interface Input {
  /** As given; under a folder: the folder as given, `/`, the relative path. `-` is standard input. */
  readonly path: string;
  /** The path below the INPUT that found it; for a file that is named itself, its base name. Never outside a folder. */
  readonly relative: string;
  /** What `--shard` hashes: as `relative`, but for a file named itself the path as given. */
  readonly shardKey: string;
}

/** What the INPUT arguments and the list of names say to read. */
export interface Selection {
  readonly inputs: readonly Input[];
  /** True where there is one INPUT, and it is a file or standard input. */
  readonly isSingle: boolean;
}

const ADVERT = /\.(?:txt|text|md|html|htm|pdf|docx|docm|doc)$/i;
const MAGIC = /[*?[\]{}]/;

/** Finds the inputs in the order in which their records come. An existing path wins over a glob. */
export async function selectInputs(args: readonly string[], names: readonly string[] = []): Promise<Selection> {
  const inputs: Input[] = [];
  let isSingle = args.length + names.length === 1;
  for (const arg of args) {
    const kind = await kindOf(arg);
    if (kind === 'folder' || (kind === 'missing' && MAGIC.test(arg))) isSingle = false;
    for (const input of await expand(arg, kind)) inputs.push(input);
  }
  for (const name of names) {
    const kind = await kindOf(name);
    if (kind === 'folder') isSingle = false;
    for (const input of kind === 'folder' ? await walk(name) : [named(name)]) inputs.push(input);
  }
  return { inputs, isSingle };
}

async function expand(arg: string, kind: Awaited<ReturnType<typeof kindOf>>): Promise<Input[]> {
  if (kind === 'folder') return walk(arg);
  if (kind === 'missing' && MAGIC.test(arg)) return glob(arg);
  return [named(arg)];
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'missing'> {
  if (path === '-') return 'file';
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR'
      ? 'missing'
      : 'file';
  }
}

const named = (path: string): Input => ({ path, relative: path === '-' ? 'stdin' : basename(path), shardKey: path });

/** The adverts of a folder: regular, not hidden files with an advert's name, by name, folder after folder. */
async function walk(folder: string): Promise<Input[]> {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const found: Input[] = [];
  const visit = async (below: string): Promise<void> => {
    const entries = await readdir(`${prefix}${below}`, { withFileTypes: true }).catch((cause: unknown) => {
      throw new UsageError(`cannot read the folder ${prefix}${below}: ${(cause as Error).message}`);
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
      if (entry.name.startsWith('.') || entry.name.startsWith('~$')) continue;
      const relative = `${below}${entry.name}`;
      if (entry.isDirectory()) await visit(`${relative}/`);
      else if (entry.isFile() && ADVERT.test(entry.name))
        found.push({ path: `${prefix}${relative}`, relative, shardKey: relative });
    }
  };
  await visit('');
  return found;
}

async function glob(pattern: string): Promise<Input[]> {
  const { glob: find } = await import('tinyglobby');
  const base = pattern.split('/').slice(0, -1);
  const fixed = base
    .slice(
      0,
      base.findIndex((segment) => MAGIC.test(segment)) >= 0
        ? base.findIndex((segment) => MAGIC.test(segment))
        : base.length,
    )
    .join('/');
  const paths = await find([pattern], { onlyFiles: true, expandDirectories: false, absolute: pattern.startsWith('/') });
  const root = fixed === '' ? '' : `${fixed}/`;
  return paths.sort().map((path) => {
    const relative = path.startsWith(root) ? path.slice(root.length) : path.replace(/^(?:\.\.\/)+/, '');
    return { path, relative, shardKey: relative };
  });
}

/** The names in a list, parted by newlines or by NUL; empty ones are left out. */
export function splitNames(text: string, isNull: boolean): string[] {
  return text.split(isNull ? '\0' : /\r?\n/).filter((name) => name !== '');
}

/** A shard as `--shard` takes it. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Reads `I/N`, I from 0 to N−1. */
export function readShard(text: string): Shard {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || count < 1 || index >= count)
    throw new UsageError(`--shard takes I/N with I from 0 to N−1, not ${text}`);
  return { index, count };
}

/** True where an input falls to a shard: the first 4 bytes of the SHA-256 of its path, big-endian, modulo N. */
export function isInShard(input: Input, { index, count }: Shard): boolean {
  return createHash('sha256').update(input.shardKey).digest().readUInt32BE(0) % count === index;
}

/** A file's size in bytes; −1 for what is no regular file. */
export async function regularSize(path: string): Promise<number> {
  const entry = await stat(path);
  return entry.isFile() ? entry.size : -1;
}
