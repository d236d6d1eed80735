import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { type Io, UsageError, writeTo } from './io.ts';

/** Where records go, one after the other. */
export interface Output {
  readonly write: (json: string, relative: string) => Promise<void>;
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
    write: async (json) => {
      if (layout === 'ndjson') await sink.put(`${json}\n`);
      else if (layout === 'single') await sink.put(`${pretty(json)}\n`);
      else await sink.put(`${count === 0 ? '[\n  ' : ',\n  '}${indented(pretty(json), 1)}`);
      count++;
    },
    finish: async () => {
      if (layout === 'array') await sink.put(count === 0 ? '[]\n' : '\n]\n');
      await sink.close();
    },
  };
}

const pretty = (json: string) => JSON.stringify(JSON.parse(json), null, 2);

async function fileSink(file: string): Promise<{ put: (text: string) => Promise<void>; close: () => Promise<void> }> {
  const partial = `${file}.partial`;
  const handle: FileHandle = await open(partial, 'w').catch((cause: Error) => {
    throw new UsageError(`cannot write ${partial}: ${cause.message}`);
  });
  return {
    put: async (text) => {
      await handle.write(text);
    },
    close: async () => {
      await handle.close();
      await rename(partial, file);
    },
  };
}

/** One file for each input below a folder, mirroring the inputs' tree. */
export function treeOutput(folder: string): Output {
  return {
    write: async (json, relative) => {
      const target = treePath(folder, relative);
      const partial = `${target}.${process.pid}.partial`;
      try {
        await mkdir(dirname(target), { recursive: true });
        await writeFile(partial, `${pretty(json)}\n`);
        await rename(partial, target);
      } catch (cause) {
        await rm(partial, { force: true });
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
