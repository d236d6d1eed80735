import { readdirSync, readFileSync } from 'node:fs';
import { type Node, parse } from 'acorn';
import { analyse } from 'scslre';
import { expect, test } from 'vitest';
import { ROOT } from './support.ts';

const dist = `${ROOT}dist`;

/** Every regular expression of the program: those written in its files, and those made while it loads. */
async function patterns(): Promise<RegExp[]> {
  const found = new Map<string, RegExp>();
  const keep = (pattern: RegExp) => found.set(String(pattern), pattern);
  for (const file of readdirSync(dist, { recursive: true }) as string[]) {
    if (file.startsWith('app/')) continue; // the same again, and libraries
    if (!file.endsWith('.js')) continue;
    const tree = parse(readFileSync(`${dist}/${file}`, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' });
    for (const pattern of literals(tree)) keep(pattern);
  }
  const native = globalThis.RegExp;
  globalThis.RegExp = new Proxy(native, {
    construct(target, args, made) {
      const pattern = Reflect.construct(target, args, made);
      keep(pattern);
      return pattern;
    },
  });
  try {
    await import(`${dist}/index.js`);
  } finally {
    globalThis.RegExp = native;
  }
  return [...found.values()];
}

function literals(tree: Node): RegExp[] {
  const found: RegExp[] = [];
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const node = open.pop();
    if (node === null || typeof node !== 'object') continue;
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex !== undefined) found.push(new RegExp(regex.pattern, regex.flags));
    else open.push(...Object.values(node));
  }
  return found;
}

const reports = (pattern: RegExp) => analyse(pattern, { maxReports: 3 }).reports;

test('the linter knows a super-linear pattern when it sees one', () => {
  expect(reports(/(?:a|b)*(?:b|c)*d$/)).not.toEqual([]);
  expect(reports(/\s+$/)).not.toEqual([]);
});

test('no regular expression takes more than linear time', { timeout: 120_000 }, async () => {
  const all = await patterns();
  expect(all.length).toBeGreaterThan(600);
  const wrong = all.filter((pattern) => reports(pattern).length > 0).map(String);
  expect(wrong).toEqual([]);
});
