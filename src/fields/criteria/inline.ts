import { cite } from '../../choose.ts';
import { squash } from '../../normalise/phrases.ts';
import { cut, type Passage, sentencesOf } from '../../segment/passages.ts';
import { CRITERION_OPENING, type Importance, type Item, isNothing } from './item.ts';

const INLINE =
  /(?<![A-Za-z(])(?:(?<e>Essential|ESSENTIAL)|(?<d>Desirable|DESIRABLE))(?:\s(?:criteria|requirements|skills|experience|qualifications))?\s{0,2}[:;–-]\s{1,3}(?=\S)/g;

/** True where a paragraph holds an inline list. */
export const hasInlineList = (text: string) => new RegExp(INLINE.source).test(text);

/** "Essential: a; b; c. Desirable: d; e." within a paragraph. */
export function readInlineLists(
  passage: Passage,
): Pick<Item, 'text' | 'importance' | 'assessedBy' | 'evidence' | 'source'>[] {
  const marks = [...passage.text.matchAll(INLINE)];
  return marks.flatMap((mark, index) => {
    const importance: Importance = mark.groups?.e !== undefined ? 'essential' : 'desirable';
    const list = cut(passage, mark.index + mark[0].length, marks[index + 1]?.index);
    return listSentences(list)
      .flatMap(splitList)
      .map((piece) => ({
        text: squash(piece.text),
        importance,
        assessedBy: [],
        evidence: [cite('criteria/inline', piece)],
        source: 'list' as const,
      }));
  });
}

/** The sentences of an inline list: those after the first belong to it as long as they say what is asked for. */
function listSentences(list: Passage): Passage[] {
  const [first = list, ...rest] = sentencesOf(list);
  const end = rest.findIndex(({ text }) => !CRITERION_OPENING.test(text) || /\b(?:you|we|our|your|this)\b/i.test(text));
  return [first, ...rest.slice(0, end < 0 ? rest.length : end)];
}

/** The items of a sentence: parted by semicolons, else by commas where what follows opens as a criterion does. */
function splitList(body: Passage): Passage[] {
  const bare = { text: body.text.replace(/[.;]$/, ''), start: body.start };
  const pieces: Passage[] = [];
  let from = 0;
  for (const { from: end, to } of [...separators(bare.text), { from: bare.text.length, to: bare.text.length }]) {
    const piece = cut(bare, from, end);
    const joined = /^and\s/i.exec(piece.text);
    const trimmed = joined === null ? piece : cut(piece, joined[0].length);
    if (trimmed.text !== '' && !isNothing(trimmed.text)) pieces.push(trimmed);
    from = to;
  }
  // The full stop that ends a list is of none of its items; that of a sentence is its own.
  return pieces.length === 1 && pieces[0]?.text === bare.text ? [body] : pieces;
}

function separators(text: string): { from: number; to: number }[] {
  const separator = text.includes(';') ? /;\s*/g : /,\s+(?=[A-Z])/g;
  const found = [...text.matchAll(separator)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  if (text.includes(';')) return found;
  const pieces = [0, ...found.map(({ to }) => to)].map((from, index) => text.slice(from, found[index]?.from));
  // "Fluent in Welsh, French and German" is one: what follows is of the same kind.
  const areNames = pieces.every((piece) => piece.split(' ').length < 4 && !/\s(?:in|of|with|to|for|or)\s/i.test(piece));
  return areNames || pieces.slice(1).every((piece) => CRITERION_OPENING.test(piece)) ? found : [];
}
