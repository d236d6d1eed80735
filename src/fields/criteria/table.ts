import { cite } from '../../choose.ts';
import type { Cell, Row, Table, TextBlock } from '../../model/document.ts';
import { cellText, textBlocksOf } from '../../model/document.ts';
import { foldPhrase, squash } from '../../normalise/phrases.ts';
import { passageOf } from '../../segment/passages.ts';
import { bareHeading, findSectionKind, isCategory } from '../../segment/vocabulary.ts';
import { type Assessment, type AssessmentKey, isAssessmentCell, readAssessments } from './assessment.ts';
import { hasInlineList, readInlineLists } from './inline.ts';
import {
  type Assessed,
  bareItem,
  continuesItem,
  type Importance,
  type Item,
  isNothing,
  ownImportance,
} from './item.ts';

type Role =
  | 'essential'
  | 'desirable'
  | 'text'
  | 'flag'
  | 'number'
  | 'category'
  | 'assessed'
  | 'ignored'
  | { readonly method: Assessment };

/** What a table stands under. */
interface Setting {
  readonly importance: Importance | null;
  readonly category: string | null;
  readonly inSpecification: boolean;
  readonly key: AssessmentKey;
}

/** Ticks, and what is left of them where a font's names are lost (Wingdings ü, Zapf Dingbats 4, Webdings a). */
const TICK = /^(?:[✓✔☑☒✗✘√●•×xXyY✕■★*/4aPü]|\uf0fc|\uf0fe|\uf0d6|yes|[EDAITRPC])$/;
const CROSS = /^[✗✘✕☐8û]$/;
const FLAG = /^(?:e|d|ess?(?:ential)?|des?(?:irable)?|essential|desirable|e\s?\/\s?d)\.?$/i;

/** Whether a table holds a person specification: it has columns, flags or labels for importance. */
export function isSpecificationTable(table: Table): boolean {
  return (
    findHeader(table) !== null || flagColumns(table.rows).length > 0 || hasMarks(table) || findMatrix(table) !== null
  );
}

/** What a table leaves for one right after it that has no header of its own: a page break may have parted them. */
export interface OpenTable {
  readonly roles: ReadonlyMap<number, Role>;
  readonly width: number;
  readonly category: string | null;
}

/** A table's criteria, and what the next table may go on with. */
interface TableReading {
  readonly items: readonly Item[];
  readonly open: OpenTable | null;
}

/**
 * The criteria in a person-specification table, whichever of the usual layouts it has.
 *
 * @param before the specification table right before it, if any.
 */
export function readTable(table: Table, setting: Setting, before: OpenTable | null): TableReading {
  const matrix = findMatrix(table);
  if (matrix !== null) return { items: readMatrix(table, matrix, setting), open: null };
  const header = findHeader(table, setting.importance !== null);
  const body = header === null ? table.rows : table.rows.slice(header.index + 1);
  const width = widthOf(table);
  if (header === null && before !== null && goesOn(before, table)) {
    const reader = new TableReader(before.roles, { ...setting, category: before.category });
    for (const row of body) reader.read(row);
    return { items: reader.items, open: { ...before, category: reader.category } };
  }
  const isLabelled = setting.importance !== null;
  const roles = header?.roles ?? guessRoles(body, setting.key, hasMarks(table) || isLabelled);
  if (roles.size === 0) return { items: [], open: null };
  // "Qualifications | Essential | a degree": the column in the middle may have no head of its own.
  for (const column of flagColumns(body)) if (!roles.has(column)) roles.set(column, 'flag');
  settleRoles(roles, body);
  const reader = new TableReader(roles, setting);
  for (const row of header === null ? body : [...table.rows.slice(0, header.index), ...body]) reader.read(row);
  return { items: reader.items, open: { roles, width, category: reader.category } };
}

const widthOf = (table: Table) =>
  table.rows.reduce((most, { cells }) => Math.max(most, (cells.at(-1)?.column ?? 0) + (cells.at(-1)?.colSpan ?? 1)), 0);

const goesOn = (before: OpenTable, table: Table) =>
  widthOf(table) === before.width && flagColumns(table.rows).length === 0;

/** "Essential" or "Desirable" as a label of its own. */
function importanceLabel(text: string): 'essential' | 'desirable' | null {
  if (text.length > 40) return null;
  const kind = findSectionKind(text);
  return kind === 'essential' || kind === 'desirable' ? kind : null;
}

