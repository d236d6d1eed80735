import { extentOf, type Run } from './page.ts';

/** Runs on one baseline with no column's gap between them. */
export interface Segment {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
  readonly size: number;
  /** The font that most of its characters are set in, and those of its first and last words. */
  readonly font: string;
  readonly firstFont: string;
  readonly lastFont: string;
}

/** The segments that stand on one baseline, from left to right. */
export interface Line {
  readonly y: number;
  readonly size: number;
  readonly segments: readonly Segment[];
}

/** A gap wider than this parts columns, in font sizes. */
const COLUMN_GAP = 1.25;
/** A gap wider than this is a space, in font sizes. */
const SPACE = 0.14;

const BULLET_ALONE = /^(?:[•●▪■◦‣∙·⁃►▶➢➤✓✔❖◆♦○◉*»\ue000-\uf8ff–-]|o|\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})[.)])$/;

/** What may begin an item, and may be all that a cell holds. */
const TICK = /^[✓✔✗✘☑☒☐]$/;

const BULLET_GLYPH = /^[•●▪■◦‣∙►▶➢➤\ue000-\uf8ff](?:\s|$)/;

/** Groups runs into lines by their baselines, from the top. Raised ordinals ("1st") stay on their line. */
export function toLines(runs: readonly Run[]): Line[] {
  const sorted = [...runs].sort((a, b) => a.y - b.y || a.x - b.x);
  const groups: Group[] = [];
  for (const run of sorted) {
    const group = groups
      .slice(-4)
      .findLast((each) => Math.abs(each.y - run.y) <= Math.max(1.2, 0.28 * Math.min(each.size, run.size)));
    if (group !== undefined) {
      group.runs.push(run);
      if (run.size > group.size) {
        group.size = run.size;
        group.y = run.y;
      }
    } else groups.push({ y: run.y, size: run.size, runs: [run] });
  }
  liftOrdinals(groups);
  dropBullets(groups);
  const starts = columnStarts(groups);
  return groups
    .filter((group) => group.runs.length > 0)
    .sort((a, b) => a.y - b.y)
    .map(({ y, size, runs: own }) => ({ y, size, segments: toSegments(own, starts) }));
}

/** A gap narrower than this parts no columns, however many lines have it at one place. Font sizes. */
const NARROW_GAP = 0.3;
/** How many lines must begin anew at one place before a narrow gap parts columns there. */
const MIN_STARTS = 4;
/** Runs that start this near to each other start at one place. Points. */
const SAME_PLACE = 1.2;

/**
 * Where columns begin that stand too close for one line to tell: many lines begin anew at one place, and hardly one
 * between them crosses it. x in points, ascending.
 */
function columnStarts(groups: readonly { readonly y: number; readonly runs: readonly Run[] }[]): number[] {
  const starts: { x: number; y: number; isNarrow: boolean }[] = [];
  for (const { y, runs } of groups) {
    const sorted = [...runs].sort((a, b) => a.x - b.x);
    for (const [index, run] of sorted.entries()) {
      const before = sorted[index - 1];
      if (before === undefined || BULLET_ALONE.test(before.text)) continue;
      const gap = (run.x - before.x - before.width) / run.size;
      if (gap >= NARROW_GAP) starts.push({ x: run.x, y, isNarrow: gap <= COLUMN_GAP });
    }
  }
  starts.sort((a, b) => a.x - b.x);
  const found: number[] = [];
  for (let from = 0, to = 0; from < starts.length; from = to) {
    const x = starts[from]?.x ?? 0;
    while (to < starts.length && (starts[to]?.x ?? 0) - x <= SAME_PLACE) to++;
    const cluster = starts.slice(from, to);
    if (cluster.length < MIN_STARTS || !cluster.some(({ isNarrow }) => isNarrow)) continue;
    const [top, bottom] = extentOf(cluster.map(({ y }) => y));
    const crossing = groups.filter(
      ({ y, runs }) =>
        y >= top && y <= bottom && runs.some((run) => run.x < x - 2 && run.x + run.width > x + SAME_PLACE + 2),
    );
    if (crossing.length <= cluster.length * 0.34) found.push(x);
  }
  return found;
}

interface Group {
  y: number;
  size: number;
  runs: Run[];
}

