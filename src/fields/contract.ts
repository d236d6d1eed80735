import { cite } from '../choose.ts';
import type { Zone } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import { findDates, formatDay, isRealDay } from '../normalise/calendar.ts';
import { isPlaceholder } from '../normalise/phrases.ts';
import { cut, cutMatch, type Passage } from '../segment/passages.ts';
import { type Context, type Field, type Finding, factsOf, runningSentences, sentencesWith } from './field.ts';

const TYPES = [
  'permanent',
  'fixed-term',
  'temporary',
  'secondment',
  'bank',
  'casual',
  'zero-hours',
  'locum',
  'agency',
  'apprenticeship',
  'training',
  'voluntary',
  'honorary',
  'self-employed',
  'loan',
] as const;

type ContractType = (typeof TYPES)[number];

export interface Contract {
  type: ContractType | null;
  alternatives: ContractType[];
  duration: string | null;
  endDate: string | null;
}

export interface ContractValues {
  contract: Contract | null;
}

/** What each type is called in a contract or hours field, where every word is about the contract. */
const IN_FIELD: readonly (readonly [ContractType, RegExp])[] = [
  ['zero-hours', /\b(?:zero|0|nil)[\s-]hours?\b|\bno guaranteed hours\b/i],
  [
    'fixed-term',
    /\bfixed[\s-]{0,2}term\b|\bFTC\b|\b(?:maternity|paternity|parental leave|adoption leave|sickness|secondment) cover\b|\blimited term\b|\btime[\s-]limited\b/i,
  ],
  ['permanent', /\bperm(?:anent)?\b|\bsubstantive\b|\bopen[\s-]ended\b|\bindefinite\b|\btenure[\s-]track\b/i],
  ['apprenticeship', /\bapprentice(?:ship)?\b/i],
  ['secondment', /\bsecond(?:ment|ed)s?\b(?!\scover)/i],
  ['temporary', /\btemp(?:orary)?\b|\binterim\b/i],
  ['bank', /\bbank\b(?!\sholiday)/i],
  ['casual', /\bcasual\b|\bsessional\b|\bad[\s-]hoc\b|\bas and when\b|\brelief\b/i],
  ['locum', /\blocum\b/i],
  ['agency', /\bagency\b|\bsupply\b/i],
  ['training', /\btraining\b|\btrainee\b|\bfoundation programme\b/i],
  ['voluntary', /\bvolunt(?:ary|eer)\b|\bunpaid\b/i],
  ['honorary', /\bhonorary\b/i],
  ['self-employed', /\bself[\s-]employed\b|\boutside IR35\b|\bfreelance\b/i],
  ['loan', /\bloan\b/i],
];

