import type { CellDraft, RowDraft } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { findGrids, findShelves, type Grid, runsIn } from './grid.ts';
import { type Line, type Segment, toLines } from './lines.ts';
import { type Drawing, isTurned, type Page, type Run } from './page.ts';
import { type BodyType, type TextLine, toParagraphs } from './paragraphs.ts';

/** A table, or the part of one that stands on a page. */
export interface TablePiece {
  readonly kind: 'table';
  readonly rows: readonly RowDraft[];
  /** Where its columns start, and where the last one ends. Points. */
  readonly edges: readonly number[];
  readonly right: number;
  /** The words of its first row, cell by cell: the next page may print them again. */
  readonly header: readonly string[];
  readonly isLists?: boolean;
  readonly page: number;
}

/** A part of a page in reading order: lines of running text, or a table. */
export type Piece =
  | { readonly kind: 'lines'; readonly lines: readonly TextLine[]; readonly right: number }
  | TablePiece;

/** A page whose lines stand beside one another this often may hold a table or columns. */
const MIN_SHARED_LINES = 2;

const rightOf = (lines: readonly Line[]) =>
  Math.max(0, ...lines.flatMap((line) => line.segments.map((segment) => segment.x1)));

/**
 * The parts of a page in the order in which a person reads them.
 *
 * @param above the last part of the page before: a table may go on here.
 */
export function layoutPage(page: Page, runs: readonly Run[], body: BodyType, above: Piece | undefined): Piece[] {
  const open = above?.kind === 'table' ? above : null;
  const typed = runs.filter((run) => !isTurned(run));
  const level = [...typed, ...toBullets(page, typed)];
  const lines = toLines(level);
  const shared = lines.filter((line) => line.segments.length > 1).length;
  const grids =
    shared >= (open !== null ? 1 : MIN_SHARED_LINES)
      ? tablesIn(withShelves(findGrids(page.rules, page), page, lines), level)
      : [];
  const pieces: Piece[] = [];
  let rest = level;
  for (const grid of grids) rest = rest.filter((run) => !isInside(run, grid));
  const outside = grids.length > 0 ? toLines(rest) : lines;
  const right = rightOf(lines);
  let from = 0;
  for (const grid of [...grids].sort((a, b) => a.top - b.top)) {
    const until = outside.findIndex((line, index) => index >= from && line.y > grid.top + 2);
    const end = until < 0 ? outside.length : until;
    pieces.push(...layoutLines(outside.slice(from, end), page.number, body, right, from === 0 ? open : null));
    from = end;
    pieces.push(toTable(grid, runs, page.number, body));
  }
  pieces.push(...layoutLines(outside.slice(from), page.number, body, right, from === 0 ? open : null));
  return pieces;
}

/** A page's grids, and the tables that have level rules only. */
function withShelves(grids: readonly Grid[], page: Page, lines: readonly Line[]): Grid[] {
  const startsBetween = (top: number, bottom: number) => {
    const within = lines.filter(({ y }) => y > top && y < bottom + 2);
    if (within.filter(({ segments }) => segments.length > 1).length < MIN_SHARED_LINES) return [];
    // A line alone may be the name of a category, across all columns; short ones stand in one.
    const left = Math.min(...within.map(({ segments }) => segments[0]?.x0 ?? 0));
    const width = rightOf(within) - left;
    const told = within.filter(({ segments }) => {
      const [only] = segments;
      return (
        segments.length > 1 || (only !== undefined && only.x0 > left + only.size && only.x1 - only.x0 < 0.3 * width)
      );
    });
    return [0, ...freeStrips(told).map(({ to }) => to)];
  };
  return [...grids, ...findShelves(page.rules, grids, startsBetween)];
}

/** The bullets that a page draws may stand this far from the words, in font sizes. */
const BULLET_GAP = 2.5;

