// GNU parallel over ssh to two hosts, one of which loses its power half-way and comes back: the commands of the README, and
// at the end, byte for byte, what one undisturbed run gives.
//   npm run parallel-kills [-- INPUTS]     (20,000)
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startHosts } from './hosts.mjs';
import { makeMix } from './mix.mjs';

const exec = promisify(execFile);
const BIN = new URL('../bin/vacancy.js', import.meta.url).pathname;
const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const inputs = Number(process.argv[2] ?? 20_000);
const dir = mkdtempSync(`${tmpdir()}/vacancy-parallel-`);
let wrong = 0;
const check = (isSo, words) => {
  if (!isSo) wrong++;
  process.stdout.write(`${isSo ? 'ok   ' : 'WRONG'} ${words}\n`);
};
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;
const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

let hosts;
try {
  const hostile = makeMix(`${dir}/adverts`, inputs);
  // The limits of a loaded machine: what is slow is slow for every run.
  writeFileSync(`${dir}/vacancy`, `#!/bin/sh\nexec ${process.execPath} ${BIN} "$@" --timeout 5 --max-memory 4096\n`);
  chmodSync(`${dir}/vacancy`, 0o755);
  const path = `${dir}:${process.env.PATH}`;
  hosts = await startHosts(`${dir}/keys`, ['one', 'two'], path);
  writeFileSync(`${dir}/hosts`, 'one\ntwo\n');
  const env = { ...process.env, PATH: path, PARALLEL_HOME: `${dir}/parallel`, PARALLEL_SSH: `ssh -F ${hosts.config}` };
  const [, recipe] = /^```sh parallel\n([\s\S]*?)^```$/m.exec(README);
  let began = Date.now();
  let isOver = false;
  const child = spawn('bash', ['-ec', recipe], { cwd: dir, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const first = new Promise((resolve) => child.once('close', resolve));
  void first.then(() => {
    isOver = true;
  });
  const done = () => {
    try {
      return readdirSync(`${dir}/records`).filter((name) => name.endsWith('.ndjson')).length;
    } catch {
      return 0;
    }
  };
  const lists = () => readdirSync(`${dir}/lists`).length;
  while (!isOver && (done() === 0 || done() < lists() / 2)) await wait(100);
  hosts.kill('two');
  process.stdout.write(`     a host was killed after ${done()} of ${lists()} lists, ${seconds(began)}\n`);
  check(!isOver, 'half-way');
  await wait(3_000);
  // Whoever led the work dies too. What the other host had in hand goes on there, and nobody knows.
  process.kill(-child.pid, 'SIGKILL');
  await first;
  await hosts.start('two');
  const atStart = done();
  const again = await exec('bash', ['-ec', recipe], { cwd: dir, env, maxBuffer: 2 ** 26 }).catch((failed) => failed);
  check(
    again.code === undefined,
    `the same commands again end well, after ${seconds(began)}, ${atStart} lists were there`,
  );
  if (again.code !== undefined) process.stdout.write(`${said}${again.stderr}\n`);
  const strays = readdirSync(`${dir}/records`).filter((name) => !/^\d+\.ndjson$/.test(name));
  check(strays.length === 0, `no stray file, but for ${strays.join(', ') || 'none'}`);
  began = Date.now();
  await exec(
    `${dir}/vacancy`,
    ['parse', '--files-from', 'inputs.txt', '-q', '-o', 'whole.ndjson', '--fail-on', 'never'],
    {
      cwd: dir,
    },
  );
  process.stdout.write(`     ${inputs} inputs, ${hostile.size} of them hostile: undisturbed in ${seconds(began)}\n`);
  check(digest(`${dir}/adverts.ndjson`) === digest(`${dir}/whole.ndjson`), 'the bytes of the undisturbed run');
} finally {
  hosts?.end();
  rmSync(dir, { recursive: true });
}
process.exitCode = wrong > 0 ? 1 : 0;
