// What a whole record costs against the bare library reading the same file: median of five rounds, in one run.
//   npm run bench [-- FOLDER]     (FOLDER: fixtures/adverts)
import { readdirSync, readFileSync } from 'node:fs';
import mammoth from 'mammoth';
import { PDFParse } from 'pdf-parse';
import { parse } from '../dist/parse.js';

const folder = process.argv[2] ?? new URL('../fixtures/adverts', import.meta.url).pathname;
const files = readdirSync(folder, { recursive: true })
  .filter((file) => /\.(?:pdf|docx)$/.test(file))
  .map((file) => ({ file, bytes: readFileSync(`${folder}/${file}`) }));

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

for (const [kind, read] of Object.entries(bare)) {
  const own = files.filter(({ file }) => file.endsWith(kind));
  const rounds = { bare: [], whole: [] };
  for (let round = 0; round < 6; round++) {
    const [library, whole] = [
      await timed(async () => {
        for (const { bytes } of own) await read(bytes);
      }),
      await timed(async () => {
        for (const { file, bytes } of own) await parse(new Uint8Array(bytes), file);
      }),
    ];
    if (round === 0) continue; // the first one loads and compiles
    rounds.bare.push(library);
    rounds.whole.push(whole);
  }
  const [least, most] = [median(rounds.bare), median(rounds.whole)];
  process.stdout.write(
    `${kind}: ${own.length} files, the library alone ${least.toFixed(0)} ms, a record ${most.toFixed(0)} ms: ${(most / least).toFixed(2)} times\n`,
  );
}
