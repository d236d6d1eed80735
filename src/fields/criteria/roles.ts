import { cellText, type Row, type Table, textBlocksOf } from '../../model/document.ts';
import { foldPhrase } from '../../normalise/phrases.ts';
import { findSectionKind } from '../../segment/vocabulary.ts';
import { type Assessment, type AssessmentKey, isAssessmentCell } from './assessment.ts';
import { hasInlineList } from './inline.ts';

export type Role =
  | 'essential'
  | 'desirable'
  | 'text'
  | 'flag'
  | 'number'
  | 'category'
  | 'assessed'
  | 'ignored'
  | { readonly method: Assessment };

/** Ticks, and what is left of them where a font's names are lost (Wingdings ü, Zapf Dingbats 4, Webdings a). */
export const TICK = /^(?:[✓✔☑☒✗✘√●•×xXyY✕■★*/4aPü]|\uf0fc|\uf0fe|\uf0d6|yes|[EDAITRPC])$/;

export const CROSS = /^[✗✘✕☐8û]$/;

export const FLAG = /^(?:e|d|ess?(?:ential)?|des?(?:irable)?|essential|desirable|e\s?\/\s?d)\.?$/i;

/** "Essential" or "Desirable" as a label of its own. */
export function importanceLabel(text: string): 'essential' | 'desirable' | null {
  if (text.length > 40) return null;
  const kind = findSectionKind(text);
  return kind === 'essential' || kind === 'desirable' ? kind : null;
}

/** True where the words in the cells say what is essential: labels over lists, inline lists, "(E)" and "(D)". */
export function hasMarks(table: Table): boolean {
  let labels = 0;
  let suffixes = 0;
  for (const block of textBlocksOf(table)) {
    if (importanceLabel(block.text) !== null || hasInlineList(block.text)) labels++;
    else if (/[([](?:E|D|essential|desirable)[)\]]\.?$/i.test(block.text)) suffixes++;
  }
  return labels > 1 || suffixes > 2 || (labels > 0 && suffixes > 0);
}

interface Header {
  readonly index: number;
  readonly roles: Map<number, Role>;
}

