import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RULE_CODES } from '../src/check/rules.ts';
import { ERROR_CODES } from '../src/model/diagnostic.ts';
import { WARNING_CODES } from '../src/report/messages.ts';
import { ADVERT, BIN, exec, ROOT, vacancy } from './support.ts';

let dir: string;
const start = process.cwd();
beforeAll(() => {
  dir = mkdtempSync(`${tmpdir()}/vacancy-test-`);
  mkdirSync(`${dir}/in/b/c`, { recursive: true });
  mkdirSync(`${dir}/empty`);
  writeFileSync(`${dir}/in/a.txt`, ADVERT);
  writeFileSync(`${dir}/in/B.TXT`, ADVERT.replace('Care', 'Kitchen'));
  writeFileSync(`${dir}/in/b/x.md`, `# ${ADVERT}`);
  writeFileSync(`${dir}/in/b/c/broken.pdf`, '%PDF-1.7 broken');
  for (const name of ['.hidden.txt', '~$lock.docx', 'notes.csv']) writeFileSync(`${dir}/in/${name}`, 'no advert');
  writeFileSync(`${dir}/[1] £.txt`, ADVERT);
  process.chdir(dir);
});
afterAll(() => {
  process.chdir(start);
  rmSync(dir, { recursive: true, force: true });
});

describe('inputs', () => {
  test('a file gives one indented record, with every key in its place', async () => {
    const { status, stdout, stderr } = await vacancy(['parse', 'in/a.txt']);
    expect([status, stderr]).toEqual([0, '']);
    const record = JSON.parse(stdout);
    expect(stdout).toBe(`${JSON.stringify(record, null, 2)}\n`);
    expect(Object.keys(record)).toEqual(['schemaVersion', 'status', 'source', 'vacancy', 'warnings']);
    expect(record.source).toEqual({
      path: 'in/a.txt',
      format: 'txt',
      bytes: ADVERT.length + 1,
      sha256: createHash('sha256').update(ADVERT).digest('hex'),
      pages: null,
      encoding: 'utf-8',
    });
    expect(Object.keys(record.vacancy)).toEqual(
      'title reference employer location pay datePosted closingDate closingTime closingStatus mayCloseEarly interviewDate startDate contract hours criteria dbs clearance registration sponsorship drivingLicence contacts'.split(
        ' ',
      ),
    );
    expect(Object.keys(record.vacancy.pay)).toEqual(
      'text min max currency period periodStated proRata actual alternative scheme grade band spinePoints supplements flags'.split(
        ' ',
      ),
    );
  });

  test('a folder gives its adverts in order, one a line, and its bad file an error record', async () => {
    const { status, stderr, lines } = await vacancy(['parse', 'in']);
    expect(status).toBe(1);
    expect(lines().map(({ source, status: each }) => [source.path, source.format, each])).toEqual([
      ['in/B.TXT', 'txt', 'ok'],
      ['in/a.txt', 'txt', 'ok'],
      ['in/b/c/broken.pdf', null, 'error'],
      ['in/b/x.md', 'markdown', 'ok'],
    ]);
    expect(Object.keys(lines()[2])).toEqual(['schemaVersion', 'status', 'source', 'error']);
    expect(Object.keys(lines()[2].error)).toEqual(['code', 'message', 'hint']);
    expect(stderr).toContain('in/b/c/broken.pdf: pdf/corrupt:');
  });

  test('a folder named with a slash keeps one slash', async () => {
    const { lines } = await vacancy(['parse', 'in/b/']);
    expect(lines()[1].source.path).toBe('in/b/x.md');
  });

  test('an existing path wins over a glob, and a glob finds what it matches', async () => {
    expect((await vacancy(['parse', '[1] £.txt'])).json().source.path).toBe('[1] £.txt');
    expect((await vacancy(['parse', 'in/**/*.md'])).lines().map(({ source }) => source.path)).toEqual(['in/b/x.md']);
  });

  test('standard input is a document, named or not', async () => {
    for (const args of [['parse', '-'], ['parse']])
      expect((await vacancy(args, { stdin: ADVERT })).json().source.path).toBe('-');
  });

  test('names come from a list, parted by lines or by NUL', async () => {
    writeFileSync('list', 'in/a.txt\n\nin/b/x.md\n');
    const byLine = await vacancy(['parse', '--files-from', 'list']);
    const byNul = await vacancy(['parse', '--files-from', '-', '-0'], { stdin: 'in/a.txt\0in/b/x.md\0' });
    expect(byLine.lines().map(({ source }) => source.path)).toEqual(['in/a.txt', 'in/b/x.md']);
    expect(byNul.stdout).toBe(byLine.stdout);
  });

  test('shards part the inputs between them', async () => {
    const all = (await vacancy(['parse', 'in', '-q'])).lines().map(({ source }) => source.path);
    const parts = await Promise.all(
      [0, 1, 2].map(async (index) =>
        (await vacancy(['parse', 'in', '-q', '--shard', `${index}/3`])).stdout
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line).source.path),
      ),
    );
    expect(parts.flat().sort()).toEqual([...all].sort());
    const key = (path: string) => createHash('sha256').update(path.slice('in/'.length)).digest().readUInt32BE(0) % 3;
    for (const [index, part] of parts.entries()) expect(part.map(key)).toEqual(part.map(() => index));
  });
});

