import { cite } from '../../choose.ts';
import { isOutside } from '../../model/candidate.ts';
import type { Table, TextBlock } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import type { Section } from '../../segment/outline.ts';
import { cut, type Passage, passageOf, sentencesOf } from '../../segment/passages.ts';
import { findLabel } from '../../segment/vocabulary.ts';
import { type Assessment, type AssessmentKey, readAssessments, splitCodes } from './assessment.ts';
import { groupBlocks, joinParts } from './cells.ts';
import { hasInlineList, readInlineLists } from './inline.ts';
import {
  type Assessed,
  bareItem,
  CRITERION_OPENING,
  type Importance,
  type Item,
  isNothing,
  markedCodes,
  ownImportance,
} from './item.ts';
import { headless, isSpecificationTable, type OpenTable, readTable } from './table.ts';

/** Where the walk through a document's sections stands. */
interface State {
  /** True in a section that asks for something: a person specification, or a list of requirements. */
  asks: boolean;
  /** True in a section that calls itself a person specification. */
  inSpecification: boolean;
  /** The outline level of the heading that opened it, where the format gives one. */
  level: number | null;
  category: string | null;
  importance: Importance | null;
  /** The size of the heading that opened the specification, points, where the format gives one. */
  size: number | null;
  /** True where an importance stands over categories, not over a list of its own. */
  spansCategories: boolean;
  /** True once a table has given the specification: lists after it are something else. */
  hasTable: boolean;
}

const SPECIFICATION =
  /\b(?:person(?:nel|al)? (?:spec|profile)|(?:employee|candidate|post|job) specification|selection criteria|specification)/i;
/** Sections that a label "Essential" below them cannot turn into a list of criteria. */
const NEVER = /^(?:benefits|similar-jobs|documents|behaviours|dbs|sponsorship)$/;

/** Every criterion that a document's sections, lists and tables state, in order, repeats included. */
export function walk(sections: readonly Section[], key: AssessmentKey): Item[] {
  const items: Item[] = [];
  let state: State = closed();
  for (const [index, section] of sections.entries()) {
    if (isOutside(section.zone)) continue;
    if (section.zone !== sections[index - 1]?.zone) state = closed();
    const before = sections[index - 1];
    // "Essential", then "To do this job well you will have:": the lead-in opens nothing new.
    const isLeadIn =
      /^(?:essential|desirable)$/.test(before?.kind ?? '') &&
      before?.blocks.length === 0 &&
      /[:…]$/.test(section.heading?.text ?? '') &&
      !/^(?:essential|desirable|category)$/.test(section.kind);
    if (!isLeadIn) state = enter(state, section, sections[index + 1]);
    const heads = headsAbove(before, section);
    if (heads !== null) state = { ...state, importance: null };
    const found = readSection(section, state, key, heads);
    for (const item of found) items.push(item);
    assessCategory(items, state, section, key);
    if (found.some((item) => item.source === 'table')) state = { ...state, hasTable: true };
  }
  return items;
}

/** "Method of assessment: AF, I" on a line of its own, under the lists of a category. */
const ASSESSED_BY =
  /^(?:(?:method|means|mode)s? of assessment|how (?:this (?:is|will be) )?assessed|assess(?:ed|ment)(?: by| method)?|identified by|evidence)\s?[:–-]\s{0,3}(?=\S)/i;

/** Gives the items of a category the assessment that a line after them names for all of them. */
function assessCategory(items: Item[], state: State, section: Section, key: AssessmentKey): void {
  if (!state.asks) return;
  for (const block of section.blocks) {
    if (block.kind === 'table') continue;
    const label = ASSESSED_BY.exec(block.text);
    if (label === null || block.text.length > 120) continue;
    const passage = cut(passageOf(block), label[0].length);
    const evidence = cite('criteria/assessed', passage);
    const assessedBy = readAssessments(passage.text, key).map((method) => ({ method, evidence }));
    for (let at = items.length - 1; at >= 0; at--) {
      const item = items[at];
      if (item === undefined || item.category !== state.category || item.assessedBy.length > 0) break;
      if ((item.evidence[0]?.span.start ?? 0) < block.span.start) items[at] = { ...item, assessedBy };
    }
  }
}

const closed = (): State => ({
  asks: false,
  inSpecification: false,
  level: null,
  category: null,
  importance: null,
  size: null,
  hasTable: false,
  spansCategories: false,
});

