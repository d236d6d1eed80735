import { EMAIL, PHONE } from '../fields/contacts.ts';
import { mentionsOrganisation, namesOrganisation, namesRole } from '../fields/names.ts';
import type { Span } from '../model/span.ts';
import type { Parsed } from '../parse.ts';
import { type OkRecord, type Vacancy, vacancySchema } from '../vacancy.ts';

/** What stands for words that were left out of a text. */
const LEFT_OUT = '[redacted]';
/** The most words of a person's name. */
const LONGEST_NAME = 5;

const ADDRESSES = [
  new RegExp(EMAIL.source, 'g'),
  new RegExp(PHONE.source, 'g'),
  // "jo.bloggs [at] example [dot] org", and a number with another country's code
  /(?<![\w.+-])[\w.+-]{1,60}\s?[[({]\s?at\s?[\])}]\s?[\w-]{1,60}(?:(?:\.|\s?[[({]\s?dot\s?[\])}]\s?)[\w-]{1,30}){1,5}/gi,
  /\+\d(?:[\s()-]{0,2}\d){8,14}(?!\d)/g,
];
const WORD = /(?<![\p{L}’'-])\p{L}[\p{L}’'-]{0,60}/gu;
const CAPITALISED = String.raw`\p{Lu}[\p{L}’'-]{0,30}`;
const HONORIFIC = '(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Rev(?:erend)?|Cllr|Councillor|Sir|Dame|Sister)';
const TITLED = new RegExp(String.raw`\b${HONORIFIC}\.?\s{1,2}(${CAPITALISED}(?:\s${CAPITALISED}){0,2})`, 'gu');
/** Words that a person's name stands behind. */
const LED_BY = new RegExp(
  String.raw`\b(?:[Cc]ontact|[Cc]all|[Rr]ing|[Ee]-?mail|(?:[Ss]peak|[Tt]alk)\s(?:to|with)|(?:[Rr]eport(?:s|ing)?|[Aa]ccountable|[Rr]esponsible|[Ww]rite|[Rr]eply|[Ee]nquiries)\sto|(?:[Mm]anaged|[Ss]upervised|[Ll]ed)\sby|[Ss]incerely,?|[Rr]egards,?|[Mm]anager(?=:)|[Nn]ame(?=:)):?\s{1,3}(${CAPITALISED}(?:\s${CAPITALISED}){1,2})`,
  'gu',
);

/**
 * A record without people's names, e-mail addresses and telephone numbers: a contact keeps its job title, a text has
 * `[redacted]` in their place, and a quote that overlaps one is null. Organisations and places keep their names. `scrub`
 * does it to any other text of the advert.
 */
export function redact(
  record: OkRecord,
  { document, vacancy }: Parsed,
): { record: OkRecord; scrub: (text: string) => string } {
  const names = namesIn(document.text, vacancy);
  const scrub = (text: string) => leaveOut(text, findAll(text, names));
  const { reference } = vacancy;
  const spans = findAll(document.text, names).filter(({ start, end }) => document.text.slice(start, end) !== reference);
  const overlaps = ({ start, end }: Span) => (spans[firstEndingAfter(spans, start)]?.start ?? end) < end;
  const without: OkRecord = {
    ...record,
    vacancy: vacancySchema.parse(
      Object.fromEntries(
        Object.entries(record.vacancy).map(([key, value]) => [key, redactValue(key as keyof Vacancy, value, scrub)]),
      ),
    ),
    warnings: record.warnings.map((warning) => ({ ...warning, message: scrub(warning.message) })),
    ...(record.evidence === undefined
      ? {}
      : {
          evidence: Object.fromEntries(
            Object.entries(record.evidence).map(([pointer, list]) => [
              pointer,
              list.map((each) => (overlaps(each) ? { ...each, quote: null } : each)),
            ]),
          ),
        }),
  };
  return { record: without, scrub };
}

function redactValue(key: keyof Vacancy, value: unknown, scrub: (text: string) => string): unknown {
  if (key === 'contacts')
    return (value as Vacancy['contacts']).map(({ jobTitle }) => ({
      name: null,
      jobTitle: jobTitle === null ? null : scrub(jobTitle),
      email: null,
      phone: null,
    }));
  // A reference of eleven digits is no telephone number, and a place or an employer may be named after a person.
  const change = key === 'reference' || key === 'employer' || key === 'location' ? withoutEmail : scrub;
  return mapStrings(value, change);
}

const withoutEmail = (text: string) => text.replace(new RegExp(EMAIL.source, 'g'), LEFT_OUT);

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapStrings(each, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapStrings(each, change)]));
}

