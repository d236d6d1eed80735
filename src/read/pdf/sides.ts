import { type Band, columnsOf, GUTTER, HEADER_WORDS, type Interval, narrow } from './bands.ts';
import type { Line } from './lines.ts';

/**
 * The index of the first line that crosses a gutter of the columns above it, or stands well apart from them. Beside a box
 * the running text may go on further down, as long as nothing else stands side by side there.
 */
export function endOfColumns(
  lines: readonly Line[],
  from: number,
  gutters: readonly Interval[],
  isBox: boolean,
): number {
  const endWithin = (reach: number) => {
    let at = from;
    for (; at < lines.length; at++) {
      const line = lines[at];
      const before = lines[at - 1];
      if (line === undefined || before === undefined || line.y - before.y > reach * before.size) break;
      if (gutters.some((gutter) => narrow(gutter, line) === null)) break;
    }
    return at;
  };
  const far = isBox ? endWithin(4) : from;
  const isAlone = lines.slice(from, far).every(({ segments }) => segments.length === 1);
  return isBox && isAlone ? far : endWithin(2.4);
}

/** How many of the first lines a wide gap parts from the rest. */
export function standsApart(lines: readonly Line[]): number {
  for (let at = 1; at < Math.min(4, lines.length); at++) {
    const [line, before] = [lines[at], lines[at - 1]];
    if (line !== undefined && before !== undefined && line.y - before.y > 2.8 * Math.max(line.size, before.size))
      return at;
  }
  return 0;
}

/**
 * The gutter between running text and a box beside it: their lines stand level by chance only, while the cells of a
 * table's row begin level. Null where there is none.
 */
export function independentGutter(band: Band): Interval | null {
  const opening = band.lines[0]?.segments.map(({ text }) => text.trim()) ?? [];
  for (const gutter of band.gutters) {
    const [left = [], right = []] = columnsOf({ lines: band.lines, gutters: [gutter] });
    const level = band.lines.filter((line) => isLevel(line, gutter)).length;
    if (left.length < 5 || right.length < 5 || level > 0.35 * Math.min(left.length, right.length)) continue;
    if (isProse(left)) return gutter;
    // A box at the left: one narrow column beside running text, and no header over the two.
    if (band.gutters.length === 1 && isProse(right) && !opening.some((text) => HEADER_WORDS.test(text))) return gutter;
  }
  return null;
}

/** Lines side by side whose baselines have nothing to do with each other, and the strip between them. */
interface Side {
  readonly first: number;
  readonly last: number;
  readonly gutter: Interval;
}

/** A column or a box has at least this many lines. */
const MIN_COLUMN_LINES = 5;

/** The items of a list in a column stand at most this far from its edge. Points. */
const INDENT = 42;

/** Columns and boxes beside running text that hardly share a baseline with it: where many lines begin at one place. */
export function findSides(lines: readonly Line[]): Side[] {
  const left = Math.min(...lines.map((line) => line.segments[0]?.x0 ?? Number.POSITIVE_INFINITY));
  const width = Math.max(...lines.map((line) => line.segments.at(-1)?.x1 ?? 0)) - left;
  const starts = lines
    .flatMap(({ segments }) => segments.flatMap(({ x0 }) => (x0 > left + 0.2 * width ? [x0] : [])))
    .sort((a, b) => a - b);
  const sides: Side[] = [];
  for (const x of new Set(starts.map(Math.floor))) {
    const count = starts.filter((start) => start >= x && start < x + INDENT).length;
    if (count < MIN_COLUMN_LINES) continue;
    const side = sideAt(lines, x);
    if (side !== null && !sides.some(({ first, last }) => first <= side.last && last >= side.first)) sides.push(side);
  }
  return sides;
}

function sideAt(lines: readonly Line[], x: number): Side | null {
  const beginsThere = (line: Line) => line.segments.some(({ x0 }) => x0 >= x - 1 && x0 < x + INDENT);
  const first = lines.findIndex(beginsThere);
  let last = first;
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined || line.y - (lines[last]?.y ?? 0) > 4 * line.size) break;
    if (line.segments.some((segment) => segment.x0 < x - 3 && segment.x1 > x - 3)) break;
    if (beginsThere(line)) last = at;
  }
  const within = lines.slice(first, last + 1);
  const ends = within.flatMap(({ segments }) => segments.flatMap(({ x0, x1 }) => (x0 < x - 3 ? [x1] : [])));
  const gutter = { from: Math.max(...ends), to: x };
  if (ends.length < MIN_COLUMN_LINES || gutter.to - gutter.from < 2 * GUTTER) return null;
  const [inner = [], outer = []] = columnsOf({ lines: within, gutters: [gutter] });
  const isTable = (column: readonly Line[]) =>
    column.filter(({ segments }) => segments.length > 1).length > 0.2 * column.length;
  const level = within.filter((line) => isLevel(line, gutter)).length;
  if (inner.length < MIN_COLUMN_LINES || outer.length < MIN_COLUMN_LINES || isTable(inner) || isTable(outer))
    return null;
  const most = hasHeadings(inner, outer) ? MOST_LEVEL.withHeadings : MOST_LEVEL.without;
  if (level > most * Math.min(inner.length, outer.length) || !(isProse(inner) || isProse(outer))) return null;
  const [opening] = within;
  return opening !== undefined && isHeaderRow(opening, gutter) ? null : { first, last, gutter };
}

