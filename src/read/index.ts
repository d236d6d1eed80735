import type { Reading } from '../model/document.ts';
import { looksLikeHtml, sniff } from './sniff.ts';
import { readText } from './text.ts';

/**
 * Reads a file's bytes into blocks. The format is told by the bytes; `name` only tells texts apart: Markdown, pages, others.
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
      return readTextFile(bytes, name);
  }
}

/**
 * A text. A name decides what it is called, its first words whether it is read as a page;
 * what comes in by a pipe has no name.
 */
async function readTextFile(bytes: Uint8Array, name: string): Promise<Reading> {
  if (/\.(?:md|markdown)$/i.test(name)) {
    const { readMarkdown } = await import('./markdown.ts');
    return readMarkdown(bytes);
  }
  const isNamed = /\.(?:html?|xhtml)$/i.test(name);
  const isPage = looksLikeHtml(bytes, isNamed);
  if (!isPage) return readText(bytes, isNamed ? 'html' : 'txt');
  const { readHtml } = await import('./html/index.ts');
  return readHtml(bytes, isNamed || name === '-' ? 'html' : 'txt');
}
