import type { Style, TextDraft } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { splitMarker } from '../markers.ts';
import type { Segment } from './lines.ts';
import { SOFT_HYPHEN } from './page.ts';

/** One printed line of a column. */
export type TextLine = Segment & { readonly page: number };

/** The face and size of a document's running text. */
export interface BodyType {
  readonly font: string;
  readonly size: number;
  /** The words and compounds that stand within its lines, in small letters: they tell how a broken word is spelt. */
  readonly words: ReadonlySet<string>;
}

/**
 * The lines of one column as paragraphs and list items: wrapped lines joined, bullets told from words.
 *
 * @param right the column's right edge, points: a line that ends where the next word would have fitted was ended on purpose.
 * @param around for a table's cell, the leading of the cells around it, points, in case it has no wrapped lines of its own (0 for
 *   unknown); null for running text.
 */
export function toParagraphs(
  lines: readonly TextLine[],
  body: BodyType,
  right: number,
  around: number | null = null,
): TextDraft[] {
  const leading = leadingWithin([lines]) || around || commonestGap([lines], /^/);
  const drafts: (TextDraft & { last: TextLine; first: TextLine; indent: number })[] = [];
  for (const line of lines) {
    const marked = splitMarker(line.text);
    const open = drafts.at(-1);
    if (open !== undefined && marked === null && goesOn(open, line, right, leading, body.size, around !== null)) {
      drafts[drafts.length - 1] = { ...open, text: joinLines(open.text, line.text, body.words), last: line };
      continue;
    }
    const style = styleOf(line, body);
    const base = { page: line.page, last: line, first: line, indent: line.x0, ...(style === null ? {} : { style }) };
    if (marked === null) drafts.push({ kind: 'paragraph', text: line.text, ...base });
    else
      drafts.push({
        kind: 'list-item',
        text: marked.rest,
        marker: marked.marker,
        depth: depthOf(drafts, line.x0),
        ...base,
      });
  }
  return drafts.map(({ last: _, first: __, indent: ___, ...draft }) => ({
    ...draft,
    text: squash(draft.text.replace(SOFT_HYPHEN, '')),
  }));
}

/**
 * The distance between lines of one paragraph, points: the commonest one between lines that plainly go on in small
 * letters; 0 where none do.
 *
 * @param columns the lines of each column or cell, from top to bottom.
 */
export const leadingWithin = (columns: readonly (readonly TextLine[])[]): number => commonestGap(columns, /^[a-z]/);

function commonestGap(columns: readonly (readonly TextLine[])[], opening: RegExp): number {
  const gaps = new Map<number, number>();
  for (const lines of columns) {
    for (const [index, line] of lines.entries()) {
      const next = lines[index + 1];
      if (next === undefined || next.page !== line.page || !opening.test(next.text)) continue;
      const gap = Math.round((next.y - line.y) * 2) / 2;
      if (gap > line.size * 0.8 && gap < line.size * 2.2) gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
    }
  }
  return [...gaps].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0;
}

interface Open {
  readonly kind: TextDraft['kind'];
  readonly text: string;
  readonly last: TextLine;
  readonly first: TextLine;
}

