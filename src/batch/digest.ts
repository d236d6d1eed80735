import { createHash } from 'node:crypto';

/** The SHA-256 of bytes or of a text's UTF-8, in hexadecimal. */
export const digest = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');

/** The first bits of a text's SHA-256 as a number, big-endian: 32, or 48 at most. */
export const shortDigest = (text: string | Uint8Array, bits: 32 | 48) =>
  createHash('sha256')
    .update(text)
    .digest()
    .readUIntBE(0, bits / 8);
