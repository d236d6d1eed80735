import type { RowDraft } from '../../model/document.ts';
import type { Line, Segment } from './lines.ts';
import { extentOf } from './page.ts';

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

/** A page whose lines stand beside one another this often may hold a table or columns. */
export const MIN_SHARED_LINES = 2;

export const rightOf = (lines: readonly Line[]) =>
  Math.max(0, extentOf(lines.flatMap((line) => line.segments.map((segment) => segment.x1)))[1]);

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The narrowest strip without text that parts two columns. Points. */
export const GUTTER = 3;

export interface Band {
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
export function narrow(gutter: Interval, line: Line): Interval | null {
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
export function restOfTable(lines: readonly Line[], { edges, right, header, isLists }: TablePiece): Band | null {
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
export function bandBelowHeader(lines: readonly Line[], start: number): Band | null {
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

export function findBand(lines: readonly Line[], start: number): Band | null {
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
export function freeStrips(lines: readonly Line[]): Interval[] {
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
export function columnsOf(band: Band): Line[][] {
  const edges = [
    Number.NEGATIVE_INFINITY,
    ...band.gutters.map((gutter) => (gutter.from + gutter.to) / 2),
    Number.POSITIVE_INFINITY,
  ];
  return edges.slice(0, -1).map((left, index) => {
    const right = edges[index + 1] ?? Number.POSITIVE_INFINITY;
    return band.lines.flatMap((line) => {
      const segments = line.segments.filter(({ x0, x1, size }) => {
        const start = (x0 + Math.min(x1, x0 + size)) / 2;
        return start >= left && start < right;
      });
      return segments.length > 0 ? [{ ...line, segments }] : [];
    });
  });
}

export const HEADER_WORDS =
  /^(?:essentials?|desirables?|essential criteria|desirable criteria|criteri(?:a|on)|requirements?|attributes?|factors?|how assessed|assessed (?:by|at|how)|assessment|method of assessment|e ?\/ ?d|no\.?|category|area)$/i;

export const opensWithBullet = (line: Line) => /^[•●▪■◦‣∙·○◉◆❖➢\ue000-\uf8ff]/.test(line.segments[0]?.text ?? '');
