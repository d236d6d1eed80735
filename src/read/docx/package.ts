import { inflateRawSync } from 'node:zlib';
import { ReadError } from '../../model/diagnostic.ts';

/** Limits on what a package may inflate to: Apache POI's ratio, and sizes no advert comes near. Bytes. */
const LIMITS = { entries: 2_000, part: 24 * 2 ** 20, total: 64 * 2 ** 20, ratio: 100, ratioFrom: 100 * 2 ** 10 };

/** Where a part's bytes stand in the file, as the central directory has it. */
interface Entry {
  readonly relativeOffsetOfLocalHeader: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly compressionMethod: number;
}

/**
 * The parts of an Open Packaging file, inflated one by one when they are asked for. What is never asked for (pictures,
 * fonts) is never inflated, and nothing is inflated past the limits: declared sizes are not believed.
 */
export class OfficePackage {
  readonly #buffer: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #parts = new Map<string, Buffer>();
  #total = 0;

  constructor(buffer: Buffer, entries: ReadonlyMap<string, Entry>) {
    this.#buffer = buffer;
    this.#entries = entries;
  }

  has(name: string): boolean {
    return this.#entries.has(bare(name));
  }

  /** A part's bytes. Throws `docx/corrupt` where there is no such part or it is damaged, `zip/bomb` past the limits. */
  bytes(name: string): Buffer {
    const key = bare(name);
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const entry = this.#entries.get(key);
    if (entry === undefined) throw new ReadError('docx/corrupt', `the part ${key} is missing`);
    const part = inflate(this.#buffer, entry);
    this.#parts.set(key, part);
    this.#total += part.length;
    if (this.#total > LIMITS.total) throw new ReadError('zip/bomb');
    return part;
  }

  text(name: string): string {
    const bytes = this.bytes(name);
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes.subarray(2));
    return new TextDecoder('utf-8').decode(bytes);
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
      const names = new Set<string>();
      let listed = 0; // bytes of the central directory
      zip.on('error', (cause: Error) => reject(new ReadError('docx/corrupt', cause.message, { cause })));
      zip.on('end', () => {
        if (isWholeDirectory(buffer, listed, zip.comment.length)) resolve(new OfficePackage(buffer, entries));
        else reject(new ReadError('docx/corrupt', 'the list of its parts is not as long as it says'));
      });
      zip.on('entry', (entry) => {
        if (entries.size >= LIMITS.entries) {
          reject(new ReadError('zip/bomb', `more than ${LIMITS.entries} parts`));
          return;
        }
        if (entry.isEncrypted()) {
          reject(new ReadError('docx/encrypted'));
          return;
        }
        const name = entry.fileName.toLowerCase(); // names that differ in case only are one (ECMA-376, part 2)
        if (names.has(name) || !isNamedTwiceAlike(buffer, entry)) {
          reject(new ReadError('docx/corrupt', 'two parts have one name, or one has two'));
          return;
        }
        names.add(name);
        entries.set(entry.fileName, entry);
        listed += CENTRAL_HEADER.length + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
        zip.readEntry();
      });
      zip.readEntry();
    });
  });
}

const LOCAL_HEADER = { signature: 0x04034b50, length: 30, nameLengthAt: 26, extraLengthAt: 28 };
const CENTRAL_HEADER = { length: 46 };
/** The record at the end of a file; a size that stands in its 64-bit twin is all ones. */
const END_RECORD = { length: 22, directorySizeAt: 12, elsewhere: 0xffffffff };

/**
 * True where the parts that were counted are the whole central directory. Some readers go by the count and some by the
 * size: where they differ, so could the documents that two of them read.
 */
function isWholeDirectory(buffer: Buffer, listed: number, commentLength: number): boolean {
  const declared = buffer.readUInt32LE(buffer.length - commentLength - END_RECORD.length + END_RECORD.directorySizeAt);
  return declared === listed || declared === END_RECORD.elsewhere;
}

/**
 * True where a part has the same name in the central directory, before its bytes and in yauzl's reading, which takes a
 * second name from an extra field. Another reader could go by another of the three, and read another document.
 */
function isNamedTwiceAlike(
  buffer: Buffer,
  entry: Entry & { readonly fileName: string; readonly fileNameRaw: Buffer },
): boolean {
  const header = entry.relativeOffsetOfLocalHeader;
  if (header + LOCAL_HEADER.length > buffer.length) return false;
  const from = header + LOCAL_HEADER.length;
  const local = buffer.subarray(from, from + buffer.readUInt16LE(header + LOCAL_HEADER.nameLengthAt));
  const raw = entry.fileNameRaw.toString('latin1').replaceAll('\\', '/');
  const isPlain = /^[\x20-\x7e]*$/.test(raw); // the bytes of others depend on a flag; no part has such a name
  return local.equals(entry.fileNameRaw) && (!isPlain || raw === entry.fileName);
}
const METHODS = { stored: 0, deflated: 8 };

/** A part's bytes, at once: a stream each would cost more time than the inflating. */
function inflate(buffer: Buffer, entry: Entry): Buffer {
  try {
    const header = entry.relativeOffsetOfLocalHeader;
    if (buffer.readUInt32LE(header) !== LOCAL_HEADER.signature) throw new Error('a part has no header');
    const from =
      header +
      LOCAL_HEADER.length +
      buffer.readUInt16LE(header + LOCAL_HEADER.nameLengthAt) +
      buffer.readUInt16LE(header + LOCAL_HEADER.extraLengthAt);
    const packed = buffer.subarray(from, from + entry.compressedSize);
    const part = unpack(packed, entry.compressionMethod);
    if (part.length !== entry.uncompressedSize) throw new Error('a part is not as long as the file says');
    return part;
  } catch (cause) {
    if (cause instanceof ReadError) throw cause;
    throw new ReadError('docx/corrupt', cause instanceof Error ? cause.message : '', { cause });
  }
}

function unpack(packed: Buffer, method: number): Buffer {
  const limit = Math.min(LIMITS.part, Math.max(LIMITS.ratioFrom, packed.length * LIMITS.ratio));
  if (method === METHODS.stored) {
    if (packed.length > limit) throw new ReadError('zip/bomb');
    return packed;
  }
  if (method !== METHODS.deflated) throw new Error('a part is packed in an unknown way');
  try {
    return inflateRawSync(packed, { maxOutputLength: limit });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new ReadError('zip/bomb', '', { cause });
    throw cause;
  }
}

/** A relationship of a part: what it points at, and as what. */
export interface Relationship {
  /** The last segment of the relationship's type: `header`, `styles`, `officeDocument`. */
  readonly type: string;
  readonly target: string;
}

/** The internal relationships of a part (the package's own for ''), targets as names in the package. */
export function relationshipsOf(file: OfficePackage, part: string): Relationship[] {
  const slash = part.lastIndexOf('/');
  const folder = part.slice(0, slash + 1);
  const name = `${folder}_rels/${part.slice(slash + 1)}.rels`;
  if (!file.has(name)) return [];
  const xml = file.text(name);
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
