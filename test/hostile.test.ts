import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ReadError } from '../src/model/diagnostic.ts';
import { parse } from '../src/parse.ts';
import {
  ADVERT_PART,
  BODY,
  deflatedBomb,
  docx,
  FRONT,
  htmlDocuments,
  LINES,
  link,
  MAIN,
  mainXml,
  nearlyNoise,
  type Part,
  paragraph,
  pdfDocuments,
  relationships,
  unicodePath,
  xmlDocuments,
  zip,
} from './hostile-documents.ts';
import { ADVERT, BIN, exec, ROOT, vacancy } from './support.ts';

/** A word that stands in the canary file and nowhere else. */
const CANARY = 'quokkabelfry';
const TITLE = LINES[0];
const MIB = 2 ** 20;

let dir: string;
let server: Server;
let calls = 0;
/** Documents that ask for the canary file and the server. */
let documents: Record<'xml' | 'pdf' | 'html', Record<string, Buffer>>;
const start = process.cwd();

beforeAll(async () => {
  dir = mkdtempSync(`${tmpdir()}/vacancy-hostile-`);
  process.chdir(dir);
  server = createServer((socket) => {
    calls++;
    socket.end(`HTTP/1.0 200 OK\r\n\r\n${CANARY}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  mkdirSync('secret');
  writeFileSync('secret/canary.txt', CANARY);
  const bait = { url: `http://127.0.0.1:${address.port}`, canary: `${dir}/secret/canary.txt` };
  documents = { xml: xmlDocuments(bait), pdf: pdfDocuments(bait), html: htmlDocuments(bait) };
});
beforeEach(() => rmSync('in', { recursive: true, force: true }));
/** Nothing that any document asks for is ever fetched. */
afterEach(() => expect(calls).toBe(0));
afterAll(() => {
  server.close();
  process.chdir(start);
  rmSync(dir, { recursive: true });
});

/** What a document's bytes give: a title or a code. */
async function outcomeOf(bytes: Buffer): Promise<string> {
  try {
    const { vacancy, document } = await parse(bytes, 'advert.docx');
    expect(document.text).not.toContain(CANARY);
    return vacancy.title?.toString() ?? 'no title';
  } catch (error) {
    return error instanceof ReadError ? error.code : String(error);
  }
}

/** The processor's time: what else the machine does is no part of it. */
function secondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The most memory that this process has held since it was last asked to forget it, in MiB; Linux keeps that. */
function peak(): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024;
  } catch {
    return process.memoryUsage.rss() / MIB;
  }
}
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // elsewhere the memory is looked at afterwards only
  }
}

