import type { DocumentModel } from '../../model/document.ts';
import { textBlocksOf } from '../../model/document.ts';

export const ASSESSMENTS = [
  'application',
  'interview',
  'test',
  'references',
  'presentation',
  'certificates',
  'assessment-centre',
  'portfolio',
] as const;

/** How a criterion will be assessed. */
export type Assessment = (typeof ASSESSMENTS)[number];

const WORDS: readonly (readonly [Assessment, RegExp])[] = [
  ['assessment-centre', /\bassessment cent(?:re|er)/i],
  ['application', /\bappl(?:ication|y)(?:\s?form)?|\bsupporting statement|\bpersonal statement|\bCV\b|\bshort-?list/i],
  ['interview', /\bintervie\w{1,5}/i],
  [
    'test',
    /\btests?\b|\btesting\b|\bexercises?\b|\btask|\blesson observation|\bpractical assessment|\bskills assessment|^assessment$/i,
  ],
  ['references', /\brefer(?:ences?|ees?)\b/i],
  ['presentation', /\bpresentation/i],
  ['certificates', /\bcertificates?\b|\bcertification\b|\bdocument(?:s|ation|ary evidence)?\b|\bproof of\b/i],
  ['portfolio', /\bportfolio/i],
];

/** Codes where the advert prints no key of its own. */
const DEFAULT_CODES: ReadonlyMap<string, Assessment> = new Map([
  ['a', 'application'],
  ['af', 'application'],
  ['app', 'application'],
  ['f', 'application'],
  ['s', 'application'],
  ['i', 'interview'],
  ['int', 'interview'],
  ['t', 'test'],
  ['r', 'references'],
  ['ref', 'references'],
  ['p', 'presentation'],
  ['pres', 'presentation'],
  ['c', 'certificates'],
  ['cert', 'certificates'],
  ['doc', 'certificates'],
  ['d', 'certificates'],
  ['ac', 'assessment-centre'],
  ['e', 'test'],
]);

export type AssessmentKey = ReadonlyMap<string, Assessment>;

const CODE_FIRST =
  /(?<![A-Za-z])\(?([A-Z]{1,3})\)?\s{0,2}(?:=|:|–|-|is|means|denotes)\s{0,2}([A-Za-z]+(?:[ /][a-z]+){0,3})/g;
const CODE_LAST = /\b([A-Za-z][a-z]+(?:\s[a-z]+){0,3})\s{0,2}(?:\(([A-Z]{1,3})\)|=\s{0,2}([A-Z]{1,3})(?![A-Za-z]))/g;

/** A code beside what it stands for. */
const A_CODE = /[A-Z]{1,3}\)?\s{0,2}(?:[=:–-]|is\b|means|denotes)|\([A-Z]{1,3}\)|=\s{0,2}[A-Z]/;

/** The advert's own key to its assessment codes ("A = application form, I = interview"), over the usual ones. */
export function readAssessmentKey(document: DocumentModel): AssessmentKey {
  const codes = new Map<string, Assessment>();
  for (const block of document.blocks) {
    for (const { text } of textBlocksOf(block)) {
      if (text.length > 600 || !A_CODE.test(text) || !WORDS.some(([, word]) => word.test(text))) continue;
      const own = new Map<string, Assessment>();
      for (const match of text.matchAll(CODE_FIRST)) note(own, match[1], match[2]);
      for (const match of text.matchAll(CODE_LAST)) note(own, match[2] ?? match[3], match[1]);
      if (own.size > 1) for (const [code, method] of own) if (!codes.has(code)) codes.set(code, method);
    }
  }
  return codes.size > 0 ? codes : DEFAULT_CODES;
}

function note(codes: Map<string, Assessment>, code: string | undefined, meaning: string | undefined): void {
  if (code === undefined || meaning === undefined) return;
  const method = WORDS.find(([, word]) => word.test(meaning))?.[0];
  if (method !== undefined && !codes.has(code.toLowerCase())) codes.set(code.toLowerCase(), method);
}

const CODES_AT_END = /\s?[([]((?:[A-Z]{1,3}\b[\s/,&+]{0,3}){1,6})[)\]]\s?\.?$/;

/** An item's words without the codes behind them ("… of training (A, I)"), where the advert's own key has them all. */
export function splitCodes(text: string, key: AssessmentKey): { text: string; methods: readonly Assessment[] } {
  const match = key === DEFAULT_CODES ? null : CODES_AT_END.exec(text);
  const codes = match?.[1]?.toLowerCase().match(/[a-z]+/g) ?? [];
  if (match === null || !codes.every((code) => key.has(code))) return { text, methods: [] };
  return { text: text.slice(0, match.index), methods: readAssessments(match[1] ?? '', key) };
}

/** The methods that a cell names, by words or by codes, in the order printed. */
export function readAssessments(text: string, key: AssessmentKey): Assessment[] {
  const byWord = WORDS.flatMap(([method, word]) => {
    const match = word.exec(text);
    return match === null ? [] : [{ method, at: match.index }];
  }).sort((a, b) => a.at - b.at);
  if (byWord.length > 0) return [...new Set(byWord.map(({ method }) => method))];
  const found: Assessment[] = [];
  for (const piece of text.split(/[\s,/&+;.|]+|\band\b|\bor\b/i)) {
    const method = key.get(piece.toLowerCase()) ?? null;
    if (method !== null) found.push(method);
    else if (/^[A-Z]{2,5}$/.test(piece))
      for (const letter of piece.toLowerCase()) found.push(...(key.has(letter) ? [key.get(letter) as Assessment] : []));
  }
  return [...new Set(found)];
}

/** True where a cell holds nothing but assessment codes or words. */
export function isAssessmentCell(text: string, key: AssessmentKey): boolean {
  const bare = text.trim();
  if (bare === '' || bare.length > 60) return false;
  if (/^[A-Z](?:[\s,/&+;.]{0,3}[A-Z]{1,2}){0,6}$/.test(bare)) return readAssessments(bare, key).length > 0;
  return bare
    .split(/[\s,/&+;.]+/)
    .every(
      (word) =>
        /^(?:and|or|form|at|the|via|by|of|letter|process|stage|&)$/i.test(word) ||
        readAssessments(word, key).length > 0,
    );
}
