import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { UnrecoverableError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, startRedis } from './redis.mjs';
import { ADVERT, BIN, inOwnFolder, ROOT, vacancy } from './support.ts';

const PASSWORD = 'opensesame-4711';
const MOCK = `${ROOT}test/mock-worker.mjs`;

let dir: string;
inOwnFolder('queue', (folder) => {
  dir = folder;
});

const adverts = (count: number, folder = 'in') => {
  mkdirSync(folder, { recursive: true });
  for (let index = 10; index < 10 + count; index++)
    writeFileSync(`${folder}/${index}.txt`, ADVERT.replace('12.60', `12.${index}`));
};
const real = () => {
  for (const slug of ['council-pack', 'plain-prose'])
    cpSync(`${ROOT}fixtures/adverts/${slug}`, `in/${slug}`, {
      recursive: true,
      filter: (file) => !file.endsWith('.json'),
    });
};

describe('the address of Redis', () => {
  const status = (args: string[], env: Record<string, string> = {}) => vacancy(['queue', 'status', ...args], { env });

  test.each([
    ['none', [], {}, 'the address of Redis is missing (redis://HOST:6379): put it'],
    ['with a password as an argument', ['--redis-url', `redis://:${PASSWORD}@127.0.0.1:1`], {}, 'anybody can read'],
    ['with a user as an argument', ['--redis-url', `redis://me@127.0.0.1:1`], {}, 'anybody can read'],
    [
      'with a password behind a question mark',
      ['--redis-url', `redis://h?password=${PASSWORD}`],
      {},
      'anybody can read',
    ],
    ['that is none, as an argument', ['--redis-url', `//:${PASSWORD}@h`], {}, 'anybody can read'],
    ['that is none', [], { VACANCY_REDIS_URL: `http://:${PASSWORD}@h` }, 'must read redis://[USER:PASSWORD@]HOST'],
    ['in a file that is not there', ['--redis-url-file', 'none'], {}, 'cannot read none: ENOENT'],
    ['with a percent sign that stands for itself', [], { VACANCY_REDIS_URL: `redis://:${PASSWORD}%x@h` }, '%25'],
    ['with a password that ends the host', [], { VACANCY_REDIS_URL: `redis://default:4711#${PASSWORD}@h` }, '%23'],
    ['for the name of a file', ['--redis-url-file', `redis://:${PASSWORD}@h`], {}, 'is no file'],
    ['that is named as a format', ['-f', `redis://:${PASSWORD}@h`], {}, 'Allowed choices'],
    ['where nobody answers', [], { VACANCY_REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:1` }, 'cannot be used'],
  ])('%s is refused, and no password is told', async (_, args, env, words) => {
    const { status: code, stdout, stderr } = await status(args, env as Record<string, string>);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(PASSWORD);
  });

  test('is no input', async () => {
    const url = `redis://:${PASSWORD}@127.0.0.1:1`;
    const { status: code, stderr } = await vacancy(['queue', 'add', url], { env: { VACANCY_REDIS_URL: url } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('an address of Redis is no file')]);
    expect(stderr).not.toContain(PASSWORD);
  });
});

describe.skipIf(!hasRedis())('with a redis-server', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let env: Record<string, string>;
  let folder: string;

  beforeAll(async () => {
    folder = `${ROOT}node_modules/.vacancy-redis-${process.pid}`;
    redis = await startRedis(folder, ['--requirepass', PASSWORD]);
    env = { VACANCY_REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${redis.port}` };
  });
  afterAll(async () => {
    await redis.kill();
    rmSync(folder, { recursive: true });
  });

  let count = 0;
  let name: string;
  const fresh = () => {
    name = `q${++count}`;
  };
  const queue = (command: string, ...args: string[]) => vacancy(['queue', command, '--queue', name, ...args], { env });
  const work = (...args: string[]) => queue('work', '-d', 'records', '--until-done', '-j', '2', '-q', ...args);
  const status = async () => (await queue('status', '-f', 'json')).json();
  /** The command as a process of its own, which can be killed. */
  const run = (args: string[], worker?: string): ChildProcess & { said: () => string } => {
    const command = ['queue', args[0] ?? '', '--queue', name, ...args.slice(1)];
    const code = `import('${ROOT}dist/cli/main.js').then(({ main }) => main(${JSON.stringify(worker)}))`;
    const child = spawn(
      process.execPath,
      worker === undefined ? [BIN, ...command] : ['-e', code, '--', 'vacancy', ...command],
      {
        env: { ...process.env, ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
        ...(worker === undefined ? {} : { argv0: 'node' }),
      },
    );
    let words = '';
    child.stderr?.on('data', (text) => {
      words += text;
    });
    return Object.assign(child, { said: () => words });
  };
  const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('close', resolve));
  const until = async (isSo: () => Promise<boolean> | boolean) => {
    for (let time = 0; !(await isSo()); time++) {
      if (time > 300) throw new Error('it does not happen');
      await wait(50);
    }
  };

  test('a password is in no process list and no message, and worker processes do not get it', async () => {
    fresh();
    adverts(2);
    writeFileSync('address', `${env.VACANCY_REDIS_URL}\n`);
    writeFileSync('wrong', `redis://:${PASSWORD}x@127.0.0.1:${redis.port}`);
    const wrong = await vacancy(['queue', 'status', '--redis-url-file', 'wrong']);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringMatching(/WRONGPASS/)]);
    expect(wrong.stderr).not.toContain(PASSWORD);
    expect((await vacancy(['queue', 'add', 'in', '--queue', name, '--redis-url-file', 'address'])).status).toBe(0);
    const child = run(['work', '-d', 'records', '-j', '1']);
    await until(async () => (await status()).done === 1);
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    expect(children).toHaveLength(1);
    expect(readFileSync(`/proc/${children[0]}/environ`, 'latin1')).not.toContain(PASSWORD);
    for (const pid of [child.pid, ...children])
      expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).not.toContain(PASSWORD);
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(143);
    expect(child.said()).not.toContain(PASSWORD);
  });

  test('what is collected is what one run of parse gives, in each format', async () => {
    fresh();
    real();
    writeFileSync('in/empty.txt', '');
    writeFileSync('list', 'in/plain-prose/advert.txt\0missing.pdf\0');
    const options = ['--evidence', '--annualise', '--as-of', '2026-01-10'];
    expect((await queue('add', 'in', '--per-job', '2', ...options)).stderr).toMatch(
      /^vacancy: 9 inputs added .* 5 jobs\n$/,
    );
    expect((await queue('add', '--files-from', 'list', '-0', ...options)).status).toBe(0);
    await Promise.all([work(), work()]);
    const inputs = ['in', '--files-from', 'list', '-0', ...options, '-q'];
    for (const [format, file] of [
      ['ndjson', 'a'],
      ['json', 'b'],
      ['csv', 'c'],
      ['parquet', 'd'],
    ] as const) {
      const { status: code, stderr } = await queue('collect', '-f', format, '-o', file);
      expect(code).toBe(1); // there are errors among them
      expect(stderr).toBe('vacancy: 11 records, 2 of them errors: input/empty 1 · input/not-found 1\n');
      expect(readFileSync(file).equals((await vacancy(['parse', ...inputs, '-f', format])).bytes)).toBe(true);
    }
    const printed = await queue('collect', '--fail-on', 'never', '-q', '--remove');
    expect([printed.status, printed.stdout]).toEqual([0, readFileSync('a', 'utf8')]);
    expect((await queue('collect')).stderr).toContain('nothing was added');
  });

  test('a queue says how far it is', async () => {
    fresh();
    adverts(10);
    writeFileSync('in/99.txt', '');
    await queue('add', 'in', '--per-job', '4');
    expect(await status()).toMatchObject({ queue: name, inputs: 11, inputs_done: 0, jobs: 3, waiting: 3, done: 0 });
    const early = await queue('collect', '-o', 'out');
    expect([early.status, early.stderr]).toEqual([2, expect.stringContaining('3 of 3 jobs of the queue')]);
    expect(readdirSync('.')).not.toContain('out');
    await work();
    const now = await status();
    expect(now).toMatchObject({ inputs_done: 11, inputs_failed: { 'input/empty': 1 }, waiting: 0, active: 0, done: 3 });
    expect(now.inputs_per_second).toBeGreaterThan(0);
    expect((await queue('status')).stdout).toContain('11 of 11 done (100 %)');
  });

  test('bytes are carried up to a size; standard input always', async () => {
    fresh();
    adverts(3);
    writeFileSync('in/large.txt', `${ADVERT}${'More about us. '.repeat(500)}\n`);
    const added = await queue('add', 'in', '--carry', '1000');
    expect(added.stderr).toContain('1 inputs are larger than what --carry takes');
    const given = ADVERT.replace('Care', 'Night');
    await vacancy(['queue', 'add', '-', '--queue', name], { env, stdin: given });
    const whole = (await vacancy(['parse', 'in', '-q'])).stdout;
    for (const index of [10, 11, 12]) rmSync(`in/${index}.txt`); // only those that go by name need be there
    await work();
    const { stdout } = await queue('collect', '-q');
    const piped = JSON.parse((await vacancy(['parse', '-'], { stdin: given })).stdout);
    expect(stdout).toBe(`${whole}${JSON.stringify(piped)}\n`);
    await expect(
      vacancy(['queue', 'add', '-', '--carry', '9', '--queue', name], { env, stdin: given }),
    ).resolves.toMatchObject({
      status: 2,
      stderr: expect.stringContaining('the limit is 9 bytes'),
    });
  });

  test('names that are not absolute are looked for where they were added, or in --root', async () => {
    fresh();
    adverts(2);
    await queue('add', 'in');
    mkdirSync('elsewhere');
    process.chdir('elsewhere');
    adverts(1);
    expect((await queue('add', 'in')).stderr).toContain('add from there, or give absolute names');
    expect((await queue('add', `${dir}//elsewhere/in`)).status).toBe(0); // what was refused has left nothing behind
    expect(await status()).toMatchObject({ adding: false, inputs: 3 });
    fresh();
    process.chdir(dir);
    await queue('add', 'in');
    mkdirSync('moved');
    renameSync('in', 'moved/in');
    await work('--root', 'moved');
    const { stdout } = await queue('collect', '-q');
    renameSync('moved/in', 'in');
    expect(stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
    expect((await queue('work', '-d', 'x', '--root', 'nowhere')).stderr).toContain('is no folder here');
  });

  test('one queue has one kind of records', async () => {
    fresh();
    adverts(2);
    await queue('add', 'in');
    const other = await queue('add', 'in', '--evidence');
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('with other options')]);
    expect((await queue('add', 'in')).status).toBe(0);
    expect((await status()).inputs).toBe(4);
    fresh();
    expect((await queue('add', 'none/*.txt')).stderr).toContain('no input matched');
    expect((await queue('add', 'in', '--evidence')).status).toBe(0); // what added nothing said nothing
  });

  test('an adding that was cut off goes on where it was, with the same inputs', async () => {
    fresh();
    adverts(60);
    const names = Array.from({ length: 60 }, (_, index) => `in/${index + 10}.txt\n`);
    const child = run(['add', '--files-from', '-', '--per-job', '2']);
    child.stdin?.write(names.slice(0, 40).join(''));
    await until(async () => (await status()).inputs >= 16);
    child.kill('SIGKILL');
    await ended(child);
    const cut = await status();
    expect([cut.adding, cut.inputs]).toEqual([true, expect.toSatisfy((inputs: number) => inputs < 60)]);
    const add = (...args: string[]) =>
      vacancy(['queue', 'add', '--files-from', '-', '--queue', name, ...args], { env, stdin: names.join('') });
    expect((await add('--per-job', '2')).stderr).toContain('somebody else is adding'); // its lock runs out
    const others = () =>
      vacancy(['queue', 'add', '--files-from', '-', '--queue', name], { env, stdin: names.toReversed().join('') });
    await until(async () => !(await others()).stderr.includes('somebody else'));
    expect((await others()).stderr).toContain('these do not begin with them');
    expect((await queue('collect')).stderr).toContain('still being added');
    expect((await add('--per-job', '2')).stderr).toContain(
      `60 inputs added to the queue ${name}, ${cut.inputs} of them by an earlier run`,
    );
    await work();
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
  });

  test('jobs that were added and not counted are counted by the next adding', async () => {
    fresh();
    adverts(20);
    const names = Array.from({ length: 20 }, (_, index) => `in/${index + 10}.txt\n`);
    const child = run(['add', '--files-from', '-', '--per-job', '1']);
    child.stdin?.write(names.slice(0, 12).join(''));
    await until(async () => (await status()).inputs === 8);
    child.kill('SIGKILL');
    await ended(child);
    // As if it had been killed between the two.
    const client = new Redis(env.VACANCY_REDIS_URL as string);
    const [extent, adding] = ['extent', 'adding'].map((field) => client.hget(`vacancy-batch:${name}`, field));
    expect(JSON.parse((await extent) ?? '')).toEqual({ jobs: 8, inputs: 8 });
    const { from } = JSON.parse((await adding) ?? '');
    const nothing = { extent: JSON.stringify({ jobs: 0, inputs: 0 }), adding: JSON.stringify({ from, chain: '' }) };
    await client.hset(`vacancy-batch:${name}`, nothing);
    client.disconnect();
    const add = () =>
      vacancy(['queue', 'add', '--files-from', '-', '--queue', name, '--per-job', '1'], { env, stdin: names.join('') });
    await until(async () => (await add()).status === 0);
    expect((await status()).inputs).toBe(20);
    await work();
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
  });

  test('an adding that was cut off can be left where it was', async () => {
    fresh();
    adverts(20);
    const child = run(['add', '--files-from', '-', '--per-job', '1']);
    child.stdin?.write(Array.from({ length: 12 }, (_, index) => `in/${index + 10}.txt\n`).join(''));
    await until(async () => (await status()).inputs === 8);
    child.kill('SIGKILL');
    await ended(child);
    await work(); // what is there is done
    expect((await queue('collect')).stderr).toContain('still being added');
    await until(async () => (await queue('add', '--abandon')).status === 0);
    expect((await queue('collect', '-q')).stdout.split('\n')).toHaveLength(9);
    expect((await queue('add', '--abandon')).stderr).toContain('no adding was cut off');
  });

  test('who was stopped while adding, and went on after somebody else, learns of it', async () => {
    fresh();
    adverts(60);
    const names = Array.from({ length: 60 }, (_, index) => `in/${index + 10}.txt\n`);
    const child = run(['add', '--files-from', '-', '--per-job', '1']);
    child.stdin?.write(names.slice(0, 20).join(''));
    await until(async () => (await status()).inputs === 16);
    child.kill('SIGSTOP');
    const add = () =>
      vacancy(['queue', 'add', '--files-from', '-', '--queue', name, '--per-job', '1'], { env, stdin: names.join('') });
    await until(async () => (await add()).status === 0);
    child.kill('SIGCONT');
    child.stdin?.end(names.slice(20).join(''));
    expect(await ended(child)).toBe(2);
    expect(child.said()).toContain('somebody else has added');
    await work();
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
  });

  test('a queue that was filled meanwhile is not removed; one that is filled anew has terms of its own', async () => {
    fresh();
    adverts(3);
    adverts(1, 'more');
    await queue('add', 'in');
    const child = run(['work', '-d', 'records', '-j', '1']);
    await until(async () => (await status()).done === 1);
    const collecting = queue('collect', '-q', '--remove', '-o', 'out');
    await queue('add', 'more');
    const { status: code } = await collecting;
    if (code === 2) expect((await status()).inputs).toBe(4);
    else expect(code).toBe(0); // it was removed before
    await until(async () => (await status()).waiting + (await status()).active === 0);
    await queue('collect', '-q', '--remove', '-o', 'out');
    expect((await status()).inputs).toBe(0);
    await queue('add', 'in', '--evidence');
    await until(async () => (await status()).done === 1);
    child.kill('SIGTERM');
    await ended(child);
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q', '--evidence'])).stdout);
  });

  test('a removal that was cut off is said, and ended', async () => {
    fresh();
    adverts(2);
    await queue('add', 'in');
    await work();
    const client = new Redis(env.VACANCY_REDIS_URL as string);
    await client.hset(`vacancy-batch:${name}`, 'removing', '1');
    client.disconnect();
    for (const each of [queue('status'), queue('add', 'in'), work(), queue('collect')])
      expect(await each).toMatchObject({ status: 2, stderr: expect.stringContaining('removal of the queue') });
    expect((await queue('collect', '--remove')).status).toBe(0);
    expect((await status()).inputs).toBe(0);
  });

  test('a worker that cannot write leaves the work to others, and says so', async () => {
    fresh();
    adverts(5);
    await queue('add', 'in');
    writeFileSync('taken', '');
    const { status: code, stderr } = await queue('work', '-d', 'taken', '--until-done', '-j', '1');
    expect([code, stderr]).toEqual([2, expect.stringContaining('cannot write into taken')]);
    const child = run(['work', '-d', 'records', '-j', '1']);
    await until(async () => (await status()).done === 1);
    const [place = ''] = readdirSync('records');
    rmSync(`records/${place}`, { recursive: true });
    writeFileSync(`records/${place}`, '');
    await queue('add', 'in');
    expect(await ended(child)).toBe(2);
    expect(child.said()).toMatch(/^vacancy: queue\/not-written: /m);
    await queue('work', '-d', 'others', '--until-done', '-q');
    expect(await status()).toMatchObject({ done: 2, failed_jobs: [] });
  });

  test('a job that failed is kept with its code, and put back on request', async () => {
    fresh();
    adverts(3);
    await queue('add', 'in', '--per-job', '1');
    const connection = { url: env.VACANCY_REDIS_URL as string };
    const broken = new Worker(
      name,
      async ({ id }) => {
        if (id === 'j2') throw new UnrecoverableError('queue/not-written: ENOSPC: no space left');
        throw new Error('of another kind'); // tried again after a while
      },
      { prefix: 'vacancy', connection },
    );
    broken.on('error', () => {});
    await until(async () => (await status()).failed_jobs.length === 1);
    await broken.close(true);
    expect((await status()).failed_jobs).toEqual([
      { job: 2, code: 'queue/not-written', message: 'ENOSPC: no space left', inputs: ['in/11.txt'] },
    ]);
    const text = (await queue('status')).stdout;
    expect(text).toContain('job 2 (in/11.txt …): queue/not-written: ENOSPC: no space left');
    expect(text).toContain('vacancy queue add --failed');
    await work();
    expect((await queue('collect')).stderr).toContain('1 of 3 jobs of the queue');
    expect((await queue('add', '--failed', 'queue/stalled')).stderr).toContain('0 jobs put back');
    expect((await queue('add', '--failed')).stderr).toContain('1 job put back');
    await work();
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
  });

  test('inputs that failed are tried again on request, by their code', async () => {
    fresh();
    adverts(3);
    writeFileSync('list', 'in/10.txt\nin/later.txt\nin/11.txt\n');
    await queue('add', '--files-from', 'list', '--per-job', '1');
    await work();
    expect((await queue('collect', '-q')).status).toBe(1);
    writeFileSync('in/later.txt', ADVERT);
    expect((await queue('add', '--failed', 'input/empty')).stderr).toContain('0 jobs put back');
    expect((await queue('add', '--failed', 'input/not-found')).stderr).toContain('1 job put back');
    expect((await queue('collect')).status).toBe(2);
    await work();
    const { status: code, stdout } = await queue('collect', '-q');
    expect([code, stdout]).toEqual([0, (await vacancy(['parse', '--files-from', 'list', '-q'])).stdout]);
  });

  test('records that are lost, or not those that were written, are missed, and made again on request', async () => {
    fresh();
    adverts(6);
    await queue('add', 'in', '--per-job', '2');
    await work();
    const [place = ''] = readdirSync('records');
    const at = `records/${place}/000000`;
    rmSync(`${at}/000000001.ndjson`);
    writeFileSync(`${at}/000000002.ndjson`, '{}\n');
    const left = `${at}/.000000003.ndjson.01234567-0123-0123-0123-0123456789ab.partial`;
    writeFileSync(left, '{');
    writeFileSync(left.replace('ab.', 'ac.'), '{'); // somebody may be at it
    utimesSync(left, 1, 1);
    const missed = await queue('collect', '-o', 'out');
    expect([missed.status, missed.stderr]).toEqual([2, expect.stringContaining('the records of 2 jobs are not there')]);
    expect(readdirSync('.').filter((file) => file.startsWith('out'))).toEqual([]);
    expect((await queue('collect', '-d', 'elsewhere')).stderr).toContain('the records of 3 jobs');
    expect((await queue('collect', '--put-back')).stderr).toContain('collect again when they are done');
    await work();
    renameSync('records', 'moved');
    expect((await queue('collect', '-q', '-d', 'moved')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
    expect(readdirSync(`moved/${place}/000000`)).toHaveLength(4); // what a killed worker left is swept away
  });

  test('SIGINT once: what is in hand is finished, the rest is left', async () => {
    fresh();
    mkdirSync('in');
    for (let index = 10; index < 40; index++) {
      mkdirSync(`in/${index}`);
      writeFileSync(`in/${index}/slow.txt`, ADVERT);
    }
    await queue('add', 'in', '--per-job', '2');
    const signals = new EventEmitter();
    const running = vacancy(['queue', 'work', '-d', 'records', '-j', '1', '--queue', name], {
      env,
      worker: MOCK,
      signals,
    });
    await until(async () => (await status()).done > 1);
    signals.emit('SIGINT', 'SIGINT');
    const { status: code, stderr } = await running;
    const left = await status();
    expect([code, left.active, left.failed_jobs]).toEqual([130, 0, []]);
    expect(left.done).toBeLessThan(15);
    expect(left.waiting + left.done).toBe(15);
    expect(stderr).toContain('finishing what was begun');
    expect(stderr).toContain(`vacancy: ${left.done * 2} parsed, 0 failed`);
  });

  test('SIGINT twice: what is in hand is left to others', async () => {
    fresh();
    adverts(4);
    writeFileSync('in/hang.txt', ADVERT);
    await queue('add', 'in', '--per-job', '3');
    const signals = new EventEmitter();
    const running = vacancy(['queue', 'work', '-d', 'records', '-j', '2', '--queue', name], {
      env,
      worker: MOCK,
      signals,
    });
    await until(async () => (await status()).done === 1);
    for (let time = 0; time < 2; time++) signals.emit('SIGINT', 'SIGINT');
    expect((await running).status).toBe(130);
    expect((await work()).status).toBe(0);
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
  });

  test('a worker that is killed is missed after a while, and others do its jobs', async () => {
    fresh();
    adverts(4);
    writeFileSync('in/hang.txt', ADVERT);
    await queue('add', 'in', '--per-job', '3');
    const child = run(['work', '-d', 'records', '-j', '2'], MOCK);
    await until(async () => (await status()).done === 1);
    child.kill('SIGKILL');
    await ended(child);
    expect((await status()).active).toBeGreaterThan(0);
    expect((await work()).status).toBe(0);
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
  });

  test('Redis goes and comes back: nothing is lost, and it is said', async () => {
    fresh();
    adverts(90);
    await queue('add', 'in', '--per-job', '1');
    const child = run(['work', '-d', 'records', '-j', '1', '--until-done']);
    await until(async () => (await status()).done > 5);
    await redis.restart(500);
    expect(await ended(child)).toBe(0);
    expect(child.said()).toMatch(/is away; it is waited for\n.*is back\n/s);
    expect((await queue('collect', '-q')).stdout).toBe((await vacancy(['parse', 'in', '-q'])).stdout);
  });

  test('who waits for a Redis that is away can be stopped', async () => {
    fresh();
    const other = await startRedis(`${dir}/other`);
    const url = ['--redis-url', other.url];
    const signals = new EventEmitter();
    const running = vacancy(['queue', 'work', '-d', 'records', ...url], { signals });
    await wait(1000);
    await other.kill();
    await wait(500);
    for (let time = 0; time < 2; time++) signals.emit('SIGTERM', 'SIGTERM');
    expect((await running).status).toBe(143);
  });

  test('a Redis that refuses is told of, and no work goes on', async () => {
    fresh();
    adverts(3);
    const other = await startRedis(`${dir}/other`, ['--databases', '4']);
    try {
      const url = ['--redis-url', other.url];
      expect((await vacancy(['queue', 'status', '--redis-url', `${other.url}/7`])).stderr).toContain('cannot be used');
      await vacancy(['queue', 'add', 'in', ...url]);
      const client = new Redis(other.url);
      await client.config('SET', 'maxmemory', '1mb');
      client.disconnect();
      const full = 'Redis refuses: OOM (its memory is full';
      expect(await vacancy(['queue', 'add', 'in', ...url])).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(full),
      });
      const work = await vacancy(['queue', 'work', '-d', 'records', '-j', '1', ...url]);
      expect(work).toMatchObject({ status: 2, stderr: expect.stringContaining(full) });
    } finally {
      await other.kill();
    }
  });

  test('a Redis that would lose jobs is told of', async () => {
    const other = await startRedis(`${dir}/other`, ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru']);
    try {
      const { stderr } = await vacancy(['queue', 'status', '--redis-url', other.url]);
      expect(stderr).toContain('it keeps no append-only file');
      expect(stderr).toContain('set maxmemory-policy noeviction, not allkeys-lru');
      expect((await vacancy(['queue', 'status', '--redis-url', redis.url])).stderr).toContain('NOAUTH');
    } finally {
      await other.kill();
    }
  });
});