/** The state within a section: what its heading opens, goes on with, or ends. */
function enter(state: State, section: Section, next: Section | undefined): State {
  const { kind, title, level } = section;
  const opensImportance = section.blocks.length === 0 && (next?.kind === 'essential' || next?.kind === 'desirable');
  switch (kind) {
    case 'person-spec': {
      const isSpecification = SPECIFICATION.test(title);
      // "Criteria" or "You will have:" within a person specification opens a part of it.
      const within = state.inSpecification && !isSpecification;
      return {
        asks: true,
        inSpecification:
          isSpecification || (within && (level === null || state.level === null || level >= state.level)),
        level: within ? state.level : level,
        category: null,
        importance: null,
        spansCategories: false,
        size: within ? state.size : (section.heading?.style?.size ?? null),
        hasTable: false,
      };
    }
    case 'essential':
    case 'desirable':
      return {
        ...state,
        asks: true,
        level: state.level ?? level,
        importance: kind,
        // "Essential" right above a category is the label of all the categories below it.
        spansCategories: section.blocks.length === 0 && next?.kind === 'category',
        category: state.asks && !(section.blocks.length === 0 && next?.kind === 'category') ? state.category : null,
      };
    case 'category':
      return {
        ...state,
        asks: true,
        level: state.asks ? state.level : level,
        category: squash(title),
        importance: state.spansCategories ? state.importance : null,
      };
    default: {
      if (opensImportance && !NEVER.test(kind))
        return { ...state, asks: true, category: squash(title), importance: null };
      if (!state.asks || section.heading === null) return closed();
      const isDeeper = level !== null && state.level !== null && level > state.level;
      const isWholeList = section.blocks.length > 0 && section.blocks.every((block) => block.kind === 'list-item');
      // "Equal opportunities" with a list, a level below "Person specification", is one of its categories.
      const isFlat =
        level === null &&
        state.level === null &&
        /^(?:equal|equality|diversity|general|travel|flexib|health)/i.test(title);
      if (kind === 'terms' && state.inSpecification && (isDeeper || isFlat) && isWholeList)
        return { ...state, category: squash(title), importance: null };
      if (kind !== 'other') return closed();
      const size = section.heading.style?.size ?? null;
      if (
        size !== null &&
        state.size !== null &&
        !isDeeper &&
        (size > state.size ||
          (size === state.size && !isWholeList && section.blocks.some((block) => block.kind !== 'table')))
      )
        return closed();
      if (state.hasTable && !section.blocks.some((block) => block.kind === 'table')) return closed();
      const holdsList = section.blocks.some(
        (block) => block.kind === 'list-item' || (block.kind === 'table' && isSpecificationTable(block)),
      );
      const isSubtitle = section.blocks.length === 0 || section.blocks.every((block) => block.kind === 'table');
      if (level !== null && state.level !== null && level <= state.level && !isSubtitle) return closed();
      if (!state.inSpecification && !isDeeper && !isSubtitle) return closed();
      if (!isDeeper && !holdsList && !isSubtitle) return closed();
      return { ...state, category: isSubtitle ? null : squash(title), importance: null };
    }
  }
}

/** "Essential" and "Desirable" over a table without heads: its header row was left alone on the page before. */
function headsAbove(before: Section | undefined, section: Section): OpenTable | null {
  const [table] = section.blocks;
  const isPair = before?.kind === 'essential' && before.blocks.length === 0 && section.kind === 'desirable';
  if (!isPair || table?.kind !== 'table') return null;
  return headless(table);
}

function readSection(section: Section, state: State, key: AssessmentKey, heads: OpenTable | null): Item[] {
  const items: Item[] = [];
  const run: TextBlock[] = [];
  let open = heads;
  const flush = () => {
    if (run.length > 0) for (const item of readRun(run.splice(0), section, state, key)) items.push(item);
  };
  for (const block of section.blocks) {
    if (block.kind !== 'table') run.push(block);
    else {
      flush();
      const reading = readSectionTable(block, section, state, key, open);
      for (const item of reading.items) items.push(item);
      open = reading.open;
    }
  }
  flush();
  return items;
}

