/**
 * Names of files as strings. A name is bytes to the system, and they need not be UTF-8: a byte that is none is carried as
 * U+DC80 to U+DCFF, lone, as Python does it (PEP 383). So names can be sorted, joined and noted, and lead back to the file.
 */

/** A byte that is no UTF-8, as it is carried. */
const STRAY = /(?<![\ud800-\udbff])[\udc80-\udcff]/;
const STRAYS = new RegExp(STRAY.source, 'g');

/** The name that bytes are. */
export function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || Buffer.from(text).equals(bytes)) return text;
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    name += length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return name;
}

/** How many bytes from `at` on are one character's in UTF-8; 0 where they are none's. */
function lengthOfCharacter(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const piece = bytes.subarray(at, at + length);
  return Buffer.from(piece.toString('utf8')).equals(piece) ? length : 0;
}

/** The bytes that a name is. */
export function bytesOf(name: string): Buffer {
  if (!STRAY.test(name)) return Buffer.from(name);
  const pieces: Buffer[] = [];
  let end = 0;
  for (const { index } of name.matchAll(STRAYS)) {
    pieces.push(Buffer.from(name.slice(end, index)), Buffer.of(name.charCodeAt(index) - 0xdc00));
    end = index + 1;
  }
  return Buffer.concat([...pieces, Buffer.from(name.slice(end))]);
}

/** A name as Node's functions for files take it. */
export const pathOf = (name: string): string | Buffer => (STRAY.test(name) ? bytesOf(name) : name);

/** A name as it is printed: what is no UTF-8 as U+FFFD. */
export const shownName = (name: string): string => name.replace(STRAYS, '\ufffd');
