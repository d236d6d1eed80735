import type { BlockDraft, CellDraft, RowDraft, Style, TextDraft } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { repairText } from '../../normalise/unicode.ts';
import { mergeTabRows, readTypedLines } from '../typed-lines.ts';
import { Chrome, isLinkList, isMenu, isSkipLink, isWithinSection, opensOtherJobs } from './chrome.ts';
import {
  attributeOf,
  BLOCKS,
  childrenOf,
  type Element,
  findAll,
  isElement,
  isHidden,
  MAX_DEPTH,
  type Node,
  plainText,
} from './dom.ts';

/** What stands on a page, by its place: the running text, boxes beside it, other jobs, and the site's own header and footer. */
export interface PageParts {
  readonly main: BlockDraft[];
  readonly beside: BlockDraft[];
  readonly others: BlockDraft[];
  readonly furniture: BlockDraft[];
}

/**
 * A page's elements as drafts, in the order in which a person reads them. Menus, breadcrumbs, cookie notices and what is
 * hidden are left out.
 *
 * @param keepsLines true where a line end in running text was typed, as in Markdown: it may part lines.
 */
export function readElements(root: { readonly childNodes?: readonly Node[] }, keepsLines: boolean): PageParts {
  const parts: PageParts = { main: [], beside: [], others: [], furniture: [] };
  new PageReader(parts, root, keepsLines).flow(childrenOf(root), parts.main, 0);
  return parts;
}

/** Stands for a line end of the source where those are kept, until it is known whether the line goes on. */
const SOFT = '\u000b';

interface Inline {
  /** Pieces of text, joined at the end: a text that grows piece by piece is copied each time it is looked at. */
  readonly pieces: string[];
  bold: number;
  plain: number;
  /** True right after the end of an element: the start of another one may be meant to stand apart. */
  isParted: boolean;
}

const emptyInline = (): Inline => ({ pieces: [], bold: 0, plain: 0, isParted: false });

const HEADING = /^h[1-6]$/;
const TABLE: ReadonlySet<string> = new Set(['table']);

class PageReader {
  readonly #parts: PageParts;
  readonly #keepsLines: boolean;
  readonly #withBlocks: ReadonlySet<Element>;
  readonly #chrome: Chrome;
  #listDepth = 0;

  constructor(parts: PageParts, root: { readonly childNodes?: readonly Node[] }, keepsLines: boolean) {
    this.#parts = parts;
    this.#keepsLines = keepsLines;
    this.#withBlocks = findWithBlocks(root);
    this.#chrome = new Chrome(root);
  }

