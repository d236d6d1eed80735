import { type Dot, extentOf, type Matrix, type Rule } from './page.ts';

export interface Drawn {
  readonly rules: Rule[];
  readonly dots: Dot[];
}

/** Thinner than this a filled box is a rule. Points. */
const THIN = 3;

/**
 * A path's straight, level lines, and dots. Codes as in pdf.js's `DrawOPS`: 0 move, 1 line, 2 curve, 3 close,
 * 4 quadratic.
 */
export function readPath(data: ArrayLike<number>, isStroke: boolean, matrix: Matrix, drawn: Drawn): void {
  let points: [number, number][] = [];
  let isCurved = false;
  const flush = () => {
    if (points.length > 1 && !isCurved) addShape(points, isStroke, drawn.rules);
    if (points.length > 3 && (!isStroke || isCurved)) addDot(points, drawn.dots);
    points = [];
    isCurved = false;
  };
  const point = (x: number, y: number): [number, number] => [
    matrix[0] * x + matrix[2] * y + matrix[4],
    matrix[1] * x + matrix[3] * y + matrix[5],
  ];
  const at = (index: number) => data[index] ?? 0;
  for (let index = 0; index < data.length; ) {
    switch (at(index)) {
      case 0:
        flush();
        points.push(point(at(index + 1), at(index + 2)));
        index += 3;
        break;
      case 1:
        points.push(point(at(index + 1), at(index + 2)));
        index += 3;
        break;
      case 2:
        isCurved = true;
        points.push(point(at(index + 5), at(index + 6)));
        index += 7;
        break;
      case 4:
        isCurved = true;
        points.push(point(at(index + 3), at(index + 4)));
        index += 5;
        break;
      case 3: {
        const [first] = points;
        if (first !== undefined) points.push(first);
        index += 1;
        break;
      }
      default:
        return;
    }
  }
  flush();
}

/** The sides that a list's bullet may have, points: a disc of body text is a third of its size. */
const DOT = { least: 1.5, most: 7 };

function addDot(points: readonly [number, number][], dots: Dot[]): void {
  const [left, right] = extentOf(points.map(([x]) => x));
  const [top, bottom] = extentOf(points.map(([, y]) => y));
  const [width, height] = [right - left, bottom - top];
  if (width < DOT.least || width > DOT.most || Math.abs(width - height) > 0.25 * Math.max(width, height)) return;
  dots.push({ x: right, y: (top + bottom) / 2 });
}

function addShape(points: readonly [number, number][], isStroke: boolean, rules: Rule[]): void {
  const [left, right] = extentOf(points.map(([x]) => x));
  const [top, bottom] = extentOf(points.map(([, y]) => y));
  if (!isStroke || points.length > 2) {
    if (bottom - top <= THIN && right - left > THIN) {
      rules.push({ isHorizontal: true, at: (top + bottom) / 2, from: left, to: right });
      return;
    }
    if (right - left <= THIN && bottom - top > THIN) {
      rules.push({ isHorizontal: false, at: (left + right) / 2, from: top, to: bottom });
      return;
    }
    if (!isStroke) return; // a filled area: shading
  }
  for (let index = 1; index < points.length; index++) {
    const [x0, y0] = points[index - 1] ?? [0, 0];
    const [x1, y1] = points[index] ?? [0, 0];
    if (Math.abs(y1 - y0) < 1 && Math.abs(x1 - x0) > THIN)
      rules.push({ isHorizontal: true, at: y0, from: Math.min(x0, x1), to: Math.max(x0, x1) });
    else if (Math.abs(x1 - x0) < 1 && Math.abs(y1 - y0) > THIN)
      rules.push({ isHorizontal: false, at: x0, from: Math.min(y0, y1), to: Math.max(y0, y1) });
  }
}
