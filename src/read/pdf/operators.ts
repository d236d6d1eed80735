import { loadData } from '../../data/load.ts';
import type symbolData from '../../data/symbol-fonts.json';
import { repairText } from '../../normalise/unicode.ts';
import { type Dot, type Drawing, type Rule, type Run, SOFT_HYPHEN } from './page.ts';

/** What a page does, as pdf.js lists it: operators, and the arguments of each. */
export interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

/** A font as pdf.js hands it over. */
export interface Font {
  readonly name?: string | undefined;
  readonly fontMatrix?: readonly number[] | undefined;
  readonly isType3Font?: boolean | undefined;
  readonly bbox?: readonly number[] | undefined;
}

export type Matrix = readonly [number, number, number, number, number, number];

/** A character of a shown string; numbers between them move the pen. */
interface Glyph {
  readonly unicode: string;
  readonly width: number;
  readonly isSpace: boolean;
}

/** pdf.js's operators (`OPS` in pdfjs-dist 5.4.296, the version that pdf-parse 2.4.5 pins). */
const OPS = {
  setGState: 9,
  save: 10,
  restore: 11,
  transform: 12,
  beginText: 31,
  setCharSpacing: 33,
  setWordSpacing: 34,
  setHScale: 35,
  setLeading: 36,
  setFont: 37,
  setTextRise: 39,
  moveText: 40,
  setLeadingMoveText: 41,
  setTextMatrix: 42,
  nextLine: 43,
  showText: 44,
  formBegin: 74,
  formEnd: 75,
  constructPath: 91,
} as const;

/** What a path may be painted with: stroke, closeStroke, fill, eoFill and the combinations; not clip and not nothing. */
const PAINTS: ReadonlySet<number> = new Set([20, 21, 22, 23, 24, 25, 26, 27]);
const STROKES: ReadonlySet<number> = new Set([20, 21, 24, 25, 26, 27]);

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

interface State {
  readonly ctm: Matrix;
  readonly font: string;
  readonly size: number;
  readonly charSpacing: number;
  readonly wordSpacing: number;
  readonly hScale: number;
  readonly leading: number;
  readonly rise: number;
}

/**
 * A page's text and what it draws, in one pass over its operators: text and rules from one list cost about what
 * pdf.js's own text does, and a list beside that text would cost as much again.
 *
 * @param toPage from the page's own space to points from its top left corner.
 * @param fontOf a font by the name that the operators call it.
 */