function readSectionTable(
  table: Table,
  section: Section,
  state: State,
  key: AssessmentKey,
  before: OpenTable | null,
): ReturnType<typeof readTable> {
  const nothing = { items: [], open: null };
  const isSpecification = isSpecificationTable(table);
  if (!isSpecification && !state.asks && before === null) return nothing;
  if (!isSpecification && section.kind === 'duties') return nothing;
  // A table with columns for importance is a person specification wherever it stands.
  const setting = {
    importance: state.asks ? state.importance : null,
    category: state.asks ? state.category : null,
    inSpecification: state.inSpecification || isSpecification,
    key,
  };
  return readTable(table, setting, before);
}

/** Consecutive text blocks of one section. */
function readRun(blocks: readonly TextBlock[], section: Section, state: State, key: AssessmentKey): Item[] {
  const items: Item[] = [];
  const base = { category: state.category, inSpecification: state.inSpecification };
  const hasList = blocks.some((block) => block.kind === 'list-item');
  for (const group of groupBlocks(blocks)) {
    const [first] = group;
    if (first === undefined) continue;
    const inline = group.length === 1 ? readInlineLists(passageOf(first)) : [];
    if (inline.length > 0 && section.kind !== 'duties') {
      const category = /^([A-Z][A-Za-z &/,]{2,40})\s?:\s/.exec(first.text)?.[1];
      const own = category !== undefined && !/^(?:essential|desirable)/i.test(category) ? category : base.category;
      for (const item of inline) items.push({ ...base, ...item, category: own });
      continue;
    }
    if (!state.asks) continue;
    const isItem = first.kind === 'list-item';
    if (!isItem && !isBareItem(first, blocks, state, section, hasList)) {
      if (state.inSpecification || section.kind === 'person-spec') items.push(...proseItems(passageOf(first), base));
      continue;
    }
    const pieces = !isItem && group.length === 1 ? sentencesOf(passageOf(first)) : [];
    if (pieces.length > 1 && pieces.every(({ text }) => text.length > 15)) {
      for (const piece of pieces) items.push(toItem([piece], [first], state, base, key));
      continue;
    }
    const item = toItem(group.map(passageOf), group, state, base, key);
    if (!isNothing(item.text)) items.push(item);
  }
  return items;
}

/** "Closing date: 12 February": a fact of the advert's, whatever list it stands below. */
function isField(text: string): boolean {
  const label = /^([^:]{3,40}):\s/.exec(text)?.[1];
  const key = label === undefined ? null : findLabel(label);
  return key !== null && key !== 'other' && !/^(?:drivingLicence|registration|dbs|clearance)$/.test(key);
}

/** True for a paragraph that is a criterion without a bullet. */
function isBareItem(
  block: TextBlock,
  blocks: readonly TextBlock[],
  state: State,
  section: Section,
  hasList: boolean,
): boolean {
  const { text } = block;
  if (
    /:$/.test(text) ||
    isField(text) ||
    ASSESSED_BY.test(text) ||
    text.length > 400 ||
    /^(?:please|note|applicants who|candidates who|we\b|this\b|if you|(?:the )?(?:person specification|criteria|following)\b|all (?:criteria|applicants)|\*)/i.test(
      text,
    )
  )
    return false;
  if (/\b(?:assessed (?:by|at|through)|application form,? (?:and|or)|a = |shortlist)/i.test(text) && text.length > 30)
    return false;
  const isLabelled = state.importance !== null || section.kind === 'category';
  if (state.importance !== null && !hasList)
    return !/^(?:you|the successful|our|he|she|they)\b/i.test(text) || text.length < 140;
  if (isLabelled) return CRITERION_OPENING.test(text) && text.split(' ').length > 1;
  if (section.kind !== 'person-spec' && !state.inSpecification) return false;
  // A bare line under a heading such as "Job Requirements", not the prose that introduces a list.
  return !hasList && isLikeCriterion(block) && shareOfCriteria(blocks) > 0.5;
}

const isLikeCriterion = ({ text }: TextBlock) => text.length < 250 && CRITERION_OPENING.test(text);

/** How many of a run's blocks begin like a criterion; found once for each run. */
function shareOfCriteria(blocks: readonly TextBlock[]): number {
  const known = shares.get(blocks);
  if (known !== undefined) return known;
  const share = blocks.filter(isLikeCriterion).length / blocks.length;
  shares.set(blocks, share);
  return share;
}

const shares = new WeakMap<readonly TextBlock[], number>();

