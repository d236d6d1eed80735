import { readFileSync } from 'node:fs';
import { analyse } from 'scslre';
import { expect, test } from 'vitest';
import { hashOf, patternsOfProgram } from './patterns.mjs';
import { ROOT } from './support.ts';

// Once: a program that is loaded already makes no patterns.
const all = await patternsOfProgram();

const reports = (pattern: RegExp) => analyse(pattern, { maxReports: 3 }).reports;

test('the linter knows a super-linear pattern when it sees one', () => {
  expect(reports(/(?:a|b)*(?:b|c)*d$/)).not.toEqual([]);
  expect(reports(/\s+$/)).not.toEqual([]);
});

test('no regular expression takes more than linear time', { timeout: 120_000 }, () => {
  expect(all.length).toBeGreaterThan(600);
  const wrong = all.filter(({ pattern }) => reports(pattern).length > 0).map(({ pattern }) => String(pattern));
  expect(wrong).toEqual([]);
});

// recheck takes minutes for all patterns, so it is asked beforehand. The list says what it said: the patterns that it does
// not call linear, with measurements, and a hash of each of the others. A pattern that is new or changed is in neither.
test('recheck was asked about every regular expression, and what it flags was measured', () => {
  const list = JSON.parse(readFileSync(`${ROOT}test/polynomial.json`, 'utf8')) as {
    flagged: ({ pattern: string } & Record<
      'alone' | 'line' | 'lines',
      { megabytes: number; ratio: number | null } | null
    >)[];
    linear: Record<string, string>;
  };
  const names = all.map(({ pattern }) => String(pattern));
  const linear = new Set(Object.values(list.linear).flatMap((hashes) => hashes.split(' ')));
  const flagged = new Set(list.flagged.map(({ pattern }) => pattern));
  const unknown = names.filter((pattern) => !flagged.has(pattern) && !linear.has(hashOf(pattern)));
  expect(unknown, 'new or changed: npm run recheck -- --new --write').toEqual([]);
  const gone = [...flagged].filter((pattern) => !names.includes(pattern));
  expect(gone, 'no longer in the program: npm run recheck -- --new --write').toEqual([]);
  for (const { pattern, alone, line, lines } of list.flagged)
    for (const measured of [alone, line, lines]) {
      expect(measured?.megabytes, pattern).toBe(10); // no measurement where it was cut off
      expect(measured?.ratio ?? 0, pattern).toBeLessThanOrEqual(2.3);
    }
});
