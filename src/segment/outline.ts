import type { Zone } from '../model/candidate.ts';
import type { Block, DocumentModel, TextBlock } from '../model/document.ts';
import { bareHeading, findLabel, findSectionKind, isBoardChrome, type SectionKind } from './vocabulary.ts';

/** A heading and what stands under it, up to the next heading. Nesting is left to who asks: see `level`. */
export interface Section {
  readonly kind: SectionKind;
  /** Null for what stands before the first heading. */
  readonly heading: TextBlock | null;
  /** The heading's words without numbering and punctuation; empty where there is none. */
  readonly title: string;
  /** The outline level that the format gives the heading; null where it gives none. */
  readonly level: number | null;
  readonly zone: Zone;
  readonly blocks: readonly Block[];
}

/** A document's blocks under their headings, in order; furniture last. What starts at `until` or later is another advert's. */
export function outline(document: DocumentModel, until: number): readonly Section[] {
  const zones = findZones(document, until);
  const size = typicalSize(document.blocks);
  const emphasisMeans = isEmphasisRare(document.blocks);
  const sections: (Section & { blocks: Block[] })[] = [];
  const open = (kind: SectionKind, heading: TextBlock | null, zone: Zone) => {
    const title = heading === null ? '' : bareHeading(heading.text);
    sections.push({ kind, heading, title, level: heading?.style?.headingLevel ?? null, zone, blocks: [] });
  };
  let zone: Zone | null = null;
  for (const [index, block] of document.blocks.entries()) {
    const here = zones[index] ?? 'advert';
    const kind =
      here === 'furniture' || here === 'data' ? null : judgeHeading(document.blocks, index, { size, emphasisMeans });
    if (kind !== null && block.kind !== 'table') {
      open(kind, block, here);
    } else {
      if (zone !== here || sections.length === 0) open('other', null, here);
      sections.at(-1)?.blocks.push(block);
    }
    zone = here;
  }
  return sections;
}

function findZones({ blocks, text }: DocumentModel, until: number): Zone[] {
  const reprint = isBoardChrome(text) || GO_BACK.test(text) ? findReprint(blocks) : 0;
  const tail = blocks.findIndex(
    (block, index) =>
      index > reprint &&
      index > blocks.length / 4 &&
      block.kind !== 'table' &&
      findSectionKind(block.text) === 'similar-jobs',
  );
  return blocks.map((block, index): Zone => {
    if (block.furniture) return 'furniture';
    if (block.data) return 'data';
    if (block.otherJobs || block.span.start >= until) return 'tail';
    if (index < reprint) return 'board';
    return tail >= 0 && index >= tail ? 'tail' : 'advert';
  });
}

/** The words that a job board prints right before what it reprints. */
const GO_BACK = /^go back\s{1,3}\S/im;

/** The index at which a job board's reprint of the employer's advert starts; 0 where the page is no reprint. */
function findReprint(blocks: readonly Block[]): number {
  let chrome = 0;
  for (const [index, block] of blocks.entries()) {
    if (block.kind === 'table') continue;
    if (isBoardChrome(block.text)) chrome++;
    if (index > 5 && GO_BACK.test(block.text)) return index;
    if (chrome === 0) continue;
    const isOpening = /^(?:full )?job description:?$/i.test(block.text);
    // The board's own summary stands before the words that open the reprint.
    if (isOpening && index > 5) {
      const next = blocks
        .slice(index + 1, index + 4)
        .findIndex((other) => other.kind !== 'table' && /^go back\b/i.test(other.text));
      return next >= 0 ? index + 1 + next : index + 1;
    }
  }
  return 0;
}

interface Typography {
  readonly size: number | null;
  /** False where most of the text is bold or in another face, so that it says nothing. */
  readonly emphasisMeans: boolean;
}

