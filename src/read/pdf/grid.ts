import type { Rule, Run } from './page.ts';

/** A cell of a ruled table: where it lies, and what part of the grid it covers. Points. */
export interface GridCell {
  readonly row: number;
  readonly column: number;
  readonly rowSpan: number;
  readonly colSpan: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A ruled table. */
export interface Grid {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly columns: number;
  readonly rows: number;
  readonly cells: readonly GridCell[];
}

/** Rules nearer than this are one. Points. */
const NEAR = 2.6;

/** A page with more rules than this is a drawing. */
const MAX_RULES = 5000;

/** The ruled tables on a page: groups of rules that touch, with at least two columns or two rows in them. */
export function findGrids(rules: readonly Rule[], page: { width: number; height: number }): Grid[] {
  if (rules.length > MAX_RULES) return [];
  const useful = merge(
    rules.filter((rule) => rule.to - rule.from > 4 && rule.to - rule.from < Math.max(page.width, page.height) * 0.98),
  );
  return connect(useful).flatMap((group) => {
    const grid = toGrid(group);
    return grid === null ? [] : [grid];
  });
}

/** Collinear rules that meet are one rule. */
function merge(rules: readonly Rule[]): Rule[] {
  const merged: Rule[] = [];
  for (const isHorizontal of [true, false]) {
    const lines = rules
      .filter((rule) => rule.isHorizontal === isHorizontal)
      .sort((a, b) => a.at - b.at || a.from - b.from);
    const groups: Rule[][] = [];
    for (const rule of lines) {
      const group = groups.at(-1);
      if (group !== undefined && rule.at - (group[0]?.at ?? 0) <= NEAR / 2) group.push(rule);
      else groups.push([rule]);
    }
    for (const group of groups) {
      for (const [index, rule] of group.sort((a, b) => a.from - b.from).entries()) {
        const open = index === 0 ? undefined : merged.at(-1);
        if (open !== undefined && rule.from <= open.to + NEAR)
          merged[merged.length - 1] = { ...open, to: Math.max(open.to, rule.to) };
        else merged.push(rule);
      }
    }
  }
  return merged;
}

const touches = (a: Rule, b: Rule): boolean => {
  if (a.isHorizontal === b.isHorizontal) return false;
  return b.at >= a.from - NEAR && b.at <= a.to + NEAR && a.at >= b.from - NEAR && a.at <= b.to + NEAR;
};

/** Groups of rules that touch one another. */
function connect(rules: readonly Rule[]): Rule[][] {
  const groups: Rule[][] = [];
  const left = new Set(rules);
  for (const seed of rules) {
    if (!left.delete(seed)) continue;
    const group = [seed];
    for (const rule of group) {
      for (const other of left) {
        if (!touches(rule, other)) continue;
        left.delete(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups;
}

function positions(values: readonly number[]): number[] {
  const found: number[] = [];
  for (const value of [...values].sort((a, b) => a - b))
    if (found.length === 0 || value - (found.at(-1) ?? 0) > NEAR * 1.6) found.push(value);
  return found;
}

/** How far the upright rules must reach past the last level one for a row to stand there without it. Points. */
const OPEN_END = 9;

/** The levels of a table's rows. A page break may leave its first or last row open: the upright rules go on. */
function withOpenEnds(ys: readonly number[], vertical: readonly Rule[]): number[] {
  const [first, last] = [ys[0], ys.at(-1)];
  if (first === undefined || last === undefined) return [...ys];
  const above = vertical.filter(({ from, to }) => from < first - OPEN_END && to >= first - NEAR);
  const below = vertical.filter(({ from, to }) => to > last + OPEN_END && from <= last + NEAR);
  const top = above.length > 1 ? [Math.min(...above.map(({ from }) => from))] : [];
  const bottom = below.length > 1 ? [Math.max(...below.map(({ to }) => to))] : [];
  return [...top, ...ys, ...bottom];
}

function toGrid(group: readonly Rule[]): Grid | null {
  const horizontal = group.filter((rule) => rule.isHorizontal);
  const vertical = group.filter((rule) => !rule.isHorizontal);
  const ys = withOpenEnds(positions(horizontal.map((rule) => rule.at)), vertical);
  let xs = positions(vertical.map((rule) => rule.at));
  if (ys.length < 2 || vertical.length === 0) return null;
  // Tables without side rules: their edges are where the horizontal rules end.
  const ends = [
    Math.min(...horizontal.map((rule) => rule.from)),
    Math.max(...horizontal.map((rule) => rule.to)),
  ] as const;
  if ((xs[0] ?? 0) - ends[0] > 8) xs = [ends[0], ...xs];
  if (ends[1] - (xs.at(-1) ?? 0) > 8) xs = [...xs, ends[1]];
  const columns = xs.length - 1;
  const rows = ys.length - 1;
  if (columns < 1 || rows < 1 || columns * rows < 2 || columns * rows > 4000) return null;
  const hasVertical = (x: number, top: number, bottom: number) =>
    vertical.some(
      (rule) =>
        Math.abs(rule.at - x) <= NEAR * 1.6 &&
        rule.from <= top + (bottom - top) * 0.35 &&
        rule.to >= bottom - (bottom - top) * 0.35,
    );
  const hasHorizontal = (y: number, left: number, right: number) =>
    horizontal.some(
      (rule) =>
        Math.abs(rule.at - y) <= NEAR * 1.6 &&
        rule.from <= left + (right - left) * 0.35 &&
        rule.to >= right - (right - left) * 0.35,
    );
  const taken = new Set<number>();
  const cells: GridCell[] = [];
  const at = (values: readonly number[], index: number) => values[index] ?? 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (taken.has(row * columns + column)) continue;
      let colSpan = 1;
      while (
        column + colSpan < columns &&
        !taken.has(row * columns + column + colSpan) &&
        !hasVertical(at(xs, column + colSpan), at(ys, row), at(ys, row + 1))
      )
        colSpan++;
      let rowSpan = 1;
      while (row + rowSpan < rows && !hasHorizontal(at(ys, row + rowSpan), at(xs, column), at(xs, column + 1)))
        rowSpan++;
      for (let r = row; r < row + rowSpan; r++)
        for (let c = column; c < column + colSpan; c++) taken.add(r * columns + c);
      cells.push({
        row,
        column,
        rowSpan,
        colSpan,
        left: at(xs, column),
        right: at(xs, column + colSpan),
        top: at(ys, row),
        bottom: at(ys, row + rowSpan),
      });
    }
  }
  return { left: at(xs, 0), right: at(xs, columns), top: at(ys, 0), bottom: at(ys, rows), columns, rows, cells };
}

/** How far above its first rule a table's header row may stand. Points. */
export const HEADER_REACH = 24;

/** Lines with rules between them: what a table without upright rules leaves of its grid. */
interface Shelf {
  readonly left: number;
  readonly right: number;
  readonly ys: readonly number[];
  /** The levels of rules that begin further in: the rows beside a stub that spans them. */
  readonly inner: { readonly left: number; readonly ys: readonly number[] } | null;
}

/** Rules nearer than this have no row between them: a double rule. Points. */
const MIN_ROW = 9;
/** Rules further apart than this have no row between them: they part the sections of a page. Points. */
const MAX_ROW = 260;

/**
 * Tables that have level rules only: at least three of one width, one under the other. Their columns are where the rules'
 * pieces meet, or where the text between them begins.
 *
 * @param starts of the text between two levels: the x where each column begins, or none where it is one column.
 */
export function findShelves(
  rules: readonly Rule[],
  grids: readonly Grid[],
  starts: (top: number, bottom: number) => readonly number[],
): Grid[] {
  if (rules.length > MAX_RULES) return [];
  const level = rules.filter(({ isHorizontal }) => isHorizontal);
  const free = merge(level).filter(
    ({ at, from, to }) =>
      to - from > 100 &&
      !grids.some((grid) => at > grid.top - 3 && at < grid.bottom + 3 && from < grid.right && to > grid.left),
  );
  return shelvesOf(free).flatMap((shelf): Grid[] => {
    const { left, right, inner: part } = shelf;
    // A short rule right beside a whole one is part of a double rule.
    const own = part === null ? [] : part.ys.filter((y) => shelf.ys.every((level) => Math.abs(level - y) >= MIN_ROW));
    const ys = [...shelf.ys, ...own].sort((a, b) => a - b);
    const joints = jointsIn(level, shelf);
    const inner =
      joints.length > 0
        ? joints
        : starts(ys[0] ?? 0, ys.at(-1) ?? 0)
            .slice(1)
            .map((x) => x - 3);
    const xs = [left, ...inner.filter((x) => x > left + 8 && x < right - 8), right];
    if (xs.length < 3) return [];
    const at = (values: readonly number[], index: number) => values[index] ?? 0;
    const isStub = (column: number) => part !== null && at(xs, column) < part.left - 8;
    const cells = ys.slice(1).flatMap((_, row) =>
      xs.slice(1).flatMap((edge, column): GridCell[] => {
        const top = at(ys, row);
        if (isStub(column) && row > 0 && !shelf.ys.includes(top)) return []; // covered by the stub above
        let rowSpan = 1;
        while (isStub(column) && row + rowSpan < ys.length - 1 && !shelf.ys.includes(at(ys, row + rowSpan))) rowSpan++;
        const bottom = at(ys, row + rowSpan);
        return [{ row, column, rowSpan, colSpan: 1, left: at(xs, column), right: edge, top, bottom }];
      }),
    );
    return [
      { left, right, top: at(ys, 0), bottom: ys.at(-1) ?? 0, columns: xs.length - 1, rows: ys.length - 1, cells },
    ];
  });
}

/** True for rules that begin further in than another table's and stand between them: rows beside its stub. */
function isPartOf(part: Pick<Shelf, 'left' | 'right' | 'ys'>, whole: Pick<Shelf, 'left' | 'right' | 'ys'>): boolean {
  const [first, last] = [part.ys[0] ?? 0, part.ys.at(-1) ?? 0];
  return (
    part.left > whole.left + 20 &&
    part.left < whole.left + (whole.right - whole.left) / 2 &&
    Math.abs(part.right - whole.right) < 4 &&
    first > (whole.ys[0] ?? 0) &&
    first < (whole.ys.at(-1) ?? 0) + MAX_ROW / 2 &&
    last < (whole.ys.at(-1) ?? 0) + MAX_ROW
  );
}

function shelvesOf(rules: readonly Rule[]): Shelf[] {
  const shelves: { left: number; right: number; ys: number[] }[] = [];
  for (const { at, from, to } of [...rules].sort((a, b) => a.at - b.at)) {
    const open = shelves.find(
      ({ left, right, ys }) => Math.abs(left - from) < 4 && Math.abs(right - to) < 4 && at - (ys.at(-1) ?? 0) < MAX_ROW,
    );
    if (open === undefined) shelves.push({ left: from, right: to, ys: [at] });
    else if (at - (open.ys.at(-1) ?? 0) >= MIN_ROW) open.ys.push(at);
    else open.ys[open.ys.length - 1] = at;
  }
  const stubbed = shelves.map((shelf): Shelf => {
    const part = shelves.find((other) => isPartOf(other, shelf));
    return { ...shelf, inner: part === undefined ? null : { left: part.left, ys: part.ys } };
  });
  const parts = new Set(shelves.filter((shelf) => shelves.some((other) => isPartOf(shelf, other))));
  return stubbed.filter(({ ys, inner }, index) => {
    const own = shelves[index];
    return own !== undefined && !parts.has(own) && ys.length + (inner?.ys.length ?? 0) > 2;
  });
}

/** Where the pieces of a table's rules meet, on most of its levels. */
function jointsIn(rules: readonly Rule[], { left, right, ys }: Shelf): number[] {
  const ends = rules
    .filter(({ at }) => ys.some((y) => Math.abs(y - at) < NEAR))
    .flatMap(({ from, to }) => [from, to])
    .filter((x) => x > left + 8 && x < right - 8)
    .sort((a, b) => a - b);
  const found: number[] = [];
  for (let from = 0, to = 0; from < ends.length; from = to) {
    while (to < ends.length && (ends[to] ?? 0) - (ends[from] ?? 0) <= NEAR) to++;
    if (to - from >= 0.6 * ys.length) found.push(ends[from] ?? 0);
  }
  return found;
}

/** The runs that stand in a cell, by the middle of their first characters. */
export function runsIn(
  cell: { left: number; right: number; top: number; bottom: number },
  runs: readonly Run[],
): Run[] {
  return runs.filter((run) => {
    const x = run.x + Math.min(run.width, run.size) / 2;
    const y = run.y - run.size * 0.3;
    return x >= cell.left - 1 && x < cell.right && y >= cell.top - 1 && y < cell.bottom + 1;
  });
}