  /** Reads nodes that stand one under the other, running text between blocks as paragraphs. */
  flow(nodes: readonly Node[], sink: BlockDraft[], depth: number): void {
    let inline = emptyInline();
    const flush = () => {
      for (const block of this.#paragraph(inline)) sink.push(block);
      inline = emptyInline();
    };
    for (const node of nodes) {
      if (!isElement(node)) this.#gather(node, false, inline, depth);
      else if (isHidden(node)) continue;
      else if (node.tagName === 'button' && !HEADING.test(nameOf(node.parentNode))) {
        flush();
        this.#heading(node, sink, 4, depth);
      } else if (depth < MAX_DEPTH && (BLOCKS.has(node.tagName) || this.#withBlocks.has(node))) {
        flush();
        this.#block(node, sink, depth + 1);
      } else this.#gather(node, false, inline, depth);
    }
    flush();
  }

  #block(element: Element, sink: BlockDraft[], depth: number): void {
    const target = this.#targetOf(element, sink);
    if (target === null) return;
    const { tagName } = element;
    if (HEADING.test(tagName) && !this.#withBlocks.has(element))
      this.#heading(element, target, Number(tagName[1]), depth);
    else if (tagName === 'summary' || tagName === 'legend') this.#heading(element, target, 4, depth);
    else if (tagName === 'ul' || tagName === 'ol' || tagName === 'menu' || tagName === 'dir')
      this.#list(element, target, depth);
    else if (tagName === 'dl') this.#descriptions(element, target, depth);
    else if (tagName === 'table') this.#table(element, target, depth);
    else if (tagName === 'pre')
      for (const piece of mergeTabRows(readTypedLines(repairText(plainText(element)), {}))) target.push(piece);
    else this.flow(childrenOf(element), target, depth);
  }

  /** Where an element's words go; null where they are no part of the document. */
  #targetOf(element: Element, sink: BlockDraft[]): BlockDraft[] | null {
    const { tagName } = element;
    const role = attributeOf(element, 'role') ?? '';
    if (tagName === 'nav' || role === 'navigation' || role === 'search' || tagName === 'dialog') return null;
    if (sink !== this.#parts.main) return sink;
    const place = this.#chrome.placeOf(element);
    return place === 'here' ? sink : place === 'none' ? null : this.#parts[place];
  }

  #heading(element: Element, sink: BlockDraft[], level: number, depth: number): void {
    const inline = emptyInline();
    for (const child of childrenOf(element)) this.#gather(child, false, inline, depth);
    for (const line of repairText(inline.pieces.join('')).split('\n')) {
      const text = squash(line);
      if (text !== '') sink.push({ kind: 'paragraph', text, style: { headingLevel: level } });
    }
  }

  /** Running text into one paragraph: white space as a browser shows it. */
  #gather(node: Node, isBold: boolean, into: Inline, depth: number): void {
    if (node.nodeName === '#text' && 'value' in node) {
      const text = node.value.replace(/[ \t\r\n\f]+/g, (space) =>
        this.#keepsLines && space.includes('\n') ? SOFT : ' ',
      );
      into.pieces.push(text);
      into.isParted = false;
      const visible = text.trim().length;
      if (isBold) into.bold += visible;
      else into.plain += visible;
      return;
    }
    if (!isElement(node) || isHidden(node) || isSkipLink(node)) return;
    if (node.tagName === 'br') {
      into.pieces.push('\n');
      return;
    }
    if (node.tagName === 'sup' && isFootnote(node)) return;
    if (depth > MAX_DEPTH) {
      into.pieces.push(plainText(node));
      return;
    }
    const bold = isBold || node.tagName === 'b' || node.tagName === 'strong';
    // "<span>Full time</span><span>Permanent</span>": a style sheet keeps them apart.
    if (into.isParted && startsAnew(into.pieces.at(-1) ?? '', plainText(node, 20).slice(0, 20))) into.pieces.push(' ');
    for (const child of childrenOf(node)) this.#gather(child, bold, into, depth + 1);
    into.isParted = true;
  }

