import type { BlockDraft, CellDraft, RowDraft, Style, TextDraft } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { repairText } from '../../normalise/unicode.ts';
import { mergeTabRows, readTypedLines } from '../typed-lines.ts';
import {
  attributeOf,
  BLOCKS,
  childrenOf,
  type Element,
  findAll,
  findFirst,
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
  text: string;
  bold: number;
  plain: number;
}

const HEADING = /^h[1-6]$/;
const SECTIONS: ReadonlySet<string> = new Set(['main', 'article']);
const TABLE: ReadonlySet<string> = new Set(['table']);

/** Names of what a site puts round its pages, as they stand in `class` and `id`. */
const CHROME =
  /(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|share|sharing|social|skip|skiplink|navbar|nav|navigation|menu|pagination|pager|newsletter|subscribe|login|signin)(?:$|[\s_-])/i;
const OTHER_JOBS =
  /(?:^|[\s_-])(?:similar|related|recommended|recommendations)(?:$|[\s_-])|(?:other|more|latest|featured)[\s_-](?:jobs?|vacanc(?:y|ies)|roles?)/i;
const OTHER_JOBS_HEADING =
  /^(?:(?:similar|related|other|more|latest|recommended|featured|recent)\s(?:\w+\s){0,2}(?:jobs|vacancies|roles|opportunities)|you may also (?:like|be interested)|jobs you (?:may|might) like)/i;
/** What is called a menu and holds more than this is none. Characters. */
const MAX_CHROME = 1_500;

class PageReader {
  readonly #parts: PageParts;
  readonly #keepsLines: boolean;
  readonly #withBlocks: ReadonlySet<Element>;
  readonly #hasMain: boolean;
  #listDepth = 0;

  constructor(parts: PageParts, root: { readonly childNodes?: readonly Node[] }, keepsLines: boolean) {
    this.#parts = parts;
    this.#keepsLines = keepsLines;
    this.#withBlocks = findWithBlocks(root);
    this.#hasMain = findFirst(root, SECTIONS) !== undefined;
  }

