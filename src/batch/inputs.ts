import { randomUUID } from 'node:crypto';
import { promises as fs, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { shortDigest } from './digest.ts';
import { UsageError } from './io.ts';
import { bytesOf, nameOf, pathOf } from './names.ts';

/** One input: what to open, and what the record and the output tree call it. */
export interface Input {
  /** As given; under a folder: the folder as given, `/`, the relative path. `-` is standard input. See names.ts. */
  readonly path: string;
  /** The path below the INPUT that found it; for a file that is named itself, its base name. Never outside a folder. */
  readonly relative: string;
  /** What `--shard` hashes: as `relative`, but for a file named itself the path as given. */
  readonly shardKey: string;
}

/** A list of names, read a piece at a time. */
export interface NameList {
  readonly read: () => AsyncIterable<string>;
  /** False where it comes once only. */
  readonly canRepeat: boolean;
  readonly close: () => Promise<void>;
}

const ADVERT = /\.(?:txt|text|md|html|htm|pdf|docx|docm|doc)$/i;
const MAGIC = /[*?[\]{}]/;

/** What an INPUT is. */
export type Kind = 'file' | 'folder' | 'glob';

/** Finds the inputs, in the order in which their records come, while they are being read. */
export async function* findInputs(args: readonly string[], list: NameList | null): AsyncGenerator<Input> {
  for (const arg of args) {
    const kind = kindOf(arg);
    if (kind === 'folder') yield* walk(arg);
    else if (kind === 'glob') yield* glob(arg);
    else yield named(arg);
  }
  if (list === null) return;
  for await (const name of list.read()) {
    // A name in a list is a file's, whatever it looks like.
    if (kindOf(name) === 'folder') yield* walk(name);
    else yield named(name === '-' ? './-' : name);
  }
}

/** An existing path wins over a glob. */
export function kindOf(path: string): Kind {
  if (path === '-') return 'file';
  try {
    return statSync(pathOf(path)).isDirectory() ? 'folder' : 'file';
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return (code === 'ENOENT' || code === 'ENOTDIR') && MAGIC.test(path) ? 'glob' : 'file';
  }
}

const named = (path: string): Input => ({ path, relative: path === '-' ? 'stdin' : basename(path), shardKey: path });

/** The adverts of a folder: regular, not hidden files with an advert's name, by name, folder after folder. */
async function* walk(folder: string): AsyncGenerator<Input> {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  yield* visit(prefix, '');
}

async function* visit(prefix: string, below: string): AsyncGenerator<Input> {
  const names = await namesIn(`${prefix}${below}`);
  if (names === null) {
    // The folder itself stands for what cannot be seen in it: it gives an error record.
    const relative = below.replace(/\/$/, '') || basename(prefix);
    yield { path: `${prefix}${below}`.replace(/(?<=[^/])\/$/, ''), relative, shardKey: relative };
    return;
  }
  for (const name of names) {
    const relative = `${below}${name}`;
    if (name.endsWith('/')) yield* visit(prefix, relative);
    else yield { path: `${prefix}${relative}`, relative, shardKey: relative };
  }
}

/** What is of interest in a folder, by name, folders with a slash behind; null where it cannot be read. */
async function namesIn(folder: string): Promise<string[] | null> {
  const entries = await fs.readdir(pathOf(folder), { withFileTypes: true, encoding: 'buffer' }).catch(() => null);
  if (entries === null) return null;
  const kept = entries.flatMap((entry) => {
    const name = nameOf(entry.name);
    if (name.startsWith('.')) return [];
    const isWanted = entry.isDirectory() || (entry.isFile() && ADVERT.test(name) && !name.startsWith('~$'));
    return isWanted ? { name, printed: entry.isDirectory() ? `${name}/` : name } : [];
  });
  return kept.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)).map(({ printed }) => printed);
}