describe('an archive', () => {
  const rels = (...links: string[]): Part => ({
    name: 'word/_rels/document.xml.rels',
    content: relationships(links.join('')),
  });
  const other = mainXml(LINES.map((line) => paragraph(line.replace('Night', 'Day'))).join(''));
  const word = (...parts: Part[]) => zip([...FRONT, ...parts]);
  const bomb = (mebibytes: number): Part => ({
    name: MAIN,
    packed: deflatedBomb(mebibytes),
    size: mebibytes * MIB,
  });
  const nested = () => word(bomb(300));
  const headers = () => {
    const content = Buffer.from(nearlyNoise(20));
    return [1, 2, 3, 4, 5].map((index) => ({ name: `word/header${index}.xml`, content }));
  };
  const whole = () => docx(mainXml(BODY));

  beforeAll(async () => {
    expect(await outcomeOf(whole())).toBe(TITLE); // what reads Word documents is loaded
  });

  const CASES: [string, string | undefined, () => Buffer][] = [
    ['300 MB in its main part', 'zip/bomb', () => word(bomb(300))],
    ['1 MB at more than 100:1', 'zip/bomb', () => docx(mainXml(`${BODY}${' '.repeat(MIB)}`))],
    [
      'parts that are each within the limit, and not together',
      'zip/bomb',
      () =>
        word(ADVERT_PART, rels(...[1, 2, 3, 4, 5].map((each) => link('header', `header${each}.xml`))), ...headers()),
    ],
    [
      '70,000 parts',
      'zip/bomb',
      () =>
        word(
          ADVERT_PART,
          ...[...Array(70_000).keys()].map((each) => ({ name: `word/${each}.xml`, packed: Buffer.from([3, 0]) })),
        ),
    ],
    ['100 MB that are said to be 10 bytes', 'zip/bomb', () => word({ ...bomb(100), size: 10 })],
    ['an advert that is said to be 10 bytes', 'docx/corrupt', () => word({ ...ADVERT_PART, size: 10 })],
    ['an advert that is said to be 4 GB', 'docx/corrupt', () => word({ ...ADVERT_PART, size: 2 ** 32 - 2 })],
    ['a bomb that nothing points at', TITLE, () => word(ADVERT_PART, { ...bomb(300), name: 'word/media/image1.png' })],
    [
      'an archive within it',
      TITLE,
      () =>
        word(
          ADVERT_PART,
          { name: 'word/embeddings/inner.docx', content: nested() },
          rels(link('package', 'embeddings/inner.docx')),
        ),
    ],
    [
      'a document within it that is a part of its text',
      TITLE,
      () =>
        word(
          { name: MAIN, content: mainXml(`${BODY}<w:altChunk r:id="chunk"/>`) },
          { name: 'word/inner.docx', content: nested() },
          rels(link('aFChunk', 'inner.docx').replace(/Id="\w+"/, 'Id="chunk"')),
        ),
    ],
    ['two main parts', 'docx/corrupt', () => word(ADVERT_PART, { name: MAIN, content: other })],
    [
      'two main parts whose names differ in case',
      'docx/corrupt',
      () => word(ADVERT_PART, { name: 'Word/Document.XML', content: other }),
    ],
    [
      'two main parts, one with a backslash',
      'docx/corrupt',
      () => word(ADVERT_PART, { name: 'word\\document.xml', content: other }),
    ],
    [
      'another name before the bytes of a part',
      'docx/corrupt',
      () => word(ADVERT_PART, { name: 'word/other.xml', localName: MAIN, content: other }),
    ],
    [
      'a name in an extra field that is not the name',
      'docx/corrupt',
      () => word({ name: 'word/other.xml', content: other, extra: unicodePath('word/other.xml', MAIN) }),
    ],
    [
      'parts that share their bytes',
      'docx/corrupt',
      () => word(ADVERT_PART, ...[...Array(1000).keys()].map((each) => ({ name: `word/${each}.xml`, sameAs: 2 }))),
    ],
    ...['../../evil.xml', 'word/../../../etc/passwd', '/etc/passwd', 'C:/evil.xml', '..\\..\\evil.xml', '\\evil'].map(
      (name): [string, string, () => Buffer] => [
        `a part named ${name}`,
        'docx/corrupt',
        () => word(ADVERT_PART, { name, content: other }),
      ],
    ),
    ['a part whose name ends early', TITLE, () => word(ADVERT_PART, { name: `${MAIN}\0.png`, content: other })],
    ['an encrypted part', 'docx/encrypted', () => word(ADVERT_PART, { name: 'word/styles.xml', flags: 1 })],
    ['a strongly encrypted part', 'docx/corrupt', () => word(ADVERT_PART, { name: 'word/a.xml', flags: 0x41 })],
    ...[0.1, 0.5, 0.9, 0.999].map((share): [string, string, () => Buffer] => [
      `only ${share} of its bytes`,
      'docx/corrupt',
      () => whole().subarray(0, Math.floor(whole().length * share)),
    ]),
    ...[0, 1, 3, 5, 1999].map((count): [string, string, () => Buffer] => [
      `four parts and a count of ${count}`,
      'docx/corrupt',
      () => zip([...FRONT, ADVERT_PART, { name: 'word/a.xml' }], { count }),
    ]),
    [
      'a list of its parts that is said to be shorter',
      'docx/corrupt',
      () => zip([...FRONT, ADVERT_PART], { directorySize: 90 }),
    ],
  ];

  test.each(CASES)('with %s gives %s, soon and in little memory', async (_, expected, make) => {
    const bytes = make();
    forgetPeak();
    const before = process.memoryUsage.rss() / MIB;
    const usage = process.cpuUsage();
    const outcome = await outcomeOf(bytes);
    const [took, grown] = [secondsSince(usage), peak() - before];
    expect(outcome).toBe(expected);
    expect(took).toBeLessThan(1);
    expect(grown).toBeLessThan(130); // 64 MiB of parts at most, and the text of the one in hand
  });
});

/** Writes documents to a folder, as files of one extension. */
function write(folder: string, documents: Record<string, Buffer>, extension: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(documents)) writeFileSync(`${folder}/${name}.${extension}`, bytes);
}

