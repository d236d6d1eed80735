import { isOutside } from '../model/candidate.ts';
import type { Block } from '../model/document.ts';
import type { Span } from '../model/span.ts';
import { findDates } from '../normalise/calendar.ts';
import { foldPhrase, isPlaceholder } from '../normalise/phrases.ts';
import { type Fact, factText } from '../segment/facts.ts';
import type { Segmented } from '../segment/index.ts';
import { bareHeading, findSectionKind, type LabelKey } from '../segment/vocabulary.ts';
import { namesRole } from './names.ts';

/** What a document is: one vacancy; several, the second of which begins at `second`; or something else. */
export type Nature =
  | { readonly kind: 'vacancy' }
  | { readonly kind: 'several-vacancies'; readonly second: Span; readonly count: number }
  | { readonly kind: 'not-a-vacancy'; readonly words: Span | null };

/** How many of a document's first blocks may say what it is. */
const TOP = 8;

/** What opens a document that goes with a vacancy and is none, or has nothing to do with one. */
const OTHER_DOCUMENT =
  /^(?:.{2,60}\s[-–—|:]\s)?(?:(?:general |important )?guidance (?:notes?\b|for (?:applicants|candidates|completing)|on (?:completing|how))|(?:guidance )?notes (?:for|to) (?:applicants|candidates|help)|(?:how|help(?:ing)? you) to (?:complete|fill in)|(?:confidential )?(?:(?:job|employment|staff|teaching|support staff|volunteer) )?application form\b|(?:equal(?:ity|ities)?|diversity|equal opportunities)[a-z ,&]{0,40}monitoring\b|(?:(?:job )?applicants?|candidate|recruitment|staff)?['’]?s?\s?privacy (?:notice|policy|statement)|(?:self[\s-])?(?:declaration|disclosure) (?:form|of (?:criminal|interests?))|(?:employment |character )?reference request|minutes of|agenda$|newsletter\b|invoice|annual report|curriculum vitae|frequently asked questions)/i;

/** A line of a few words that ends in the name of such a document: "Ravensmoor School application form". */
const NAMED_OTHER =
  /^(?:[A-Z][\w’'&.-]*\s(?:(?:of|and|for|the)\s)?){0,6}(?:application form|guidance notes|notes for (?:applicants|candidates)|monitoring form|privacy notice|declaration form|(?:recruitment|safeguarding|selection|equality|employment|ex-offenders) (?:and [a-z]+ )?(?:policy|procedure|statement))$/i;
/** What an advert tells its readers to do with one. */
const ASKS_FOR_IT =
  /\b(?:please|call|ask|download|complete|send|return|email|apply|use|request|see|read|via|by|on|your|our|an?)\b/i;

/** Words of which an advert has some, whatever its form. */
const ADVERT_WORDS = [
  /\bvacanc(?:y|ies)\b/i,
  /\b(?:we are|we're|is|are|currently) (?:looking|seeking|recruiting|hiring)\b|\b(?:seeks?|requires?) an?\b/i,
  /\bappl(?:y|ications?|icants?|ying)\b/i,
  /\b(?:job|post|role|position)\b/i,
  /\b(?:salary|pay|wage|per annum|per hour|hourly)\b|£\d/i,
  /\b(?:closing date|deadline|interviews?)\b/i,
  /\b(?:candidates?|post[\s-]?holder|person specification|job description)\b/i,
];
/** A long text with fewer of them, no labelled value and no role at its top is none. */
const LEAST_WORDS = 2;
/** Characters of a text that is long enough to judge by what it lacks. */
const LONG = 500;

/** Labelled values that only an advert has; three of them make one of what calls itself something else. */
const OWN_KEYS: readonly LabelKey[] = [
  'salary',
  'closingDate',
  'hours',
  'workingPattern',
  'contractType',
  'interviewDate',
  'datePosted',
  'startDate',
  'reference',
  'employer',
  'location',
  'grade',
  'band',
];
const ENOUGH = 3;

/** What a document is, by its opening words, its labelled values and how often these begin anew. */
export function natureOf(segmented: Segmented): Nature {
  const facts = segmented.facts.filter((fact) => !isOutside(fact.zone) && !isPlaceholder(factText(fact)));
  const other = openingOfOther(segmented);
  if (other !== null && new Set(facts.filter(isTold).map(({ key }) => key)).size < ENOUGH)
    return { kind: 'not-a-vacancy', words: other };
  if (facts.length === 0 && isForeign(segmented)) return { kind: 'not-a-vacancy', words: null };
  const starts = vacancyStarts(segmented, facts);
  const [, second] = starts;
  return second === undefined ? { kind: 'vacancy' } : { kind: 'several-vacancies', second, count: starts.length };
}

/** A field of an advert that is filled in: a form's "Closing date:" and "Hours of work" with a sentence are not. */
function isTold({ key, values }: Fact): boolean {
  const [{ text }] = values;
  if (!OWN_KEYS.includes(key) || text.length > 120) return false;
  if (/Date$|Posted$/.test(key)) return findDates(text).length > 0;
  return !/^(?:salary|hours|reference)$/.test(key) || /\d/.test(text);
}

/** True for a long text that speaks of no job. */
function isForeign(segmented: Segmented): boolean {
  const { text } = segmented.document;
  if (text.length < LONG || ADVERT_WORDS.filter((words) => words.test(text)).length >= LEAST_WORDS) return false;
  return !topOf(segmented).some((block) => block.kind !== 'table' && block.text.length <= 90 && namesRole(block.text));
}

function topOf({ sections }: Segmented): Block[] {
  const top: Block[] = [];
  for (const section of sections) {
    if (isOutside(section.zone)) continue;
    if (section.heading !== null) top.push(section.heading);
    top.push(...section.blocks.slice(0, TOP));
    if (top.length >= TOP) break;
  }
  return top.slice(0, TOP);
}

function openingOfOther(segmented: Segmented): Span | null {
  for (const block of topOf(segmented)) {
    if (block.kind === 'table' || block.text.length > 90 || /[.!?]$/.test(block.text)) continue;
    const bare = bareHeading(block.text);
    if (OTHER_DOCUMENT.test(bare) || (NAMED_OTHER.test(bare) && !ASKS_FOR_IT.test(bare))) return block.span;
  }
  return null;
}

/** Where something begins that has a title of its own and says of itself when to apply or what it pays. */
function vacancyStarts({ sections }: Segmented, facts: readonly Fact[]): Span[] {
  // Each vacancy says when to apply, or what it pays: fewer of these than two, and there is one at most.
  const telling = facts.filter((fact) => (fact.key === 'salary' || fact.key === 'closingDate') && isTold(fact));
  if (telling.length < 2) return [];
  const begins = new Set(facts.map(({ label }) => label.start));
  const labelled = facts
    .filter(({ key }) => key === 'title')
    .map((fact) => ({ name: factText(fact), span: { start: fact.label.start, end: endOf(fact) } }));
  const headed = sections.flatMap(({ heading, blocks, zone }) => {
    if (isOutside(zone)) return [];
    const lines = [...(heading === null ? [] : [heading]), ...blocks];
    return lines.flatMap((line, index) => {
      const below = lines[index + 1];
      const isTitle = line === heading || (below !== undefined && begins.has(below.span.start));
      return line.kind === 'paragraph' && isTitle && mayBeTitle(line.text)
        ? [{ name: bareHeading(line.text), span: line.span }]
        : [];
    });
  });
  const marks = [...labelled, ...headed].sort((a, b) => a.span.start - b.span.start);
  const starts: { name: string; span: Span; told: ReadonlyMap<LabelKey, string> }[] = [];
  for (const [index, mark] of marks.entries()) {
    const end = marks[index + 1]?.span.start ?? Number.POSITIVE_INFINITY;
    const within = facts.filter(({ label }) => label.start >= mark.span.start && label.start < end);
    const told = new Map(within.filter(isTold).map((fact) => [fact.key, foldPhrase(factText(fact))]));
    const isWhole = told.size >= 2 && (told.has('salary') || told.has('closingDate'));
    const [first] = starts;
    // What says the same of pay and dates as the first is the first again, by another name.
    const differs = first === undefined || [...told].some(([key, text]) => (first.told.get(key) ?? text) !== text);
    if (isWhole && differs && !starts.some(({ name }) => isSameTitle(name, mark.name))) starts.push({ ...mark, told });
  }
  return starts.map(({ span }) => span);
}

/** True for a line that may stand over an advert as the name of its post. */
function mayBeTitle(text: string): boolean {
  if (text.length > 90 || !namesRole(text) || /[.?!:]$/.test(text)) return false;
  const kind = findSectionKind(bareHeading(text));
  return kind === null || kind === 'other';
}

const endOf = ({ values }: Fact) => {
  const last = values.at(-1) ?? values[0];
  return last.start + last.text.length;
};

const isSameTitle = (a: string, b: string) => {
  const [x, y] = [foldPhrase(a), foldPhrase(b)];
  return x.includes(y) || y.includes(x);
};
