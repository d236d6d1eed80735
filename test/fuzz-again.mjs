// Reads documents with the library, for test/fuzz-run.mjs: names come on standard input, parted by NUL; for each there is a
// line with its text and its record, or what was thrown. A process of its own, for what libraries leave behind in it.
import { readFileSync } from 'node:fs';
import { parse, ReadError, toRecord } from '../dist/index.js';

// As in src/batch/worker.ts: pdf.js leaves rejected promises behind on some damaged files.
process.on('unhandledRejection', () => {});

const NOTHING = { path: '', format: null, bytes: null, sha256: null, pages: null, encoding: null };

async function read(path) {
  try {
    const parsed = await parse(readFileSync(path), path);
    return { text: parsed.document.text, record: toRecord(NOTHING, parsed, true) };
  } catch (cause) {
    return cause instanceof ReadError
      ? { code: cause.code }
      : { thrown: cause instanceof Error ? cause.stack : String(cause) };
  }
}

for (const path of readFileSync(0, 'utf8').split('\0').filter(Boolean))
  process.stdout.write(`${JSON.stringify(await read(path))}\n`);