/** The dots that stand right before the first word of a line, as the bullets that they are. */
function toBullets({ dots }: Drawing, runs: readonly Run[]): Run[] {
  return dots.flatMap((dot): Run[] => {
    const beside = runs.filter((run) => Math.abs(run.y - 0.32 * run.size - dot.y) < 0.3 * run.size);
    const [word] = beside.filter((run) => run.x > dot.x).sort((a, b) => a.x - b.x);
    const isAfterWords = beside.some((run) => run.x < dot.x && run.x + run.width > dot.x - 2 * run.size);
    if (word === undefined || isAfterWords || word.x - dot.x > BULLET_GAP * word.size) return [];
    return [{ ...word, text: '•', x: dot.x - 0.3 * word.size, width: 0.3 * word.size }];
  });
}

const isInside = (run: Run, grid: Grid) => {
  const x = run.x + Math.min(run.width, run.size) / 2;
  const y = run.y - run.size * 0.3;
  return x > grid.left - 2 && x < grid.right + 2 && y > grid.top - 2 && y < grid.bottom + 2;
};

/** The grids that hold a table: two columns or more with words in them, and no page's worth of text in one cell. */
function tablesIn(grids: readonly Grid[], runs: readonly Run[]): Grid[] {
  const tables = grids.filter((grid) => {
    if (grid.columns < 2) return false;
    const filled = new Set<number>();
    for (const cell of grid.cells) if (runsIn(cell, runs).length > 0) filled.add(cell.column);
    return filled.size > 1;
  });
  // A grid within another's cell is read with that cell.
  return tables.filter(
    (grid) =>
      !tables.some(
        (other) =>
          other !== grid &&
          other.left <= grid.left + 1 &&
          other.right >= grid.right - 1 &&
          other.top <= grid.top + 1 &&
          other.bottom >= grid.bottom - 1,
      ),
  );
}

const headerOf = (rows: readonly RowDraft[]) =>
  (rows[0]?.cells ?? []).map((cell) => cell.blocks.map((block) => block.text).join(' '));

function toTable(grid: Grid, runs: readonly Run[], page: number, body: BodyType): Piece {
  const filled = grid.cells.map((cell) => ({
    cell,
    blocks: toParagraphs(wholeLines(runsIn(cell, runs), page), body, cell.right - 4),
  }));
  // Rows in which no words begin are slivers between rules: what spans them begins in the next row that counts.
  const kept = [...Array(grid.rows).keys()].filter((row) =>
    filled.some(({ cell, blocks }) => cell.row === row && blocks.length > 0),
  );
  const rows = kept.map((row, index): RowDraft => {
    const above = kept[index - 1] ?? -1;
    const starting = filled.filter(({ cell }) => cell.row > above && cell.row <= row && cell.row + cell.rowSpan > row);
    const cells = starting
      .sort((a, b) => a.cell.column - b.cell.column)
      .map(({ cell, blocks }): CellDraft => {
        const rowSpan = kept.filter((each) => each >= row && each < cell.row + cell.rowSpan).length;
        const { colSpan } = cell;
        return { blocks, ...(colSpan > 1 ? { colSpan } : {}), ...(rowSpan > 1 ? { rowSpan } : {}) };
      });
    return { cells, page };
  });
  const edges = [...new Set(grid.cells.map((cell) => Math.round(cell.left)))].sort((a, b) => a - b);
  return { kind: 'table', rows, edges, right: grid.right, header: headerOf(rows), page };
}

/** A cell's lines, each as one: what stands apart within a cell is no column. */
function wholeLines(runs: readonly Run[], page: number): TextLine[] {
  return toLines(runs).map((line) => ({ ...joinSegments(line.segments), page }));
}

