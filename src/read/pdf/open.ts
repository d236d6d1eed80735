import { ReadError } from '../../model/diagnostic.ts';
import { type OperatorList, readOperators } from './operators.ts';
import type { Matrix, Page } from './page.ts';
import { workerOnLine } from './port.ts';
import type { Font } from './shown-text.ts';

interface PdfPage {
  readonly commonObjs: { has(name: string): boolean; get(name: string): unknown };
  getViewport(options: { scale: number }): { width: number; height: number; transform: readonly number[] };
  getOperatorList(options: { annotationMode: number }): Promise<OperatorList>;
  cleanup(): void;
}

interface PdfDocument {
  readonly numPages: number;
  getPage(number: number): Promise<PdfPage>;
}

/** The most pages that are read: no advert has more. */
const MAX_PAGES = 200;

/** The value of pdf.js's `AnnotationMode.DISABLE`: what stands in form fields and notes is no text of the advert. */
const NO_ANNOTATIONS = 0;

/**
 * Where pdf.js puts its fonts. Nothing is painted, so nothing is kept; without it pdf.js would draw each letter's outline,
 * which costs as much as reading the page.
 */
const FONT_SINK = { fonts: { add: () => {}, delete: () => {} } };

/** The browser's class of fonts, as far as pdf.js asks of it. */
class UnusedFontFace {
  readonly loaded = Promise.resolve();
}

/**
 * Opens a PDF with pdf-parse 2.4.5 and reads pdf.js's operators from the document that it opened: pdf-parse's own
 * `getText()` joins the columns of a table with one space.
 *
 * @returns the pages that can be read, and how many there are.
 * @throws ReadError `pdf/encrypted` or `pdf/corrupt`.
 */
export async function readPages(bytes: Uint8Array): Promise<{ pages: Page[]; count: number }> {
  const PDFParse = await importPdfParse();
  const worker = workerOnLine();
  // pdf.js takes the bytes over: it gets a copy.
  const options = {
    ...(worker === undefined ? {} : { worker }),
    data: new Uint8Array(bytes),
    verbosity: 0,
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: false,
    ownerDocument: FONT_SINK,
    maxImageSize: 0, // pictures are not decoded
    stopAtErrors: false,
  };
  const parser = new PDFParse(options as ConstructorParameters<typeof PDFParse>[0]);
  try {
    const document = await load(parser);
    restorePush();
    const pages: Page[] = [];
    let failure: unknown;
    for (let number = 1; number <= Math.min(document.numPages, MAX_PAGES); number++) {
      try {
        pages.push(await readPage(await document.getPage(number), number));
      } catch (cause) {
        failure = cause;
      }
    }
    if (pages.length === 0) throw failure ?? new Error('it has no pages');
    return { pages, count: document.numPages };
  } catch (cause) {
    throw toReadError(cause);
  } finally {
    await parser.destroy().catch(() => {});
    worker?.destroy();
  }
}

async function importPdfParse() {
  const { PDFParse } = await import('pdf-parse');
  const scope = globalThis as { FontFace?: unknown };
  scope.FontFace ??= UnusedFontFace;
  return PDFParse;
}

const { push } = Array.prototype;

/**
 * Undoes what pdf.js does to everybody's arrays: its build for older engines puts a slow `push` in place of the engine's
 * own, for a case (lengths past 2 to the 53rd) that nothing here can meet. It does so when it is imported, and again when
 * it first opens a document.
 */
function restorePush(): void {
  if (Array.prototype.push === push) return;
  Object.defineProperty(Array.prototype, 'push', { value: push, writable: true, configurable: true });
}

/** The document that pdf-parse opened. `load` is not in its types: the hook is checked here. */
async function load(parser: object): Promise<PdfDocument> {
  const { load: hook } = parser as { load?: () => Promise<PdfDocument> };
  if (typeof hook !== 'function')
    throw new ReadError('internal/unexpected', 'pdf-parse no longer hands over the document that it opened');
  return hook.call(parser);
}

function toReadError(cause: unknown): ReadError {
  if (cause instanceof ReadError) return cause;
  const name = cause instanceof Error ? cause.name : '';
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '').slice(0, 120) : '';
  if (/password/i.test(name) || /password/i.test(message)) return new ReadError('pdf/encrypted', '', { cause });
  return new ReadError('pdf/corrupt', message, { cause });
}

/** What is needed of a font, taken once: pdf.js unpacks each fact anew whenever it is asked for. */
function factsOf(font: unknown): Font | undefined {
  if (typeof font !== 'object' || font === null) return undefined; // it could not be loaded
  const { name, fontMatrix, isType3Font, bbox } = font as Font;
  return { name, fontMatrix, isType3Font, bbox };
}

async function readPage(page: PdfPage, number: number): Promise<Page> {
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const operators = await page.getOperatorList({ annotationMode: NO_ANNOTATIONS });
  const fonts = new Map<string, Font | undefined>();
  const fontOf = (name: string) => {
    if (!fonts.has(name)) fonts.set(name, factsOf(page.commonObjs.has(name) ? page.commonObjs.get(name) : null));
    return fonts.get(name);
  };
  const { runs, rules, dots } = readOperators(operators, transform as unknown as Matrix, { width, height }, fontOf);
  page.cleanup();
  return { number, width, height, runs, rules, dots };
}
