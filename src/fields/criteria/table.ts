import { type Cell, cellText, type Row, type Table } from '../../model/document.ts';
import { foldPhrase, squash } from '../../normalise/phrases.ts';
import { bareHeading, findSectionKind, isCategory } from '../../segment/vocabulary.ts';
import { assessmentsIn, bareLabel, itemsOf } from './cells.ts';
import type { Assessed, Importance, Item } from './item.ts';
import { findMatrix, readMatrix, type Setting } from './matrix.ts';
import {
  CROSS,
  FLAG,
  findHeader,
  flagColumns,
  guessRoles,
  hasMarks,
  headerRole,
  importanceLabel,
  type Role,
  settleRoles,
  TICK,
} from './roles.ts';

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

/** A table of essential and desirable criteria as its heads would leave it; null for one that has heads, or one column. */
export function headless(table: Table): OpenTable | null {
  const width = widthOf(table);
  if (width < 2 || findHeader(table) !== null) return null;
  const roles: readonly Role[] =
    width === 2 ? ['essential', 'desirable'] : ['category', 'essential', 'desirable', 'assessed'];
  return { roles: new Map(roles.slice(0, width).map((role, column) => [column, role])), width, category: null };
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
  const rows =
    header === null ? body.slice(opensWithHeads(body, roles) ? 1 : 0) : [...table.rows.slice(0, header.index), ...body];
  const reader = new TableReader(roles, setting);
  for (const row of rows) reader.read(row);
  return { items: reader.items, open: { roles, width, category: reader.category } };
}

/** True where a table's first row has something else than a flag over its flags: it names the columns. */
function opensWithHeads([first]: readonly Row[], roles: ReadonlyMap<number, Role>): boolean {
  const flag = first?.cells.find(({ column }) => roles.get(column) === 'flag');
  return (
    flag !== undefined &&
    flag.blocks.length > 0 &&
    !FLAG.test(cellText(flag)) &&
    importanceLabel(cellText(flag)) === null
  );
}

const widthOf = (table: Table) =>
  table.rows.reduce((most, { cells }) => Math.max(most, (cells.at(-1)?.column ?? 0) + (cells.at(-1)?.colSpan ?? 1)), 0);

const goesOn = (before: OpenTable, table: Table) =>
  widthOf(table) === before.width && flagColumns(table.rows).length === 0;

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
    // "2. Experience" alone in its row is a heading with its number.
    const isList = cell.blocks.some((block) => block.kind === 'list-item' && !/\d/.test(block.marker ?? ''));
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
