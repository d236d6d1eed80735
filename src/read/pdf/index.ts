import type { Diagnostic } from '../../model/diagnostic.ts';
import type { BlockDraft, Reading, RowDraft, TextDraft } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { mendTable } from '../tables.ts';
import type { TablePiece } from './bands.ts';
import { findFurniture } from './furniture.ts';
import { layoutPage, type Piece } from './layout.ts';
import { withoutUnreadableFonts } from './legibility.ts';
import { type Line, toLines } from './lines.ts';
import { readPages } from './open.ts';
import { isTurned, type Page, type Run } from './page.ts';
import { type BodyType, joinLines, toParagraphs } from './paragraphs.ts';

/**
 * Reads a PDF from its positioned text: lines, columns, tables and page furniture are told apart by where they stand.
 * A file without text gives no blocks. Throws `pdf/encrypted`, `pdf/corrupt` or `pdf/unreadable-text`.
 */
export async function readPdf(bytes: Uint8Array): Promise<Reading> {
  const { pages: all, count } = await readPages(bytes);
  const { pages, dropped } = withoutUnreadableFonts(all);
  const body = typicalType(pages);
  const laid = pages.map((page) => ({
    page,
    lines: toLines(page.runs.filter((run) => !isTurned(run))),
    height: page.height,
  }));
  const furniture = findFurniture(laid);
  const pieces: Piece[] = [];
  for (const [index, { page }] of laid.entries()) {
    const removed = furniture[index] ?? new Set<Line>();
    const runs = withoutLines(page.runs, removed);
    const { above, withStray } = openTable(pieces);
    const laid = layoutPage(page, runs, body, above);
    const [first] = laid;
    if (withStray !== null && first?.kind === 'table' && sameColumns(first.edges, withStray.edges))
      pieces.splice(-2, 2, withStray);
    pieces.push(...laid);
  }
  const notes = new Set([
    ...furniture.flatMap((lines) => [...lines].map((line) => line.segments.map(({ text }) => squash(text)).join('\t'))),
    ...pages.flatMap(marginText).map(squash),
  ]);
  const running = toDrafts(pieces, body);
  const kept = [...notes]
    .filter((text) => text !== '')
    .map((text): BlockDraft => ({ kind: 'paragraph', text, furniture: true }));
  return {
    format: 'pdf',
    blocks: [...running, ...kept],
    pages: count,
    encoding: null,
    warnings: notesOf(all, count, dropped),
  };
}

function notesOf(pages: readonly Page[], count: number, dropped: number): Diagnostic[] {
  const notes: Diagnostic[] = [];
  const read = new Set(pages.map(({ number }) => number));
  const missing = [...Array(count).keys()].map((index) => index + 1).filter((number) => !read.has(number));
  const span = { field: null, span: null };
  if (missing.length > 0) notes.push({ code: 'document/unread-pages', args: { pages: listed(missing) }, ...span });
  if (dropped > 0) notes.push({ code: 'document/unreadable-font', args: { characters: dropped }, ...span });
  return notes;
}

/** Page numbers in a few words. */
const listed = (numbers: readonly number[]) =>
  numbers.length > 5 ? `${numbers.slice(0, 5).join(', ')} and ${numbers.length - 5} more` : numbers.join(', ');

/** A category's name that a page break parted from its rows is a line or two of a few words. */
const STRAY = { lines: 2, characters: 40 };

/**
 * The table that the next page may go on with: the last piece, or the one before a short line at the foot of the page,
 * which is a row of it then.
 */
function openTable(pieces: readonly Piece[]): { above: Piece | undefined; withStray: TablePiece | null } {
  const [before, last] = [pieces.at(-2), pieces.at(-1)];
  const isStray =
    last?.kind === 'lines' &&
    before?.kind === 'table' &&
    last.lines.length <= STRAY.lines &&
    last.lines.every(
      (line) => line.page === before.page && line.text.length <= STRAY.characters && !/[.:;,]$/.test(line.text),
    );
  if (!isStray) return { above: last, withStray: null };
  const rows = last.lines.map(
    ({ text, page }): RowDraft => ({
      cells: [{ blocks: [{ kind: 'paragraph', text, page }], colSpan: before.edges.length }],
      page,
    }),
  );
  return { above: before, withStray: { ...before, rows: [...before.rows, ...rows] } };
}

