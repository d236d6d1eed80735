import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DUCKDB, has, ROOT } from './support.ts';

const exec = promisify(execFile);
const readme = readFileSync(`${ROOT}README.md`, 'utf8');
/** The recipes of the README, each as it is printed. */
const recipes = [...readme.matchAll(/^```(sh|yaml|cron) recipe\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({
  kind: kind ?? '',
  text: text ?? '',
}));

/** Debian's, which has Debian's pandas. */
const PYTHON = '/usr/bin/python3';
const hasPandas = spawnSync(PYTHON, ['-c', 'import pandas']).status === 0;

let dir: string;
beforeAll(() => {
  // A clone after `npm ci`, into which the recipes may write.
  dir = mkdtempSync(`${tmpdir()}/vacancy-recipes-`);
  for (const name of ['bin', 'dist', 'fixtures', 'node_modules']) symlinkSync(`${ROOT}${name}`, `${dir}/${name}`);
  // It is built already: npx, which links the package that it stands in, has nothing to run.
  const { scripts: _, ...manifest } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  writeFileSync(`${dir}/package.json`, JSON.stringify(manifest));
  // DuckDB's own command is in no registry here: its library stands in for it.
  mkdirSync(`${dir}/path`);
  const duckdb = `const { DuckDBInstance } = require('${DUCKDB}');
    (async () => {
      const connection = await (await DuckDBInstance.create()).connect();
      const rows = await connection.runAndReadAll(process.argv[3]);
      for (const row of rows.getRowsJson()) console.log(row.join('|'));
    })();`;
  writeFileSync(`${dir}/path/duckdb.cjs`, duckdb);
  writeFileSync(`${dir}/path/duckdb`, `#!/bin/sh\nexec node ${dir}/path/duckdb.cjs "$@"\n`);
  chmodSync(`${dir}/path/duckdb`, 0o755);
  if (hasPandas) symlinkSync(PYTHON, `${dir}/path/python3`);
});
afterAll(() => rmSync(dir, { recursive: true }));

async function runs(line: string): Promise<string> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')); // not those of whoever runs the tests
  const env = { ...Object.fromEntries(own), npm_config_cache: `${dir}/npm`, PATH: `${dir}/path:${process.env.PATH}` };
  return (await exec('bash', ['-o', 'pipefail', '-ec', line], { cwd: dir, env, maxBuffer: 2 ** 26 })).stdout;
}

const expected: Readonly<Record<string, RegExp>> = {
  jq: /council-pack|nhs-jobs-page[\s\S]*"Volunteers Organiser",26400,"year"/,
  duckdb: /Highly Specialist Pharmacist - Care Homes\|47810[\s\S]*\|2026-12-16/,
  pandas: /ok +37[\s\S]*Volunteers Organiser +26400 +2026-05-11/,
  yaml: /::error file=fixtures\/adverts\/nhs-job-description\/advert\.txt,line=\d+,title=date\/weekday-mismatch::/,
  cron: /^$/,
};

test('there are recipes for jq, DuckDB, pandas, GitHub Actions and cron', () => {
  expect(recipes.map(({ kind }) => kind).sort()).toEqual(['cron', 'sh', 'sh', 'sh', 'yaml']);
});

describe('as it is printed', () => {
  for (const { kind, text } of recipes) {
    const name = kind === 'sh' ? (/\b(jq|duckdb|pandas)\b/.exec(text)?.[1] ?? '') : kind;
    const isThere = { pandas: hasPandas, jq: has('jq'), duckdb: DUCKDB !== null }[name] ?? true;
    test.skipIf(!isThere)(`the recipe for ${name}`, async () => {
      const lines =
        kind === 'yaml'
          ? text
              .slice(text.indexOf('run: |'))
              .split('\n')
              .slice(1)
              .map((line) => line.trim())
              .join('\n')
          : kind === 'cron'
            ? text.replace(/^(?:\S+ ){5}/, '')
            : text;
      const printed = await runs(lines);
      expect(printed).toMatch(expected[name] ?? /^never/);
      if (kind === 'yaml') expect(JSON.parse(readFileSync(`${dir}/adverts.sarif`, 'utf8')).version).toBe('2.1.0');
      if (kind === 'cron') expect(existsSync(`${dir}/records/plain-prose/advert.pdf.json`)).toBe(true);
    });
  }

  test.each(['npx vacancy check', 'npx vacancy report'])('%s', async (command) => {
    const line = readme.split('\n').find((each) => each.startsWith(command)) ?? 'false';
    await runs(line);
  });

  test('the library', async () => {
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    mkdirSync(`${dir}/lib/node_modules`, { recursive: true });
    writeFileSync(`${dir}/lib/package.json`, '{}');
    symlinkSync(ROOT, `${dir}/lib/node_modules/vacancy-parser`);
    symlinkSync(`${ROOT}fixtures/adverts`, `${dir}/lib/adverts`);
    cpSync(`${ROOT}fixtures/adverts/plain-prose/advert.pdf`, `${dir}/lib/advert.pdf`);
    writeFileSync(`${dir}/lib/a.mjs`, code);
    const { stdout } = await exec(process.execPath, ['a.mjs'], { cwd: `${dir}/lib` });
    expect(stdout).toMatch(/^2026-05-11 \[/);
    expect(stdout).toContain('adverts/plain-prose/advert.txt Volunteers Organiser');
  });
});
