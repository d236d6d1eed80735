// The fuzzing of `npm run fuzz`, in short: the same cases, through the same command, with the same checks.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from '../src/parse.ts';
import { toRecord } from '../src/report/record.ts';
import { makeCase, rebuild } from './fuzz-cases.mjs';
import { faultsAgain, faultsOf, fuzz } from './fuzz-run.mjs';
import { fixtures } from './support.ts';

const dir = mkdtempSync(`${tmpdir()}/vacancy-fuzz-test-`);
afterAll(() => rmSync(dir, { recursive: true }));

test('a hundred and fifty damaged adverts give a record each, and none a fault', async () => {
  const { faults, figures } = await fuzz({ seed: 27, count: 150, keep: `${dir}/faults` });
  expect(faults).toEqual([]);
  expect(existsSync(`${dir}/faults`)).toBe(false);
  expect(figures.records).toBe(150);
  expect(Object.keys(figures.formats).sort()).toEqual(['docx', 'html', 'md', 'pdf', 'txt']);
  expect(figures.again).toBe(15);
  // The damage is such that most of it is read, and some is not.
  expect(figures.ok).toBeGreaterThan(100);
  expect(figures.ok).toBeLessThan(150);
});

test('a case is the same whenever it is made, and another for another seed or number', () => {
  const bytesOf = (seed: number, number: number) => Buffer.from(makeCase(seed, number).bytes).toString('latin1');
  const cases = [bytesOf(1, 0), bytesOf(1, 1), bytesOf(2, 0), bytesOf(2, 1)];
  expect([bytesOf(1, 0), bytesOf(1, 1), bytesOf(2, 0), bytesOf(2, 1)]).toEqual(cases);
  expect(new Set(cases).size).toBe(4);
});

/** What is changed is changed between the two halves of this: damage of its own would be in every case. */
test.each(fixtures().filter(({ folder, file }) => folder === 'adverts' && /\.(?:docx|pdf)$/.test(file)))(
  '$slug/$file taken apart and put together again is read as before',
  async ({ file, bytes }) => {
    const again = rebuild(file.split('.').at(-1), Buffer.from(bytes));
    expect(Buffer.compare(again, bytes)).not.toBe(0);
    const [before, after] = [await parse(bytes, file), await parse(new Uint8Array(again), file)];
    expect(after.document.text).toBe(before.document.text);
    expect(after.vacancy).toEqual(before.vacancy);
  },
);

describe('the checks see', () => {
  const SOURCE = { path: 'in/1.txt', format: 'txt', bytes: 9, sha256: null, pages: null, encoding: 'utf-8' } as const;
  const ADVERT = 'Night Porter\n\nSalary: £25,760 a year\nClosing date: 3 May 2027\nLocation: Leeds\n';
  // biome-ignore lint/suspicious/noExplicitAny: it is spoilt below
  const make = async (): Promise<any> => JSON.parse(JSON.stringify(toRecord(SOURCE, await read(), true)));
  const read = () => parse(new Uint8Array(Buffer.from(ADVERT)), '1.txt');
  const check = (record: unknown) => faultsOf(JSON.stringify(record), 'in/1.txt').join('; ');

  test('nothing where nothing is wrong', async () => {
    const record = await make();
    expect(record.vacancy.closingDate).toBe('2027-05-03');
    expect(check(record)).toBe('');
  });

  // biome-ignore lint/suspicious/noExplicitAny: as above
  const SPOILT: readonly (readonly [string, (record: any) => void, RegExp])[] = [
    ['another input', (record) => (record.source.path = 'in/2.txt'), /^the record is of in\/2/],
    ['a key that no record has', (record) => (record.vacancy.more = 1), /^against the schema/],
    ['a value of another type', (record) => (record.vacancy.pay.min = '25760'), /^against the schema/],
    ['half a character', (record) => (record.vacancy.title = 'Night \ud83d'), /^\/vacancy\/title holds half/],
    ['a control', (record) => (record.vacancy.title = 'Night \x9b31m'), /^\/vacancy\/title holds a control/],
    ['a mark of direction', (record) => (record.vacancy.title = '\u2066Night'), /^\/vacancy\/title holds a control/],
    ['a value without words', (record) => delete record.evidence['/closingDate'], /^no words behind \/closingDate/],
    ['a value with an empty list of them', (record) => (record.evidence['/title'] = []), /^no quote/],
    ['a quote of space', (record) => (record.evidence['/title'][0].quote = ' '), /^no quote/],
    ['no evidence', (record) => delete record.evidence, /^no evidence/],
  ];

  test.each(SPOILT)('%s', async (_, spoil, words) => {
    const record = await make();
    spoil(record);
    expect(check(record)).toMatch(words);
  });

  test.each(['internal/unexpected', 'worker/crashed', 'worker/out-of-memory', 'input/timeout', 'input/odd'])(
    'the code %s',
    (code) => {
      const error = { code, message: 'a', hint: 'b' };
      expect(check({ schemaVersion: 1, status: 'error', source: SOURCE, error })).toContain(code);
    },
  );

  test('what is no JSON', () => expect(faultsOf('{"schemaVersion":', 'in/1.txt')).toHaveLength(1));

  test('a quote that does not stand in the text, another line, another record', async () => {
    const record = await make();
    const line = JSON.stringify(record);
    const { text } = (await read()).document;
    expect(faultsAgain(line, { text, record })).toEqual([]);
    expect(faultsAgain(line, { text: `${text.slice(0, 15)} ${text.slice(15)}`, record }).join()).toMatch(/stand there/);
    expect(faultsAgain(line, { text: text.replace('\n', ' '), record }).join()).toMatch(/is not on line/);
    const other = { ...record, vacancy: { ...record.vacancy, title: null } };
    expect(faultsAgain(line, { text, record: other })).toEqual(['the library gives another record']);
    expect(faultsAgain(line, { code: 'input/empty' })).toHaveLength(1);
    expect(faultsAgain(line, { thrown: 'TypeError' })).toHaveLength(1);
    expect(faultsAgain(line, undefined)).toHaveLength(1);
  });
});
