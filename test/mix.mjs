// A folder of adverts for the long runs: the fixtures under other names, one in a hundred hostile. Prints nothing.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';

const ROOT = new URL('..', import.meta.url).pathname;

/** The adverts of `fixtures`, of the extensions that are asked for. */
export function advertFiles(extensions = ['txt', 'md', 'html', 'pdf', 'docx']) {
  const folders = ['adverts', 'tables', 'layouts'].map((folder) => `${ROOT}fixtures/${folder}`);
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => `${folder}/${file}`))
    .filter((file) => !file.endsWith('reading.txt') && extensions.includes(file.split('.').at(-1)))
    .sort()
    .map((file) => ({ extension: file.split('.').at(-1), bytes: readFileSync(file) }));
}

/** A PDF of one page whose content is the same short text a great many times: it takes hours, and a few kilobytes. */
function slowPdf() {
  const text = deflateSync(Buffer.from(`BT /F1 9 Tf ${'(a) Tj '.repeat(30_000_000)}ET`));
  const parts = [];
  let length = 0;
  const put = (...pieces) => {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece, 'latin1');
      parts.push(bytes);
      length += bytes.length;
    }
  };
  const starts = [];
  const object = (head, stream) => {
    starts.push(length);
    put(`${starts.length} 0 obj\n${head}\n`);
    if (stream !== undefined) {
      put('stream\n');
      parts.push(stream);
      length += stream.length;
      put('\nendstream\n');
    }
    put('endobj\n');
  };
  put('%PDF-1.7\n');
  object('<< /Type /Catalog /Pages 2 0 R >>');
  object('<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
  object(
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>',
  );
  object(`<< /Length ${text.length} /Filter /FlateDecode >>`, text);
  const table = length;
  put(`xref\n0 ${starts.length + 1}\n0000000000 65535 f \n`);
  for (const start of starts) put(`${String(start).padStart(10, '0')} 00000 n \n`);
  put(`trailer\n<< /Size ${starts.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return Buffer.concat(parts);
}

/** Files that no advert is, with the codes that name them. The slow one costs its whole time limit, or its memory. */
function hostileFiles() {
  const [pdf] = advertFiles(['pdf']);
  const [docx] = advertFiles(['docx']);
  return [
    { name: 'empty.txt', bytes: Buffer.alloc(0), codes: ['input/empty'] },
    { name: 'cut.pdf', bytes: pdf.bytes.subarray(0, 600), codes: ['pdf/corrupt'] },
    { name: 'cut.docx', bytes: docx.bytes.subarray(0, 2000), codes: ['docx/corrupt'] },
    { name: 'rich.doc', bytes: Buffer.from('{\\rtf1 Nurse}'), codes: ['input/unknown-format'] },
    { name: 'slow.pdf', bytes: slowPdf(), codes: ['input/timeout', 'worker/out-of-memory'] },
  ];
}

/**
 * Fills a folder with `count` files, a hundredth of them hostile, a thousandth slow.
 *
 * @returns the hostile ones: what they are called below the folder, and the codes that name them.
 */
export function makeMix(folder, count) {
  const adverts = advertFiles();
  const hostile = hostileFiles();
  const expected = new Map();
  for (let index = 0; index < count; index++) {
    const below = `${String(Math.floor(index / 1000)).padStart(3, '0')}`;
    if (index % 1000 === 0) mkdirSync(`${folder}/${below}`, { recursive: true });
    const name = `${below}/${String(index).padStart(7, '0')}`;
    if (index % 100 === 50) {
      const kind = index % 1000 === 550 ? hostile.at(-1) : hostile[Math.floor(index / 100) % (hostile.length - 1)];
      writeFileSync(`${folder}/${name}-${kind.name}`, kind.bytes);
      expected.set(`${name}-${kind.name}`, kind.codes);
    } else {
      const { extension, bytes } = adverts[(index * 31) % adverts.length];
      writeFileSync(`${folder}/${name}.${extension}`, bytes);
    }
  }
  return expected;
}
