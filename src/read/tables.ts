import type { CellDraft, RowDraft, TextDraft } from '../model/document.ts';

const wordsOf = (cell: CellDraft | undefined) =>
  (cell?.blocks ?? [])
    .map((block) => block.text)
    .join(' ')
    .trim();
const rowKey = (row: RowDraft) => row.cells.map((cell) => wordsOf(cell).toLowerCase()).join('|');

/** A cell, and the first grid column that it covers. */
interface Placed {
  cell: CellDraft;
  readonly column: number;
}

type PlacedRow = { readonly cells: Placed[] } & Omit<RowDraft, 'cells'>;

/**
 * A table as it was before pages cut it: header rows that were repeated on the next page go, and a row that a page
 * break cut in two is one row again. `cuts` are the indices of the rows that a page starts with.
 */
export function mendTable(rows: readonly RowDraft[], cuts: ReadonlySet<number>): RowDraft[] {
  if (cuts.size === 0) return [...rows];
  const placed = placeColumns(rows);
  const header = rows[0] === undefined ? '' : rowKey(rows[0]);
  const mended: PlacedRow[] = [];
  let isCut = false;
  for (const [index, row] of rows.entries()) {
    isCut ||= cuts.has(index);
    if (index > 0 && isCut && rowKey(row) === header) continue;
    const before = mended.at(-1);
    const here = placed[index];
    if (here === undefined) continue;
    if (isCut && before !== undefined && mended.length > 1 && isRestOfRow(before, here)) joinRows(mended, here);
    else mended.push(here);
    isCut = false;
  }
  return mended.map(({ cells, ...row }) => ({ ...row, cells: cells.map(({ cell }) => cell) }));
}

/** Each row's cells with their grid columns: cells above that span rows push them to the right. */
function placeColumns(rows: readonly RowDraft[]): PlacedRow[] {
  const open: number[] = []; // rows that a cell above still covers, by grid column
  return rows.map((row): PlacedRow => {
    let column = 0;
    const covered = () => (open[column] ?? 0) > 0;
    const skip = () => {
      for (; covered(); column++) open[column] = (open[column] ?? 0) - 1;
    };
    const cells = row.cells.map((cell): Placed => {
      skip();
      const from = column;
      for (; column < from + (cell.colSpan ?? 1); column++) open[column] = (cell.rowSpan ?? 1) - 1;
      return { cell, column: from };
    });
    skip();
    return { ...row, cells };
  });
}

const cellAt = (row: PlacedRow, column: number) => row.cells.find((placed) => placed.column === column)?.cell;

/** True where a row at the top of a page only goes on with the one at the foot of the page before. */
function isRestOfRow(before: PlacedRow, row: PlacedRow): boolean {
  const filled = row.cells.filter(({ cell }) => wordsOf(cell) !== '');
  const stub = wordsOf(cellAt(row, 0));
  const isStubCut = stub !== '' && /^[a-z(&]/.test(stub) && !/[.!?]$/.test(wordsOf(cellAt(before, 0)));
  if (
    stub !== '' &&
    !isStubCut &&
    !(filled.length === 1 && /^[a-z(]/.test(stub) && !/[.!?]$/.test(wordsOf(cellAt(before, 0))))
  )
    return false;
  if (filled.length === 0) return true;
  const texts = filled.map(({ cell, column }) => ({ above: wordsOf(cellAt(before, column)), here: wordsOf(cell) }));
  const goesOn = texts.some(({ above, here }) => above !== '' && /^[a-z(]/.test(here) && !/[.!?]$/.test(above));
  // Short cells (a flag, a code) that stand on one side only belong to the same row.
  return goesOn || (filled.length === 1 && texts.every(({ above }) => above !== '' && !/[.!?]$/.test(above)));
}

/** Joins the rest of a row to the last one, and lets a stub beside it stand beside what follows. */
function joinRows(rows: readonly PlacedRow[], rest: PlacedRow): void {
  const before = rows.at(-1);
  if (before === undefined) return;
  for (const { cell, column } of rest.cells) {
    const upper = before.cells.find((placed) => placed.column === column);
    const owner =
      upper ??
      rows.findLast((row) => cellAt(row, column) !== undefined)?.cells.find((placed) => placed.column === column);
    if (owner === undefined) continue;
    const rowSpan = (owner.cell.rowSpan ?? 1) + (cell.rowSpan ?? 1) - 1;
    const joined = joinCells(owner.cell, cell);
    owner.cell = rowSpan > 1 ? { ...joined, rowSpan } : joined;
  }
}

function joinCells(cell: CellDraft, rest: CellDraft): CellDraft {
  const [first, ...others] = rest.blocks;
  const last = cell.blocks.at(-1);
  if (first === undefined) return cell;
  if (last === undefined || (first.kind === 'list-item' && first.marker !== undefined) || !isUnfinished(last, first))
    return { ...cell, blocks: [...cell.blocks, first, ...others] };
  const joined: TextDraft = { ...last, text: `${last.text} ${first.text}` };
  return { ...cell, blocks: [...cell.blocks.slice(0, -1), joined, ...others] };
}

/** True where a paragraph on the next page only goes on with the last one of the cell. */
const isUnfinished = (last: TextDraft, first: TextDraft) =>
  /^[a-z(]/.test(first.text) ||
  BREAKS_OFF.test(last.text) ||
  // Among items with bullets what has none goes on with the last one, unless it is a head.
  (last.kind === 'list-item' &&
    first.kind === 'paragraph' &&
    !/[.!?;:]$/.test(last.text) &&
    !(first.style?.emphasised && !last.style?.emphasised));

const BREAKS_OFF = /(?:[,&–-]|\b(?:and|or|of|the|to|in|with|for|an?|at|by|from|as|on))$/;
