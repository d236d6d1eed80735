// Runs damaged adverts through the real command, and checks every record that comes out.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ERROR_CODES, recordJsonSchema } from '../dist/index.js';
import { makeCase } from './fuzz-cases.mjs';

const BIN = new URL('../bin/vacancy.js', import.meta.url).pathname;
const BARE = new URL('bench-bare.mjs', import.meta.url).pathname;
const AGAIN = new URL('fuzz-again.mjs', import.meta.url).pathname;
const validate = new Ajv2020({ strict: false, formats: { date: /^\d{4}-\d\d-\d\d$/ } }).compile(recordJsonSchema());

/** Codes of which each is a fault: no bytes may bring them about, and no case is so large that it needs the limits. */
const FAULTS = new Set(['internal/unexpected', 'worker/crashed', 'worker/out-of-memory', 'input/timeout']);
const SECONDS = 10;
const MEMORY = 1024;
/** What no string of a record may hold: controls but for tab, line end and form feed; what turns the direction of letters. */
const UNPRINTABLE = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Every value inside a vacancy that is not null, with its pointer; list items with a mark. */
function leaves(value, pointer = '') {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((item, index) => [
      { pointer: `${pointer}/${index}`, isItem: true },
      ...(typeof item === 'object' ? leaves(item, `${pointer}/${index}`) : []),
    ]);
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${pointer}/${key}`));
  return [{ pointer, isItem: false }];
}

function hasEvidence(evidence, pointer) {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (at in evidence) return true;
  return false;
}

function* strings(value, pointer = '') {
  if (typeof value === 'string') yield [pointer, value];
  else if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) yield* strings(inner, `${pointer}/${key}`);
}

/** What is wrong with a line of the output, in words; nothing where nothing is. */
export function faultsOf(line, path) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    return [`no JSON: ${line.slice(0, 100)}`];
  }
  const faults = [];
  if (record.source?.path !== path) faults.push(`the record is of ${record.source?.path}`);
  if (!validate(record)) faults.push(`against the schema: ${JSON.stringify(validate.errors?.slice(0, 2))}`);
  for (const [pointer, text] of strings({ ...record, source: null })) {
    if (!text.isWellFormed()) faults.push(`${pointer} holds half a character: ${JSON.stringify(text.slice(0, 120))}`);
    if (UNPRINTABLE.test(text)) faults.push(`${pointer} holds a control: ${JSON.stringify(text.slice(0, 120))}`);
  }
  if (record.status === 'error') {
    const { code, message } = record.error;
    if (!ERROR_CODES.includes(code)) faults.push(`no such code: ${code}`);
    if (FAULTS.has(code)) faults.push(`${code}: ${message}`);
  } else if (faults.length === 0) faults.push(...withoutEvidence(record));
  return faults;
}

function withoutEvidence({ vacancy, evidence }) {
  if (evidence === undefined) return ['no evidence'];
  const bare = leaves(vacancy)
    .filter(({ pointer, isItem }) => (isItem ? !(pointer in evidence) : !hasEvidence(evidence, pointer)))
    .map(({ pointer }) => `no words behind ${pointer}`);
  const empty = Object.entries(evidence)
    .filter(([, list]) => list.length === 0 || list.some(({ quote }) => quote.trim() === '' || quote.trim() !== quote))
    .map(
      ([pointer, list]) =>
        `no quote, or space at its ends: ${pointer} ${JSON.stringify(list.map(({ quote }) => quote))}`,
    );
  return [...bare, ...empty];
}

/** What is wrong with a record where it is held against what the library says of the same file. */
export function faultsAgain(line, again) {
  if (again === undefined) return ['the library does not end with it'];
  if (again.thrown !== undefined) return [`the library throws no ReadError: ${again.thrown}`];
  const { error, source, ...record } = JSON.parse(line);
  if (error !== undefined || again.code !== undefined)
    return error?.code === again.code ? [] : [`${error?.code} from the command, ${again.code} from the library`];
  const { source: _, ...same } = again.record;
  const faults = JSON.stringify(record) === JSON.stringify(same) ? [] : ['the library gives another record'];
  for (const [pointer, list] of Object.entries(record.evidence))
    for (const { start, end, quote, line: number } of list) {
      if (again.text.slice(start, end) !== quote) faults.push(`${pointer} quotes what does not stand there: ${quote}`);
      if (again.text.slice(0, start).split('\n').length !== number) faults.push(`${pointer} is not on line ${number}`);
    }
  return faults;
}

/** Standard output of a process, line by line, with what else it says. */
async function run(args, options, stdin, hear) {
  const child = spawn(process.execPath, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  const closed = new Promise((resolve) => child.on('close', (status, signal) => resolve(status ?? signal)));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (words) => {
    stderr = (stderr + words).slice(0, 2000);
  });
  child.stdin.on('error', () => {}); // it may have ended
  child.stdin.end(stdin);
  const watch = setInterval(() => hear.memory?.(child.pid), 250);
  for await (const line of createInterface({ input: child.stdout })) hear.line(line);
  const status = await closed;
  clearInterval(watch);
  return { status, stderr };
}

/** Bytes that a process and those below it hold, where /proc tells it. */
function residentBytes(root) {
  try {
    const parents = new Map();
    const pages = new Map();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        parents.set(Number(pid), Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')[1]));
        pages.set(Number(pid), Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]));
      } catch {} // it has ended
    }
    const isBelow = (pid) => pid === root || (parents.has(pid) && isBelow(parents.get(pid)));
    return 4096 * [...pages.keys()].filter(isBelow).reduce((sum, pid) => sum + pages.get(pid), 0);
  } catch {
    return 0;
  }
}

/** Limits that a document may meet where the library that opens it does as much without us. */
const LIMITS = new Set(['worker/out-of-memory', 'input/timeout']);

/**
 * True for a file that the bare library does not end with either, in the same time and memory: a map of a font's letters
 * of four thousand million entries (`<00000000> <ffffffff> <0000>`) is one that pdf.js writes out.
 */
async function stopsLibrary(path) {
  const kind = /\.(pdf|docx)$/.exec(path)?.[1];
  if (kind === undefined) return false;
  const args = [`--max-old-space-size=${MEMORY}`, BARE, kind, path];
  const child = spawn(process.execPath, args, { stdio: 'ignore', timeout: SECONDS * 1000, killSignal: 'SIGKILL' });
  return new Promise((resolve) => child.on('close', (_, signal) => resolve(signal !== null)));
}

/** True for a file that meets no limit where nothing is read beside it: a busy machine made it slow. */
async function endsAlone(path, dir) {
  const lines = [];
  const args = [BIN, 'parse', path, '--timeout', String(SECONDS), '-f', 'ndjson', '-q'];
  await run(args, { cwd: dir }, '', { line: (line) => lines.push(line) });
  return lines.length === 1 && !LIMITS.has(JSON.parse(lines[0]).error?.code);
}

/** How many cases go to one run of the command, and how many of them are read again. */
const BATCH = 500;
const AGAIN_ONE_IN = 10;

/**
 * Runs cases `first` to `first + count`. Those with faults are kept in `keep`, which is made for the first of them.
 *
 * @returns the faults, and figures of the run.
 */
export async function fuzz({ seed, first = 0, count, keep, progress = () => {} }) {
  const dir = mkdtempSync(`${tmpdir()}/vacancy-fuzz-`);
  const figures = {
    formats: {},
    records: 0,
    ok: 0,
    codes: {},
    library: [],
    slow: [],
    again: 0,
    slowest: { ms: 0, number: null },
    bytes: 0,
  };
  const faults = [];
  rmSync(keep, { recursive: true, force: true }); // of an earlier run
  try {
    for (let from = first; from < first + count; from += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, first + count - from) }, (_, index) => ({
        number: from + index,
        ...makeCase(seed, from + index),
      }));
      mkdirSync(`${dir}/in`);
      for (const { name, bytes } of batch) writeFileSync(`${dir}/in/${name}`, bytes);
      for (const fault of await runBatch(batch, dir, figures)) {
        mkdirSync(keep, { recursive: true });
        if (fault.case !== null) writeFileSync(`${keep}/${fault.case.name}`, fault.case.bytes);
        faults.push({ number: fault.case?.number ?? from, name: fault.case?.name ?? null, words: fault.words });
      }
      rmSync(`${dir}/in`, { recursive: true });
      progress(from + batch.length - first, faults.length);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
  return { faults, figures };
}

async function runBatch(batch, dir, figures) {
  const paths = batch.map(({ name }) => `in/${name}`);
  const faults = [];
  const lines = [];
  let last = performance.now();
  const args = [
    BIN,
    'parse',
    '--files-from',
    '-',
    '-0',
    '--timeout',
    String(SECONDS),
    '--evidence',
    '-f',
    'ndjson',
    '-q',
  ];
  const { status, stderr } = await run(args, { cwd: dir }, paths.join('\0'), {
    line: (line) => {
      // Records come in order, so that a slow one is waited for.
      const waited = performance.now() - last;
      if (lines.length > 0 && waited > figures.slowest.ms)
        figures.slowest = { ms: waited, number: batch[lines.length]?.number ?? null };
      last += waited;
      lines.push(line);
    },
    memory: (pid) => {
      figures.bytes = Math.max(figures.bytes, residentBytes(pid));
    },
  });
  if (status !== 0 && status !== 1) faults.push({ case: null, words: `the command ended with ${status}` });
  if (stderr !== '') faults.push({ case: null, words: `on standard error: ${stderr}` });
  if (lines.length !== batch.length)
    faults.push({ case: null, words: `${lines.length} records for ${batch.length} inputs` });
  for (const [index, each] of batch.entries()) {
    const line = lines[index];
    figures.formats[each.format] = (figures.formats[each.format] ?? 0) + 1;
    if (line === undefined) continue;
    figures.records++;
    const code = /^\{"schemaVersion":1,"status":"error".*"error":\{"code":"([^"]*)"/.exec(line)?.[1];
    if (code === undefined) figures.ok++;
    else figures.codes[code] = (figures.codes[code] ?? 0) + 1;
    if (LIMITS.has(code) && (await stopsLibrary(`${dir}/${paths[index]}`))) figures.library.push(each.number);
    else if (LIMITS.has(code) && (await endsAlone(paths[index], dir))) figures.slow.push(each.number);
    else for (const words of faultsOf(line, paths[index])) faults.push({ case: each, words });
  }
  const sample = [...batch.keys()].filter((index) => batch[index].number % AGAIN_ONE_IN === 0);
  const again = [];
  await run([AGAIN], { cwd: dir }, sample.map((index) => paths[index]).join('\0'), {
    line: (line) => again.push(JSON.parse(line)),
  });
  for (const [position, index] of sample.entries()) {
    if (lines[index] === undefined) continue;
    figures.again++;
    for (const words of faultsAgain(lines[index], again[position])) faults.push({ case: batch[index], words });
  }
  return faults;
}