  #paragraph({ pieces, bold, plain }: Inline): BlockDraft[] {
    const words = repairText(joinSoftLines(pieces.join('')));
    if (words.trim() === '') return [];
    const style = bold > 0 && plain === 0 ? { style: { emphasised: true } satisfies Style } : {};
    return mergeTabRows(readTypedLines(words, style));
  }

  #list(list: Element, sink: BlockDraft[], depth: number): void {
    const isOrdered = list.tagName === 'ol';
    let number = Number(attributeOf(list, 'start') ?? 1) || 1;
    if (!this.#keepsLines && sink === this.#parts.main && !isWithinSection(list) && isLinkList(list)) return;
    for (const item of childrenOf(list).filter(isElement)) {
      if (isHidden(item)) continue;
      if (item.tagName !== 'li') {
        this.#block(item, sink, depth + 1);
        continue;
      }
      const own: BlockDraft[] = [];
      this.#listDepth++;
      this.flow(childrenOf(item), own, depth + 1);
      this.#listDepth--;
      const marker = isOrdered ? `${number++}.` : '•';
      for (const block of asItem(own, marker, Math.min(4, this.#listDepth))) sink.push(block);
    }
  }

  /** A list of terms, with what stands between them. */
  #descriptions(list: Element, sink: BlockDraft[], depth: number): void {
    let rows: Description[] = [];
    const flush = () => {
      for (const block of describe(rows)) sink.push(block);
      rows = [];
    };
    const read = (nodes: readonly Node[], level: number) => {
      for (const element of nodes.filter(isElement)) {
        if (isHidden(element)) continue;
        const isTerm = element.tagName === 'dt';
        if (element.tagName === 'div' && level < MAX_DEPTH) {
          read(childrenOf(element), level + 1);
          continue;
        }
        const open = rows.at(-1);
        if (!isTerm && (element.tagName !== 'dd' || open === undefined)) {
          flush();
          this.flow([element], sink, level + 1);
          continue;
        }
        const own: BlockDraft[] = [];
        this.flow(childrenOf(element), own, level + 1);
        if (isTerm && (open === undefined || open.values.length > 0 || open.isClosed))
          rows.push({ terms: own.flatMap(flatten), values: [], isClosed: false });
        else for (const block of own.flatMap(flatten)) (isTerm ? open?.terms : open?.values)?.push(block);
        // An empty description says nothing of its term, and ends it.
        if (!isTerm && open !== undefined) open.isClosed = true;
      }
    };
    read(childrenOf(list), depth);
    flush();
  }

  #table(table: Element, sink: BlockDraft[], depth: number): void {
    const rows = rowsOf(table);
    for (const caption of childrenOf(table).filter((node) => isElement(node) && node.tagName === 'caption'))
      this.flow(childrenOf(caption as Element), sink, depth + 1);
    if (isLayout(table, rows)) {
      for (const cells of rows) this.#layoutRow(cells, sink, depth);
      return;
    }
    const drafts = rows
      .map((cells): RowDraft => ({ cells: cells.map((cell) => this.#cell(cell, depth)) }))
      .filter(({ cells }) => cells.some(({ blocks }) => blocks.length > 0));
    if (drafts.length > 0) sink.push({ kind: 'table', rows: drafts });
  }

  #cell(cell: Element, depth: number): CellDraft {
    const own: BlockDraft[] = [];
    const listDepth = this.#listDepth;
    this.#listDepth = 0;
    this.flow(childrenOf(cell), own, depth + 1);
    this.#listDepth = listDepth;
    const colSpan = spanOf(cell, 'colspan', MAX_COLUMNS);
    const rowSpan = spanOf(cell, 'rowspan', MAX_ROWS);
    return { blocks: own.flatMap(flatten), ...(colSpan > 1 ? { colSpan } : {}), ...(rowSpan > 1 ? { rowSpan } : {}) };
  }

  /** A row of a table that lays the page out: its longest cell is the page, a cell of links a menu, another box beside it. */
  #layoutRow(cells: readonly Element[], sink: BlockDraft[], depth: number): void {
    const lengths = cells.map((cell) => plainText(cell).trim().length);
    const longest = longestOf(lengths);
    for (const [index, cell] of cells.entries()) {
      if (isHidden(cell)) continue;
      const isMain = lengths[index] === longest;
      if (!isMain && opensOtherJobs(cell)) {
        this.flow(childrenOf(cell), sink === this.#parts.main ? this.#parts.others : sink, depth + 1);
        continue;
      }
      if (!isMain && isMenu(cell)) continue;
      this.flow(childrenOf(cell), sink, depth + 1);
    }
  }
}

const longestOf = (lengths: readonly number[]) => lengths.reduce((most, length) => Math.max(most, length), 0);
const startsAnew = (before: string, after: string) => /[a-z\d)]$/.test(before) && /^[A-Z£]/.test(after);
const nameOf = (node: unknown) => (node as Element | null)?.tagName ?? '';

const LINK: ReadonlySet<string> = new Set(['a']);
const ROW: ReadonlySet<string> = new Set(['tr']);
const TITLES: ReadonlySet<string> = new Set(['h1', 'h2', 'h3']);

const MAX_COLUMNS = 63;
const MAX_ROWS = 500;

/** Every element with a block somewhere below it. */
function findWithBlocks(root: { readonly childNodes?: readonly Node[] }): Set<Element> {
  const found = new Set<Element>();
  for (const block of findAll(root, BLOCKS)) {
    for (
      let node = block.parentNode;
      node !== null && isElement(node as Node) && !found.has(node as Element);
      node = (node as Element).parentNode
    )
      found.add(node as Element);
  }
  return found;
}

/** "[3]" and the like: a mark that leads to a note. */
const isFootnote = (element: Element) => findAll(element, LINK).length > 0;

/** The rows of a table, each its cells; those of a table within it are not its own. */
function rowsOf(table: Element): Element[][] {
  const rows: Element[][] = [];
  const stack = [...childrenOf(table)].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isElement(node) || isHidden(node)) continue;
    if (node.tagName === 'tr')
      rows.push(childrenOf(node).filter((cell): cell is Element => isElement(cell) && /^t[dh]$/.test(cell.tagName)));
    else if (/^t(?:head|body|foot)$/.test(node.tagName))
      for (const child of [...childrenOf(node)].reverse()) stack.push(child);
  }
  return rows.filter((cells) => cells.length > 0);
}

/** True for a table that only places things on the page. */
function isLayout(table: Element, rows: readonly (readonly Element[])[]): boolean {
  const role = attributeOf(table, 'role') ?? '';
  if (role === 'presentation' || role === 'none') return true;
  if (longestOf(rows.map((cells) => cells.length)) < 2) return true;
  return rows.some((cells) =>
    cells.some(
      (cell) =>
        findAll(cell, TABLE).some((inner) => findAll(inner, ROW).length > 1) || findAll(cell, TITLES).length > 1,
    ),
  );
}