/** True for the heads of a table, side by side in one size of type. */
function isHeaderRow(line: Line, gutter: Interval): boolean {
  const sizes = line.segments.map(({ size }) => size);
  return (
    line.segments.some(({ text }) => HEADER_WORDS.test(text.trim())) &&
    isLevel(line, gutter) &&
    Math.max(...sizes) < 1.15 * Math.min(...sizes)
  );
}

/** How many lines of two columns may stand level by chance: of the shorter column's. Those of a table have no headings. */
const MOST_LEVEL = { without: 0.35, withHeadings: 0.5 };

/** True where columns have headings of their own, in larger type, that do not stand side by side. */
function hasHeadings(inner: readonly Line[], outer: readonly Line[]): boolean {
  const segments = [...inner, ...outer].flatMap((line) => line.segments);
  const sizes = segments.map(({ size }) => size).sort((a, b) => a - b);
  const usual = sizes[sizes.length >> 1] ?? 0;
  const headings = segments.filter(({ size, text }) => size > 1.15 * usual && /[A-Za-z]{3}/.test(text));
  return headings.length > 1 && new Set(headings.map(({ y }) => Math.round(y))).size === headings.length;
}

/** True where a line's words on either side of a gutter stand on one baseline: those of a table's row do. */
function isLevel(line: Line, gutter: Interval): boolean {
  const left = line.segments.findLast(({ x1 }) => x1 <= gutter.from + 1);
  const right = line.segments.find(({ x0 }) => x0 >= gutter.to - 1);
  return left !== undefined && right !== undefined && Math.abs(left.y - right.y) < 0.75;
}

/** True where most lines of a column are filled with words from edge to edge. */
function isProse(column: readonly Line[]): boolean {
  const widths = column.map((line) => (line.segments.at(-1)?.x1 ?? 0) - (line.segments[0]?.x0 ?? 0));
  const chars = column.reduce((sum, line) => sum + line.segments.reduce((all, { text }) => all + text.length, 0), 0);
  const isFilled = widths.filter((width) => width > 0.6 * Math.max(...widths)).length > 0.45 * column.length;
  return isFilled && chars / column.length >= 24;
}

/** True for a column in which each label stands over its value, in another face: its rows need not match its neighbour's. */
function isStacked(column: readonly Line[]): boolean {
  const fonts = column.map((line) => line.segments[0]?.font);
  const changes = fonts.slice(1).filter((font, index) => font !== fonts[index]).length;
  return column.length >= 6 && changes >= (column.length - 1) * 0.75;
}

/** Whether lines that stand side by side are columns of running text or the rows of a table. */
export function judgeBand(band: Band): 'columns' | 'table' {
  const columns = columnsOf(band);
  const [first] = band.lines;
  const opening = first?.segments.map((segment) => segment.text.trim()) ?? [];
  if (
    opening.length > 1 &&
    opening.every((text) => text.length < 34) &&
    opening.some((text) => HEADER_WORDS.test(text))
  )
    return 'table';
  if (columns.length > 3) return 'table';
  if (columns.every(isStacked)) return 'columns';
  const measures = columns.map((lines) => {
    const segments = lines.flatMap((line) => line.segments);
    const left = Math.min(...segments.map((segment) => segment.x0));
    const right = Math.max(...segments.map((segment) => segment.x1));
    const chars = segments.reduce((sum, segment) => sum + segment.text.length, 0) / Math.max(1, segments.length);
    const fill =
      segments.reduce((sum, segment) => sum + (segment.x1 - left), 0) / Math.max(1, segments.length * (right - left));
    return { chars, fill, lines: lines.length };
  });
  const [leftmost] = measures;
  const second = measures[1];
  if (leftmost === undefined || second === undefined) return 'table';
  if (leftmost.chars < 24 && !(leftmost.lines > 14 && leftmost.chars > 16)) return 'table';
  if (second.chars <= 14) return 'table';
  return leftmost.lines >= 4 && second.lines >= 3 && leftmost.fill > 0.6 ? 'columns' : 'table';
}
