import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, readDocument } from '../src/parse.ts';
import { expected, fixtures, ROOT } from './support.ts';

// One truth, several routes: each advert gives, in every format, the one record that was written by hand.
describe.each(fixtures())('$folder/$slug/$file', ({ folder, slug, file, bytes }) => {
  test('gives the expected vacancy and no other warnings', async () => {
    const { vacancy, diagnostics } = await parse(bytes, file);
    const want = expected(folder, slug);
    expect(vacancy).toEqual(want.vacancy);
    expect([...new Set(diagnostics.map(({ code }) => code))].sort()).toEqual(want.warnings);
  });
});

const slugsWith = (folder: string, ...files: readonly string[]) => {
  const documents = fixtures().filter((each) => each.folder === folder);
  const slugs = [...new Set(documents.map(({ slug }) => slug))];
  return slugs.filter((slug) =>
    files.every((file) => documents.some((each) => each.slug === slug && each.file === file)),
  );
};

test('there are at least ten adverts, nine of them as text, PDF and Word, five as a page and three as Markdown', () => {
  expect(slugsWith('adverts').length).toBeGreaterThanOrEqual(10);
  expect(slugsWith('adverts', 'advert.txt', 'advert.pdf', 'advert.docx').length).toBeGreaterThanOrEqual(9);
  expect(slugsWith('adverts', 'advert.html').length).toBeGreaterThanOrEqual(5);
  expect(slugsWith('adverts', 'advert.md').length).toBeGreaterThanOrEqual(3);
});

describe('person-specification tables', () => {
  test('each of the twelve layouts is there with rules, without, in Word and as text', () => {
    const letters = slugsWith('tables', 'ruled.pdf', 'unruled.pdf', 'advert.docx', 'advert.txt').map((slug) => slug[0]);
    expect(letters).toEqual([...'abcdefghijkl']);
  });

  interface Lists {
    readonly criteria: Record<string, readonly { readonly text: string }[]>;
  }
  const entries = ({ criteria }: Lists) =>
    Object.entries(criteria).flatMap(([list, items]) => items.map(({ text }) => ({ list, text })));

  // The pair of numbers of each table: criteria right, and criteria in the wrong list.
  test.each(fixtures().filter(({ folder }) => folder === 'tables'))('$slug/$file', async ({ slug, file, bytes }) => {
    const want = entries(expected('tables', slug).vacancy as Lists);
    const got = entries((await parse(bytes, file)).vacancy);
    const right = got.filter((each) => want.some(({ list, text }) => list === each.list && text === each.text));
    const wrongList = got.filter((each) => want.some(({ list, text }) => list !== each.list && text === each.text));
    expect({ right: right.length, wrongList: wrongList.length }).toEqual({ right: want.length, wrongList: 0 });
  });
});

describe('a page is read as a person reads it aloud', () => {
  /** Words in order, without the marks that stand between them. */
  const wordsOf = (text: string) =>
    text
      .toLowerCase()
      .replace(/[’‘]/g, "'")
      .split(/\s+/)
      .map((word) => word.replace(/^[^\p{L}\p{N}£]+|[^\p{L}\p{N}]+$/gu, ''))
      .filter((word) => word !== '');
  const root = `${ROOT}fixtures/layouts`;
  test.each(readdirSync(root).sort())('%s', async (slug) => {
    const { document } = await readDocument(new Uint8Array(readFileSync(`${root}/${slug}/advert.pdf`)), 'advert.pdf');
    const running = wordsOf(document.text.slice(0, document.blocks.find(({ furniture }) => furniture)?.span.start));
    const asides = wordsOf(document.text).slice(running.length);
    const want = wordsOf(readFileSync(`${root}/${slug}/reading.txt`, 'utf8'));
    expect(running).toEqual(want.slice(0, running.length));
    // What is left is headers and footers: each once, though a page's number may stand beside it.
    expect(want.slice(running.length).filter((word) => !asides.includes(word))).toEqual([]);
    expect(running.length).toBeGreaterThan(want.length * 0.9);
  });
});
