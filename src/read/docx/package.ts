import { ReadError } from '../../model/diagnostic.ts';

/** Limits on what a package may inflate to: Apache POI's ratio, and sizes no advert comes near. Bytes. */
const LIMITS = { entries: 2_000, part: 24 * 2 ** 20, total: 64 * 2 ** 20, ratio: 100, ratioFrom: 100 * 2 ** 10 };

interface Entry {
  readonly read: () => Promise<Uint8Array>;
}

/**
 * The parts of an Open Packaging file, inflated one by one when they are asked for. What is never asked for (pictures,
 * fonts) is never inflated, and nothing is inflated past the limits: declared sizes are not believed.
 */
export class OfficePackage {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #parts = new Map<string, Promise<Uint8Array>>();
  #total = 0;

  constructor(entries: ReadonlyMap<string, Entry>) {
    this.#entries = entries;
  }

  has(name: string): boolean {
    return this.#entries.has(bare(name));
  }

  /** A part's bytes. Throws `docx/corrupt` where there is no such part or it is damaged, `zip/bomb` past the limits. */
  bytes(name: string): Promise<Uint8Array> {
    const key = bare(name);
    let part = this.#parts.get(key);
    if (part === undefined) {
      part = this.#inflate(key);
      this.#parts.set(key, part);
    }
    return part;
  }

  async text(name: string): Promise<string> {
    const bytes = await this.bytes(name);
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2));
    return new TextDecoder('utf-8').decode(bytes);
  }

  async #inflate(name: string): Promise<Uint8Array> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new ReadError('docx/corrupt', `the part ${name} is missing`);
    const bytes = await entry.read();
    this.#total += bytes.length;
    if (this.#total > LIMITS.total) throw new ReadError('zip/bomb');
    return bytes;
  }
}

const bare = (name: string) => name.replace(/^\/+/, '');

/** Opens a package from a file's bytes. Throws `docx/corrupt`, `docx/encrypted` or `zip/bomb`. */
export async function openPackage(bytes: Uint8Array): Promise<OfficePackage> {
  const { default: yauzl } = await import('yauzl');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error || zip === undefined) {
        reject(new ReadError('docx/corrupt', error?.message ?? '', { cause: error }));
        return;
      }
      const entries = new Map<string, Entry>();
      zip.on('error', (cause: Error) => reject(new ReadError('docx/corrupt', cause.message, { cause })));
      zip.on('end', () => resolve(new OfficePackage(entries)));
      zip.on('entry', (entry) => {
        if (entries.size >= LIMITS.entries) {
          reject(new ReadError('zip/bomb', `more than ${LIMITS.entries} parts`));
          return;
        }
        if (entry.isEncrypted()) {
          reject(new ReadError('docx/encrypted'));
          return;
        }
        const read = () => inflate((done) => zip.openReadStream(entry, done), entry.compressedSize);
        if (!entries.has(entry.fileName)) entries.set(entry.fileName, { read });
        zip.readEntry();
      });
      zip.readEntry();
    });
  });
}

type OpenStream = (done: (error: Error | null, stream: NodeJS.ReadableStream) => void) => void;

function inflate(open: OpenStream, compressed: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(cause instanceof ReadError ? cause : new ReadError('docx/corrupt', cause.message, { cause }));
    open((error, stream) => {
      if (error) {
        fail(error);
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      stream.on('data', (chunk: Buffer | string) => {
        const piece = Buffer.from(chunk as Buffer);
        size += piece.length;
        const isBomb = size > LIMITS.part || (size > LIMITS.ratioFrom && size > compressed * LIMITS.ratio);
        if (isBomb) {
          (stream as unknown as { destroy: () => void }).destroy();
          fail(new ReadError('zip/bomb'));
        } else chunks.push(piece);
      });
      stream.on('end', () => resolve(Buffer.concat(chunks)));
      stream.on('error', fail);
    });
  });
}

/** A relationship of a part: what it points at, and as what. */
export interface Relationship {
  /** The last segment of the relationship's type: `header`, `styles`, `officeDocument`. */
  readonly type: string;
  readonly target: string;
}

/** The internal relationships of a part (the package's own for ''), targets as names in the package. */
export async function relationshipsOf(file: OfficePackage, part: string): Promise<Relationship[]> {
  const slash = part.lastIndexOf('/');
  const folder = part.slice(0, slash + 1);
  const name = `${folder}_rels/${part.slice(slash + 1)}.rels`;
  if (!file.has(name)) return [];
  const xml = await file.text(name);
  return [...xml.matchAll(/<(?:\w+:)?Relationship\s([^>]{1,2000})>/g)].flatMap((match) => {
    const attributes = match[1] ?? '';
    if (/\bTargetMode\s*=\s*["']External/.test(attributes)) return [];
    const type = /\bType\s*=\s*["'][^"']*\/([^"'/]+)["']/.exec(attributes)?.[1];
    const target = /\bTarget\s*=\s*["']([^"']+)["']/.exec(attributes)?.[1];
    if (type === undefined || target === undefined) return [];
    return [{ type, target: resolve(folder, target) }];
  });
}

function resolve(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const path: string[] = [];
  for (const piece of `${folder}${target}`.split('/')) {
    if (piece === '..') path.pop();
    else if (piece !== '.' && piece !== '') path.push(piece);
  }
  return path.join('/');
}
