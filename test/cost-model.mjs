// How long, how much, and what is the bottleneck: a batch of many adverts on N machines over the queue. It measures the cost of
// each kind of input here, and what adding, Redis and collecting cost; it checks the model against one and two real workers, and
// against up to 48 stubs that sleep as long as a document takes; then it simulates machines, with their failures and stragglers.
//   npm run cost-model [-- --adverts 20000000 --processors 8 --price 0.40 --mix txt=10,html=20,pdf=50,docx=20
//                          --machines 1,4,12,48 --fails 200 --slow 0.0001 --storage 200]
// --price is for a machine and an hour, --fails the hours between two failures of one machine, --slow the share of inputs that
// cost their whole time limit of 60 s, --storage the MB/s that all machines together read and write.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { advertFiles, makeMix } from './mix.mjs';
import { startRedis } from './redis.mjs';

const { values } = parseArgs({
  options: {
    adverts: { type: 'string', default: '20000000' },
    processors: { type: 'string', default: '8' },
    price: { type: 'string', default: '0.40' },
    mix: { type: 'string', default: 'txt=10,html=20,pdf=50,docx=20' },
    machines: { type: 'string', default: '1,2,4,8,12,24,48' },
    fails: { type: 'string', default: '200' },
    slow: { type: 'string', default: '0.0001' },
    storage: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const adverts = Number(values.adverts);
const processors = Number(values.processors);
const mix = new Map(values.mix.split(',').map((part) => [part.split('=')[0], Number(part.split('=')[1])]));
const BIN = new URL('../bin/vacancy.js', import.meta.url).pathname;
const MAIN = new URL('../dist/cli/main.js', import.meta.url).href;
const STUB = new URL('stub-worker.mjs', import.meta.url).pathname;
const PER_JOB = 24;
/** Seconds until a machine that died is missed (src/queue/work.ts), and until it is there again. */
const MISSED_AFTER = 25;
const BACK_AFTER = 600;
const dir = mkdtempSync(`${tmpdir()}/vacancy-cost-`);
const print = (text) => process.stdout.write(`${text}\n`);

/** Runs the command; the seconds that it took. */
function run(args, env = {}, worker = null) {
  const code = `import('${MAIN}').then(({ main }) => main(${JSON.stringify(worker)}))`;
  const began = performance.now();
  const child = spawn(process.execPath, worker === null ? [BIN, ...args] : ['-e', code, '--', 'vacancy', ...args], {
    cwd: dir,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) =>
    child.once('close', (status) =>
      status === 0 || status === 1
        ? resolve((performance.now() - began) / 1000)
        : reject(new Error(`${args}: ${status}`)),
    ),
  );
}

/** Seconds of a worker process for an input of each kind, its bytes and those of its record: the difference of two runs. */
async function measureKinds() {
  const kinds = new Map();
  for (const kind of mix.keys()) {
    const files = advertFiles([kind]);
    const time = async (count) => {
      mkdirSync(`${dir}/${kind}-${count}`);
      for (let index = 0; index < count; index++)
        writeFileSync(`${dir}/${kind}-${count}/${index}.${kind}`, files[index % files.length].bytes);
      return run(['parse', `${kind}-${count}`, '-j', '1', '-q', '-o', `${kind}-${count}.ndjson`]);
    };
    const [few, many] = [200, 800];
    const seconds = ((await time(many)) - (await time(few))) / (many - few);
    const bytes = files.reduce((sum, each) => sum + each.bytes.length, 0) / files.length;
    const record = statSync(`${dir}/${kind}-${many}.ndjson`).size / many;
    kinds.set(kind, { seconds, bytes, record, share: mix.get(kind) });
    print(
      `${kind.padEnd(6)} ${(seconds * 1000).toFixed(1).padStart(6)} ms, ${(bytes / 1000).toFixed(0)} kB in, ${(record / 1000).toFixed(1)} kB out`,
    );
  }
  return kinds;
}

const weighted = (kinds, property) => {
  const all = [...kinds.values()];
  const shares = all.reduce((sum, { share }) => sum + share, 0);
  return all.reduce((sum, each) => sum + (each[property] * each.share) / shares, 0);
};

/** What a queue of so many inputs costs, worked by some stubs or real workers. */
async function measureQueue(redis, name, inputs, workers, jobs, stub) {
  const env = { VACANCY_REDIS_URL: redis.url, ...(stub === null ? {} : { VACANCY_STUB: stub }) };
  const client = new Redis(redis.url);
  const info = async (section, field) =>
    Number(new RegExp(`^${field}:([\\d.]+)`, 'm').exec(await client.info(section))?.[1]);
  const cpu = async () => (await info('cpu', 'used_cpu_user')) + (await info('cpu', 'used_cpu_sys'));
  const memory = await info('memory', 'used_memory');
  const add = await run(
    ['queue', 'add', '--files-from', inputs.list, '--queue', name, '-q', '--per-job', String(PER_JOB)],
    env,
  );
  const { id } = JSON.parse(await client.hget(`vacancy-batch:${name}`, 'terms'));
  const busyBefore = await cpu();
  const began = performance.now();
  const work = ['queue', 'work', '-d', 'records', '--queue', name, '-j', String(jobs), '-q'];
  const all = Array.from({ length: workers }, () => run([...work, '--until-done'], env, stub === null ? null : STUB));
  // When it was all done, by the queue's own clock: ends take a while longer.
  const marks = [];
  let isOver = false;
  void Promise.all(all).then(() => {
    isOver = true;
  });
  while (!isOver) {
    const done = await client.hlen(`vacancy-done:${name}:${id}`);
    marks.push({ at: performance.now(), done });
    if (done * PER_JOB >= inputs.count) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const busy = (await cpu()) - busyBefore;
  await Promise.all(all);
  const held = (await info('memory', 'used_memory')) - memory;
  // From the first job's end to the last's: neither the start nor the end of processes counts.
  const first = marks.find(({ done }) => done > 0) ?? { at: began, done: 0 };
  const last = marks.at(-1);
  const rate = ((last.done - first.done) * PER_JOB) / ((last.at - first.at) / 1000);
  const collect = await run(['queue', 'collect', '-o', `${name}.ndjson`, '--queue', name, '-q', '--remove'], env);
  client.disconnect();
  return { add, rate, busy, held, collect };
}

/** A small generator of numbers from 0 to 1 (mulberry32): the same seed, the same simulation. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Processors that become free, the earliest first. */
class Heap {
  #items = [];
  push(item) {
    const items = this.#items;
    let at = items.push(item) - 1;
    for (let above = (at - 1) >> 1; at > 0 && items[above].at > item.at; above = (at - 1) >> 1) {
      items[at] = items[above];
      at = above;
    }
    items[at] = item;
  }
  pop() {
    const items = this.#items;
    const [top] = items;
    const last = items.pop();
    if (items.length === 0) return top;
    let at = 0;
    for (let below = 1; below < items.length; below = 2 * at + 1) {
      if (below + 1 < items.length && items[below + 1].at < items[below].at) below++;
      if (items[below].at >= last.at) break;
      items[at] = items[below];
      at = below;
    }
    items[at] = last;
    return top;
  }
}

/**
 * Machines that work a queue off. Of each processor: a job is taken when Redis and the storage have room for it; its time is that
 * of its inputs, some of which cost their whole limit; a machine that fails loses what it had in hand, which others do again.
 */
function simulate(machines, cost) {
  const next = random(Number(values.seed));
  const jobs = Math.ceil(adverts / PER_JOB);
  const free = new Heap();
  const life = () => -Math.log(1 - next()) * Number(values.fails) * 3600;
  const failsAt = Array.from({ length: machines }, life);
  const downUntil = new Array(machines).fill(0);
  for (let machine = 0; machine < machines; machine++)
    for (let each = 0; each < processors; each++) free.push({ at: next(), machine });
  const again = [];
  let taken = 0;
  let redis = 0;
  let storage = 0;
  let end = 0;
  let failures = 0;
  for (let left = jobs; left > 0; ) {
    const slot = free.pop();
    const { machine } = slot;
    if (slot.at >= failsAt[machine]) {
      failures++;
      downUntil[machine] = failsAt[machine] + BACK_AFTER;
      failsAt[machine] = downUntil[machine] + life();
    }
    if (slot.at < downUntil[machine]) {
      free.push({ at: downUntil[machine], machine });
      continue;
    }
    let from = slot.at;
    if (again.length > 0 && (taken >= jobs || again[0] <= from)) from = Math.max(from, again.shift());
    else if (taken < jobs) taken++;
    else continue; // what is left is in hand elsewhere, and this processor is needed no more
    redis = Math.max(redis, from) + cost.redisPerJob;
    storage = Math.max(storage, from) + cost.storagePerJob;
    // A job's inputs differ, and their sum less so; what costs its limit stands out.
    let seconds = PER_JOB * cost.seconds * (0.75 + 0.5 * next());
    for (let slow = next(); slow < PER_JOB * Number(values.slow); slow += 1) seconds += 60;
    const begin = Math.max(from, redis, storage);
    const done = begin + seconds / cost.efficiency;
    if (done > failsAt[machine]) {
      again.push(failsAt[machine] + MISSED_AFTER);
      again.sort((a, b) => a - b);
      free.push({ at: failsAt[machine], machine });
    } else {
      left--;
      end = Math.max(end, done);
      free.push({ at: done, machine });
    }
  }
  return { end, failures, redisBusy: (jobs * cost.redisPerJob) / end, storageBusy: (jobs * cost.storagePerJob) / end };
}

const hours = (seconds) => (seconds < 5400 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`);

let redis;
try {
  print('cost of an input in one worker process, here');
  const kinds = await measureKinds();
  const seconds = weighted(kinds, 'seconds');
  print(`mix    ${(seconds * 1000).toFixed(1).padStart(6)} ms (${values.mix})\n`);

  // Real workers, on the mixed folder of the long runs without its hostile files.
  redis = await startRedis(`${dir}/redis`);
  makeMix(`${dir}/real`, 2_400);
  const names = readdirSync(`${dir}/real`, { recursive: true })
    .filter((name) => name.includes('/') && !/-(?:empty|cut|rich|slow)\./.test(name))
    .sort()
    .map((name) => `real/${name}\n`);
  const whole = names.slice(0, names.length - (names.length % PER_JOB));
  writeFileSync(`${dir}/real.txt`, whole.join(''));
  const real = { list: 'real.txt', count: whole.length };
  const alone = (await run(['parse', '--files-from', 'real.txt', '-j', '1', '-q', '-o', 'alone'])) / real.count;
  print('the model against real workers (-j 1 each), inputs a second');
  for (const workers of [1, 2]) {
    const { rate } = await measureQueue(redis, `real${workers}`, real, workers, 1, null);
    print(
      `  ${workers}: ${rate.toFixed(1)}, and by one parse process's time ${(workers / alone).toFixed(1)} (${((rate * alone) / workers).toFixed(2)})`,
    );
  }

  // Stubs: what adding, the queue and collecting take, with as many as 48 processes that sleep.
  const record = JSON.parse(readFileSync(`${dir}/pdf-800.ndjson`, 'utf8').split('\n')[0]);
  const sleep = Math.max(1, Math.round(seconds * 1000));
  writeFileSync(`${dir}/stub.json`, JSON.stringify({ milliseconds: sleep, record }));
  print(`\nstubs that sleep ${sleep} ms an input, inputs a second`);
  let cost = null;
  for (const machines of [1, 2, 4, 6]) {
    const count = 4_800 * machines;
    const list = `stub${machines}.txt`;
    writeFileSync(
      `${dir}/${list}`,
      Array.from(
        { length: count },
        (_, index) => `storage/of/a/national/team/2026/${index}/advert-${index}.pdf\n`,
      ).join(''),
    );
    const { add, rate, busy, held, collect } = await measureQueue(
      redis,
      `stub${machines}`,
      { list, count },
      machines,
      8,
      `${dir}/stub.json`,
    );
    const jobs = count / PER_JOB;
    const ideal = (machines * 8 * 1000) / sleep;
    const measured = {
      seconds,
      efficiency: Math.min(1, rate / ideal),
      redisPerJob: busy / jobs,
      memoryPerInput: held / count,
      addPerInput: add / count,
      collectPerInput: collect / count,
    };
    // All stubs share this machine's processors, as machines do not: the first one's efficiency counts. The rest is best known from most.
    cost = { ...measured, efficiency: cost?.efficiency ?? measured.efficiency };
    print(
      `  ${String(machines * 8).padStart(2)} (${machines} × 8): ${rate.toFixed(0)} of ${ideal.toFixed(0)} (${measured.efficiency.toFixed(2)}); ` +
        `added ${(count / add).toFixed(0)}/s, collected ${(count / collect).toFixed(0)}/s; Redis ${(measured.redisPerJob * 1000).toFixed(2)} ms a job, ${(held / count).toFixed(0)} bytes an input`,
    );
  }
  const bytes = weighted(kinds, 'bytes') + 2 * weighted(kinds, 'record');
  cost.storagePerJob = (PER_JOB * bytes) / (Number(values.storage) * 1e6);
  print(
    `\n${adverts.toLocaleString('en-GB')} adverts, machines of ${processors} processors like this one's, £${values.price} an hour each; ` +
      `a machine fails every ${values.fails} h; ${Number(values.slow) * 1e6} in a million cost 60 s; storage ${values.storage} MB/s\n`,
  );
  print('machines   working   collecting   all       cost     busy: workers  Redis  storage   failures');
  for (const machines of values.machines.split(',').map(Number)) {
    const { end, failures, redisBusy, storageBusy } = simulate(machines, cost);
    const adding = cost.addPerInput * adverts;
    const collecting = Math.max(
      cost.collectPerInput * adverts,
      (weighted(kinds, 'record') * 2 * adverts) / (Number(values.storage) * 1e6),
    );
    const all = Math.max(end, adding) + collecting;
    const price = (end / 3600) * machines * Number(values.price);
    const workersBusy = (adverts * (seconds + 60 * Number(values.slow))) / (end * machines * processors);
    print(
      `${String(machines).padStart(8)}   ${hours(end).padStart(7)}   ${hours(collecting).padStart(10)}   ${hours(all).padEnd(7)}   £${price.toFixed(0).padEnd(7)} ` +
        `${`${(100 * workersBusy).toFixed(0)} %`.padStart(13)}  ${`${(100 * redisBusy).toFixed(0)} %`.padStart(5)}  ${`${(100 * storageBusy).toFixed(0)} %`.padStart(7)}   ${failures}`,
    );
  }
  print(
    `\nadding ${hours(cost.addPerInput * adverts)} (it goes on while machines work); Redis holds ${((cost.memoryPerInput * adverts) / 1e9).toFixed(1)} GB; ` +
      `the records are ${((weighted(kinds, 'record') * adverts) / 1e9).toFixed(0)} GB, the adverts ${((weighted(kinds, 'bytes') * adverts) / 1e12).toFixed(1)} TB`,
  );
} finally {
  await redis?.kill();
  rmSync(dir, { recursive: true });
}
