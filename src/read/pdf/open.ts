import { ReadError } from '../../model/diagnostic.ts';
import { repairText } from '../../normalise/unicode.ts';

/** A piece of text as pdf.js positions it. Points; x from the left, y from the top, at the baseline. */
export interface Run {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Font size. */
  readonly size: number;
  readonly font: string;
}

/** True for text that does not run from left to right: set up a margin, or up a table's header. */
export const isTurned = (run: Run) => run.font.endsWith('/turned');

/** A horizontal or vertical line that a page draws: a rule, or an edge of a box. Points from the top left. */
export interface Rule {
  readonly isHorizontal: boolean;
  /** The y of a horizontal rule, the x of a vertical one. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** A small filled disc or square that a page draws: browsers print the bullets of lists so. Points from the top left. */
export interface Dot {
  /** Its right edge. */
  readonly x: number;
  /** Its middle. */
  readonly y: number;
}

/** What a page draws beside its text. */
export interface Drawing {
  readonly rules: readonly Rule[];
  readonly dots: readonly Dot[];
}

/** A page's positioned text. Its drawing costs nearly as much again, so it is read only when asked for. */
export interface Page {
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly runs: readonly Run[];
  readonly readDrawing: () => Promise<Drawing>;
}

type Matrix = readonly [number, number, number, number, number, number];

interface TextItem {
  readonly str?: string;
  readonly transform?: readonly number[];
  readonly width?: number;
  readonly fontName?: string;
}

interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

interface PdfPage {
  getViewport(options: { scale: number }): { width: number; height: number; transform: readonly number[] };
  getTextContent(): Promise<{ items: readonly TextItem[] }>;
  getOperatorList(): Promise<OperatorList>;
  cleanup(): void;
}

interface PdfDocument {
  readonly numPages: number;
  getPage(number: number): Promise<PdfPage>;
}

/** The most pages that are read: no advert has more. */
const MAX_PAGES = 200;

/**
 * Opens a PDF with pdf-parse 2.4.5 and reads pdf.js's positioned text from the document that it opened: pdf-parse's own
 * `getText()` joins the columns of a table with one space.
 *
 * @param use is called with the pages, and the file is closed when it is done.
 * @throws ReadError `pdf/encrypted` or `pdf/corrupt`.
 */
export async function withPages<Result>(
  bytes: Uint8Array,
  use: (pages: readonly Page[]) => Promise<Result>,
): Promise<Result> {
  const { PDFParse } = await import('pdf-parse');
  // pdf.js takes the bytes over: it gets a copy.
  const parser = new PDFParse({
    data: new Uint8Array(bytes),
    verbosity: 0,
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    stopAtErrors: false,
  });
  try {
    const document = await load(parser);
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
    return await use(pages);
  } catch (cause) {
    throw toReadError(cause);
  } finally {
    await parser.destroy().catch(() => {});
  }
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

async function readPage(page: PdfPage, number: number): Promise<Page> {
  const viewport = page.getViewport({ scale: 1 });
  const toPage = viewport.transform as unknown as Matrix;
  const { items } = await page.getTextContent();
  let drawing: Promise<Drawing> | undefined;
  return {
    number,
    width: viewport.width,
    height: viewport.height,
    runs: items.flatMap((item) => readItem(item, toPage)),
    readDrawing: () => {
      drawing ??= page.getOperatorList().then((operators) => readDrawing(operators, toPage));
      return drawing;
    },
  };
}

function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}

function readItem(item: TextItem, toPage: Matrix): Run[] {
  if (item.str === undefined || item.transform === undefined || item.str.trim() === '') return [];
  const matrix = multiply(toPage, item.transform as unknown as Matrix);
  const size = Math.hypot(matrix[2], matrix[3]);
  // Text that does not run from left to right (set up a margin, or up a table's header) is kept by its direction.
  const isLevel = Math.abs(matrix[1]) < 0.1 * Math.abs(matrix[0]) && matrix[0] > 0;
  const text = repairText(item.str);
  if (text.trim() === '' || size < 1) return [];
  if (!isLevel) {
    // Upright words in a narrow header cell stand where they begin, as wide as they are high.
    return [{ text, x: matrix[4] - size, y: matrix[5], width: size, size, font: `${item.fontName ?? ''}/turned` }];
  }
  const lead = text.length - text.trimStart().length;
  const width = item.width ?? 0;
  const shift = lead === 0 ? 0 : (width * lead) / Math.max(1, text.length);
  return [
    { text: text.trim(), x: matrix[4] + shift, y: matrix[5], width: width - shift, size, font: item.fontName ?? '' },
  ];
}

/** pdf.js's operators (`OPS` in pdfjs-dist 5.4.296, the version that pdf-parse 2.4.5 pins). */
const OPS = { save: 10, restore: 11, transform: 12, formBegin: 74, formEnd: 75, constructPath: 91 };
/** What a path may be painted with: stroke, closeStroke, fill, eoFill and the combinations; not clip and not nothing. */
const PAINTS: ReadonlySet<number> = new Set([20, 21, 22, 23, 24, 25, 26, 27]);
const STROKES: ReadonlySet<number> = new Set([20, 21, 24, 25, 26, 27]);

/** Thinner than this a filled box is a rule. Points. */
const THIN = 3;

function readDrawing({ fnArray, argsArray }: OperatorList, toPage: Matrix): Drawing {
  const drawing = { rules: [], dots: [] };
  const stack: Matrix[] = [];
  let current: Matrix = toPage;
  for (const [index, operator] of fnArray.entries()) {
    const args = argsArray[index] as readonly unknown[] | null;
    if (operator === OPS.save) stack.push(current);
    else if (operator === OPS.restore) current = stack.pop() ?? current;
    else if (operator === OPS.transform) current = multiply(current, args as unknown as Matrix);
    else if (operator === OPS.formBegin) {
      stack.push(current);
      if (Array.isArray(args?.[0])) current = multiply(current, args?.[0] as unknown as Matrix);
    } else if (operator === OPS.formEnd) current = stack.pop() ?? current;
    else if (operator === OPS.constructPath && PAINTS.has(Number(args?.[0]))) {
      const data = (args?.[1] as readonly unknown[] | undefined)?.[0];
      if (data !== undefined && data !== null)
        readPath(data as ArrayLike<number>, STROKES.has(Number(args?.[0])), current, drawing);
    }
  }
  return drawing;
}

interface Drawn {
  readonly rules: Rule[];
  readonly dots: Dot[];
}

/**
 * A path's straight, level lines, and dots. Codes as in pdf.js's `DrawOPS`: 0 move, 1 line, 2 curve, 3 close,
 * 4 quadratic.
 */
function readPath(data: ArrayLike<number>, isStroke: boolean, matrix: Matrix, drawn: Drawn): void {
  let points: [number, number][] = [];
  let isCurved = false;
  const flush = () => {
    if (points.length > 1 && !isCurved) addShape(points, isStroke, drawn.rules);
    if (points.length > 3 && !isStroke) addDot(points, drawn.dots);
    points = [];
    isCurved = false;
  };
  const point = (x: number, y: number): [number, number] => [
    matrix[0] * x + matrix[2] * y + matrix[4],
    matrix[1] * x + matrix[3] * y + matrix[5],
  ];
  const at = (index: number) => data[index] ?? 0;
  for (let index = 0; index < data.length; ) {
    switch (at(index)) {
      case 0:
        flush();
        points.push(point(at(index + 1), at(index + 2)));
        index += 3;
        break;
      case 1:
        points.push(point(at(index + 1), at(index + 2)));
        index += 3;
        break;
      case 2:
        isCurved = true;
        points.push(point(at(index + 5), at(index + 6)));
        index += 7;
        break;
      case 4:
        isCurved = true;
        points.push(point(at(index + 3), at(index + 4)));
        index += 5;
        break;
      case 3: {
        const [first] = points;
        if (first !== undefined) points.push(first);
        index += 1;
        break;
      }
      default:
        return;
    }
  }
  flush();
}

/** The sides that a list's bullet may have, points: a disc of body text is a third of its size. */
const DOT = { least: 1.5, most: 7 };

function addDot(points: readonly [number, number][], dots: Dot[]): void {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [width, height] = [right - left, bottom - top];
  if (width < DOT.least || width > DOT.most || Math.abs(width - height) > 0.25 * Math.max(width, height)) return;
  dots.push({ x: right, y: (top + bottom) / 2 });
}

function addShape(points: readonly [number, number][], isStroke: boolean, rules: Rule[]): void {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  if (!isStroke || points.length > 2) {
    if (bottom - top <= THIN && right - left > THIN) {
      rules.push({ isHorizontal: true, at: (top + bottom) / 2, from: left, to: right });
      return;
    }
    if (right - left <= THIN && bottom - top > THIN) {
      rules.push({ isHorizontal: false, at: (left + right) / 2, from: top, to: bottom });
      return;
    }
    if (!isStroke) return; // a filled area: shading
  }
  for (let index = 1; index < points.length; index++) {
    const [x0, y0] = points[index - 1] ?? [0, 0];
    const [x1, y1] = points[index] ?? [0, 0];
    if (Math.abs(y1 - y0) < 1 && Math.abs(x1 - x0) > THIN)
      rules.push({ isHorizontal: true, at: y0, from: Math.min(x0, x1), to: Math.max(x0, x1) });
    else if (Math.abs(x1 - x0) < 1 && Math.abs(y1 - y0) > THIN)
      rules.push({ isHorizontal: false, at: x0, from: Math.min(y0, y1), to: Math.max(y0, y1) });
  }
}
