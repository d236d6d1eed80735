import type { Reading } from '../model/document.ts';
import { sniff } from './sniff.ts';
import { readText } from './text.ts';

/**
 * Reads a file's bytes into blocks. The format is told by the bytes; `name` only tells Markdown from plain text.
 * Throws `ReadError` where nothing can be read. The libraries for PDF and Word are loaded when they are first needed.
 */
export async function read(bytes: Uint8Array, name: string): Promise<Reading> {
  switch (sniff(bytes)) {
    case 'pdf': {
      const { readPdf } = await import('./pdf/index.ts');
      return readPdf(bytes);
    }
    case 'docx': {
      const { readDocx } = await import('./docx/index.ts');
      return readDocx(bytes);
    }
    default:
      return readText(bytes, /\.(?:md|markdown)$/i.test(name) ? 'markdown' : 'txt');
  }
}
