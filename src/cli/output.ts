import { type FileHandle, mkdir, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { VacancyRecord } from '../vacancy.ts';
import { type Io, UsageError, writeTo } from './io.ts';

/** Where records go, one after the other. */
export interface Output {
  readonly write: (record: VacancyRecord, relative: string) => Promise<void>;
  /** Ends the output well: files get their names. */
  readonly finish: () => Promise<void>;
}

/** How records are laid out in one stream: one a line, one alone, or an array. */
export type Layout = 'ndjson' | 'single' | 'array';

const indented = (json: string, depth: number) => json.replace(/^(?=.)/gm, '  '.repeat(depth)).trimStart();

/** Records as one stream, to standard output or, whole or not at all, to a file. */
export async function streamOutput(layout: Layout, file: string | null, io: Io): Promise<Output> {
  const sink =
    file === null ? { put: (text: string) => writeTo(io.stdout, text), close: async () => {} } : await fileSink(file);
  let count = 0;
  return {
    write: async (record) => {
      if (layout === 'ndjson') await sink.put(`${JSON.stringify(record)}\n`);
      else if (layout === 'single') await sink.put(`${pretty(record)}\n`);
      else await sink.put(`${count === 0 ? '[\n  ' : ',\n  '}${indented(pretty(record), 1)}`);
      count++;
    },
    finish: async () => {
      if (layout === 'array') await sink.put(count === 0 ? '[]\n' : '\n]\n');
      await sink.close();
    },
  };
}

const pretty = (record: VacancyRecord) => JSON.stringify(record, null, 2);

async function fileSink(file: string): Promise<{ put: (text: string) => Promise<void>; close: () => Promise<void> }> {
  const fail = (cause: unknown): never => {
    throw new UsageError(`cannot write ${file}: ${(cause as Error).message}`);
  };
  const known = await stat(file).catch(() => null);
  if (known?.isDirectory()) throw new UsageError(`cannot write ${file}: it is a folder`);
  // A device or a pipe is written to as it is; a regular file gets its name when it is whole.
  const isPlain = known === null || known.isFile();
  const target = isPlain ? `${file}.partial` : file;
  const handle: FileHandle = await open(target, 'w').catch(fail);
  return {
    put: async (text) => {
      await handle.write(text).catch(fail);
    },
    close: async () => {
      await handle.close().catch(fail);
      if (isPlain) await rename(target, file).catch(fail);
    },
  };
}

/** Makes a folder and those above it. Node's own `recursive` never ends where the system refuses one, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder) throw cause;
    await makeFolder(above);
    await mkdir(folder);
  }
}

/** One file for each input below a folder, mirroring the inputs' tree. */
export function treeOutput(folder: string): Output {
  const root = resolve(folder);
  const checked = new Set<string>();
  /** Makes the folder of a target, once, and sees that no link in it leads elsewhere. */
  const prepare = async (target: string) => {
    const parent = dirname(target);
    if (checked.has(parent)) return;
    await makeFolder(parent);
    const [real, inside] = [await realpath(parent), await realpath(root)];
    if (real !== inside && !real.startsWith(inside.endsWith(sep) ? inside : inside + sep))
      throw new Error(`a link leads out of ${folder}`);
    checked.add(parent);
  };
  return {
    write: async (record, relative) => {
      const target = treePath(folder, relative);
      const partial = `${target}.${process.pid}.partial`;
      try {
        await prepare(target);
        await writeFile(partial, `${pretty(record)}\n`);
        await rename(partial, target);
      } catch (cause) {
        await rm(partial, { force: true }).catch(() => {});
        throw new UsageError(`cannot write ${target}: ${(cause as Error).message}`);
      }
    },
    finish: async () => {},
  };
}

/** The file that an input's record goes to: the full name plus `.json`, never outside the folder. */
export function treePath(folder: string, relative: string): string {
  const root = resolve(folder);
  const target = join(root, `${relative}.json`);
  if (!target.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new UsageError(`${relative} lies outside of ${folder}`);
  return target;
}
