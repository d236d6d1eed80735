import type { Zone } from '../model/candidate.ts';
import { type Block, type Cell, cellText, type DocumentModel, type Row, type TextBlock } from '../model/document.ts';
import { squash } from '../normalise/phrases.ts';
import type { Section } from './outline.ts';
import { cut, type Passage, passageOf } from './passages.ts';
import { findLabel, findSectionKind, isCategory, type LabelKey } from './vocabulary.ts';

/** A labelled value: "Closing date: 27 January 2026", a row of a key-value table, or a label on the line above. */
export interface Fact {
  readonly key: LabelKey;
  readonly label: Passage;
  /** The value's passages, at least one: an address may take several. */
  readonly values: readonly [Passage, ...Passage[]];
  readonly zone: Zone;
  /** The kind of the section that the fact stands in. */
  readonly section: Section['kind'];
}

/** The value's words on one line; parts on lines of their own are parted by commas. */
export function factText(fact: Fact): string {
  return squash(fact.values.map((value) => value.text.replace(/,$/, '')).join(', '));
}

/** Every labelled value of a document, in order. Labels with nothing after them give none. */
export function findFacts(document: DocumentModel, sections: readonly Section[]): Fact[] {
  const facts: Fact[] = [];
  const flat = flatten(sections);
  const taken = new Set<number>(); // lines that are the value of the label above them
  for (const [index, place] of flat.entries()) {
    const { block, section } = place;
    const add = (key: LabelKey, label: Passage, values: readonly Passage[]) => {
      const [first, ...rest] = values.flatMap(tickedOptions).filter((value) => value.text !== '');
      if (first !== undefined)
        facts.push({ key, label, values: [first, ...rest], zone: section.zone, section: section.kind });
    };
    if (block.kind === 'table')
      for (const row of withoutStrips(withoutEmptyColumns(block.rows), add)) readRow(row, document, add);
    else {
      if (taken.has(block.span.start)) continue;
      const inline = readInline(passageOf(block));
      for (const fact of inline)
        add(fact.key, fact.label, [fact.value, ...postcodeBelow(fact, flat[index + 1]?.block)]);
      if (inline.length > 0) continue;
      readStacked(flat, index, (key, label, values) => {
        for (const { start } of values) taken.add(start);
        add(key, label, values);
      });
    }
  }
  return facts;
}

