import { cite } from '../choose.ts';
import type { Candidate } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import { foldPhrase, isPlaceholder } from '../normalise/phrases.ts';
import { cut, type Passage } from '../segment/passages.ts';
import { type Context, type Field, factsOf, sentencesWith, settle } from './field.ts';

export interface ReferenceValues {
  reference: string | null;
}

/** The employer's own reference for the vacancy. A job board's number is never one. */
export const reference: Field<ReferenceValues> = {
  name: 'reference',
  schema: { reference: z.nullable(z.string()).check(z.describe("The employer's own reference for this vacancy")) },
  read(context) {
    const candidates = [...labelled(context), ...quoted(context), ...bracketed(context)].filter(
      ({ zone }) => zone !== 'board',
    );
    const chosen = settle(context, 'reference', candidates, isSame, 'reference/conflict');
    return { reference: chosen === null ? null : { value: chosen.reading, evidence: chosen.evidence } };
  },
};

const isSame = (a: string, b: string) => foldPhrase(a).replace(/\s/g, '') === foldPhrase(b).replace(/\s/g, '');

/** A reference: one to four groups of letters and digits, with a digit somewhere. "LHC/26/011", "OAK 07/26", "40213". */
const SHAPE =
  /^(?=[^\d]{0,20}\d)[A-Z\d][A-Za-z\d]{0,14}(?:[-/._–&][A-Za-z\d()]{1,14}){0,7}(?:\s(?:[A-Z\d]{1,8})(?:[-/.][A-Z\d]{1,12}){0,3}){0,2}(?=$|[\s,;.)|])/;

function readShape(value: Passage): Passage | null {
  const match = SHAPE.exec(value.text);
  if (match === null || isPlaceholder(value.text)) return null;
  const shape = match[0].includes('(') ? match[0] : (match[0].split(')', 1)[0] ?? '');
  return cut(value, 0, shape.replace(/(?<![-/._–])[-/._–]+$/, '').length);
}

function labelled(context: Context): Candidate<string>[] {
  return factsOf(context, 'reference').flatMap((fact) => {
    const shape = readShape(fact.values[0]);
    if (shape === null) return [];
    return [
      { reading: shape.text, strength: 'labelled', zone: fact.zone, evidence: [cite('reference/labelled', shape)] },
    ];
  });
}

/** "Please quote reference AB10203", "quoting ref: TWL11", "(Ref 1234)". */
const QUOTED =
  /\b(?:quot(?:e|ing)(?:\s(?:the|job|vacancy))?(?:\s(?:reference|ref))?(?:\s(?:number|no))?|(?:job|vacancy|post)\s(?:reference|ref)(?:erence)?(?:\s(?:number|no))?|(?:reference|ref)(?:\s(?:number|no))?)[.:]{0,2}\s{0,2}(?=[A-Z\d])/gi;

/** The reference of a form or a policy is none of the vacancy. */
const OF_DOCUMENT =
  /\b(?:document|form|policy|template|procedure|version|jd|jdf|job description|evaluation|charity|dbs)\s$/i;

function quoted(context: Context): Candidate<string>[] {
  return sentencesWith(context, /quot(?:e|ing)|ref/gi).flatMap((sentence) =>
    [...sentence.text.matchAll(QUOTED)].flatMap((match): Candidate<string>[] => {
      if (OF_DOCUMENT.test(sentence.text.slice(0, match.index))) return [];
      const shape = readShape(cut(sentence, match.index + match[0].length));
      if (shape === null || !/\d{2}/.test(shape.text) || /^(?:19|20)\d\d$/.test(shape.text)) return [];
      return [
        { reading: shape.text, strength: 'loose', zone: sentence.zone, evidence: [cite('reference/quoted', shape)] },
      ];
    }),
  );
}

/** A reference in brackets after the first heading: "Caseworker (418 TW)". */
function bracketed(context: Context): Candidate<string>[] {
  const first = context.sections[0];
  const block = first?.heading ?? first?.blocks[0];
  if (first === undefined || block === undefined || block.kind === 'table' || block.text.length > 120) return [];
  const match = /\((?:ref(?:erence)?[.:]?\s{0,2})?([A-Z\d][A-Z\d/-]{0,11}(?:\s[A-Z\d/-]{1,8}){0,2})\)$/.exec(
    block.text,
  );
  if (match?.[1] === undefined || !/\d{2}/.test(match[1])) return [];
  const passage = { text: match[1], start: block.span.start + block.text.length - match[1].length - 1 };
  return [
    { reading: match[1], strength: 'in-section', zone: first.zone, evidence: [cite('reference/in-title', passage)] },
  ];
}
