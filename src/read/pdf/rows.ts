import type { CellDraft, RowDraft } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { type Band, columnsOf, opensWithBullet, rightOf, type TablePiece } from './bands.ts';
import { type Grid, runsIn } from './grid.ts';

import { type Line, type Segment, toLines } from './lines.ts';
import type { Run } from './page.ts';
import { type BodyType, leadingWithin, type TextLine, toParagraphs } from './paragraphs.ts';

const headerOf = (rows: readonly RowDraft[]) =>
  (rows[0]?.cells ?? []).map((cell) => cell.blocks.map((block) => block.text).join(' '));

export function toTable(grid: Grid, runs: readonly Run[], page: number, body: BodyType): TablePiece {
  const cells = grid.cells.map((cell) => ({ cell, lines: wholeLines(runsIn(cell, runs), page) }));
  const leading = leadingWithin(cells.map(({ lines }) => lines));
  const filled = cells.map(({ cell, lines }) => ({
    cell,
    blocks: toParagraphs(lines, body, cell.right - 4, leading),
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

/** A table without rules: columns by the white space, rows by the gaps and by where the first column starts anew. */
export function bandTable(band: Band, page: number, body: BodyType): TablePiece {
  const columns = columnsOf(band);
  const headLines = band.isLists && band.header === undefined ? 1 : headerLines(band, columns);
  const starts = withSpans(
    band,
    band.isLists ? band.lines.slice(0, headLines + 1).map(({ y }) => y) : rowStarts(band, columns, headLines),
  );
  const outer = band.right ?? rightOf(band.lines);
  const leading = leadingWithin(
    columns.map((lines) => lines.map((line) => ({ ...joinSegments(line.segments), page }))),
  );
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
          leading,
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
  let stubFont: string | undefined;
  let stubText = '';
  return band.lines.flatMap((line, index): number[] => {
    if (index < header) return index === 0 ? [line.y] : [];
    const own = inStub.get(line.y);
    const goesOn =
      own !== undefined &&
      line.y - stubBefore <= leading * 1.3 &&
      !isLoose(index) &&
      !beginsAnew(line, index) &&
      own.segments[0]?.firstFont === stubFont &&
      (hasRowGaps || line.segments.length === 1 || /^[a-z(&]/.test(own.segments[0]?.text ?? '') || /,$/.test(stubText)); // an address goes on
    if (own !== undefined) {
      stubBefore = line.y;
      stubFont = own.segments.at(-1)?.lastFont;
      stubText = own.segments.at(-1)?.text ?? '';
    }
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
