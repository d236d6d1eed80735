// The whole product against the bare libraries and against what a user would take instead, on a folder that it makes
// itself: wall time of whole commands, medians of several rounds in which they take turns. Ratios, for the machine is noisy.
//   npm run bench [-- ROUNDS]     (5)
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { advertFiles } from './mix.mjs';

const ROOT = new URL('..', import.meta.url).pathname;
const BIN = `${ROOT}bin/vacancy.js`;
const BARE = `${ROOT}test/bench-bare.mjs`;
const PYTHON = '/usr/bin/python3';
const SCRIPT = `${ROOT}test/bench-python.py`;
const ROUNDS = Number(process.argv[2] ?? 5);
const EACH = { pdf: 480, docx: 480, txt: 120, html: 60, md: 60 };
const PAIRS = 31;

const dir = mkdtempSync(`${tmpdir()}/vacancy-bench-`);
const print = (line) => process.stdout.write(`${line}\n`);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs commands side by side to their ends: seconds. */
async function timed(...commands) {
  const started = performance.now();
  await Promise.all(
    commands.map(
      ([command, ...args]) =>
        new Promise((resolve, reject) => {
          const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'], cwd: dir });
          child.on('error', reject);
          child.on('close', (status) =>
            status === 0 ? resolve() : reject(new Error(`${[command, ...args].join(' ').slice(0, 200)}: ${status}`)),
          );
        }),
    ),
  );
  return (performance.now() - started) / 1000;
}

/** The most memory that a command and its processes hold at once, MiB: their resident pages, shared ones in each. */
async function peak(command, ...args) {
  const child = spawn(command, args, { stdio: 'ignore', cwd: dir });
  let most = 0;
  const pages = (pid) => Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  const timer = setInterval(() => {
    try {
      const below = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').trim().split(' ');
      const sum = [child.pid, ...below.filter(Boolean)].reduce((total, pid) => total + pages(pid), 0);
      most = Math.max(most, sum / 256);
    } catch {
      // one has just ended
    }
  }, 50);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return most;
}

function makeFolder() {
  for (const [extension, count] of Object.entries(EACH)) {
    const files = advertFiles([extension]);
    mkdirSync(`${dir}/${extension}`);
    for (let index = 0; index < count; index++)
      writeFileSync(
        `${dir}/${extension}/${String(index).padStart(4, '0')}.${extension}`,
        files[index % files.length].bytes,
      );
  }
  mkdirSync(`${dir}/mixed`);
  for (const extension of Object.keys(EACH))
    for (const name of readdirSync(`${dir}/${extension}`).slice(0, EACH[extension] / 2))
      copyFileSync(`${dir}/${extension}/${name}`, `${dir}/mixed/${name}`);
}