/** What section a block opens, by its words, its style and what follows it; null where it is no heading. */
function judgeHeading(blocks: readonly Block[], index: number, typography: Typography): SectionKind | null {
  const block = blocks[index];
  if (block === undefined || block.kind === 'table') return null;
  const { text, style } = block;
  if (text.length > 140 || text === '') return null;
  const next = blocks[index + 1];
  const words = text.split(/\s+/).length;
  const isStyled =
    style?.headingLevel !== undefined ||
    (typography.emphasisMeans && style?.emphasised === true) ||
    (style?.size !== undefined && typography.size !== null && style.size > typography.size * 1.12);
  const known = findSectionKind(text);
  const isLabel =
    (known === 'essential' || known === 'desirable') &&
    words <= 2 &&
    /\d/.test((block.kind === 'list-item' && block.marker) || '');
  if (isLabel) return known;
  if (block.kind === 'list-item' && !isNumberedHeading(blocks, index, isStyled || known !== null)) return null;
  if (known !== null && words <= 14 && !/[a-z][.;]$/.test(text)) {
    if (known === 'category' && !isStyled && !/^[A-Z]/.test(text)) return null;
    return known;
  }
  if (style?.headingLevel !== undefined)
    return next?.kind === 'list-item' || /[:…]$/.test(text) ? (leadInKind(text) ?? 'other') : 'other';
  const bare = bareHeading(text);
  if (findLabel(text) !== null && next?.kind === 'paragraph') return null; // a label with its value below
  const opensList = next?.kind === 'list-item';
  if (opensList && /(?:[:?…–-]|\.\.\.)$/.test(text)) return leadInKind(text) ?? 'other';
  // A heading in much larger type may be a sentence.
  const isLarge = style?.size !== undefined && typography.size !== null && style.size > typography.size * 1.3;
  if (/[.;,]$/.test(text) || words > (isLarge ? 24 : 12) || /^[^A-Za-z]*$/.test(bare) || /:\s+\S/.test(text))
    return null;
  const isUpper = bare === bare.toUpperCase() && /[A-Z]{3}/.test(bare);
  if (isStyled || isUpper) return opensList ? (leadInKind(text) ?? 'other') : 'other';
  const isShort = words <= 8 && /^[A-Z“"]/.test(bare);
  const opensText = next !== undefined && next.kind === 'paragraph' && next.text.length > 90 && text.length < 60;
  const before = blocks[index - 1];
  const isLast = before !== undefined && before.kind === 'paragraph' && before.text.length < 90; // the last line of a list without bullets
  const opensImportance =
    !isLast &&
    next !== undefined &&
    next.kind === 'paragraph' &&
    /^(?:essential|desirable)\b/i.test(next.text) &&
    next.text.length < 60;
  return isShort && (opensList || opensText || opensImportance) ? (leadInKind(text) ?? 'other') : null;
}

/** "5. How to apply": a number before a heading, where the blocks around it are no items of the same list. */
function isNumberedHeading(blocks: readonly Block[], index: number, looksLikeOne: boolean): boolean {
  const isNumbered = (block: Block | undefined) => block?.kind === 'list-item' && /\d/.test(block.marker ?? '');
  // "3.1 Qualifications" over "E1 …": numbers of another kind are of another list.
  const shape = (block: Block | undefined) =>
    block?.kind === 'list-item' ? (block.marker ?? '').replace(/\d+/g, '9').replace(/[.)]$/, '') : '';
  const next = blocks[index + 1];
  return looksLikeOne && isNumbered(blocks[index]) && !(isNumbered(next) && shape(next) === shape(blocks[index]));
}

/** "You will have…", "Are you a nurse who can demonstrate:", "The successful candidate must be able to:". */
const ASKS =
  /\b(?:(?:ideal|successful|suitable|right)\s(?:candidate|applicant|person|post\s?holder)s?(?:\(s\))?\s(?:will|should|must|would|needs?)|(?:candidates|applicants|you|you'll)\s(?:will|should|must|'ll)?\s?(?:have|need|possess|demonstrate|bring)|can you demonstrate|we(?:'re|\sare)?\s(?:looking|searching)\sfor|we\s(?:need|require|would like|ask)(?:\s|$)|you\s(?:will\s)?need$|looking for (?:someone|a person|people)|following criteria|you(?:'ll|\swill|\sshould|\smust)?\s(?:also\s)?be able to|do you have|if you (?:have|are|can)|(?:need|want) from you|essential (?:skills|qualities)|to be considered)/i;
const PROMISES =
  /\b(?:we(?:['’]ll)?\s(?:can\s|will\s|also\s)?(?:offer|provide|give)|what (?:we|you).{0,30}(?:offer|expect from us|get)|in return|benefits|perks|you(?:'ll| will)? (?:also )?(?:receive|enjoy|get)|why\s(?:work|join|choose|us)|would you like)/i;
const TASKS =
  /\b(?:duties|responsib|tasks|accountab|you will be (?:doing|responsible)|the (?:role|job|post) (?:will )?(?:involves?|includes?)|post\s?holder will|(?:the|this|your) (?:role|job|post)[:?]?$|you will:?$|day to day)/i;

function leadInKind(words: string): SectionKind | null {
  const text = words.replace(/’/g, "'");
  if (PROMISES.test(text)) return 'benefits';
  if (ASKS.test(text)) return 'person-spec';
  if (TASKS.test(text)) return 'duties';
  return null;
}

/** The font size that most characters are set in, points; null where the format tells none. */
function typicalSize(blocks: readonly Block[]): number | null {
  const counts = new Map<number, number>();
  for (const block of blocks) {
    if (block.kind === 'table' || block.style?.size === undefined) continue;
    counts.set(block.style.size, (counts.get(block.style.size) ?? 0) + block.text.length);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function isEmphasisRare(blocks: readonly Block[]): boolean {
  let all = 0;
  let emphasised = 0;
  for (const block of blocks) {
    if (block.kind === 'table') continue;
    all += block.text.length;
    if (block.style?.emphasised) emphasised += block.text.length;
  }
  return emphasised < all * 0.5;
}
