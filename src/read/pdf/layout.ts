import {
  bandBelowHeader,
  columnsOf,
  findBand,
  freeStrips,
  MIN_SHARED_LINES,
  restOfTable,
  rightOf,
  type TablePiece,
} from './bands.ts';
import { findGrids, findShelves, type Grid, HEADER_REACH, runsIn } from './grid.ts';
import { type Line, toLines } from './lines.ts';
import { type Drawing, isTurned, type Page, type Run } from './page.ts';
import type { BodyType, TextLine } from './paragraphs.ts';
import { bandTable, toTable } from './rows.ts';
import { endOfColumns, findSides, independentGutter, judgeBand, standsApart } from './sides.ts';

/** A part of a page in reading order: lines of running text, or a table. */
export type Piece =
  | { readonly kind: 'lines'; readonly lines: readonly TextLine[]; readonly right: number }
  | TablePiece;

/** A page with more lines than a poster holds is read line by line: nobody laid it out. */
const MAX_LINES = 1_500;
/** More dots than this are a picture, not bullets. */
const MAX_DOTS = 1_000;

/**
 * The parts of a page in the order in which a person reads them.
 *
 * @param above the last part of the page before: a table may go on here.
 */
export function layoutPage(page: Page, runs: readonly Run[], body: BodyType, above: Piece | undefined): Piece[] {
  const open = above?.kind === 'table' ? above : null;
  const typed = runs.filter((run) => !isTurned(run));
  const level = [...typed, ...(page.dots.length > MAX_DOTS ? [] : toBullets(page, typed))];
  const lines = toLines(level);
  if (lines.length > MAX_LINES)
    return [
      {
        kind: 'lines',
        lines: lines.flatMap(({ segments }) => segments.map((segment) => ({ ...segment, page: page.number }))),
        right: rightOf(lines),
      },
    ];
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
  return [...grids, ...findShelves(page.rules, grids, startsBetween).map((shelf) => withHeaderRow(shelf, lines))];
}

/** A table whose header row stands above its first rule: a line there that begins anew in its columns. */
function withHeaderRow(grid: Grid, lines: readonly Line[]): Grid {
  const above = lines.findLast(({ y }) => y < grid.top);
  if (above === undefined || above.segments.length < 2 || grid.top - above.y > HEADER_REACH) return grid;
  const top = above.y - 1.2 * above.size;
  const columnOf = ({ x0, x1 }: { readonly x0: number; readonly x1: number }) =>
    grid.cells.find((cell) => cell.row === 0 && x0 + x1 >= 2 * cell.left && x0 + x1 < 2 * cell.right)?.column;
  const columns = above.segments.map(columnOf);
  if (columns.includes(undefined) || new Set(columns).size < columns.length) return grid;
  const header = grid.cells
    .filter(({ row }) => row === 0)
    .map((cell) => ({ ...cell, rowSpan: 1, top, bottom: grid.top }));
  const cells = [...header, ...grid.cells.map((cell) => ({ ...cell, row: cell.row + 1 }))];
  return { ...grid, top, rows: grid.rows + 1, cells };
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
