/** A list marker found at the start of a line, and the words after it. */
export interface Marked {
  readonly marker: string;
  readonly rest: string;
  /** True for numbers and letters ("1.", "(a)", "E3"), false for bullets. */
  readonly isOrdered: boolean;
}

const BULLET = /^(?<marker>[•●▪■◦‣∙·⁃⦁►▶➢➤✓✔❖◆♦»*◉○\ue002-\uf8ff]|[-–—](?=\s)|o(?=\s{1,6}[A-Z(]))\s{0,8}(?=\S)/u;
/** An emoji before the words of a line: the bullet of those who paste from a telephone. */
const EMOJI = /^(?<marker>(?![©®™ℹ☑☒✓✔✖✉☎])\p{Extended_Pictographic}\ufe0f?)\s{1,3}(?=\S)/u;
const NUMBER =
  /^(?<marker>\(?(?:\d{1,2}|[a-h]|[ivx]{1,5})[.)]|(?:[1-9]|1\d)\.\d{1,2}\.?(?=\s{1,8}[A-Z])|[ED]\d{1,2}[.:)]?)(?:(?:\s{1,8}|\t)(?=\S)|(?<=\d\.)(?=[A-Z][a-z]))/;

/** The list marker at the start of a line; null where there is none. The line has no white space before it. */
export function splitMarker(line: string): Marked | null {
  const bullet = BULLET.exec(line) ?? EMOJI.exec(line);
  if (bullet) {
    const marker = bullet.groups?.marker ?? '';
    if (marker === '*' && !/^\*\s/.test(line)) return null;
    if (/^[-–—]$/.test(marker) && /^[-–—\s]+$/.test(line)) return null;
    return {
      marker: /^[\ue002-\uf8ff]$/.test(marker) ? '•' : marker,
      rest: line.slice(bullet[0].length),
      isOrdered: false,
    };
  }
  const number = NUMBER.exec(line);
  if (number) return { marker: number.groups?.marker ?? '', rest: line.slice(number[0].length), isOrdered: true };
  return null;
}
