// How the time to read a hostile text grows: each shape at N characters and at twice that.
//   npm run hostile [-- N [NAME]]     (N: 400000; NAME: only the shapes whose name begins with it, at 10 MB)
// A shape is marked where twice the text takes more than three times as long, and half a second at least.
import { readFileSync } from 'node:fs';
import { parse } from '../dist/parse.js';

const times = (text, size) => text.repeat(Math.floor(size / text.length));
const lines = (size, line) =>
  Array.from({ length: Math.floor(size / line(0).length) }, (_, index) => line(index)).join('\n');

const SHAPES = {
  'page numbers': (size) => times('Page 1 of 2\n', size),
  'running headers': (size) => times('Pack, page 1 of 3\n', size),
  'white space in a row': (size) => `a\t${' '.repeat(size)}x`,
  'dashes after a label': (size) => `Job title: ${'-'.repeat(size)}x`,
  'a wide table': (size) => `Person specification\n${`x${times('\tE1', size / 2)}\n`.repeat(2)}`,
  'a long head of a table': (size) => `Criteria\tEssential\n${times('essential ', size)}\tessential`,
  'many rows': (size) => `a\tb\tc\n${times('- x\n', size)}`,
  pipes: (size) => times('| a | b |\n', size),
  'labelled pay': (size) => lines(size, (index) => `Salary: £20,1${String(index % 100).padStart(2, '0')} per annum`),
  'pay on one line': (size) => times('Salary £20,000 ', size),
  'wrapped prose': (size) => lines(size, () => 'the work takes you all over the valley in every sort of weather and'),
  'dates on one line': (size) => times('1 May 2026 ', size),
  'closing dates': (size) => lines(size, (index) => `Closing date: ${1 + (index % 28)}/5/2026`),
  'times on one line': (size) => times('12:30 ', size),
  'e-mail addresses': (size) => lines(size, (index) => `For information contact a${index}@example.org`),
  'an inline list': (size) => `Essential: ${times('abc; ', size)}`,
  bullets: (size) => `Essential criteria\n${times('- able to do it\n', size)}`,
  'a sub-list': (size) => `Essential\n- a:\n${times('  - b item\n', size)}`,
  'many vacancies': (size) =>
    lines(
      size,
      (index) =>
        `Nurse ${index} ward\nSalary: £${20_000 + (index % 9_000)}\nClosing date: ${1 + (index % 28)} May 2026\nHours: 20\n`,
    ),
  'the word Band': (size) => times('Band ', size),
  'pound signs': (size) => '£'.repeat(size),
  digits: (size) => '1'.repeat(size),
  'full stops': (size) => times('a.', size),
  capitals: (size) => 'A'.repeat(size),
  'capitalised words': (size) => times('Aa ', size),
  'short lines': (size) => times('ab\n', size),
  labels: (size) => times('Salary: ', size),
  brackets: (size) => '('.repeat(size),
  headings: (size) => times('Experience\n\n', size),
  entities: (size) => times('&amp;', size),
  'open tags': (size) => times('<b ', size),
  'open emphasis': (size) => times('**a ', size),
  'open links': (size) => times('[a](', size),
  'words run together': (size) => times('titlePharmacy Assistant', size),
  'form feeds': (size) => times('Form 9\f', size),
  'mangled letters': (size) => times('Ã¢â‚¬â„¢', size),
  'rows that go on': (size) => `Pay\tHours\tPlace\na\tb\n${times('lower case words\n', size)}`,
  'open comments': (size) => times('<!-- ', size),
  'rows of pages': (size) => times(`| a | ${'<br>x'.repeat(10)} |\n`, size),
  'cells of a page': (size) => `| a |\n| ${times('x<br>', size)} |`,
};

const PAGES = {
  'nested boxes': (size) => times('<div>', size),
  'open bold': (size) => times('<b>a ', size),
  'open items': (size) => times('<ul><li>a', size),
  'open tables': (size) => times('<table><tr><td>', size),
  'a wide row': (size) => `<table><tr>${times('<td>a', size)}</table>`,
  'wide spans': (size) => `<table>${times('<tr><td colspan=9999 rowspan=9999>a', size)}</table>`,
  'a list of links': (size) => `<ul>${times('<li><a href=#>a</a>', size)}</ul>`,
  terms: (size) => `<dl>${times('<dt>Pay<dd>12', size)}</dl>`,
  'lines that go on': (size) => `<p>${times('lower case words<br>', size)}`,
  'typed lines': (size) => `<pre>${times('lower case words\n', size)}</pre>`,
  'a page beside its data': (size) =>
    `<script type="application/ld+json">{"@type":"JobPosting","description":"${times('<p>You will work with people in the town.', size / 2)}"}</script>${times('<p>a', size / 2)}`,
  'boxes of other jobs': (size) => times('<div><h2>Similar jobs</h2>', size),
  'data, nested': (size) => `<script type="application/ld+json">${times('[', size)}</script><p>a</p>`,
  'data, many': (size) =>
    `<script type="application/ld+json">[${times('{"@type":"JobPosting"},', size)}{}]</script><p>a</p>`,
};

