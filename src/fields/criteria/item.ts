import type { Evidence } from '../../model/candidate.ts';
import { foldPhrase, isPlaceholder } from '../../normalise/phrases.ts';
import type { Passage } from '../../segment/passages.ts';
import type { Assessment } from './assessment.ts';

export type Importance = 'essential' | 'desirable' | 'unspecified';

/** A way of assessing an item, and the words or codes that name it. */
export interface Assessed {
  readonly method: Assessment;
  readonly evidence: Evidence;
}

/** One criterion as read, before lists are merged. */
export interface Item {
  readonly text: string;
  readonly importance: Importance;
  readonly category: string | null;
  readonly assessedBy: readonly Assessed[];
  readonly evidence: readonly Evidence[];
  /** True for an item of a section that calls itself a person specification. */
  readonly inSpecification: boolean;
  readonly source: 'list' | 'table' | 'prose';
}

/** Codes of assessment in brackets of their own, beside the mark of importance: "(E) [A, I]". */
const CODES = String.raw`[([](?:[A-Z]{1,2}\b[\s/,&]{0,3}){1,5}[)\]]`;
const CODES_END = new RegExp(
  String.raw`(?<=[([](?:[ED]|essential|desirable)[)\]])\s?(${CODES}|(?:[A-Z]\b[\s/,&]{0,3}){1,5})\s?\.?$`,
);
const CODES_BEFORE = new RegExp(String.raw`\s?(${CODES})$`);
const SUFFIX =
  /[\s,–-]{0,3}[([](?:(?<e>E|essential)|(?<d>D|desirable|desired|preferred))(?:[\s/,:;-]{1,3}(?:[AITRPC]\b[\s/,&]{0,3}){1,5}|[\s-](?:criteri(?:a|on)|requirement))?[)\]]\s?\.?$|\s[–-]\s(?:(?<e2>essential)|(?<d2>desirable))\.?$/i;
const PREFIX =
  /^(?:[([](?:(?<e>E|essential)|(?<d>D|desirable))[)\]]|(?:(?<e2>essential)|(?<d2>desirable))\s?[:–-])\s{1,3}/i;

const DESIRABLE =
  /\b(?:(?:would|will|could|may|is|are|be)\s(?:also\s)?(?:be\s)?(?:an?\s)?(?:highly\s|very\s|definite\s|distinct\s|particular\s|real\s|strongly\s)?(?:desirable|advantage(?:ous)?|preferred|preferable|beneficial|bonus|welcome)\b|\b(?:desirable|preferred|advantageous|beneficial)(?:,?\sbut not essential)?[.)]?$|desirable but not essential|not essential\b|nice to have|even better if|^ideally\b|\bideally (?:you|candidates|applicants|with|have|hold|hav|be)\w*\b|^preferably\b|an advantage[.)]?$)/i;
const ESSENTIAL =
  /\b(?:(?:is|are|be)\s(?:absolutely\s|also\s|an?\s)?essential\b|\bessential[.)]?$|^(?:you\s)?must\s(?:have|be|hold|possess)\b|\b(?:is|are) a must\b|is an essential requirement|^a? ?minimum (?:of|requirement)|\bis mandatory\b)/i;

/** The importance that an item's own words give it, which wins over its list's; null where they give none. */
export function ownImportance(text: string): Exclude<Importance, 'unspecified'> | null {
  const marked = SUFFIX.exec(text.replace(CODES_END, ''))?.groups ?? PREFIX.exec(text)?.groups;
  if (marked?.d !== undefined || marked?.d2 !== undefined) return 'desirable';
  if (marked?.e !== undefined || marked?.e2 !== undefined) return 'essential';
  if (/\bessential or desirable\b|\bdesirable or essential\b/i.test(text)) return null; // about the list, not of an item
  if (DESIRABLE.test(text)) return 'desirable';
  return ESSENTIAL.test(text) ? 'essential' : null;
}

/** An item's words, with a mark of importance at either end taken off. */
export function bareItem(passage: Passage): Passage {
  let { text, start } = passage;
  const prefix = PREFIX.exec(text);
  if (prefix !== null) {
    text = text.slice(prefix[0].length);
    start += prefix[0].length;
  }
  const marks = splitMarks(text);
  return { text: marks.text.trimEnd(), start };
}

/** What stands in brackets behind an item's mark of importance, or before it: "(E) [A, I]"; empty where nothing does. */
export function markedCodes(text: string): string {
  return splitMarks(text)
    .codes.replace(/[()[\]]/g, ' ')
    .trim();
}

function splitMarks(text: string): { text: string; codes: string } {
  const after = CODES_END.exec(text);
  const suffix = SUFFIX.exec(after === null ? text : text.slice(0, after.index));
  if (suffix === null) return { text, codes: '' };
  const rest = text.slice(0, suffix.index);
  const before = CODES_BEFORE.exec(rest);
  const codes = after?.[1] ?? before?.[1] ?? suffix[0].replace(/^[\s,–-]{0,3}[([](?:E|D|essential|desirable)\b/i, '');
  return { text: after === null && before !== null ? rest.slice(0, before.index) : rest, codes };
}

/** True where a cell or list says that there is nothing in it. */
export function isNothing(text: string): boolean {
  return (
    isPlaceholder(text) ||
    /^(?:none|n\s?\/\s?a|nil|not applicable|none (?:stated|specified|required))\.?$/i.test(text.trim())
  );
}

/** What makes two entries the same criterion. */
export function itemKey(text: string): string {
  return foldPhrase(text);
}

/** True for a line that only goes on with the one before it. */
export function continuesItem(before: string, text: string): boolean {
  if (/[.!?;:]$/.test(before)) return /^(?:and|or|and\/or)\b/i.test(text) && !/[.!?]$/.test(before);
  return /^[a-z(]/.test(text) && !/^(?:e-?mail|iOS|i\.e|e\.g)\b/.test(text)
    ? true
    : /^(?:AND|OR|AND\/OR)\b/.test(text) || /\b(?:and|or|of|the|to|in|with|for|a|an)$/i.test(before);
}

/** What a list under "Person specification" without further headings may open with besides items. */
export const CRITERION_OPENING =
  /^(?:(?:(?:an?|the|some|your|any)\s(?:[\w,/-]+\s){0,5}?(?:degree|diploma|phd|doctorate|qualifications?|certificates?|knowledge|understanding|ability|commitment|passion|willingness|experience|interest|background|skills?|approach|attitude|awareness|desire|enthusiasm|licen[cs]e|record|manner|driver|person|level|nvq|standard|sense|team player|minimum|flair|eye)|at least|proven|demonstrable|demonstrated|good|excellent|strong|sound|significant|substantial|extensive|relevant|previous|recent|clear|working|basic|highly|effective|full|valid|current|confident|competent|commitment|committed|willing(?:ness)?|able|ability|experience[d]?|knowledge|understanding|awareness|familiarity|evidence|qualif\w+|educated|degree|diploma|nvq|gcse|hons?\.?|registered|registration|member(?:ship)?|fluent|proficien\w+|skilled|skills?|enthusias\w+|passion(?:ate)?|flexible|flexibility|reliable|patience|patient|empathy|car|driving|hold(?:s|ing)?|has|have|be|must|management|literate|numerate|computer|it|track record|minimum|part \d|fully|approved|completion|education:|rmn|rgn|rnld|nmc|hcpc|gmc)\b)/i;
