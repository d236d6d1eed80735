// A run that is killed at random moments and resumed, to a file and to a folder: the bytes of an undisturbed run, no half
// file, no stray file, no process left behind.
//   npm run kills [-- KILLS [INPUTS]]     (20 and 600)
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { makeMix } from './mix.mjs';

const BIN = new URL('../bin/vacancy.js', import.meta.url).pathname;
const [kills, inputs] = [Number(process.argv[2] ?? 20), Number(process.argv[3] ?? 600)];
const dir = mkdtempSync(`${tmpdir()}/vacancy-kills-`);
const mark = randomUUID();
let wrong = 0;
const check = (isSo, words) => {
  if (!isSo) wrong++;
  process.stdout.write(`${isSo ? 'ok   ' : 'WRONG'} ${words}\n`);
};

/** Runs the command line; killed after so many milliseconds, if any. The exit status, or null. */
function run(args, killAfter) {
  const child = spawn(process.execPath, [BIN, 'parse', 'in', '-j', '2', '--timeout', '3', '-q', ...args], {
    cwd: dir,
    stdio: 'ignore',
    env: { ...process.env, VACANCY_TEST_MARK: mark },
  });
  if (killAfter !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) => child.on('close', resolve));
}

/** Processes of this test that are alive, by what stands in their environment. */
function alive() {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  });
}

const tree = (folder) =>
  readdirSync(`${dir}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(`${dir}/${folder}/`.length))
    .sort();
const digest = (file) =>
  createHash('sha256')
    .update(readFileSync(`${dir}/${file}`))
    .digest('hex');

try {
  makeMix(`${dir}/in`, inputs);
  const started = Date.now();
  await run(['-o', 'whole.ndjson']);
  const whole = Date.now() - started;
  await run(['-d', 'whole']);
  process.stdout.write(`${inputs} inputs, undisturbed in ${(whole / 1000).toFixed(1)} s\n`);
  for (const [name, args] of [
    ['-o', ['-o', 'out.ndjson', '--resume']],
    ['-d', ['-d', 'out', '--resume']],
  ]) {
    const moments = [];
    let broken = 0;
    let ended = 0;
    for (let kill = 0; kill < kills; kill++) {
      // Most kills fall into a run that does some work; each goes on from the last.
      const moment = Math.round(150 + Math.random() * (whole / kills) * 2.5);
      moments.push(moment);
      if ((await run(args, moment)) !== null) ended++;
      if (name === '-d' && existsSync(`${dir}/out`))
        for (const file of tree('out').filter(
          (each) => each.endsWith('.json') && !each.split('/').at(-1).startsWith('.'),
        ))
          if (digest(`out/${file}`) !== digest(`whole/${file}`)) broken++;
    }
    await wait(1500);
    check(alive().length === 0, `${name}: no process is left of ${kills} killed runs (at ${moments.join(', ')} ms)`);
    check(broken === 0, `${name}: no half file after any of them`);
    const status = await run(args);
    check(
      status === 1,
      `${name}: resumed, it ends with status ${status}; ${ended} of the runs had ended before they were killed`,
    );
    if (name === '-o') {
      check(digest('out.ndjson') === digest('whole.ndjson'), '-o: the bytes of an undisturbed run');
      const beside = readdirSync(dir).filter((file) => file.startsWith('out.ndjson'));
      check(beside.join() === 'out.ndjson', `-o: ${beside.join(', ')} is all that is there`);
    } else {
      const files = tree('out');
      const same = tree('whole').every(
        (file) => existsSync(`${dir}/out/${file}`) && digest(`out/${file}`) === digest(`whole/${file}`),
      );
      check(same, '-d: the bytes of an undisturbed run');
      const extra = files.filter((file) => !existsSync(`${dir}/whole/${file}`));
      check(extra.join() === '.vacancy-journal.ndjson', `-d: ${extra.join(', ')} is all that is there besides`);
    }
  }
  await wait(500);
  check(alive().length === 0, 'no process is left');
} finally {
  rmSync(dir, { recursive: true });
}
process.exitCode = wrong > 0 ? 1 : 0;
