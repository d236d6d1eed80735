import { cellText, type Row, type Table } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import type { AssessmentKey } from './assessment.ts';
import { assessmentsIn, bareLabel, itemsOf } from './cells.ts';
import type { Assessed, Importance, Item } from './item.ts';
import { headerRole, importanceLabel, type Role } from './roles.ts';

/** What a table stands under. */
export interface Setting {
  readonly importance: Importance | null;
  readonly category: string | null;
  readonly inSpecification: boolean;
  readonly key: AssessmentKey;
}

/** A table that is turned on its side: importance down the side, categories along the top. */
interface Matrix {
  readonly categories: ReadonlyMap<number, string>;
  readonly importance: ReadonlyMap<Row, 'essential' | 'desirable'>;
  readonly assessed: Row | null;
}

export function findMatrix(table: Table): Matrix | null {
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

export function readMatrix(table: Table, { categories, importance, assessed }: Matrix, setting: Setting): Item[] {
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
