import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { ADVERT, BIN, exec, fixtures, inOwnFolder, ROOT, vacancy } from './support.ts';

const MOCK = `${ROOT}test/mock-worker.mjs`;
/** More than are few: a batch of so many goes to worker processes. */
const MANY = 12;

let dir: string;
inOwnFolder('batch', (folder) => {
  dir = folder;
});

/** Adverts `00.txt`, `01.txt`, … in a folder, each with a title of its own. */
function adverts(folder: string, count = MANY): void {
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < count; index++) writeFileSync(`${folder}/${number(index)}`, advert(index));
}
const number = (index: number) => `${String(index).padStart(2, '0')}.txt`;
const advert = (index: number) => ADVERT.replace('Care', `Care (Wing ${index})`);

const recordsOf = (ndjson: string) =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** The worker processes of a process, by /proc; elsewhere none can be told. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          readFileSync(`/proc/${name}/stat`, 'latin1')
            .replace(/^.*\) /, '')
            .split(' ')[1] === String(pid)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function until(isSo: () => boolean, milliseconds = 10_000): Promise<void> {
  for (const end = Date.now() + milliseconds; !isSo(); await wait(10))
    if (Date.now() > end) throw new Error('it did not come to be so');
}

describe('worker processes', () => {
  const MISDEEDS = [
    ['hang.txt', 'input/timeout'],
    ['heap.txt', 'worker/out-of-memory'],
    ['buffers.txt', 'worker/out-of-memory'],
    ['abort.txt', 'worker/crashed'],
    ['exit.txt', 'worker/crashed'],
    ['reject-late.txt', undefined],
    ['flood.txt', undefined],
  ] as const;

  test.each(['1', '3'])('a document costs itself and no other, with %s at a time', async (jobs) => {
    adverts('in', 6);
    for (const [name] of MISDEEDS) writeFileSync(`in/${name}`, advert(0));
    writeFileSync('in/throw-late.txt', advert(0));
    const { status, stdout } = await vacancy(
      ['parse', 'in', '-j', jobs, '--timeout', '2', '--max-memory', '200', '-q'],
      { worker: MOCK },
    );
    const codes = new Map(
      recordsOf(stdout).map(({ source, status: each, error }) => [
        source.path.slice('in/'.length),
        each === 'ok' ? undefined : error.code,
      ]),
    );
    expect([...codes.keys()]).toEqual(readdirSync('in').sort());
    for (const [name, code] of MISDEEDS) expect([name, codes.get(name)]).toEqual([name, code]);
    for (let index = 0; index < 6; index++) expect(codes.get(number(index))).toBeUndefined();
    expect(status).toBe(1);
  });

  test('what is known of a document that was stopped stands in its record', async () => {
    adverts('in');
    writeFileSync('in/stall.txt', advert(0));
    const { stdout } = await vacancy(['parse', 'in', '-q', '--timeout', '1'], { worker: MOCK });
    const { source, error } = recordsOf(stdout).find((record) => record.status === 'error');
    expect([source.path, source.bytes, source.sha256]).toEqual([
      'in/stall.txt',
      Buffer.byteLength(advert(0)),
      createHash('sha256').update(advert(0)).digest('hex'),
    ]);
    expect([error.code, error.message]).toEqual(['input/timeout', 'The file took longer than the time limit (1 s).']);
  });

  test('the clock starts when a document is begun, not when it is found', async () => {
    mkdirSync('in/a', { recursive: true });
    for (let index = 0; index < 10; index++) {
      mkdirSync(`in/${index}`);
      writeFileSync(`in/${index}/slow.txt`, advert(index)); // 0.3 s each, 3 s in all
    }
    const { status } = await vacancy(['parse', 'in', '-j', '1', '-q', '--timeout', '2'], { worker: MOCK });
    expect(status).toBe(0);
  });

  test.each([
    ['a flag that makes it faster', 'sparkplug', 0],
    ['any flag', '--', 1],
  ])('where Node does not know %s, it is started with those that it knows', async (_, flag, status) => {
    adverts('in');
    writeFileSync('in/evaluate.txt', advert(0)); // it makes code of a string, which the guards forbid
    process.env.VACANCY_TEST_OTHER_NODE = flag;
    const ran = await vacancy(['parse', 'in', '-j', '4', '-q'], { worker: MOCK });
    delete process.env.VACANCY_TEST_OTHER_NODE;
    expect([ran.status, recordsOf(ran.stdout).length]).toEqual([status, MANY + 1]);
  });

  test('where none can be started, the batch ends with status 2', async () => {
    adverts('in');
    const { status, stderr } = await vacancy(['parse', 'in'], { worker: `${dir}/there-is-none.js` });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^vacancy: no worker process can be started/)]);
  });

  test('records are the same bytes at any number of jobs, and as they are read one by one', async () => {
    const documents = fixtures().filter(({ folder }) => folder === 'adverts');
    mkdirSync('in');
    for (const { slug, file, path } of documents) cpSync(path, `in/${slug}.${file}`);
    const [one, two, four] = await Promise.all(
      ['1', '2', '4'].map((jobs) => vacancy(['parse', 'in', '-q', '-j', jobs, '--evidence'])),
    );
    expect(recordsOf(one?.stdout ?? '').length).toBe(documents.length);
    expect(two?.stdout).toBe(one?.stdout);
    expect(four?.stdout).toBe(one?.stdout);
    const [first] = readdirSync('in').sort();
    const alone = await vacancy(['parse', `in/${first}`, '-f', 'ndjson', '--evidence']);
    expect(one?.stdout.startsWith(alone.stdout)).toBe(true);
  });

  test('few short texts start no process', async () => {
    adverts('in', 3);
    const { status, stdout } = await vacancy(['parse', 'in'], { worker: `${dir}/there-is-none.js` });
    expect([status, recordsOf(stdout).length]).toEqual([0, 3]);
  });

  test('a process whose parent is killed ends, busy as it is', async () => {
    adverts('in');
    writeFileSync('in/00a.txt', ADVERT);
    mkdirSync('in/00');
    writeFileSync('in/00/hang.txt', ADVERT);
    const code = `const { launch } = require(${JSON.stringify(`${ROOT}bin/launch.js`)}); process.argv.splice(1, 0, '');
      launch('main').main(${JSON.stringify(MOCK)});`;
    const parent = spawn(process.execPath, ['-e', code, 'parse', 'in', '-j', '2'], { cwd: dir, stdio: 'ignore' });
    await until(() => childrenOf(parent.pid ?? 0).length === 2);
    await wait(1000); // one of them hangs by now
    const children = childrenOf(parent.pid ?? 0);
    parent.kill('SIGKILL');
    await until(() => children.every((pid) => !existsSync(`/proc/${pid}`)), 3000);
  });
});

