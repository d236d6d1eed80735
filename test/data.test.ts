import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { foldPhrase } from '../src/normalise/phrases.ts';
import { ROOT } from './support.ts';

const folder = `${ROOT}src/data`;
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const load = (file: string) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));

test.each(files)('%s opens with its source', (file) => {
  expect(Object.keys(load(file))[0]).toBe('source');
  expect(load(file).source.length).toBeGreaterThan(40);
});

function repeated(groups: Record<string, string[]>): string[] {
  const seen = new Map<string, string>();
  return Object.entries(groups).flatMap(([group, phrases]) =>
    phrases.flatMap((phrase) => {
      const other = seen.get(foldPhrase(phrase));
      seen.set(foldPhrase(phrase), group);
      return other === undefined ? [] : [`${phrase}: ${other}, ${group}`];
    }),
  );
}

test('no heading stands under two sections, and no label under two fields', () => {
  expect(repeated(load('section-headings.json').sections)).toEqual([]);
  expect(repeated(load('labels.json').labels)).toEqual([]);
});

test('the pay bands of each year lie within one another as bands do', () => {
  const order = ['2', '3', '4', '5', '6', '7', '8a', '8b', '8c', '8d', '9'];
  for (const { nation, from, bands } of load('agenda-for-change.json').years) {
    const listed = order.filter((band) => bands[band] !== undefined);
    for (const [index, band] of listed.entries()) {
      const [low, high] = bands[band];
      expect(low, `${nation} ${from} band ${band}`).toBeLessThanOrEqual(high);
      const above = bands[listed[index + 1] ?? ''];
      if (above !== undefined) expect(low, `${nation} ${from} band ${band}`).toBeLessThanOrEqual(above[0]);
    }
  }
});
