import { parse, parseFragment } from 'parse5';
import type { BlockDraft, Format, Reading } from '../../model/document.ts';
import { foldPhrase } from '../../normalise/phrases.ts';
import { decodeText } from '../encoding.ts';
import { type PageParts, readElements } from './blocks.ts';
import { attributeOf, type Element, findAll, plainText } from './dom.ts';
import { findJobPostings, type JobPosting } from './job-posting.ts';

/**
 * Reads a saved web page. What the page's data about the job says (a `JobPosting` in JSON-LD) stands at the end; its
 * description is read as the advert where the page itself does not hold it.
 */
export function readHtml(bytes: Uint8Array, format: Format): Reading {
  const { text, encoding } = decodeText(bytes);
  const page = parse(text.replace(/^\ufeff/, ''));
  const parts = readElements(page, false);
  const [posting, ...others] = findJobPostings(findAll(page, SCRIPT).filter(isData).map(scriptText));
  // A page that lists several jobs says of none that it is this one.
  const own = others.length === 0 ? posting : undefined;
  const advert = own === undefined || holds(parts, own) ? null : readFragment(own.description);
  const data = (own?.lines ?? []).map((line): BlockDraft => ({ kind: 'paragraph', text: line, data: true }));
  return {
    format,
    blocks: [...inOrder(parts), ...(advert === null ? [] : advert.main), ...data],
    pages: null,
    encoding,
  };
}

/** Drafts from HTML that was written by a converter: its line ends may be the author's. */
export function readConverted(html: string): BlockDraft[] {
  return inOrder(readElements(parse(html), true));
}

const SCRIPT: ReadonlySet<string> = new Set(['script']);
const isData = (script: Element) => /^application\/ld\+json\b/i.test((attributeOf(script, 'type') ?? '').trim());
const scriptText = (script: Element) => script.childNodes.map((node) => ('value' in node ? node.value : '')).join('');

/** The running text, the boxes beside it, other jobs, and the site's header and footer last. */
function inOrder({ main, beside, others, furniture }: PageParts): BlockDraft[] {
  return [
    ...main,
    ...beside,
    ...others.map((block): BlockDraft => ({ ...block, otherJobs: true })),
    ...furniture.map((block): BlockDraft => ({ ...block, furniture: true })),
  ];
}

/** A description, which may be escaped once more than it should be. */
function readFragment(html: string): PageParts {
  const fragment = parseFragment(html);
  const text = plainText(fragment);
  return readElements(/<(?:p|ul|li|br|div|h\d)\b[^<>]{0,100}>/i.test(text) ? parseFragment(text) : fragment, false);
}

/** The share of a description's sentences that a page must print for it to hold the advert itself. */
const HELD = 0.3;

/** So many sentences tell. */
const MAX_COMPARED = 60;

function holds({ main, beside }: PageParts, { description }: JobPosting): boolean {
  const words = ` ${foldPhrase([...main, ...beside].flatMap(textsOf).join(' '))} `;
  const sentences = readFragment(description)
    .main.flatMap(textsOf)
    .map(foldPhrase)
    .filter(({ length }) => length > 25)
    .slice(0, MAX_COMPARED);
  const held = sentences.filter((sentence) => words.includes(sentence.slice(0, 200))).length;
  return sentences.length === 0 || held >= HELD * sentences.length;
}

function textsOf(block: BlockDraft): string[] {
  if (block.kind !== 'table') return [block.text];
  return block.rows.flatMap((row) => row.cells.flatMap((cell) => cell.blocks.map(({ text }) => text)));
}
