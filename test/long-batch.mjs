// A batch as long as a night's, in short: every input has its record, in order; the bytes are the same at one process and at
// two; each hostile file is named by its code; the memory of the process that leads does not grow.
//   npm run long-batch [-- COUNT]     (10,000)
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { makeMix } from './mix.mjs';

const exec = promisify(execFile);
const BIN = new URL('../bin/vacancy.js', import.meta.url).pathname;
const PROBE = new URL('memory-probe.cjs', import.meta.url).pathname;
const count = Number(process.argv[2] ?? 10_000);
const dir = mkdtempSync(`${tmpdir()}/vacancy-long-`);
const wrong = [];
const check = (isSo, words) => {
  if (!isSo) wrong.push(words);
  process.stdout.write(`${isSo ? 'ok   ' : 'WRONG'} ${words}\n`);
};

try {
  const hostile = makeMix(`${dir}/in`, count);
  const names = readdirSync(`${dir}/in`, { recursive: true })
    .filter((name) => name.includes('/'))
    .sort();
  for (const jobs of [1, 2]) {
    const out = `${dir}/out-${jobs}`;
    const env = {
      ...process.env,
      MEMORY_PROBE: `${dir}/memory`,
      MEMORY_PROBE_AT: '1000',
      MEMORY_PROBE_JOURNAL: `${out}.journal`,
    };
    const started = Date.now();
    const args = [
      '--expose-gc',
      '-r',
      PROBE,
      BIN,
      'parse',
      'in',
      '-j',
      String(jobs),
      '--timeout',
      '3',
      '--max-memory',
      '2048',
      '-o',
      out,
    ];
    const { code, stderr } = await exec(process.execPath, args, { cwd: dir, env, maxBuffer: 2 ** 28 }).catch(
      (failed) => failed,
    );
    const seconds = (Date.now() - started) / 1000;
    process.stdout.write(
      `-j ${jobs}: ${count} inputs in ${seconds.toFixed(0)} s\n${stderr.split('\n').slice(-4).join('\n')}`,
    );
    check(code === 1, `-j ${jobs}: exit status 1, for some input failed`);
    const { early, end } = JSON.parse(readFileSync(`${dir}/memory`, 'utf8'));
    const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
    check(
      Math.abs(end / early - 1) <= 0.2,
      `-j ${jobs}: live memory of the parent ${mib(early)} after 1,000 records, ${mib(end)} at the end (${(end / early).toFixed(3)})`,
    );
    check(
      !existsSync(`${out}.partial`) && !existsSync(`${out}.journal`),
      `-j ${jobs}: nothing is left beside the output`,
    );
  }
  let index = 0;
  let inOrder = 0;
  const unnamed = new Map(hostile);
  const unexpected = [];
  for await (const line of createInterface({ input: createReadStream(`${dir}/out-2`) })) {
    const record = JSON.parse(line);
    if (record.source.path === `in/${names[index]}`) inOrder++;
    const name = record.source.path.slice('in/'.length);
    const code = record.error?.code;
    if (hostile.get(name)?.includes(code)) unnamed.delete(name);
    else if (code !== undefined) unexpected.push(`${name}: ${code}`);
    index++;
  }
  check(index === count && inOrder === count, `${index} records for ${count} inputs, ${inOrder} at their place`);
  check(
    unnamed.size === 0,
    `${hostile.size} hostile files are named by their codes, but for ${[...unnamed.keys()].join(', ') || 'none'}`,
  );
  check(unexpected.length === 0, `no other file failed, but for ${unexpected.slice(0, 5).join(', ') || 'none'}`);
  const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
  check(digest(`${dir}/out-1`) === digest(`${dir}/out-2`), '-j 1 and -j 2 give equal bytes');
} finally {
  rmSync(dir, { recursive: true });
}
process.exitCode = wrong.length > 0 ? 1 : 0;