  /** Reads nodes that stand one under the other, running text between blocks as paragraphs. */
  flow(nodes: readonly Node[], sink: BlockDraft[], depth: number): void {
    let inline: Inline = { text: '', bold: 0, plain: 0 };
    const flush = () => {
      for (const block of this.#paragraph(inline)) sink.push(block);
      inline = { text: '', bold: 0, plain: 0 };
    };
    for (const node of nodes) {
      if (!isElement(node)) this.#gather(node, false, inline, depth);
      else if (isHidden(node)) continue;
      else if (depth < MAX_DEPTH && (BLOCKS.has(node.tagName) || this.#withBlocks.has(node))) {
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
    const names = `${attributeOf(element, 'class') ?? ''} ${attributeOf(element, 'id') ?? ''}`;
    if (sink !== this.#parts.main) return sink;
    const isBox = tagName === 'aside' || role === 'complementary';
    if (OTHER_JOBS.test(names) || ((isBox || tagName === 'section' || tagName === 'div') && opensOtherJobs(element)))
      return this.#parts.others;
    if (CHROME.test(names) && plainText(element).length < MAX_CHROME && findFirst(element, H1) === undefined)
      return null;
    const isSite = !this.#isWithinMain(element);
    if ((tagName === 'footer' || role === 'contentinfo') && isSite) return this.#parts.furniture;
    if (
      (tagName === 'header' || role === 'banner') &&
      isSite &&
      (this.#hasMain || findFirst(element, H1) === undefined)
    )
      return this.#parts.furniture;
    if (isBox) return this.#parts.beside;
    return sink;
  }

  #isWithinMain(element: Element): boolean {
    for (
      let node: unknown = element.parentNode;
      node !== null && node !== undefined;
      node = (node as Element).parentNode
    )
      if (SECTIONS.has((node as Element).tagName)) return true;
    return false;
  }

  #heading(element: Element, sink: BlockDraft[], level: number, depth: number): void {
    const inline: Inline = { text: '', bold: 0, plain: 0 };
    for (const child of childrenOf(element)) this.#gather(child, false, inline, depth);
    for (const line of repairText(inline.text).split('\n')) {
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
      into.text += text;
      const visible = text.trim().length;
      if (isBold) into.bold += visible;
      else into.plain += visible;
      return;
    }
    if (!isElement(node) || isHidden(node)) return;
    if (node.tagName === 'br') {
      into.text += '\n';
      return;
    }
    if (node.tagName === 'sup' && isFootnote(node)) return;
    if (depth > MAX_DEPTH) {
      into.text += plainText(node);
      return;
    }
    const bold = isBold || node.tagName === 'b' || node.tagName === 'strong';
    for (const child of childrenOf(node)) this.#gather(child, bold, into, depth + 1);
  }

  #paragraph({ text, bold, plain }: Inline): BlockDraft[] {
    const words = repairText(joinSoftLines(text));
    if (words.trim() === '') return [];
    const style = bold > 0 && plain === 0 ? { style: { emphasised: true } satisfies Style } : {};
    return mergeTabRows(readTypedLines(words, style));
  }

  #list(list: Element, sink: BlockDraft[], depth: number): void {
    const isOrdered = list.tagName === 'ol';
    let number = Number(attributeOf(list, 'start') ?? 1) || 1;
    const items = childrenOf(list).filter(isElement);
    if (!this.#keepsLines && sink === this.#parts.main && !this.#isWithinMain(list) && isLinkList(items)) return;
    for (const item of items) {
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

  /** Terms and what is said of them: rows of labels and values, unless what is said is a section of the page. */
  #descriptions(list: Element, sink: BlockDraft[], depth: number): void {
    const rows: { terms: TextDraft[]; values: TextDraft[] }[] = [];
    for (const element of findAll(list, DESCRIPTION, false)) {
      if (isHidden(element)) continue;
      const own: BlockDraft[] = [];
      this.flow(childrenOf(element), own, depth + 1);
      const open = rows.at(-1);
      if (element.tagName === 'dt' && (open === undefined || open.values.length > 0))
        rows.push({ terms: own.flatMap(flatten), values: [] });
      else if (open !== undefined) (element.tagName === 'dt' ? open.terms : open.values).push(...own.flatMap(flatten));
    }
    const isText = rows.some(({ values }) => values.some(({ text }) => text.length > 400) || values.length > 6);
    if (isText) {
      for (const { terms, values } of rows)
        sink.push(...terms.map((term) => ({ ...term, style: { emphasised: true } })), ...values);
      return;
    }
    const drafts = rows.map(({ terms, values }): RowDraft => ({ cells: [{ blocks: terms }, { blocks: values }] }));
    if (drafts.length > 0) sink.push({ kind: 'table', rows: drafts });
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
    const longest = Math.max(...lengths);
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

const H1: ReadonlySet<string> = new Set(['h1']);
const PAGE: ReadonlySet<string> = new Set(['h1', 'main', 'article']);
const LINK: ReadonlySet<string> = new Set(['a']);
const ROW: ReadonlySet<string> = new Set(['tr']);
const DESCRIPTION: ReadonlySet<string> = new Set(['dt', 'dd']);
const HEADINGS: ReadonlySet<string> = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'strong', 'b']);
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

/** True for a box whose first words say that other jobs follow. */
function opensOtherJobs(element: Element): boolean {
  if (findFirst(element, PAGE) !== undefined) return false; // what holds the page holds more than them
  const heading = findFirst(element, HEADINGS);
  return (
    heading !== undefined &&
    OTHER_JOBS_HEADING.test(squash(plainText(heading)).slice(0, 80)) &&
    squash(plainText(element)).startsWith(squash(plainText(heading)))
  );
}

/** True where nearly all words of an element are links. */
function isMenu(element: Element): boolean {
  const all = squash(plainText(element)).length;
  const linked = findAll(element, LINK).reduce((sum, link) => sum + squash(plainText(link)).length, 0);
  return all === 0 || linked > 0.7 * all;
}

/** True for a list of short links: a menu, a breadcrumb, links to share the page. */
function isLinkList(items: readonly Element[]): boolean {
  return items.length > 2 && items.every((item) => isMenu(item) && plainText(item).trim().length < 50);
}

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
  if (Math.max(0, ...rows.map((cells) => cells.length)) < 2) return true;
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
  const text = [first, ...own].map((block) => (block.kind === 'table' ? '' : block.text)).join(' ');
  const item: BlockDraft = {
    kind: 'list-item',
    text,
    marker,
    depth,
    ...(first.style === undefined ? {} : { style: first.style }),
  };
  return [item, ...rest.slice(own.length)];
}

/** A line break within an item parts nothing, unless a sentence ended before it. */
const isSameItem = (first: TextDraft, block: TextDraft) => !/[.!?:]$/.test(first.text) || /^[a-z(]/.test(block.text);

/** The shortest line that was broken because the page ended. Characters. */
const MIN_WRAPPED = 50;

/** Lines that were typed one under the other: those that the width of a page broke are one. */
function joinSoftLines(text: string): string {
  if (!text.includes(SOFT)) return text;
  const lines = text.split(SOFT);
  const longest = Math.max(...lines.map(({ length }) => length));
  let joined = lines[0] ?? '';
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const before = lines[index - 1] ?? '';
    const word = line.trimStart().split(' ', 1)[0] ?? '';
    const isWrapped = before.length >= MIN_WRAPPED && before.length + word.length + 1 > longest * 0.88;
    const goesOn =
      /,$/.test(before.trimEnd()) || (/^[a-z(]/.test(line.trimStart()) && !/[.!?:;]$/.test(before.trimEnd()));
    joined += isWrapped || goesOn ? ` ${line}` : `\n${line}`;
  }
  return joined;
}
