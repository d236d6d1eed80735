import { cite } from '../../choose.ts';
import type { Evidence } from '../../model/candidate.ts';
import { isOutside } from '../../model/candidate.ts';
import { isPlaceholder, squash } from '../../normalise/phrases.ts';
import { type Fact, factText } from '../../segment/facts.ts';
import type { Passage } from '../../segment/passages.ts';
import { isNhsEmployer } from '../employer.ts';
import { type Context, factsOf, sentencesWith } from '../field.ts';
import { bareGrade, findGrade, namedScheme, readBand, readSpinePoints, type Scheme } from './grade.ts';
import type { Statement } from './statement.ts';

/** What a post's pay is called. */
interface Names {
  readonly scheme: Scheme | null;
  readonly grade: string | null;
  readonly band: string | null;
  readonly spinePoints: { min: number; max: number } | null;
  readonly text: string | null;
  readonly evidence: readonly Evidence[];
}

/** Grade, band, spine points and scheme: from their fields, the pay statement, or the heading beside the title. */
export function readNames(context: Context, lead: Statement | undefined): Names {
  const evidence: Evidence[] = [];
  const bandFact = first(factsOf(context, 'band'));
  const gradeFact = first(factsOf(context, 'grade'));
  const gradeWords = gradeFact === undefined ? null : bareGrade(gradeFact.values[0]);
  const bandWords = bandFact === undefined ? null : bandFact.values[0];
  const inLead = lead === undefined ? payWords(context) : [lead.passage];
  const mentioned = inLead.map(findGrade).find((grade) => grade !== null) ?? null;
  const heading = headingBand(context);
  const place = [
    ...factsOf(context, 'payScheme', 'salary').map((fact) => fact.values[0]),
    ...[gradeFact, bandFact].flatMap((fact) => (fact === undefined ? [] : [fact.values[0]])),
    ...inLead,
  ];
  const named =
    place.map((each) => ({ each, scheme: namedScheme(each.text) })).find(({ scheme }) => scheme !== null) ??
    namedElsewhere(context);
  const isLabelBand = bandWords !== null && !/\bband\b/i.test(bandWords.text);
  const passage = bandWords ?? gradeWords ?? mentioned?.passage ?? heading ?? bandBeside(named);
  const words = passage === null ? null : squash(passage.text);
  const gradeLine =
    words === null
      ? null
      : isLabelBand && /^\d[a-d]?$/i.test(words)
        ? `Band ${words}`
        : words.replace(/^(?:(?:NHS\s)?AfC:?\s|(?:NHS\s)?Agenda for Change:?\s(?=band)|NHS\s)/i, '');
  if (passage !== null) evidence.push(cite('pay/grade', passage));
  const isEquivalent =
    /\b(?:equivalent|comparable|similar)\b/i.test(words ?? '') ||
    (lead !== undefined &&
      /\b(?:equivalent|comparable|similar)\b/i.test(lead.passage.text) &&
      !/\bfull[\s-]time equivalent\b/i.test(lead.passage.text));
  const bandText = words === null ? null : readBand(words);
  const bandRange = lead === undefined ? null : bandsIn(lead.passage.text);
  const isHealthBand =
    bandText !== null && !isEquivalent && (/\bband\b|^8[a-d]|^AfC/i.test(words ?? '') || bandWords !== null);
  let scheme =
    named?.scheme ?? mentioned?.scheme ?? (gradeWords === null ? null : (findGrade(gradeWords)?.scheme ?? null));
  if (scheme === null && isHealthBand && isNhsEmployer(context)) scheme = 'agenda-for-change';
  if (scheme === 'agenda-for-change' && isEquivalent) scheme = null;
  if (scheme === null && isCivilServicePage(context) && gradeFact !== undefined) scheme = 'civil-service';
  const points = readPoints(context, lead);
  if (scheme === null && points !== null && /\b(?:SCPs?|s\.c\.p|NJC|spinal column)\b/i.test(points.passage.text))
    scheme = 'njc';
  if (points !== null) evidence.push(cite('pay/spine-points', points.passage));
  if (named !== undefined && named !== null) evidence.push(cite('pay/scheme', named.each));
  return {
    scheme,
    grade: gradeLine,
    band: scheme === 'agenda-for-change' ? (bandRange ?? bandText) : null,
    spinePoints: points === null ? null : { min: points.min, max: points.max },
    text: passage === null ? null : squash((bandFact ?? gradeFact)?.values[0].text ?? passage.text),
    evidence,
  };
}

