import type { BlockDraft, CellDraft, RowDraft, Style, TextDraft } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { repairText } from '../../normalise/unicode.ts';
import { splitMarker } from '../markers.ts';
import { mergeTabRows, type Piece, readTypedLines } from '../typed-lines.ts';
import type { Node } from './model.ts';
import { NUMBER_CLOSE, NUMBER_OPEN } from './prepare.ts';

/** mammoth's document as drafts, in order. */
export function toBlocks(document: Node): BlockDraft[] {
  return mergeTabRows((document.children ?? []).flatMap(readBlock));
}

function readBlock(node: Node): Piece[] {
  if (node.type === 'paragraph') return readParagraph(node);
  if (node.type === 'table') return readTable(node);
  return (node.children ?? []).flatMap(readBlock);
}

interface Gathered {
  text: string;
  bold: number;
  plain: number;
  sizes: Map<number, number>;
}

function gather(node: Node, run: Node | null, into: Gathered): void {
  switch (node.type) {
    case 'text': {
      const value = node.value ?? '';
      into.text += value;
      const visible = value.trim().length;
      if (run?.isBold) into.bold += visible;
      else into.plain += visible;
      const size = run?.fontSize;
      if (typeof size === 'number') into.sizes.set(size, (into.sizes.get(size) ?? 0) + visible);
      break;
    }
    case 'tab':
      into.text += '\t';
      break;
    case 'break':
      into.text += '\n';
      break;
    case 'checkbox':
      into.text += node.checked ? '☒' : '☐';
      break;
    default:
      for (const child of node.children ?? []) gather(child, node.type === 'run' ? node : run, into);
  }
}

function readParagraph(node: Node): Piece[] {
  const gathered: Gathered = { text: '', bold: 0, plain: 0, sizes: new Map() };
  gather(node, null, gathered);
  const numbered = new RegExp(String.raw`^\s*${NUMBER_OPEN}([^${NUMBER_CLOSE}]*)${NUMBER_CLOSE}`).exec(gathered.text);
  const label = numbered?.[1]?.trim() ?? null;
  const text = repairText(numbered === null ? gathered.text : gathered.text.slice(numbered[0].length)).replace(
    /[\ue000\ue001]/g,
    '',
  );
  const style = styleOf(node, gathered);
  if (text.trim() === '') return [];
  if (label !== null) {
    const depth = Math.min(4, Number(node.numbering?.level ?? 0));
    // A bullet before a typed bullet, a number that the text repeats: the words are what counts.
    const typed = label === '•' ? splitMarker(text.trimStart()) : null;
    return [
      {
        kind: 'list-item',
        text: squash(typed !== null && !typed.isOrdered ? typed.rest : text),
        marker: label,
        depth,
        ...style,
      },
    ];
  }
  return readTypedLines(text, style);
}

function styleOf(node: Node, { bold, plain, sizes }: Gathered): { style?: Style } {
  const name = node.styleName ?? node.styleId ?? '';
  const level = /^heading\s?(\d)/i.exec(name)?.[1];
  const headingLevel = level !== undefined ? Number(level) : /^title$/i.test(name) ? 1 : undefined;
  const size = [...sizes].sort((a, b) => b[1] - a[1])[0]?.[0];
  const style: Style = {
    ...(headingLevel === undefined ? {} : { headingLevel }),
    ...(bold > 0 && plain === 0 ? { emphasised: true } : {}),
    ...(size === undefined ? {} : { size }),
  };
  return Object.keys(style).length > 0 ? { style } : {};
}

/** Word's own limit to a table's columns: a file that says more is damaged. */
const MAX_COLUMNS = 63;

function readTable(node: Node): Piece[] {
  const rows = (node.children ?? []).filter((row) => row.type === 'tableRow');
  const columns = Math.max(
    0,
    ...rows.map((row) => (row.children ?? []).reduce((sum, cell) => sum + (cell.colSpan ?? 1), 0)),
  );
  // A table of one column lays a page out: its words stand in a box, or one under the other.
  if (columns <= 1)
    return rows.flatMap((row) => (row.children ?? []).flatMap((cell) => (cell.children ?? []).flatMap(readBlock)));
  if (isLayout(rows))
    return rows.flatMap((row) => (row.children ?? []).flatMap((cell) => (cell.children ?? []).flatMap(readBlock)));
  const drafts = rows.flatMap(readRow).filter((row) => row.cells.length > 0);
  return drafts.length === 0 ? [] : [{ kind: 'table', rows: withoutRepeatedHeader(drafts) }];
}

