import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Block, textBlocksOf } from '../src/model/document.ts';
import { type Parsed, parse } from '../src/parse.ts';
import { toRecord } from '../src/report/record.ts';
import { recordJsonSchema, type Source } from '../src/vacancy.ts';
import { fixtures } from './support.ts';

const SOURCE: Source = { path: 'advert', format: null, bytes: null, sha256: null, pages: null, encoding: null };
const validate = new Ajv2020({ strict: false, formats: { date: /^\d{4}-\d\d-\d\d$/ } }).compile(
  recordJsonSchema() as object,
);

/** Every value inside a vacancy that is not null, with its pointer; list items with a mark. */
function leaves(value: unknown, pointer = ''): { pointer: string; isItem: boolean }[] {
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

function hasEvidence(evidence: Record<string, unknown>, pointer: string): boolean {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (at in evidence) return true;
  return false;
}

describe.each(fixtures())('$slug/$file', ({ file, bytes }) => {
  let parsed: Parsed;
  let record: ReturnType<typeof toRecord>;
  beforeAll(async () => {
    parsed = await parse(bytes, file);
    record = toRecord(SOURCE, parsed, true);
  });

  test('is a record as the published schema has it', () => {
    expect(validate(JSON.parse(JSON.stringify(record))), JSON.stringify(validate.errors)).toBe(true);
  });

  test('has words behind every value, and quotes that are slices of the text', () => {
    if (record.status !== 'ok' || record.evidence === undefined) throw new Error('no evidence');
    const { evidence, vacancy } = record;
    const bare = leaves(vacancy).filter(({ pointer, isItem }) =>
      isItem ? !(pointer in evidence) : !hasEvidence(evidence, pointer),
    );
    expect(bare).toEqual([]);
    for (const list of Object.values(evidence)) {
      expect(list.length).toBeGreaterThan(0);
      for (const { start, end, quote, line } of list) {
        expect(quote).toBe(parsed.document.text.slice(start, end));
        expect(quote?.trim()).not.toBe('');
        expect(quote?.trim()).toBe(quote);
        expect(parsed.document.text.slice(0, start).split('\n').length).toBe(line);
      }
      expect([...list].sort((a, b) => a.start - b.start)).toEqual(list);
    }
  });

  test('quotes each criterion to the letter', () => {
    if (record.status !== 'ok' || record.evidence === undefined) throw new Error('no evidence');
    const { evidence, vacancy } = record;
    const squash = (text: string) => text.replace(/\s+/g, ' ').trim();
    for (const importance of ['essential', 'desirable', 'unspecified'] as const) {
      for (const [index, { text }] of vacancy.criteria[importance].entries()) {
        const quotes = evidence[`/criteria/${importance}/${index}`] ?? [];
        expect(squash(quotes.map(({ quote }) => quote).join(' '))).toBe(text);
      }
    }
  });

  test('has blocks that ascend, never overlap, and stand where they say', () => {
    let at = 0;
    for (const block of parsed.document.blocks as readonly Block[]) {
      for (const text of textBlocksOf(block)) {
        expect(text.span.start).toBeGreaterThanOrEqual(at);
        expect(parsed.document.text.slice(text.span.start, text.span.end)).toBe(text.text);
        at = text.span.end;
      }
    }
  });

  test('gives the same bytes again', async () => {
    expect(JSON.stringify(toRecord(SOURCE, await parse(bytes, file), true))).toBe(JSON.stringify(record));
  });

  test('gives the same vacancy with other line ends', async () => {
    if (!file.endsWith('.txt') || bytes[0] === 0xff) return;
    const text = Buffer.from(bytes).toString('latin1').replace(/\r\n/g, '\n');
    for (const ends of ['\r\n', '\r', '\n']) {
      const copy = await parse(new Uint8Array(Buffer.from(text.replace(/\n/g, ends), 'latin1')), file);
      expect(copy.vacancy).toEqual(parsed.vacancy);
    }
  });

  test('has warnings in order, each once', () => {
    if (record.status !== 'ok') throw new Error('no record');
    const keys = record.warnings.map(({ code, field, start }) => [start ?? -1, code, field] as const);
    expect([...keys].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0))).toEqual(keys);
    expect(new Set(keys.map(String)).size).toBe(keys.length);
  });
});
