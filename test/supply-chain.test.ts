import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from './support.ts';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
}

const json = (file: string) => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'));
const { dependencies, devDependencies } = json('package.json') as Record<string, Record<string, string>>;
const lock = Object.entries(json('package-lock.json').packages as Record<string, Locked>).filter(
  ([path]) => path !== '',
);
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');

/** What an MIT package may bring along without asking more of its users than notices. */
const LICENCES = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'PSF-2.0',
  '(MIT AND Zlib)',
  '(MIT OR GPL-3.0-or-later)',
]);

function faultsOf([path, entry]: readonly [string, Locked]): string[] {
  const faults: string[] = [];
  if (entry.hasInstallScript) faults.push('runs a script when it is installed');
  if (!LICENCES.has(entry.license ?? '')) faults.push(`is under ${entry.license}`);
  if (!/^sha512-/.test(entry.integrity ?? '')) faults.push('has no digest');
  return faults.map((fault) => `${nameOf(path)} ${fault}`);
}

test('a fault is seen', () => {
  expect(faultsOf(['node_modules/x', { hasInstallScript: true, license: 'GPL-3.0' }])).toEqual([
    'x runs a script when it is installed',
    'x is under GPL-3.0',
    'x has no digest',
  ]);
});

test('what users install runs no script, is under a licence that goes with MIT, and is told by its digest', () => {
  const shipped = lock.filter(([, { dev }]) => dev !== true);
  expect(shipped.length).toBeGreaterThan(20);
  expect(shipped.flatMap(faultsOf)).toEqual([]);
});

test('what developers install runs no script either', () => {
  expect(
    lock.filter(([, { hasInstallScript, optional }]) => hasInstallScript && !optional).map(([path]) => path),
  ).toEqual([]);
});

test('what is reached into is there in the version that it was tried with', () => {
  for (const name of ['pdf-parse', 'mammoth']) expect(dependencies?.[name]).toMatch(/^\d+\.\d+\.\d+$/);
  for (const name of ['@biomejs/biome', 'rolldown', 'recheck', 'scslre'])
    expect(devDependencies?.[name]).toMatch(/^\d+\.\d+\.\d+$/);
  const versions = (name: string) => lock.filter(([path]) => nameOf(path) === name).map(([, { version }]) => version);
  // pdf-parse reaches for this one, and the README's words on its advisories are about it.
  expect(versions('pdfjs-dist')).toEqual(['5.4.296']);
  // CVE-2026-83613 to -83615 are mended in it, and mammoth does not run on 0.9.
  expect(versions('@xmldom/xmldom').every((version) => /^0\.8\.(?:1[5-9]|[2-9]\d)$/.test(version ?? ''))).toBe(true);
});

test('no package is fetched from where the lock file alone says so', () => {
  expect(
    lock.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://')).map(([path]) => path),
  ).toEqual([]);
});