/** Words set up the margin of a page; those within a table are its turned headers. */
function marginText(page: Page): string[] {
  return page.runs
    .filter((run) => isTurned(run) && (run.x < page.width * 0.08 || run.x > page.width * 0.92))
    .map((run) => run.text);
}

function withoutLines(runs: readonly Run[], removed: ReadonlySet<Line>): Run[] {
  if (removed.size === 0) return [...runs];
  const ys = [...removed].map((line) => line.y);
  return runs.filter((run) => !ys.some((y) => Math.abs(run.y - y) < run.size * 0.35));
}

/** The face and size that most characters of the document are set in, and the words that stand within its lines. */
function typicalType(pages: readonly Page[]): BodyType {
  const counts = new Map<string, { font: string; size: number; characters: number }>();
  const words = new Set<string>();
  for (const page of pages) {
    for (const { font, size, text } of page.runs) {
      const key = `${font}/${Math.round(size)}`;
      const known = counts.get(key) ?? { font, size, characters: 0 };
      known.characters += text.length;
      counts.set(key, known);
      for (const [word] of text.matchAll(/(?<![A-Za-z])[A-Za-z]+(?:-[A-Za-z]+)?(?!-?$)(?=[\s.,;:)])/g))
        words.add(word.toLowerCase());
    }
  }
  const [most] = [...counts.values()].sort((a, b) => b.characters - a.characters);
  return { font: most?.font ?? '', size: most?.size ?? 10, words };
}

/** All pages' parts as drafts: paragraphs and tables that a page break cut are whole again. */
function toDrafts(pieces: readonly Piece[], body: BodyType): BlockDraft[] {
  const drafts: BlockDraft[] = [];
  const tables: OpenTable[] = []; // at most one: the table that the next page may go on with
  const closeTable = () => {
    for (const { rows, cuts, page } of tables.splice(0))
      drafts.push({ kind: 'table', rows: mendTable(rows, cuts), page });
  };
  for (const piece of pieces) {
    if (piece.kind === 'table') {
      const [open] = tables;
      if (open !== undefined && sameColumns(open.edges, piece.edges) && piece.page > open.page) {
        open.cuts.add(open.rows.length);
        open.rows.push(...piece.rows);
        continue;
      }
      closeTable();
      tables.push({ rows: [...piece.rows], cuts: new Set(), edges: piece.edges, page: piece.page });
      continue;
    }
    closeTable();
    addParagraphs(drafts, piece, body);
  }
  closeTable();
  return drafts;
}

interface OpenTable {
  readonly rows: RowDraft[];
  /** The rows that a page starts with. */
  readonly cuts: Set<number>;
  readonly edges: readonly number[];
  readonly page: number;
}

const sameColumns = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((edge, index) => Math.abs(edge - (b[index] ?? 0)) < 6);

function addParagraphs(drafts: BlockDraft[], piece: Extract<Piece, { kind: 'lines' }>, body: BodyType): void {
  const [first, ...rest] = toParagraphs(piece.lines, body, piece.right);
  if (first === undefined) return;
  const last = drafts.at(-1);
  if (last !== undefined && last.kind !== 'table' && isCut(last, first))
    drafts[drafts.length - 1] = { ...last, text: joinLines(last.text, first.text, body.words) };
  else drafts.push(first);
  drafts.push(...rest);
}

/** True where a paragraph at the top of a column or page only goes on with the last one. */
function isCut(last: TextDraft, first: TextDraft): boolean {
  return (
    first.kind === 'paragraph' && /^[a-z(]/.test(first.text) && !/[.!?:;]$/.test(last.text) && last.text.length > 25
  );
}
