// The bare libraries in a loop, as a process of its own: node bench-bare.mjs pdf|docx FILE…
import { readFileSync } from 'node:fs';

const [kind, ...files] = process.argv.slice(2);
let characters = 0;
if (kind === 'pdf') {
  const { PDFParse } = await import('pdf-parse');
  for (const file of files) {
    const parser = new PDFParse({ data: new Uint8Array(readFileSync(file)), verbosity: 0 });
    characters += (await parser.getText()).text.length;
    await parser.destroy();
  }
} else {
  const { default: mammoth } = await import('mammoth');
  for (const file of files) characters += (await mammoth.extractRawText({ buffer: readFileSync(file) })).value.length;
}
if (characters === 0) process.exitCode = 1;
