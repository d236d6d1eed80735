import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { hasCorpus, ROOT, SHARED, vacancy } from './support.ts';

const exec = promisify(execFile);

interface Score {
  readonly micro: number;
  readonly macro: number;
  readonly wrongList: number;
  readonly notWhole: number;
  readonly missing: number;
  readonly rows: readonly { field: string; said: number; right: number }[];
}

async function score(documents: string, gold: string): Promise<Score> {
  const folder = mkdtempSync(`${tmpdir()}/vacancy-score-`);
  try {
    writeFileSync(
      `${folder}/out.ndjson`,
      (await vacancy(['parse', `${SHARED}/${documents}`, '-q', '-f', 'ndjson'])).stdout,
    );
    return JSON.parse(
      (
        await exec(process.execPath, [
          `${SHARED}/eval/score.mjs`,
          `${SHARED}/${gold}`,
          `${folder}/out.ndjson`,
          '--json',
        ])
      ).stdout,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// The real documents are not part of the project: these run where a checkout has them beside it, in ../shared.
describe.skipIf(!hasCorpus)('the corpus', () => {
  test('the five seed adverts', async () => {
    const got = await score('corpus/seeds', 'eval/seeds.gold');
    expect(got.macro).toBeGreaterThanOrEqual(0.97);
    expect([got.wrongList, got.notWhole, got.missing]).toEqual([0, 0, 0]);
    const firm = got.rows.filter(({ field }) => /^(?:pay\.(?:min|max)|closingDate|dbs\.(?:status|level))$/.test(field));
    expect(firm.filter(({ said, right }) => said !== right)).toEqual([]);
  });

  test('the adverts written for testing', async () => {
    const got = await score('corpus/authored', 'corpus/authored');
    expect(got.micro).toBeGreaterThanOrEqual(0.97);
    expect([got.wrongList, got.missing]).toEqual([0, 0]);
  });

  test('the real documents', async () => {
    const got = await score('corpus/real', 'corpus/real');
    expect(got.micro).toBeGreaterThanOrEqual(0.95);
    expect([got.wrongList, got.missing]).toEqual([0, 0]);
  });

  test('each hostile file but the bomb gives a record or a coded error', async () => {
    const files = readdirSync(`${SHARED}/corpus/broken`).filter(
      (file) => /\.(?:pdf|docx|docm)$/.test(file) && !file.includes('bomb'),
    );
    expect(files.length).toBeGreaterThan(50);
    // The command itself, in a process of its own: pdf.js leaves rejected promises behind on some of these.
    const child = exec(
      process.execPath,
      [`${ROOT}bin/vacancy.js`, 'parse', '-q', ...files.map((file) => `${SHARED}/corpus/broken/${file}`)],
      { maxBuffer: 2 ** 28 },
    );
    const { stdout, code } = await child.then(
      (done) => ({ ...done, code: 0 }),
      (failed: { stdout: string; code: number }) => failed,
    );
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, records.length]).toEqual([1, files.length]);
    expect(records.filter(({ status, error }) => status === 'error' && error.code === 'internal/unexpected')).toEqual(
      [],
    );
  });
});
