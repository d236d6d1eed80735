import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exec, ROOT } from './support.ts';

// The package as it is packed, installed in a folder of its own: what users get.
let dir: string;
let tarball: string;
let packed: { path: string }[];
const ADVERT = `${ROOT}fixtures/adverts/plain-prose/advert`;

beforeAll(async () => {
  dir = mkdtempSync(`${tmpdir()}/vacancy-package-`);
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', dir];
  const [{ filename, files }] = JSON.parse((await exec('npm', pack, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout);
  tarball = `${dir}/${filename}`;
  packed = files;
  writeFileSync(`${dir}/package.json`, '{ "private": true, "type": "module" }');
  await exec('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], {
    cwd: dir,
    maxBuffer: 2 ** 26,
  });
}, 180_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function runs(name: string, code: string): Promise<string> {
  writeFileSync(`${dir}/${name}`, code);
  return (await exec(process.execPath, [name], { cwd: dir, maxBuffer: 2 ** 26 })).stdout.trim();
}

test('holds the program, its types and its manual, and nothing else', () => {
  const paths = packed.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'bin/vacancy.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/vacancy.1',
      'LICENSE',
      'README.md',
    ]),
  );
  expect(paths.filter((path) => !/^(?:bin|dist)\/|^(?:LICENSE|README\.md|package\.json)$/.test(path))).toEqual([]);
});

test('brings no queue along, and says what installs it', async () => {
  for (const name of ['bullmq', 'ioredis']) expect(existsSync(`${dir}/node_modules/${name}`)).toBe(false);
  const env = { ...process.env, VACANCY_REDIS_URL: 'redis://127.0.0.1:1' };
  const args = ['queue', 'add', `${ADVERT}.txt`];
  const { code, stdout, stderr } = await exec(`${dir}/node_modules/.bin/vacancy`, args, { env }).catch(
    (failed) => failed,
  );
  expect([code, stdout, stderr]).toEqual([
    2,
    '',
    'vacancy: the queue runs on BullMQ, which is not installed: npm install bullmq@6 ioredis@5\n',
  ]);
});

test('runs as a command, on each format', async () => {
  const bin = `${dir}/node_modules/.bin/vacancy`;
  for (const format of ['txt', 'pdf', 'docx', 'md']) {
    const { stdout } = await exec(bin, ['parse', `${ADVERT}.${format}`]);
    expect(JSON.parse(stdout).vacancy.title).toBe('Volunteers Organiser');
  }
  for (const format of ['csv', 'parquet', 'jsonld', 'ndjson'])
    expect(
      (await exec(bin, ['parse', `${ADVERT}.pdf`, `${ADVERT}.txt`, '-f', format, '-q'])).stdout.length,
    ).toBeGreaterThan(500);
  expect((await exec(bin, ['check', `${ADVERT}.txt`, '--as-of', '2026-05-01', '-f', 'json'])).stdout).toContain(
    'google/no-date-posted',
  );
});

describe('is a library', () => {
  test('to a module, and to CommonJS', async () => {
    const code = (open: string) => `${open}
      const { readFileSync } = require('node:fs');
      (async () => {
        const { vacancy, evidence } = await parse(readFileSync('${ADVERT}.pdf'), 'advert.pdf');
        console.log(vacancy.closingDate, evidence.get('/closingDate').length > 0);
        const found = [];
        for await (const record of parseAll(['${ADVERT}.txt', '${ADVERT}.docx', 'none.txt'], { jobs: 1 })) found.push(record.status);
        console.log(found.join());
      })();`;
    const expected = '2026-05-11 true\nok,ok,error';
    expect(await runs('a.cjs', code("const { parse, parseAll } = require('vacancy-parser');"))).toBe(expected);
    const module = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
    expect(await runs('a.mjs', code(`import { parse, parseAll } from 'vacancy-parser'; ${module}`))).toBe(expected);
  });

  test('that says what it cannot read', async () => {
    const code = `import { parse, ReadError, ERROR_CODES } from 'vacancy-parser';
      try { await parse(new Uint8Array(0), 'a.txt'); } catch (cause) { console.log(cause instanceof ReadError, cause.code, ERROR_CODES.includes(cause.code)); }`;
    expect(await runs('b.mjs', code)).toBe('true input/empty true');
  });

  test('in a worker thread, and when its loop is left', async () => {
    const code = `import { Worker, isMainThread, parentPort } from 'node:worker_threads';
      import { parseAll } from 'vacancy-parser';
      if (isMainThread) new Worker(new URL(import.meta.url)).on('message', (title) => console.log(title));
      else for await (const { vacancy } of parseAll(['${ROOT}fixtures/adverts'])) { parentPort.postMessage(vacancy.title); break; }`;
    expect(await runs('c.mjs', code)).toBe('Activities Coordinator');
  });

  test('with types that a strict consumer compiles with', async () => {
    writeFileSync(
      `${dir}/d.ts`,
      `import { parse, parseAll, ReadError, type Vacancy, type VacancyRecord } from 'vacancy-parser';
      export async function titles(paths: AsyncIterable<string>): Promise<(string | null)[]> {
        const found: (string | null)[] = [];
        for await (const record of parseAll(paths, { evidence: true, redact: true }))
          if (record.status === 'ok') found.push(record.vacancy.title); else found.push(record.error.code);
        return found;
      }
      const vacancy: Vacancy = (await parse(new Uint8Array([1]), 'a.txt')).vacancy;
      export const least: number | null = vacancy.pay?.min ?? null;
      export const isCode = (cause: unknown): string => (cause instanceof ReadError ? cause.code : '');
      // @ts-expect-error: there is no such key
      export const none = (record: VacancyRecord) => record.nothing;\n`,
    );
    const strict = [
      '--strict',
      '--noEmit',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--types',
      'node',
      '--typeRoots',
      `${ROOT}node_modules/@types`,
    ];
    const tsc = exec(`${ROOT}node_modules/.bin/tsc`, [...strict, 'd.ts'], { cwd: dir });
    await expect(
      tsc.then(
        () => 'compiles',
        ({ stdout }) => stdout,
      ),
    ).resolves.toBe('compiles');
  });
});

test('publint and attw have nothing to say', async () => {
  const publint = await exec(`${ROOT}node_modules/.bin/publint`, ['run', tarball, '--strict'], { cwd: ROOT });
  expect(publint.stdout).toMatch(/All good/);
  const attw = exec(`${ROOT}node_modules/.bin/attw`, [tarball, '--profile', 'esm-only'], { cwd: ROOT });
  await expect(
    attw.then(
      () => 'clean',
      ({ stdout }) => stdout,
    ),
  ).resolves.toBe('clean');
}, 60_000);

test('brings no queue along', () => {
  const { packages } = JSON.parse(readFileSync(`${dir}/package-lock.json`, 'utf8'));
  expect(Object.keys(packages).filter((path) => /bullmq|ioredis|redis/.test(path))).toEqual([]);
});