const filesOf = (extension) => readdirSync(`${dir}/${extension}`).map((name) => `${dir}/${extension}/${name}`);
const halves = (files) => [files.filter((_, index) => index % 2 === 0), files.filter((_, index) => index % 2 === 1)];
const own = (folder, jobs, ...more) => [
  process.execPath,
  BIN,
  'parse',
  folder,
  '-j',
  String(jobs),
  '-q',
  '-o',
  '/dev/null',
  ...more,
];
const bare = (kind, files) => [process.execPath, BARE, kind, ...files];
const has = (module) => {
  try {
    execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const onPath = (command) => (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${command}`));

/** Rounds of several measurements, in turn: their medians. */
async function compare(measurements, rounds = ROUNDS) {
  const times = Object.fromEntries(Object.keys(measurements).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, measure] of Object.entries(measurements)) times[name].push(await measure());
  return times;
}

/** The median of the ratios within each round. */
const ratio = (above, below) => median(above.map((time, round) => time / below[round]));

async function batches() {
  const [pdfs, docxs] = [filesOf('pdf'), filesOf('docx')];
  const measurements = {
    barePdf: () => timed(bare('pdf', pdfs)),
    barePdf2: () => timed(...halves(pdfs).map((half) => bare('pdf', half))),
    pdf: () => timed(own('pdf', 1)),
    pdf2: () => timed(own('pdf', 2)),
    bareDocx: () => timed(bare('docx', docxs)),
    docx: () => timed(own('docx', 1)),
    docx2: () => timed(own('docx', 2)),
    mixed2: () => timed(own('mixed', 2)),
  };
  if (has('pdfminer')) measurements.pdfminer = () => timed([PYTHON, SCRIPT, 'pdf', '2', ...pdfs]);
  if (has('docx')) measurements.pythonDocx = () => timed([PYTHON, SCRIPT, 'docx', '2', ...docxs]);
  const shell =
    'for f in mixed/*; do case $f in *.pdf) pdftotext -layout "$f" -;; *.docx) docx2txt "$f" -;; *) cat "$f";; esac; done';
  if (onPath('pdftotext') && onPath('docx2txt')) measurements.shell = () => timed(['sh', '-c', shell]);
  const times = await compare(measurements);
  const perSecond = (name, count) => `${(count / median(times[name])).toFixed(0)}/s`;
  print(`PDF, ${pdfs.length} of them (${ROUNDS} rounds):`);
  print(
    `  one process: ${perSecond('pdf', pdfs.length)}, ${ratio(times.pdf, times.barePdf).toFixed(2)} times a bare pdf-parse loop (${perSecond('barePdf', pdfs.length)})`,
  );
  const [speedUp, bareSpeedUp] = [ratio(times.pdf, times.pdf2), ratio(times.barePdf, times.barePdf2)];
  print(
    `  two processes: ${perSecond('pdf2', pdfs.length)}, ${speedUp.toFixed(2)} times as fast as one; two bare loops ${bareSpeedUp.toFixed(2)} times as one: ${(speedUp / bareSpeedUp).toFixed(2)} of it`,
  );
  if (times.pdfminer)
    print(
      `  ${ratio(times.pdfminer, times.pdf2).toFixed(1)} times the PDFs per second of pdfminer.six in two processes (${perSecond('pdfminer', pdfs.length)})`,
    );
  else print('  pdfminer.six: not installed (python3-pdfminer)');
  print(`Word, ${docxs.length}:`);
  print(
    `  one process: ${perSecond('docx', docxs.length)}, ${ratio(times.docx, times.bareDocx).toFixed(2)} times a bare extractRawText loop (${perSecond('bareDocx', docxs.length)})`,
  );
  if (times.pythonDocx)
    print(
      `  ${ratio(times.pythonDocx, times.docx2).toFixed(1)} times the documents per second of python-docx in two processes (${perSecond('pythonDocx', docxs.length)})`,
    );
  else print('  python-docx: not installed (python3-docx)');
  const mixed = readdirSync(`${dir}/mixed`).length;
  print(`All kinds, ${mixed} files: two processes ${perSecond('mixed2', mixed)}`);
  if (times.shell)
    print(
      `  ${ratio(times.shell, times.mixed2).toFixed(2)} times as fast as a shell loop over pdftotext, docx2txt and cat, which makes text only (${perSecond('shell', mixed)})`,
    );
  else print('  shell loop: not measured (poppler-utils and docx2txt are not installed)');
}

async function memory() {
  const [one, two, loop] = [
    await peak(...own('mixed', 1)),
    await peak(...own('mixed', 2)),
    await peak(...bare('pdf', filesOf('pdf').slice(0, 120))),
  ];
  print(
    `Memory at the most, of all processes: ${one.toFixed(0)} MiB at -j 1, ${two.toFixed(0)} MiB at -j 2; a bare pdf-parse loop ${loop.toFixed(0)} MiB`,
  );
}

/** User and system time of a command, seconds, as bash counts it. */
function cpu(...command) {
  const line = command.map((word) => `'${word}'`).join(' ');
  const script = `TIMEFORMAT='%U %S'; { time ${line} >/dev/null 2>/dev/null; } 2>&1`;
  const [user, system] = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: dir })
    .trim()
    .split(' ')
    .map(Number);
  return user + system;
}

async function startUp() {
  writeFileSync(`${dir}/empty.js`, '');
  const times = await compare(
    {
      empty: () => cpu(process.execPath, `${dir}/empty.js`),
      version: () => cpu(process.execPath, BIN, '--version'),
      text: () => cpu(process.execPath, BIN, 'parse', `${ROOT}fixtures/adverts/plain-prose/advert.txt`),
      longText: () => cpu(process.execPath, BIN, 'parse', `${ROOT}fixtures/adverts/council-pack/advert.txt`),
      pdf: () => cpu(process.execPath, BIN, 'parse', `${ROOT}fixtures/adverts/trac-page/advert.pdf`),
    },
    PAIRS,
  );
  const of = (name) =>
    `${ratio(times[name], times.empty).toFixed(2)} times an empty Node (${(1000 * median(times[name])).toFixed(0)} ms)`;
  print(
    `Start-up, user and system time, ${PAIRS} rounds: --version ${of('version')}; a short text ${of('text')}; a long one ${of('longText')}; a PDF, with its process, ${of('pdf')}`,
  );
}

try {
  makeFolder();
  await startUp();
  await batches();
  await memory();
} finally {
  rmSync(dir, { recursive: true });
}