const MARKDOWN = {
  'open brackets': (size) => times('[', size),
  'open links': (size) => times('[a](', size),
  'open emphasis': (size) => times('**a ', size),
  underscores: (size) => times('_a', size),
  'nested quotes': (size) => times('> ', size),
  'nested lists': (size) => times('- ', size),
  pipes: (size) => times('|', size),
  'table rows': (size) => `| a | b |\n|---|---|\n${times('| a | b |\n', size)}`,
  backticks: (size) => lines(size, (index) => `\`${'`'.repeat(index % 50)}`),
  references: (size) => lines(size, (index) => `[a${index}]: /a\n[a${index}]`),
  'open tags': (size) => times('<a ', size),
};

const size = Number(process.argv[2] ?? 400_000);
const only = process.argv[3];
/** Seconds of the processor, not of the clock: other work on the machine is not counted. */
function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
async function seconds(text, name) {
  const opening = name.endsWith('.html') ? '<!doctype html><h1>Care Assistant</h1>' : 'Care Assistant\n\n';
  const bytes = new Uint8Array(typeof text === 'string' ? Buffer.from(opening + text) : text);
  const start = processorSeconds();
  await parse(bytes, name).catch(() => {}); // what cannot be read is refused, in time too
  return processorSeconds() - start;
}

let marked = 0;
let count = 0;
for (const [file, shapes] of [
  ['advert.txt', SHAPES],
  ['advert.html', PAGES],
  ['advert.md', MARKDOWN],
]) {
  if (only !== undefined) break;
  process.stdout.write(`${file}\n`);
  for (const [name, make] of Object.entries(shapes)) {
    const [once, twice] = [await seconds(make(size), file), await seconds(make(2 * size), file)];
    const isMarked = twice > 3 * once && twice > 0.5;
    count++;
    if (isMarked) marked++;
    process.stdout.write(
      `  ${name.padEnd(24)} ${once.toFixed(2)} s → ${twice.toFixed(2)} s${isMarked ? '   more than linear' : ''}\n`,
    );
  }
}
// Up to ten megabytes: the least of some rounds, and what each doubling multiplies it by. Less than a tenth of a second is noise.
const advert = readFileSync(new URL('../fixtures/adverts/council-pack/advert.txt', import.meta.url), 'utf8');
/** One line of the same words over and over. */
const lineOf = (words) => (length) => times(words, length);
/** Bytes that no text has, behind words that make a text of them. */
const bytesOf =
  (...bytes) =>
  (length) =>
    Buffer.concat([
      Buffer.from(`Care Assistant\n\n${'a few words '.repeat(1000)}`),
      Buffer.alloc(length, Buffer.from(bytes)),
    ]);
/** Units of UTF-16, behind its byte order mark: what UTF-8 cannot say. */
const unitsOf =
  (...units) =>
  (length) =>
    Buffer.concat([
      Buffer.from('\ufeffCare Assistant\n\n', 'utf16le'),
      Buffer.alloc(length, Buffer.from(new Uint16Array(units).buffer)),
    ]);
const LONG = {
  digits: lineOf('1'),
  spaces: (length) => `${' '.repeat(length)}x`,
  'pound signs': lineOf('£'),
  'one line': (length) => times(`${advert.replace(/\s+/g, ' ')} `, length),
  'the advert repeated': lineOf(advert),
  'round brackets': lineOf('('),
  'round brackets, closed': lineOf('()'),
  'square brackets': lineOf('['),
  'angle brackets': lineOf('<'),
  braces: lineOf('{'),
  'bracketed words': lineOf('(a) '),
  'marks on letters': lineOf('a\u0301'),
  'marks alone': lineOf('\u0301'),
  'marks, one on another': lineOf('a\u0301\u0301\u0301\u0301\u0301\u0301\u0301'),
  'right-to-left overrides': lineOf('\u202e'),
  'overrides between letters': lineOf('a\u202e'),
  'zero-width joiners': lineOf('\u200d'),
  'joiners between letters': lineOf('a\u200d'),
  'NUL, UTF-8': bytesOf(0),
  'NUL between letters': bytesOf(0x61, 0x61, 0x61, 0),
  'NUL, UTF-16': unitsOf(0x61, 0),
  'bytes ff': bytesOf(0xff),
  'bytes c3 alone': bytesOf(0xc3),
  'bytes c3 and a letter': bytesOf(0xc3, 0x61),
  'sequences cut short': bytesOf(0xe2, 0x82, 0x20),
  'sequences too long': bytesOf(0xf0, 0x80, 0x80, 0xaf),
  'bytes of mojibake': bytesOf(0xc3, 0x83, 0xc2, 0xa2),
  'high surrogates': unitsOf(0xd800),
  'low surrogates': unitsOf(0xdc00),
  'surrogates the wrong way round': unitsOf(0xdc00, 0xd800),
  'full stops': lineOf('.'),
  'full stops and spaces': lineOf('. '),
  commas: lineOf(','),
  'double quotes': lineOf('"'),
  apostrophes: lineOf("'"),
  'curly quotes': lineOf('“’'),
  hyphens: lineOf('-'),
  dashes: lineOf('– '),
  underscores: lineOf('_'),
  stars: lineOf('*'),
  colons: lineOf(': '),
  slashes: lineOf('/'),
  pipes: lineOf('|'),
  bullets: lineOf('• '),
  ampersands: lineOf('&'),
  'single letters': lineOf('a '),
  'one long word': lineOf('a'),
  capitals: lineOf('A'),
  'capitalised words': lineOf('Aa '),
  tabs: lineOf('\t'),
  'cells of a row': lineOf('a\t'),
  newlines: lineOf('\n'),
  'carriage returns': lineOf('\r'),
  'form feeds': lineOf('\f'),
  'no-break spaces': lineOf('\u00a0'),
  'at signs': lineOf('@'),
  'e-mail-like': lineOf('a@a.'),
  'dots and letters': lineOf('a.'),
  'phone-like': lineOf('0 0 0'),
  'postcode-like': lineOf('A1 1AA '),
  'dates with slashes': lineOf('1/1/'),
  'times of day': lineOf('1:1'),
  sums: lineOf('£1'),
  'sums with commas': lineOf('£1,'),
  'the word and': lineOf('and '),
  'the word Band': lineOf('Band '),
  'the word the': lineOf('the '),
  'the word Salary:': lineOf('Salary: '),
  'many lines of one letter': lineOf('a\n'),
  'many lines of a bullet': lineOf('- a\n'),
};
const MOST = 2.3;
const COUNTS = 0.1;
/** Rounds: some for every shape that is soon done, more where a ratio is too much, since the machine has other work. */
const ROUNDS = 3;
const MORE_ROUNDS = 9;
const SOON = 1.5; // seconds for the four sizes
process.stdout.write('1.25, 2.5, 5 and 10 MB\n');
const megabytes = [1.25e6, 2.5e6, 5e6, 10e6];
const isOver = (taken) => taken.some((time, at) => at > 0 && time > COUNTS && time / taken[at - 1] > MOST);
for (const [name, make] of Object.entries(LONG)) {
  if (only !== undefined && !name.startsWith(only)) continue;
  const taken = megabytes.map(() => Number.POSITIVE_INFINITY);
  const isLong = () => taken.reduce((sum, time) => sum + time) > SOON;
  for (let round = 0; round < (isOver(taken) ? MORE_ROUNDS : isLong() ? 1 : ROUNDS); round++)
    for (const [at, length] of megabytes.entries())
      taken[at] = Math.min(taken[at], await seconds(make(length), 'advert.txt'));
  const growth = taken.slice(1).map((time, index) => time / taken[index]);
  const isMarked = isOver(taken);
  count++;
  if (isMarked) marked++;
  process.stdout.write(
    `  ${name.padEnd(30)} ${taken.map((time) => `${time.toFixed(2)} s`).join(' → ')}   × ${growth.map((factor) => factor.toFixed(2)).join(', ')}${isMarked ? '   more than linear' : ''}\n`,
  );
}
process.stdout.write(`${count} shapes, ${marked} more than linear\n`);
process.exitCode = marked > 0 ? 1 : 0;
