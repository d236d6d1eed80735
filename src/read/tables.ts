import type { CellDraft, RowDraft, TextDraft } from '../model/document.ts';

const wordsOf = (cell: CellDraft | undefined) =>
  (cell?.blocks ?? [])
    .map((block) => block.text)
    .join(' ')
    .trim();
const rowKey = (row: RowDraft) => row.cells.map((cell) => wordsOf(cell).toLowerCase()).join('|');

/**
 * A table as it was before pages cut it: header rows that were repeated on the next page go, and a row that a page
 * break cut in two is one row again. `cuts` are the indices of the rows that a page starts with.
 */
export function mendTable(rows: readonly RowDraft[], cuts: ReadonlySet<number>): RowDraft[] {
  const mended: RowDraft[] = [];
  const header = rows[0] === undefined ? '' : rowKey(rows[0]);
  let isCut = false;
  for (const [index, row] of rows.entries()) {
    isCut ||= cuts.has(index);
    if (index > 0 && isCut && rowKey(row) === header) continue;
    const before = mended.at(-1);
    if (isCut && before !== undefined && mended.length > 1 && isRestOfRow(before, row))
      mended[mended.length - 1] = joinRows(before, row);
    else mended.push(row);
    isCut = false;
  }
  return mended;
}

/** True where a row at the top of a page only goes on with the one at the foot of the page before. */
function isRestOfRow(before: RowDraft, row: RowDraft): boolean {
  if (before.cells.length !== row.cells.length || wordsOf(row.cells[0]) !== '') return false;
  const filled = row.cells.flatMap((cell, column) => (wordsOf(cell) === '' ? [] : [column]));
  if (filled.length === 0) return true;
  const texts = filled.map((column) => ({ above: wordsOf(before.cells[column]), here: wordsOf(row.cells[column]) }));
  const goesOn = texts.some(({ above, here }) => above !== '' && /^[a-z(]/.test(here) && !/[.!?]$/.test(above));
  // Short cells (a flag, a code) that stand on one side only belong to the same row.
  return goesOn || (filled.length === 1 && texts.every(({ above }) => above !== '' && !/[.!?]$/.test(above)));
}

function joinRows(before: RowDraft, row: RowDraft): RowDraft {
  return { ...before, cells: before.cells.map((cell, column) => joinCells(cell, row.cells[column])) };
}

function joinCells(cell: CellDraft, rest: CellDraft | undefined): CellDraft {
  const [first, ...others] = rest?.blocks ?? [];
  const last = cell.blocks.at(-1);
  if (first === undefined) return cell;
  if (last === undefined || (first.kind === 'list-item' && first.marker !== undefined))
    return { ...cell, blocks: [...cell.blocks, first, ...others] };
  const joined: TextDraft = { ...last, text: `${last.text} ${first.text}` };
  return { ...cell, blocks: [...cell.blocks.slice(0, -1), joined, ...others] };
}