function spanOf(cell: Element, name: 'colspan' | 'rowspan', most: number): number {
  const span = Number.parseInt(attributeOf(cell, name) ?? '1', 10);
  return Number.isFinite(span) ? Math.min(Math.max(1, span), most) : 1;
}

interface Description {
  /** True once a description of the terms was met. */
  isClosed: boolean;
  readonly terms: TextDraft[];
  readonly values: TextDraft[];
}

/** Terms and what is said of them: rows of labels and values, unless what is said is a section of the page. */
function describe(rows: readonly Description[]): BlockDraft[] {
  const isText = rows.some(({ values }) => values.some(({ text }) => text.length > 400) || values.length > 6);
  if (isText)
    return rows.flatMap(({ terms, values }) => [
      ...terms.map((term) => ({ ...term, style: { emphasised: true } })),
      ...values,
    ]);
  if (rows.length === 0) return [];
  return [
    { kind: 'table', rows: rows.map(({ terms, values }) => ({ cells: [{ blocks: terms }, { blocks: values }] })) },
  ];
}

/** A block as the text blocks that are in it. */
function flatten(block: BlockDraft): TextDraft[] {
  if (block.kind !== 'table') return [block];
  return block.rows.flatMap((row) => row.cells.flatMap((cell) => cell.blocks));
}

/** What stands in a list item: its first paragraph is the item, lines that only go on with it are of it. */
function asItem(blocks: readonly BlockDraft[], marker: string, depth: number): BlockDraft[] {
  const [first, ...rest] = blocks;
  if (first === undefined) return [];
  if (first.kind !== 'paragraph' || first.style?.headingLevel !== undefined) return [...blocks];
  const lines = rest.findIndex(
    (block) => block.kind !== 'paragraph' || block.style !== undefined || !isSameItem(first, block),
  );
  const own = lines < 0 ? rest : rest.slice(0, lines);
  const inItem = [first, ...own].flatMap(flatten);
  if (areOwnItems(inItem))
    return [
      ...inItem.map(({ text }): BlockDraft => ({ kind: 'list-item', text, marker, depth })),
      ...rest.slice(own.length),
    ];
  const text = inItem.map((block) => block.text).join(' ');
  const item: BlockDraft = {
    kind: 'list-item',
    text,
    marker,
    depth,
    ...(first.style === undefined ? {} : { style: first.style }),
  };
  return [item, ...rest.slice(own.length)];
}

/** Lines within an item that each say something whole: breaks were typed where items were meant. */
function areOwnItems(lines: readonly TextDraft[]): boolean {
  return (
    lines.length > 1 &&
    lines.every(
      ({ text, style }) =>
        style === undefined &&
        /^[A-Z]/.test(text) &&
        text.length <= MAX_OWN_ITEM &&
        text.split(' ').length >= 3 &&
        !/(?:[,;:–-]|\b(?:and|or|of|to|the|a|an|in|with|for|at))$/i.test(text),
    )
  );
}

/** A longer line in an item may have been broken for its length. Characters. */
const MAX_OWN_ITEM = 70;

/** A line break within an item parts nothing, unless a sentence ended before it. */
const isSameItem = (first: TextDraft, block: TextDraft) => !/[.!?:]$/.test(first.text) || /^[a-z(]/.test(block.text);

/** The shortest line that was broken because the page ended. Characters. */
const MIN_WRAPPED = 50;

/** Lines that were typed one under the other: those that the width of a page broke are one. */
function joinSoftLines(text: string): string {
  if (!text.includes(SOFT)) return text;
  const lines = text.split(SOFT);
  const longest = longestOf(lines.map(({ length }) => length));
  const joined = [lines[0] ?? ''];
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const before = lines[index - 1] ?? '';
    const word = line.trimStart().split(' ', 1)[0] ?? '';
    const isWrapped = before.length >= MIN_WRAPPED && before.length + word.length + 1 > longest * 0.88;
    const goesOn =
      /,$/.test(before.trimEnd()) || (/^[a-z(]/.test(line.trimStart()) && !/[.!?:;]$/.test(before.trimEnd()));
    joined.push(isWrapped || goesOn ? ' ' : '\n', line);
  }
  return joined.join('');
}
