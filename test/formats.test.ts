import { execFileSync, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { parseFragment, serialize } from 'parse5';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ADVERT, askDuckDb, BIN, DUCKDB, exec, fixtures, inOwnFolder, ROOT, vacancy } from './support.ts';

const MOCK = `${ROOT}test/mock-worker.mjs`;
const PYTHON = '/usr/bin/python3';
const XSD_DATE = /^\d{4}-\d\d-\d\d$/;
const hasPandas = spawnSync(PYTHON, ['-c', 'import pandas']).status === 0;

let dir: string;
inOwnFolder('formats', (folder) => {
  dir = folder;
});

interface Node {
  [key: string]: unknown;
}
/** A record as NDJSON has it: this test knows the output contract, and none of the code's types. */
interface Row extends Node {
  status: string;
  source: Node;
  vacancy?: Node;
  warnings?: Node[];
  error?: Node;
}

const rowsOf = (ndjson: string): Row[] =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !isSo(); await wait(10))
    if (Date.now() > end) throw new Error('it did not come to be so');
}

/** `spinePoints` as a column's name has it. */
const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a record has for a column, found by the column's name alone: the keys on the way, each with a line below. */
function valueFor({ status, source, vacancy: stated, warnings, error }: Row, column: string): unknown {
  const top = { status, source, warnings: warnings ?? null, error: error ?? null, ...stated };
  const find = (value: unknown, name: string): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value);
    const own = entries.find(([key]) => snake(key) === name);
    if (own !== undefined) return own[1];
    const below = entries.filter(([key]) => name.startsWith(`${snake(key)}_`));
    return below
      .map(([key, inner]) => find(inner, name.slice(snake(key).length + 1)))
      .find((each) => each !== undefined);
  };
  return find(top, column) ?? null;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** A value as a cell of csv is to have it. */
function cellFor(column: string, value: unknown): string {
  const safe = (text: string) => (/^[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text);
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return safe(oneLine(value));
  const items = (value as (string | Node)[]).map((item) => {
    if (typeof item === 'string') return item;
    if (column.startsWith('criteria')) return item.text as string;
    if (column === 'warnings') return item.code as string;
    if (column === 'pay_supplements') return `${item.type}: ${item.text}`;
    return [item.name, item.jobTitle, item.email, item.phone].filter((part) => part !== null).join('; ');
  });
  return safe(items.map((item) => oneLine(item).replaceAll('|', '¦')).join(' | '));
}

/** RFC 4180, read by the letter. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/gy;
  let end = 0;
  for (const { 0: all, 1: quoted, 2: plain, 3: mark } of text.matchAll(cell)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    end += all.length;
    if (mark !== '\n') continue;
    rows.push(row);
    row = [];
  }
  expect(end).toBe(text.length);
  return rows;
}

let columns: { name: string; type: string }[];
/** The fixtures, the adverts below and what cannot be read, in each of the formats: they are read once. */
const batch = { csv: '', rows: [] as Row[], postings: [] as Node[], parquet: Buffer.alloc(0) };
beforeAll(async () => {
  columns = (await vacancy(['schema', 'csv'])).json().fields;
  const start = process.cwd();
  const folder = mkdtempSync(`${tmpdir()}/vacancy-formats-`);
  process.chdir(folder);
  writeFileSync('broken.pdf', '%PDF-1.7 broken');
  const inputs = [`${ROOT}fixtures/adverts`, `${ROOT}fixtures/tables`, 'broken.pdf', ...writeNasty(), '--annualise'];
  const run = async (format: string) => {
    const { status, stdout, bytes } = await vacancy(['parse', ...inputs, '-q', '-f', format]);
    expect(status).toBe(1);
    return { stdout, bytes };
  };
  batch.csv = (await run('csv')).stdout;
  batch.rows = rowsOf((await run('ndjson')).stdout);
  batch.postings = JSON.parse((await run('jsonld')).stdout);
  batch.parquet = (await run('parquet')).bytes;
  process.chdir(start);
  rmSync(folder, { recursive: true });
}, 120_000);

const NASTY = `Cook, "Head" | Relief

Employer: =SUM(1+1) Café Ltd
Reference: 0012E34
Location: @Oxney, LN14 9BA
Salary: £12,600.50 per annum
Closing date: 18 December 2026

Person specification

Essential
- =2+5 is known to you, "by heart" | and more
- Crème brûlée – 🧑‍🍳;=1+1

Contact: Delphine Arkwright, Home Manager, +44 1632 960733
`;
const FORMULAS = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(1)',
  '\t=1+1',
  ' =1+1',
  '"=1+1"',
  'Cook;=1+1',
];

/** Adverts with what a spreadsheet takes for formulas, and an input of such a name that is not there. */
function writeNasty(): string[] {
  mkdirSync('in');
  for (const [index, words] of FORMULAS.entries())
    writeFileSync(`in/${index}.txt`, `Job title: ${words} Assistant\n\n${NASTY.slice(NASTY.indexOf('\n\n') + 2)}`);
  writeFileSync('in/-2+3.txt', NASTY);
  if (process.platform !== 'win32') writeFileSync('in/=1\n"+2,\t|3.txt', NASTY);
  return ['in', "=cmd|'/C calc'!A0.txt", '=none.txt', '@none.txt'];
}