/** The names of the people that an advert names, in lower case, each as all of its forms. */
function namesIn(text: string, vacancy: Vacancy): ReadonlySet<string> {
  const ordinary = new Set<string>();
  for (const [word] of withoutEmail(text).matchAll(WORD)) if (word === word.toLowerCase()) ordinary.add(word);
  const { employer, location, title } = vacancy;
  const elsewhere = new Set(wordsOf([employer?.name, location?.text, location?.town, title].join(' ').toLowerCase()));
  const names = new Set<string>();
  const add = (words: readonly string[]) => {
    const name = words.map((word) => word.toLowerCase());
    if (name.length === 0 || name.length > LONGEST_NAME) return;
    names.add(name.join(' '));
    if (name.length > 2) names.add(`${name[0]} ${name.at(-1)}`);
    // "Ask Jane": a part of a name alone, unless it is a word, or a part of another name too
    for (const part of name)
      if (part.length > 2 && !ordinary.has(part) && !elsewhere.has(part) && !isOther(part)) names.add(part);
  };
  for (const { name } of vacancy.contacts)
    if (name !== null && !isOther(name)) add(wordsOf(name.replace(new RegExp(`^${HONORIFIC}\\.?\\s`), '')));
  for (const pattern of [TITLED, LED_BY])
    for (const { 1: name = '', index, 0: all } of text.matchAll(pattern))
      if (!isOther(name) && !goesOnAsPlace(text, index + all.length)) add(wordsOf(name));
  // jane.smith@example.org
  for (const [address] of text.matchAll(new RegExp(EMAIL.source, 'g'))) {
    const parts = (address.split('@')[0] ?? '').split(/[._-]/);
    const areNames = parts.every((part) => /^[a-z]{2,30}$/i.test(part) && !ordinary.has(part.toLowerCase()));
    if (parts.length === 2 && areNames && !isOther(parts.join(' '))) names.add(parts.join(' ').toLowerCase());
  }
  return names;
}

const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

/** True for words that name a post, a desk or an organisation. */
const isOther = (words: string) => namesRole(words) || namesOrganisation(words) || mentionsOrganisation(words);

/** True where the words behind a name make a place or an organisation of it: "Dr Barnaby's Primary School". */
function goesOnAsPlace(text: string, at: number): boolean {
  const next = /^(?:['’]s?)?\s(?:\p{Lu}[\p{L}’'-]{0,30}\s?){1,3}/u.exec(text.slice(at, at + 80))?.[0] ?? '';
  return mentionsOrganisation(next) || /\b(?:Road|Street|Lane|House|Court|Building|Ward|Suite)\b/.test(next);
}

/** Where a text has an address, a number or one of the names, by place, one apart from the other. */
function findAll(text: string, names: ReadonlySet<string>): Span[] {
  const found: Span[] = [];
  for (const pattern of ADDRESSES)
    for (const { index, 0: words } of text.matchAll(pattern)) found.push({ start: index, end: index + words.length });
  found.push(...findNames(text, names));
  found.sort((a, b) => a.start - b.start);
  const merged: Span[] = [];
  for (const span of found) {
    const last = merged.at(-1);
    if (last !== undefined && span.start < last.end)
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

function findNames(text: string, names: ReadonlySet<string>): Span[] {
  if (names.size === 0) return [];
  const words = [...text.matchAll(WORD)].map(({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
    word,
  }));
  const found: Span[] = [];
  for (let at = 0; at < words.length; at++) {
    const first = words[at];
    if (first === undefined || first.word === first.word.toLowerCase()) continue;
    let name = '';
    let end: number | null = null;
    let count = 0;
    for (let next = at; next < Math.min(words.length, at + LONGEST_NAME); next++) {
      const { start, end: after, word } = words[next] ?? first;
      const before = words[next - 1];
      if (next > at && before !== undefined && !/^\.?\s{1,3}$/.test(text.slice(before.end, start))) break;
      const bare = word.replace(/['’]s?$/, '');
      name += `${next > at ? ' ' : ''}${bare.toLowerCase()}`;
      if (names.has(name)) [end, count] = [after - (word.length - bare.length), next - at];
    }
    if (end === null) continue;
    found.push({ start: first.start, end });
    at += count;
  }
  return found;
}

/** Text without what stands at spans, which are in order. */
function leaveOut(text: string, spans: readonly Span[]): string {
  let kept = '';
  let end = 0;
  for (const span of spans) {
    kept += text.slice(end, span.start) + LEFT_OUT;
    end = span.end;
  }
  return kept + text.slice(end);
}

/** The place of the first span that ends behind an offset. */
function firstEndingAfter(spans: readonly Span[], offset: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
