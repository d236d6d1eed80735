import { ReadError } from '../model/diagnostic.ts';

/** What a file's bytes say that it is. Texts are told apart by name elsewhere. */
export type Sniffed = 'pdf' | 'docx' | 'text';

const starts = (bytes: Uint8Array, ...signature: number[]) => signature.every((byte, index) => bytes[index] === byte);

/** Tells a file's format by its bytes alone. Throws a coded error for formats that are no adverts that can be read. */
export function sniff(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) throw new ReadError('input/empty');
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  if (head.includes('%PDF-')) return 'pdf';
  if (starts(bytes, 0x50, 0x4b, 0x03, 0x04) || starts(bytes, 0x50, 0x4b, 0x05, 0x06)) return 'docx';
  if (starts(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw readOle(bytes);
  if (head.startsWith('{\\rtf')) throw new ReadError('input/unknown-format', 'it is a Rich Text document');
  return 'text';
}

/** True where the bytes are read as text, which takes linear time whatever they are. */
export function looksLikeText(bytes: Uint8Array): boolean {
  try {
    return sniff(bytes) === 'text';
  } catch {
    return true; // no reader is begun for it
  }
}

/** An OLE container: an encrypted Word document, or a document of Word 97–2003. */
function readOle(bytes: Uint8Array): ReadError {
  const text = Buffer.from(bytes).toString('latin1');
  const wide = (name: string) => [...name].join('\0');
  if (text.includes(wide('EncryptedPackage')) || text.includes(wide('EncryptionInfo')))
    return new ReadError('docx/encrypted');
  if (text.includes(wide('WordDocument'))) return new ReadError('doc/legacy');
  return new ReadError('input/unknown-format', 'it is an Office file, but no Word document');
}

/**
 * True for a text that is a web page, or a part of one: it opens with a tag, whatever stands before it in comments. Where
 * its name says that it is a page, any tag will do.
 */
export function looksLikeHtml(bytes: Uint8Array, isNamed: boolean): boolean {
  const isWide = bytes[0] === 0xff || bytes[0] === 0xfe || bytes[1] === 0;
  const head = Buffer.from(bytes.subarray(0, 4096)).toString(isWide ? 'utf16le' : 'latin1');
  if (isNamed && /<\/?[a-z][a-z0-9]{0,15}(?:[\s/][^<>]{0,500})?>/i.test(head)) return true;
  const bare = head
    .replace(/^(?:\ufeff|\u00ef\u00bb\u00bf)/, '')
    .replace(/<!--[\s\S]{0,3000}?-->/g, '')
    .trimStart();
  return /^(?:<\?xml\b[^<>]{0,200}\?>\s{0,20})?<(?:!doctype\s+html|html|head|body|header|article|main|section|div|table|p|h[1-6])\b/i.test(
    bare,
  );
}