/** True where a line goes on with the paragraph or item before it. */
function goesOn(
  open: Open,
  line: TextLine,
  right: number,
  leading: number,
  bodySize: number,
  isCell: boolean,
): boolean {
  const { last, first } = open;
  const startsLow = /^[a-z(]/.test(line.text) && !/^(?:[^\s@]+@\S+|www\.\S+|https?:\S+)$/.test(line.text);
  const isOpen = !/[.!?:;]["”’)]?$/.test(open.text);
  if (Math.abs(line.size - last.size) > Math.max(0.8, last.size * 0.09)) return false;
  if (line.page !== last.page) return startsLow && isOpen;
  if (ENDS_ITEM.test(open.text) && /^[A-Z]/.test(line.text)) return false;
  const gap = line.y - last.y;
  // A heading that wraps: lines of one size, larger than the running text.
  const firstWord = line.text.split(' ', 1)[0] ?? '';
  const wordWidth = (line.x1 - line.x0) * (firstWord.length / Math.max(1, line.text.length));
  const wouldFit = last.x1 + last.size * 0.3 + wordWidth < right - last.size * 0.4;
  if (
    last.size > bodySize * 1.25 &&
    line.font === last.font &&
    gap > 0 &&
    gap <= last.size * (wouldFit ? 1.4 : 1.7) &&
    open.kind === 'paragraph' &&
    !/[.!?:]$/.test(open.text)
  )
    return true;
  if (/,$/.test(open.text) && gap > 0 && gap < last.size * 1.6 && Math.abs(line.x0 - last.x0) < last.size * 2.5)
    return true;
  const usual = leading > 0 ? leading : last.size * 1.25;
  if (gap > Math.max(usual * 1.28, last.size * 1.45) || gap <= 0) return false;
  // Within a paragraph lines stand evenly: a little more space before a capital opens a new one.
  if (leading > 0 && gap > leading + Math.max(1.2, last.size * 0.1) && /^[A-Z"“(]/.test(line.text) && isOpen)
    return false;
  // A line in another face opens something new, unless the sentence plainly runs on into it.
  if (line.firstFont !== last.lastFont && !startsLow && (!isOpen || wouldFit || line.text.length < 40)) return false;
  if (isOpen && OPENS_ITEM.test(line.text) && !RUNS_ON.test(open.text) && open.kind === 'paragraph') return false;
  if (open.kind === 'list-item') {
    // In a cell whose items have bullets a line without one, below a full one, is no item.
    const hangs = line.x0 > first.x0 + 2 || startsLow || (isCell && isOpen);
    return hangs && (!wouldFit || (startsLow && isOpen));
  }
  const sameEdge = Math.abs(line.x0 - last.x0) < last.size * 0.6 || (open.last === first && line.x0 < first.x0);
  if (!wouldFit) return sameEdge || startsLow;
  // A short line that is no sentence's end: only words that plainly run on are joined to it.
  return (startsLow || (open.text.length > 40 && BREAKS_OFF.test(open.text))) && isOpen && sameEdge;
}

/** What a line of a list without bullets begins with, and a wrapped line of prose does not: it would be in small letters. */
const OPENS_ITEM =
  /^(?:(?:Ability|Able|Willing(?:ness)?|Commit(?:ment|ted)|Competent|Qualified) (?:to|in|as|at)\b|(?:Experience|Knowledge|Understanding|Evidence|Awareness|Completion) (?:of|in|with|and)\b|(?:Good|Excellent|Strong|Effective|Proven|Sound|High|Clear|Recent|Previous|Relevant|Current|Flexible|Reliable|Patien(?:t|ce)|Enthusiastic|Creativ(?:e|ity)|Confident|Fluent)(?:,|\s(?:[a-z]+|IT|ICT|English)\b))/;
/** A mark of importance ends an item. */
const ENDS_ITEM = /[([](?:E|D|essential|desirable)[)\]]$/i;
/** What no line ends with on purpose: what follows it was kept together, as a telephone number is. */
const BREAKS_OFF = /\b(?:and|or|of|the|to|on|at|by|from|an?|is|are)$/i;
const RUNS_ON =
  /(?:[,&/–-]|\b(?:and|or|of|the|to|in|with|for|an?|at|by|from|as|on|is|are|be|have|has|our|your|their))$/i;

/**
 * "pro-" + "fessional" is one word, "part-" + "time" keeps its hyphen: as the document spells it elsewhere, else by the
 * parts that compounds are made of.
 */
export function joinLines(text: string, next: string, words: ReadonlySet<string>): string {
  if (text.endsWith(SOFT_HYPHEN)) return text.slice(0, -1) + next;
  const broken = /(?<![A-Za-z])([A-Za-z]{2,})-$/.exec(text.slice(-40));
  if (broken === null || !/^[A-Za-z]/.test(next)) return `${text} ${next}`;
  if (/^[A-Z]/.test(next)) return text + next; // a name of two parts
  const [first = '', second = ''] = [broken[1]?.toLowerCase(), /^[a-z]+/.exec(next)?.[0]];
  const isCompound =
    words.has(`${first}-${second}`) ||
    (!words.has(first + second) &&
      (KEEPS_HYPHEN.test(`${first}-${second}`) || /^[a-z]{2,}[^e]ed-[a-z]{4}/.test(`${first}-${second}`)));
  return isCompound ? text + next : text.slice(0, -1) + next;
}

/** Compounds that are written with a hyphen, by their first or second part. */
const KEEPS_HYPHEN =
  /^(?:part|full|self|non|after|before|mid|hands|drop|pick|co|pre|post|well|high|low|long|short|multi|cross|term|fixed|job|on|off|follow|hard|anti|inter|semi|sub|up|in|out|open|first|second|third|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half|all|day|work|life|front|back|bi|re|person|patient|student|client|family|child|evidence|solution|problem|decision|award|world|user|community|hospital|school|home|e|set|face|record|role|time|team|cost|value|outcome|trauma|strength|need|age|under|over|ex|vice|check|catch|start|line|multidisciplinary|health|risk|data)-|-(?:time|based|centred|term|led|wide|care|going|site|line|to|up|on|in|of|making|being|level|related|specific|free|funded|date|depth|hand|solving|working|keeping|day|round|and|by|the|minded|qualified|registered|aware|motivated|awareness|grade|class|scale|quality|person|trained|experienced|edge|ranging|reaching|standing|lasting|paced)$/i;

function depthOf(drafts: readonly { kind: string; indent: number; depth?: number }[], x: number): number {
  const before = drafts.findLast((draft) => draft.kind === 'list-item');
  if (before === undefined) return 0;
  if (x > before.indent + 8) return Math.min(4, (before.depth ?? 0) + 1);
  const same = drafts.findLast((draft) => draft.kind === 'list-item' && Math.abs(draft.indent - x) <= 8);
  return same?.depth ?? 0;
}

function styleOf(line: TextLine, body: BodyType): Style | null {
  const size = Math.round(line.size * 10) / 10;
  const emphasised = line.font !== body.font;
  return { size, ...(emphasised ? { emphasised: true } : {}) };
}
