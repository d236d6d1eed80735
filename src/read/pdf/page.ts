/** A piece of text as it stands on a page. Points; x from the left, y from the top, at the baseline. */
export interface Run {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Font size. */
  readonly size: number;
  readonly font: string;
}

/** At the end of a run: the word goes on in the next line. */
/** The least and the greatest of some numbers, of which there may be more than a call takes arguments. */
export function extentOf(values: readonly number[]): readonly [least: number, greatest: number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

export const SOFT_HYPHEN = '\u00ad';

/** True for text that does not run from left to right: set up a margin, or up a table's header. */
export const isTurned = (run: Run) => run.font.endsWith('/turned');

/** A horizontal or vertical line that a page draws: a rule, or an edge of a box. Points from the top left. */
export interface Rule {
  readonly isHorizontal: boolean;
  /** The y of a horizontal rule, the x of a vertical one. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** A small filled disc or square that a page draws: browsers print the bullets of lists so. Points from the top left. */
export interface Dot {
  /** Its right edge. */
  readonly x: number;
  /** Its middle. */
  readonly y: number;
}

/** What a page draws beside its text. */
export interface Drawing {
  readonly rules: readonly Rule[];
  readonly dots: readonly Dot[];
}

/** A page's positioned text and its drawing. */
export interface Page extends Drawing {
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly runs: readonly Run[];
}

/** A change of coordinates, as PDF writes it. */
export type Matrix = readonly [number, number, number, number, number, number];

/** One change of coordinates after another: `b` first. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  return [
    a[0] * b[0] + a[2] * b[1],
    a[1] * b[0] + a[3] * b[1],
    a[0] * b[2] + a[2] * b[3],
    a[1] * b[2] + a[3] * b[3],
    a[0] * b[4] + a[2] * b[5] + a[4],
    a[1] * b[4] + a[3] * b[5] + a[5],
  ];
}
