import { ReadError } from '../model/diagnostic.ts';
import { WINDOWS_1252 } from '../normalise/unicode.ts';

/** Text from bytes, and the name of the encoding that they were in. */
export interface Decoded {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
}

/**
 * Decodes a text file: by its byte order mark, else as UTF-16 where every other byte is zero, else as UTF-8 where it is
 * valid, else as windows-1252. Throws `input/unknown-format` for bytes that are no text.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs('utf-16le', bytes.subarray(2));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs('utf-16be', bytes.subarray(2));
  const wide = findWideEncoding(bytes);
  if (wide !== null) return decodeAs(wide, bytes);
  if (isBinary(bytes)) throw new ReadError('input/unknown-format', 'the bytes are no text');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: decodeWindows1252(bytes), encoding: 'windows-1252' };
  }
}

function decodeAs(encoding: 'utf-16le' | 'utf-16be', bytes: Uint8Array): Decoded {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  if (encoding === 'utf-16le') return { text: new TextDecoder('utf-16le').decode(even), encoding };
  return { text: new TextDecoder('utf-16le').decode(Buffer.from(even).swap16()), encoding };
}

/** UTF-16 without a byte order mark: English text has a zero in nearly every high byte. */
function findWideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 2000);
  if (sample.length < 4) return null;
  let even = 0;
  let odd = 0;
  for (const [index, byte] of sample.entries()) if (byte === 0) index % 2 === 0 ? even++ : odd++;
  const pairs = sample.length / 2;
  if (odd > pairs * 0.7 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.7 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}

function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 8000);
  let odd = 0;
  for (const byte of sample) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) odd++;
  }
  return odd > sample.length * 0.02;
}

function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  return text.replace(/[\u0080-\u009f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);
}
