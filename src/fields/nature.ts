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

/** How many of a document's first blocks may say what it is: the name of its employer may stand above. */
const TOP = 3;

/** A line that names a document which goes with a vacancy and is none, or has nothing to do with one: all of the line. */
const OTHER_DOCUMENT =
  /^(?:[\w’'&.,-]{1,30}\s){0,7}?(?:[-–—|:]\s)?(?:(?:general |important )?guidance (?:notes?|for (?:applicants|candidates))(?: (?:for|on|to) [a-z ]{4,40})?|(?:guidance )?notes (?:for|to) (?:help )?(?:applicants|candidates)|how to (?:complete|fill in) (?:the|this|your|our|an) [a-z ]{4,30}|(?:confidential )?application for (?:employment|appointment|a (?:teaching|support staff) (?:post|position|appointment))|(?:confidential )?application form(?: (?:for|part) [\w ]{1,30})?|(?:equal(?:ity|ities)?|diversity|equal opportunities)(?: (?:and|&) [a-z]{4,12})? monitoring(?: form)?|(?:(?:job )?applicants?|candidate|recruitment)?['’]?s?\s?privacy (?:notice|policy|statement)(?: for [a-z ]{4,30})?|(?:self[\s-])?(?:declaration|disclosure) form|(?:employment |character )?reference request(?: form)?|minutes of (?:the|a) [\w ]{4,40}|newsletter|invoice|annual report(?: \d{4})?|curriculum vitae|frequently asked questions|(?:recruitment|safeguarding|selection|equality|employment of ex-offenders) (?:and [a-z]+ )?(?:policy|procedure|policy statement))$/i;

/** Words of which every advert has one, whatever its form. */
const ADVERT_WORDS =
  /\b(?:vacanc|apply|applicant|application|job|post|role|position|salary|pay|paid|wages?|hourly|interview|candidate|cv|recruit|hiring|join us|work)|£\d/i;
/** Characters of a text that is long enough to judge by what it lacks. */
const LONG = 500;

/** Labelled values that only an advert has filled in; two of them, or either of the first, make one of any document. */
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
];

/** What a document is, by its opening words, its labelled values and whether these begin anew. */
export function natureOf(segmented: Segmented): Nature {
  const facts = segmented.facts.filter(
    (fact) => !isOutside(fact.zone) && !isPlaceholder(factText(fact)) && isTold(fact),
  );
  const told = new Set(facts.map(({ key }) => key));
  const isAdvert = told.size > 1 || told.has('salary') || told.has('closingDate');
  const other = isAdvert ? null : openingOfOther(segmented);
  if (other !== null) return { kind: 'not-a-vacancy', words: other };
  const { text } = segmented.document;
  if (told.size === 0 && text.length > LONG && !ADVERT_WORDS.test(text)) return { kind: 'not-a-vacancy', words: null };
  const [first, second, ...more] = vacancyStarts(segmented, facts);
  return first === undefined || second === undefined
    ? { kind: 'vacancy' }
    : { kind: 'several-vacancies', second, count: 2 + more.length };
}

/** A field of an advert that is filled in: a form's "Closing date:" and "Hours of work" with a sentence are not. */
function isTold({ key, values }: Fact): boolean {
  const [{ text }] = values;
  if (!OWN_KEYS.includes(key) || text.length > 120) return false;
  if (/Date$|Posted$/.test(key)) return findDates(text).length > 0;
  return !/^(?:salary|hours|reference)$/.test(key) || /\d/.test(text);
}

function openingOfOther({ sections }: Segmented): Span | null {
  const top: Block[] = [];
  for (const section of sections) {
    if (isOutside(section.zone)) continue;
    if (section.heading !== null) top.push(section.heading);
    top.push(...section.blocks.slice(0, TOP));
    if (top.length >= TOP) break;
  }
  const lines = top.slice(0, TOP).filter((block) => block.kind !== 'table');
  if (lines.some(({ text }) => text.length <= 90 && namesRole(text) && !OTHER_DOCUMENT.test(bareHeading(text))))
    return null;
  const named = lines.find(
    ({ text }) => text.length <= 90 && !/[.!?]$/.test(text) && OTHER_DOCUMENT.test(bareHeading(text)),
  );
  return named?.span ?? null;
}

