// A queue whose workers are killed every few seconds, whose adding is killed, and whose Redis is killed and started again:
// what is collected is, byte for byte, what one undisturbed run gives, and nothing is left beside it.
//   npm run queue-kills [-- INPUTS [WORKERS]]     (20,000 and 3)
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { makeMix } from './mix.mjs';
import { startRedis } from './redis.mjs';

const BIN = new URL('../bin/vacancy.js', import.meta.url).pathname;
const [inputs, workers] = [Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 3)];
const KILL_EVERY = [2_000, 5_000];
const LIMITS = ['--timeout', '5', '--max-memory', '4096'];
const dir = mkdtempSync(`${tmpdir()}/vacancy-queue-`);
const mark = randomUUID();
let wrong = 0;
const check = (isSo, words) => {
  if (!isSo) wrong++;
  process.stdout.write(`${isSo ? 'ok   ' : 'WRONG'} ${words}\n`);
};
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(0)} s`;
const digest = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Starts the command line; `ended` gives its exit status (null where it was killed) and what it printed. */
function start(args, env, stdin = 'ignore') {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: dir,
    stdio: [stdin, 'pipe', 'pipe'],
    env: { ...process.env, VACANCY_TEST_MARK: mark, ...env },
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'])
    child[name].on('data', (text) => {
      printed[name] = (printed[name] + text).slice(-100_000);
    });
  return { child, ended: new Promise((resolve) => child.on('close', (status) => resolve({ status, ...printed }))) };
}

const alive = () =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false;
    }
  });

let redis;
try {
  const hostile = makeMix(`${dir}/in`, inputs);
  let began = Date.now();
  const whole = await start(['parse', 'in', ...LIMITS, '-q', '-o', 'whole.ndjson']).ended;
  process.stdout.write(`${inputs} inputs, ${hostile.size} of them hostile: undisturbed in ${seconds(began)}\n`);
  check(whole.status === 1, 'vacancy parse: exit status 1, for some input failed');

  redis = await startRedis(`${dir}/redis`);
  const env = { VACANCY_REDIS_URL: redis.url };
  began = Date.now();
  // The names come through a pipe, and the adding is killed when it has half of them.
  const names = readdirSync(`${dir}/in`, { recursive: true })
    .filter((name) => name.includes('/'))
    .sort()
    .map((name) => `in/${name}\n`);
  const add = () => start(['queue', 'add', '--files-from', '-', ...LIMITS], env, 'pipe');
  const adding = add();
  adding.child.stdin.write(names.slice(0, inputs / 2).join(''));
  let atKill = { inputs: 0 };
  while (atKill.inputs < inputs / 10)
    atKill = JSON.parse((await start(['queue', 'status', '-f', 'json'], env).ended).stdout);
  adding.child.kill('SIGKILL');
  await adding.ended;
  await wait(5_500); // the lock of who adds runs out
  const again = add();
  again.child.stdin.end(names.join(''));
  const added = await again.ended;
  check(added.status === 0, `adding was killed after ${atKill.inputs} inputs, and went on: ${added.stderr.trim()}`);

  began = Date.now();
  const running = new Map();
  const run = (name) => {
    const worker = start(['queue', 'work', '-d', 'records', '-j', '1', '-q'], env);
    running.set(name, worker);
  };
  for (let name = 0; name < workers; name++) run(name);
  const status = async () => JSON.parse((await start(['queue', 'status', '-f', 'json'], env).ended).stdout);
  let kills = 0;
  let isRestarted = false;
  for (;;) {
    await wait(KILL_EVERY[0] + Math.random() * (KILL_EVERY[1] - KILL_EVERY[0]));
    const now = await status();
    if (now.done + now.failed_jobs.length >= now.jobs) break;
    if (!isRestarted && now.done > now.jobs / 2) {
      isRestarted = true;
      await redis.restart(3_000);
      process.stdout.write(`     Redis was killed at ${now.done} of ${now.jobs} jobs, and started again after 3 s\n`);
      continue;
    }
    const name = Math.floor(Math.random() * workers);
    running.get(name).child.kill('SIGKILL');
    await running.get(name).ended;
    kills++;
    run(name);
  }
  const took = seconds(began);
  const last = await status();
  check(
    last.inputs === inputs && last.inputs_done === inputs && last.failed_jobs.length === 0,
    `${last.inputs_done} of ${inputs} inputs done in ${took} by ${workers} workers, of which ${kills} were killed; ${last.failed_jobs.length} jobs failed`,
  );
  check(isRestarted, 'Redis was restarted once');
  for (const { child } of running.values()) child.kill('SIGTERM');
  const ends = await Promise.all([...running.values()].map(({ ended }) => ended));
  check(
    ends.every((end) => end.status === 143),
    `the workers end when they are told: ${ends.map((end) => end.status).join(', ')}`,
  );
  began = Date.now();
  const collected = await start(['queue', 'collect', '-o', 'out.ndjson'], env).ended;
  check(collected.status === 1, `collected in ${seconds(began)}: ${collected.stderr.trim()}`);
  check(digest(`${dir}/out.ndjson`) === digest(`${dir}/whole.ndjson`), 'the bytes of the undisturbed run');
  const strays = readdirSync(`${dir}/records`, { recursive: true }).filter((name) => name.includes('.partial'));
  process.stdout.write(`     half-written by killed workers, and not an hour old yet: ${strays.length}\n`);
  await wait(500);
  check(alive().length === 0, 'no process is left');
} finally {
  await redis?.kill();
  rmSync(dir, { recursive: true });
}
process.exitCode = wrong > 0 ? 1 : 0;