describe('output', () => {
  test('json of several inputs is one array, ndjson of one file is one line', async () => {
    const array = await vacancy(['parse', 'in/a.txt', 'in/b/x.md', '-f', 'json']);
    expect(array.json().map(({ source }: { source: { path: string } }) => source.path)).toEqual([
      'in/a.txt',
      'in/b/x.md',
    ]);
    expect(array.stdout).toBe(`${JSON.stringify(array.json(), null, 2)}\n`);
    expect((await vacancy(['parse', 'in/a.txt', '-f', 'ndjson'])).stdout.split('\n').length).toBe(2);
  });

  test('-o writes the same bytes to a file, and leaves no partial file', async () => {
    const { stdout } = await vacancy(['parse', 'in', '-q']);
    const { status, stdout: nothing } = await vacancy(['parse', 'in', '-q', '-o', 'out.ndjson']);
    expect([status, nothing, readFileSync('out.ndjson', 'utf8')]).toEqual([1, '', stdout]);
    expect(existsSync('out.ndjson.partial')).toBe(false);
  });

  test('-d mirrors the tree', async () => {
    expect((await vacancy(['parse', 'in', '-q', '-d', 'tree'])).status).toBe(1);
    expect(
      (readdirSync('tree', { recursive: true }) as string[]).filter((file) => file.endsWith('.json')).sort(),
    ).toEqual(['B.TXT.json', 'a.txt.json', 'b/c/broken.pdf.json', 'b/x.md.json']);
    expect(JSON.parse(readFileSync('tree/a.txt.json', 'utf8')).vacancy.title).toBe('Care Assistant');
  });

  test('-d refuses two inputs for one name before any work', async () => {
    cpSync('in/a.txt', 'twin/a.txt');
    const { status, stderr } = await vacancy(['parse', 'in/a.txt', 'twin/a.txt', '-d', 'twins']);
    expect([status, existsSync('twins')]).toEqual([2, false]);
    expect(stderr).toContain('would both be written to');
  });

  test('--errors takes the error records as well', async () => {
    await vacancy(['parse', 'in', '-q', '--errors', 'errors.ndjson']);
    expect(
      readFileSync('errors.ndjson', 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).error.code),
    ).toEqual(['pdf/corrupt']);
  });

  test('--evidence and --annualise add their keys and change nothing else', async () => {
    const plain = (await vacancy(['parse', 'in/a.txt'])).json();
    const { evidence, ...rest } = (await vacancy(['parse', 'in/a.txt', '--evidence'])).json();
    expect(rest).toEqual(plain);
    expect(evidence['/closingDate']).toEqual([
      { start: 76, end: 91, quote: '27 January 2026', page: null, line: 7, rule: 'closingDate/labelled' },
    ]);
    const { annual, ...pay } = (await vacancy(['parse', 'in/a.txt', '--annualise'])).json().vacancy.pay;
    expect(pay).toEqual(plain.vacancy.pay);
    expect(annual).toEqual({
      min: 24637.57,
      max: 24637.57,
      hoursPerWeek: 37.5,
      weeksPerYear: 52.143,
      hoursStated: false,
    });
  });

  test('--as-of tells what Yesterday was', async () => {
    const args = ['parse', '-', '--as-of', '2026-01-05'];
    const { vacancy: read, warnings } = (await vacancy(args, { stdin: `${ADVERT}\nPosted: Yesterday\n` })).json();
    expect([read.datePosted, warnings]).toEqual(['2026-01-04', []]);
    const without = (await vacancy(['parse', '-'], { stdin: `${ADVERT}\nPosted: Yesterday\n` })).json();
    expect([without.vacancy.datePosted, without.warnings.map(({ code }: { code: string }) => code)]).toEqual([
      null,
      ['date/relative'],
    ]);
  });
});