export function headerRole(text: string): Role | null {
  if (text.length > 60) return null;
  const phrase = foldPhrase(text.replace(/\([^)]{0,40}\)/g, ''));
  if (phrase === '') return null;
  if (
    /\bessential\b.{0,60}\bdesirable\b|\bdesirable\b.{0,60}\bessential\b|^e ?(?:or|\/) ?d$|^(?:importance|rating|essential ?\/ ?desirable|status)$/.test(
      phrase,
    )
  )
    return 'flag';
  if (/^(?:e|essentials?|minimum|essential .{0,40}|.{0,20}\sessential)$/.test(phrase)) return 'essential';
  if (/^(?:d|desirables?|preferred|desirable .{0,40}|.{0,20}\sdesirable|desired)$/.test(phrase)) return 'desirable';
  if (
    /\b(?:assess(?:ed|ment)|evidence[d]?|measured|identified|identify|how tested|tested|means of|method|how we will (?:know|assess|find out)|how will we)\b/.test(
      phrase,
    )
  )
    return 'assessed';
  if (/^(?:no|number|ref|#|item|criteria no|criterion no)$/.test(phrase)) return 'number';
  if (
    /^(?:area|category|element|factor|factors|heading|section|type|attributes?|subject|requirement area|competency area)$/.test(
      phrase,
    )
  )
    return 'category';
  if (
    /\b(?:criteri(?:a|on)|requirements?|qualit(?:y|ies)|what we need|description|specification|skills?|attributes?|competenc(?:y|ies)|we (?:are looking|look) for|you will need|looking for)\b/.test(
      phrase,
    )
  )
    return 'text';
  if (/^(?:weight(?:ing)?|rank(?:ing)?|score|priority|notes?|comments?)$/.test(phrase)) return 'ignored';
  if (/^(?:a|af|application(?: form)?|app)$/.test(phrase)) return { method: 'application' };
  if (/^(?:i|int|interview)$/.test(phrase)) return { method: 'interview' };
  if (/^(?:t|test|exercise|task)$/.test(phrase)) return { method: 'test' };
  if (/^(?:r|references?|ref)$/.test(phrase)) return { method: 'references' };
  if (/^(?:p|presentation|pres)$/.test(phrase)) return { method: 'presentation' };
  if (/^(?:c|certificates?|cert|documents?)$/.test(phrase)) return { method: 'certificates' };
  return null;
}

/** The columns that say row by row whether what stands beside it is essential or desirable. */
export function flagColumns(rows: readonly Row[]): number[] {
  const columns = new Set(rows.flatMap((row) => row.cells.slice(0, MAX_COLUMNS).map((cell) => cell.column)));
  return [...columns].filter((column) => {
    const texts = columnCells(rows, column).map(cellText);
    const flags = texts.filter((text) => /^(?:essential|desirable)\b.{0,12}$/i.test(text));
    const isMixed = new Set(flags.map((text) => text.charAt(0).toUpperCase())).size > 1;
    return flags.length > 1 && (isMixed || flags.length > texts.length * 0.6);
  });
}

/** The columns that hold an E or a D in nearly every row. */
function letterColumns(rows: readonly Row[]): number[] {
  const columns = new Set(rows.flatMap((row) => row.cells.slice(0, MAX_COLUMNS).map((cell) => cell.column)));
  return [...columns].filter((column) => {
    const texts = columnCells(rows, column).map(cellText);
    const letters = texts.filter((text) => /^[ED]$/.test(text));
    return letters.length > 2 && letters.length > 0.8 * texts.length && new Set(letters).size > 1;
  });
}

const headers = new WeakMap<Table, [Header | null | undefined, Header | null | undefined]>();

/** The row that names a table's columns. Found once: whether a table is a specification is asked before it is read. */
export function findHeader(table: Table, isLabelled = false): Header | null {
  const known = headers.get(table) ?? [undefined, undefined];
  headers.set(table, known);
  const at = isLabelled ? 1 : 0;
  const header = known[at] === undefined ? readHeader(table, isLabelled) : known[at];
  known[at] = header;
  return header;
}

function readHeader(table: Table, isLabelled: boolean): Header | null {
  const header = findHeaderRow(table, isLabelled);
  const below = header === null ? undefined : table.rows[header.index + 1];
  if (header === null || below === undefined) return header;
  // "Criteria" over "Essential" and "Desirable": a header in two levels.
  const inner = below.cells.flatMap((cell): [number, Role][] => {
    const role = headerRole(cellText(cell));
    return role === null ? [] : [[cell.column, role]];
  });
  const filled = below.cells.filter((cell) => cell.blocks.length > 0);
  if (filled.length < 2 || inner.length !== filled.length || !inner.some(([, role]) => role === 'essential'))
    return header;
  return { index: header.index + 1, roles: new Map([...header.roles, ...inner]) };
}

function findHeaderRow(table: Table, isLabelled: boolean): Header | null {
  const flags = new Set([...flagColumns(table.rows), ...letterColumns(table.rows)]);
  for (const [index, row] of table.rows.slice(0, 4).entries()) {
    if (row.cells.filter((cell) => cell.blocks.length > 0).length < 2) continue;
    // A row with its own flag is no header, though it may begin with "Skills".
    const isFlagged = row.cells.some(
      ({ column, blocks }) => flags.has(column) && blocks.some(({ text }) => importanceLabel(text) !== null),
    );
    if (isFlagged) continue;
    const roles = new Map<number, Role>();
    for (const cell of row.cells) {
      const text = cellText(cell);
      const role = headerRole(text);
      if (flags.has(cell.column) && (role === 'essential' || role === 'desirable')) continue;
      if (role !== null) roles.set(cell.column, role);
    }
    const kinds = [...roles.values()];
    const names = kinds.filter((role) => role === 'essential' || role === 'desirable' || role === 'flag');
    if (names.length > 0) return { index, roles };
    if ((flags.size > 0 || hasMarks(table)) && kinds.includes('text')) return { index, roles };
    const isMethods = kinds.some((role) => typeof role === 'object') && kinds.length === row.cells.length;
    if (kinds.includes('text') && (kinds.includes('assessed') || isMethods)) return { index, roles };
    // Under a heading "Essential criteria" a row of heads need not say it again.
    if (isLabelled && kinds.length > 1 && kinds.length === row.cells.length) return { index, roles };
  }
  return null;
}

/** Wider than this a table is no person specification. */
const MAX_COLUMNS = 16;

const columnCells = (rows: readonly Row[], column: number) =>
  rows.flatMap((row) =>
    row.cells.slice(0, MAX_COLUMNS).filter((cell) => cell.column === column && cell.blocks.length > 0),
  );

/** The roles of a headless table's columns, by what stands in them. */
export function guessRoles(rows: readonly Row[], key: AssessmentKey, isMarked: boolean): Map<number, Role> {
  const roles = new Map<number, Role>();
  const columns = rows.reduce((most, row) => Math.max(most, Math.min(row.cells.length, MAX_COLUMNS)), 0);
  let longest = { column: -1, length: 0 };
  for (let column = 0; column < columns; column++) {
    const texts = columnCells(rows, column).map(cellText);
    if (texts.length === 0) continue;
    const share = (test: (text: string) => boolean) => texts.filter(test).length / texts.length;
    const length = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
    if (share((text) => FLAG.test(text)) > 0.6) roles.set(column, 'flag');
    else if (share((text) => /^\(?[ED]?\d{1,2}[.)]?$/.test(text)) > 0.6) roles.set(column, 'number');
    else if (share((text) => isAssessmentCell(text, key)) > 0.6) roles.set(column, 'assessed');
    else if (length > longest.length) longest = { column, length };
  }
  const numbered = columnCells(rows, 0).filter((cell) => /^[ED]\d/.test(cellText(cell))).length > 1;
  if (![...roles.values()].includes('flag') && !numbered && !isMarked) return new Map();
  if (longest.column >= 0) roles.set(longest.column, 'text');
  if (longest.column > 0 && !roles.has(0)) roles.set(0, 'category');
  return roles;
}

/** "Essential" and "Desirable" columns may hold the criteria, or ticks beside them: the cells tell. */
export function settleRoles(roles: Map<number, Role>, rows: readonly Row[]): void {
  for (const column of new Set(rows.flatMap((row) => row.cells.slice(0, MAX_COLUMNS).map((cell) => cell.column)))) {
    const own = rows.filter((row) => row.cells.filter((cell) => cell.blocks.length > 0).length > 1); // no category's row
    const texts = columnCells(own, column).map(cellText);
    const isFlags = texts.length > 1 && texts.every((text) => FLAG.test(text)) && new Set(texts).size > 1;
    if (!roles.has(column) && isFlags) roles.set(column, 'flag');
  }
  const importance = [...roles]
    .filter(([, role]) => role === 'essential' || role === 'desirable')
    .map(([column]) => column);
  const texts = importance.flatMap((column) => columnCells(rows, column)).map(cellText);
  const holdsTicks =
    texts.length > 0 && texts.filter((text) => text.length <= 3 || FLAG.test(text)).length > texts.length * 0.7;
  const first = rows
    .flatMap((row) => row.cells)
    .reduce((least, { column }) => Math.min(least, column), Math.min(...roles.keys()));
  for (const [column, role] of roles) {
    if (role === 'text' && importance.length > 0 && !holdsTicks) roles.set(column, 'category');
  }
  if (importance.length > 0 && !holdsTicks && !roles.has(first)) roles.set(first, 'category');
  const needsText = importance.length === 0 || holdsTicks;
  if (needsText && ![...roles.values()].includes('text')) {
    const longest = longestFreeColumn(roles, rows);
    if (longest !== null) roles.set(longest, 'text');
  }
}

/** The column without a role that holds the most words. */
function longestFreeColumn(roles: ReadonlyMap<number, Role>, rows: readonly Row[]): number | null {
  const lengths = new Map<number, number>();
  for (const cell of rows.flatMap((row) => row.cells)) {
    if (!roles.has(cell.column)) lengths.set(cell.column, (lengths.get(cell.column) ?? 0) + cellText(cell).length);
  }
  return [...lengths].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