async function* glob(given: string): AsyncGenerator<Input> {
  const pattern = posix.normalize(given);
  const { glob: find } = await import('tinyglobby');
  const folders = pattern.split('/').slice(0, -1);
  const first = folders.findIndex((segment) => MAGIC.test(segment));
  const root = folders
    .slice(0, first < 0 ? folders.length : first)
    .map((segment) => `${segment}/`)
    .join('');
  const paths = await find([pattern], { onlyFiles: true, expandDirectories: false, absolute: pattern.startsWith('/') });
  for (const path of paths.sort()) {
    const relative = path.startsWith(root) ? path.slice(root.length) : path.replace(/^(?:\.\.\/)+/, '');
    yield { path, relative, shardKey: relative };
  }
}

/** Bytes without a separator that no name has. */
const LONGEST_NAME = 2 ** 20;
const BOM = Buffer.from('\ufeff');

/** The names in a stream of bytes, parted by newlines or by NUL; empty ones are left out. */
async function* splitNames(bytes: AsyncIterable<unknown>, isNull: boolean): AsyncGenerator<string> {
  const separator = isNull ? 0 : 10;
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  const toName = (line: Buffer) => {
    const bare = isFirst && line.subarray(0, BOM.length).equals(BOM) ? line.subarray(BOM.length) : line;
    isFirst = false;
    return nameOf(!isNull && bare.at(-1) === 13 ? bare.subarray(0, -1) : bare);
  };
  for await (const chunk of bytes) {
    const piece = Buffer.from(chunk as Buffer);
    let start = 0;
    for (let end = piece.indexOf(separator); end >= 0; end = piece.indexOf(separator, start)) {
      const name = toName(Buffer.concat([rest, piece.subarray(start, end)]));
      if (name !== '') yield name;
      rest = Buffer.alloc(0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, piece.subarray(start)]);
    if (rest.length > LONGEST_NAME) throw new UsageError('the list of inputs holds no names');
  }
  const last = toName(rest);
  if (last !== '') yield last;
}

/** The list in a file. Throws `UsageError` where it cannot be read. */
export async function listInFile(file: string, isNull: boolean): Promise<NameList> {
  const fail = (cause: unknown): never => {
    throw cause instanceof UsageError ? cause : new UsageError(`cannot read ${file}: ${(cause as Error).message}`);
  };
  const handle = await fs.open(file).catch(fail);
  const canRepeat = (await handle.stat()).isFile(); // a pipe's bytes come once
  return {
    canRepeat,
    read: async function* () {
      try {
        yield* splitNames(chunksOf(handle, canRepeat), isNull);
      } catch (cause) {
        fail(cause);
      }
    },
    close: () => handle.close(),
  };
}

/** The list in a stream. */
export function listInStream(stream: Readable, isNull: boolean): NameList {
  return {
    canRepeat: false,
    read: () => splitNames(stream, isNull),
    close: async () => {
      stream.destroy(); // one that is not at its end would keep the program waiting
    },
  };
}

/** A list that comes once, kept in a file that has no name any more: it goes with the program. */
export async function keepList(list: NameList): Promise<NameList> {
  const file = join(tmpdir(), `vacancy-${randomUUID()}`);
  const handle = await fs.open(file, 'wx+', 0o600);
  await fs.rm(file, { force: true });
  let pending: Buffer[] = [];
  for await (const name of list.read()) {
    pending.push(bytesOf(name), Buffer.of(0));
    if (pending.length < MANY) continue;
    await handle.appendFile(Buffer.concat(pending));
    pending = [];
  }
  await handle.appendFile(Buffer.concat(pending));
  await list.close();
  return { canRepeat: true, read: () => splitNames(chunksOf(handle, true), true), close: () => handle.close() };
}

const CHUNK = 2 ** 16;
const MANY = 2 ** 12;

async function* chunksOf(handle: FileHandle, fromStart: boolean): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, fromStart ? position : null);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
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
  return shortDigest(bytesOf(input.shardKey), 32) % count === index;
}