/** "Agenda for Change band 4" in a sentence of its own; "bands 2 to 9" are everybody's. */
function bandBeside(named: { each: Passage; scheme: Scheme | null } | undefined): Passage | null {
  if (named === undefined || /\bbands\b/i.test(named.each.text)) return null;
  const grade = findGrade(named.each);
  return grade !== null && /\bband\b/i.test(grade.passage.text) ? grade.passage : null;
}

/** "Band 8a (£…) or Band 8b (£…)": the lowest and the highest of several bands; null for one. */
function bandsIn(text: string): string | null {
  const bands = [...text.matchAll(/\bband\s?([1-9][a-d]?)\b|(?<![\w.-])(8[a-d])(?![\w.-])/gi)]
    .map((match) => (match[1] ?? match[2] ?? '').toLowerCase())
    .sort();
  const [low] = bands;
  const high = bands.at(-1);
  return low === undefined || high === undefined || low === high || !/£/.test(text) ? null : `${low}-${high}`;
}

const first = (facts: readonly Fact[]): Fact | undefined =>
  facts.find((fact) => !isPlaceholder(factText(fact)) && factText(fact).length < 160);

/** A labelled pay field without figures: "MPS 1–6", "Band 7". */
function payWords(context: Context): Passage[] {
  return factsOf(context, 'salary')
    .flatMap((fact) => fact.values)
    .filter(({ text }) => !isPlaceholder(text) && text.length < 200);
}

/** "Band 5" at the end of the title's heading, or on the line below it. */
function headingBand(context: Context): Passage | null {
  for (const section of context.sections.slice(0, 14)) {
    if (isOutside(section.zone)) continue;
    const blocks = [...(section.heading === null ? [] : [section.heading]), ...section.blocks.slice(0, 3)];
    for (const block of blocks) {
      if (block.kind === 'table' || block.text.length > 90 || /[.!?]$/.test(block.text)) continue;
      const match = /\b(?:(?:AfC|NHS)\s)?Band\s?\d[a-d]?(?:\s?[-/]\s?\d[a-d]?)?\b/i.exec(block.text);
      if (match !== null) return { text: match[0], start: block.span.start + match.index };
    }
  }
  return null;
}

function namedElsewhere(context: Context): { each: Passage; scheme: Scheme } | undefined {
  for (const sentence of sentencesWith(
    context,
    /agenda for change|single pay spine|NJC|national joint council|pay spine/gi,
  )) {
    if (
      !/\b(?:agenda for change|single pay spine|NJC|national joint council|pay spine)\b/i.test(sentence.text) ||
      sentence.section.kind === 'similar-jobs'
    )
      continue;
    if (
      !/\b(?:pay|paid|salary|scale|terms|conditions|band|grade|points?|spine|appoint|staff|contract)/i.test(
        sentence.text,
      )
    )
      continue;
    const scheme = namedScheme(sentence.text);
    if (
      scheme !== null &&
      !/\b(?:not (?:on|paid|agenda|use)|equivalent|comparable|experience of|knowledge of)\b/i.test(sentence.text)
    )
      return { each: sentence, scheme };
  }
  return undefined;
}

/** The page of Civil Service Jobs has a field "Job grade" that no other has beside "Type of role" or "Business area". */
function isCivilServicePage(context: Context): boolean {
  return (
    context.facts.some((fact) => fact.key === 'grade' && /^job grade$/i.test(fact.label.text.trim())) &&
    /\bcivil serv(?:ice|ants?)\b/i.test(context.document.text)
  );
}

function readPoints(
  context: Context,
  lead: Statement | undefined,
): { min: number; max: number; passage: Passage } | null {
  for (const fact of factsOf(context, 'spinePoints')) {
    const value = fact.values[0];
    const points =
      readSpinePoints(/\d/.test(value.text) && !/[a-z]{3}/i.test(value.text) ? `SCP ${value.text}` : value.text) ??
      readSpinePoints(`SCP ${value.text}`);
    if (points !== null)
      return {
        min: points.min,
        max: points.max,
        passage: {
          text: context.document.text.slice(fact.label.start, value.start + value.text.length),
          start: fact.label.start,
        },
      };
  }
  const places = [
    ...factsOf(context, 'grade', 'salary', 'actualSalary', 'band').flatMap((fact) => fact.values),
    ...(lead === undefined ? [] : [lead.passage]),
  ];
  for (const passage of places) {
    const points = readSpinePoints(passage.text);
    if (points !== null) return { min: points.min, max: points.max, passage };
  }
  return null;
}
