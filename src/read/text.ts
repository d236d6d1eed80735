import { loadData } from '../data/load.ts';
import type headingData from '../data/section-headings.json';
import type { BlockDraft, CellDraft, Format, Reading, RowDraft, Style, TextDraft } from '../model/document.ts';
import { foldPhrase, squash } from '../normalise/phrases.ts';
import { repairText } from '../normalise/unicode.ts';
import { decodeText } from './encoding.ts';
import { unglue } from './glue.ts';
import { splitMarker } from './markers.ts';
import { mendTable } from './tables.ts';

const headings = loadData<typeof headingData>('section-headings.json');

/** A line of a text file, with Markdown and HTML remnants taken off and what they said kept. */
interface Line {
  readonly text: string;
  readonly indent: number;
  readonly style?: Style;
  /** The cells of a tab or pipe row; absent where the line is none. */
  readonly cells?: readonly string[];
  /** What may be a row with its last cell filled only, or a line that is indented: a table around it tells. */
  readonly mayBeRow?: readonly string[];
  readonly isBreak?: boolean;
  /** True for the first line after a form feed. */
  readonly startsPage?: boolean;
}

/** Reads plain text, with the remnants of Markdown and HTML that pasted adverts have. `format` is what the file's name says. */
export function readText(bytes: Uint8Array, format: Format): Reading {
  const { text, encoding } = decodeText(bytes);
  const repaired = withoutComments(repairText(text)).replace(BLANK_PAGES, '\f'.repeat(8));
  const lines = unglue(openLayoutRows(repaired).replace(BLANKS, BLANK_LINES))
    .replace(/\n?\f/g, '\n\f')
    .split('\n')
    .map(readLine);
  return { format, blocks: gather(lines), pages: null, encoding };
}

/** More blank lines, or pages, than these say no more than they do. */
const BLANKS = /\n{9,}/g;
const BLANK_PAGES = /\f{9,}/g;
const BLANK_LINES = '\n'.repeat(8);

const BREAK = /<br\s?\/?>/i;
const BREAKS = /<br\s?\/?>/gi;
/** A cell with this many breaks holds a page, not a value. */
const PAGE_BREAKS = 8;
const BESIDE = /^(?:menu|navigation|similar|related|other|more|latest|recommended|share|links)\b/i;
/** Heads of a table of criteria: its cells may be long, and are no page. */
const OF_CRITERIA = /^\W{0,4}(?:essential|desirable|criteri|requirements?\b|attributes?\b|assess|how\b|e\s?\/\s?d\b)/i;

const isPipeRow = (line: string | undefined): line is string =>
  line !== undefined && /^\s{0,3}\|.*\|\s{0,3}$/.test(line);
const isPipeRule = (line: string | undefined) => line !== undefined && /^\s{0,3}\|[\s:|-]+\|\s{0,3}$/.test(line);
const pipeCells = (line: string) =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/);

/**
 * A table that laid out a page, as Markdown has it: a row of which one cell is the page, with menus and other jobs beside
 * it. That cell is the text; what the heads call a menu or other jobs is left out.
 */
function openLayoutRows(text: string): string {
  if (!BREAK.test(text)) return text;
  const lines = text.split('\n');
  const opened: string[] = [];
  let isCriteria = false;
  for (const [index, line] of lines.entries()) {
    opened.push(line);
    if (!isPipeRow(line)) continue;
    const cells = pipeCells(line);
    if (!isPipeRow(lines[index - 1])) isCriteria = cells.some((cell) => OF_CRITERIA.test(cell));
    if (isCriteria || !cells.some((cell) => (cell.match(BREAKS)?.length ?? 0) >= PAGE_BREAKS)) continue;
    opened.pop();
    let heads: readonly string[] = [];
    const above = lines[index - 2];
    if (isPipeRule(lines[index - 1])) {
      opened.pop();
      if (isPipeRow(above) && !isPipeRow(lines[index - 3])) {
        opened.pop();
        heads = pipeCells(above);
      }
    }
    const longest = cells.reduce((most, { length }) => Math.max(most, length), 0);
    const kept = cells
      .filter((cell, column) => cell.length === longest || !BESIDE.test((heads[column] ?? '').trim()))
      .map((cell) => cell.replace(BREAKS, '\n'));
    opened.push(kept.join('\n\n'));
  }
  return opened.join('\n');
}