describe('csv', () => {
  const expectedCells = (rows: Row[]) =>
    rows.map((row) => columns.map(({ name }) => cellFor(name, valueFor(row, name))));

  test('has the columns of its schema, a row a record, each value in its place', async () => {
    const { csv, rows } = batch;
    const [head, ...cells] = readCsv(csv);
    expect(head).toEqual(columns.map(({ name }) => name));
    expect(cells).toEqual(expectedCells(rows));
    // That the expectation is one: every column that these adverts state something for is filled somewhere.
    const filled = columns.filter((_, index) => cells.some((row) => row[index] !== '')).map(({ name }) => name);
    expect(filled.length).toBeGreaterThan(columns.length * 0.75);
    for (const name of ['pay_annual_min', 'criteria_essential', 'error_code', 'contacts', 'pay_actual_min'])
      expect(filled).toContain(name);
  });

  test('has an error as a row with its status and code, and nothing of a vacancy', async () => {
    writeFileSync('a.txt', ADVERT);
    const { stdout, status } = await vacancy(['parse', 'none.txt', 'a.txt', '-f', 'csv', '-q']);
    const [head = [], bad = [], good = []] = readCsv(stdout);
    const cell = (row: string[], name: string) => row[head.indexOf(name)];
    expect([status, cell(bad, 'status'), cell(bad, 'error_code'), cell(bad, 'source_path')]).toEqual([
      1,
      'error',
      'input/not-found',
      'none.txt',
    ]);
    expect(bad.slice(head.indexOf('title')).every((each) => each === '')).toBe(true);
    expect([cell(good, 'status'), cell(good, 'error_code'), cell(good, 'title'), cell(good, 'pay_min')]).toEqual([
      'ok',
      '',
      'Care Assistant',
      '12.6',
    ]);
  });

  test('joins criteria with bars, and writes a bar of their own as a broken one', async () => {
    writeFileSync('a.txt', NASTY);
    const [head = [], row = []] = readCsv((await vacancy(['parse', 'a.txt', '-f', 'csv'])).stdout);
    expect(row[head.indexOf('criteria_essential')]).toBe(
      `'=2+5 is known to you, "by heart" ¦ and more | Crème brûlée – 🧑‍🍳;=1+1`.replaceAll('\u200d', ''),
    );
    expect(row[head.indexOf('employer_name')]).toBe("'=SUM(1+1) Café Ltd");
  });

  test('starts no cell with what makes a formula, whatever the advert, the name or the error says', async () => {
    const { stdout } = await vacancy(['parse', ...writeNasty(), '-f', 'csv', '-q']);
    const [head = [], ...rows] = readCsv(stdout);
    expect(rows.length).toBe(readdirSync('in').length + 3);
    for (const row of rows) {
      expect(row.length).toBe(columns.length);
      for (const [index, cell] of row.entries())
        if (columns[index]?.type === 'string') expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]|[\n\r\t]/);
    }
    const titles = rows.map((row) => row[head.indexOf('title')]);
    for (const words of ['=1+1', '+1+1', '-1+1', '@SUM(1)', '＝1+1', '＋1', '－1', '＠SUM(1)'])
      expect(titles).toContain(`'${words} Assistant`);
    expect(rows.map((row) => row[head.indexOf('source_path')])).toContain("'=cmd|'/C calc'!A0.txt");
  });

  test('starts none behind a semicolon either, where a reader parts cells at it', async () => {
    const { stdout } = await vacancy(['parse', ...writeNasty(), '-f', 'csv', '-q']);
    // Text outside of quotes, as such a reader sees it.
    expect(stdout.replace(/"(?:[^"]|"")*"/g, '')).not.toContain(';');
    expect(stdout).toContain('Cook;=1+1 Assistant');
  });

  const hasCalc = (() => {
    const folder = mkdtempSync(`${tmpdir()}/vacancy-calc-`);
    writeFileSync(`${folder}/a.csv`, '=1+1\n');
    spawnSync('soffice', calc(folder, '44', 'a.csv'), { cwd: folder, timeout: 60_000 });
    const made = existsSync(`${folder}/a.fods`) ? readFileSync(`${folder}/a.fods`, 'utf8') : '';
    rmSync(folder, { recursive: true });
    return made.includes('table:formula="of:=1+1"'); // else the test below could not fail
  })();

  function calc(folder: string, separators: string, file: string): string[] {
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    return [profile, '--headless', `--infilter=CSV:${separators},34,76,1`, '--convert-to', 'fods', file];
  }

  test.skipIf(!hasCalc)(
    'has no formula in soffice (LibreOffice Calc), and its figures are figures',
    async () => {
      writeFileSync('a.csv', (await vacancy(['parse', ...writeNasty(), '-f', 'csv', '-q'])).stdout);
      for (const separators of ['44', '44/59/9']) {
        execFileSync('soffice', calc(dir, separators, 'a.csv'), { stdio: 'ignore', timeout: 60_000 });
        const made = readFileSync('a.fods', 'utf8');
        expect(made).not.toContain('table:formula');
        const rows = readdirSync('in').length;
        // Two cells of one row that are alike are written as one, with how often it is there.
        const figures = made.match(/columns-repeated="2"[^>]* office:value-type="float" office:value="12600\.5"/g);
        expect(figures?.length).toBe(rows);
        expect(made).toMatch(/>(?:'|&apos;)=cmd\|/);
        rmSync('a.fods');
      }
    },
    120_000,
  );

  test.skipIf(DUCKDB === null)('read by DuckDB is what the records say', async () => {
    const { csv, rows } = batch;
    writeFileSync('out.csv', csv);
    const read = await askDuckDb("select * from read_csv('out.csv', all_varchar = true)");
    expect(read.map((row) => columns.map(({ name }) => row[name] ?? ''))).toEqual(expectedCells(rows));
    // With the types of the schema, as the README may say it.
    const types = { string: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN', date: 'DATE' };
    const list = columns.map(({ name, type }) => `'${name}': '${types[type as keyof typeof types]}'`).join(', ');
    const typed = await askDuckDb(`select * from read_csv('out.csv', columns = {${list}}, header = true)`);
    const wanted = rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name, type }) => {
          const value = valueFor(row, name);
          if (value === null || (Array.isArray(value) && value.length === 0)) return [name, null];
          return [name, type === 'string' ? cellFor(name, value) : type === 'integer' ? String(value) : value];
        }),
      ),
    );
    expect(typed).toEqual(wanted);
    expect(typed.filter(({ reference }) => reference === '0012E34').length).toBeGreaterThan(10);
  });

  describe.skipIf(!hasPandas)('read by pandas (of /usr/bin/python3)', () => {
    const python = (script: string) =>
      JSON.parse(execFileSync(PYTHON, ['-c', script], { encoding: 'utf8', maxBuffer: 2 ** 26 }));

    test('as text is what the records say', async () => {
      const { csv, rows } = batch;
      writeFileSync('out.csv', csv);
      const read = python(
        "import json, pandas; print(json.dumps(pandas.read_csv('out.csv', dtype=str, keep_default_na=False).values.tolist()))",
      );
      expect(read).toEqual(expectedCells(rows));
    });

    test('with the types of the schema has its figures, days and truths', async () => {
      const { csv, rows } = batch;
      writeFileSync('out.csv', csv);
      writeFileSync('schema.json', (await vacancy(['schema', 'csv'])).stdout);
      const read = python(`
import json, pandas
types = {'integer': 'Int64', 'number': 'float', 'boolean': 'boolean'}
fields = json.load(open('schema.json'))['fields']
frame = pandas.read_csv('out.csv', keep_default_na=False, na_values=[''],
    dtype={field['name']: types.get(field['type'], 'string') for field in fields})
for field in fields:
    if field['type'] == 'date': frame[field['name']] = pandas.to_datetime(frame[field['name']])
print(frame.to_json(orient='values', date_format='iso', double_precision=10))`);
      const wanted = rows.map((row) =>
        columns.map(({ name, type }) => {
          const value = valueFor(row, name);
          if (value === null || (Array.isArray(value) && value.length === 0)) return null;
          return type === 'string' ? cellFor(name, value) : type === 'date' ? `${value}T00:00:00.000` : value;
        }),
      );
      expect(
        (read as unknown[][]).map((row) =>
          row.map((cell) =>
            typeof cell === 'string' ? cell.replace(/^(\d{4}-\d\d-\d\dT00:00:00\.000)Z$/, '$1') : cell,
          ),
        ),
      ).toEqual(wanted);
    });
  });

  test('is the same bytes at one job and at two, in a file and on standard output', async () => {
    const args = ['parse', `${ROOT}fixtures/adverts`, '-f', 'csv', '-q'];
    const one = await vacancy([...args, '-j', '1']);
    const two = await vacancy([...args, '-j', '2', '-o', 'out.csv']);
    expect([two.status, readFileSync('out.csv', 'utf8')]).toEqual([0, one.stdout]);
    expect(one.stdout.split('\n').length).toBe(fixtures().filter(({ folder }) => folder === 'adverts').length + 2);
  });

  test('of nothing is its header alone', async () => {
    writeFileSync('a.txt', ADVERT);
    // Of three shards of one input, two are empty.
    const sizes = [];
    for (const shard of ['0/3', '1/3', '2/3']) {
      const { stdout, status } = await vacancy(['parse', 'a.txt', '-f', 'csv', '--shard', shard]);
      const [head, ...rows] = readCsv(stdout);
      expect([status, head]).toEqual([0, columns.map(({ name }) => name)]);
      sizes.push(rows.length);
    }
    expect(sizes.sort()).toEqual([0, 0, 1]);
  });

  test.each(['csv', 'jsonld', 'parquet'])('-d does not go with %s', async (format) => {
    writeFileSync('a.txt', ADVERT);
    const { status, stderr } = await vacancy(['parse', 'a.txt', '-f', format, '-d', 'out']);
    expect([status, stderr.includes(format), existsSync('out')]).toEqual([2, true, false]);
  });
});