/** Reads a folder in worker processes: what each document gave, by name. */
async function inWorkers(folder: string, ...args: string[]): Promise<Map<string, string>> {
  const { status, stdout, lines } = await vacancy(['parse', folder, '-q', ...args]);
  expect(status === 0 || status === 1).toBe(true);
  expect(stdout).not.toContain(CANARY);
  const records = lines();
  expect(records.map(({ source }) => source.path)).toEqual(
    readdirSync(folder)
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  return new Map(
    records.map(({ source, error, vacancy: read }) => [
      source.path.replace(/^.*\/|\.\w+$/g, ''),
      error?.code ?? read.title,
    ]),
  );
}

/** What all have to give, but for those that are named. */
const allBut = (names: Iterable<string>, otherwise: string, exceptions: Record<string, string>) =>
  new Map([...names].map((name) => [name, exceptions[name] ?? otherwise]));

describe('the XML of a Word document', () => {
  test('reaches nothing, and is read or refused', async () => {
    write('in', documents.xml, 'docx');
    const outcomes = await inWorkers('in', '--timeout', '20');
    const refused = [
      // entities that a document declares are never looked up
      'entity-file',
      'entity-http',
      'billion-laughs',
      'quadratic-entity',
      // deeper than any document
      'nested-paragraphs',
      'nested-tables',
      'nested-controls',
      'nested-runs',
      'nested-somewhat',
      'never-closed',
    ];
    expect(outcomes).toEqual(
      allBut(outcomes.keys(), TITLE ?? '', Object.fromEntries(refused.map((name) => [name, 'docx/corrupt']))),
    );
  });

  test.each(['billion-laughs', 'quadratic-entity', 'entity-unused', 'many-attributes', 'many-namespaces'])(
    '%s is done with in a second',
    async (name) => {
      const bytes = documents.xml[name] ?? Buffer.alloc(0);
      await outcomeOf(docx(mainXml(BODY))); // what reads Word documents is loaded
      const usage = process.cpuUsage();
      await outcomeOf(bytes);
      expect(secondsSince(usage)).toBeLessThan(1);
    },
  );
});

/** PDFs that cost a machine more than an advert may; whichever limit they meet first is what they give. */
const COSTLY = [
  'flate-bomb',
  'flate-bomb-twice',
  'flate-bomb-text',
  'font-bomb',
  'form-laughs',
  'operators-million',
  'operators-saved',
  'pages-many',
];

describe('a PDF', () => {
  const some = (isCostly: boolean) =>
    Object.fromEntries(Object.entries(documents.pdf).filter(([name]) => COSTLY.includes(name) === isCostly));

  test('reaches nothing, and is read or refused', async () => {
    write('in', some(false), 'pdf');
    const outcomes = await inWorkers('in', '--timeout', '20');
    expect(outcomes).toEqual(
      allBut(outcomes.keys(), TITLE ?? '', {
        'dictionaries-deep': 'pdf/corrupt',
        'object-stream-self': 'pdf/corrupt',
        'pages-loop': 'pdf/corrupt',
        'pages-self': 'pdf/corrupt',
        'reference-loop': 'pdf/corrupt',
        'page-endless': 'N i g h t', // so far apart are its letters
      }),
    );
  });

  test('that costs too much is stopped at the time limit', async () => {
    write('in', some(true), 'pdf');
    const startedAt = performance.now();
    const outcomes = await inWorkers('in', '--timeout', '2', '-j', '3');
    for (const [name, outcome] of outcomes)
      expect([name, outcome]).toEqual([
        name,
        expect.stringMatching(/^(?:input\/timeout|worker\/out-of-memory|Night Porter)$/),
      ]);
    expect([outcomes.get('flate-bomb'), outcomes.get('form-laughs')]).not.toContain(TITLE);
    expect(performance.now() - startedAt).toBeLessThan(20_000); // three rounds of two seconds, and some
  });

  test('that takes too much memory is stopped there', async () => {
    write('in', { bomb: documents.pdf['flate-bomb'] ?? Buffer.alloc(0) }, 'pdf');
    const outcomes = await inWorkers('in', '--timeout', '20', '--max-memory', '300');
    expect(outcomes.get('bomb')).toBe('worker/out-of-memory');
  });
});

test('a page asks for nothing, and nothing in it is run', async () => {
  write('in', documents.html, 'html');
  const outcomes = await inWorkers('in', '--timeout', '20');
  expect(outcomes).toEqual(allBut(outcomes.keys(), TITLE ?? '', {}));
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a worker process makes no code of strings', async () => {
  mkdirSync('in');
  for (let index = 0; index < 9; index++) writeFileSync(`in/${index}.txt`, ADVERT); // more than are read without one
  writeFileSync('in/evaluate.txt', ADVERT);
  const { status, stdout } = await vacancy(['parse', 'in', '-q', '-j', '1'], { worker: `${ROOT}test/mock-worker.mjs` });
  expect([status, stdout.includes('worker/crashed')]).toEqual([0, false]);
});

const hasStrace = (() => {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasStrace)('hostile documents make no network calls and touch no other files (needs strace)', async () => {
  const {
    actions,
    javascript,
    'cmap-outside': cmap,
    'stream-outside': out,
    'stream-outside-url': away,
    ...rest
  } = documents.pdf;
  const xml = Object.entries(documents.xml).filter(([name]) => /entity|external|outside/.test(name));
  write(
    'in',
    { actions, javascript, cmap, out, away, postscript: rest['postscript-words'] } as Record<string, Buffer>,
    'pdf',
  );
  write('in', Object.fromEntries(xml), 'docx');
  write('in', documents.html, 'html');
  const calls =
    'network,open,openat,openat2,creat,execve,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat,truncate';
  const trace = ['-f', '-s', '4096', '-e', `trace=${calls}`, '-o', 'trace', process.execPath, BIN];
  const { stdout } = await exec('strace', [...trace, 'parse', 'in', '-q', '-j', '1', '--fail-on', 'never'], {
    // Nothing of what this machine asks of Node: certificates that are read at its start, modules that are preloaded.
    env: { PATH: process.env.PATH ?? '' },
  });
  expect(stdout.trim().split('\n').length).toBe(readdirSync('in').length);
  expect(stdout).not.toMatch(new RegExp(`${CANARY}|internal/unexpected|worker/crashed`));

  const lines = readFileSync('trace', 'latin1').split('\n');
  const made = (...names: string[]) =>
    lines.filter((line) => new RegExp(`^\\d+ +(?:${names.join('|')})\\(`).test(line));
  // The parent talks to its worker by a pair of sockets that has no address; nothing else is a socket, or gets one.
  expect(made('socketpair').length).toBeGreaterThan(0);
  expect(made('socketpair').filter((line) => !line.includes('AF_UNIX'))).toEqual([]);
  expect(made('socket', 'connect', 'bind', 'listen', 'accept4?', 'sendto')).toEqual([]);
  // Node is run as the command and as its one worker, and no other program is.
  expect(made('execve').filter((line) => !line.includes(`execve("${process.execPath}"`))).toEqual([]);
  expect(made('execve').length).toBe(2);
  expect(made('creat', 'unlink(?:at)?', 'rename(?:at2?)?', 'mkdir(?:at)?', '(?:sym)?link(?:at)?', 'truncate')).toEqual(
    [],
  );

  const opened = made('open', 'openat2?').map((line) => ({
    line,
    path: /"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? '',
    isWritten: /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(line),
  }));
  for (const name of readdirSync('in')) expect(opened.map(({ path }) => path)).toContain(`in/${name}`);
  // The worker's standard input and output go nowhere: that is the one thing opened to be written to.
  expect(opened.filter(({ path, isWritten }) => isWritten && path !== '/dev/null')).toEqual([]);
  const places = [
    /^in(?:\/|$)/, // the documents, and their folder
    new RegExp(`^${ROOT.replace(/[.+()[\]]/g, '\\$&')}(?:bin|dist|node_modules|package\\.json)`), // the program and its libraries
    /^\/(?:usr|lib|lib64|opt)\/(?!.*fonts)/, // Node and its libraries
    /^\/etc\/(?:ld\.so\.|ssl\/openssl\.cnf|localtime$)/, // the loader's and OpenSSL's settings, the time zone
    /^\/proc\/(?:self|meminfo|cpuinfo|version_signature|stat|sys\/vm\/overcommit_memory)/, // how much memory there is; the worker's own
    /^\/sys\/(?:fs\/cgroup|devices\/system\/cpu)/, // the same of a container
    /^\/dev\/(?:null|urandom)$/,
    new RegExp(`^${process.execPath.replace(/bin\/node$/, '')}`), // a Node that is installed elsewhere
  ];
  expect(opened.filter(({ path }) => !places.some((place) => place.test(path)))).toEqual([]);
  expect(lines.filter((line) => line.includes('secret/canary') && !line.includes('execve'))).toEqual([]);
});
