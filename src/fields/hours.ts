import { cite } from '../choose.ts';
import type { Evidence } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import { isPlaceholder } from '../normalise/phrases.ts';
import { type Fact, factText } from '../segment/facts.ts';
import { cut, cutMatch, type Passage } from '../segment/passages.ts';
import { type Context, type Field, type Finding, factsOf, sentencesWith } from './field.ts';

const PATTERNS = [
  'full-time',
  'part-time',
  'job-share',
  'flexible-working',
  'home-or-remote-working',
  'compressed-hours',
  'annualised-hours',
  'term-time-only',
  'shift-work',
] as const;

type Pattern = (typeof PATTERNS)[number];

export interface Hours {
  patterns: Pattern[];
  perWeek: { min: number | null; max: number | null } | null;
  text: string | null;
}

export interface HoursValues {
  hours: Hours | null;
}

const figure = z.nullable(z.number().check(z.minimum(0)).check(z.maximum(168)));

/** When and how much the post-holder works. Labelled working-pattern and hours fields decide alone. */
export const hours: Field<HoursValues> = {
  name: 'hours',
  schema: {
    hours: z.nullable(
      z.strictObject({
        patterns: z.array(z.enum(PATTERNS)),
        perWeek: z
          .nullable(z.strictObject({ min: figure, max: figure }))
          .check(z.describe('A stated weekly total only, never summed from clock times')),
        text: z.nullable(z.string()),
      }),
    ),
  },
  read(context) {
    const { finding, warn, others } = reading(context);
    warn?.(context);
    for (const passage of others)
      context.reject({ field: 'hours', evidence: cite('hours/per-week', passage), reason: 'conflicting' });
    return { hours: finding };
  },
};

/** The post's hours as read, and what is to be warned of where the record has them. */
interface Reading {
  readonly finding: Finding<Hours> | null;
  readonly warn?: (context: Context) => void;
  /** Other weekly hours, which running text states. */
  readonly others: readonly Passage[];
}

const readings = new WeakMap<Context['facts'], Reading>();

/** Read once for each advert: pay asks for the hours too. */
function reading(context: Context): Reading {
  const known = readings.get(context.facts);
  if (known !== undefined) return known;
  const found = readHours(context);
  readings.set(context.facts, found);
  return found;
}

/** The weekly hours that the advert states, and the words about them; null where it states none. */
export function weeklyHours(context: Context): { min: number | null; max: number | null; text: string | null } | null {
  const value = reading(context).finding?.value;
  return value?.perWeek == null ? null : { ...value.perWeek, text: value.text };
}

/** What each pattern is called in a field that is about nothing else. */
const IN_FIELD: readonly (readonly [Pattern, RegExp])[] = [
  [
    'full-time',
    /\bfull[\s-]{0,2}time\b(?!\s(?:equivalent|staff))|\bF\/T\b|\bFT\b(?!E)|\bfull[\s-]?(?:or|and|\/|&)\s?part[\s-]?time/i,
  ],
  ['part-time', /\bpart[\s-]{0,2}time\b|\bP\/T\b|\bPT\b|\bpart[\s-]?(?:or|and|\/|&)\s?full[\s-]?time/i],
  ['job-share', /\bjob[\s-]{0,2}shar(?:e|ing)\b/i],
  ['flexible-working', /\bflexible[\s-]working\b|\bflexi[\s-]?time\b|\bflexible hours\b/i],
  [
    'home-or-remote-working',
    /\bhome[\s-]?(?:or remote )?[\s-]?working\b|\bremote(?:[\s-]working)?\b|\bwork(?:ing)? from home\b/i,
  ],
  ['compressed-hours', /\bcompressed (?:hours|week)\b|\b9[\s-]day fortnight\b/i],
  ['annualised-hours', /\bannuali[sz]ed hours\b/i],
  ['term-time-only', /\bterm[\s-]{0,2}time\b|\bTTO\b/i],
  ['shift-work', /\bshifts?(?:[\s-]work(?:ing)?)?\b|\brota\b|\brotating (?:days|nights|shifts)\b|\brostered\b/i],
];

