import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { fixtures, ROOT } from './support.ts';

// A rule looks only at the sentences in which its needle stands. Here it looks at all of them, and must say the same.
type Parse = typeof import('../src/parse.ts')['parse'];

const narrow: Parse = (await import('../src/parse.ts')).parse;
vi.resetModules();
vi.doMock('../src/fields/field.ts', async (original) => {
  const field = await original<typeof import('../src/fields/field.ts')>();
  return { ...field, sentencesWith: field.runningSentences };
});
const wide: Parse = (await import('../src/parse.ts')).parse;
afterAll(() => vi.doUnmock('../src/fields/field.ts'));

const said = readdirSync(`${ROOT}test/cases`).flatMap((file) => {
  const { cases, nothing } = JSON.parse(readFileSync(`${ROOT}test/cases/${file}`, 'utf8')) as {
    cases: { says: string[] }[];
    nothing?: { says: string[] };
  };
  return [...cases.flatMap(({ says }) => says), ...(nothing?.says ?? [])];
});

/** What no case says in those words. */
const MORE = [
  'Interviews will be held w/b Monday.',
  'That Friday w/c 4 May is for interviews.',
  'Apply to us for job Ref0412/AB.',
  'The vacancy may be unpublished ahead of time.',
  'You need NPPV3 and a baseline check.',
  'Engineers on the GOC register are wanted; registration with it is required.',
];

test('the search is mocked: the two are not one', () => expect(narrow).not.toBe(wide));

test('no needle hides what a rule would read', async () => {
  for (const words of [...said, ...MORE]) {
    const bytes = new Uint8Array(Buffer.from(`Care Assistant\n\nThornbeck House Ltd\n\n${words}`));
    const [a, b] = [await narrow(bytes, 'a.txt'), await wide(bytes, 'a.txt')];
    expect({ words, vacancy: a.vacancy, warnings: a.diagnostics }).toEqual({
      words,
      vacancy: b.vacancy,
      warnings: b.diagnostics,
    });
  }
});

test('nor in the text of a fixture', async () => {
  for (const { file, slug, bytes } of fixtures().filter((each) => each.file.endsWith('.txt'))) {
    const [a, b] = [await narrow(bytes, file), await wide(bytes, file)];
    expect({ slug, vacancy: a.vacancy }).toEqual({ slug, vacancy: b.vacancy });
  }
});
