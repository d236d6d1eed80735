// Scores the corpus in ../shared, where it is there: seeds, authored and real, field by field.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const shared = `${root}../shared`;
if (existsSync(`${shared}/eval/score.mjs`)) {
  const folder = mkdtempSync(`${tmpdir()}/vacancy-score-`);
  for (const [name, documents, gold] of [
    ['seeds', 'corpus/seeds', 'eval/seeds.gold'],
    ['authored', 'corpus/authored', 'corpus/authored'],
    ['real', 'corpus/real', 'corpus/real'],
  ]) {
    const records = execFileSync(
      process.execPath,
      [`${root}bin/vacancy.js`, 'parse', `${shared}/${documents}`, '-q', '-f', 'ndjson', '--fail-on', 'never'],
      { maxBuffer: 2 ** 28 },
    );
    writeFileSync(`${folder}/${name}.ndjson`, records);
    process.stdout.write(`\n${name}\n`);
    execFileSync(
      process.execPath,
      [`${shared}/eval/score.mjs`, `${shared}/${gold}`, `${folder}/${name}.ndjson`, ...process.argv.slice(2)],
      { stdio: 'inherit' },
    );
  }
  rmSync(folder, { recursive: true });
} else {
  process.stdout.write('There is no corpus in ../shared: nothing to score.\n');
}
