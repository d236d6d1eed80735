import type { BlockDraft, CellDraft, RowDraft, Style } from '../model/document.ts';
import { squash } from '../normalise/phrases.ts';
import { splitMarker } from './markers.ts';

/** A draft, or a paragraph whose tabs make it a row of columns. */
export type Piece = BlockDraft | { readonly kind: 'tab-row'; readonly row: RowDraft };

/** A paragraph's lines: manual breaks part them, unless a line only goes on with the one before it. */
export function readTypedLines(text: string, style: { style?: Style }): Piece[] {
  const pieces: Piece[] = [];
  const open: string[] = []; // the lines of the last piece: a text that grows line by line is copied each time
  const close = () => {
    const last = pieces.at(-1);
    if (open.length > 1 && last !== undefined && 'text' in last)
      pieces[pieces.length - 1] = { ...last, text: open.join(' ') };
    open.length = 0;
  };
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '') continue;
    const before = pieces.at(-1);
    const marked = splitMarker(line);
    const cells = marked === null ? splitTabs(raw) : null;
    const isRest = cells === null && marked === null && open.length > 0 && goesOn(open.at(-1) ?? '', raw);
    if (!isRest) close();
    if (cells !== null) {
      pieces.push({ kind: 'tab-row', row: { cells } });
    } else if (marked !== null) {
      const depth = /^\s{3,}|^\t/.test(raw) && before?.kind === 'list-item' ? 1 : 0;
      pieces.push({
        kind: 'list-item',
        text: squash(marked.rest),
        marker: marked.marker,
        depth: before?.kind === 'list-item' && !marked.isOrdered ? (before.depth ?? 0) : depth,
        ...style,
      });
    } else if (isRest) {
      open.push(squash(line));
    } else {
      pieces.push({ kind: 'paragraph', text: squash(line), ...style });
    }
    const last = pieces.at(-1);
    if (!isRest && last !== undefined && (last.kind === 'list-item' || last.kind === 'paragraph')) open.push(last.text);
  }
  close();
  return pieces;
}

/** True for a line that was broken by hand in the middle of a sentence. */
function goesOn(before: string, raw: string): boolean {
  return /^\s{0,8}[a-z(&]/.test(raw) && !/[.!?:;]$/.test(before);
}

/** The cells of a line that tabs part into columns; null for running text. */
function splitTabs(line: string): CellDraft[] | null {
  const cells = line.trim().split(/\t+/).map(squash);
  if (cells.length < 2 || cells.some((cell) => cell === '') || cells.length > 6) return null;
  const [first = ''] = cells;
  if (first.length > 45 && cells.length === 2) return null;
  return cells.map((text): CellDraft => ({ blocks: [{ kind: 'paragraph', text }] }));
}

/** Rows of tabs that follow one another as one table. */
export function mergeTabRows(pieces: readonly Piece[]): BlockDraft[] {
  const blocks: BlockDraft[] = [];
  let rows: RowDraft[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== 'tab-row') {
      blocks.push(piece);
      continue;
    }
    if (pieces[index - 1]?.kind === 'tab-row') rows.push(piece.row);
    else {
      rows = [piece.row];
      blocks.push({ kind: 'table', rows });
    }
  }
  return blocks;
}