/** True where the words in the cells say what is essential: labels over lists, inline lists, "(E)" and "(D)". */
function hasMarks(table: Table): boolean {
  let labels = 0;
  let suffixes = 0;
  for (const block of textBlocksOf(table)) {
    if (importanceLabel(block.text) !== null || hasInlineList(block.text)) labels++;
    else if (/[([](?:E|D|essential|desirable)[)\]]\.?$/i.test(block.text)) suffixes++;
  }
  return labels > 1 || suffixes > 2;
}

/** A table that is turned on its side: importance down the side, categories along the top. */
interface Matrix {
  readonly categories: ReadonlyMap<number, string>;
  readonly importance: ReadonlyMap<Row, 'essential' | 'desirable'>;
  readonly assessed: Row | null;
}

function findMatrix(table: Table): Matrix | null {
  const importance = new Map<Row, 'essential' | 'desirable'>();
  let assessed: Row | null = null;
  for (const row of table.rows) {
    const [stub] = row.cells;
    if (stub === undefined || stub.column !== 0) continue;
    const label = importanceLabel(cellText(stub));
    if (label !== null && row.cells.filter((cell) => cell.blocks.length > 0).length > 1) importance.set(row, label);
    else if (headerRole(cellText(stub)) === 'assessed') assessed = row;
  }
  if (new Set(importance.values()).size < 2 || importance.size > 6) return null;
  const first = table.rows.findIndex((row) => importance.has(row));
  const header = table.rows[first - 1];
  if (header === undefined) return null;
  const heads = header.cells.filter((cell) => cell.column > 0 && cell.blocks.length > 0);
  const isCategories = heads.every((cell) => {
    const role = headerRole(cellText(cell));
    return (
      cellText(cell).length <= 60 && cell.colSpan === 1 && (role === null || role === 'text' || role === 'category')
    );
  });
  if (heads.length < 2 || !isCategories) return null;
  return {
    categories: new Map(heads.map((cell) => [cell.column, squash(bareLabel(cellText(cell)))])),
    importance,
    assessed,
  };
}

function readMatrix(table: Table, { categories, importance, assessed }: Matrix, setting: Setting): Item[] {
  const roles = new Map<number, Role>([...categories.keys()].map((column) => [column, 'assessed']));
  const assessments = new Map<number, readonly Assessed[]>();
  for (const cell of assessed?.cells ?? []) assessments.set(cell.column, assessmentsIn([cell], roles, setting.key));
  const items: Item[] = [];
  for (const row of table.rows) {
    const label = importance.get(row);
    if (label === undefined) continue;
    for (const cell of row.cells) {
      const category = categories.get(cell.column);
      if (category === undefined) continue;
      const found = itemsOf(cell, {
        key: setting.key,
        inSpecification: setting.inSpecification,
        category,
        importance: label,
        assessedBy: assessments.get(cell.column) ?? [],
      });
      for (const item of found) items.push(item);
    }
  }
  return items;
}

interface Header {
  readonly index: number;
  readonly roles: Map<number, Role>;
}