/** "Location: 8 Mill Road, Lisnaskill," and the postcode on a line of its own. */
function postcodeBelow({ key, value }: InlineFact, next: Block | undefined): Passage[] {
  const isOpen = /^(?:location|address|workplace)$/.test(key) && value.text.endsWith(',');
  const isPostcode =
    next !== undefined && next.kind !== 'table' && /^[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[A-Z]{2}\.?$/i.test(next.text.trim());
  return isOpen && isPostcode ? [passageOf(next)] : [];
}

const BOX = /[☐☑☒✓✔]|\[\s?[xX✓]?\s?\]/g;

/** "☐ Permanent ☒ Fixed term": the options that are ticked, none where none is; a value without boxes as it is. */
function tickedOptions(value: Passage): Passage[] {
  const boxes = [...value.text.matchAll(BOX)];
  const [first] = boxes;
  if (first === undefined || (boxes.length === 1 && !/^[☐[]/.test(first[0]))) return [value];
  const isAfter = value.text.slice(0, first.index).trim() !== ''; // "Permanent ☐ Fixed term ☒"
  return boxes.flatMap((box, index): Passage[] => {
    if (/^(?:☐|\[\s*\])$/.test(box[0])) return [];
    const end = box.index + box[0].length;
    const before = boxes[index - 1];
    return [
      isAfter
        ? cut(value, before === undefined ? 0 : before.index + before[0].length, box.index)
        : cut(value, end, boxes[index + 1]?.index),
    ];
  });
}

interface Place {
  readonly block: Block;
  readonly section: Section;
  readonly isHeading: boolean;
}

function flatten(sections: readonly Section[]): Place[] {
  return sections.flatMap((section) => [
    ...(section.heading === null ? [] : [{ block: section.heading, section, isHeading: true }]),
    ...section.blocks.map((block) => ({ block, section, isHeading: false })),
  ]);
}

type Add = (key: LabelKey, label: Passage, values: readonly Passage[]) => void;

interface InlineFact {
  readonly key: LabelKey;
  readonly label: Passage;
  readonly value: Passage;
}

/** "Closing date: 3/2/2026 Interview date: 17/2/2026" and "Closing Date – 22.11.20". */
function readInline(line: Passage): InlineFact[] {
  const facts: InlineFact[] = [];
  const passage = cut(line, 0, MAX_LINE);
  const marks = findInlineLabels(passage.text);
  for (const [index, mark] of marks.entries()) {
    const value = cut(passage, mark.end, marks[index + 1]?.start);
    if (value.text !== '') facts.push({ key: mark.key, label: cut(passage, mark.start, mark.labelEnd), value });
  }
  return facts;
}

/** Labels and their values stand within so many characters of a paragraph's start. */
const MAX_LINE = 2_000;

interface LabelMark {
  readonly key: LabelKey;
  readonly start: number;
  readonly labelEnd: number;
  readonly end: number;
}

function findInlineLabels(text: string): LabelMark[] {
  const marks: LabelMark[] = [];
  const opening = !/[:–—-]/.test(text.slice(0, 66))
    ? null
    : /^([^:\n]{2,60}?)(?:\s{0,3}:|\s{1,3}[-–—]\s|(?<=date)[-–—](?=\d))/i.exec(text);
  const key = opening === null ? null : findLabel(opening[1] ?? '');
  const glued = key === null ? findGluedLabel(text) : null;
  if (glued !== null) return [glued];
  if (opening !== null && key !== null && opening[1] !== undefined) {
    marks.push({ key, start: 0, labelEnd: opening[1].length, end: opening[0].length });
  }
  // Labels further on: only those with a colon, and only the longest phrase that is one.
  for (const colon of text.matchAll(/:(?!\/\/|\d)/g)) {
    const from = marks.at(-1)?.end ?? 0;
    if (colon.index < from) continue;
    const before = text.slice(Math.max(from, colon.index - 50), colon.index);
    const label = longestLabel(before, marks.length > 0);
    if (label === null) continue;
    const start = colon.index - label.length;
    marks.push({ key: label.key, start, labelEnd: colon.index, end: colon.index + 1 });
  }
  return marks;
}

const HOURS = /^\d{1,2}(?:\.\d{1,2})?(?:$|\s?(?:hours?|hrs?|per|a week|p\/?w|[-–])|\s?\()/i;
const HOUSE = /^\d{1,4}[a-z]?(?:[-–]\d{1,4})?,?\s[A-Z]/;
const LENGTH = /^\d{1,2}(?:\s?[-–]\s?\d{1,2})?[\s-](?:years?|months?|weeks?)\b/i;
const DAY = /^\d{1,4}(?:st|nd|rd|th)?(?:[\s./-]|$)/;

/** "Salary£25,760 a year", "Working patternPart-time", "Hours per week 22.5": a label and its value without a colon. */
function findGluedLabel(text: string): LabelMark | null {
  if (text.length > 120 || /[.!?]$/.test(text)) return null;
  const start = /^Details\s+/.exec(text)?.[0].length ?? 0;
  for (const joint of text.slice(start, start + 40).matchAll(/(?<=[a-z])(?:\s?(?=[£\d])|(?=[A-Z][a-z]))/g)) {
    const key = findLabel(text.slice(start, start + joint.index));
    // "Band 3" and "Grade 6" are values, not labels with one.
    const isName =
      /^(?:band|grade|payScheme)$/.test(key ?? '') && /\d/.test(text.charAt(start + joint.index + joint[0].length));
    // "CharityWorks Jobs" is a name of its own.
    const isWord = key === 'employer' && !/\s/.test(text.slice(start, start + joint.index)) && joint[0] === '';
    if (key === null || key === 'other' || isName || isWord) continue;
    const value = text.slice(start + joint.index + joint[0].length);
    // "Location 5 minutes from the station" and "Hours 24/7 cover": a sentence that begins with what may be a label.
    if (/^[\d£]/.test(value) && !(VALUES[key] ?? ANY_FIGURE).test(value)) continue;
    return { key, start, labelEnd: start + joint.index, end: start + joint.index + joint[0].length };
  }
  return null;
}

/** What a figure right after a label must go on with to be its value. */
const VALUES: Readonly<Partial<Record<LabelKey, RegExp>>> = {
  salary: /^£|^\d{2}[,.]?\d/,
  hours: HOURS,
  workingPattern: HOURS,
  reference: /^\S{3,30}$/,
  location: HOUSE,
  address: HOUSE,
  workplace: HOUSE,
  contractType: LENGTH,
  duration: LENGTH,
  closingDate: DAY,
  interviewDate: DAY,
  datePosted: DAY,
  startDate: DAY,
};
const ANY_FIGURE = /^\S{1,30}$/;

function longestLabel(before: string, follows: boolean): { key: LabelKey; length: number } | null {
  const words = [...before.matchAll(/\S+/g)].slice(-5);
  for (const word of words) {
    const phrase = before.slice(word.index).trimEnd();
    const key = findLabel(phrase);
    // In the middle of a line a label starts like one, with a capital.
    const startsLabel = /^[A-Z]/.test(phrase) && (follows || word.index > 0);
    if (key !== null && startsLabel) return { key, length: before.length - word.index };
  }
  return null;
}

/** The rows of a table without the columns in which nothing ever stands: they only keep others apart. */
function withoutEmptyColumns(rows: readonly Row[]): readonly Row[] {
  const filled = new Set(
    rows.flatMap(({ cells }) => cells.flatMap((cell) => (cell.blocks.length > 0 ? [cell.column] : []))),
  );
  const isNeeded = ({ column }: { readonly column: number }) => filled.has(column);
  return rows.every(({ cells }) => cells.every(isNeeded))
    ? rows
    : rows.map((row) => ({ ...row, cells: row.cells.filter(isNeeded) }));
}

/**
 * The rows of a table that are no strip of key facts: labels side by side, and the value of each below it. Strips are
 * read on the way.
 */
function withoutStrips(rows: readonly Row[], add: Add): Row[] {
  const left: Row[] = [];
  for (let at = 0; at < rows.length; at++) {
    const [row, below] = [rows[at], rows[at + 1]];
    if (row === undefined) break;
    const keys = row.cells.map((cell) => findLabel(cellText(cell)));
    const isLabels = keys.length > 1 && keys.every((key) => key !== null);
    const hasValues =
      below !== undefined &&
      below.cells.length === row.cells.length &&
      below.cells.every((cell) => cell.blocks.length === 0 || findLabel(cellText(cell)) === null);
    if (!isLabels || !hasValues) {
      left.push(row);
      continue;
    }
    for (const [index, cell] of row.cells.entries()) {
      const [label] = cell.blocks;
      const key = keys[index];
      if (label !== undefined && key !== null && key !== undefined)
        add(key, passageOf(label), (below.cells[index]?.blocks ?? []).map(passageOf));
    }
    at++;
  }
  return left;
}

function readRow(row: Row, document: DocumentModel, add: Add): void {
  const filled = row.cells.filter((cell) => cell.blocks.length > 0);
  const labels = filled.map((cell) =>
    cell.blocks.length <= 2 ? findLabel(cell.blocks.map((block) => block.text).join(' ')) : null,
  );
  let isPaired = false;
  // "Assessment day | … | Interview date | …": in a grid of pairs the first label may be one that nothing knows.
  const isGrid = row.cells.length >= 4 && row.cells.length % 2 === 0 && isShortLabel(row.cells[0]);
  if (row.cells.length >= 2 && ((labels[0] !== null && labels[0] !== undefined) || isGrid)) {
    for (let at = 0; at + 1 < row.cells.length; at++) {
      if (isGrid && at % 2 === 1 && labels[0] === null) continue;
      const cell = row.cells[at];
      const value = row.cells[at + 1];
      const key = cell === undefined ? null : findLabel(cell.blocks.map((block) => block.text).join(' '));
      if (cell === undefined || value === undefined || key === null) continue;
      const text = cellText(value);
      const isLabelToo =
        value.blocks.length === 1 && (/:$/.test(text) || (labels[0] === null && findLabel(text) !== null));
      if (isLabelToo) continue;
      isPaired = true;
      const label = { text: document.text.slice(cell.span.start, cell.span.end), start: cell.span.start };
      const inner =
        value.blocks.length === 1
          ? splitTrailing(passageOf(value.blocks[0] as TextBlock))
          : value.blocks.map(passageOf);
      add(key, label, inner);
      at++;
    }
  }
  if (isPaired) return;
  for (const cell of row.cells) {
    for (const [index, block] of cell.blocks.entries()) {
      const inline = readInline(passageOf(block));
      for (const fact of inline) add(fact.key, fact.label, [fact.value]);
      const key = inline.length === 0 ? findLabel(block.text) : null;
      const next = cell.blocks[index + 1];
      if (
        key !== null &&
        key !== 'other' &&
        next !== undefined &&
        findLabel(next.text) === null &&
        block.kind === 'paragraph'
      )
        add(key, passageOf(block), [passageOf(next)]);
    }
  }
}

const isShortLabel = (cell: Cell | undefined) => {
  const text = cell === undefined ? '' : cellText(cell);
  return text.length > 1 && text.length <= 40 && !/[.;]$/.test(text);
};

function splitTrailing(passage: Passage): Passage[] {
  const [next] = findInlineLabels(passage.text).filter((mark) => mark.start > 0);
  return [next === undefined ? passage : cut(passage, 0, next.start)];
}

/** A label alone on its line, its value on the next one. */
function readStacked(flat: readonly Place[], index: number, add: Add): void {
  const place = flat[index];
  if (place === undefined || place.block.kind !== 'paragraph') return;
  const key = findLabel(place.block.text);
  if (key === null || key === 'other') return;
  // In a list of skills "Organisation" is one of them.
  if (!place.isHeading && /^(?:category|essential|desirable|person-spec|duties|benefits)$/.test(place.section.kind))
    return;
  if (/:\s*$/.test(place.block.text) && !isStackedStyle(flat, index)) return;
  const values: Passage[] = [];
  for (let at = index + 1; at < flat.length && at <= index + (key === 'location' || key === 'address' ? 8 : 1); at++) {
    const next = flat[at];
    if (next === undefined || next.block.kind === 'table' || !isValueOf(next, key, values.length)) break;
    values.push(passageOf(next.block));
    if (/\b[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[A-Z]{2}$/.test(next.block.text)) break; // a postcode ends an address
    const [more] = flat.slice(at + 1, at + 2);
    // Pay may take a second line: "National £… London £…".
    if (
      key === 'salary' &&
      values.length === 1 &&
      more?.block.kind === 'paragraph' &&
      !more.isHeading &&
      /^(?:£|national|london|inner|outer)/i.test(more.block.text) &&
      /£/.test(more.block.text)
    )
      values.push(passageOf(more.block));
  }
  add(key, passageOf(place.block), values);
}

/** What the value of a label must look like where it stands on the line below: "Email" may be a link to share the page. */
const FORMS: Readonly<Partial<Record<LabelKey, RegExp>>> = {
  contactEmail: /@/,
  contactPhone: /\d{3}/,
  website: /\w\.\w/,
};

function isValueOf(place: Place, key: LabelKey, already: number): boolean {
  if (place.block.kind === 'table') return false;
  const { text } = place.block;
  const opening = /^([^:]{2,40}):(?:\s|$)/.exec(text)?.[1];
  const form = FORMS[key];
  if (form !== undefined && !form.test(text)) return false;
  if (findLabel(text) !== null || (opening !== undefined && findLabel(opening) !== null)) return false;
  if (already > 0 && (text.length > 70 || place.isHeading || /[.!?]$/.test(text))) return false;
  if (!place.isHeading) return true;
  const kind = findSectionKind(text);
  // A value may look like a heading by its style alone ("Permanent" in bold), never by its words.
  return kind === null || (key === 'title' && isCategory(text));
}

/**
 * "Closing date:" with its value on the next line is only read where the document does so as a rule: where a label
 * nearby also stands alone and none of those around it has its value beside it.
 */
function isStackedStyle(flat: readonly Place[], index: number): boolean {
  const style = flat[index];
  if (style?.isHeading && style.block.kind !== 'table' && style.block.style?.headingLevel !== undefined) return true;
  let alone = 0;
  let beside = 0;
  for (let at = Math.max(0, index - 8); at < Math.min(flat.length, index + 9); at++) {
    const block = flat[at]?.block;
    if (at === index || block === undefined || block.kind === 'table') continue;
    if (/:\s*$/.test(block.text) && findLabel(block.text) !== null) {
      const next = flat[at + 1]?.block;
      if (next !== undefined && next.kind !== 'table' && !/:/.test(next.text)) alone++;
    } else if (readInline(passageOf(block)).length > 0) beside++;
  }
  return alone > 0 && beside === 0;
}