/** A text without the comments of a page's source; one that never ends is none. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('<!--'); at >= 0; at = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', at + 4);
    if (end < 0) break;
    parts.push(text.slice(from, at));
    from = end + 3;
  }
  return from === 0 ? text : [...parts, text.slice(from)].join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  pound: '£',
  ndash: '–',
  mdash: '—',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  bull: '•',
  hellip: '…',
  middot: '·',
};

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 31 && code < 0x110000 ? repairText(String.fromCodePoint(code)) : whole;
  });
}

function readLine(line: string): Line {
  const startsPage = line.startsWith('\f');
  const raw = startsPage ? line.slice(1) : line;
  const isMarked = /[<*_~#>[\\&]/.test(raw);
  const isWhollyBold =
    isMarked && /^\s{0,8}(?:<(b|strong)>.{1,300}<\/\1>|\*\*[^*]{1,300}\*\*|__[^_]{1,300}__)[\s:\\]*$/i.test(raw);
  // A break in a row parts the lines of a cell.
  let text = raw;
  if (raw.includes('<'))
    text = raw
      .replace(BREAKS, isPipeRow(raw) ? '\u000b' : ' ')
      .replace(/<\/?[a-z][a-z0-9]{0,10}(?:\s[^<>]{0,300})?\/?>/gi, '');
  if (isMarked) text = decodeEntities(text);
  const heading = isMarked ? /^\s{0,3}(#{1,6})\s{1,4}(?=\S)/.exec(text) : null;
  if (isMarked) text = stripMarkdown(text.replace(/^\s{0,3}#{1,6}\s{1,4}/, '').replace(/^\s{0,3}>\s?(?=\S)/, ''));
  const indent = indentOf(text);
  const row = splitCells(text);
  const cells = row?.isCertain ? row.cells : null;
  const words = squash(text);
  if (/^(?:[-_=*~–—]\s?){3,}$/.test(words)) return { text: '', indent: 0, isBreak: true };
  const style: Style = {
    ...(heading ? { headingLevel: heading[1]?.length ?? 1 } : {}),
    ...(isWhollyBold || (heading !== null && /\*\*/.test(raw)) ? { emphasised: true } : {}),
  };
  return {
    text: words,
    indent,
    ...(Object.keys(style).length > 0 ? { style } : {}),
    ...(cells === null ? {} : { cells }),
    ...(row === null || row.isCertain ? {} : { mayBeRow: row.cells }),
    ...(startsPage ? { startsPage } : {}),
  };
}

/** The columns of white space that a line begins with. Counted, not spelt out: a line may be megabytes of tabs. */
function indentOf(text: string): number {
  let columns = 0;
  for (let at = 0; text[at] === ' ' || text[at] === '\t'; at++) columns += text[at] === '\t' ? 4 : 1;
  return columns;
}

