import { loadData } from '../../data/load.ts';
import type symbolData from '../../data/symbol-fonts.json';
import { repairText } from '../../normalise/unicode.ts';
import { extentOf, type Matrix, multiply, type Run, SOFT_HYPHEN } from './page.ts';

/** A font as pdf.js hands it over. */
export interface Font {
  readonly name?: string | undefined;
  readonly fontMatrix?: readonly number[] | undefined;
  readonly isType3Font?: boolean | undefined;
  readonly bbox?: readonly number[] | undefined;
}

/** A character of a shown string; numbers between them move the pen. */
export interface Glyph {
  readonly unicode: string;
  readonly width: number;
  readonly isSpace: boolean;
}

/** What the text operators have set when a string is shown. */
export interface TextState {
  readonly ctm: Matrix;
  readonly font: string;
  readonly size: number;
  readonly charSpacing: number;
  readonly wordSpacing: number;
  readonly hScale: number;
  readonly leading: number;
  readonly rise: number;
}

export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/**
 * A gap narrower than `space` is kerning, one wider than `apart` parts runs; between them it is a space. The figures are
 * pdf.js's. Where the pen jumps further than `jump` and no space is printed, a cell may end; a space that leaves
 * no gap but `taken` was taken back. Font sizes.
 */
const GAP = { back: -0.2, taken: 0.05, space: 0.102, jump: 0.25, apart: 0.6 };

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
export class TextReader {
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

  show(glyphs: readonly (Glyph | number)[], state: TextState, font: Font | undefined): void {
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
      if (glyph.unicode.length < 2 && glyph.unicode.trim() === '') {
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
  if (name === undefined) return undefined;
  const bare = name.toLowerCase().replace(/[^a-z]/g, '');
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
function piecesOf({ glyphs, size }: OpenRun, space: number | null): RunPiece[] {
  const pieces: RunPiece[] = [];
  for (const { text, from, to, gap, isAfterSpace: hasSpace } of glyphs) {
    const open = pieces.at(-1);
    // A soft hyphen within a line is a space over which the pen moves back.
    const isAfterSpace = hasSpace && (open === undefined || from - open.end > GAP.taken * size);
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
  const apart: number[] = [];
  for (let index = 1; index < glyphs.length; index++) {
    const after = glyphs[index]?.gap ?? 0;
    if (after > GAP.space) apart.push(after);
  }
  if (apart.length === 0) return null;
  const [least, greatest] = extentOf(apart);
  const isEven = greatest < 1.1 * least;
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