function toItem(
  passages: readonly Passage[],
  group: readonly TextBlock[],
  state: State,
  base: Pick<Item, 'category' | 'inSpecification'>,
  key: AssessmentKey,
): Item {
  const last = passages.at(-1);
  const marked = last === undefined ? null : splitCodes(last.text, key);
  const bare = passages.map((passage, index) => {
    const own = passage === last && marked !== null ? { ...passage, text: marked.text } : passage;
    return index === 0 || passage === last ? bareItem(own) : own;
  });
  const number = group[0]?.marker ?? '';
  const numbered: Importance | null = /^E\d/.test(number) ? 'essential' : /^D\d/.test(number) ? 'desirable' : null;
  return {
    ...base,
    text: squash(
      joinParts(
        group,
        bare.map(({ text }) => text),
      ),
    ),
    importance:
      ownImportance(passages.map(({ text }) => text).join(' ')) ?? numbered ?? state.importance ?? 'unspecified',
    assessedBy: assessedIn(passages, key, marked?.methods ?? []),
    evidence: bare.map((passage) => cite('criteria/list', passage)),
    source: 'list',
  };
}

/** How the codes beside an item's mark of importance say that it is assessed. */
function assessedIn(passages: readonly Passage[], key: AssessmentKey, codes: readonly Assessment[]): Assessed[] {
  const last = passages.at(-1);
  if (last === undefined) return [];
  const evidence = cite('criteria/assessed', last);
  const methods = codes.length > 0 ? codes : readAssessments(markedCodes(last.text), key);
  return methods.map((method) => ({ method, evidence }));
}

const NOT_A_CRITERION =
  /\b(?:conviction|criminal|disclosure|dbs|early application|apply (?:early|soon|as)|application(?:s)? (?:form|is|are)|right to work|covering letter|cv\b|visit(?:s|ing)? (?:us|the (?:school|site|home|team)|our|www|to the)|vetting|references|it is essential that (?:you (?:apply|complete|read|read)|applicants|all|staff|the)|attendance|training is|this (?:post|role) is|salary|we (?:welcome|encourage|are|offer))/i;
const ABOUT_PERSON =
  /\b(?:experience|knowledge|qualification|degree|phd|doctorate|ability|able|skills?|understanding|registration|commitment|flexib|licen[cs]e|nvq|gcse|diploma|certificate|enthusias|willing|qualities|background|familiarity|proficien|fluen|driver|literacy|level \d|that you (?:have|hold|can))\b/i;

const NAMES_IMPORTANCE =
  /\b(?:essential|desirable|advantage(?:ous)?|preferred|preferable|beneficial)\b|\byou must (?:have|hold|possess)\b/i;

/** Sentences of running text that name their own importance. */
function proseItems(passage: Passage, base: Pick<Item, 'category' | 'inSpecification'>): Item[] {
  if (!NAMES_IMPORTANCE.test(passage.text)) return [];
  return sentencesOf(passage).flatMap((sentence): Item[] => {
    const own = ownImportance(sentence.text.replace(/[.!]$/, ''));
    if (
      /\bessential\b/i.test(sentence.text) &&
      /\bdesirable\b/i.test(sentence.text) &&
      !/\bnot essential\b/i.test(sentence.text)
    )
      return [];
    if (own === null || hasInlineList(sentence.text) || !NAMES_IMPORTANCE.test(sentence.text)) return [];
    if (sentence.text.length > 300 || NOT_A_CRITERION.test(sentence.text) || !ABOUT_PERSON.test(sentence.text))
      return [];
    return [
      {
        ...base,
        text: squash(sentence.text),
        importance: own,
        assessedBy: [],
        evidence: [cite('criteria/prose', sentence)],
        source: 'prose',
      },
    ];
  });
}

/** Prose criteria outside the sections that ask for something. */
export function looseProse(sections: readonly Section[]): Item[] {
  return sections.flatMap((section) => {
    if (
      section.zone !== 'advert' ||
      /^(?:duties|benefits|about-us|terms|dbs|sponsorship|apply|behaviours|contact|jd-meta|person-spec|essential|desirable|category)$/.test(
        section.kind,
      )
    )
      return [];
    // A sentence in bold on a line of its own looks like a heading.
    const heading = section.kind === 'other' && section.heading !== null ? [section.heading] : [];
    return [...heading, ...section.blocks].flatMap((block) =>
      block.kind === 'paragraph' ? proseItems(passageOf(block), { category: null, inSpecification: false }) : [],
    );
  });
}