function stripMarkdown(text: string): string {
  return text
    .replace(/!\[[^\]]{0,200}\]\([^)\s]{0,400}\)/g, '')
    .replace(/\[([^\]]{1,300})\]\((?:[^()\s]{1,400})\)/g, '$1')
    .replace(/~~(?=\S)[^~\n]{1,300}~~/g, '') // crossed out
    .replace(/(\*\*|__)(?=\S)(.{0,600}?\S)\1/g, '$2')
    .replace(/(?<![\w*])\*(?=[^\s*])([^*\n]{0,300}?[^\s*])\*(?![\w*])/g, '$1')
    .replace(/(?<![\w_])_(?=[^\s_])([^_\n]{0,300}?[^\s_])_(?![\w_])/g, '$1')
    .replace(/\\([#*_[\]().!+-])/g, '$1');
}

/** What has more cells than this is no row: each becomes a block of its own, and a line may be megabytes of tabs. */
const MAX_CELLS = 100;

/** The cells of a pipe row or of a row with tabs in it; null for running text. */
function splitCells(text: string): { cells: string[]; isCertain: boolean } | null {
  const trimmed = text.trim();
  if (/^\|.{1,4000}\|$/.test(trimmed))
    return { cells: trimmed.slice(1, -1).split('|').map(squashLines), isCertain: true };
  if (!text.includes('\t')) return null;
  const words = text.trimEnd();
  const parts = (words + text.slice(words.length).replace(/[^\t]/g, '')).split('\t', MAX_CELLS + 1);
  if (parts.length > MAX_CELLS) return null;
  const cells = parts.map(squash);
  const filled = cells.filter((cell) => cell !== '');
  if (filled.length === 0) return null;
  if (cells[0] === '' && filled.length === 1 && splitMarker(filled[0] ?? '') !== null) return null; // an indented bullet
  if (filled.length === 2 && splitMarker(`${cells[0]} x`)?.rest === 'x' && cells.length === 2) return null; // "•<tab>item"
  const isEnd = filled.length === 1 && cells[0] === filled[0]; // white space at the end
  const isIndented = filled.length === 1 && cells.at(-1) === filled[0] && cells.length <= 3;
  return { cells, isCertain: !isIndented && !isEnd };
}

/** The words of a cell, line by line. */
const squashLines = (cell: string) =>
  cell
    .split('\u000b')
    .map(squash)
    .filter((line, _, lines) => line !== '' || lines.length === 1)
    .join('\n');

/** The words of a line with every number masked: page furniture repeats but for its page number. */
const mask = (text: string) => text.toLowerCase().replace(/\d+/g, '#');

const PAGE_NUMBER =
  /\bpage(?:\s{1,3}number)?\s{0,3}:?\s{0,3}\d{1,3}\b|\b\d{1,3}\s{1,2}of\s{1,2}\d{1,3}\b|^\W{0,3}\d{1,3}\W{0,3}$/i;
const ONLY_PAGE_NUMBER =
  /^\W{0,4}(?:page\s{1,3}\d{1,3}(?:\s{1,3}of\s{1,3}\d{1,3})?|\d{1,3}\s{1,3}of\s{1,3}\d{1,3})\W{0,4}$/i;

/** Lines that a page's header or footer left in the text: they hold a page number and come again. */
function findFurniture(lines: readonly Line[]): ReadonlySet<number> {
  const seen = new Map<string, number[]>();
  const furniture = new Set<number>();
  for (const [index, line] of lines.entries()) {
    if (line.text.length === 0 || line.text.length > 160) continue;
    if (ONLY_PAGE_NUMBER.test(line.text)) furniture.add(index);
    else if (/page/i.test(line.text) && PAGE_NUMBER.test(line.text)) {
      const key = mask(line.text);
      const places = seen.get(key);
      if (places === undefined) seen.set(key, [index]);
      else places.push(index);
    }
  }
  for (const places of seen.values()) if (places.length > 1) for (const place of places) furniture.add(place);
  addPageEdges(lines, furniture);
  addNeighbours(lines, furniture);
  return furniture;
}

/** How many lines with words a running header or footer has, at most. */
const EDGE_LINES = 3;

const CRITERIA_HEADINGS: ReadonlySet<string> = new Set(
  [...headings.sections.essential, ...headings.sections.desirable, ...headings.categoryCores].map(foldPhrase),
);

/** Lines right before or after a form feed that come again at another one. */
function addPageEdges(lines: readonly Line[], furniture: Set<number>): void {
  const seen = new Map<string, Set<number>>();
  const note = (from: number, step: number) => {
    let found = 0;
    for (let at = from; found < EDGE_LINES && Math.abs(at - from) < 3 * EDGE_LINES; at += step) {
      const line = lines[at];
      if (line === undefined) return;
      if (line.text === '') continue;
      found++;
      if (line.text.length > 160 || line.cells !== undefined) continue;
      // A list may begin anew on every page, under the same heading: neither is furniture.
      if (splitMarker(line.text) !== null || CRITERIA_HEADINGS.has(foldPhrase(line.text))) continue;
      const key = /page/i.test(line.text) ? mask(line.text) : line.text.toLowerCase();
      seen.set(key, (seen.get(key) ?? new Set()).add(at));
    }
  };
  for (const [index, line] of lines.entries()) {
    if (!line.startsPage) continue;
    note(index - 1, -1);
    note(index, 1);
  }
  for (const places of seen.values()) if (places.size > 1) for (const place of places) furniture.add(place);
}

/** How many lines a page's header or footer has beside its page number. */
const FURNITURE_LINES = 4;

/** A form's number, an "Authorised by" line: what stands right beside a page number, and does so again. */
function addNeighbours(lines: readonly Line[], furniture: Set<number>): void {
  const seen = new Map<string, Set<number>>();
  for (const page of furniture) {
    for (const step of [-1, 1]) {
      for (let at = page + step; Math.abs(at - page) <= FURNITURE_LINES; at += step) {
        const line = lines[at];
        if (line === undefined || line.text === '' || line.text.length > 160 || line.cells !== undefined) break;
        const key = mask(line.text);
        seen.set(key, (seen.get(key) ?? new Set()).add(at));
      }
    }
  }
  for (const places of seen.values()) if (places.size > 1) for (const place of places) furniture.add(place);
}

/** The lines of the running text. Where furniture stood between two blank lines, one of them is enough. */
function withoutFurniture(lines: readonly Line[], furniture: ReadonlySet<number>): Line[] {
  const body: Line[] = [];
  let isCut = false;
  for (const [index, line] of lines.entries()) {
    if (furniture.has(index)) isCut = true;
    else if (line.text !== '' || !isCut || body.at(-1)?.text !== '') body.push(line);
    if (line.text !== '' && !furniture.has(index)) isCut = false;
  }
  return body;
}

/** Lines to drafts: tables, list items with their wrapped lines, paragraphs, furniture last. */
function gather(lines: readonly Line[]): BlockDraft[] {
  const furniture = findFurniture(lines);
  const body = withoutFurniture(lines, furniture);
  const cutAfter = new Set<Line>(); // the last line with words before each piece of furniture
  let last: Line | undefined;
  for (const [index, line] of lines.entries()) {
    if (furniture.has(index)) {
      if (last !== undefined) cutAfter.add(last);
    } else if (line.text !== '') last = line;
  }
  const wrap = measureWrap(body);
  const blocks: BlockDraft[] = [];
  const indents: number[] = [];
  let at = 0;
  while (at < body.length) {
    const line = body[at];
    if (line === undefined || line.text === '' || line.isBreak) at++;
    else if (line.cells !== undefined && !isTypedHeading(line)) at = takeTable(body, at, blocks, cutAfter);
    else at = takeText(body, at, blocks, wrap, indents);
  }
  const notes = [...furniture].map((index) => lines[index]?.text ?? '');
  for (const text of new Set(notes)) blocks.push({ kind: 'paragraph', text, furniture: true });
  return blocks;
}

const isTypedHeading = (line: Line) => line.style?.headingLevel !== undefined;

/** The most characters that a row without tabs may have to be a category between the rows of a table. */
const MAX_CATEGORY = 70;

function takeTable(lines: readonly Line[], start: number, blocks: BlockDraft[], cutAfter: ReadonlySet<Line>): number {
  const rows: string[][][] = []; // the lines of each cell: a text that grows line by line is copied each time
  const cuts = new Set<number>(); // rows before which a page ended
  const columns = lines[start]?.cells?.length ?? 0;
  let at = start;
  let last: Line | undefined;
  const afterCut = () => last !== undefined && cutAfter.has(last);
  while (at < lines.length) {
    const found = lines[at];
    if (found === undefined) break;
    const line = isRowOf(found, columns) ? { ...found, cells: found.mayBeRow } : found;
    if (line.text === '') {
      // A blank line ends a table, unless page furniture stood there.
      const next = lines.slice(at, at + 6).find((other) => other.text !== '');
      if (line.isBreak || next?.cells === undefined || !afterCut()) break;
      at++;
      continue;
    }
    const open = rows.at(-1);
    const isRest = open !== undefined && columns > 2 && open.length < columns && goesOnRow(open, line, columns);
    const isCategory =
      !isRest && line.cells === undefined && rows.length > 0 && isCategoryRow(line, lines, at, columns);
    if (line.cells === undefined && !isRest && !isCategory) break;
    if (afterCut()) cuts.add(rows.length);
    last = line;
    at++;
    if (isRest) appendToRow(open, line);
    else if (isCategory) rows.push([[line.text]]);
    else if (line.cells !== undefined && !line.cells.every((cell) => /^:?-{2,}:?$/.test(cell) || cell === ''))
      rows.push(line.cells.map((cell) => cell.split('\n'))); // but Markdown's rule
  }
  const drafts = rows.map(
    (cells): RowDraft => ({
      cells: cells.map((cell) =>
        cells.length === 1 && columns > 2 ? { ...toCell(cell), colSpan: columns } : toCell(cell),
      ),
    }),
  );
  if (drafts.length > 0) blocks.push({ kind: 'table', rows: mendTable(drafts, cuts) });
  return at;
}

/** The fewest characters that a second cell alone must have to be one: a shorter line is indented, as an address is. */
const MIN_LONE_CELL = 20;

/** True where a line that may be indented is a row of the table around it. */
const isRowOf = (line: Line, columns: number): line is Line & { readonly mayBeRow: readonly string[] } =>
  line.mayBeRow?.length === columns && (columns > 2 || line.text.length >= MIN_LONE_CELL);

/** A line that goes on with the last cell of a row: a table pasted from Word keeps the lines of its cells. */
function goesOnRow(open: readonly (readonly string[])[], line: Line, columns: number): boolean {
  const added = (line.cells?.length ?? 1) - 1;
  if (open.length + added > columns) return false;
  const first = line.cells?.[0] ?? line.text;
  return /^[•●▪○◦-]\s/.test(first) || (/^[a-z]/.test(first) && !/[.:;]$/.test(open.at(-1)?.at(-1) ?? ''));
}

function appendToRow(open: string[][], line: Line): void {
  const [first = '', ...rest] = line.cells ?? [line.text];
  open.at(-1)?.push(first);
  for (const cell of rest) open.push([cell]);
}

/** "Experience" on a line of its own between the rows of a table. */
function isCategoryRow(line: Line, lines: readonly Line[], at: number, columns: number): boolean {
  const next = lines[at + 1];
  return (
    columns > 2 &&
    line.text.length <= MAX_CATEGORY &&
    /^[A-Z]/.test(line.text) &&
    !/[.:;,]$/.test(line.text) &&
    next?.cells !== undefined &&
    line.style?.headingLevel === undefined
  );
}

function toCell(lines: readonly string[]): CellDraft {
  if (lines.every((line) => line === '')) return { blocks: [] };
  const pieces = lines.flatMap((line) => line.split(/\s(?=[•●▪]\s)/));
  return {
    blocks: pieces.map((piece): TextDraft => {
      const marked = /^[•●▪]/.test(piece) ? splitMarker(piece) : null;
      return marked
        ? { kind: 'list-item', text: marked.rest, marker: marked.marker, depth: 0 }
        : { kind: 'paragraph', text: piece };
    }),
  };
}

/**
 * The width at which the file's lines were broken by hand or by a converter, in characters; null where lines are as
 * long as their paragraphs.
 */
function measureWrap(lines: readonly Line[]): number | null {
  const lengths = lines
    .filter((line) => line.cells === undefined)
    .map((line) => line.text.length)
    .filter((length) => length > 40);
  if (lengths.length < 8) return null;
  const sorted = lengths.sort((a, b) => a - b);
  const longest = sorted[Math.floor(sorted.length * 0.98)] ?? 0;
  const typical = sorted[Math.floor(sorted.length * 0.6)] ?? 0;
  return longest <= 130 && typical > longest * 0.75 ? longest : null;
}

/**
 * Takes the lines of one paragraph or list item, and gives back where the next one starts. `indents` are those of the
 * list items that the one at hand stands under; paragraphs end a list.
 */
function takeText(
  lines: readonly Line[],
  start: number,
  blocks: BlockDraft[],
  wrap: number | null,
  indents: number[],
): number {
  const first = lines[start];
  if (first === undefined) return start + 1;
  const marked = isTypedHeading(first) ? null : splitMarker(first.text);
  const parts = [marked?.rest ?? first.text]; // joined at the end: a text that grows line by line is copied each time
  let at = start + 1;
  let before = first;
  while (at < lines.length) {
    const next = lines[at];
    if (next === undefined) break;
    const gap = next.text === '' && wrap !== null ? lines[at + 1] : undefined;
    const line = gap ?? next;
    const hangs = marked !== null && line.indent > first.indent && line.indent <= first.indent + 8;
    if (!continues(before, line, wrap, gap !== undefined, marked !== null && !hangs)) break;
    parts.push(isBrokenWord(before.text, line.text) ? line.text : ` ${line.text}`);
    before = line;
    at += gap === undefined ? 1 : 2;
  }
  const text = parts.join('');
  const style = first.style === undefined ? {} : { style: first.style };
  blocks.push(
    marked === null
      ? { kind: 'paragraph', text, ...style }
      : { kind: 'list-item', text, marker: marked.marker, depth: depthOf(first.indent, indents), ...style },
  );
  if (marked === null) indents.length = 0;
  return at;
}

/** How deep a list item hangs under the ones before it: a list may be indented as a whole, so only steps count. */
function depthOf(indent: number, indents: number[]): number {
  while (indents.length > 0 && indent <= (indents.at(-1) ?? 0) + (indents.length === 1 ? 1 : 0)) indents.pop();
  indents.push(indent);
  return Math.min(4, indents.length - 1);
}

/** True where a line is the rest of the one before it, broken only by the width of the page. */
function continues(before: Line, line: Line, wrap: number | null, isGap: boolean, inItem: boolean): boolean {
  if (line.text === '' || line.isBreak || line.cells !== undefined || line.style !== undefined) return false;
  if (before.style?.headingLevel !== undefined || splitMarker(line.text) !== null) return false;
  // A few words that begin anew at an item's own margin open something else.
  if (inItem && /^[A-Z]/.test(line.text) && line.text.split(' ').length < 5) return false;
  const startsLow = /^[a-z(]/.test(line.text) && !/^(?:[^\s@]+@\S+|www\.\S+|https?:\S+)$/.test(line.text);
  const isOpen = !/[.:;!?]$/.test(before.text);
  if (isGap) return wrap !== null && before.text.length > wrap * 0.7 && startsLow && isOpen;
  if (wrap === null) return startsLow && isOpen && before.text.length > 45 && !inItem;
  const firstWord = line.text.split(' ', 1)[0] ?? '';
  const wouldFit = before.text.length + 1 + firstWord.length <= wrap * 0.88;
  return !wouldFit || (startsLow && isOpen && before.text.length > wrap * 0.6);
}

/** "low-⏎level" keeps its hyphen, as do all hyphens in text that was typed; only PDF text breaks words. */
const isBrokenWord = (line: string, next: string) => /[a-z]-$/.test(line.slice(-2)) && /^[a-z]/.test(next);
