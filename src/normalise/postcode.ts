/** A full UK postcode, spaces optional (BS 7666; adverts also print inward letters that the standard leaves out). */
const POSTCODE =
  /(?<![A-Za-z\d])(GIR\s{0,2}0AA|(?:[A-PR-UWYZ][A-HK-Y]?\d[A-HJKMNPR-Y\d]?)\s{0,3}\d[A-Z]{2})(?![A-Za-z\d])/gi;

/** The 124 postcode areas, for telling a postcode from a grade or a spine point ("SC15 19A"). */
const AREAS = new Set(
  'AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE'.split(
    ' ',
  ),
);

/** A postcode as written in a text, and as it is normalised ("WV148AL" → "WV14 8AL"). */
export interface WrittenPostcode {
  readonly start: number;
  readonly end: number;
  readonly postcode: string;
}

/** Every full postcode in a text, in order. An outward code alone ("BH19") is none. */
export function findPostcodes(text: string): WrittenPostcode[] {
  return [...text.matchAll(POSTCODE)].flatMap((match): WrittenPostcode[] => {
    const bare = (match[1] ?? '').replace(/\s/g, '').toUpperCase();
    const area = /^[A-Z]+/.exec(bare)?.[0] ?? '';
    if (!AREAS.has(area) && area !== 'GIR') return [];
    if (/[a-z]/.test(match[1] ?? '') && /[A-Z]/.test(match[1] ?? '')) return []; // "in 3 days"
    return [
      { start: match.index, end: match.index + match[0].length, postcode: `${bare.slice(0, -3)} ${bare.slice(-3)}` },
    ];
  });
}
