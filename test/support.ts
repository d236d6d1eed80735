import { execFile, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach } from 'vitest';
import type { Io } from '../src/batch/io.ts';
import { run } from '../src/cli/run.ts';

export const exec = promisify(execFile);

/** A package that is installed outside of the project, in a folder whose `node_modules/.bin` is on the path; or null. */
function outside(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter((each) => each.endsWith('node_modules/.bin')))
    try {
      return createRequire(`${folder}/`).resolve(name);
    } catch {
      // it is in another one, or nowhere
    }
  return null;
}

/** DuckDB's package: what it needs for other systems is not in every registry, so that no lock file can name it. */
export const DUCKDB = outside('@duckdb/node-api');

/** What DuckDB answers to a query, row by row. */
export async function askDuckDb(query: string): Promise<Record<string, unknown>[]> {
  const { DuckDBInstance } = createRequire(import.meta.url)(DUCKDB ?? '');
  const connection = await (await DuckDBInstance.create()).connect();
  return (await connection.runAndReadAll(query)).getRowObjectsJson();
}

/** True where a program that is not ours is installed. */
export const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The command, to run for real. */
export const BIN = `${ROOT}bin/vacancy.js`;
/** A short advert. */
export const ADVERT =
  'Care Assistant\n\nThornbeck House Ltd\n\nSalary: £12.60 per hour\nClosing date: 27 January 2026\n';
/** The corpus of real documents, where this checkout has it beside it. */
export const SHARED = fileURLToPath(new URL('../../shared', import.meta.url));
export const hasCorpus = existsSync(`${SHARED}/corpus`);

export interface Fixture {
  /** `adverts`, `tables` or `layouts`. */
  readonly folder: string;
  readonly slug: string;
  readonly file: string;
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Every document of every fixture. */
export function fixtures(): Fixture[] {
  return ['adverts', 'tables', 'layouts'].flatMap((folder) => {
    const root = `${ROOT}fixtures/${folder}`;
    return readdirSync(root)
      .sort()
      .flatMap((slug) =>
        readdirSync(`${root}/${slug}`)
          .filter((file) => file !== 'expected.json' && file !== 'reading.txt')
          .sort()
          .map((file) => ({
            folder,
            slug,
            file,
            path: `${root}/${slug}/${file}`,
            bytes: new Uint8Array(readFileSync(`${root}/${slug}/${file}`)),
          })),
      );
  });
}

/** What a fixture's documents must give, written by hand. */
export function expected(folder: string, slug: string): { vacancy: unknown; warnings: string[] } {
  return JSON.parse(readFileSync(`${ROOT}fixtures/${folder}/${slug}/expected.json`, 'utf8'));
}

/** Runs the command line in process. */
export async function vacancy(
  argv: readonly string[],
  options: {
    stdin?: string | Uint8Array;
    isTTY?: boolean;
    env?: Record<string, string>;
    /** The module of a worker process. */
    worker?: string;
    signals?: EventEmitter;
    /** Told what is written to standard output. */
    onOutput?: (text: string) => void;
    /** True where standard error is a terminal. */
    isTerminal?: boolean;
    /** True where standard output is one. */
    printsToTerminal?: boolean;
  } = {},
) {
  const out = Object.assign(new Sink(options.onOutput), { isTTY: options.printsToTerminal ?? false });
  const err = Object.assign(new Sink(), { isTTY: options.isTerminal ?? false });
  const stdin = Object.assign(
    Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin as string)]),
    { isTTY: options.stdin === undefined && (options.isTTY ?? true) },
  );
  const io: Io = {
    stdin,
    stdout: out,
    stderr: err,
    env: options.env ?? {},
    worker: options.worker ?? `${ROOT}dist/batch/worker.js`,
    signals: options.signals ?? new EventEmitter(),
  };
  const status = await run(argv, io);
  return {
    status,
    stdout: out.text(),
    bytes: out.bytes(),
    stderr: err.text(),
    json: () => JSON.parse(out.text()),
    lines: () =>
      out
        .text()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

class Sink extends Writable {
  readonly #chunks: Buffer[] = [];
  readonly #tell: (text: string) => void;

  constructor(tell: (text: string) => void = () => {}) {
    super();
    this.#tell = tell;
  }

  override _write(chunk: Buffer | string, _: BufferEncoding, done: () => void): void {
    this.#chunks.push(Buffer.from(chunk as Buffer));
    this.#tell(String(chunk));
    done();
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }
}

/** Each test of the file runs in a folder of its own, which goes with it. `use` is told its path. */
export function inOwnFolder(name: string, use: (folder: string) => void): void {
  const start = process.cwd();
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(`${tmpdir()}/vacancy-${name}-`);
    process.chdir(folder);
    use(folder);
  });
  afterEach(() => {
    process.chdir(start);
    rmSync(folder, { recursive: true });
  });
}