/** What says a pattern of this post in running text. */
const IN_TEXT: readonly (readonly [Pattern, RegExp])[] = [
  [
    'full-time',
    /\b(?:a|is|are|this|both|either|for a|on a|,|and|or)\s(?:permanent,?\s|new,?\s|exciting\s|fixed[\s-]term,?\s|temporary,?\s)?full[\s-]time\b(?!\s(?:equivalent|staff|consultants|places|in the UK|study|education|resident|carer|role model|course|member|employees|colleagues))|\bfull[\s-]time\s(?:post|position|role|vacancy|basis|hours|contract|permanent|,|\(|or part)|^\(?full[\s-]time\b|\s[(–—-]\s?full[\s-]time\)?$/i,
  ],
  [
    'part-time',
    /\b(?:a|is|are|this|both|either|for a|on a|,|and|or|seeking)\s(?:permanent,?\s|new,?\s|exciting\s|fixed[\s-]term,?\s|temporary,?\s)?part[\s-]time\b(?!\s(?:staff|study|course|degree|colleagues|employees))|\bpart[\s-]time\s(?:post|position|role|vacancy|basis|contract|permanent|hours|,|\()|^\(?part[\s-]time\b|\s[(–—-]\s?part[\s-]time\)?$/i,
  ],
  [
    'job-share',
    /\bjob[\s-]shar(?:e|ing|ers)\b(?=[^.]{0,60}\b(?:considered|welcome|available|possible|post|applications|applicants|may|would|can)\b)|\b(?:open to|consider|suitable for|(?:want to|wish to|would like to) do (?:it|this)|hear from two people)\b[^.]{0,40}\bjob[\s-]shar|\b(?:wish|want|like|hoping) to job[\s-]share\b/i,
  ],
  [
    'flexible-working',
    /\bflexible working (?:(?:is|will be|would be|may be|can be|requests|arrangements|options)\s){1,3}(?:considered|available|welcome|possible)[^.]{0,30}\b(?:this|the) (?:post|role|job|position)\b|\b(?:this|the) (?:post|role|job|position) (?:is|can be|could be) (?:open to|suitable for|available for|worked) [^.]{0,20}flexib|\b(?:consider|applications)[^.]{0,60}flexible working arrangements\b/i,
  ],
  [
    'term-time-only',
    /\bterm[\s-]{0,2}time (?:only|plus|\+)|\bterm[\s-]time only\b|\b(?:post|role|job|hours|work(?:ing|ed)?|roles|positions|contract|weeks?|is|are)\b[^.]{0,60}\bterm[\s-]time\b/i,
  ],
  ['annualised-hours', /\bannuali[sz]ed hours (?:contract|basis)|\bon an annuali[sz]ed/i],
  ['compressed-hours', /\b(?:this|the) (?:post|role|job)\b[^.]{0,40}\bcompressed hours\b/i],
  [
    'shift-work',
    /\b(?:you(?:'ll| will)(?: be (?:required|expected) to)? work|work(?:ing|ed)?|worked on|on|covering|cover|post|role|job|hours|includes?|requires?|involves?|between|our|full|various|over)\b[^.]{0,60}\b(?:(?:early|late|night|day|long|twilight|rotating|rotational|varied|alternat(?:e|ing)|mixed|12[\s-]hour|\d{1,2}[\s-]hour)\s(?:and\s\w{1,9}\s)?)?(?:shifts?\b(?!\s(?:leader|co|in\b|manager|towards|the))|(?:rolling|shift|on a|a \d[\s-]week|a|the|staff)\srota\b|shift (?:pattern|system|basis|work))|\brotating nights\b|\bshift work\b/i,
  ],
];

const NEGATED =
  /\b(?:not?|isn['’]t|aren['’]t|cannot|can['’]t|unable|unfortunately|without|rather than|nor|never)\b[^.,;]{0,40}$/i;
const NEGATED_AFTER = /^[^.,;]{0,20}\b(?:is|are)\s(?:not|unfortunately not)\b/i;
/** Benefits, equality text and wishes: never about this post's own pattern. */
const NOT_ABOUT_POST =
  /\b(?:whether|have worked|everyone|(?:some|many|most|others?) of our|some (?:staff|colleagues)|we (?:support|offer|promote|are committed|encourage|believe|understand)|pro[\s-]?rata (?:for|if)|regardless|benefits?|part[\s-]time (?:staff|workers|employees)|able to work|willing(?:ness)? to work|flexible approach|would you like|ability to work|equal|discriminat|legally able|right to work|study|degree|all (?:staff|employees)|policy|request|on[\s-]call rota|volunteers?' rota|staff who)\b/i;

const HOURS_FIGURE = String.raw`(\d{1,2}(?:[.:]\d{1,2})?)`;
const WEEK = String.raw`(?:per\s?week|a\s?week|p\.?\/?\s?w\.?\b|\/\s?w(?:ee)?k|weekly|each week|per wk|every week)`;
const PER_WEEK = new RegExp(
  String.raw`(?<![\d£.:])(?<upTo>(?:up\sto|maximum(?:\sof)?|max\.?)\s{1,3})?(?<from>(?:from|minimum(?:\sof)?|at least)\s{1,3})?${HOURS_FIGURE}(?:\s{0,2}(?:hours|hrs)?\s{0,2}(?:-|–|—|to|and|or)\s{0,2}(?:(?:a\s)?max(?:imum)?(?:\sof)?\s)?${HOURS_FIGURE})?\s{0,2}(?:contracted\s|working\s)?(?:(?:hours|hrs?|h)\.?,?\s{0,2}(?:\(\d[^)]{0,20}\)\s)?(?:of work\s|worked\s|in total\s)?${WEEK}|hpw\b|hours\s?\/\s?week)`,
  'gi',
);
/** "37.5 hours", "22.5", "Hours: 30 to 37.5": in a field labelled as hours per week. */
const BARE = new RegExp(
  String.raw`^\D{0,40}?(?<![\d£.:])${HOURS_FIGURE}(?:\s{0,2}(?:hours|hrs)?\s{0,2}(?:-|–|—|to|or|and)\s{0,2}${HOURS_FIGURE})?\s{0,2}(?:(?:hours|hrs?|h)\b|$|\(|,|;|per\b|a week\b)`,
  'i',
);

/** Figures of a field that are clock times, or hours of a day, a shift or a year. */
const NOT_WEEKLY =
  /\b\d{1,2}[:.]\d\d\s?(?:am|pm)?\s?(?:-|–|to)\s?\d|\d\s?[ap]m\b|\b(?:shifts? of|hours? (?:per|a) (?:day|year|month|shift|night|annum)|per (?:day|month)|annuali[sz]ed)\b|\d,\d{3}/i;

interface PerWeek {
  readonly min: number | null;
  readonly max: number | null;
  readonly passage: Passage;
}

function number(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [whole = '', part] = text.split(':');
  const value = part === undefined ? Number(whole) : Number(whole) + Math.round((Number(part) / 60) * 100) / 100;
  return value > 0 && value <= 168 ? value : null;
}

function findPerWeek(passage: Passage, isField: boolean): PerWeek[] {
  const found: PerWeek[] = [];
  for (const match of passage.text.matchAll(PER_WEEK)) {
    const low = number(match[3]);
    const high = number(match[4]) ?? low;
    if (low === null || high === null) continue;
    const around = passage.text.slice(Math.max(0, match.index - 60), match.index + match[0].length + 15);
    if (
      !isField &&
      /\b(?:full[\s-]time (?:equivalent|staff|week|hours)|working time|average of|maximum of 48|48[\s-]hour|48 hours|more than \d|opt(?:ing)?[\s-]out|working time reg|open(?:s|ing)?|staffed|based on|WTR|opt out|volunteer|caseload|employ|overtime)\b/i.test(
        around,
      )
    )
      continue;
    // "a half timetable (12 hours a week)": what is taught, of a longer week.
    if (!isField && /\btimetabled?\s?(?:\(|of\s|for\s)\s?$/i.test(passage.text.slice(0, match.index))) continue;
    const swapped = low > high;
    found.push({
      min: match.groups?.upTo !== undefined && match[4] === undefined ? null : swapped ? high : low,
      max: match.groups?.from !== undefined && match[4] === undefined ? null : swapped ? low : high,
      passage: cutMatch(passage, match),
    });
  }
  return found;
}

/** "Full-time (36.25 hours)", "Part time - 24 hours": no week is named, and no other can be meant. */
const BESIDE_PATTERN =
  /\b(?:full|part)[\s-]time\s?[-–(,:]{1,2}\s?(\d{1,2}(?:\.\d{1,2})?)\s?(?:hours|hrs)\b(?!\s?(?:per|a|each)\s(?:day|month|year|night|shift))|\bhours (?:of work )?(?:are|is|will be)\s(\d{1,2}(?:\.\d{1,2})?)\s(?:a|per|each) week\b/i;

function besidePattern(passage: Passage): PerWeek[] {
  const match = BESIDE_PATTERN.exec(passage.text);
  const hours = number(match?.[1] ?? match?.[2]);
  return match === null || hours === null || hours > 60
    ? []
    : [{ min: hours, max: hours, passage: cutMatch(passage, match) }];
}

function findBareHours(passage: Passage): PerWeek[] {
  const match = BARE.exec(passage.text);
  // "25-40 hours, including 9 am to 3 pm": what comes after says when, not how much.
  const amount =
    passage.text.split(
      /,\s(?=(?:\d{1,2}[.:]\d\d\b|including|usually|normally|mainly|mostly|spread|worked|with)\b)/,
      1,
    )[0] ?? '';
  if (match !== null && NOT_WEEKLY.test(amount)) return [];
  const low = number(match?.[1]);
  if (match === null || low === null || low > 60) return [];
  const high = number(match[2]) ?? low;
  const isUpTo = match[2] === undefined && /\b(?:up to|maximum(?: of)?|max\.?)\s{1,2}\d/i.test(match[0]);
  return [
    { min: isUpTo ? null : Math.min(low, high), max: Math.max(low, high), passage: cut(passage, 0, match[0].length) },
  ];
}

/** Several posts in one field: lowest to highest. A second field that says something else does not count. */
function span(all: readonly { fact: Fact; found: PerWeek }[]): PerWeek | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const own = all.filter(({ fact }) => fact === first.fact).map(({ found }) => found);
  if (own.length < 2 || !/\b(?:posts?|and|or|roles?|positions?)\b/i.test(factText(first.fact))) return first.found;
  const bounds = own.flatMap(({ min, max }) => [min, max]).filter((value) => value !== null);
  return { ...first.found, min: Math.min(...bounds), max: Math.max(...bounds) };
}

function widest(found: readonly PerWeek[]): PerWeek[] {
  const [first] = found;
  const bounds = found.flatMap(({ min, max }) => [min, max]).filter((value) => value !== null);
  return first === undefined ? [] : [{ ...first, min: Math.min(...bounds), max: Math.max(...bounds) }];
}

interface PatternMark extends Passage {
  readonly pattern: Pattern;
}

function findPatterns(passage: Passage, vocabulary: readonly (readonly [Pattern, RegExp])[]): PatternMark[] {
  return vocabulary.flatMap(([pattern, shape]): PatternMark[] => {
    const match = shape.exec(passage.text);
    if (match === null) return [];
    const end = match.index + match[0].length;
    if (NEGATED.test(passage.text.slice(0, match.index)) || NEGATED_AFTER.test(passage.text.slice(end))) return [];
    return [{ pattern, ...cut(passage, match.index, end) }];
  });
}

function labelledFields(context: Context): Fact[] {
  const facts = factsOf(context, 'workingPattern', 'hours', 'weeksPerYear').filter(
    (fact) => !isPlaceholder(factText(fact)),
  );
  const zone = facts.some((fact) => fact.zone === 'advert') ? 'advert' : facts[0]?.zone;
  const own = facts.filter((fact) => fact.zone === zone);
  const seen = new Set<string>();
  return own.filter((fact) => {
    const text = factText(fact).toLowerCase();
    return seen.has(text) ? false : seen.add(text) !== undefined;
  });
}

/** What no weekly total does without. */
const WEEKLY = /week|hpw|p\.?\/?\s?w\b|wk|(?:full|part)[\s-]time/gi;

const isAt = ({ start, text }: Passage, at: number) => start <= at && at < start + text.length;

function readHours(context: Context): Reading {
  const facts = labelledFields(context);
  const fields = facts.flatMap((fact) => fact.values);
  let marks = fields.flatMap((field) => findPatterns(field, IN_FIELD));
  for (const { label } of facts) {
    if (/^shifts?\b/i.test(label.text)) marks.push({ pattern: 'shift-work', ...label });
  }
  // "Job type: full-time, permanent": a field of the contract says it where those of the hours do not.
  if (!marks.some(({ pattern }) => /-time$/.test(pattern)))
    marks.push(
      ...factsOf(context, 'contractType')
        .flatMap((fact) => fact.values)
        .flatMap((field) => findPatterns(field, IN_FIELD)),
    );
  const spoken = sentencesWith(context, WEEKLY)
    .filter(({ section }) => section.kind !== 'benefits' && section.kind !== 'about-us')
    .flatMap((sentence) => {
      const weekly = findPerWeek(sentence, false);
      const found = weekly.length > 0 ? weekly : besidePattern(sentence);
      // "One post of 30 hours per week and one of 18.5": lowest to highest.
      const isSeveral =
        found.length > 1 &&
        /\b(?:two|three|four|five|six|\d|several) (?:[a-z-]+ )?(?:posts|roles|positions|vacancies|jobs)\b/i.test(
          sentence.text,
        );
      return isSeveral ? widest(found) : found;
    });
  const perWeek =
    span(
      facts.flatMap((fact) =>
        fact.values.flatMap((value) => findPerWeek(value, true).map((found) => ({ fact, found }))),
      ),
    ) ??
    facts.filter((fact) => fact.key === 'hours').flatMap((fact) => fact.values.flatMap(findBareHours))[0] ??
    spoken[0];
  const others = spoken
    .map(({ passage }) => passage)
    .filter(({ start }) => start !== perWeek?.passage.start && !fields.some((field) => isAt(field, start)));
  const textual = facts.length === 0 ? proseMarks(context) : [];
  if (marks.length === 0) marks = textual;
  const patterns = PATTERNS.flatMap((pattern) => {
    const mark = marks.find((candidate) => candidate.pattern === pattern);
    return mark === undefined ? [] : [mark];
  }).sort((a, b) => (fields.length > 0 ? a.start - b.start : 0));
  const warn =
    perWeek !== undefined && fields.length > 0
      ? { warn: (asking: Context) => warnOfConflict(asking, facts, perWeek) }
      : {};
  if (patterns.length === 0 && perWeek === undefined && !saysHours(facts)) return { finding: null, others, ...warn };
  const evidence: Evidence[] = fields.map((field) => cite('hours/labelled', field));
  if (
    perWeek !== undefined &&
    !fields.some(
      (field) => field.start <= perWeek.passage.start && perWeek.passage.start < field.start + field.text.length,
    )
  ) {
    evidence.push(cite('hours/per-week', perWeek.passage));
  }
  if (evidence.length === 0) evidence.push(...patterns.slice(0, 1).map((mark) => cite('hours/pattern', mark)));
  const text =
    facts.length > 0
      ? facts
          .filter((fact) => fact.key !== 'weeksPerYear')
          .map(factText)
          .join('; ')
      : sentenceAround(context, perWeek?.passage ?? patterns[0]);
  return {
    ...warn,
    others,
    finding: {
      value: {
        patterns: patterns.map((mark) => mark.pattern),
        perWeek: perWeek === undefined ? null : { min: perWeek.min, max: perWeek.max },
        text: text === '' ? null : text,
      },
      evidence,
      parts: Object.fromEntries(patterns.map((mark, index) => [`/patterns/${index}`, [cite('hours/pattern', mark)]])),
    },
  };
}

/** A labelled field that says something of hours, even where it names no pattern and no figure. */
function saysHours(facts: readonly Fact[]): boolean {
  return facts.some((fact) =>
    /\d|\b(?:hours?|days?|flexible|negotiable|varied|variable|sessions?)\b/i.test(factText(fact)),
  );
}

/** What no statement of a working pattern does without. */
const A_PATTERN =
  /(?:full|part|term)[\s-]{0,2}time|part[\s-]?(?:or|and|\/|&)|\b[fp]\/?t\b|shar|flexi|home|remote|compress|fortnight|annuali|\btto\b|shift|rota|roster/gi;

function proseMarks(context: Context): PatternMark[] {
  const marks: PatternMark[] = [];
  for (const sentence of sentencesWith(context, A_PATTERN)) {
    const { kind } = sentence.section;
    if (
      /^(?:benefits|essential|desirable|category|person-spec|about-us)$/.test(kind) &&
      !/\b(?:this|the) (?:post|role|position|vacancy) is\b/i.test(sentence.text)
    )
      continue;
    const isWhole = sentence.text.length < 40;
    for (const mark of findPatterns(sentence, isWhole && sentence.zone === 'board' ? IN_FIELD : IN_TEXT)) {
      const at = mark.start - sentence.start;
      const around = sentence.text.slice(Math.max(0, at - 60), at + mark.text.length + 12);
      if (!isWhole && NOT_ABOUT_POST.test(around)) continue;
      if (!marks.some((other) => other.pattern === mark.pattern)) marks.push(mark);
    }
  }
  return marks;
}

/** How a sentence speaks of this post. */
const OF_THIS_POST = /this (?:post|role|job)|the (?:post|role|job) is/gi;

/** Warns where another hours field, or a sentence about this post, states another weekly total. */
function warnOfConflict(context: Context, facts: readonly Fact[], chosen: PerWeek): void {
  const stated = [
    ...facts
      .filter((fact) => fact.key === 'hours')
      .flatMap((fact) => fact.values.flatMap((value) => [...findPerWeek(value, true), ...findBareHours(value)])),
    ...sentencesWith(context, OF_THIS_POST)
      .filter(({ text }) => /\b(?:in|for) this (?:post|role|job)\b|\bthe (?:post|role|job) is\b/i.test(text))
      .flatMap((sentence) => findPerWeek(sentence, false)),
  ];
  const isWithin = (value: number | null) =>
    value === null || ((chosen.min === null || value >= chosen.min) && (chosen.max === null || value <= chosen.max));
  const other = stated.find(({ min, max }) => !isWithin(min) || !isWithin(max));
  if (other === undefined) return;
  const span = { start: other.passage.start, end: other.passage.start + other.passage.text.length };
  context.warn({ code: 'hours/conflict', args: { quote: other.passage.text }, field: '/hours', span });
}

function sentenceAround(context: Context, passage: Passage | undefined): string {
  if (passage === undefined) return '';
  return (
    context.sentences.find(
      (sentence) => sentence.start <= passage.start && passage.start < sentence.start + sentence.text.length,
    )?.text ?? passage.text
  );
}