export function readOperators(
  { fnArray, argsArray }: OperatorList,
  toPage: Matrix,
  box: { readonly width: number; readonly height: number },
  fontOf: (name: string) => Font | undefined,
): Drawing & { readonly runs: readonly Run[] } {
  const drawn = { rules: [], dots: [] };
  const text = new TextReader(box);
  const stack: State[] = [];
  let state: State = {
    ctm: toPage,
    font: '',
    size: 0,
    charSpacing: 0,
    wordSpacing: 0,
    hScale: 1,
    leading: 0,
    rise: 0,
  };
  const restore = () => {
    state = stack.pop() ?? state;
  };
  const number = (args: readonly unknown[]) => Number(args[0]);
  for (let index = 0; index < fnArray.length; index++) {
    const args = (argsArray[index] ?? []) as readonly unknown[];
    switch (fnArray[index]) {
      case OPS.save:
        stack.push(state);
        break;
      case OPS.restore:
      case OPS.formEnd:
        restore();
        break;
      case OPS.transform:
        state = { ...state, ctm: multiply(state.ctm, args as unknown as Matrix) };
        break;
      case OPS.formBegin:
        stack.push(state);
        if (args[0] !== null && args[0] !== undefined)
          state = { ...state, ctm: multiply(state.ctm, args[0] as unknown as Matrix) };
        break;
      case OPS.setGState:
        for (const [key, value] of args[0] as readonly [string, readonly unknown[]][])
          if (key === 'Font') state = { ...state, font: String(value[0]), size: Number(value[1]) };
        break;
      case OPS.beginText:
        text.setMatrix(IDENTITY);
        break;
      case OPS.setCharSpacing:
        state = { ...state, charSpacing: number(args) };
        break;
      case OPS.setWordSpacing:
        state = { ...state, wordSpacing: number(args) };
        break;
      case OPS.setHScale:
        state = { ...state, hScale: number(args) / 100 };
        break;
      case OPS.setLeading:
        state = { ...state, leading: number(args) };
        break;
      case OPS.setTextRise:
        state = { ...state, rise: number(args) };
        break;
      case OPS.setFont:
        state = { ...state, font: String(args[0]), size: Number(args[1]) };
        break;
      case OPS.setTextMatrix:
        text.setMatrix(args[0] as unknown as Matrix);
        break;
      case OPS.moveText:
        text.move(number(args), Number(args[1]));
        break;
      case OPS.setLeadingMoveText:
        state = { ...state, leading: -Number(args[1]) };
        text.move(number(args), Number(args[1]));
        break;
      case OPS.nextLine:
        text.move(0, -state.leading);
        break;
      case OPS.showText:
        if (state.font !== '') text.show(args[0] as readonly (Glyph | number)[], state, fontOf(state.font));
        break;
      case OPS.constructPath:
        if (PAINTS.has(number(args))) {
          const data = (args[1] as readonly unknown[] | undefined)?.[0];
          if (data !== undefined && data !== null)
            readPath(data as ArrayLike<number>, STROKES.has(number(args)), state.ctm, drawn);
        }
        break;
      default:
    }
  }
  return { ...drawn, runs: text.finish() };
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

/**
 * A gap narrower than `space` is kerning, one wider than `apart` parts runs; between them it is a space. The figures are
 * pdf.js's. Where the pen jumps further than `jump` and no space is printed, a cell may end. Font sizes.
 */
const GAP = { back: -0.2, space: 0.102, jump: 0.25, apart: 0.6 };

/** A run while characters are still added to it. */
interface OpenRun {
  readonly font: string;
  readonly size: number;
  /** The direction that it runs in, a unit vector of the page. */
  readonly ux: number;
  readonly uy: number;
  /** Where it stands across that direction. Points. */
  readonly across: number;
  /** Where the next character stands if nothing parts it from the last one. */
  pen: number;
  readonly glyphs: OpenGlyph[];
}

interface OpenGlyph {
  readonly text: string;
  /** Where it starts and ends along the run's direction. Points. */
  readonly from: number;
  readonly to: number;
  /** The gap before it, in font sizes. */
  readonly gap: number;
  /** True where a space is printed before it. */
  readonly isAfterSpace: boolean;
}

/** Follows the pen of the text operators, and gathers what it shows into runs. */
class TextReader {
  readonly #runs: Run[] = [];
  readonly #width: number;
  readonly #height: number;
  #matrix: Matrix = IDENTITY;
  #line = { x: 0, y: 0 };
  #x = 0;
  #y = 0;
  #open: OpenRun | null = null;
  #isAfterSpace = false;
  /** The last run whose letters were spaced out: a word of two letters beside it is too. */
  #spacedOut: SpacedOut | null = null;

  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#width = width;
    this.#height = height;
  }

  setMatrix(matrix: Matrix): void {
    this.#matrix = matrix;
    this.#line = { x: 0, y: 0 };
    this.#x = 0;
    this.#y = 0;
  }

  move(x: number, y: number): void {
    this.#line = { x: this.#line.x + x, y: this.#line.y + y };
    this.#x = this.#line.x;
    this.#y = this.#line.y;
  }

  show(glyphs: readonly (Glyph | number)[], state: State, font: Font | undefined): void {
    const [a, b, c, d, e, f] = multiply(state.ctm, this.#matrix);
    const fontMatrix = font?.fontMatrix ?? [0.001, 0, 0, 0.001, 0, 0];
    const stretch = state.size * state.hScale;
    const perUnit = (fontMatrix[0] ?? 0.001) * stretch;
    const size = Math.hypot(c, d) * Math.abs(state.size) * boxScale(font, state.size);
    const reach = Math.hypot(a, b);
    const sign = stretch < 0 ? -1 : 1;
    const [ux, uy] = reach === 0 ? [1, 0] : [(a / reach) * sign, (b / reach) * sign];
    const y = this.#y + state.rise;
    const symbols = symbolsOf(font?.name);
    for (const glyph of glyphs) {
      if (typeof glyph === 'number') {
        this.#x -= (glyph / 1000) * stretch;
        continue;
      }
      const from = this.#x;
      const width = glyph.width * perUnit;
      this.#x += width + (state.charSpacing + (glyph.isSpace ? state.wordSpacing : 0)) * state.hScale;
      if (/^\s?$/.test(glyph.unicode)) {
        this.#isAfterSpace ||= glyph.unicode !== '';
        continue;
      }
      const px = a * from + c * y + e;
      const py = b * from + d * y + f;
      if (px + width * reach < 0 || px > this.#width || py < 0 || py > this.#height || size < 1) continue; // off the page
      const along = px * ux + py * uy;
      const across = py * ux - px * uy;
      const run = this.#runFor(state.font, size, ux, uy, along, across);
      run.glyphs.push({
        text: symbols === undefined ? glyph.unicode : meaningOf(glyph.unicode, symbols),
        from: along,
        to: along + Math.abs(width) * reach,
        gap: (along - run.pen) / size,
        isAfterSpace: this.#isAfterSpace,
      });
      run.pen = along + Math.abs(this.#x - from) * reach;
      this.#isAfterSpace = false;
    }
  }

  /** The run that a character at that place goes on with, or a new one. */
  #runFor(font: string, size: number, ux: number, uy: number, along: number, across: number): OpenRun {
    const open = this.#open;
    if (open !== null) {
      const gap = (along - open.pen) / size;
      if (
        open.font === font &&
        Math.abs(open.size - size) < 0.02 &&
        Math.abs(open.across - across) < 0.12 * size &&
        open.ux * ux + open.uy * uy > 0.999 &&
        gap >= GAP.back &&
        gap <= GAP.apart
      )
        return open;
    }
    this.#close();
    this.#isAfterSpace = false;
    const run: OpenRun = { font, size, ux, uy, across, pen: along, glyphs: [] };
    this.#open = run;
    return run;
  }

  #close(): void {
    const run = this.#open;
    this.#open = null;
    if (run === null) return;
    const { size, ux, uy, across, font } = run;
    const beside = this.#spacedOut;
    const isBeside = beside?.font === font && beside.size === size && Math.abs(beside.across - across) < 1;
    const space = spacingOf(run.glyphs, isBeside ? beside.usual : null);
    if (space !== null) this.#spacedOut = { font, size, across, usual: space / WORD_GAP };
    for (const { letters, along, end } of piecesOf(run, space)) {
      const text = repairText(letters).trim() + (letters.endsWith(SOFT_HYPHEN) ? SOFT_HYPHEN : '');
      if (text === '') continue;
      const x = along * ux - across * uy;
      const y = along * uy + across * ux;
      // Words that run up a narrow header cell stand where they begin, as wide as they are high.
      if (ux < 0.995) this.#runs.push({ text, x: x - size, y, width: size, size, font: `${font}/turned` });
      else this.#runs.push({ text, x, y, width: end - along, size, font });
    }
  }

  finish(): Run[] {
    this.#close();
    return this.#runs;
  }
}

const SYMBOL_FONTS: readonly { readonly name: string; readonly characters: Record<string, string> }[] = loadData<
  typeof symbolData
>('symbol-fonts.json').fonts as never;

/** What the characters of a font of symbols print, where it is one. */
function symbolsOf(name: string | undefined): Record<string, string> | undefined {
  const bare = name?.toLowerCase().replace(/[^a-z]/g, '') ?? '';
  return SYMBOL_FONTS.find((font) => bare.includes(font.name))?.characters;
}

/** A symbol by its place in the font: Windows puts such fonts at U+F000. */
function meaningOf(character: string, symbols: Record<string, string>): string {
  const code = character.codePointAt(0) ?? 0;
  const plain = code >= 0xf000 && code <= 0xf0ff ? String.fromCodePoint(code - 0xf000) : character;
  return symbols[plain] ?? character;
}

/** Fonts of drawn characters may be as small as one unit: their box says how large they print. */
function boxScale(font: Font | undefined, size: number): number {
  if (!font?.isType3Font || Math.abs(size) > 1) return 1;
  const height = ((font.bbox?.[3] ?? 0) - (font.bbox?.[1] ?? 0)) * (font.fontMatrix?.[3] ?? 0);
  return height > 0 ? height : 1;
}

/** How much wider than between its letters the gap between two words of such a heading is. */
const WORD_GAP = 1.5;

interface SpacedOut {
  readonly font: string;
  readonly size: number;
  readonly across: number;
  /** The gap between its letters, in font sizes. */
  readonly usual: number;
}

interface RunPiece {
  letters: string;
  readonly along: number;
  end: number;
}

/**
 * The words of a run, parted where the pen jumps. Where every letter stands apart, as in a heading that is spaced out,
 * only the wider gaps are spaces.
 */
function piecesOf({ glyphs }: OpenRun, space: number | null): RunPiece[] {
  const pieces: RunPiece[] = [];
  for (const { text, from, to, gap, isAfterSpace } of glyphs) {
    const open = pieces.at(-1);
    if (open === undefined || (space === null && gap > GAP.jump && !isAfterSpace)) {
      pieces.push({ letters: text, along: from, end: to });
      continue;
    }
    const isSpace = space === null ? isAfterSpace || gap > GAP.space : gap > space;
    open.letters += isSpace ? ` ${text}` : text;
    open.end = to;
  }
  return pieces;
}

/** The gap past which the letters of a heading that is spaced out begin a new word; null for other text. Font sizes. */
function spacingOf(glyphs: readonly OpenGlyph[], beside: number | null): number | null {
  const gap = glyphs[1]?.gap ?? 0;
  if (glyphs.length === 2 && beside !== null && Math.abs(gap - beside) < 0.1 * beside) return beside * WORD_GAP;
  const apart = glyphs.slice(1).flatMap(({ gap }) => (gap > GAP.space ? [gap] : []));
  const isEven = Math.max(...apart) < 1.1 * Math.min(...apart);
  // Three letters may be the codes of a table: they must stand apart by the same gap, with no space printed.
  const isSpacedOut =
    glyphs.length > 4
      ? apart.length > 0.6 * (glyphs.length - 1)
      : glyphs.length > 2 &&
        apart.length === glyphs.length - 1 &&
        isEven &&
        !glyphs.some((glyph) => glyph.isAfterSpace);
  return isSpacedOut ? (apart.sort((a, b) => a - b)[apart.length >> 1] ?? 0) * WORD_GAP : null;
}

interface Drawn {
  readonly rules: Rule[];
  readonly dots: Dot[];
}

/** Thinner than this a filled box is a rule. Points. */
const THIN = 3;

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