describe('a run that is stopped', () => {
  const ARGS = ['parse', 'in', '-j', '2', '-q'];

  /** Runs until so many records are written, and ends it there with signals; the status, what was said, and how many. */
  async function stopped(args: readonly string[], signals: readonly string[], afterRecords = 5) {
    const emitter = new EventEmitter();
    let records = 0;
    let atSignal = 0;
    const { status, stdout, stderr } = await vacancy(args, {
      worker: MOCK,
      signals: emitter,
      onOutput: (text) => {
        records += text.split('\n').length - 1;
        if (records < afterRecords || atSignal > 0) return;
        atSignal = records;
        for (const signal of signals) emitter.emit(signal, signal);
      },
    });
    return { status, stdout, stderr, atSignal };
  }

  beforeEach(() => {
    mkdirSync('in');
    for (let index = 0; index < 30; index++) {
      mkdirSync(`in/${String(index).padStart(2, '0')}`);
      writeFileSync(`in/${String(index).padStart(2, '0')}/slow.txt`, advert(index));
    }
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('%s once: what was begun is finished, whole records, status %i', async (signal, status) => {
    const args = ['parse', 'in', '-j', '2'];
    const stop = await stopped(args, [signal]);
    const records = recordsOf(stop.stdout);
    expect([stop.status, records.length >= 5 && records.length <= 8]).toEqual([status, true]);
    expect(stop.stderr).toMatch(/finishing what was begun[\s\S]*stopped; \d records are written/);
  });

  test('twice: it stops at once', async () => {
    const stop = await stopped(ARGS, ['SIGINT', 'SIGINT']);
    // Of two processes that go side by side the other's answer may be there by then; what is in hand is given up.
    const after = recordsOf(stop.stdout).length - stop.atSignal;
    expect([stop.status, after === 0 || after === 1]).toEqual([130, true]);
  });

  test.each([
    ['a file', ['-o', 'out.ndjson'], 'out.ndjson.partial'],
    ['an array', ['-o', 'out.json', '-f', 'json'], 'out.json.partial'],
  ])('goes on with --resume to the same bytes: %s', async (_, output, partial) => {
    const whole = await vacancy([...ARGS, ...output.slice(2)]);
    const emitter = new EventEmitter();
    const running = vacancy([...ARGS, ...output], { worker: MOCK, signals: emitter });
    await until(() => existsSync(partial) && readFileSync(partial, 'utf8').includes('in/04/'));
    emitter.emit('SIGTERM', 'SIGTERM');
    expect((await running).status).toBe(143);
    expect(existsSync(output[1] ?? '')).toBe(false);
    const again = await vacancy(['parse', 'in', '-j', '2', ...output, '--resume']);
    expect([again.status, again.stdout, readFileSync(output[1] ?? '', 'utf8')]).toEqual([0, '', whole.stdout]);
    expect(again.stderr).toMatch(/30 parsed, 0 failed in .*; \d+ of them were there from an earlier run/);
    expect(
      readdirSync('.')
        .filter((name) => name.startsWith('out'))
        .sort(),
    ).toEqual([output[1]]);
  });
});

describe('a run that cannot end by itself', () => {
  const started = (args: string[], stdin: 'pipe' | 'ignore' = 'ignore') => {
    const child = spawn(process.execPath, [BIN, 'parse', ...args], { cwd: dir, stdio: [stdin, 'pipe', 'pipe'] });
    return { child, closed: once(child, 'close').then(([status]) => status as number) };
  };

  test('standard input that never ends is left on the first signal', async () => {
    const { child, closed } = started(['-'], 'pipe');
    await wait(400);
    child.kill('SIGINT');
    expect(await closed).toBe(130);
  });

  test('a reader that stalls is left on the second signal', async () => {
    adverts('in', 90);
    const script = `node ${BIN} parse in --evidence -q > >(exec sleep 9 >/dev/null 2>&1) 2>/dev/null & sleep 2.5
      kill -INT $!; sleep 0.3; kill -INT $!; wait $!; echo "$?"`;
    const startedAt = Date.now();
    const { stdout } = await exec('bash', ['-c', script], { cwd: dir });
    expect([stdout, Date.now() - startedAt < 8000]).toEqual(['130\n', true]);
  });

  test('a document that is to be tried again is given up on the second signal', async () => {
    adverts('in');
    writeFileSync('in/00.txt', ADVERT);
    mkdirSync('in/0');
    writeFileSync('in/0/exit.txt', ADVERT);
    const emitter = new EventEmitter();
    const running = vacancy(['parse', 'in', '-j', '1', '-q'], { worker: MOCK, signals: emitter });
    await wait(350);
    for (let time = 0; time < 2; time++) emitter.emit('SIGINT', 'SIGINT');
    expect((await running).status).toBe(130);
  });

  test.each([60, 26])(
    '%i file descriptors are too few for its processes: the others do the work, or it says so',
    async (most) => {
      adverts('in', 40);
      const command = `ulimit -n ${most}; node ${BIN} parse in -j 30 -q | wc -l; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await exec('bash', ['-c', command], { cwd: dir });
      if (most === 60 || stdout !== '0\n2\n') expect([stdout, stderr]).toEqual(['40\n0\n', '']);
      else expect(stderr).toMatch(/^vacancy: no worker/);
    },
  );
});

describe('--resume', () => {
  const run = (...args: string[]) => vacancy(['parse', 'in', '-q', ...args]);
  const partial = () => readFileSync('out.partial', 'utf8');

  /** What a killed run leaves of a file: its records up to some byte, and the journal up to some byte. */
  async function killed(records: number, journal: number) {
    const emitter = new EventEmitter();
    const running = vacancy(['parse', 'in', '-q', '-j', '1', '-o', 'out'], {
      worker: MOCK,
      signals: emitter,
    });
    await until(() => existsSync('out.journal') && readFileSync('out.journal', 'utf8').split('\n').length > MANY);
    for (let time = 0; time < 2; time++) emitter.emit('SIGINT', 'SIGINT');
    await running;
    truncateSync('out.partial', Math.floor(partial().length * records));
    truncateSync('out.journal', Math.floor(readFileSync('out.journal').length * journal));
  }

  beforeEach(() => {
    adverts('in');
    mkdirSync('in/z');
    writeFileSync('in/z/hang.txt', advert(50));
  });

  test.each([
    [1, 1],
    [0.5, 1],
    [1, 0.5],
    [0.31, 0.77],
    [0, 1],
    [1, 0],
  ])('of a file cut at %f and a journal cut at %f', async (records, journal) => {
    const whole = await run();
    await killed(records, journal);
    const { status } = await run('-o', 'out', '--resume');
    expect([status, readFileSync('out', 'utf8')]).toEqual([0, whole.stdout]);
    expect(existsSync('out.partial') || existsSync('out.journal')).toBe(false);
  });

  test('a writer that was only thought dead does no harm, and learns of it', async () => {
    rmSync('in', { recursive: true });
    adverts('in', 40);
    for (let index = 0; index < 3; index++) {
      mkdirSync(`in/9${index}`);
      writeFileSync(`in/9${index}/slow.txt`, ADVERT);
    }
    await run('-o', 'whole');
    const slowly = (...args: string[]) =>
      vacancy(['parse', 'in', '-j', '1', '-q', '-o', 'out', ...args], { worker: MOCK });
    const other = slowly();
    while (!existsSync('out.partial') || statSync('out.partial').size < 20_000) await wait(5);
    expect((await slowly('--resume')).status).toBe(0); // it ends after the other one
    expect(await other).toMatchObject({ status: 2, stderr: expect.stringContaining('another run writes it too') });
    expect(readFileSync('out', 'utf8')).toBe(readFileSync('whole', 'utf8'));
    expect(readdirSync('.').filter((name) => name.startsWith('out'))).toEqual(['out']);
  });

  test('does again what changed: an input, an option, a record', async () => {
    await killed(1, 1);
    writeFileSync('in/03.txt', advert(99));
    expect((await run('-o', 'out', '--resume')).status).toBe(0);
    expect(readFileSync('out', 'utf8')).toBe((await run()).stdout);
    await killed(1, 1);
    expect((await run('-o', 'out', '--resume', '--evidence')).status).toBe(0);
    expect(readFileSync('out', 'utf8')).toBe((await run('--evidence')).stdout);
    await killed(1, 1);
    writeFileSync('out.partial', partial().replace('Wing 2', 'Wing X'));
    expect((await run('-o', 'out', '--resume')).status).toBe(0);
    expect(readFileSync('out', 'utf8')).toBe((await run()).stdout);
  });

  test('takes nothing from a journal that is damaged', async () => {
    for (const damage of [
      (text: string) => text.replace(/"bytes":\d+/g, '"bytes":99999999999'),
      (text: string) => text.replace(/"sha256":"./g, '"sha256":"x'),
      (text: string) => text.replaceAll('"record":', '"recorf":'),
      (text: string) => text.slice(0, 200) + text.slice(201),
    ]) {
      await killed(1, 1);
      writeFileSync('out.journal', damage(readFileSync('out.journal', 'utf8')));
      expect((await run('-o', 'out', '--resume')).status).toBe(0);
      expect(readFileSync('out', 'utf8')).toBe((await run()).stdout);
    }
  });

  test('says of a file that is too large what is so now', async () => {
    writeFileSync('in/07.txt', ADVERT.repeat(10));
    rmSync('in/z', { recursive: true });
    await run('-d', 'out', '--resume', '--max-bytes', '200');
    await run('-d', 'out', '--resume', '--max-bytes', '250');
    await run('-d', 'fresh', '--max-bytes', '250');
    expect(readFileSync('out/07.txt.json', 'utf8')).toBe(readFileSync('fresh/07.txt.json', 'utf8'));
  });

  test('follows inputs that came, went or are read in another order', async () => {
    await killed(1, 1);
    rmSync('in/02.txt');
    writeFileSync('in/05a.txt', advert(77));
    expect((await run('-o', 'out', '--resume')).status).toBe(0);
    expect(readFileSync('out', 'utf8')).toBe((await run()).stdout);
  });

  test('an error record is kept, its input named again, and one of a limit only for the same limit', async () => {
    rmSync('in/z', { recursive: true });
    writeFileSync('in/04.txt', '');
    writeFileSync('in/05.txt', ADVERT);
    rmSync('in/06.txt');
    mkdirSync('in/06');
    writeFileSync('in/06/stall.txt', ADVERT);
    const args = ['parse', 'in', '-d', 'out', '--resume', '--timeout'];
    const first = await vacancy([...args, '1', '--errors', 'errors'], { worker: MOCK });
    expect(first.status).toBe(1);
    const errors = readFileSync('errors', 'utf8');
    const again = await vacancy([...args, '1', '--errors', 'errors']);
    expect([again.status, readFileSync('errors', 'utf8')]).toEqual([1, errors]);
    expect(again.stderr).toMatch(/in\/04\.txt: input\/empty[\s\S]*in\/06\/stall\.txt: input\/timeout/);
    expect(again.stderr).toMatch(/12 of them were there/);
    const longer = await vacancy([...args, '2']); // by the real worker, which reads it
    expect([longer.status, longer.stderr.includes('input/timeout')]).toEqual([1, false]);
    expect(longer.stderr).toMatch(/11 of them were there/);
  });

  test('of a folder does only what is new, changed or gone', async () => {
    await run('-d', 'out', '--resume');
    expect(existsSync('out/.vacancy-journal.ndjson')).toBe(true);
    const inode = (name: string) => exec('stat', ['-c', '%i %Y', name]).then(({ stdout }) => stdout);
    const before = await inode('out/01.txt.json');
    writeFileSync('in/02.txt', advert(88));
    writeFileSync('out/03.txt.json', '{}');
    rmSync('out/04.txt.json');
    const { stderr } = await vacancy(['parse', 'in', '-d', 'out', '--resume']);
    expect(stderr).toContain(`${MANY + 1 - 3} of them were there`);
    expect(await inode('out/01.txt.json')).toBe(before);
    await run('-d', 'fresh');
    for (const name of readdirSync('fresh')) {
      if (name.endsWith('.json'))
        expect(readFileSync(`out/${name}`, 'utf8')).toBe(readFileSync(`fresh/${name}`, 'utf8'));
    }
    expect(existsSync('fresh/.vacancy-journal.ndjson')).toBe(false);
  });

  test.each([
    ['without an output', ['--resume'], 'it needs -o or -d'],
    ['to a device', ['--resume', '-o', '/dev/null'], 'regular file'],
  ])('%s is refused', async (_, args, words) => {
    const { status, stderr } = await run(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('inputs that are found while the batch runs', () => {
  test('the records of a list come before the list ends', async () => {
    adverts('in');
    const child = spawn(process.execPath, [BIN, 'parse', '--files-from', '-', '-j', '1'], { cwd: dir });
    child.stdin.write('in/00.txt\nin/01.txt\n');
    let out = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    await until(() => recordsOf(out).length === 2);
    child.stdin.end('in/02.txt');
    await once(child, 'close');
    expect(recordsOf(out).map(({ source }) => source.path)).toEqual(['in/00.txt', 'in/01.txt', 'in/02.txt']);
  });

  test('a list that never ends is left on interrupt', async () => {
    adverts('in');
    const child = spawn(process.execPath, [BIN, 'parse', '--files-from', '-', '-j', '1'], { cwd: dir });
    child.stdin.write('in/00.txt\n');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0]).toBe(130);
  });

  test('a folder that cannot be read gives an error record, and the rest its records', async () => {
    adverts('in', 2);
    mkdirSync('in/01a');
    // As root every folder can be read: a link that is taken for one cannot.
    const { stdout } = await vacancy(['parse', 'in', 'in/gone/', '-q']);
    expect(recordsOf(stdout).map(({ source, error }) => [source.path, error?.code])).toEqual([
      ['in/00.txt', undefined],
      ['in/01.txt', undefined],
      ['in/gone/', 'input/not-found'],
    ]);
  });

  test('two names for one file of a folder are found in a list that comes once', async () => {
    adverts('in', 2);
    cpSync('in', 'twin', { recursive: true });
    const list = ['in/00.txt', 'in/01.txt', 'twin/01.txt', ''].join('\n');
    const { status, stderr } = await vacancy(['parse', '--files-from', '-', '-d', 'out'], { stdin: list });
    expect([status, existsSync('out')]).toEqual([2, false]);
    expect(stderr).toContain('in/01.txt and twin/01.txt would both be written to');
  });
});

describe('output that appears whole or not at all', () => {
  test('a link that waits where a file is to be written is not written through', async () => {
    adverts('in', 2);
    writeFileSync('victim', 'precious');
    symlinkSync(`${dir}/victim`, 'out.partial');
    symlinkSync(`${dir}/victim`, 'out.journal');
    expect((await vacancy(['parse', 'in', '-o', 'out', '-q'])).status).toBe(0);
    expect([readFileSync('victim', 'utf8'), recordsOf(readFileSync('out', 'utf8')).length]).toEqual(['precious', 2]);
  });

  test.each([
    ['through a link', ['real.txt', '-o', 'link.txt']],
    ['as the file on its way', ['out.partial', '-o', 'out']],
    ['as the journal', ['out.journal', '-o', 'out']],
    ['as the list', ['--files-from', 'out.txt', '-o', 'out.txt']],
  ])('an input is never written over: %s', async (_, args) => {
    for (const name of ['real.txt', 'out.partial', 'out.journal', 'out.txt']) writeFileSync(name, ADVERT);
    symlinkSync('real.txt', 'link.txt');
    const { status, stderr } = await vacancy(['parse', ...args]);
    expect([status, stderr]).toEqual([2, expect.stringContaining('would be written over')]);
    for (const name of ['real.txt', 'out.partial', 'out.journal', 'out.txt'])
      expect(readFileSync(name, 'utf8')).toBe(ADVERT);
  });

  test('a link is written through to the file that it leads to', async () => {
    writeFileSync('in.txt', ADVERT);
    writeFileSync('there', 'old');
    symlinkSync('there', 'link');
    expect((await vacancy(['parse', 'in.txt', '-o', 'link'])).status).toBe(0);
    expect(JSON.parse(readFileSync('there', 'utf8')).status).toBe('ok');
  });

  test('two runs to one file: one is refused, and the file is whole', async () => {
    adverts('in');
    mkdirSync('in/z');
    writeFileSync('in/z/slow.txt', ADVERT);
    const run = () => vacancy(['parse', 'in', '-q', '-o', 'out', '-j', '1'], { worker: MOCK });
    const first = run();
    await until(() => existsSync('out.partial'));
    const [one, two] = await Promise.all([first, run()]);
    expect([one.status, two.status].sort()).toEqual([0, 2]);
    expect(recordsOf(readFileSync('out', 'utf8')).length).toBe(MANY + 1);
  });

  test('where --errors cannot be opened nothing is left of -o', async () => {
    adverts('in', 2);
    expect((await vacancy(['parse', 'in', '-o', 'out', '--errors', 'no/such/folder'])).status).toBe(2);
    expect(readdirSync('.')).toEqual(['in']);
  });

  /** A shell in which no file can grow past some blocks of 512 bytes: a full disk. */
  const withLimit = (blocks: number, command: string) =>
    exec('sh', ['-c', `trap '' XFSZ; ulimit -f ${blocks}; ${command}`], { cwd: dir }).catch(
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  test.each([
    ['-o', `node ${BIN} parse in -o out -q`, 'out.partial'],
    ['standard output', `node ${BIN} parse in -q > out`, 'out'],
  ])('a full disk is an error, and what was written is whole: %s', async (_, command, file) => {
    adverts('in', 40);
    const failed = (await withLimit(30, command)) as { code: number; stderr: string };
    expect([failed.code, failed.stderr]).toEqual([2, expect.stringMatching(/^vacancy: cannot write/)]);
    const text = readFileSync(file, 'utf8');
    expect([text.endsWith('\n'), recordsOf(text).length > 5]).toEqual([true, true]);
  });

  test('a full disk is an error, and what was written is whole: -d', async () => {
    adverts('in', 3);
    writeFileSync(
      'in/01.txt',
      `${ADVERT}${'Driving licence: essential.\n'.repeat(20)}\nRequirements\n${'- Care\n'.repeat(2)}`,
    );
    writeFileSync(
      'in/02.txt',
      `${ADVERT}\nEssential criteria\n${[...Array(400).keys()].map((each) => `- Skill number ${each}\n`).join('')}`,
    );
    const failed = (await withLimit(20, `node ${BIN} parse in -d out -q`)) as { code: number; stderr: string };
    expect([failed.code, failed.stderr]).toEqual([2, expect.stringMatching(/^vacancy: cannot write/)]);
    expect(
      readdirSync('out')
        .filter((name) => !name.startsWith('.vacancy'))
        .sort(),
    ).toEqual(['00.txt.json', '01.txt.json']);
  });
});

describe('what a person sees', () => {
  test('a summary of several, on standard error', async () => {
    adverts('in', 3);
    writeFileSync('in/bad.pdf', '%PDF-1.7');
    writeFileSync('in/late.txt', ADVERT.replace('27 January 2026', '27 January'));
    const { stderr, stdout } = await vacancy(['parse', 'in']);
    expect(recordsOf(stdout).length).toBe(5);
    expect(stderr).toMatch(
      /vacancy: 4 parsed, 1 failed in [\d.]+ s \(\d+\/s\)\n {2}failed: {3}pdf\/corrupt 1\n {2}warnings: date\/no-year 1\n$/,
    );
    expect((await vacancy(['parse', 'in', '-q'])).stderr).toBe('');
    expect((await vacancy(['parse', 'in/00.txt'])).stderr).toBe('');
  });

  test('a bar on a terminal, gone at the end; in a log and with --no-progress none', async () => {
    adverts('in', 12);
    mkdirSync('in/z');
    writeFileSync('in/z/slow.txt', ADVERT);
    const seen = async (...args: string[]) => {
      const { stderr } = await vacancy(['parse', 'in', '-o', 'out', ...args], { worker: MOCK, isTerminal: true });
      return stderr;
    };
    expect(await seen()).toMatch(/\r\u001b\[2K█+░* .*13.*\r\u001b\[2Kvacancy: 13 parsed/s);
    expect(await seen('--no-progress')).toMatch(/^vacancy: 13 parsed/);
    expect(await seen('-q')).toBe('');
  });

  test('-v says the warnings, a failed input is named', async () => {
    writeFileSync('late.txt', ADVERT.replace('27 January 2026', '27 January'));
    const { stderr } = await vacancy(['parse', 'late.txt', 'none.txt', '-v']);
    expect(stderr).toMatch(/^late\.txt: date\/no-year: .*\nnone\.txt: input\/not-found: /);
  });
});

test('a slow reader slows the batch, and gets every byte', async () => {
  adverts('in', 60);
  const whole = (await vacancy(['parse', 'in', '-q'])).stdout;
  const child: ChildProcess = spawn(process.execPath, [BIN, 'parse', 'in', '-q'], { cwd: dir });
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
    child.stdout?.pause();
    setTimeout(() => child.stdout?.resume(), 20);
  });
  await once(child, 'close');
  expect(out).toBe(whole);
});

test('a reader that goes ends the batch quietly, and its processes', async () => {
  adverts('in', 60);
  const command = `node ${BIN} parse in -j 2 | head -n 1 | wc -l`;
  const { stdout, stderr } = await exec('bash', ['-c', `set -o pipefail; ${command}; echo "$?"`], { cwd: dir });
  expect([stdout, stderr]).toEqual(['1\n0\n', '']);
});
