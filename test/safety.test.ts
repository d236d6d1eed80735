import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ADVERT, askDuckDb, DUCKDB, exec, has, inOwnFolder, vacancy } from './support.ts';

let dir: string;
inOwnFolder('safety', (folder) => {
  dir = folder;
});

const recordsOf = (ndjson: string) =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const codesOf = (ndjson: string) => recordsOf(ndjson).map(({ status, error }) => (status === 'ok' ? 'ok' : error.code));
const isWindows = process.platform === 'win32';

/** What a terminal obeys, or shows otherwise than it stands. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const NASTY = '\u001b]0;owned\u0007\u009b31m\u202ereversed\u2066\u007f\b';

describe('inputs', () => {
  test.skipIf(isWindows)(
    'a pipe, a device, a socket and a folder that are named are no files, and nothing waits for them',
    async () => {
      execFileSync('mkfifo', ['pipe.txt']);
      const server = createServer().listen(`${dir}/socket.txt`);
      writeFileSync('a.txt', ADVERT);
      writeFileSync('list', 'pipe.txt\0socket.txt\0/dev/zero\0/dev/tty\0a.txt\0', 'latin1');
      const { status, stdout } = await vacancy(['parse', '--files-from', 'list', '-0', '-q']);
      server.close();
      expect([status, codesOf(stdout)]).toEqual([1, [...Array(4).fill('input/not-readable'), 'ok']]);
    },
  );

  test.skipIf(isWindows)(
    'a file that is longer than it says is read to its end, and no further than the limit',
    async () => {
      const { stdout } = await vacancy(['parse', '/proc/self/status', '-f', 'ndjson', '-q']);
      const [record] = recordsOf(stdout);
      expect(record.source.bytes).toBeGreaterThan(100);
      const limited = await vacancy(['parse', '/proc/self/status', '-f', 'ndjson', '-q', '--max-bytes', '100']);
      expect(codesOf(limited.stdout)).toEqual(['input/too-large']);
    },
  );

  test('links that lead round in a folder are not followed', async () => {
    mkdirSync('in/deep', { recursive: true });
    writeFileSync('in/deep/a.txt', ADVERT);
    symlinkSync('..', 'in/deep/round');
    const { stdout } = await vacancy(['parse', 'in']);
    expect(recordsOf(stdout).map(({ source }) => source.path)).toEqual(['in/deep/a.txt']);
  });

  test('a file that goes while the batch runs gives its own error and no other', async () => {
    mkdirSync('in');
    for (const name of ['a', 'b', 'c']) writeFileSync(`in/${name}.txt`, ADVERT);
    const running = vacancy(['parse', 'in', '-q'], {
      onOutput: () => rmSync('in/c.txt', { force: true }),
    });
    rmSync('in/b.txt');
    const { stdout } = await running;
    expect(recordsOf(stdout)[0].source.path).toBe('in/a.txt');
    expect(codesOf(stdout).filter((code) => code !== 'ok' && code !== 'input/not-found')).toEqual([]);
  });
});

describe.skipIf(isWindows)('names', () => {
  const raw = (...parts: (string | number)[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))));
  const ODD = [
    raw('in/', 0xff, '.txt'),
    raw('in/caf', 0xe9, '.txt'),
    raw('in/', 0xed, 0xa0, 0x80, '.txt'),
    raw('in/cut', 0xe2, 0x82, '.txt'),
    raw('in/\ufffd.txt'),
    raw('in/new\nline.txt'),
    raw('in/🧑‍🍳.txt'),
  ];

  beforeEach(() => {
    mkdirSync('in');
    for (const [index, name] of ODD.entries()) writeFileSync(name, ADVERT.replace('Care', `Care ${index}`));
  });

  test('that are no UTF-8, or hold a line feed, are read: found in a folder, or in a list', async () => {
    const { status, stdout } = await vacancy(['parse', 'in', '-q']);
    expect([status, recordsOf(stdout).length]).toEqual([0, ODD.length]);
    expect(new Set(recordsOf(stdout).map(({ vacancy: { title } }) => title)).size).toBe(ODD.length);
    expect(recordsOf(stdout).map(({ source }) => source.path)).toContain('in/caf\ufffd.txt');
    writeFileSync('list', Buffer.concat(ODD.flatMap((name) => [name, Buffer.of(0)])));
    const listed = await vacancy(['parse', '--files-from', 'list', '-0', '-q']);
    expect(codesOf(listed.stdout)).toEqual(ODD.map(() => 'ok'));
  });

  test('are mirrored byte for byte, and found again with --resume', async () => {
    const { status } = await vacancy(['parse', 'in', '-d', 'out', '--resume', '-q']);
    const bytes = (folder: string) =>
      readdirSync(folder, { encoding: 'buffer' })
        .map((name) => name.toString('latin1'))
        .filter((name) => !name.startsWith('.'))
        .sort();
    expect([status, bytes('out')]).toEqual([
      0,
      bytes('in')
        .map((name) => `${name}.json`)
        .sort(),
    ]);
    const again = await vacancy(['parse', 'in', '-d', 'out', '--resume']);
    expect(again.stderr).toContain(`${ODD.length} of them were there from an earlier run`);
  });

  test('of 255 bytes are cut to make room, each to a name of its own, and found again', async () => {
    const names = ['a', 'b'].map((end) => `${'é'.repeat(125)}${end}.txt`);
    rmSync('in', { recursive: true });
    mkdirSync('in');
    for (const name of names) writeFileSync(`in/${name}`, ADVERT);
    const { status, stderr } = await vacancy(['parse', 'in', '-d', 'out', '--resume']);
    expect([status, stderr]).toEqual([0, expect.stringContaining('2 parsed')]);
    const written = readdirSync('out').filter((name) => !name.startsWith('.'));
    expect(written.length).toBe(2);
    for (const name of written) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    const again = await vacancy(['parse', 'in', '-d', 'out', '--resume']);
    expect(again.stderr).toContain('2 of them were there from an earlier run');
  });
});

describe('an output folder', () => {
  test('a record and a folder of one name are refused before any work', async () => {
    mkdirSync('in/a.txt.json', { recursive: true });
    writeFileSync('in/a.txt', ADVERT);
    writeFileSync('in/a.txt.json/b.txt', ADVERT);
    const { status, stderr } = await vacancy(['parse', 'in', '-d', 'out']);
    expect([status, stderr, existsSync('out')]).toEqual([
      2,
      expect.stringMatching(/in\/a\.txt.* and in\/a\.txt.* would both be written to .*a\.txt\.json/),
      false,
    ]);
  });

  test('names that differ in case or in normal form are each written, where the file system keeps them apart', async () => {
    mkdirSync('in');
    for (const name of ['é.txt', 'e\u0301.txt', 'a.txt', 'A.txt']) writeFileSync(`in/${name}`, ADVERT);
    const kept = readdirSync('in').length;
    const { status } = await vacancy(['parse', 'in', '-d', 'out', '-q']);
    expect([status, readdirSync('out').length]).toEqual([0, kept]);
  });

  test('and refused where it does not', async () => {
    vi.resetModules();
    vi.doMock('../src/batch/output.ts', async (original) => ({
      ...(await original<typeof import('../src/batch/output.ts')>()),
      foldsNames: async () => true,
    }));
    const { vacancy: folding } = await import('./support.ts');
    mkdirSync('in');
    for (const name of ['é.txt', 'e\u0301.txt']) writeFileSync(`in/${name}`, ADVERT);
    expect((await folding(['parse', 'in', '-d', 'out'])).status).toBe(2);
    rmSync('in/é.txt');
    for (const name of ['a.txt', 'A.txt']) writeFileSync(`in/${name}`, ADVERT);
    expect((await folding(['parse', 'in', '-d', 'out'])).stderr).toMatch(/would both be written to/);
    vi.doUnmock('../src/batch/output.ts');
  });

  test('nothing is written outside of it: through a link in it, or by a name that leads up', async () => {
    mkdirSync('in/sub', { recursive: true });
    writeFileSync('in/sub/a.txt', ADVERT);
    mkdirSync('out');
    mkdirSync('elsewhere');
    symlinkSync('../elsewhere', 'out/sub');
    const linked = await vacancy(['parse', 'in', '-d', 'out']);
    expect([linked.status, readdirSync('elsewhere')]).toEqual([2, []]);
    writeFileSync('up.txt', ADVERT);
    await vacancy(
      ['parse', 'in/../up.txt', 'in/sub/../../up.txt', `${dir}/up.txt`, '-d', 'out2'].slice(0, 2).concat('-d', 'out2'),
    );
    expect(readdirSync('out2')).toEqual(['up.txt.json']);
  });
});

describe('what is printed', () => {
  test('holds nothing that a terminal obeys: of an advert, a name, an error, in any command', async () => {
    const name = `${NASTY.replaceAll('/', '')}.txt`;
    writeFileSync(
      name,
      `Care ${NASTY} Assistant\n\nSalary: £12.60 ${NASTY} per hour\nClosing date: ${NASTY}27 January\n`,
    );
    const runs = [
      ['parse', name, '-v', '--evidence'],
      ['parse', name, `${NASTY}.pdf`, '-v'],
      ['explain', name],
      ['text', name],
      ['text', NASTY],
      ['parse', NASTY, '-d', 'out', '-o', NASTY],
      ['parse', `--${NASTY}`],
      [NASTY],
      ['parse', name, '-o', `${NASTY}/out`],
      ['parse', name, '--shard', NASTY],
      ['schema', NASTY],
    ];
    for (const args of runs) {
      const { stdout, stderr } = await vacancy(args);
      expect([args, OBEYED.exec(stdout)?.[0], OBEYED.exec(stderr)?.[0]]).toEqual([args, undefined, undefined]);
    }
  });

  test('on standard error is one line for one thing: a line feed in a name is none', async () => {
    const { stderr } = await vacancy(['parse', 'x\nvacancy: 5 parsed, 0 failed.txt', '-f', 'ndjson']);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
  });

  test('on standard error is never an advert', async () => {
    writeFileSync(
      'a.txt',
      `${ADVERT}Closing date: 3 March 2026 zyxwv\nHours: 20 hours a week zyxwv\nHours: 30 hours a week zyxwv\n`,
    );
    writeFileSync('b.docx', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.from('zyxwv'.repeat(100))]));
    const { stdout, stderr } = await vacancy(['parse', 'a.txt', 'b.docx', '-v', '--color', 'never']);
    expect(stdout).toContain('zyxwv');
    expect(stderr).not.toContain('zyxwv');
    expect(stderr).toMatch(/a\.txt: closingDate\/conflict: \/closingDate, characters \d+ to \d+\n/);
  });

  describe('is JSON', () => {
    async function written() {
      writeFileSync(
        'a.txt',
        `Care ${NASTY} Assistant \u{1f916} £ “q” \\ " \u2028\n\nSalary: £12.60 per hour ${NASTY}\n`,
      );
      writeFileSync(
        'b.txt',
        Buffer.from('43617265ff fe00c328 eda080 0a 53616c6172793a20a331320a'.replaceAll(' ', ''), 'hex'),
      );
      writeFileSync('c\n\u2028\u202e.txt', ADVERT);
      await vacancy(['parse', 'a.txt', 'b.txt', 'c\n\u2028\u202e.txt', '--evidence', '-o', 'out.ndjson', '-q']);
      const text = readFileSync('out.ndjson', 'utf8');
      expect(text).not.toMatch(OBEYED);
      expect(recordsOf(text).length).toBe(3);
      return recordsOf(text);
    }
    const python = 'import json\nfor l in open("out.ndjson",encoding="utf8"): print(json.dumps(json.loads(l)))';

    for (const [program, args] of [
      ['jq', ['-c', '.', 'out.ndjson']],
      ['python3', ['-c', python]],
    ] as const)
      test.skipIf(!has(program))(`that ${program} reads alike`, async () => {
        const mine = await written();
        expect(recordsOf((await exec(program, args)).stdout)).toEqual(mine);
      });

    test.skipIf(DUCKDB === null)('that DuckDB reads alike', async () => {
      const mine = await written();
      const rows = await askDuckDb(
        "select source.path as path, vacancy.title as title, vacancy.pay.text as pay, vacancy.pay.min as min from read_json('out.ndjson')",
      );
      expect(rows).toEqual(
        mine.map(({ source, vacancy: stated }) => ({
          path: source.path,
          title: stated?.title ?? null,
          pay: stated?.pay?.text ?? null,
          min: stated?.pay?.min ?? null,
        })),
      );
    });
  });
});
