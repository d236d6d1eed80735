import { describe, expect, test } from 'vitest';
import { parse } from '../src/parse.ts';
import { expected, fixtures } from './support.ts';

// One truth, several routes: each advert as text, PDF and Word gives the one record that was written by hand.
describe.each(fixtures())('$slug/$file', ({ slug, file, bytes }) => {
  test('gives the expected vacancy and no other warnings', async () => {
    const { vacancy, diagnostics } = await parse(bytes, file);
    const want = expected(slug);
    expect(vacancy).toEqual(want.vacancy);
    expect([...new Set(diagnostics.map(({ code }) => code))].sort()).toEqual(want.warnings);
  });
});

test('there are at least ten adverts, most of them in three formats', () => {
  const documents = fixtures();
  const slugs = [...new Set(documents.map(({ slug }) => slug))];
  expect(slugs.length).toBeGreaterThanOrEqual(10);
  expect(
    slugs.filter((slug) => documents.filter((each) => each.slug === slug).length === 3).length,
  ).toBeGreaterThanOrEqual(9);
});
