// What a second checker (recheck) says of every pattern of the program, and a measurement of each that it does not call
// linear: up to 10 MB of its worst text, for the pattern alone and for the whole program.
//   npm run recheck [-- --new] [-- --write]
// --write keeps the list in polynomial.json. --new takes over what that list has, and asks and measures only what is not in
// it, or was too much. Everything takes a quarter of an hour.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

/** Milliseconds that recheck has for one pattern. */
const CHECK = 8_000;
/** And the search for a text, where recheck has none. */
const SEARCH = 8_000;
/** Characters; each is twice the one before. */
const SIZES = [1.25e6, 2.5e6, 5e6, 10e6];
/** A pattern alone begins with fewer, so that one that is not linear is known before it hangs. */
const FIRST = 10e6 / 2 ** 9;
/** No doubling of the text may multiply the time by more. Less than a tenth of a second is noise. */
const MOST = 2.3;
const SECONDS_THAT_COUNT = 0.1;
/** Rounds at most, and four times as many where one is short: more than one only where a ratio is too much. */
const ROUNDS = 5;
/** A measurement that takes longer is cut off: that is no linear time. */
const CUT_OFF = 240_000;
const FILE = new URL('polynomial.json', import.meta.url);

// --- What a process beside it does ---

const WORK = {
  async check({ source, flags }) {
    const { checkSync } = await import('recheck');
    const { status, complexity, attack, error } = checkSync(source, flags, { timeout: CHECK });
    if (status === 'safe') return null;
    return {
      says: status === 'vulnerable' ? degreeOf(complexity) : `cannot decide (${error.kind})`,
      attack: attack === undefined ? null : { pumps: attack.pumps.map(partsOf), suffix: attack.suffix },
    };
  },
  /** A text for a pattern of which recheck has none: of the pattern's own words and some others, what costs it the most. */
  search({ source, flags }) {
    const pattern = globally(source, flags);
    const words = source
      .replace(/\\(?:u[\da-f]{4}|x[\da-f]{2}|p\{[^}]*\}|k?<\w+>|.)/gi, ' ')
      .replace(/\[[^\]]*\]|\{[\d,]+\}|\(\?<\w+>/g, ' ')
      .match(/[A-Za-z£%&]+/g);
    const plain = ['a', 'A', '1', '£1', '.', ',', '(', '-'];
    const runs = ['a', 'A', 'Aa', '1', '1,', 'a ', 'Aa ', '1 ', '£1 ', ' '].map((each) => each.repeat(100));
    const pumps = [...[...plain, ...new Set(words)].flatMap((word) => [word, `${word} `]), ...runs];
    const until = performance.now() + SEARCH;
    costOf(pattern, 'warm '); // the first run compiles the pattern, and would be the dearest
    let best = { pump: ' ', cost: 0 };
    for (let turn = 0; turn < 3; turn++) {
      const before = best;
      for (const pump of turn === 0 ? pumps : pumps.flatMap((each) => [before.pump + each, each + before.pump])) {
        if (performance.now() > until) break;
        const cost = costOf(pattern, pump);
        if (cost > best.cost * 1.2) best = { pump, cost };
      }
    }
    return { pumps: [{ prefix: '', pump: best.pump }], suffix: '' };
  },
  alone({ source, flags, attack }) {
    const pattern = globally(source, flags);
    return growth((length) => [() => runsFor(pattern, repeated(attack, length))], FIRST);
  },
  async product({ attack, where, isLines }) {
    const { parse } = await import('../dist/parse.js');
    return growth((length) => {
      const line = (size) => repeated(attack, size).replace(/[\r\n\f]/g, ' ');
      const text = isLines ? `${line(1_000)}\n`.repeat(length / 1_000) : line(length);
      return documents(text, where).map(([name, bytes]) => async () => {
        const start = processorSeconds();
        await parse(bytes, name).catch(() => {}); // what cannot be read is refused, in time too
        return processorSeconds() - start;
      });
    }, SIZES[0]);
  },
};

const degreeOf = ({ type, degree }) => (type === 'polynomial' ? `polynomial, degree ${degree}` : type);
const partsOf = ({ prefix, pump }) => ({ prefix, pump });
const globally = (source, flags) => new RegExp(source, [...new Set(`${flags.replace('y', '')}g`)].join(''));

/** recheck's text for a pattern, so long. Where several parts repeat, they are of one length. */
function repeated({ pumps, suffix }, length) {
  const share = length / pumps.length;
  const parts = pumps.map(
    ({ prefix, pump }) => prefix + pump.repeat(Math.max(1, (share - prefix.length) / pump.length)),
  );
  return parts.join('') + suffix;
}

/** Seconds of the processor, not of the clock: other work on the machine is not counted. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds that a pattern takes to find all its matches. */
function runsFor(pattern, text) {
  const start = processorSeconds();
  for (const _ of text.matchAll(pattern));
  return processorSeconds() - start;
}

