import type { TextBlock } from '../model/document.ts';

/** A contiguous piece of the document's text: `text` is its slice from `start`. */
export interface Passage {
  readonly text: string;
  readonly start: number;
}

/** A text block as a passage. */
export function passageOf(block: TextBlock): Passage {
  return { text: block.text, start: block.span.start };
}

/** Part of a passage, without white space at its ends; offsets are relative to the passage. */
export function cut(passage: Passage, from: number, to = passage.text.length): Passage {
  const raw = passage.text.slice(from, to);
  const lead = raw.length - raw.trimStart().length;
  return { text: raw.trim(), start: passage.start + from + lead };
}

/** What a pattern matched in a passage's text, as a part of that passage. */
export function cutMatch(passage: Passage, match: RegExpExecArray): Passage {
  return cut(passage, match.index, match.index + match[0].length);
}

/** The first words of a passage that a pattern matches; null where none do. */
export function firstMatch(passage: Passage, pattern: RegExp): Passage | null {
  const match = pattern.exec(passage.text);
  return match === null ? null : cutMatch(passage, match);
}

/** Words after which a full stop ends no sentence. */
const ABBREVIATION =
  /(?:\b(?:e\.g|i\.e|etc|approx|incl?|excl|ref|no|nos|tel|dept|dr|mr|mrs|ms|prof|rev|st|c|ca|p|hrs?|min|max|ext|vs|viz|p\.a|a\.m|p\.m|p\.h|hon|sgt|jan|feb|mar|apr|aug|sept?|oct|nov|dec|hons))\.$/i;

/** No sentence of an advert is longer, in characters: what is comes in pieces, so that no rule meets more at once. */
const MAX_SENTENCE = 2_000;

function addPieces(passage: Passage, from: number, to: number, sentences: Passage[]): void {
  for (let at = from; at < to; at += MAX_SENTENCE) {
    const piece = cut(passage, at, Math.min(to, at + MAX_SENTENCE));
    if (piece.text !== '') sentences.push(piece);
  }
}

/** The sentences of a passage, in order. Semicolons and line ends do not end one. */
export function sentencesOf(passage: Passage): Passage[] {
  const sentences: Passage[] = [];
  let from = 0;
  for (const end of passage.text.matchAll(/[.!?…]["”’')\]]{0,2}(?=\s|[A-Z][a-z])/g)) {
    const stop = end.index + end[0].length;
    const sentence = passage.text.slice(Math.max(from, stop - 12), stop);
    if (end[0].startsWith('.') && ABBREVIATION.test(sentence.slice(-8)) && !/\betc\.$/i.test(sentence)) continue;
    if (!/\s/.test(passage.text[stop] ?? '') && !/[a-z)]{3}[.!?…]$/.test(sentence)) continue;
    if (/^\s{1,3}[a-z]/.test(passage.text.slice(stop, stop + 4)) && !/[!?]/.test(end[0])) continue;
    addPieces(passage, from, stop, sentences);
    from = stop;
  }
  addPieces(passage, from, passage.text.length, sentences);
  return sentences;
}