/** What says the type in running text: words about this post, not about a scheme, a benefit or other staff. */
const IN_TEXT: readonly (readonly [ContractType, RegExp])[] = [
  ['zero-hours', /\b(?:zero|0)[\s-]hours?\s(?:contract|basis|post|position)|\bno guaranteed hours\b/i],
  [
    'fixed-term',
    /\bfixed[\s-]{0,2}term\b(?!\spayroll)(?=\s?(?:contract|post|position|appointment|vacancy|role|basis|for\b|from\b|until\b|period|\(|,|\.|:|\d|of\b|to\b|$|maternity|job|and\b|opportunity|funded|position))|\b(?:maternity|paternity|parental|adoption)(?:\sleave)?\scover\b|\b(?:contract|appointment|post|role|position|job)\s(?:is\s|will be\s|offered\s|funded\s|available\s|runs\s|lasts\s|initially\s){0,4}(?:for|of)\s(?:a\s)?(?:up to\s)?(?:fixed\s)?(?:period\sof\s)?(?:\d{1,2}|one|two|three|four|five|six|nine|twelve|eighteen)[\s-](?:month|year|week)s?\b(?!['’]?\s(?:probation|notice|experience))|\b(?:it is|post is) offered for\s\d|\b(?:contract|appointment|post|role|position)\s(?:is\s|will\s|be\s|runs\s|lasts\s|offered\s|funded\s|available\s){1,4}(?:until|to)\s(?:the\s)?\d/i,
  ],
  [
    'permanent',
    /\b(?:on a |is a |a |are |is |,\s|this )permanent\b(?!\s(?:staff|member|residen|right|employees|workforce|home|exclusion|leave to))|\bpermanent\s(?:contract|post|position|role|vacancy|appointment|basis|full|part|job|opportunity|,)|\bopen[\s-]ended (?:contract|post|appointment)|\btenure[\s-]track (?:post|position|appointment|role)|(?:^|\W)permanent(?:$|\s[-–,|])|\b(?:is|are) (?:full|part)[\s-]time and permanent\b/i,
  ],
  [
    'temporary',
    /\b(?:a|this|on a)\stemporary\s(?:contract|post|position|role|vacancy|appointment|basis|job)|\btemporary\s(?:contract|post|position|role|vacancy|appointment|basis)|\binterim (?:post|role|position)\b|\b(?:post|role|position|job|vacancy|contract) is temporary\b|^temporary\b(?=$|,|\s(?:for|until|\())/i,
  ],
  ['bank', /\b(?:staff bank|bank (?:post|contract|role|position|worker|vacancy|basis|staff position))\b/i],
  ['casual', /\b(?:a |on a )?casual\s(?:contract|post|position|role|basis|worker|vacancy)\b/i],
  ['apprenticeship', /\b(?:this|an|the) apprenticeship\b(?!\slevy)/i],
  [
    'secondment',
    /\b(?:secondment (?:opportunity|post|basis|is)|on a secondment|as a secondment|or (?:an? )?secondment)\b/i,
  ],
  ['locum', /\blocum (?:post|position|contract|appointment|basis|role)\b/i],
  ['voluntary', /\b(?:volunteer|voluntary|unpaid) (?:role|position|post|opportunity|placement)\b/i],
  [
    'self-employed',
    /\bon a self[\s-]employed basis\b|\b(?:looking for|seeking|engaging|recruiting|as an?|need) self[\s-]employed\b|\bself[\s-]employed (?:contractor|basis|role|position)\b/i,
  ],
  ['honorary', /\bhonorary (?:contract|appointment|post)\b/i],
];

const DURATION =
  /\b(?:up to\s|minimum of\s|maximum (?:period )?of\s|approximately\s)?(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty[\s-]four)(?:\s?(?:-|–|to)\s?\d{1,2})?[\s-]{1,2}(?:calendar\s)?(?:month|year|week)s?\b/i;

/** Words that a length of time may stand beside without being the length of the contract. */
const NOT_DURATION =
  /\b(?:probation|notice|experience|per week|a week|weekly|per year|review|trial|training period|reserve list|tenure|ago)\b/i;
/** Sentences about others' contracts. */
const NOT_ABOUT_POST =
  /\b(?:payroll|agenc(?:y|ies) for permanent|permanent tenure|permanent staff|our permanent|agency staff|bank and agency|permanent or fixed[\s-]term (?:contract|staff|employees|payroll)|lease|all (?:staff|employees)|staff on|whether (?:you are )?permanent|current role|health questionnaire|substantive post|supply (?:teachers|of))\b/i;

/** Permanent, fixed term and the rest: the labelled field decides, then what the running text says of the post. */
export const contract: Field<ContractValues> = {
  name: 'contract',
  schema: {
    contract: z.nullable(
      z.strictObject({
        type: z.nullable(z.enum(TYPES)),
        alternatives: z.array(z.enum(TYPES)),
        duration: z.nullable(z.string()).check(z.describe("In the advert's words")),
        endDate: z.nullable(z.iso.date()),
      }),
    ),
  },
  read(context) {
    const labelled = readLabelled(context, ['advert', 'board']);
    if (labelled !== null) {
      warnOfConflict(context, labelled);
      return { contract: withEnd(context, labelled) };
    }
    // The page's own words win over the data that its site attached.
    const stated = readStated(context);
    const attached = readLabelled(context, ['data', 'furniture']);
    if (stated === null) return { contract: attached === null ? null : withEnd(context, attached) };
    if (attached !== null) warnOfConflict(context, stated);
    return { contract: stated };
  },
};

/** Warns where another contract field, or a sentence that says what this post is, names another type. */
function warnOfConflict(context: Context, { value, evidence }: Finding<Contract>): void {
  const known = [value.type, ...value.alternatives];
  const from = evidence[0]?.span.start;
  const others = [
    ...factsOf(context, 'contractType').flatMap((fact) =>
      // A paragraph under "Terms" speaks of many things.
      fact.values[0].start === from || fact.values[0].text.length > 120 ? [] : findTypes(fact.values[0], IN_FIELD),
    ),
    ...runningSentences(context)
      .filter(
        ({ text, zone }) =>
          zone === 'advert' && /^this (?:is|post is|role is|job is)\b/i.test(text) && !NOT_ABOUT_POST.test(text),
      )
      .flatMap((sentence) => findTypes(sentence, IN_TEXT)),
  ];
  const other = others.find(({ type }) => !known.includes(type));
  if (other === undefined) return;
  const span = { start: other.start, end: other.start + other.text.length };
  context.warn({ code: 'contract/conflict', args: { quote: other.text }, field: '/contract', span });
}

/** A contract whose end is said in a sentence of its own. */
function withEnd(context: Context, finding: Finding<Contract>): Finding<Contract> {
  if (finding.value.endDate !== null || finding.value.type === 'permanent') return finding;
  for (const sentence of sentencesWith(context, /contract|appointment|post|role|funding|secondment/gi)) {
    if (
      !/\b(?:contract|appointment|post|role|funding|secondment)\b[^.]{0,40}\b(?:ends?|runs?|until|expires?)\b/i.test(
        sentence.text,
      ) ||
      /\b(?:clos|advert|interview|appl(?:y|ication))/i.test(sentence.text)
    )
      continue;
    const length = findLength(sentence);
    if (length?.end === null || length?.end === undefined || length.endDate === null) continue;
    return {
      ...finding,
      value: { ...finding.value, endDate: length.endDate },
      evidence: [...finding.evidence, cite('contract/end-date', length.end)],
    };
  }
  return finding;
}

interface TypeMark extends Passage {
  readonly type: ContractType;
}

function findTypes(passage: Passage, vocabulary: readonly (readonly [ContractType, RegExp])[]): TypeMark[] {
  const marks: TypeMark[] = [];
  for (const [type, pattern] of vocabulary) {
    const match = pattern.exec(passage.text);
    if (match === null || /\b(?:not|no|non)[\s-]$/i.test(passage.text.slice(0, match.index))) continue;
    marks.push({ type, ...cutMatch(passage, match) });
  }
  // "Temporary (fixed term)" and "apprenticeship training" name one thing each.
  const types = new Set(marks.map(({ type }) => type));
  const redundant = (type: ContractType) =>
    (type === 'temporary' &&
      types.has('fixed-term') &&
      /temporary\W{0,3}fixed|fixed[\s-]term\W{0,3}temporary/i.test(passage.text)) ||
    (type === 'training' && types.has('apprenticeship')) ||
    (type === 'fixed-term' && types.size > 1 && !/fixed|FTC|limited/i.test(passage.text)) ||
    (type === 'casual' && types.has('zero-hours') && !/\bcasual\b/i.test(passage.text));
  return marks.filter(({ type }) => !redundant(type)).sort((a, b) => a.start - b.start);
}

function readLabelled(context: Context, zones: readonly Zone[]): Finding<Contract> | null {
  const own = factsOf(context, 'contractType');
  const others = factsOf(context, 'hours', 'workingPattern');
  const extra = factsOf(context, 'duration', 'endDate');
  // Zero hours, bank and casual work are often said in the hours field alone.
  for (const { facts, onlyCasual } of [
    { facts: own, onlyCasual: false },
    { facts: others, onlyCasual: true },
  ]) {
    for (const zone of zones) {
      for (const fact of facts) {
        if (fact.zone !== zone || isPlaceholder(fact.values[0].text)) continue;
        const [value] = fact.values;
        const marks = findTypes(value, IN_FIELD).filter(
          ({ type }) => !onlyCasual || /^(?:zero-hours|bank|casual|permanent|fixed-term)$/.test(type),
        );
        if (marks.length > 0 || (!onlyCasual && findLength(value) !== null))
          return build(marks, value, [...extra.map((each) => each.values[0]), value]);
      }
    }
  }
  const length = extra.find(({ zone }) => zones.includes(zone));
  if (length !== undefined && !isPlaceholder(length.values[0].text) && findLength(length.values[0], true) !== null) {
    return build([], length.values[0], [length.values[0]]);
  }
  return null;
}

/** What no statement of a contract's type does without. */
const A_TYPE =
  /hours?\s|fixed|cover|(?:contract|appointment|post|role|position|job)\s(?:is|will|be|offered|funded|available|runs|lasts|initially|for|of|until|to)\b|guaranteed|permanent|ended|tenure|temporary|interim|bank|casual|apprentice|second|locum|volunt|unpaid|self|honorary|offered for/gi;

function readStated(context: Context): Finding<Contract> | null {
  const found: { marks: TypeMark[]; sentence: Passage }[] = [];
  for (const sentence of sentencesWith(context, A_TYPE)) {
    if (
      /^(?:benefits|duties|terms|about-us)$/.test(sentence.section.kind) &&
      !/\b(?:this|the) (?:post|role|position|contract|job)\b/i.test(sentence.text)
    )
      continue;
    const isOffer = /\b(?:offer|fill)\b[^.]{0,20}\b(?:this|the) (?:role|post|job|position) as\b/i.test(sentence.text);
    if (NOT_ABOUT_POST.test(sentence.text) && !isOffer) continue;
    const marks = findTypes(sentence, IN_TEXT);
    if (marks.length > 0) found.push({ marks, sentence });
  }
  const [first, ...others] = found;
  if (first === undefined) return null;
  for (const { sentence, marks } of others)
    context.reject({
      field: 'contract',
      evidence: cite('contract/type', sentence),
      reason: marks[0]?.type === first.marks[0]?.type ? 'repeated' : 'conflicting',
    });
  return build(first.marks, first.sentence, [first.sentence]);
}

function findLength(
  passage: Passage,
  isWhole = false,
): { duration: Passage | null; end: Passage | null; endDate: string | null } | null {
  const until =
    /\b(?:until|to|till|ending(?: on)?|ends(?: on)?|expires(?: on)?|end date:?)\s{1,2}(?:the\s)?(?=(?:\w{3,9}day\s)?\d)/i.exec(
      passage.text,
    );
  const [date] = findDates(isWhole ? passage.text : passage.text.slice(until?.index ?? passage.text.length));
  const offset = isWhole ? 0 : (until?.index ?? 0);
  const end = date === undefined ? null : cut(passage, offset + date.start, offset + date.end);
  const match = DURATION.exec(passage.text);
  const around =
    match === null ? '' : passage.text.slice(Math.max(0, match.index - 40), match.index + match[0].length + 25);
  const duration = match === null || NOT_DURATION.test(around) ? null : cutMatch(passage, match);
  if (duration === null && end === null) return null;
  const isDay = date !== undefined && date.year !== null && isRealDay(date);
  return { duration, end, endDate: isDay && date.year !== null ? formatDay({ ...date, year: date.year }) : null };
}

function build(marks: readonly TypeMark[], place: Passage, places: readonly Passage[]): Finding<Contract> {
  const lengths = places
    .map((passage) => ({ passage, length: findLength(passage, passage !== place) }))
    .filter(({ length }) => length !== null);
  const duration = lengths.map(({ length }) => length?.duration ?? null).find((value) => value !== null) ?? null;
  const ending =
    lengths.find(({ length }) => length?.endDate !== null && length?.endDate !== undefined)?.length ?? null;
  const [first, ...rest] = marks;
  const hasLength = duration !== null || ending !== null;
  const type = first?.type ?? (hasLength ? 'fixed-term' : null);
  const keepsLength = type !== 'permanent' || rest.length > 0;
  const alternatives = [...new Set(rest.map((mark) => mark.type))].filter((other) => other !== type);
  const cited = [
    cite('contract/type', place),
    ...(duration !== null && keepsLength ? [cite('contract/duration', duration)] : []),
    ...(ending?.end ? [cite('contract/end-date', ending.end)] : []),
  ];
  const parts = Object.fromEntries(
    alternatives.map((type, index) => [
      `/alternatives/${index}`,
      [cite('contract/type', rest.find((mark) => mark.type === type) ?? place)],
    ]),
  );
  return {
    value: {
      type,
      alternatives,
      duration: keepsLength ? (duration?.text ?? null) : null,
      endDate: ending?.endDate ?? null,
    },
    evidence: cited,
    parts,
  };
}
