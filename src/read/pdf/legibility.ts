import type wordData from '../../data/common-words.json';
import { loadData } from '../../data/load.ts';
import { ReadError } from '../../model/diagnostic.ts';
import type { Page } from './page.ts';

const COMMON: ReadonlySet<string> = new Set(loadData<typeof wordData>('common-words.json').words);

/** A font says whether it can be read only where it prints at least this many words. */
const MIN_WORDS = { sure: 200, likely: 25 };
/** Of the words of a text, the share that are common ones is a third or more; of shifted glyphs, none. */
const FEW_COMMON = 0.01;
/** English and Welsh letters are vowels (w and y aside) three times in eight. */
const FEW_VOWELS = 0.22;
/** Characters that no font should print: private use, replacement. */
const MANY_STRANGE = 0.3;

/**
 * Pages without the text of fonts that no character map turns into words: their glyphs come out shifted ("7KH SRVW").
 * Bullets and ticks, which may stand anywhere in a font, are left alone.
 *
 * @returns the pages, and how many characters were left out.
 * @throws ReadError `pdf/unreadable-text` where most of the text is set in such fonts.
 */
export function withoutUnreadableFonts(pages: readonly Page[]): { pages: readonly Page[]; dropped: number } {
  const texts = new Map<string, string[]>();
  let all = 0;
  for (const { runs } of pages) {
    for (const { font, text } of runs) {
      if (text.length < 3) continue;
      all += text.length;
      const known = texts.get(font);
      if (known === undefined) texts.set(font, [text]);
      else known.push(text);
    }
  }
  const bad = [...texts].flatMap(([font, own]) =>
    isUnreadable(own.join(' ')) ? [{ font, length: own.join('').length }] : [],
  );
  const dropped = bad.reduce((sum, { length }) => sum + length, 0);
  if (dropped === 0) return { pages, dropped };
  if (dropped > all / 2) throw new ReadError('pdf/unreadable-text');
  const fonts = new Set(bad.map(({ font }) => font));
  return { pages: pages.map((page) => ({ ...page, runs: page.runs.filter(({ font }) => !fonts.has(font)) })), dropped };
}

function isUnreadable(text: string): boolean {
  const characters = text.replace(/\s/g, '');
  const strange = characters.match(/[\ue000-\uf8ff\ufffd]/g)?.length ?? 0;
  if (characters.length > 20 && strange > MANY_STRANGE * characters.length) return true;
  const words = text.toLowerCase().match(/[a-zâêîôûŵŷ]{1,20}/g) ?? [];
  const long = words.filter(({ length }) => length > 1).length;
  if (long < MIN_WORDS.likely) return false;
  if (words.filter((word) => COMMON.has(word) && word.length > 1).length > FEW_COMMON * long) return false;
  const letters = words.join('');
  const vowels = letters.match(/[aeiouâêîôû]/g)?.length ?? 0;
  return long >= MIN_WORDS.sure || vowels < FEW_VOWELS * letters.length;
}
