/** Words compared without case, punctuation or spelling of "and": for labels, headings and repeated items. */
export function foldPhrase(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’‘`']/g, "'")
    .replace(/&/g, ' and ')
    .replace(/[^a-z0-9£%+'/]+/g, ' ')
    .trim();
}

/** White space that is no single space. */
const UNEVEN = /\s{2,}|[^\S ]/g;

/** White space as single spaces, none at the ends. */
export function squash(text: string): string {
  return text.replace(UNEVEN, ' ').trim();
}

/** A word as a regular expression that matches it to the letter. */
export const escapePattern = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A template's placeholder, or words that say that nothing is said yet: they state no value. */
export function isPlaceholder(text: string): boolean {
  const words = text.trim();
  return (
    words === '' ||
    /^[[<{(][^\])}>]{0,60}[\])}>]$/.test(words) ||
    /^[x_.\-–—*?\s]{1,40}$/i.test(words) ||
    /^(?:tbc|tba|tbd|n\/?a|none|nil|to be (?:confirmed|agreed|advised|determined|decided)|not (?:applicable|specified|stated|known)|unspecified|please (?:see|refer to) .{0,80}|see (?:below|above|advert|job description).{0,40}|(?:click|tap) here to enter.{0,40}|insert .{0,60}|central advertising - other)\.?$/i.test(
      words,
    )
  );
}
