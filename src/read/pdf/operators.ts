import { type Drawing, type Matrix, multiply, type Run } from './page.ts';
import { type Drawn, readPath } from './paths.ts';
import { type Font, type Glyph, IDENTITY, TextReader, type TextState } from './shown-text.ts';

/** What a page does, as pdf.js lists it: operators, and the arguments of each. */
export interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

/** pdf.js's operators (`OPS` in pdfjs-dist 5.4.296, the version that pdf-parse 2.4.5 pins). */
const OPS = {
  setGState: 9,
  save: 10,
  restore: 11,
  transform: 12,
  beginText: 31,
  setCharSpacing: 33,
  setWordSpacing: 34,
  setHScale: 35,
  setLeading: 36,
  setFont: 37,
  setTextRise: 39,
  moveText: 40,
  setLeadingMoveText: 41,
  setTextMatrix: 42,
  nextLine: 43,
  showText: 44,
  formBegin: 74,
  formEnd: 75,
  constructPath: 91,
} as const;

/** What a path may be painted with: stroke, closeStroke, fill, eoFill and the combinations; not clip and not nothing. */
const PAINTS: ReadonlySet<number> = new Set([20, 21, 22, 23, 24, 25, 26, 27]);
const STROKES: ReadonlySet<number> = new Set([20, 21, 24, 25, 26, 27]);

/**
 * A page's text and what it draws, in one pass over its operators: text and rules from one list cost about what
 * pdf.js's own text does, and a list beside that text would cost as much again.
 *
 * @param toPage from the page's own space to points from its top left corner.
 * @param fontOf a font by the name that the operators call it.
 */
export function readOperators(
  { fnArray, argsArray }: OperatorList,
  toPage: Matrix,
  box: { readonly width: number; readonly height: number },
  fontOf: (name: string) => Font | undefined,
): Drawing & { readonly runs: readonly Run[] } {
  const drawn: Drawn = { rules: [], dots: [] };
  const text = new TextReader(box);
  const stack: TextState[] = [];
  let state: TextState = {
    ctm: toPage,
    font: '',
    size: 0,
    charSpacing: 0,
    wordSpacing: 0,
    hScale: 1,
    leading: 0,
    rise: 0,
  };
  const restore = () => {
    state = stack.pop() ?? state;
  };
  const number = (args: readonly unknown[]) => Number(args[0]);
  for (let index = 0; index < fnArray.length; index++) {
    const args = (argsArray[index] ?? []) as readonly unknown[];
    switch (fnArray[index]) {
      case OPS.save:
        stack.push(state);
        break;
      case OPS.restore:
      case OPS.formEnd:
        restore();
        break;
      case OPS.transform:
        state = { ...state, ctm: multiply(state.ctm, args as unknown as Matrix) };
        break;
      case OPS.formBegin:
        stack.push(state);
        if (args[0] !== null && args[0] !== undefined)
          state = { ...state, ctm: multiply(state.ctm, args[0] as unknown as Matrix) };
        break;
      case OPS.setGState:
        for (const [key, value] of args[0] as readonly [string, readonly unknown[]][])
          if (key === 'Font') state = { ...state, font: String(value[0]), size: Number(value[1]) };
        break;
      case OPS.beginText:
        text.setMatrix(IDENTITY);
        break;
      case OPS.setCharSpacing:
        state = { ...state, charSpacing: number(args) };
        break;
      case OPS.setWordSpacing:
        state = { ...state, wordSpacing: number(args) };
        break;
      case OPS.setHScale:
        state = { ...state, hScale: number(args) / 100 };
        break;
      case OPS.setLeading:
        state = { ...state, leading: number(args) };
        break;
      case OPS.setTextRise:
        state = { ...state, rise: number(args) };
        break;
      case OPS.setFont:
        state = { ...state, font: String(args[0]), size: Number(args[1]) };
        break;
      case OPS.setTextMatrix:
        text.setMatrix(args[0] as unknown as Matrix);
        break;
      case OPS.moveText:
        text.move(number(args), Number(args[1]));
        break;
      case OPS.setLeadingMoveText:
        state = { ...state, leading: -Number(args[1]) };
        text.move(number(args), Number(args[1]));
        break;
      case OPS.nextLine:
        text.move(0, -state.leading);
        break;
      case OPS.showText:
        if (state.font !== '') text.show(args[0] as readonly (Glyph | number)[], state, fontOf(state.font));
        break;
      case OPS.constructPath:
        if (PAINTS.has(number(args))) {
          const data = (args[1] as readonly unknown[] | undefined)?.[0];
          if (data !== undefined && data !== null)
            readPath(data as ArrayLike<number>, STROKES.has(number(args)), state.ctm, drawn);
        }
        break;
      default:
    }
  }
  return { ...drawn, runs: text.finish() };
}
