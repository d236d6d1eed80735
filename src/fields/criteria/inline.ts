import { cite } from '../../choose.ts';
import { squash } from '../../normalise/phrases.ts';
import { cut, type Passage, sentencesOf } from '../../segment/passages.ts';
import { type Importance, type Item, isNothing } from './item.ts';

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
    return splitList(list).map((piece) => ({
      text: squash(piece.text),
      importance,
      assessedBy: [],
      evidence: [cite('criteria/inline', piece)],
      source: 'list' as const,
    }));
  });
}

/** The items of an inline list: parted by semicolons, else by commas before a capital; its full stop ends the list. */
function splitList(list: Passage): Passage[] {
  const [sentence] = sentencesOf(list);
  const body = sentence ?? list;
  const bare = { text: body.text.replace(/[.;]$/, ''), start: body.start };
  const separator = bare.text.includes(';') ? /;\s*/g : /,\s+(?=[A-Z])/g;
  const pieces: Passage[] = [];
  let from = 0;
  for (const match of [...bare.text.matchAll(separator), null]) {
    const piece = cut(bare, from, match?.index ?? bare.text.length);
    const joined = /^and\s/i.exec(piece.text);
    const trimmed = joined === null ? piece : cut(piece, joined[0].length);
    if (trimmed.text !== '' && !isNothing(trimmed.text)) pieces.push(trimmed);
    from = match === null ? bare.text.length : match.index + match[0].length;
  }
  return pieces;
}