/** Seconds that a pattern takes for each character of a text, from the shortest text that takes it long enough to measure. */
function costOf(pattern, pump) {
  for (let length = 64; ; length *= 2) {
    const text = repeated({ pumps: [{ prefix: '', pump }], suffix: '' }, length);
    const time = Math.min(runsFor(pattern, text), runsFor(pattern, text));
    if (time > 0.005 || length > 500_000) return time / text.length;
  }
}

/** The documents through which a text comes to a file of the program. */
function documents(text, where) {
  const utf8 = (words) => new Uint8Array(Buffer.from(words));
  const found = [['advert.txt', utf8(`Care Assistant\n\n${text}`)]];
  if (where.some((file) => /^read\/(?:html|sniff)/.test(file))) {
    const name = text.replace(/["&\n]/g, ' ');
    const lines = text.replaceAll('\n', '</p><p>');
    found.push([
      'advert.html',
      utf8(`<!doctype html><h1>Care Assistant</h1><div class="${name}" id="${name}">a</div><p>${lines}</p>`),
    ]);
  }
  if (where.some((file) => file.startsWith('read/docx/'))) found.push(['advert.docx', word(text)]);
  return found;
}

/** A Word file every part of which is this text, where the part's own XML does not matter. Stored, not deflated. */
function word(text) {
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>a</w:t></w:r></w:p><!--${text.replaceAll('--', '- ')}--></w:body></w:document>`;
  return zip({
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="${type}/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': main,
    'word/styles.xml': `<w:styles><w:style w:styleId="a">${text}</w:style></w:styles>`,
    'word/numbering.xml': `<w:numbering><w:num w:numId="1">${text}</w:num></w:numbering>`,
  });
}

function zip(parts) {
  const local = [];
  const central = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const data = Buffer.from(text);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt32LE(crc32(data), 14);
    header.writeUInt32LE(data.length, 18);
    header.writeUInt32LE(data.length, 22);
    header.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    header.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(offset, 42);
    local.push(header, Buffer.from(name), data);
    central.push(entry, Buffer.from(name));
    offset += header.length + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  const count = Object.keys(parts).length;
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...local, directory, end]));
}

/**
 * How time grows as a text doubles, from `first` characters to the last of the sizes: the seconds of the longest, and the
 * greatest ratio among sizes whose time is no noise (null where none is). Stops where it is not linear.
 */
async function growth(measured, first) {
  const least = async (length, known, turn) => {
    const times = known ?? [];
    for (const [at, run] of measured(length).entries())
      if (turn === undefined || turn === at) times[at] = Math.min(times[at] ?? Number.POSITIVE_INFINITY, await run());
    return times;
  };
  const last = SIZES.at(-1);
  let [length, before, ratio] = [first, await least(first), null];
  while (length < last) {
    const times = await least(2 * length);
    for (const at of times.keys()) {
      const isOver = () => times[at] > SECONDS_THAT_COUNT && times[at] / before[at] > MOST;
      // Again, where it seems too much: the shorter text too, whose time may have been lucky in no round but this.
      for (let round = 1; round < (times[at] < 1 ? 4 * ROUNDS : ROUNDS) && isOver(); round++) {
        await least(length, before, at);
        await least(2 * length, times, at);
      }
      if (times[at] > SECONDS_THAT_COUNT) ratio = Math.max(ratio ?? 0, times[at] / before[at]);
    }
    length *= 2;
    before = times;
    if (ratio > MOST) break;
  }
  const round = (number) => Math.round(number * 100) / 100;
  return {
    megabytes: round(length / 1e6),
    seconds: round(Math.max(...before)),
    ratio: ratio === null ? null : round(ratio),
  };
}

// --- What the command does ---

/** Gives two processes a task each in turn; one that overstays is ended, and its task has no result. */
async function inProcesses(tasks, limit, tell) {
  const results = [];
  let next = 0;
  const one = async () => {
    let child = null;
    while (next < tasks.length) {
      const at = next++;
      child ??= fork(fileURLToPath(import.meta.url), ['--beside'], {
        env: { ...process.env, RECHECK_SYNC_BACKEND: 'pure' },
        serialization: 'advanced',
      });
      child.send(tasks[at]);
      try {
        const [{ result }] = await once(child, 'message', { signal: AbortSignal.timeout(limit) });
        results[at] = result;
      } catch (thrown) {
        child.kill('SIGKILL');
        child = null;
        if (thrown.name !== 'AbortError') throw thrown;
      }
      tell?.(at);
    }
    child?.kill();
  };
  await Promise.all([one(), one()]);
  return results;
}

/** What is measured: the pattern alone, and the program with its text as one line and as many. */
const KINDS = {
  alone: { kind: 'alone' },
  line: { kind: 'product', isLines: false },
  lines: { kind: 'product', isLines: true },
};
const SHAPES = Object.keys(KINDS);

/** True for a measurement that was not cut off and in which nothing grew too much. */
const isWithin = (measured) => Boolean(measured) && (measured.ratio ?? 0) <= MOST;

async function main(options) {
  const { hashOf, patternsOfProgram } = await import('./patterns.mjs');
  const all = await patternsOfProgram();
  const start = performance.now();
  const tell = (words) => process.stderr.write(`${Math.round((performance.now() - start) / 1000)} s: ${words}\n`);
  const listed = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : { flagged: [], linear: {} };
  const linear = new Set(Object.values(listed.linear).flatMap((hashes) => hashes.split(' ')));
  const known = new Map(listed.flagged.map((each) => [each.pattern, each]));
  const isNew = ({ pattern }) => !known.has(String(pattern)) && !linear.has(hashOf(String(pattern)));
  const unchecked = options.has('--new') ? all.filter(isNew) : all;
  const plain = ({ pattern: { source, flags } }) => ({ source, flags });
  const verdicts = await inProcesses(
    unchecked.map((each) => ({ kind: 'check', ...plain(each) })),
    10 * CHECK,
    (at) => at % 100 === 99 && tell(`${at + 1} of ${unchecked.length} patterns checked`),
  );
  const verdictOf = new Map(
    unchecked.map((each, at) => [
      String(each.pattern),
      verdicts[at] === undefined ? { says: 'cannot decide (time)' } : verdicts[at],
    ]),
  );
  const flagged = all.flatMap((each) => {
    const name = String(each.pattern);
    const verdict = verdictOf.has(name) ? verdictOf.get(name) : (known.get(name) ?? null);
    if (verdict === null) return [];
    const measured = verdictOf.has(name)
      ? {}
      : Object.fromEntries(SHAPES.map((shape) => [shape, verdict[shape] ?? null]));
    return [{ ...each, says: verdict.says, attack: verdict.attack ?? null, ...measured }];
  });
  tell(`${all.length} patterns, ${flagged.length} that recheck does not call linear`);
  const open = flagged.filter(({ attack }) => attack === null);
  const searched = await inProcesses(
    open.map((each) => ({ kind: 'search', ...plain(each) })),
    10 * CHECK,
  );
  for (const [at, each] of open.entries()) each.attack = searched[at] ?? null; // null: it hangs on a short text already
  for (const [shape, task] of Object.entries(KINDS)) {
    const due = flagged.filter((each) => each.attack !== null && !isWithin(each[shape]));
    const measured = await inProcesses(
      due.map((each) => ({ ...task, ...plain(each), attack: each.attack, where: each.where })),
      CUT_OFF,
    );
    for (const [at, each] of due.entries()) each[shape] = measured[at] ?? null; // null: cut off
    const over = flagged.filter((each) => !isWithin(each[shape])).map(({ pattern }) => String(pattern).slice(0, 40));
    tell(`measured: ${shape}; more than linear: ${over.length === 0 ? 'none' : over.join('   ')}`);
  }
  let marked = 0;
  const written = (measured) =>
    measured
      ? `${measured.ratio?.toFixed(2) ?? '–'} (${measured.seconds} s${measured.megabytes === 10 ? '' : `, ${measured.megabytes} MB`})`
      : 'cut off';
  for (const each of flagged) {
    const name = String(each.pattern);
    const isMarked = SHAPES.some((shape) => !isWithin(each[shape]));
    if (isMarked) marked++;
    const short = name.length > 70 ? `${name.slice(0, 69)}…` : name.padEnd(70);
    const figures = SHAPES.map((shape) => `${shape} ${written(each[shape])}`.padEnd(26)).join('');
    process.stdout.write(
      `${short}  ${each.where.join(', ')}\n    ${each.says.padEnd(26)}${figures}${isMarked ? '   more than linear' : ''}\n`,
    );
  }
  process.stdout.write(`${all.length} patterns, ${flagged.length} flagged, ${marked} more than linear\n`);
  if (options.has('--write')) {
    const names = new Set(flagged.map(({ pattern }) => String(pattern)));
    const hashes = {};
    for (const { pattern, where } of all) {
      if (names.has(String(pattern))) continue;
      hashes[where[0]] ??= [];
      hashes[where[0]].push(hashOf(String(pattern)));
    }
    const list = {
      flagged: flagged.map(({ pattern, ...rest }) => ({ pattern: String(pattern), ...rest })),
      linear: Object.fromEntries(
        Object.entries(hashes)
          .sort()
          .map(([file, each]) => [file, each.sort().join(' ')]),
      ),
    };
    writeFileSync(FILE, `${JSON.stringify(list, null, 2)}\n`);
  }
  process.exitCode = marked > 0 ? 1 : 0;
}

const given = new Set(process.argv.slice(2));
if (given.has('--beside'))
  process.on('message', async ({ kind, ...task }) => process.send({ result: await WORK[kind](task) }));
else await main(given);