function joinSegments(segments: readonly Segment[]): Segment {
  const [first] = segments;
  const longest = [...segments].sort((a, b) => b.text.length - a.text.length)[0];
  const blank = { text: '', x0: 0, x1: 0, y: 0, size: 0, font: '', firstFont: '', lastFont: '' };
  return {
    ...(longest ?? blank),
    text: segments.map((segment) => segment.text).join(' '),
    x0: first?.x0 ?? 0,
    x1: segments.at(-1)?.x1 ?? 0,
    firstFont: first?.firstFont ?? '',
    lastFont: segments.at(-1)?.lastFont ?? '',
  };
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The narrowest strip without text that parts two columns. Points. */
const GUTTER = 3;

/** Lines in reading order: bands of columns or tables where the white space between them goes on from line to line. */
function layoutLines(
  lines: readonly Line[],
  page: number,
  body: BodyType,
  right: number,
  open: TablePiece | null = null,
): Piece[] {
  const pieces: Piece[] = [];
  let plain: TextLine[] = [];
  const flush = () => {
    if (plain.length > 0) pieces.push({ kind: 'lines', lines: plain, right });
    plain = [];
  };
  const rest = open === null ? null : restOfTable(lines, open);
  if (rest !== null) pieces.push(bandTable(rest, page, body));
  let at = rest?.lines.length ?? 0;
  const sides = findSides(lines);
  while (at < lines.length) {
    const line = lines[at];
    if (line === undefined) break;
    const beside = sides.find(({ first }) => first === at);
    const lists = bandBelowHeader(lines, at);
    const found =
      beside !== undefined
        ? { lines: lines.slice(at, beside.last + 1), gutters: [beside.gutter] }
        : line.segments.length > 1
          ? (lists ?? findBand(lines, at))
          : null;
    const split = beside?.gutter ?? (found === null || lists !== null ? null : independentGutter(found));
    const band = found === null || split === null ? found : { ...found, gutters: [split] };
    if (band === null) {
      for (const segment of line.segments) plain.push({ ...segment, page });
      at++;
      continue;
    }
    const kind = lists !== null ? 'table' : split === null ? judgeBand(band) : 'columns';
    // A line well above the columns, as in a banner, is not of them.
    const apart = kind === 'columns' ? standsApart(band.lines) : 0;
    if (apart > 0) {
      for (const banner of lines.slice(at, at + apart))
        for (const segment of banner.segments) plain.push({ ...segment, page });
      at += apart;
      continue;
    }
    if (kind === 'columns') {
      // Lines above that keep to one column belong to it: a sidebar may begin lower than the text beside it.
      const taken: Line[] = [];
      while (plain.length > 0) {
        const above = plain.at(-1);
        const below = taken[0] ?? band.lines[0];
        if (
          above === undefined ||
          below === undefined ||
          band.gutters.some((gutter) => above.x0 < gutter.to && above.x1 > gutter.from) ||
          below.y - above.y > above.size * 2.4
        )
          break;
        plain.pop();
        taken.unshift({ y: above.y, size: above.size, segments: [above] });
      }
      flush();
      // What goes on below in one of the columns belongs to it: they need not end together.
      const below = lines.slice(
        at + band.lines.length,
        endOfColumns(lines, at + band.lines.length, band.gutters, beside !== undefined),
      );
      for (const column of columnsOf({ ...band, lines: [...taken, ...band.lines, ...below] }))
        pieces.push(...layoutLines(column, page, body, rightOf(column)));
      at += below.length;
    } else {
      flush();
      pieces.push(bandTable(band, page, body));
    }
    at += band.lines.length;
  }
  flush();
  return pieces;
}

/**
 * The index of the first line that crosses a gutter of the columns above it, or stands well apart from them. Beside a box
 * the running text may go on further down, as long as nothing else stands side by side there.
 */
function endOfColumns(lines: readonly Line[], from: number, gutters: readonly Interval[], isBox: boolean): number {
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
function standsApart(lines: readonly Line[]): number {
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
function independentGutter(band: Band): Interval | null {
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

/** Columns and boxes beside running text that hardly share a baseline with it: where many lines begin at one place. */
function findSides(lines: readonly Line[]): Side[] {
  const left = Math.min(...lines.map((line) => line.segments[0]?.x0 ?? Number.POSITIVE_INFINITY));
  const width = Math.max(...lines.map((line) => line.segments.at(-1)?.x1 ?? 0)) - left;
  const counts = new Map<number, number>();
  for (const { segments } of lines)
    for (const { x0 } of segments)
      if (x0 > left + 0.2 * width) counts.set(Math.floor(x0), (counts.get(Math.floor(x0)) ?? 0) + 1);
  const sides: Side[] = [];
  for (const [x, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (count < MIN_COLUMN_LINES) continue;
    const side = sideAt(lines, x);
    if (side !== null && !sides.some(({ first, last }) => first <= side.last && last >= side.first)) sides.push(side);
  }
  return sides;
}

function sideAt(lines: readonly Line[], x: number): Side | null {
  const beginsThere = (line: Line) => line.segments.some(({ x0 }) => x0 >= x - 1 && x0 < x + 2);
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
  if (level > 0.35 * Math.min(inner.length, outer.length) || !(isProse(inner) || isProse(outer))) return null;
  if (within[0]?.segments.some(({ text }) => HEADER_WORDS.test(text.trim()))) return null;
  return { first, last, gutter };
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

interface Band {
  readonly lines: readonly Line[];
  readonly gutters: readonly Interval[];
  /** Where its columns start, and what its header row says, where the page before has said so. */
  readonly edges?: readonly number[];
  readonly header?: readonly string[];
  /** How far its last column may reach. */
  readonly right?: number;
  /** The y of lines that stand across its columns. */
  readonly spans?: ReadonlySet<number>;
  /** True where its columns are lists that have nothing to do with each other, line by line. */
  readonly isLists?: boolean;
}

const gapsOf = (line: Line): Interval[] =>
  line.segments.slice(1).map((segment, index) => ({ from: line.segments[index]?.x1 ?? 0, to: segment.x0 }));

/** A gutter as far as a line leaves it free; null where the line crosses it. */
function narrow(gutter: Interval, line: Line): Interval | null {
  let { from, to } = gutter;
  for (const segment of line.segments) {
    if (segment.x1 <= from || segment.x0 >= to) continue;
    if (segment.x0 <= from && segment.x1 >= to) return null;
    if (segment.x0 <= from) from = segment.x1;
    else if (segment.x1 >= to) to = segment.x0;
    else return null; // words in the middle of the strip
    if (to - from < GUTTER) return null;
  }
  return to - from < GUTTER ? null : { from, to };
}

/** True where a line has words on both sides of a gutter. */
const isShared = (line: Line, gutter: Interval) =>
  line.segments.some((segment) => segment.x1 <= gutter.from + 1) &&
  line.segments.some((segment) => segment.x0 >= gutter.to - 1);

/** A short line across the columns of a table: the name of what stands below it. */
const MAX_SPANNING = 45;

/**
 * A band of lines that stand in columns that are known: those of the table above, at the top of the next page, or those
 * of a header row. Null where too few do.
 */
function bandIn(lines: readonly Line[], edges: readonly number[], right: number, isLists = false): Band | null {
  const columnOf = ({ x0, x1 }: Segment) => {
    const column = edges.findLastIndex((edge) => edge <= x0 + 6);
    return column >= 0 && x1 <= (edges[column + 1] ?? right + 6) + 2 ? column : -1;
  };
  const spans = new Set<number>();
  let end = 0;
  let until = 0;
  for (; end < lines.length; end++) {
    const [line, before] = [lines[end], lines[end - 1]];
    if (line === undefined || (before !== undefined && line.y - before.y > 5 * line.size)) break;
    const columns = line.segments.map(columnOf);
    const [only] = line.segments;
    if (columns.includes(-1)) {
      const isSpan =
        end > 0 &&
        columns.length === 1 &&
        only !== undefined &&
        only.text.length <= MAX_SPANNING &&
        !/[.:;,]$/.test(only.text);
      if (!isSpan) break;
      spans.add(line.y);
      continue;
    }
    // A stub alone belongs to the table only while it goes on right below the last row.
    const isStub = !isLists && columns.every((column) => column === 0);
    if (!isStub || (before !== undefined && until === end && line.y - before.y <= 1.5 * before.size)) until = end + 1;
  }
  const within = lines.slice(0, until);
  if (within.every(({ segments }) => segments.every((each) => columnOf(each) === 0))) return null;
  return {
    lines: within,
    gutters: edges.slice(1).map((edge) => ({ from: edge - 9, to: edge - 3 })),
    edges,
    right,
    spans,
  };
}

/** The rest of the table above, at the top of the next page. */
function restOfTable(lines: readonly Line[], { edges, right, header, isLists }: TablePiece): Band | null {
  const band = bandIn(lines, edges, right, isLists);
  const [first] = band?.lines ?? [];
  if (band === null || first === undefined) return null;
  const shared = band.lines.filter(({ segments }) => segments.length > 1).length;
  // A list that happens to be indented as far as a column is none; what goes on with a cell is short.
  if (shared === 0 && (band.lines.length > 6 || (opensWithBullet(first) && edges.length < 3))) return null;
  if (!isLists) return { ...band, header };
  return { ...band, header, isLists, spans: new Set([...(band.spans ?? []), ...headsIn(band)]) };
}

/** The table below a header row of two lists, whose lines need not stand level: its columns begin where its heads do. */
function bandBelowHeader(lines: readonly Line[], start: number): Band | null {
  const [header] = lines.slice(start, start + 1);
  const texts = header?.segments.map(({ text }) => text.trim()) ?? [];
  if (header === undefined || texts.length !== 2 || !texts.every((text) => LIST_HEADS.test(text))) return null;
  const band = bandIn(
    lines.slice(start),
    header.segments.map(({ x0 }) => x0),
    rightOf(lines),
    true,
  );
  const columns = band === null ? [] : columnsOf(band);
  // Where bullets begin the items, they tell the rows.
  const isBulleted = columns.every((column) => column.filter(opensWithBullet).length > 1);
  if (band === null || isBulleted || !columns.every((column) => column.length > 2)) return null;
  return { ...band, isLists: true, spans: new Set([...(band.spans ?? []), ...headsIn(band)]) };
}

/** The y of short lines that stand alone in the first column, in another face than the lists: names of categories. */
function headsIn(band: Band): number[] {
  const lines = band.lines.slice(1);
  const counts = new Map<string, number>();
  for (const { segments } of lines)
    for (const { font, text } of segments) counts.set(font, (counts.get(font) ?? 0) + text.length);
  const [usual] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  // Where the other lists have heads of their own, these are heads within the first.
  const [, ...others] = columnsOf(band);
  if (others.some((column) => column.slice(1).some(({ segments }) => segments.some(({ font }) => font !== usual))))
    return [];
  return lines.flatMap(({ y, segments }) => {
    const [only] = segments;
    const isShort = segments.length === 1 && only !== undefined && only.text.length <= MAX_SPANNING;
    return isShort && only.font !== usual ? [y] : [];
  });
}

const LIST_HEADS = /^(?:essential|desirable)(?:\s(?:criteria|requirements|qualities|skills|attributes))?:?$/i;

function findBand(lines: readonly Line[], start: number): Band | null {
  const first = lines[start];
  if (first === undefined) return null;
  let gutters = gapsOf(first).filter((gap) => gap.to - gap.from >= GUTTER);
  let end = start + 1;
  let shared = 1;
  let lastShared = start;
  for (; end < lines.length; end++) {
    const line = lines[end];
    const before = lines[end - 1];
    if (line === undefined || before === undefined || line.y - before.y > Math.max(before.size, line.size) * 5) break;
    const left = gutters.flatMap((gutter) => narrow(gutter, line) ?? []);
    if (left.length === 0) break;
    // A line that closes one of several gutters ends the band, unless it is a heading across part of it.
    gutters = left;
    if (gutters.some((gutter) => isShared(line, gutter))) {
      shared++;
      lastShared = end;
    }
  }
  // Short lines after the last shared one belong to the band only while they go on with it.
  let until = lastShared + 1;
  const margins = lines
    .slice(start, until)
    .filter(opensWithBullet)
    .map((line) => line.segments[0]?.x0 ?? 0);
  while (until < end) {
    const line = lines[until];
    const before = lines[until - 1];
    if (line === undefined || before === undefined || line.size > before.size * 1.15) break;
    const gap = line.y - before.y;
    // Further items of a list in one of the columns, and what stands in a later column only, are of the table too.
    const isInTable =
      (opensWithBullet(line) && margins.some((x) => Math.abs(x - (line.segments[0]?.x0 ?? 0)) < 2)) ||
      gutters.some((gutter) => line.segments.every(({ x0 }) => x0 >= gutter.to - 1));
    if (gap > before.size * (isInTable ? 3 : 1.5)) break;
    until++;
  }
  if (shared < MIN_SHARED_LINES || gutters.length === 0) return null;
  const within = lines.slice(start, until);
  return { lines: within, gutters: freeStrips(within) };
}

/** The strips that every line of a band leaves free: a header row may leave its first column empty. */
function freeStrips(lines: readonly Line[]): Interval[] {
  const covered = lines
    .flatMap((line) => line.segments.map((segment): Interval => ({ from: segment.x0, to: segment.x1 })))
    .sort((a, b) => a.from - b.from);
  const strips: Interval[] = [];
  let end = covered[0]?.to ?? 0;
  for (const { from, to } of covered) {
    if (from - end >= GUTTER) strips.push({ from: end, to: from });
    end = Math.max(end, to);
  }
  return [...strips, ...spannedStrips(lines, strips)].sort((a, b) => a.from - b.from);
}

/** How many lines must begin a cell at one place before others may span it. */
const MIN_CELLS = 3;
/** The wrapped lines of a list item stand less than this far from its bullet, points: they begin no column. */
const HANG = 20;

/** The strips that only a few cells cross, which begin where an earlier column does: they span columns. */
function spannedStrips(lines: readonly Line[], strips: readonly Interval[]): Interval[] {
  const segments = lines.flatMap((line) => line.segments);
  const starts = [Math.min(...segments.map(({ x0 }) => x0)), ...strips.map(({ to }) => to)];
  const isNear = (x: number, reach: number) => starts.some((start) => x - start > -3 && x - start < reach);
  const counts = new Map<number, number>();
  for (const { x0 } of segments) counts.set(Math.floor(x0), (counts.get(Math.floor(x0)) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([x, count]): Interval[] => {
      if (count < MIN_CELLS || isNear(x, HANG)) return [];
      const crossing = segments.filter(({ x0, x1 }) => x0 < x - 2 && x1 > x + 2);
      if (
        crossing.length === 0 ||
        crossing.length > 0.4 * lines.length ||
        !crossing.every(({ x0 }) => isNear(x0, HANG))
      )
        return [];
      const from = Math.max(...segments.flatMap(({ x1 }) => (x1 <= x ? [x1] : [])));
      const isCell = lines.some((line) =>
        line.segments.some(
          ({ x0 }, index) => index > 0 && Math.floor(x0) === x && isNear(line.segments[index - 1]?.x0 ?? 0, HANG),
        ),
      );
      if (!isCell || x - from < GUTTER) return [];
      starts.push(x);
      return [{ from, to: x }];
    });
}

/** The lines of each column of a band, with the segments that stand in it. */
function columnsOf(band: Band): Line[][] {
  const edges = [
    Number.NEGATIVE_INFINITY,
    ...band.gutters.map((gutter) => (gutter.from + gutter.to) / 2),
    Number.POSITIVE_INFINITY,
  ];
  return edges.slice(0, -1).map((left, index) => {
    const right = edges[index + 1] ?? Number.POSITIVE_INFINITY;
    return band.lines.flatMap((line) => {
      const segments = line.segments.filter(
        (segment) =>
          (segment.x0 + Math.min(segment.x1, segment.x0 + segment.size)) / 2 >= left &&
          segment.x0 + segment.size / 2 < right,
      );
      return segments.length > 0 ? [{ ...line, segments }] : [];
    });
  });
}

/** True for a column in which each label stands over its value, in another face: its rows need not match its neighbour's. */
function isStacked(column: readonly Line[]): boolean {
  const fonts = column.map((line) => line.segments[0]?.font);
  const changes = fonts.slice(1).filter((font, index) => font !== fonts[index]).length;
  return column.length >= 6 && changes >= (column.length - 1) * 0.75;
}

const HEADER_WORDS =
  /^(?:essentials?|desirables?|essential criteria|desirable criteria|criteri(?:a|on)|requirements?|attributes?|factors?|how assessed|assessed (?:by|at|how)|assessment|method of assessment|e ?\/ ?d|no\.?|category|area)$/i;

/** Whether lines that stand side by side are columns of running text or the rows of a table. */
function judgeBand(band: Band): 'columns' | 'table' {
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

/** A table without rules: columns by the white space, rows by the gaps and by where the first column starts anew. */
function bandTable(band: Band, page: number, body: BodyType): Piece {
  const columns = columnsOf(band);
  const headLines = band.isLists && band.header === undefined ? 1 : headerLines(band, columns);
  const starts = withSpans(
    band,
    band.isLists ? band.lines.slice(0, headLines + 1).map(({ y }) => y) : rowStarts(band, columns, headLines),
  );
  const outer = band.right ?? rightOf(band.lines);
  const rows: RowDraft[] = starts.map((start, index): RowDraft => {
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const spanning = band.spans?.has(start) ? band.lines.find(({ y }) => y === start) : undefined;
    if (spanning !== undefined) {
      const blocks = toParagraphs([{ ...joinSegments(spanning.segments), page }], body, 0);
      return { cells: [{ blocks, colSpan: columns.length }], page };
    }
    const cells = columns.map(
      (lines, column): CellDraft => ({
        blocks: toParagraphs(
          lines
            .filter((line) => line.y >= start - 0.5 && line.y < end - 0.5)
            .map((line): TextLine => ({ ...joinSegments(line.segments), page })),
          body,
          // A few short lines do not show how far a column reaches.
          lines.length < 5
            ? Math.max(rightOf(lines), (band.edges?.[column + 1] ?? outer + COLUMN_PADDING) - COLUMN_PADDING)
            : rightOf(lines),
        ),
      }),
    );
    return { cells, page };
  });
  const segments = columns.map((lines) => lines.flatMap((line) => line.segments));
  const edges = band.edges ?? segments.map((own) => Math.round(Math.min(...own.map(({ x0 }) => x0))));
  return {
    kind: 'table',
    rows,
    edges,
    right: Math.max(band.right ?? 0, ...segments.flat().map(({ x1 }) => x1)),
    header: band.header ?? headerOf(rows),
    ...(band.isLists ? { isLists: true } : {}),
    page,
  };
}

const opensWithBullet = (line: Line) => /^[•●▪■◦‣∙·○◉◆❖➢\ue000-\uf8ff]/.test(line.segments[0]?.text ?? '');

/** A gap this much wider than the lines of a cell stand apart is one between rows. */
const LOOSE = 1.22;
/** A column whose cells hold fewer characters than this holds flags or codes, one for each row. */
const CODE_LENGTH = 16;

/**
 * Where the rows of a table without rules start, as the y of their first lines. A row has its first column filled; where
 * more white space stands between rows than between the lines of a cell, the space tells, and a stub may wrap.
 */
function rowStarts(band: Band, columns: readonly (readonly Line[])[], header: number): number[] {
  const [stub = []] = columns;
  if (columns.every((lines) => lines.filter(opensWithBullet).length > 1)) return listRowStarts(band, columns, header);
  const inStub = new Map(stub.map((line) => [line.y, line]));
  const gaps = band.lines.slice(1).map((line, index) => line.y - (band.lines[index]?.y ?? 0));
  const tight = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 4)] ?? 12;
  const leading = Math.max(tight, (band.lines[0]?.size ?? 10) * 1.05);
  const isLoose = (index: number) => (gaps[index - 1] ?? Number.POSITIVE_INFINITY) > leading * LOOSE;
  const stubStarts = band.lines.flatMap((line, index) => (index > 0 && inStub.has(line.y) ? [index] : []));
  const hasRowGaps = stubStarts.filter(isLoose).length > stubStarts.length * 0.35;
  const codes = columns.slice(1).filter((lines) => {
    const texts = lines.flatMap((line) => line.segments.map((segment) => segment.text));
    return texts.length > 0 && texts.reduce((sum, text) => sum + text.length, 0) / texts.length < CODE_LENGTH;
  });
  const hasCode = (line: Line) => codes.length === 0 || codes.some((lines) => lines.some(({ y }) => y === line.y));
  // A value below a short one that begins like one of its own: its label is no rest of the label above.
  const beginsAnew = (line: Line, index: number) => {
    const [, value] = line.segments;
    const above = columns[1]?.findLast(({ y }) => y < line.y);
    const end = above?.segments.at(-1)?.x1 ?? 0;
    const widest = Math.max(...(columns[1] ?? []).map(({ segments }) => segments.at(-1)?.x1 ?? 0));
    const left = above?.segments[0]?.x0 ?? 0;
    return (
      columns.length === 2 &&
      index > 0 &&
      value !== undefined &&
      /^[A-Z£\d]/.test(value.text) &&
      above?.y === band.lines[index - 1]?.y &&
      end - left < 0.7 * (widest - left)
    );
  };
  let stubBefore = Number.NEGATIVE_INFINITY;
  return band.lines.flatMap((line, index): number[] => {
    if (index < header) return index === 0 ? [line.y] : [];
    const own = inStub.get(line.y);
    const goesOn =
      own !== undefined &&
      line.y - stubBefore <= leading * 1.3 &&
      !isLoose(index) &&
      !beginsAnew(line, index) &&
      (hasRowGaps || line.segments.length === 1 || /^[a-z(&]/.test(own.segments[0]?.text ?? ''));
    if (own !== undefined) stubBefore = line.y;
    const opens =
      index === header ||
      (own !== undefined && !goesOn) ||
      (own === undefined &&
        line.segments.length > 1 &&
        ((hasRowGaps ? isLoose(index) && hasCode(line) : (gaps[index - 1] ?? 0) > leading * 1.9) ||
          // All columns but the stub begin anew, codes too: a row within those that the stub stands beside.
          (columns.length > 2 &&
            line.segments.length >= columns.length - 1 &&
            codes.some((lines) => lines.some(({ y }) => y === line.y)) &&
            (gaps[index - 1] ?? 0) > leading * 1.08)));
    return opens ? [line.y] : [];
  });
}

/** How far short of the next column the lines of one end, points. */
const COLUMN_PADDING = 14;

/** Row starts with those of the lines that stand across the columns, each a row of its own. */
function withSpans({ lines, spans }: Band, starts: readonly number[]): number[] {
  if (spans === undefined || spans.size === 0) return [...starts];
  const own = lines.flatMap(({ y }, index) => (spans.has(y) ? [y, lines[index + 1]?.y ?? y] : []));
  return [...new Set([...starts, ...own])].sort((a, b) => a - b);
}

/** How many of a band's first lines print the header row of the table above again. */
function headerLines({ lines, header }: Band, columns: readonly (readonly Line[])[]): number {
  if (header === undefined) return 0;
  for (let count = 1; count <= Math.min(4, lines.length - 1); count++) {
    const bottom = lines[count - 1]?.y ?? 0;
    const printed = columns.map((column) =>
      column.flatMap((line) => (line.y <= bottom ? line.segments.map(({ text }) => text) : [])).join(' '),
    );
    if (printed.every((text, index) => squash(text) === squash(header[index] ?? ''))) return count;
  }
  return 0;
}

/** Lists side by side are one row: their items have nothing to do with each other. */
function listRowStarts(band: Band, columns: readonly (readonly Line[])[], header: number): number[] {
  const [stub = []] = columns;
  const margin = Math.min(...stub.filter(opensWithBullet).map((line) => line.segments[0]?.x0 ?? 0));
  const starts: number[] = [];
  let isInList = false;
  for (const [index, line] of band.lines.entries()) {
    const isItem = columns.some((lines) => lines.some((each) => each.y === line.y && opensWithBullet(each)));
    const isHead = !isItem && (line.segments[0]?.x0 ?? 0) <= margin + 0.5 * line.size;
    if (index > 0 && index < header) continue;
    if (index === 0 || index === header || isHead || (isItem && !isInList)) starts.push(line.y);
    isInList = isItem || (isInList && !isHead);
  }
  return starts;
}
