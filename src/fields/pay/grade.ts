import type { Passage } from '../../segment/passages.ts';
import { cut, firstMatch } from '../../segment/passages.ts';

export const SCHEMES = [
  'agenda-for-change',
  'njc',
  'teachers',
  'civil-service',
  'medical-and-dental',
  'university',
] as const;

export type Scheme = (typeof SCHEMES)[number];

/** A grade in the advert's words, and the scheme that its name alone tells. */
export interface Grade {
  readonly passage: Passage;
  readonly scheme: Scheme | null;
}

const GRADES: readonly (readonly [Scheme | null, RegExp])[] = [
  [
    null,
    /\b(?:NHS\s)?(?:Pay\s)?Bands?\s?(?:[1-9][a-d]?|[A-Z]\d?)(?:\s?(?:[-–/&]|to|or|and)\s?(?:Band\s)?[1-9][a-d]?\b)?(?:\s(?:equivalent|or equivalent))?|\bequivalent (?:to )?(?:AfC )?band\s?\d[a-d]?/i,
  ],
  [null, /(?<![\w.-])8[a-d](?:\s?(?:[-–/&]|to|or|and)\s?(?:8[a-d]|9))?(?![\w.-])|\bAfC\s?[2-9][a-d]?\b/],
  [
    'teachers',
    /\b(?:(?:MPS|UPS|MPR|UPR|TMS|EPS)(?:\s?\d)?(?:\s?(?:[-–/&]|to|and)\s?(?:MPS|UPS|MPR|UPR|[MU])?\s?\d?\b)*(?:\s?\+\s?(?:SEN|TLR)\s?\d?[a-c]?)?|M\s?[1-6]\s?(?:[-–]|to)\s?[MU]?\s?[1-6]|(?:[Tt]eachers?['’]?s? )?[Mm]ain(?: [Pp]ay)? ?(?:[Ss]cale|[Rr]ange|[Ss]pine)(?: ?\d ?[-–to]{1,2} ?\d)?(?: to [Uu]pper [Pp]ay (?:[Rr]ange|[Ss]cale) ?\d?)?|[Uu]pper [Pp]ay (?:[Rr]ange|[Ss]cale)|L\s?\d{1,2}\s?(?:[-–]|to)\s?L\s?\d{1,2}|\bTLR\s?\d?[a-c]?|[Ll]eadership (?:[Ss]cale|[Ss]pine|[Rr]ange)|[Uu]nqualified [Tt]eacher(?:s['’]?)? (?:[Ss]cale|[Rr]ange))/,
  ],
  [
    'civil-service',
    /\b(?:Higher Executive Officer|Senior Executive Officer|Executive Officer|Administrative Officer|Administrative Assistant|HEO|SEO|SCS Pay Band \d|SCS\s?\d?)\b|\b(?:AO|EO)\b(?=\s(?:post|role|grade|position|level|vacancy))/,
  ],
  [
    null,
    /\b(?:NJC\s|NJE\s|Local\s)?(?:Grade|Scale|Level|Gr\.?)\s?(?:[A-Z]{0,2}\s?\d{1,2}[a-z]?|[A-Z]\d?|[IVX]{1,4})(?:\s?(?:[-–/]|to|or)\s?(?:Grade\s|Scale\s)?(?:\d{1,2}|[A-Z])\b)?(?![a-z])/,
  ],
  [null, /\b(?:SO|PO)\s?\d{1,2}(?:\s?(?:[-–/]|to)\s?(?:(?:SO|PO)\s?)?\d{1,2})?\b|\bLC\s?[1-4]\b|\bKR\s?\d{1,2}\b/],
];

/** The grade that a pay statement names, in its own words; null where it names none. */
export function findGrade(passage: Passage): Grade | null {
  const found = GRADES.flatMap(([scheme, shape]) => {
    const words = firstMatch(passage, shape);
    return words === null ? [] : [{ scheme, passage: words }];
  });
  return found.sort((a, b) => a.passage.start - b.passage.start)[0] ?? null;
}

