import type { Diagnostic } from './diagnostic.ts';
import type { Span } from './span.ts';

/** The formats that can be read, as they stand in `source.format`. */
export type Format = 'txt' | 'markdown' | 'html' | 'pdf' | 'docx';

/** What the format says about a block. Nothing here is a judgement. */
export interface Style {
  /** The outline level that the format itself gives (Word's "Heading 2", Markdown's `##`). */
  readonly headingLevel?: number;
  /** True where every visible character is bold, or is set in another face than the running text. */
  readonly emphasised?: boolean;
  /** Font size in points, where the format tells it. */
  readonly size?: number;
}

/** A paragraph or list item as a reader hands it over: no offsets yet, so a reader cannot get one wrong. */
export interface TextDraft {
  readonly kind: 'paragraph' | 'list-item';
  readonly text: string;
  /** The bullet or number as printed ("•", "E1."), list items only; it is printed, but is not part of the item's words. */
  readonly marker?: string;
  /** Nesting from 0, list items only. */
  readonly depth?: number;
  readonly style?: Style;
  readonly page?: number;
}

export interface CellDraft {
  readonly blocks: readonly TextDraft[];
  readonly colSpan?: number;
  readonly rowSpan?: number;
}

export interface RowDraft {
  readonly cells: readonly CellDraft[];
  readonly page?: number;
}

export interface TableDraft {
  readonly kind: 'table';
  readonly rows: readonly RowDraft[];
  readonly page?: number;
}

/** What stands outside the running text, and is kept once, at the end of it. */
interface Aside {
  /** Page furniture: running headers and footers, a site's own header and footer. */
  readonly furniture?: boolean;
  /** Other jobs that a page lists beside the one that it is about. */
  readonly otherJobs?: boolean;
  /** What a page's data for machines says of the job. */
  readonly data?: boolean;
}

/** A block as a reader hands it over. */
export type BlockDraft = (TextDraft | TableDraft) & Aside;

/** What a reader makes of a file's bytes. */
export interface Reading {
  readonly format: Format;
  readonly blocks: readonly BlockDraft[];
  /** Null where the format has no pages. */
  readonly pages: number | null;
  /** The text encoding that the bytes were read in, null where the format is not text. */
  readonly encoding: string | null;
  /** What a reader has to say of the document as a whole. */
  readonly warnings?: readonly Diagnostic[];
}

export interface TextBlock extends TextDraft {
  /** Where `text` stands in the document's text, without the marker. */
  readonly span: Span;
}

export interface Cell {
  readonly blocks: readonly TextBlock[];
  /** The first grid column that the cell covers, from 0. */
  readonly column: number;
  readonly colSpan: number;
  readonly rowSpan: number;
  readonly span: Span;
}

export interface Row {
  readonly cells: readonly Cell[];
  readonly span: Span;
}

export interface Table {
  readonly kind: 'table';
  readonly rows: readonly Row[];
  readonly span: Span;
  readonly page?: number;
}

export type Block = (TextBlock | Table) & Aside;

/** A document as every later stage sees it. Offsets are the truth; lines and pages are for people. */
export interface DocumentModel {
  readonly format: Format;
  /** What `vacancy text` prints. */
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The offset at which each line of `text` starts. */
  readonly lineStarts: readonly number[];
  /** Offsets at which pages start, by page number; empty where the format has no pages. */
  readonly pageStarts: readonly { readonly page: number; readonly start: number }[];
}

/**
 * Lays drafts out as one text and gives every block its place in it. This is the only code that computes offsets.
 *
 * Blocks stand on lines of their own, with a blank line between a list or table and what is around it; the cells of a
 * row are parted by tabs, the paragraphs within a cell by line ends; page furniture comes last.
 */
export function assemble(reading: Reading): DocumentModel {
  const writer = new TextWriter();
  const running = reading.blocks.filter((draft) => !draft.furniture && !draft.otherJobs && !draft.data);
  const others = reading.blocks.filter((draft) => draft.otherJobs);
  const furniture = reading.blocks.filter((draft) => draft.furniture);
  const data = reading.blocks.filter((draft) => draft.data);
  const blocks: Block[] = [];
  let before: BlockDraft | undefined;
  for (const draft of [...running, ...others, ...furniture, ...data]) {
    if (before !== undefined) writer.write(isTight(before, draft) ? '\n' : '\n\n');
    blocks.push(place(draft, writer));
    before = draft;
  }
  const text = blocks.length > 0 ? `${writer.text()}\n` : '';
  return { format: reading.format, text, blocks, lineStarts: findLineStarts(text), pageStarts: writer.pageStarts };
}

