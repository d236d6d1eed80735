/** What windows-1252 prints at 0x80–0x9F. Node 20's own decoder gets these wrong (nodejs/node#60888). */
export const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** The characters that windows-1252 makes of the bytes of a UTF-8 sequence after the first one. */
const REST = `[\u00a0-\u00bf${WINDOWS_1252}]`;
/** UTF-8 that was read as windows-1252 ("Â£", "â€™"): a first byte and as many others as it asks for. */
const MANGLED = new RegExp(`[\u00c2-\u00df]${REST}|[\u00e0-\u00ef]${REST}{2}|[\u00f0-\u00f4]${REST}{3}`, 'g');
/** What such a sequence may have stood for in an English text, or in one that was mangled more than once. */
const PLAUSIBLE =
  /^[\u0081\u008d\u008f\u0090\u009d\u00a0-\u00ff\u0150-\u0192\u02c6\u02dc\u0174-\u0177\u2000-\u206f\u20ac\u2122\u2190-\u21ff\u25a0-\u27bf\ufb00-\ufb06\ufeff]$/;

/** Text as it was before it was decoded wrongly, once or up to three times over. */
function unmangle(text: string): string {
  let repaired = text;
  for (let turn = 0; turn < 3; turn++) {
    const before = repaired;
    repaired = before.replace(MANGLED, (sequence) => {
      const bytes = [...sequence].map((character) => {
        const at = WINDOWS_1252.indexOf(character);
        return at < 0 ? character.charCodeAt(0) : 0x80 + at;
      });
      const meant = Buffer.from(bytes).toString('utf8');
      return PLAUSIBLE.test(meant) ? meant : sequence;
    });
    if (repaired === before) break;
  }
  return repaired.replace(/â€\ufffd/g, '"').replace(/Â(?=[\s\u00a0·½¼°])/g, '');
}

const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const LIGATURES: Readonly<Record<string, string>> = { ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl', ﬅ: 'st', ﬆ: 'st' };
const SUPERSCRIPTS: Readonly<Record<string, string>> = { ˢ: 's', ᵗ: 't', ⁿ: 'n', ᵈ: 'd', ʳ: 'r', ʰ: 'h' };

/**
 * Text with the accidents of its encoding undone: line ends as LF, mojibake repaired, ligatures and superscript letters
 * spelt out, no-break and thin spaces as spaces, no-break hyphens as hyphens, and what prints nothing (zero-width
 * characters, marks of direction, soft hyphens, controls) taken out. Half of a character becomes U+FFFD. The words stay as
 * they are.
 */
export function repairText(text: string): string {
  let repaired = text.replace(/\r\n?/g, '\n');
  if (/[\u00c2-\u00f4]/.test(repaired)) repaired = unmangle(repaired);
  if (!/[^\n\t -~£–’‘“”•]/.test(repaired)) return repaired;
  return repaired
    .replace(/[ﬀﬁﬂﬃﬄﬅﬆ]/g, (ligature) => LIGATURES[ligature] ?? ligature)
    .replace(/🗹|🗷|🗵/gu, '☒')
    .replace(/🞎|🞏|🗌|⬜/gu, '☐')
    .replace(/[ˢᵗⁿᵈʳʰ]/g, (letter) => SUPERSCRIPTS[letter] ?? letter)
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g, '')
    .replace(/[\u2028\u2029\u0085]/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g, '')
    .replace(HALF_CHARACTER, '\ufffd');
}

/**
 * What a terminal obeys, or shows otherwise than it stands: controls but for the tab and the line feed, and the characters
 * that turn the direction of what is shown.
 */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from a file, with nothing in it that a terminal would obey, and no half of a character. */
export const printable = (text: string): string => text.replace(HALF_CHARACTER, '\ufffd').replace(OBEYED, '\ufffd');

/** The same for what is one line: a line feed in a file's name is none of ours. */
export const printableLine = (text: string): string => printable(text).replace(/[\t\n]/g, '\ufffd');

/** JSON in which what a terminal would obey is escaped: it stands in strings only. */
export const printableJson = (json: string): string =>
  json.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