describe('exit status', () => {
  test.each([
    [1, ['parse', 'missing.txt'], ''],
    [2, ['parse', 'empty'], 'no input matched'],
    [2, ['parse', 'none*.pdf'], 'no input matched'],
    [2, ['parse', 'in/a.txt', '--nope'], 'unknown option'],
    [2, ['parse', 'in/a.txt', '-f', 'xml'], 'Allowed choices'],
    [2, ['parse', 'in/a.txt', '--as-of', '2026-02-30'], 'YYYY-MM-DD'],
    [2, ['parse', 'in/a.txt', '--shard', '3/3'], '--shard'],
    [2, ['parse', 'in/a.txt', '-o', 'no/such/folder/x'], 'cannot write'],
    [2, ['parse', 'in/a.txt', '-o', 'x', '-d', 'y'], 'do not go together'],
    [2, ['parse'], 'name a file'],
    [2, ['nope'], 'unknown command'],
    [2, ['schema', 'nope'], 'Allowed choices are record'],
    [0, ['--help'], ''],
    [0, ['parse', 'in', '-q', '--fail-on', 'never'], ''],
    [1, ['parse', '-q', '--fail-on', 'warning', '-'], ''],
    [0, ['parse', '-q', '-'], ''],
  ] as const)('is %i for %j', async (status, args, words) => {
    const needsInput = args.includes('-' as never);
    const got = await vacancy(args, needsInput ? { stdin: `${ADVERT}Posted: Yesterday\n` } : {});
    expect(got.status).toBe(status);
    expect(got.stderr).toContain(words);
  });

  test('a missing file is an error record, even if it is the only input', async () => {
    const { json, stderr } = await vacancy(['parse', 'missing.txt']);
    expect(json()).toMatchObject({
      status: 'error',
      source: { path: 'missing.txt', bytes: null },
      error: { code: 'input/not-found' },
    });
    expect(stderr).toContain('input/not-found');
  });

  test('a file over the limit is not read', async () => {
    expect((await vacancy(['parse', 'in/a.txt', '--max-bytes', '10'])).json().error.code).toBe('input/too-large');
  });
});

describe('output that cannot be written', () => {
  test.each([
    ['a folder', ['-o', 'in']],
    ['a folder for errors', ['--errors', 'in']],
    ['a file where a folder should be', ['-d', 'in/a.txt']],
    ['a place where the system makes no folders', ['-d', '/proc/nope/x']],
    ['the advert itself', ['-o', 'in/a.txt']],
    ['two outputs of one name', ['-o', 'same', '--errors', 'same']],
  ])('is %s', async (_, args) => {
    const before = readFileSync(`${dir}/in/a.txt`, 'utf8');
    const { status, stderr } = await vacancy(['parse', 'in/a.txt', ...args]);
    expect([status, stderr.startsWith('vacancy: ')]).toEqual([2, true]);
    expect(readFileSync(`${dir}/in/a.txt`, 'utf8')).toBe(before);
  });

  test('is a folder that a link leads out of', async () => {
    for (const folder of ['elsewhere', 'linked']) mkdirSync(`${dir}/${folder}`);
    symlinkSync(`${dir}/elsewhere`, `${dir}/linked/in`);
    const { status } = await vacancy(['parse', 'in/a.txt', '-d', 'linked/in', '-q']);
    expect([status, readdirSync(`${dir}/elsewhere`).length > 0]).toEqual([0, true]); // the folder named may be a link
    mkdirSync(`${dir}/tree/sub`, { recursive: true });
    writeFileSync(`${dir}/tree/sub/a.txt`, ADVERT);
    mkdirSync(`${dir}/out`);
    symlinkSync(`${dir}/linked`, `${dir}/out/sub`);
    expect((await vacancy(['parse', 'tree', '-d', 'out'])).status).toBe(2);
    expect(readdirSync(`${dir}/linked`)).toEqual(['in']);
  });

  test('is a full disk', async () => {
    const failed = await exec('sh', ['-c', '"$0" "$1" parse in/a.txt > /dev/full', process.execPath, BIN], {
      cwd: dir,
    }).catch((error: { code: number; stderr: string }) => error);
    expect([(failed as { code: number }).code, failed.stderr]).toEqual([
      2,
      expect.stringMatching(/^vacancy: cannot write/),
    ]);
  });
});