/** Small raised text ("st", "th") belongs to the line that it is raised from. */
function liftOrdinals(groups: readonly Group[]): void {
  for (const group of groups) {
    if (!group.runs.every((run) => /^(?:st|nd|rd|th|\d{1,2}|\*)$/.test(run.text))) continue;
    const base = near(groups, group).find(
      (other) =>
        other.y > group.y &&
        other.y - group.y < other.size * 0.7 &&
        group.size < other.size * 0.85 &&
        group.runs.every((run) => other.runs.some((each) => Math.abs(each.x + each.width - run.x) < 2)),
    );
    if (base === undefined) continue;
    for (const run of group.runs) base.runs.push({ ...run, y: base.y });
    group.runs = [];
  }
}

/** The lines that stand next to one, above and below. */
const near = (groups: readonly Group[], group: Group) => {
  const at = groups.indexOf(group);
  return groups.slice(Math.max(0, at - 4), at + 5).filter((other) => other !== group && other.runs.length > 0);
};

/** A bullet of another size stands on a baseline of its own, right before the words of its item. */
function dropBullets(groups: readonly Group[]): void {
  for (const group of groups) {
    const [run] = group.runs;
    if (group.runs.length !== 1 || run === undefined || !BULLET_ALONE.test(run.text)) continue;
    const base = near(groups, group).find((other) => {
      const [first] = extentOf(other.runs.map(({ x }) => x));
      return (
        Math.abs(other.y - run.y) < other.size * 0.5 && first > run.x && first - run.x - run.width < other.size * 3
      );
    });
    if (base === undefined) continue;
    base.runs.push({ ...run, y: base.y });
    group.runs = [];
  }
}

type Writable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** Joins the runs of one baseline into segments, with spaces where the gaps say so. */
function toSegments(runs: readonly Run[], starts: readonly number[]): Segment[] {
  const segments: (Omit<Writable<Segment>, 'font'> & { fonts: Map<string, number> })[] = [];
  for (const run of [...runs].sort((a, b) => a.x - b.x)) {
    const last = segments.at(-1);
    const gap = last === undefined ? 0 : run.x - last.x1;
    // A mark beside another mark is a tick in the next column.
    const isBullet =
      last !== undefined &&
      BULLET_ALONE.test(last.text) &&
      !BULLET_ALONE.test(run.text) &&
      gap < run.size * (TICK.test(last.text) ? 1.2 : 4);
    // A bullet after a gap begins the next column's item, however narrow the gap.
    const opensItem =
      last !== undefined && BULLET_GLYPH.test(run.text) && gap > run.size * 0.35 && !BULLET_ALONE.test(last.text);
    const opensColumn =
      gap >= NARROW_GAP * run.size && !isBullet && starts.some((x) => run.x >= x - 0.1 && run.x <= x + SAME_PLACE);
    if (
      last === undefined ||
      opensItem ||
      opensColumn ||
      (gap > COLUMN_GAP * Math.max(last.size, run.size) && !isBullet)
    ) {
      segments.push({
        text: run.text,
        x0: run.x,
        x1: run.x + run.width,
        y: run.y,
        size: run.size,
        firstFont: run.font,
        lastFont: run.font,
        fonts: new Map([[run.font, run.text.length]]),
      });
      continue;
    }
    if (gap < -run.size * 0.6 && last.text.endsWith(run.text)) continue; // bold drawn twice
    const isRaised = /^(?:st|nd|rd|th)$/.test(run.text) && /\d$/.test(last.text) && gap < run.size * 0.5;
    last.size = BULLET_ALONE.test(last.text) ? run.size : Math.max(last.size, run.size);
    if (BULLET_ALONE.test(last.text)) last.firstFont = run.font;
    last.lastFont = run.font;
    last.text += gap > SPACE * run.size && !isRaised ? ` ${run.text}` : run.text;
    last.x1 = Math.max(last.x1, run.x + run.width);
    last.fonts.set(run.font, (last.fonts.get(run.font) ?? 0) + (BULLET_ALONE.test(run.text) ? 0 : run.text.length));
  }
  return segments.map(({ text, x0, x1, y, size, fonts, firstFont, lastFont }) => ({
    text: spaceOut(text),
    x0,
    x1,
    y,
    size,
    font: fonts.size === 1 ? firstFont : ([...fonts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''),
    firstFont,
    lastFont,
  }));
}

/** A heading whose letters are set apart ("T H E  R O L E") as words. */
function spaceOut(text: string): string {
  if (!/^(?:\S\s){4,}\S$/.test(text.replace(/\s{2,}/g, ' ')) || !/[A-Za-z]/.test(text)) return text;
  return text
    .split(/\s{2,}/)
    .map((word) => word.replace(/\s/g, ''))
    .join(' ');
}
