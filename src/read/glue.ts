import type wordData from '../data/advert-words.json';
import type labelData from '../data/labels.json';
import { loadData } from '../data/load.ts';
import { foldPhrase } from '../normalise/phrases.ts';

/** Where a page's elements were run together: "Job titlePharmacy AssistantDate posted17 February". */
const JOINT = /(?<=[a-z]{2}|\d)(?=[A-Z][a-z]{2})|(?<=[a-z]{3})(?=£|\d)/g;
/** Where two words were: "satisfactoryEnhanced", "isTuesday10 March". */
const WORDS = /(?<=[a-z]{3})(?=[A-Z][a-z]{2})|(?<=[a-z]day)(?=\d{1,2}\s)|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])/g;
/** Two small words run together: "servicesusers". The first has an ending that begins no compound. */
const LONG_WORD = /(?<![\w'’-])[a-z]{9,30}(?![\w'’-])/g;
const ENDED = /(?:[^s]s|ion|ment|ity|ing|ed|ory|al|ex)$/;
/** Words that are written so. */
const CAMEL =
  /\b(?:Ma?c|Java|Type|Coffee|Linked|You|Git|Word|Power|Share|One|Whats|Face|Pay|Dev|Tik|Systm|Post|My|Open|Health|Auto|Photo|Ever|Rail|Air|Hub|Mail|Survey|Team|Quick|Base|Snap|Bit|Care|Data|Service|Sales|Work|Net|Mind|Soft|Black|Fresh|Help|Smart|Think|Log|Next|Red|Play|Track)$/;

/** What every joint has: something small or a figure, and right behind it something that begins. */
const ANY_JOINT = /[a-z][A-Z£\d]|\d[A-Z]|[.!?][A-Z]/;

/** A line is a row of elements run together where it has this many joints, and one for so many characters. */
const DENSE = { joints: 3, characters: 80 };
/** Words are parted only in a text that has this many different joints after a word that no name begins with. */
const DAMAGED = 4;
/** No label is longer. Characters. */
const MAX_LABEL = 40;

const LABELS: ReadonlySet<string> = new Set(
  Object.values(loadData<typeof labelData>('labels.json').labels)
    .flat()
    .map((label) => foldPhrase(label)),
);

const ADVERT_WORDS: ReadonlySet<string> = new Set(loadData<typeof wordData>('advert-words.json').words);

/**
 * Text that lost the breaks between its parts when it was copied: lines that are labels and values run together are
 * parted again, and in a text that is damaged so are words. Others are left as they are, and so are addresses: many names
 * are written with a capital inside.
 */
export function unglue(text: string): string {
  const lines = text.split('\n');
  const suspects = lines.filter((line) => ANY_JOINT.test(line));
  const joints = new Set(suspects.flatMap(damagedJoints));
  const parted = lines.map((line) => (ANY_JOINT.test(line) ? partLabels(line) : line));
  if (joints.size < DAMAGED) return parted.join('\n');
  return parted
    .map((line, index) => (line === lines[index] ? partAt(line, jointsIn(line, WORDS), ' ') : line))
    .join('\n')
    .replace(LONG_WORD, partWords);
}

/** "servicesusers" as two words where both are words of adverts; another word as it was. */
function partWords(word: string): string {
  for (let at = word.length - 4; at >= 5; at--) {
    const first = word.slice(0, at);
    if (ENDED.test(first) && ADVERT_WORDS.has(first) && ADVERT_WORDS.has(word.slice(at)))
      return `${first} ${word.slice(at)}`;
  }
  return word;
}

/** A line of labels and values, each on a line of its own; a line that is none as it was. */
function partLabels(line: string): string {
  const joints = jointsIn(line, JOINT);
  if (joints.length < DENSE.joints || joints.length * DENSE.characters < line.length) return line;
  const parted = partAt(line, joints, '\n');
  return parted.split('\n').some(isLabelled) ? parted : line;
}

const isLabelled = (part: string) => {
  const [label = ''] = part.split(':', 1);
  return label.length <= MAX_LABEL && LABELS.has(foldPhrase(label));
};

/** The words around joints that only damage leaves: a name does not begin with a small letter. */
const damagedJoints = (line: string) =>
  jointsIn(line, WORDS).flatMap((at) => {
    const [before = ''] = /[\w.!?]{1,40}$/.exec(line.slice(Math.max(0, at - 40), at)) ?? [];
    return /^[A-Z]/.test(before) && !/day$|[.!?]$/.test(before) ? [] : [`${before} ${line.slice(at, at + 20)}`];
  });

function jointsIn(line: string, pattern: RegExp): number[] {
  return [...line.matchAll(pattern)]
    .map(({ index }) => index)
    .filter((at) => !CAMEL.test(line.slice(Math.max(0, at - 12), at)) && !isInAddress(line, at));
}

/** No address is longer than this on one side of a joint. Characters. */
const REACH = 200;

function isInAddress(line: string, at: number): boolean {
  const [before = ''] = /\S{0,200}$/.exec(line.slice(Math.max(0, at - REACH), at)) ?? [];
  const [after = ''] = /^\S{0,200}/.exec(line.slice(at, at + REACH)) ?? [];
  return /@|:\/\/|^www\.|[a-z]\.[a-z]|[#_/\\]/i.test(before) || /^[^\s:,;]{0,60}@/.test(after);
}

function partAt(line: string, joints: readonly number[], separator: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const at of joints) {
    parts.push(line.slice(from, at));
    from = at;
  }
  return [...parts, line.slice(from)].join(separator);
}