describe('--resume', () => {
  const partialText = () => (existsSync('out.partial') ? readFileSync('out.partial', 'utf8') : '');

  test.each(['csv', 'jsonld'])('of a %s that was cut gives the bytes of a run that was left alone', async (format) => {
    mkdirSync('in');
    for (let index = 0; index < 20; index++) {
      const folder = `in/${String(index).padStart(2, '0')}`;
      mkdirSync(folder);
      if (index % 5 === 2) writeFileSync(`${folder}/broken.pdf`, '%PDF-1.7 broken');
      else writeFileSync(`${folder}/slow.txt`, ADVERT.replace('Care', `Care, "${index}"`));
    }
    const args = ['parse', 'in', '-j', '2', '-q', '-f', format];
    const whole = await vacancy(args);
    const signals = new EventEmitter();
    const running = vacancy([...args, '-o', 'out'], { worker: MOCK, signals });
    await until(() => /Care, (?:""|\\")6/.test(partialText()));
    signals.emit('SIGTERM', 'SIGTERM');
    expect((await running).status).toBe(143);
    expect(existsSync('out')).toBe(false);
    const again = await vacancy([...args.filter((arg) => arg !== '-q'), '-o', 'out', '--resume']);
    expect([again.status, readFileSync('out', 'utf8')]).toEqual([1, whole.stdout]);
    expect(again.stderr).toMatch(/16 parsed, 4 failed in .*; \d+ of them were there from an earlier run/);
    if (format === 'csv') expect(whole.stdout.split('source_path,').length).toBe(2);
    else expect(JSON.parse(whole.stdout).length).toBe(16);
  });

  test.each(['csv', 'jsonld'])('of a %s that was cut in the middle of a record does that one again', async (format) => {
    mkdirSync('in');
    for (let index = 0; index < 12; index++) {
      mkdirSync(`in/${10 + index}`);
      writeFileSync(`in/${10 + index}/slow.txt`, ADVERT.replace('Care', `Crème ${index}`));
    }
    const args = ['parse', 'in', '-j', '2', '-q', '-f', format];
    const whole = (await vacancy(args)).stdout;
    const signals = new EventEmitter();
    const running = vacancy([...args, '-o', 'out'], { worker: MOCK, signals });
    await until(() => partialText().includes('Crème 4'));
    signals.emit('SIGTERM', 'SIGTERM');
    await running;
    const partial = readFileSync('out.partial');
    writeFileSync('out.partial', partial.subarray(0, partial.length - 20));
    expect((await vacancy([...args, '-o', 'out', '--resume'])).status).toBe(0);
    expect(readFileSync('out', 'utf8')).toBe(whole);
  });

  test('does not go with parquet', async () => {
    writeFileSync('a.txt', ADVERT);
    const { status, stderr } = await vacancy(['parse', 'a.txt', '-f', 'parquet', '-o', 'out', '--resume']);
    expect([status, stderr.includes('parquet'), readdirSync('.')]).toEqual([2, true, ['a.txt']]);
  });
});

describe('jsonld', () => {
  /** The posting of an advert. */
  async function posting(text: string, name = 'advert.txt', ...flags: string[]): Promise<Node> {
    writeFileSync(name, text);
    return (await vacancy(['parse', name, '-f', 'jsonld', ...flags])).json();
  }
  const advert = (...lines: string[]) => `Care Assistant\n\nEmployer: Thornbeck House Ltd\n${lines.join('\n')}\n`;

  test('of every advert is as its schema has it', async () => {
    const formats = {
      date: XSD_DATE,
      'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
      uri: (text: string) => URL.canParse(text),
    };
    const schema = (await vacancy(['schema', 'jsonld'])).json();
    expect(schema.$schema).toContain('2020-12');
    const validate = new Ajv2020({ strict: false, formats }).compile(schema);
    const good = batch.rows.filter(({ status }) => status === 'ok').length;
    expect([batch.postings.length, good > 60]).toEqual([good, true]);
    for (const each of batch.postings) expect([validate(each), validate.errors]).toEqual([true, null]);
    expect(validate({ ...batch.postings[0], jobLocationType: 'HYBRID' })).toBe(false);
    expect(validate({ ...batch.postings[0], datePosted: '2 January 2026' })).toBe(false);
  });

  /** JSON-LD written out, with a small schema.org of our own: every name is one of its own. */
  async function expanded(node: Node): Promise<Node[]> {
    const { default: jsonld } = (await import('jsonld')) as unknown as {
      default: { expand: (node: Node, options: unknown) => Promise<Node[]> };
    };
    const documentLoader = async (url: string) => {
      if (!/^https:\/\/schema\.org\/?$/.test(url)) throw new Error(`no such context: ${url}`);
      return { contextUrl: null, documentUrl: url, document: { '@context': { '@vocab': 'https://schema.org/' } } };
    };
    return jsonld.expand(node, { documentLoader });
  }

  test('says as RDF what it is to say', async () => {
    const node = await posting(
      advert(
        'Reference: THL/0417',
        'Location: 3 Mill Lane, Oxney, LN14 9BA',
        'Salary: £27,000 to £30,500 per annum',
        'Hours: 37.5 hours per week, full time',
        'Contract: Fixed term, 12 months',
        'Date posted: 2 November 2026',
        'Closing date: 18 December 2026 at 5pm',
        'Start date: 1 February 2027',
        '',
        'Person specification',
        '',
        'Essential',
        '- Experience of care',
        '',
        'Desirable',
        '- A driving licence',
        '',
        'The post is subject to an enhanced DBS check.',
        '',
        'Contact: Delphine Arkwright, Home Manager, 01632 960733',
      ),
    );
    const text = (value: unknown) => [{ '@value': value }];
    const of = (type: string, node: Node) => [
      {
        '@type': [`https://schema.org/${type}`],
        ...Object.fromEntries(Object.entries(node).map(([key, value]) => [`https://schema.org/${key}`, value])),
      },
    ];
    const [{ 'https://schema.org/description': description, ...rest } = {}] = await expanded(node);
    expect(description).toEqual(text(node.description));
    expect([rest]).toEqual(
      of('JobPosting', {
        title: text('Care Assistant'),
        identifier: of('PropertyValue', { name: text('Thornbeck House Ltd'), value: text('THL/0417') }),
        datePosted: text('2026-11-02'),
        validThrough: text('2026-12-18T17:00:00+00:00'),
        employmentType: [...text('FULL_TIME'), ...text('TEMPORARY')],
        hiringOrganization: of('Organization', { name: text('Thornbeck House Ltd') }),
        jobLocation: of('Place', {
          address: of('PostalAddress', {
            addressLocality: text('Oxney'),
            postalCode: text('LN14 9BA'),
            addressCountry: text('GB'),
          }),
        }),
        baseSalary: of('MonetaryAmount', {
          currency: text('GBP'),
          value: of('QuantitativeValue', { minValue: text(27000), maxValue: text(30500), unitText: text('YEAR') }),
        }),
        jobStartDate: text('2027-02-01'),
        jobDuration: text('P12M'),
        workHours: text('37.5 hours per week, full time'),
        qualifications: [...text('Experience of care'), ...text('The post is subject to an enhanced DBS check.')],
        skills: text('A driving licence'),
        applicationContact: of('ContactPoint', {
          name: text('Delphine Arkwright'),
          contactType: text('Home Manager'),
          telephone: text('01632 960733'),
        }),
      }),
    );
  });

  test('of every advert loses no property where it is written out', async () => {
    const count = (value: unknown): number =>
      Array.isArray(value)
        ? value.reduce((sum: number, each) => sum + count(each), 0)
        : typeof value === 'object' && value !== null
          ? Object.entries(value).reduce(
              (sum, [key, each]) => sum + (/^@(?:type|context|value)$/.test(key) ? 0 : 1) + count(each),
              0,
            )
          : 0;
    for (const each of batch.postings) expect(count(await expanded(each))).toBe(count(each));
  });

  test.each([
    ['28 March 2026 at 5pm', '2026-03-28T17:00:00+00:00'],
    ['29 March 2026 at 12:30am', '2026-03-29T00:30:00+00:00'],
    ['29 March 2026 at 9am', '2026-03-29T09:00:00+01:00'],
    ['30 March 2026 at 11:59pm', '2026-03-30T23:59:00+01:00'],
    ['1 July 2026 at noon', '2026-07-01T12:00:00+01:00'],
    ['24 October 2026 at 11:59pm', '2026-10-24T23:59:00+01:00'],
    ['25 October 2026 at 12:30am', '2026-10-25T00:30:00+01:00'],
    ['25 October 2026 at 5pm', '2026-10-25T17:00:00+00:00'],
    ['26 October 2026 at 9am', '2026-10-26T09:00:00+00:00'],
    ['31 December 2026 at midnight', '2026-12-31T23:59:00+00:00'],
    ['18 December 2026', '2026-12-18'],
    ['1 July 2026', '2026-07-01'],
    ['open until filled', undefined],
  ])('closes “%s”: %s', async (words, wanted) => {
    expect((await posting(advert(`Closing date: ${words}`))).validThrough).toBe(wanted);
  });

  test.each([
    ['£12.60 per hour', { value: 12.6, unitText: 'HOUR' }],
    ['£12.60 to £13.05 per hour', { minValue: 12.6, maxValue: 13.05, unitText: 'HOUR' }],
    ['£27,000 - £30,500.50 per annum', { minValue: 27000, maxValue: 30500.5, unitText: 'YEAR' }],
    ['£510 per week', { value: 510, unitText: 'WEEK' }],
    ['£150 per day', { value: 150, unitText: 'DAY' }],
    ['£2,100 per month', { value: 2100, unitText: 'MONTH' }],
    ['up to £30,000 per annum', { maxValue: 30000, unitText: 'YEAR' }],
    ['from £25,000 per annum', { minValue: 25000, unitText: 'YEAR' }],
    ['actual salary £18,422 per annum', { value: 18422, unitText: 'YEAR' }],
    ['£31,537 per annum pro rata (actual salary £21,871 per annum)', { value: 31537, unitText: 'YEAR' }],
    ['Competitive', undefined],
    ['Competitive, depending on experience', undefined],
    ['Grade 5', undefined],
    ['£120 per session', undefined],
    ['Unpaid', undefined],
  ])('pays “%s”', async (words, wanted) => {
    const { baseSalary } = await posting(advert(`Salary: ${words}`));
    expect(baseSalary).toEqual(
      wanted && { '@type': 'MonetaryAmount', currency: 'GBP', value: { '@type': 'QuantitativeValue', ...wanted } },
    );
  });

  test.each([
    ['Fully remote', 'TELECOMMUTE'],
    ['Hybrid working, two days a week in the office', undefined],
    ['Oxney, LN14 9BA', undefined],
  ])('of work at “%s” has jobLocationType %s', async (place, wanted) => {
    expect((await posting(advert(`Location: ${place}`))).jobLocationType).toBe(wanted);
  });

  test('figures are numbers everywhere, and nothing is null or empty', async () => {
    const check = (value: unknown, key: string): void => {
      expect([key, value === null || value === undefined || value === '']).toEqual([key, false]);
      if (/^(?:value|minValue|maxValue)$/.test(key) && typeof value === 'string') expect(key).toBe('value'); // an identifier's
      if (Array.isArray(value)) expect(value.length).toBeGreaterThan(0);
      if (typeof value === 'object' && value !== null)
        for (const [inner, each] of Object.entries(value)) check(each, Array.isArray(value) ? key : inner);
    };
    for (const each of batch.postings) {
      check(each, 'posting');
      const salary = each.baseSalary as { value: Node } | undefined;
      for (const [key, figure] of Object.entries(salary?.value ?? {}))
        expect(typeof figure).toBe(/Value$|^value$/.test(key) ? 'number' : 'string');
    }
    expect(batch.postings.filter(({ baseSalary }) => baseSalary !== undefined).length).toBeGreaterThan(20);
  });

  describe('the description', () => {
    const TAGS = ['p', 'ul', 'li', 'table', 'tbody', 'tr', 'td', 'th', 'br', 'strong', 'em', 'h2', 'h3'];
    /** Every element of some HTML, with its parent's name. */
    function elements(html: string): { name: string; parent: string; attributes: number }[] {
      const found: { name: string; parent: string; attributes: number }[] = [];
      const walk = (node: { nodeName: string; childNodes?: unknown[] }): void => {
        for (const child of (node.childNodes ?? []) as {
          nodeName: string;
          attrs?: unknown[];
          childNodes?: unknown[];
        }[]) {
          if (!child.nodeName.startsWith('#'))
            found.push({ name: child.nodeName, parent: node.nodeName, attributes: child.attrs?.length ?? 0 });
          walk(child);
        }
      };
      walk(parseFragment(html));
      return found;
    }

    test('is HTML of paragraphs, lists and tables, with no attribute and nothing that runs', () => {
      let lists = 0;
      for (const { description } of batch.postings) {
        for (const { name, parent, attributes } of elements(description as string)) {
          expect([name, TAGS.includes(name), attributes]).toEqual([name, true, 0]);
          if (name === 'li') lists++;
          if (name === 'li') expect(parent).toBe('ul');
          if (parent === 'ul') expect(name).toBe('li');
        }
        // As a browser writes it again: nothing is left open, nothing is closed twice.
        const bare = (text: string) => text.replace(/<\/?tbody>/g, '').replaceAll('&quot;', '"');
        expect(bare(serialize(parseFragment(description as string)))).toBe(bare(description as string));
      }
      expect(lists).toBeGreaterThan(500);
    });

    test('has scripts left out and what looks like tags escaped', async () => {
      const page = `<!doctype html><html><head><title>Cook</title><script>alert("one")</script></head><body><main><h1>Cook</h1>
<p>Employer: Thornbeck House Ltd</p><p>Salary: £13 per hour</p><script>alert("two")</script><style>p { color: red }</style>
<p onclick="alert(3)">Fish &amp; chips for &lt;script&gt;alert("four")&lt;/script&gt; people &amp;lt;b&amp;gt;</p>
<p><img src="x" onerror="alert(5)"><a href="javascript:alert(6)">Apply</a></p></main></body></html>`;
      const { description } = (await posting(page, 'a.html')) as { description: string };
      expect(description).toContain('Fish &amp; chips');
      expect(description).toContain('&lt;script&gt;');
      expect(description).not.toMatch(/alert\("(?:one|two)"|color: red|onclick|onerror|javascript:|<script|<img|<a /);
      expect(elements(description).map(({ name }) => name)).not.toContain('script');
    });

    test('has an item of a list as one, with the words of the whole advert', async () => {
      const { description } = (await posting(
        advert('', 'You will:', '', '- cook', '- keep it < 5 °C & dry', '', 'Thank you.'),
      )) as { description: string };
      expect(description).toContain('<ul><li>cook</li><li>keep it &lt; 5 °C &amp; dry</li></ul>');
      expect(description).toContain('<p>Thank you.</p>');
    });

    test('has a list inside a list in the item that it belongs to', async () => {
      const page =
        '<main><h1>Cook</h1><p>Salary: £13 per hour</p><ul><li>cook<ul><li>soup</li><li>fish</li></ul></li><li>wash</li></ul><p>Bye.</p></main>';
      const { description } = (await posting(page, 'a.html')) as { description: string };
      expect(description).toContain(
        '<ul><li>cook<ul><li>soup</li><li>fish</li></ul></li><li>wash</li></ul><p>Bye.</p>',
      );
    });

    test('is not the title alone', async () => {
      const { description, title } = await posting('Care Assistant\n');
      expect(title).toBe('Care Assistant');
      expect(description).toBeUndefined();
    });
  });

  test('an input that cannot be read leaves no element and no comma, is in --errors, and makes the status 1', async () => {
    for (const name of ['a', 'd']) writeFileSync(`${name}.txt`, ADVERT);
    const read = async (...inputs: string[]) => {
      const args = ['parse', ...inputs, '-f', 'jsonld', '-q', '--errors', 'errors'];
      const { status, json, stdout } = await vacancy(args);
      const codes = rowsOf(readFileSync('errors', 'utf8')).map(({ error }) => error?.code);
      return { status, stdout, titles: json().map(({ title }: Node) => title), codes };
    };
    const good = 'Care Assistant';
    const missing = 'input/not-found';
    for (const [inputs, titles] of [
      [
        ['x', 'a.txt', 'd.txt'],
        [good, good],
      ],
      [
        ['a.txt', 'x', 'd.txt'],
        [good, good],
      ],
      [
        ['a.txt', 'd.txt', 'x'],
        [good, good],
      ],
      [['x', 'a.txt'], [good]],
    ] as const)
      expect(await read(...inputs)).toMatchObject({ status: 1, titles, codes: [missing] });
    expect(await read('x', 'y', 'z')).toEqual({
      status: 1,
      stdout: '[]\n',
      titles: [],
      codes: [missing, missing, missing],
    });
    expect(await read('a.txt', 'd.txt')).toMatchObject({ status: 0, titles: [good, good], codes: [] });
    const alone = await vacancy(['parse', 'x', '-f', 'jsonld']);
    expect([alone.status, alone.stdout, alone.stderr.includes(missing)]).toEqual([1, '', true]);
  });

  test('with --redact has no person in it', async () => {
    const people = new Set<string>();
    for (const { status, vacancy: stated } of batch.rows)
      if (status === 'ok')
        for (const { name, email, phone } of (stated?.contacts ?? []) as Node[])
          for (const words of [name, email, phone])
            if (typeof words === 'string' && !/Team|Desk/.test(words)) people.add(words);
    const args = ['parse', `${ROOT}fixtures/adverts`, '-f', 'jsonld', '-q'];
    const whole = (await vacancy(args)).stdout;
    const { stdout } = await vacancy([...args, '--redact']);
    expect(JSON.parse(stdout).length).toBe(JSON.parse(whole).length);
    const inside = [...people].filter((words) => whole.includes(words));
    expect(inside.length).toBeGreaterThan(15);
    expect(inside.filter((words) => stdout.includes(words))).toEqual([]);
    expect(stdout).not.toMatch(/[\w.]@[\w.]/);
    expect(stdout).toContain('[redacted]');
  });
});

describe('parquet', () => {
  beforeEach(() => writeFileSync('out.parquet', batch.parquet));

  /** A value as DuckDB gives it in JSON: whole numbers as text. */
  const INTEGERS = new Set(['start', 'end']);
  const asRead = (value: unknown, isInteger: boolean): unknown => {
    if (Array.isArray(value)) return value.map((each) => asRead(each, isInteger));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asRead(each, INTEGERS.has(key))]));
    return isInteger && typeof value === 'number' ? String(value) : value;
  };

  test.skipIf(DUCKDB === null)('read by DuckDB is the records, value by value', async () => {
    const read = await askDuckDb("select * from 'out.parquet'");
    expect(read.length).toBe(batch.rows.length);
    for (const [index, row] of batch.rows.entries()) {
      const wanted = columns.map(({ name, type }) => [name, asRead(valueFor(row, name), type === 'integer')]);
      expect(read[index]).toEqual(Object.fromEntries(wanted));
    }
  });

  test.skipIf(DUCKDB === null)('has the types that its schema says', async () => {
    const kinds = new Map(
      (await askDuckDb("describe select * from 'out.parquet'")).map(({ column_name, column_type }) => [
        column_name,
        column_type,
      ]),
    );
    expect([...kinds.keys()]).toEqual(columns.map(({ name }) => name));
    const criteria = 'STRUCT("text" VARCHAR, category VARCHAR, "assessedBy" VARCHAR[])[]';
    const plain = (text: unknown) => String(text).replaceAll('"', '');
    for (const [name, type] of [
      ['source_bytes', 'BIGINT'],
      ['pay_min', 'DOUBLE'],
      ['pay_period_stated', 'BOOLEAN'],
      ['pay_spine_points_min', 'BIGINT'],
      ['closing_date', 'DATE'],
      ['contract_end_date', 'DATE'],
      ['closing_time', 'VARCHAR'],
      ['reference', 'VARCHAR'],
      ['pay_band', 'VARCHAR'],
      ['hours_patterns', 'VARCHAR[]'],
      ['criteria_essential', criteria],
      ['contacts', 'STRUCT(name VARCHAR, jobTitle VARCHAR, email VARCHAR, phone VARCHAR)[]'],
      ['warnings', 'STRUCT(code VARCHAR, field VARCHAR, message VARCHAR, start BIGINT, end BIGINT)[]'],
    ] as const)
      expect([name, plain(kinds.get(name))]).toEqual([name, plain(type)]);
    const { fields } = (await vacancy(['schema', 'parquet'])).json();
    expect(fields.map(({ name }: Node) => name)).toEqual([...kinds.keys()]);
  });

  test.skipIf(DUCKDB === null)(
    'has criteria with their category and how they are assessed, as they can be asked for',
    async () => {
      const asked = await askDuckDb(
        `select count(*) as n, count(c.category) as categories, count(*) filter (len(c."assessedBy") > 0) as assessed
       from (select unnest(criteria_essential) as c from 'out.parquet')`,
      );
      const all = batch.rows.flatMap(
        ({ vacancy: stated }) => ((stated?.criteria as { essential: Node[] } | undefined)?.essential ?? []) as Node[],
      );
      const count = (isSo: (item: Node) => boolean) => String(all.filter(isSo).length);
      const [{ n, categories, assessed } = {}] = asked;
      expect([n, categories, assessed]).toEqual([
        count(() => true),
        count(({ category }) => category !== null),
        count(({ assessedBy }) => (assessedBy as string[]).length > 0),
      ]);
      expect([Number(categories) > 50, Number(assessed) > 20]).toEqual([true, true]);
    },
  );

  test('read by hyparquet is the records too', async () => {
    const file = await asyncBufferFromFile('out.parquet');
    const read = await parquetReadObjects({ file });
    const plain = (value: unknown): unknown => {
      if (typeof value === 'bigint') return Number(value);
      if (value instanceof Date) return value.toISOString().slice(0, 10);
      if (Array.isArray(value)) return value.map(plain);
      if (typeof value !== 'object' || value === null) return value ?? null;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
    };
    expect(read.map(plain)).toEqual(
      batch.rows.map((row) => Object.fromEntries(columns.map(({ name }) => [name, valueFor(row, name)]))),
    );
  });

  test.skipIf(DUCKDB === null)(
    'of more than a thousand records has several row groups, in the order of the inputs',
    async () => {
      mkdirSync('in');
      const many = 2_050;
      for (let index = 0; index < many; index++)
        writeFileSync(
          `in/${10_000 + index}.txt`,
          `Cook ${index}\n\nSalary: £${(12 + index / 100).toFixed(2)} per hour\n`,
        );
      const { status } = await vacancy(['parse', 'in', '-q', '-f', 'parquet', '-o', 'many.parquet']);
      const { row_groups: groups } = await parquetMetadataAsync(await asyncBufferFromFile('many.parquet'));
      expect([status, groups.map(({ num_rows }) => Number(num_rows))]).toEqual([0, [1000, 1000, 50]]);
      const read = await askDuckDb("select source_path, pay_min from 'many.parquet'");
      expect(read).toEqual(
        Array.from({ length: many }, (_, index) => ({
          source_path: `in/${10_000 + index}.txt`,
          pay_min: Number((12 + index / 100).toFixed(2)),
        })),
      );
    },
    90_000,
  );

  test.skipIf(DUCKDB === null)('of errors alone has their rows', async () => {
    const { status } = await vacancy(['parse', 'x.txt', 'y.txt', '-q', '-f', 'parquet', '-o', 'none.parquet']);
    const read = await askDuckDb(
      "select source_path, status, error_code, title, criteria_essential, closing_date from 'none.parquet'",
    );
    expect([status, read]).toEqual([
      1,
      ['x.txt', 'y.txt'].map((path) => ({
        source_path: path,
        status: 'error',
        error_code: 'input/not-found',
        title: null,
        criteria_essential: null,
        closing_date: null,
      })),
    ]);
  });

  test.skipIf(DUCKDB === null)('of no row at all is a file that can be read', async () => {
    writeFileSync('a.txt', ADVERT);
    const counts = [];
    for (const shard of ['0/3', '1/3', '2/3']) {
      const args = ['parse', 'a.txt', '-q', '-f', 'parquet', '-o', 'shard.parquet', '--shard', shard];
      expect((await vacancy(args)).status).toBe(0);
      counts.push(...(await askDuckDb("select count(*)::int as n, max(closing_date) as day from 'shard.parquet'")));
    }
    expect(counts.filter(({ n }) => n === 0).length).toBe(2);
  });

  test('to a pipe is the bytes of the file, and the same at one job and at two', async () => {
    cpSync(`${ROOT}fixtures/adverts/plain-prose`, 'in', { recursive: true });
    writeFileSync('in/a.txt', ADVERT);
    await exec('sh', ['-c', '"$0" "$1" parse in -q -f parquet | cat > piped', process.execPath, BIN], { cwd: dir });
    await vacancy(['parse', 'in', '-q', '-f', 'parquet', '-j', '1', '-o', 'one']);
    await vacancy(['parse', 'in', '-q', '-f', 'parquet', '-j', '2', '-o', 'two']);
    const [piped, one, two] = ['piped', 'one', 'two'].map((name) => readFileSync(name));
    expect(piped?.equals(one ?? Buffer.alloc(0))).toBe(true);
    expect(two?.equals(one ?? Buffer.alloc(0))).toBe(true);
    expect(piped?.subarray(0, 4).toString()).toBe('PAR1');
  });

  test('is not printed to a terminal', async () => {
    writeFileSync('a.txt', ADVERT);
    const { status, stdout, stderr } = await vacancy(['parse', 'a.txt', '-f', 'parquet'], { printsToTerminal: true });
    expect([status, stdout, stderr.includes('-o')]).toEqual([2, '', true]);
    expect((await vacancy(['parse', 'a.txt', '-f', 'parquet'])).bytes.subarray(0, 4).toString()).toBe('PAR1');
  });

  test('that is stopped leaves nothing', async () => {
    mkdirSync('in');
    for (let index = 0; index < 14; index++) {
      mkdirSync(`in/${10 + index}`);
      writeFileSync(`in/${10 + index}/slow.txt`, ADVERT);
    }
    const signals = new EventEmitter();
    const running = vacancy(['parse', 'in', '-q', '-j', '2', '-f', 'parquet', '-o', 'cut.parquet'], {
      worker: MOCK,
      signals,
    });
    await until(() => existsSync('cut.parquet.partial'));
    await wait(300);
    signals.emit('SIGINT', 'SIGINT');
    expect((await running).status).toBe(130);
    expect(readdirSync('.').filter((name) => name.startsWith('cut'))).toEqual([]);
  });
});
