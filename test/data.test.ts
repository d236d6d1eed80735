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

const TABLES = ['agenda-for-change', 'high-cost-area', 'njc-points', 'teachers', 'civil-service', 'minimum-wage'];

test.each(TABLES)('%s goes forward in time, and says how each figure was come by', (name) => {
  const table = load(`${name}.json`);
  const years: { from: string; nation?: string }[] = table.years ?? table.rates;
  for (const nation of new Set(years.map((year) => year.nation))) {
    const days = years.filter((year) => year.nation === nation).map(({ from }) => from);
    expect(days).toEqual([...days].sort());
  }
  const states = [...JSON.stringify(table).matchAll(/"\w*[sS]tatus":"(\w+)"/g)].map((match) => match[1]);
  expect(states.length).toBeGreaterThanOrEqual(years.length);
  for (const state of states) expect(['found', 'derived', 'memory']).toContain(state);
});

test('the spine points rise from point to point and from year to year', () => {
  const { years } = load('njc-points.json') as { years: { from: string; points: Record<string, number> }[] };
  for (const [index, { from, points }] of years.entries()) {
    const sums = Object.entries(points)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, sum]) => sum);
    expect(sums, from).toEqual([...sums].sort((a, b) => a - b));
    for (const [point, sum] of Object.entries(years[index + 1]?.points ?? {}))
      if (points[point] !== undefined) expect(sum, `${from} SCP ${point}`).toBeGreaterThan(points[point]);
  }
});

test('the supplement of a high-cost area grows with its zone, and the minimum wage with the years', () => {
  for (const { from, zones } of load('high-cost-area.json').years) {
    expect(zones.inner.min, from).toBeGreaterThan(zones.outer.min);
    expect(zones.outer.min, from).toBeGreaterThan(zones.fringe.min);
    for (const { min, max } of Object.values(zones) as { min: number; max: number }[]) expect(min).toBeLessThan(max);
  }
  const { rates } = load('minimum-wage.json') as { rates: { from: string; to: string; adult: number }[] };
  for (const [index, { to, adult }] of rates.entries()) {
    const next = rates[index + 1];
    if (next === undefined) continue;
    expect(next.adult).toBeGreaterThanOrEqual(adult);
    expect(Date.parse(next.from) - Date.parse(to)).toBe(86_400_000);
  }
});