/** The number of the line, from 1, on which an offset stands. */
function lineOf(document: DocumentModel, offset: number): number {
  let low = 0;
  let high = document.lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((document.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** The page, from 1, on which an offset stands; null where the format has no pages. */
function pageOf(document: DocumentModel, offset: number): number | null {
  let page: number | null = document.pageStarts[0]?.page ?? null;
  for (const mark of document.pageStarts) {
    if (mark.start > offset) break;
    page = mark.page;
  }
  return page;
}

/** Where an offset stands, for people: page (null where there are none) and line, from 1. */
export function placeAt(document: DocumentModel, offset: number): { page: number | null; line: number } {
  return { page: pageOf(document, offset), line: lineOf(document, offset) };
}

/** The text blocks of a block: itself, or those in a table's cells, in reading order. */
export function textBlocksOf(block: Block): readonly TextBlock[] {
  if (block.kind !== 'table') return [block];
  return block.rows.flatMap((row) => row.cells.flatMap((cell) => cell.blocks));
}

/** A cell's words as one line. */
export function cellText(cell: Cell): string {
  return cell.blocks
    .map((block) => block.text)
    .join(' ')
    .trim();
}

class TextWriter {
  readonly pageStarts: { page: number; start: number }[] = [];
  readonly #parts: string[] = [];
  #length = 0;

  get offset(): number {
    return this.#length;
  }

  write(text: string): Span {
    const start = this.#length;
    this.#parts.push(text);
    this.#length += text.length;
    return { start, end: this.#length };
  }

  enterPage(page: number | undefined): void {
    if (page !== undefined && this.pageStarts.at(-1)?.page !== page)
      this.pageStarts.push({ page, start: this.#length });
  }

  text(): string {
    return this.#parts.join('');
  }
}

function isTight(before: BlockDraft, after: BlockDraft): boolean {
  return before.kind === 'list-item' && after.kind === 'list-item';
}

function place(draft: BlockDraft, writer: TextWriter): Block {
  writer.enterPage(draft.page);
  return draft.kind === 'table' ? placeTable(draft, writer) : placeText(draft, writer);
}

function placeText<Draft extends TextDraft>(draft: Draft, writer: TextWriter): Draft & { span: Span } {
  if (draft.marker !== undefined) writer.write(`${'  '.repeat(draft.depth ?? 0)}${draft.marker} `);
  return { ...draft, span: writer.write(draft.text) };
}

function placeTable(draft: TableDraft & Aside, writer: TextWriter): Table & Aside {
  const start = writer.offset;
  const open: number[] = []; // rows that a cell above still covers, by grid column
  const rows = draft.rows.map((row, index) => {
    if (index > 0) writer.write('\n');
    writer.enterPage(row.page);
    return placeRow(row, writer, open);
  });
  return { ...draft, rows, span: { start, end: writer.offset } };
}

function placeRow(row: RowDraft, writer: TextWriter, open: number[]): Row {
  const start = writer.offset;
  const cells: Cell[] = [];
  let column = 0;
  const skipCovered = () => {
    while ((open[column] ?? 0) > 0) {
      open[column] = (open[column] ?? 0) - 1;
      column++;
    }
  };
  for (const [index, draft] of row.cells.entries()) {
    skipCovered();
    if (index > 0) writer.write('\t');
    const colSpan = draft.colSpan ?? 1;
    const rowSpan = draft.rowSpan ?? 1;
    const from = writer.offset;
    const blocks = draft.blocks.map((block, position) => {
      if (position > 0) writer.write('\n');
      return placeText(block, writer);
    });
    cells.push({ blocks, column, colSpan, rowSpan, span: { start: from, end: writer.offset } });
    for (let covered = column; covered < column + colSpan; covered++) open[covered] = rowSpan - 1;
    column += colSpan;
  }
  skipCovered();
  return { cells, span: { start, end: writer.offset } };
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
