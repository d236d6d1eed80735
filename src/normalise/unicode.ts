/**
 * UTF-8 that was read as windows-1252 and written again ("Â£", "â€™"): each damaged sequence and what it stood for.
 * Only sequences that no English advert could contain on purpose.
 */
const MOJIBAKE: readonly (readonly [RegExp, string])[] = [
  [/â€™|â€˜/g, '’'],
  [/â€œ|â€\u009d|â€�/g, '"'],
  [/â€“|â€”/g, '–'],
  [/â€¦/g, '…'],
  [/â€¢/g, '•'],
  [/â‚¬/g, '€'],
  [/Â£/g, '£'],
  [/Ã©/g, 'é'],
  [/Â(?=[\s\u00a0·½¼°])/g, ''],
];

const LIGATURES: Readonly<Record<string, string>> = { ﬀ: 'ff', ﬁ: 'fi', ﬂ: 'fl', ﬃ: 'ffi', ﬄ: 'ffl', ﬅ: 'st', ﬆ: 'st' };
const SUPERSCRIPTS: Readonly<Record<string, string>> = { ˢ: 's', ᵗ: 't', ⁿ: 'n', ᵈ: 'd', ʳ: 'r', ʰ: 'h' };

/**
 * Text with the accidents of its encoding undone: line ends as LF, mojibake repaired, ligatures and superscript letters
 * spelt out, no-break and thin spaces as spaces, no-break hyphens as hyphens, and what prints nothing (zero-width
 * characters, soft hyphens, controls, lone surrogates) taken out. The words stay as they are.
 */
export function repairText(text: string): string {
  let repaired = text.replace(/\r\n?/g, '\n');
  if (/[âÂÃ]/.test(repaired)) for (const [damaged, meant] of MOJIBAKE) repaired = repaired.replace(damaged, meant);
  if (!/[^\n\t -~£–’‘“”•]/.test(repaired)) return repaired;
  return repaired
    .replace(/[ﬀﬁﬂﬃﬄﬅﬆ]/g, (ligature) => LIGATURES[ligature] ?? ligature)
    .replace(/[ˢᵗⁿᵈʳʰ]/g, (letter) => SUPERSCRIPTS[letter] ?? letter)
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u2010\u2011]/g, '-')
    .replace(/[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]/g, '')
    .replace(/[\u2028\u2029\u0085]/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u0084\u0086-\u009f]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

/** Text from a file, with nothing in it that a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