/** A cell with this many paragraphs, some of them heads, holds a page and not a value. */
const PAGE_BLOCKS = 14;

/** True for a table that lays out a page: few rows, none of them heads of columns, and a cell that is a page of its own. */
function isLayout(rows: readonly Node[]): boolean {
  if (rows.length > 3) return false;
  const [first] = rows.map((row) => (row.children ?? []).map((cell) => (cell.children ?? []).flatMap(readBlock)));
  const isHeads = (first ?? []).filter((blocks) => blocks.length === 1).length > 1;
  if (isHeads) return false;
  return rows.some((row) =>
    (row.children ?? []).some((cell) => {
      const blocks = (cell.children ?? []).flatMap(readBlock);
      const heads = blocks.filter((block, index) => {
        const next = blocks[index + 1];
        return (
          block.kind === 'paragraph' &&
          isHead(block) &&
          next !== undefined &&
          !(next.kind === 'paragraph' && isHead(next))
        );
      });
      return blocks.length >= PAGE_BLOCKS && heads.length > 2;
    }),
  );
}

const isHead = ({ style }: TextDraft) => style?.headingLevel !== undefined || style?.emphasised === true;

/**
 * A row of a table. A table within one of its cells is read as the rows that a person sees: its cells stand in the
 * columns that the cell covers, and what stands beside it stands beside all of its rows.
 */
function readRow(row: Node): RowDraft[] {
  const cells = row.children ?? [];
  const inner = cells.map(innerRows);
  const nested = inner.filter((rows) => rows.length > 0);
  const [rows] = nested;
  if (rows === undefined || nested.length > 1) return [{ cells: cells.map(readCell) }];
  return rows.map(
    (within, index): RowDraft => ({
      cells: cells.flatMap((cell, at): CellDraft[] => {
        if (inner[at] !== rows)
          return index > 0 ? [] : [{ ...readCell(cell), ...(rows.length > 1 ? { rowSpan: rows.length } : {}) }];
        const spare = Math.max(0, Math.min(cell.colSpan ?? 1, MAX_COLUMNS) - within.length);
        return within.map((draft, position) =>
          position === within.length - 1 && spare > 0 ? { ...draft, colSpan: (draft.colSpan ?? 1) + spare } : draft,
        );
      }),
    }),
  );
}

/** The rows of the table that a cell holds and that fits into the columns that it covers; none where it holds other words too. */
function innerRows(cell: Node): readonly (readonly CellDraft[])[] {
  const children = (cell.children ?? []).filter((child) => child.type === 'table' || readBlock(child).length > 0);
  const [table] = children;
  if (children.length !== 1 || table?.type !== 'table') return [];
  const rows = (table.children ?? [])
    .filter((row) => row.type === 'tableRow')
    .map((row) => (row.children ?? []).map(readCell));
  return rows.every((cells) => cells.length > 1 && cells.length <= (cell.colSpan ?? 1)) ? rows : [];
}

function readCell(node: Node): CellDraft {
  const blocks = mergeTabRows((node.children ?? []).flatMap(readBlock)).flatMap((block): TextDraft[] =>
    block.kind === 'table' ? block.rows.flatMap((row) => row.cells.flatMap((cell) => cell.blocks)) : [block],
  );
  const colSpan = Math.min(node.colSpan ?? 1, MAX_COLUMNS);
  const rowSpan = node.rowSpan ?? 1;
  return { blocks, ...(colSpan > 1 ? { colSpan } : {}), ...(rowSpan > 1 ? { rowSpan } : {}) };
}

function withoutRepeatedHeader(rows: readonly RowDraft[]): RowDraft[] {
  const key = (row: RowDraft) => row.cells.map((cell) => cell.blocks.map((block) => block.text).join(' ')).join('|');
  const header = rows[0] === undefined ? '' : key(rows[0]);
  return rows.filter((row, index) => index === 0 || header.replace(/\|/g, '') === '' || key(row) !== header);
}
