/** A level of an automatic list: how its number is written. */
interface Level {
  readonly format: string;
  /** Word's pattern: "%1.", "E%1", "%1.%2". */
  readonly pattern: string;
  readonly start: number;
}

interface List {
  readonly abstractId: string;
  readonly overrides: ReadonlyMap<number, number>;
}

/** Where a paragraph stands in an automatic list. */
export interface ListPlace {
  readonly listId: string;
  readonly level: number;
}

/** The automatic numbers of a Word document, counted as Word prints them. */
export class Numbering {
  readonly #lists: ReadonlyMap<string, List>;
  readonly #levels: ReadonlyMap<string, ReadonlyMap<number, Level>>;
  readonly #styles: ReadonlyMap<string, ListPlace>;
  readonly #counters = new Map<string, number[]>();
  readonly #started = new Set<string>();

  constructor(numberingXml: string, stylesXml: string) {
    this.#levels = readLevels(numberingXml);
    this.#lists = readLists(numberingXml);
    this.#styles = readStyles(stylesXml);
  }

  /** The list that a paragraph style puts its paragraphs in; null where it puts them in none. */
  placeOfStyle(styleId: string): ListPlace | null {
    return this.#styles.get(styleId) ?? null;
  }

  /** The number or bullet printed before the next paragraph at that place; empty where the list prints none. */
  next({ listId, level }: ListPlace): string {
    const list = this.#lists.get(listId);
    const levels = list === undefined ? undefined : this.#levels.get(list.abstractId);
    const here = levels?.get(level);
    if (list === undefined || levels === undefined || here === undefined) return '';
    const counters = this.#counters.get(list.abstractId) ?? [];
    this.#counters.set(list.abstractId, counters);
    const override = list.overrides.get(level);
    const isFirst = !this.#started.has(`${listId}/${level}`);
    this.#started.add(`${listId}/${level}`);
    counters[level] = isFirst && override !== undefined ? override : (counters[level] ?? here.start - 1) + 1;
    counters.length = level + 1; // deeper levels start again
    if (here.format === 'bullet') return '•';
    if (here.format === 'none') return '';
    return here.pattern.replace(/%(\d)/g, (_, digit: string) => {
      const at = Number(digit) - 1;
      const other = levels.get(at);
      return other === undefined ? '' : formatNumber(counters[at] ?? other.start, other.format);
    });
  }
}

/** An XML text's pieces from one opening of an element to the next. Looking ahead at every place would take as long as the rest. */
export function piecesAt(xml: string, element: string): string[] {
  const pieces: string[] = [];
  const opening = `<${element}`;
  const find = (from: number) => {
    let at = xml.indexOf(opening, from);
    while (at >= 0 && !/\s/.test(xml[at + opening.length] ?? '')) at = xml.indexOf(opening, at + opening.length);
    return at;
  };
  for (let from = find(0); from >= 0; ) {
    const next = find(from + opening.length);
    pieces.push(xml.slice(from, next < 0 ? undefined : next));
    from = next;
  }
  return pieces;
}

const attribute = (xml: string, element: string) =>
  new RegExp(String.raw`<w:${element}\b[^>]{0,200}?w:val="([^"]*)"`).exec(xml)?.[1];

function readLevels(xml: string): Map<string, Map<number, Level>> {
  const found = new Map<string, Map<number, Level>>();
  for (const piece of piecesAt(xml, 'w:abstractNum')) {
    const id = /^<w:abstractNum\s[^>]{0,400}?w:abstractNumId="([^"]+)"/.exec(piece)?.[1];
    if (id === undefined) continue;
    const levels = new Map<number, Level>();
    for (const part of (piece.split('</w:abstractNum>', 1)[0] ?? '').split(/(?=<w:lvl\s)/)) {
      const level = /^<w:lvl\s[^>]{0,200}?w:ilvl="(\d)"/.exec(part)?.[1];
      if (level === undefined) continue;
      levels.set(Number(level), {
        format: attribute(part, 'numFmt') ?? 'decimal',
        pattern: attribute(part, 'lvlText') ?? '',
        start: Number(attribute(part, 'start') ?? 1),
      });
    }
    found.set(id, levels);
  }
  return found;
}

function readLists(xml: string): Map<string, List> {
  const found = new Map<string, List>();
  for (const piece of piecesAt(xml, 'w:num')) {
    const id = /^<w:num\s[^>]{0,200}?w:numId="([^"]+)"/.exec(piece)?.[1];
    const abstractId = attribute(piece, 'abstractNumId');
    if (id === undefined || abstractId === undefined) continue;
    const overrides = new Map<number, number>();
    for (const match of piece.matchAll(
      /<w:lvlOverride\s[^>]{0,200}?w:ilvl="(\d)"[^>]{0,100}>\s{0,20}<w:startOverride\s[^>]{0,100}?w:val="(\d+)"/g,
    )) {
      overrides.set(Number(match[1]), Number(match[2]));
    }
    found.set(id, { abstractId, overrides });
  }
  return found;
}

function readStyles(xml: string): Map<string, ListPlace> {
  const own = new Map<string, { place: Partial<ListPlace>; base: string | undefined }>();
  for (const piece of piecesAt(xml, 'w:style')) {
    const id = /^<w:style\s[^>]{0,300}?w:styleId="([^"]+)"/.exec(piece)?.[1];
    if (id === undefined) continue;
    const numbering = /<w:numPr>(.{0,400}?)<\/w:numPr>/s.exec(piece)?.[1] ?? '';
    const listId = attribute(numbering, 'numId');
    const level = attribute(numbering, 'ilvl');
    own.set(id, {
      place: { ...(listId === undefined ? {} : { listId }), ...(level === undefined ? {} : { level: Number(level) }) },
      base: attribute(piece, 'basedOn'),
    });
  }
  const found = new Map<string, ListPlace>();
  for (const id of own.keys()) {
    let listId: string | undefined;
    let level: number | undefined;
    for (let at: string | undefined = id, depth = 0; at !== undefined && depth < 12; depth++) {
      const style = own.get(at);
      listId ??= style?.place.listId;
      level ??= style?.place.level;
      at = style?.base;
    }
    if (listId !== undefined && listId !== '0') found.set(id, { listId, level: level ?? 0 });
  }
  return found;
}

function formatNumber(value: number, format: string): string {
  switch (format) {
    case 'lowerLetter':
      return letters(value);
    case 'upperLetter':
      return letters(value).toUpperCase();
    case 'lowerRoman':
      return roman(value);
    case 'upperRoman':
      return roman(value).toUpperCase();
    case 'decimalZero':
      return String(value).padStart(2, '0');
    default:
      return String(value);
  }
}

/** a … z, aa, bb, as Word counts. */
const letters = (value: number) =>
  String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.min(10, Math.floor((value - 1) / 26) + 1));

const ROMAN: readonly (readonly [number, string])[] = [
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function roman(value: number): string {
  let rest = Math.min(value, 3999);
  let written = '';
  for (const [worth, letter] of ROMAN) {
    while (rest >= worth) {
      written += letter;
      rest -= worth;
    }
  }
  return written;
}