describe('the other commands', () => {
  test('text prints what the offsets count', async () => {
    const { stdout } = await vacancy(['text', 'in/a.txt']);
    expect(stdout.slice(76, 91)).toBe('27 January 2026');
  });

  test('schema prints JSON Schema 2020-12', async () => {
    expect((await vacancy(['schema'])).json().$schema).toContain('2020-12');
  });

  test('explain shows values, words, places, rules and what was set aside', async () => {
    const { stdout, status } = await vacancy(['explain', '-'], { stdin: `${ADVERT}Closing date: 28 January 2026\n` });
    expect(status).toBe(0);
    for (const words of [
      'closingDate',
      '2026-01-27',
      'line 7 · closingDate/labelled',
      '✗ “28 January 2026”  line 9 · says something else: the first was taken',
      'Warnings',
      'closingDate/conflict',
    ])
      expect(stdout).toContain(words);
    expect(stdout).not.toContain('\u001b');
    expect((await vacancy(['explain', 'in/a.txt', '--color', 'always'])).stdout).toContain('\u001b[');
  });

  test('explain prints nothing that a terminal would obey', async () => {
    const { stdout } = await vacancy(['explain', '-'], {
      stdin: 'Nurse \u009b31m\u001b]0;x\u0007\n\nSalary: £12 an hour\n',
    });
    expect(stdout).not.toMatch(/[\u0007\u001b\u009b]/);
  });
});

describe('for real', () => {
  test('help and a plain text load neither pdf-parse nor mammoth, and start no process', async () => {
    const trace = async (...args: string[]) => {
      const preload = ['-r', `${ROOT}test/loaded.cjs`];
      const { stderr } = await exec(process.execPath, [...preload, BIN, ...args], { cwd: dir, maxBuffer: 2 ** 26 });
      return stderr;
    };
    expect(await trace('--help')).not.toMatch(/child_process|crypto/);
    expect(await trace('parse', 'in/a.txt')).toMatch(/NativeModule crypto/);
    expect(await trace('parse', 'in/a.txt')).not.toMatch(/child_process|fs\/promises/);
    const document = `${ROOT}fixtures/adverts/trac-page/advert.docx`;
    expect(await trace('parse', document)).toMatch(/NativeModule child_process/);
  });

  test('a closed pipe ends it quietly', async () => {
    const many = Array.from({ length: 60 }, () => 'in/a.txt');
    const child = spawn('sh', ['-c', `"$0" "$@" | head -n 1`, process.execPath, BIN, 'parse', ...many], { cwd: dir });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    const code = await new Promise((done) => child.on('close', done));
    expect([code, out.trimEnd().split('\n').length, err]).toEqual([0, 1, '']);
  });

  test('a pipe gets every byte that a file gets', async () => {
    const many = Array.from({ length: 400 }, () => 'in/a.txt');
    const { stdout } = await exec('sh', ['-c', `"$0" "$@" | (sleep 1; cat)`, process.execPath, BIN, 'parse', ...many], {
      cwd: dir,
      maxBuffer: 2 ** 26,
    });
    expect(stdout.trimEnd().split('\n').length).toBe(400);
  });
});

test('the README lists every code, and no others', () => {
  const readme = readFileSync(`${ROOT}README.md`, 'utf8');
  const listed = [...readme.matchAll(/^\| `([a-zA-Z-]+\/[a-z-]+)`/gm)].map((match) => match[1]);
  // Some codes are a warning's and a rule's.
  expect(listed.sort()).toEqual([...ERROR_CODES, ...WARNING_CODES, ...RULE_CODES].sort());
});