/** A labelled grade's words without its spine points, figures and the scheme's prefix. */
export function bareGrade(value: Passage): Passage | null {
  const match =
    /^(?:NHS AfC:\s?|AfC:?\s|(?:NHS )?Agenda for Change:?\s{0,2}(?=band)|NHS (?=band))?([^(£;]{1,60}?)(?=\s?[,;–-]?\s?(?:\(|£|;|$|,?\s?(?:SCP|points?\s\d|spin(?:e|al)|per annum|pa\b|:)))/i.exec(
      value.text,
    );
  if (match?.[1] === undefined || match[1].trim() === '') return null;
  const at = match[0].length - match[1].length;
  const bare = cut(value, at, match[0].length);
  return bare.text.length > 45
    ? (findGrade(value)?.passage ?? null)
    : cut(bare, 0, bare.text.replace(/(?<![\s,:–-])[\s,:–-]+$/, '').length);
}

/** An Agenda for Change band in words, as the contract writes it: "3", "8a", "5-6"; null where there is none. */
export function readBand(text: string): string | null {
  const match =
    /\bband(?:s|\(s\))?\s?:?\s?([1-9])\s?([a-d])?(?![\d])(?:\s?(?:[-–/&]|to|or|and)\s?(?:band\s)?([1-9])\s?([a-d])?(?!\d))?/i.exec(
      text,
    ) ?? /^\s{0,2}(?:AfC\s?)?([1-9])\s?([a-d])?(?:\s?(?:[-–/&]|to|or)\s?([1-9])\s?([a-d])?)?\s{0,2}$/i.exec(text);
  if (match === null) return null;
  const low = `${match[1]}${match[2]?.toLowerCase() ?? ''}`;
  const high = match[3] === undefined ? null : `${match[3]}${match[4]?.toLowerCase() ?? ''}`;
  return high === null || high === low ? low : [low, high].sort().join('-');
}

const POINTS =
  /\b(?:(?:NJC\s?)?(?:SCPs?|s\.?c\.?p\.?|spin(?:e|al)(?:\s(?:column|pay))?\spoints?|salary points?|scale points?|points?|pts?|NJC)(?:\srange)?)\s?:?\s?(?<low>\d{1,2})(?:\s?(?:[-–—]|to|and)\s?(?:(?:SCP|point|NJC)\s?)?(?<high>\d{1,2}))?(?![\d,.]\d|\s?(?:hours|%|weeks|days))/i;

/** Spine points in words ("SCP 15-19", "points 18 to 23"); null where there are none. */
export function readSpinePoints(text: string): { min: number; max: number; start: number; end: number } | null {
  const match = POINTS.exec(text);
  if (match?.groups?.low === undefined) return null;
  const low = Number(match.groups.low);
  const high = Number(match.groups.high ?? low);
  if (low < 1 || high > 99) return null;
  return { min: Math.min(low, high), max: Math.max(low, high), start: match.index, end: match.index + match[0].length };
}

/** The scheme that words name outright; null where they name none. */
export function namedScheme(text: string): Scheme | null {
  if (/\bagenda for change\b|\bAfC\b/i.test(text))
    return /\b(?:equivalent|comparable|similar)\b/i.test(text) ? null : 'agenda-for-change';
  if (/\bNJC\b|national joint council|\bSCPs?\s?\d|\bs\.c\.p|spinal column point|\bgreen book\b|\bNALC\b/i.test(text))
    return 'njc';
  if (/\bsingle pay spine\b|higher education (?:pay|single) spine|\bUCEA\b|national pay spine/i.test(text))
    return 'university';
  if (/\bhospital medical and dental\b|\bmedical (?:and|&) dental\b|\bspecialty doctor\b/i.test(text))
    return 'medical-and-dental';
  if (/\bteachers['’]? pay\b|\bSTPCD\b|school teachers['’]? pay/i.test(text)) return 'teachers';
  return null;
}
