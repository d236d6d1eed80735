/** Where a page's elements were run together: "Job titlePharmacy AssistantDate posted17 February". */
const JOINT = /(?<=[a-z]{2}|\d)(?=[A-Z][a-z]{2})|(?<=[a-z]{3})(?=£|\d)/g;
/** Where two words were: "satisfactoryEnhanced", "isTuesday10 March". */
const WORDS = /(?<=[a-z]{3})(?=[A-Z][a-z]{2})|(?<=[a-z]day)(?=\d{1,2}\s)|(?<=[a-z]{3}[.!?])(?=[A-Z][a-z])/g;
/** Words that are written so. */
const CAMEL =
  /\b(?:Ma?c|Java|Type|Coffee|Linked|You|Git|Word|Power|Share|One|Whats|Face|Pay|Dev|Tik|Systm|Post|My|Open|Health|Auto|Photo|Ever|Rail|Air|Hub|Mail|Survey|Team|Quick|Base|Snap|Bit|Care|Data|Service|Sales|Work|Net|Mind|Soft|Black|Fresh|Help|Smart|Think|Log|Next|Red|Play|Track)$/;

/** A line is a row of elements run together where it has this many joints, and one for so many characters. */
const DENSE = { joints: 3, characters: 80 };
/** Words are parted only in a text that has this many joints. */
const DAMAGED = 4;

/**
 * Text that lost the breaks between its parts when it was copied: lines that are labels and values run together are
 * parted again, and in such a text so are words. Others are left as they are: many names are written with a capital inside.
 */
export function unglue(text: string): string {
  const lines = text.split('\n');
  const isDense = lines.map((line) => {
    const joints = line.match(JOINT)?.length ?? 0;
    return joints >= DENSE.joints && joints * DENSE.characters >= line.length;
  });
  const joints = text.match(WORDS)?.length ?? 0;
  if (!isDense.includes(true) && joints < DAMAGED) return text;
  return lines
    .map((line, index) => {
      if (isDense[index]) return line.replace(JOINT, (_, offset: number) => (isCamel(line, offset) ? '' : '\n'));
      return joints < DAMAGED ? line : line.replace(WORDS, (_, offset: number) => (isCamel(line, offset) ? '' : ' '));
    })
    .join('\n');
}

const isCamel = (line: string, offset: number) => CAMEL.test(line.slice(Math.max(0, offset - 12), offset));