function headerRole(text: string): Role | null {
  if (text.length > 60) return null;
  const phrase = foldPhrase(text.replace(/\([^)]{0,40}\)/g, ''));
  if (phrase === '') return null;
  if (
    /\bessential\b.*\bdesirable\b|\bdesirable\b.*\bessential\b|^e ?(?:or|\/) ?d$|^(?:importance|rating|essential ?\/ ?desirable|status)$/.test(
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
function flagColumns(rows: readonly Row[]): number[] {
  const columns = new Set(rows.flatMap((row) => row.cells.slice(0, MAX_COLUMNS).map((cell) => cell.column)));
  return [...columns].filter((column) => {
    const texts = columnCells(rows, column).map(cellText);
    const flags = texts.filter((text) => /^(?:essential|desirable)\b.{0,12}$/i.test(text));
    const isMixed = new Set(flags.map((text) => text.charAt(0).toUpperCase())).size > 1;
    return flags.length > 1 && (isMixed || flags.length > texts.length * 0.6);
  });
}

function findHeader(table: Table, isLabelled = false): Header | null {
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
  const flags = new Set(flagColumns(table.rows));
  for (const [index, row] of table.rows.slice(0, 4).entries()) {
    if (row.cells.filter((cell) => cell.blocks.length > 0).length < 2) continue;
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
function guessRoles(rows: readonly Row[], key: AssessmentKey, isMarked: boolean): Map<number, Role> {
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
function settleRoles(roles: Map<number, Role>, rows: readonly Row[]): void {
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

class TableReader {
  readonly items: Item[] = [];
  readonly #roles: ReadonlyMap<number, Role>;
  readonly #setting: Setting;
  #category: string | null;
  #importance: Importance | null;
  #lastFlag: Cell | undefined;
  /** True under a label such as "Behaviours": nothing there is a criterion. */
  #isExcluded = false;

  constructor(roles: ReadonlyMap<number, Role>, setting: Setting) {
    this.#roles = roles;
    this.#setting = setting;
    this.#category = setting.category;
    this.#importance = setting.importance;
  }

  get category(): string | null {
    return this.#category;
  }

  #enter(label: string): void {
    this.#category = squash(bareLabel(label));
    this.#lastFlag = undefined;
    this.#isExcluded = /^(?:behaviours|benefits)$/.test(findSectionKind(this.#category) ?? '');
  }

  read(row: Row): void {
    const filled = row.cells.filter((cell) => cell.blocks.length > 0);
    if (filled.length === 0) return;
    if (filled.every((cell) => headerRole(cellText(cell)) !== null) && filled.length > 1) return; // a header row again
    const [only] = filled;
    if (filled.length === 1 && only !== undefined && this.#readSpanning(row, only)) return;
    const textCell = this.#cell(row, 'text');
    for (const cell of filled) {
      if (this.#roles.get(cell.column) === 'category') this.#enter(cellText(cell));
    }
    if (textCell !== undefined) this.#readFlagged(row, textCell);
    else for (const cell of filled) this.#readColumn(row, cell);
  }

  #cell(row: Row, role: Role): Cell | undefined {
    return row.cells.find((cell) => this.#roles.get(cell.column) === role && cell.blocks.length > 0);
  }

  /** A row with words in one cell only: a category, an importance, or items that span both columns. */
  #readSpanning(row: Row, cell: Cell): boolean {
    const text = cellText(cell);
    const kind = findSectionKind(text);
    if ((kind === 'essential' || kind === 'desirable') && cell.blocks.length === 1) {
      this.#importance = kind;
      return true;
    }
    const role = this.#roles.get(cell.column);
    const isList = cell.blocks.some((block) => block.kind === 'list-item');
    const spans = cell.colSpan > 1 && cell.colSpan >= Math.max(2, row.cells.length);
    const isWide = spans || row.cells.length === 1;
    const isHeading = !isList && cell.blocks.length === 1 && text.length <= 80 && !/[.;]$/.test(text);
    // In a table of ticks a row without any is a criterion that does not count, unless it is plainly a heading.
    const isStub = cell.column === 0 && !(role === 'text' && this.#hasImportanceColumns() && !isEmphasised(cell));
    const isKnown = kind !== null || isCategory(foldPhrase(bareHeading(text)));
    if (isHeading && (isKnown || isWide || (isStub && role !== 'essential' && role !== 'desirable'))) {
      this.#enter(text);
      if (role !== 'text' || this.#hasFlags()) this.#importance = this.#setting.importance;
      return true;
    }
    if (spans && this.#hasImportanceColumns()) {
      if (role !== 'text') this.#addCell(cell, 'unspecified', []);
      return true;
    }
    return false;
  }

  #hasFlags(): boolean {
    return [...this.#roles.values()].includes('flag') || this.#hasImportanceColumns();
  }

  #hasImportanceColumns(): boolean {
    return [...this.#roles.values()].some((role) => role === 'essential' || role === 'desirable');
  }

  #readFlagged(row: Row, textCell: Cell): void {
    const flag = this.#cell(row, 'flag') ?? this.#lastFlag;
    // "Essential criteria" in a stub holds for the rows below it, a letter for its own row only.
    this.#lastFlag = flag !== undefined && cellText(flag).length > 3 ? flag : undefined;
    const number = this.#cell(row, 'number');
    const ticked = (['essential', 'desirable'] as const).find((role) => {
      const cell = this.#cell(row, role);
      return (
        cell !== undefined && !CROSS.test(cellText(cell)) && (TICK.test(cellText(cell)) || FLAG.test(cellText(cell)))
      );
    });
    const code = number === undefined ? null : /^\(?([ED])\d/.exec(cellText(number))?.[1];
    const letter = flag === undefined ? null : (/^[^a-z]{0,2}([ed])/i.exec(cellText(flag))?.[1]?.toUpperCase() ?? null);
    const importance: Importance | null =
      letter === 'E' || code === 'E'
        ? 'essential'
        : letter === 'D' || code === 'D'
          ? 'desirable'
          : (ticked ?? (this.#hasImportanceColumns() ? null : (this.#importance ?? 'unspecified')));
    if (importance === null) return; // a tick table counts its ticked rows only
    this.#addCell(textCell, importance, this.#assessments(row));
  }

  #readColumn(row: Row, cell: Cell): void {
    const role = this.#roles.get(cell.column);
    if (role !== 'essential' && role !== 'desirable') return;
    const other = role === 'essential' ? 'desirable' : 'essential';
    const coversOther = [...this.#roles].some(
      ([column, at]) => at === other && column > cell.column && column < cell.column + cell.colSpan,
    );
    this.#addCell(cell, coversOther ? 'unspecified' : role, this.#assessments(this.#beside(row, cell)));
  }

  #assessments(row: Pick<Row, 'cells'>): Assessed[] {
    return assessmentsIn(row.cells, this.#roles, this.#setting.key);
  }

  /** A row as a list in one of its columns sees it: where each has a column of its own for its assessment, that one. */
  #beside(row: Row, cell: Cell): Pick<Row, 'cells'> {
    const lists = [...this.#roles].flatMap(([column, role]) =>
      role === 'essential' || role === 'desirable' ? [column] : [],
    );
    const assessed = [...this.#roles].flatMap(([column, role]) => (role === 'assessed' ? [column] : []));
    if (assessed.length < 2) return row;
    const ownerOf = (column: number) => Math.max(...lists.filter((list) => list < column));
    return { cells: row.cells.filter(({ column }) => !assessed.includes(column) || ownerOf(column) === cell.column) };
  }

  #addCell(cell: Cell, importance: Importance, assessedBy: readonly Assessed[]): void {
    if (this.#isExcluded) return;
    const { inSpecification } = this.#setting;
    const { key } = this.#setting;
    const found = itemsOf(cell, { category: this.#category, importance, assessedBy, inSpecification, key });
    for (const item of found) this.items.push(item);
  }
}

const isEmphasised = (cell: Cell) =>
  cell.blocks.every(({ style }) => style?.emphasised || style?.headingLevel !== undefined);

/** How the cells of a row say that it is assessed, by their columns' roles. */
function assessmentsIn(cells: readonly Cell[], roles: ReadonlyMap<number, Role>, key: AssessmentKey): Assessed[] {
  const found = new Map<Assessment, Assessed>();
  for (const cell of cells) {
    const role = roles.get(cell.column);
    const [block] = cell.blocks;
    if (block === undefined) continue;
    const text = cellText(cell);
    const methods =
      role === 'assessed'
        ? readAssessments(text, key)
        : typeof role === 'object' && TICK.test(text) && !CROSS.test(text)
          ? [role.method]
          : [];
    const passage = cell.blocks.length === 1 ? passageOf(block) : { text, start: cell.span.start };
    for (const method of methods)
      if (!found.has(method)) found.set(method, { method, evidence: cite('criteria/assessed', passage) });
  }
  return [...found.values()];
}

/** The criteria in a cell. A label in it ("Essential", "Essential: …") says what those below it are. */
type Base = Pick<Item, 'category' | 'importance' | 'assessedBy' | 'inSpecification'>;

function itemsOf(cell: Cell, { key, ...base }: Base & { readonly key: AssessmentKey }): Item[] {
  const items: Item[] = [];
  let { importance } = base;
  for (const part of partsOf(cell.blocks)) {
    if (part.label !== null) importance = part.label;
    const category = part.category ?? base.category;
    for (const group of groupBlocks(part.blocks)) {
      const passages = group.map(passageOf);
      const [first] = passages;
      if (first === undefined) continue;
      const inline = group.length === 1 ? readInlineLists(first) : [];
      if (inline.length > 0) {
        for (const item of inline)
          items.push({ ...base, category, ...item, assessedBy: base.assessedBy, source: 'table' });
        continue;
      }
      const bare = passages.map((passage, index) =>
        index === passages.length - 1 || index === 0 ? bareItem(passage) : passage,
      );
      const text = squash(
        joinParts(
          group,
          bare.map((passage) => passage.text),
        ),
      );
      if (isNothing(text)) continue;
      // Codes on a line of their own, under the item that they are of.
      const above = items.at(-1);
      if (above !== undefined && isAssessmentCell(text, key)) {
        const methods = readAssessments(text, key);
        const evidence = cite('criteria/assessed', first);
        items[items.length - 1] = { ...above, assessedBy: methods.map((method) => ({ method, evidence })) };
        continue;
      }
      const own = ownImportance(group.map((block) => block.text).join(' '));
      const evidence = bare.map((passage) => cite('criteria/table', passage));
      items.push({ ...base, category, text, importance: own ?? importance, evidence, source: 'table' });
    }
  }
  return items;
}

/** "Training" in bold, over the items of a cell: a category within it. */
function isInnerHeading(blocks: readonly TextBlock[], index: number): boolean {
  const [block, next] = [blocks[index], blocks[index + 1]];
  const isBold = (each: TextBlock | undefined) =>
    each?.style?.emphasised === true || each?.style?.headingLevel !== undefined;
  return (
    block?.kind === 'paragraph' &&
    next !== undefined &&
    block.text.length <= 40 &&
    !/[.;,]$/.test(block.text) &&
    isBold(block) &&
    !isBold(next)
  );
}

interface Part {
  readonly label: 'essential' | 'desirable' | null;
  /** The category that a heading within the cell names. */
  readonly category: string | null;
  readonly blocks: TextBlock[];
}

/** A cell's blocks, parted at the labels among them. */
function partsOf(blocks: readonly TextBlock[]): Part[] {
  const parts: Part[] = [{ label: null, category: null, blocks: [] }];
  for (const [index, block] of blocks.entries()) {
    const label = blocks.length > 1 ? importanceLabel(block.text) : null;
    if (label !== null) parts.push({ label, category: null, blocks: [] });
    else if (isInnerHeading(blocks, index))
      parts.push({ label: null, category: squash(bareLabel(block.text)), blocks: [] });
    else parts.at(-1)?.blocks.push(block);
  }
  return parts;
}

const bareLabel = (text: string) => text.replace(/[\s:–-]+$/, '');

/** A list item or paragraph with what belongs to it: its sub-list, or the lines that only go on with it. */
export function groupBlocks(blocks: readonly TextBlock[]): TextBlock[][] {
  const groups: TextBlock[][] = [];
  const hasItems = blocks.some((block) => block.kind === 'list-item');
  for (const [index, block] of blocks.entries()) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const first = group?.[0];
    if (block.text.trim() === '') continue;
    if (first !== undefined && group !== undefined && before !== undefined) {
      const isSubItem =
        block.kind === 'list-item' && first.kind === 'list-item' && (block.depth ?? 0) > (first.depth ?? 0);
      const goesOn =
        (block.kind === 'paragraph' && continuesItem(before.text, block.text)) ||
        (block.kind === 'list-item' && /^(?:and|or)\s/.test(block.text) && !/[.!?;:]$/.test(before.text));
      const isAlternative =
        /^(?:and|or|and\/or|either)$/i.test(before.text.trim()) || /^(?:and|or|and\/or)$/i.test(block.text.trim());
      if (isSubItem || goesOn || isAlternative) {
        group.push(block);
        continue;
      }
    }
    const isLeadIn =
      hasItems && block.kind === 'paragraph' && /:$/.test(block.text) && blocks[index + 1]?.kind === 'list-item';
    if (isLeadIn) continue;
    groups.push([block]);
  }
  return groups;
}

/** The words of a group as one criterion: the parts of a sub-list joined by semicolons, wrapped lines by spaces. */
export function joinParts(group: readonly TextBlock[], texts: readonly string[]): string {
  const first = group[0];
  const parts: string[] = [];
  for (const [index, text] of texts.entries()) {
    const block = group[index];
    const before = parts.at(-1);
    const isSubItem = block?.kind === 'list-item' && first?.kind === 'list-item' && !/^(?:and|or)\s/.test(text);
    if (before !== undefined && isSubItem) {
      parts[parts.length - 1] = before.replace(/[;,.]$/, '');
      parts.push(before.endsWith(':') ? ' ' : '; ');
    } else if (before !== undefined) parts.push(' ');
    parts.push(text);
  }
  return parts.join('');
}
