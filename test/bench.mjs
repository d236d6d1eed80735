// What reading and a whole record cost against the bare library reading the same files, in one run: medians of seven
// rounds, in which the two take turns.
//   npm run bench [-- FOLDER…]     (all of fixtures)
import { readdirSync, readFileSync } from 'node:fs';
import * as chrono from 'chrono-node';
import mammoth from 'mammoth';
import { PDFParse } from 'pdf-parse';
import { parse, readDocument } from '../dist/parse.js';
import { read } from '../dist/read/index.js';
import { findGrids } from '../dist/read/pdf/grid.js';
import { readPages } from '../dist/read/pdf/open.js';
import { segment } from '../dist/segment/index.js';

const ROUNDS = 7;
const folders = process.argv.length > 2 ? process.argv.slice(2) : [new URL('../fixtures', import.meta.url).pathname];
const found = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => `${folder}/${file}`))
  .filter((file) => /\.(?:pdf|docx|txt)$/.test(file) && !file.includes('/broken/') && !file.includes('/sources/'))
  .map((file) => ({ file, bytes: readFileSync(file) }));
const files = found.filter(({ file }) => !file.endsWith('.txt'));
const texts = found.filter(({ file }) => file.endsWith('.txt'));

/** The library's own plain text. */
const bare = {
  pdf: async (bytes) => {
    const parser = new PDFParse({ data: new Uint8Array(bytes), verbosity: 0 });
    await parser.getText();
    await parser.destroy();
  },
  docx: (bytes) => mammoth.extractRawText({ buffer: bytes }),
};

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const print = (line) => process.stdout.write(`${line}\n`);

/** True where most pages of a PDF hold a ruled table, false where none does, null between. */
async function isRuled(bytes) {
  const { pages } = await readPages(bytes);
  const ruled = pages.filter((page) => findGrids(page.rules, page).length > 0).length;
  return ruled * 2 > pages.length ? true : ruled === 0 ? false : null;
}

async function compare(name, library, own) {
  const times = { library: [], reading: [], record: [] };
  const each = async (work) => {
    for (const { file, bytes } of own) await work(new Uint8Array(bytes), file);
  };
  for (let round = 0; round <= ROUNDS; round++) {
    const one = {
      library: await timed(() => each(library)),
      reading: await timed(() => each(read)),
      record: await timed(() => each(parse)),
    };
    if (round > 0) for (const key of Object.keys(times)) times[key].push(one[key]); // the first one loads and compiles
  }
  const least = median(times.library);
  const ratio = (key) => `${(median(times[key]) / least).toFixed(2)} times`;
  print(
    `${name}: ${own.length} files, the library alone ${least.toFixed(0)} ms; reading ${ratio('reading')}, a record ${ratio('record')}`,
  );
}

// Text against what chrono-node's parser for British English takes to find the dates alone, each text warm on its own; and
// against reading the same advert as PDF.
const TURNS = 60;
const ratios = { chrono: [], pdf: [], reading: [], segmenting: [] };
// Everything is met once before anything is counted: compilers and caches take their time.
for (const isCounted of [false, true])
  for (const file of texts) {
    const words = file.bytes.toString('utf8');
    const times = { own: [], chrono: [], reading: [], segmenting: [] };
    for (let turn = 0; turn < TURNS; turn++) {
      const one = {
        own: await timed(() => parse(new Uint8Array(file.bytes), file.file)),
        chrono: await timed(() => chrono.en.GB.parse(words)),
        reading: await timed(() => readDocument(new Uint8Array(file.bytes), file.file)),
      };
      const { document } = await readDocument(new Uint8Array(file.bytes), file.file);
      one.segmenting = await timed(() => segment(document));
      if (turn >= TURNS / 3) for (const key of Object.keys(times)) times[key].push(one[key]);
    }
    if (!isCounted) continue;
    const own = median(times.own);
    ratios.chrono.push(own / median(times.chrono));
    ratios.reading.push(median(times.reading) / own);
    ratios.segmenting.push(median(times.segmenting) / own);
    const twin = files.find((each) => each.file === file.file.replace(/txt$/, 'pdf'));
    if (twin === undefined) continue;
    const pdf = [];
    for (let turn = 0; turn < ROUNDS; turn++)
      pdf.push(await timed(() => readDocument(new Uint8Array(twin.bytes), twin.file)));
    ratios.pdf.push(own / median(pdf));
  }
const percent = (values) => `${(100 * median(values)).toFixed(0)} %`;
print(
  `Text: ${texts.length} adverts, a record takes ${median(ratios.chrono).toFixed(1)} times as long as chrono-node's search for dates (at most ${Math.max(...ratios.chrono).toFixed(1)}), ` +
    `and ${percent(ratios.pdf)} of reading the same advert as PDF (at most ${(100 * Math.max(...ratios.pdf)).toFixed(0)} %); ` +
    `of its own time reading takes ${percent(ratios.reading)}, segmenting ${percent(ratios.segmenting)}, extraction the rest`,
);

const pdfs = [];
for (const file of files) if (file.file.endsWith('.pdf')) pdfs.push({ ...file, ruled: await isRuled(file.bytes) });
const groups = [
  ['PDF, no page ruled', bare.pdf, pdfs.filter(({ ruled }) => ruled === false)],
  ['PDF, most pages ruled', bare.pdf, pdfs.filter(({ ruled }) => ruled === true)],
  ['PDF, all', bare.pdf, pdfs],
  ['Word', bare.docx, files.filter(({ file }) => file.endsWith('.docx'))],
];
for (const [name, library, own] of groups) if (own.length > 0) await compare(name, library, own);

// Text: a file a hundred times as long may take a hundred times as long.
const advert = readFileSync(new URL('../fixtures/adverts/council-pack/advert.txt', import.meta.url), 'utf8');
const short = Buffer.from(advert.repeat(5));
const long = Buffer.from(advert.repeat(500));
const rounds = { short: [], long: [] };
for (let round = 0; round <= ROUNDS; round++) {
  const times = {
    short: await timed(async () => {
      for (let turn = 0; turn < 10; turn++) await read(short, 'a.txt');
    }),
    long: await timed(() => read(long, 'a.txt')),
  };
  if (round > 0) for (const key of Object.keys(rounds)) rounds[key].push(times[key]);
}
const growth = median(rounds.long) / (median(rounds.short) / 10);
print(
  `Text: ${(long.length / 2 ** 20).toFixed(1)} MiB, a hundred times as long as the other, takes ${growth.toFixed(0)} times as long`,
);
