import type labelData from '../data/labels.json';
import { loadData } from '../data/load.ts';
import type headingData from '../data/section-headings.json';
import { escapePattern, foldPhrase } from '../normalise/phrases.ts';

const headings = loadData<typeof headingData>('section-headings.json');
const labels = loadData<typeof labelData>('labels.json');

/** What a section of an advert is about. `other` is a heading that the vocabulary does not know. */
export type SectionKind = keyof (typeof headingData)['sections'] | 'other';

/** What a labelled value is about. `other` labels are known, and are no field of a vacancy. */
export type LabelKey = keyof (typeof labelData)['labels'];

function index<Key extends string>(groups: Readonly<Record<Key, readonly string[]>>): ReadonlyMap<string, Key> {
  const phrases = new Map<string, Key>();
  for (const key of Object.keys(groups) as Key[])
    for (const phrase of groups[key]) phrases.set(foldPhrase(phrase), key);
  return phrases;
}

const SECTIONS = index(headings.sections);
const LABELS = index(labels.labels);
const CATEGORY_WORDS: ReadonlySet<string> = new Set(headings.categoryWords);
const CATEGORY_CORES: ReadonlySet<string> = new Set(headings.categoryCores);
const BOARD_CHROME = new RegExp(headings.boardChrome.map(escapePattern).join('|'), 'i');

/** "It would be great if you also …", "Even better if you have": a folded heading that opens what is not needed. */
const IS_BONUS =
  /^(?:it(?:'d| would| will| could) (?:also )?be (?:great|good|nice|helpful|useful|brilliant|fantastic|an advantage|a bonus|a plus|even better)\b|it(?:'s| is) (?:great|a bonus|a plus|an advantage|even better) if\b|even better if\b|bonus points\b|(?:we'd|we would) (?:also )?(?:love|like) it if\b|ideally,? you(?:'ll| will| would)?(?: also)?(?: have| be| bring)?$)/;

/** "The person we want", "Who we need", "The kind of colleague that we are looking for". */
const WANTED =
  /^(?:the (?:(?:kind|sort|type) of )?(?:person|people|individual|colleague|candidate|teacher|nurse)|who|someone) (?:that |whom? )?(?:we|we're|we are) (?:want|need|seek|looking for|are looking for|would like|hope to find|hope for)$/;

/** No heading is longer, in characters. */
const MAX_HEADING = 300;

/** What "essential" and "desirable" are said of in a heading. */
const ASKED_FOR =
  /\b(?:skills?|criteria|requirements?|experience|qualifications?|qualities|knowledge|attributes|as an?)\b/;

/** The section that a heading's words open, by the vocabulary; null where it does not know them. */
export function findSectionKind(heading: string): SectionKind | null {
  if (heading.length > MAX_HEADING) return null;
  return remembered(kinds, heading, judgeHeading);
}

/** What was found for the words of headings and labels that were asked about: the same lines are met again and again. */
const kinds = new Map<string, SectionKind | null>();
const labelKeys = new Map<string, LabelKey | null>();
/** How many answers are kept before all of them are forgotten. */
const MEMORY = 4_000;

function remembered<Answer>(memory: Map<string, Answer>, words: string, find: (words: string) => Answer): Answer {
  const known = memory.get(words);
  if (known !== undefined) return known;
  if (memory.size >= MEMORY) memory.clear();
  const answer = find(words);
  memory.set(words, answer);
  return answer;
}

function judgeHeading(heading: string): SectionKind | null {
  const phrase = foldPhrase(bareHeading(heading));
  if (phrase === '') return null;
  const known = SECTIONS.get(phrase);
  if (known !== undefined) return known;
  // "Essential: skill in cooking" is a criterion and its importance, not a heading.
  if (/^(?:essential|desirable)[^:]{0,30}:\s+\S/i.test(heading)) return null;
  if (isShort(phrase, 6) && ASKED_FOR.test(phrase)) {
    if (/^essential\b/.test(phrase) && !/\bdesirable\b/.test(phrase)) return 'essential';
    if (/^desirable\b/.test(phrase)) return 'desirable';
  }
  if (isShort(phrase, 12)) {
    if (IS_BONUS.test(phrase)) return 'desirable';
    if (WANTED.test(phrase)) return 'person-spec';
    if (/^(?:what |the things )?you (?:must|absolutely need to|will need to) (?:already )?have$/.test(phrase))
      return 'essential';
    if (/^(?:our|the) (?:\w+ )?(?:core )?(?:behaviours|values and behaviours|behaviours and values)$/.test(phrase))
      return 'behaviours';
    if (/^(?:the )?behaviours (?:that |which )?(?:we|you|this role|assessed|required|needed)\b/.test(phrase))
      return 'behaviours';
  }
  const stated =
    /^(?:the )?following (?:\w+ ){0,2}(essential|desirable) (?:criteria|requirements|skills|qualities)\b/.exec(phrase);
  if (stated !== null && isShort(phrase, 30)) return stated[1] === 'essential' ? 'essential' : 'desirable';
  const separator = /\s[-–—|]\s|:\s|\s\(/.exec(heading);
  const opening = SECTIONS.get(foldPhrase(bareHeading(heading.slice(0, separator?.index))));
  if (
    opening !== undefined &&
    /^(?:person-spec|duties|summary|terms|essential|desirable)$/.test(opening) &&
    isShort(phrase, 16)
  )
    return opening;
  return isCategory(phrase) ? 'category' : null;
}

/** The field that a label names; null where it is no label. */
export function findLabel(text: string): LabelKey | null {
  return text.length > 60 ? null : remembered(labelKeys, text, lookUpLabel);
}

function lookUpLabel(text: string): LabelKey | null {
  return (
    LABELS.get(
      foldPhrase(
        text
          .replace(/(?<![\s:*–—-])[\s:*–—-]+$/, '')
          .replace(
            /\((?:s|if applicable|optional|(?:please )?tick[^)]{0,30}|select[^)]{0,20}|delete[^)]{0,20})\)/gi,
            '',
          ),
      ),
    ) ?? null
  );
}

/** True where every word of a folded phrase is one that headings of a person specification are made of. */
export function isCategory(phrase: string): boolean {
  const words = phrase.split(/[\s/'+]+/).filter((word) => word !== '');
  return (
    words.length <= 8 &&
    words.every((word) => CATEGORY_WORDS.has(word)) &&
    words.some((word) => CATEGORY_CORES.has(word))
  );
}

/** True for the words that a job board prints around the advert. */
export function isBoardChrome(text: string): boolean {
  return BOARD_CHROME.test(text);
}

/** A heading without its numbering, punctuation and emoji. */
export function bareHeading(text: string): string {
  return text
    .replace(/^(?:section\s{1,2}\d{1,2}\s{0,2}[:.–-]?\s|\(?(?:\d{1,2}(?:\.\d{1,2})?|[a-h])[.)]?\s{1,3}(?=[A-Z]))/i, '')
    .replace(/(?<![\s:;?!.…*–—-])[\s:;?!.…*–—-]+$/, '')
    .trim();
}

function isShort(phrase: string, words: number): boolean {
  return phrase.split(' ').length <= words;
}