/**
 * Where something begins that has a title, its own pay or hours and its own closing date, and differs in one of them from
 * what stands before. Posts that share a closing date are one advert's.
 */
function vacancyStarts({ sections, document: { text } }: Segmented, facts: readonly Fact[]): Span[] {
  const isReprint = sections.some(({ zone }) => zone === 'board') && sections.some(({ zone }) => zone === 'advert');
  if (isReprint || facts.filter(({ key }) => key === 'closingDate').length < 2) return [];
  const marks = titleMarks(sections, facts);
  const starts: Span[] = [];
  const names = new Set<string>();
  const sums = new Set<string>();
  let at = 0; // facts come in order
  for (const [index, mark] of marks.entries()) {
    const end = marks[index + 1]?.span.start ?? Number.POSITIVE_INFINITY;
    const own = new Map<LabelKey, string>();
    for (; at < facts.length; at++) {
      const fact = facts[at];
      if (fact === undefined || fact.label.start >= end) break;
      if (fact.label.start >= mark.span.start && !own.has(fact.key)) own.set(fact.key, figuresOf(fact));
    }
    const [sum] = own.has('salary')
      ? []
      : (/£\s?\d[\d,.]*/.exec(text.slice(mark.span.end, Math.min(end, mark.span.end + NEAR))) ?? []);
    if (sum !== undefined) own.set('salary', sum.replace(/[^\d]/g, ''));
    const isWhole = own.has('closingDate') && (own.has('salary') || own.has('hours'));
    // What says the same of pay, hours and dates is the first again, by another name.
    const says = [own.get('closingDate'), own.get('reference'), own.get('salary'), own.get('hours')].join(' | ');
    const name = foldPhrase(mark.name);
    if (!isWhole || names.has(name) || sums.has(says)) continue;
    names.add(name);
    sums.add(says);
    starts.push(mark.span);
  }
  return starts;
}

/** The figures of a value, so that "£24,937 - £26,598" and "£24937 to £26598" say the same. */
const figuresOf = (fact: Fact) =>
  (factText(fact).match(/\d[\d,.]*/g) ?? [foldPhrase(factText(fact))])
    .map((figure) => figure.replace(/[,.]|\.00$/g, ''))
    .join(' ');

/** How far below a title its pay may stand, characters. */
const NEAR = 300;

interface TitleMark {
  readonly name: string;
  readonly span: Span;
}

/** Labelled titles, and lines that name a role right above the first labelled value of something. */
function titleMarks(sections: Segmented['sections'], facts: readonly Fact[]): TitleMark[] {
  const begins = new Set(facts.map(({ label }) => label.start));
  const marks = sections.flatMap(({ heading, blocks, zone }): TitleMark[] => {
    if (isOutside(zone)) return [];
    const lines = [...(heading === null ? [] : [heading]), ...blocks];
    return lines.flatMap((line, index): TitleMark[] => {
      // Right below it stands a labelled value, or a line of pay.
      const below = lines[index + 1];
      const opens =
        below !== undefined &&
        (begins.has(below.span.start) ||
          line === heading ||
          (below.kind === 'paragraph' && /^£\s?\d/.test(below.text)));
      return opens && line.kind === 'paragraph' && mayBeTitle(line.text)
        ? [{ name: bareHeading(line.text), span: line.span }]
        : [];
    });
  });
  return marks.sort((a, b) => a.span.start - b.span.start);
}

/** True for a line that may stand over an advert as the name of its post. */
function mayBeTitle(text: string): boolean {
  const label = /^(?:job|post|role|position|vacancy)(?: title)?\s?:\s{0,3}/i.exec(text)?.[0] ?? '';
  const name = text.slice(label.length);
  if (text.length > 90 || !namesRole(name) || /[.?!:]$/.test(text)) return false;
  if (/\b(?:duties|responsibilities|tasks|benefits|team|reports? to|contact)\b/i.test(name)) return false;
  const kind = label === '' ? findSectionKind(bareHeading(name)) : null;
  return kind === null || kind === 'other';
}
