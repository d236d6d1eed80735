import { mentionsOrganisation, namesOrganisation, namesRole } from '../fields/names.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Span } from '../model/span.ts';
import type { Parsed } from '../parse.ts';
import { type OkRecord, type Vacancy, vacancySchema } from '../vacancy.ts';
import { describeWarning } from './messages.ts';

/** What stands for words that were left out of a text. */
const LEFT_OUT = '[redacted]';
/** The most words of a person's name. */
const LONGEST_NAME = 5;

const ANY_EMAIL = /[\p{L}\p{N}][\p{L}\p{N}_.+'-]{0,100}@[\p{L}\p{N}-]{1,60}(?:\.[\p{L}\p{N}-]{1,30}){1,5}/gu;
/** A number of ours or of another country, whatever stands between its digits. */
const ANY_PHONE =
  /(?<![\d£])(?:(?:\+|00)44[\s.()/–-]{0,3}(?:0[\s.()/–-]{0,3})?|\(?0)(?:\d[\s.()/–-]{0,3}){8,10}\d(?!\d)|(?<!\d)(?:\+|00)[1-9](?:[\s.()-]{0,2}\d){8,14}(?!\d)/g;
/** What has as many digits and is none: days and times of day. */
const DAYS_OR_TIMES = /\d{1,2}[/.-]\d{1,2}[/.-]\d{2}|^\d{1,2}[.]\d{2}\s?[–-]/;
/** "jo.bloggs [at] example [dot] org", "jo at example dot org" */
const SPELT_OUT =
  /(?<![\w.+-])[\w.+-]{1,60}(?:\s?[[({]\s?at\s?[\])}]\s?[\w-]{1,60}(?:(?:\.|\s?[[({]\s?dot\s?[\])}]\s?)[\w-]{1,30}){1,5}|\sat\s[\w-]{1,60}(?:\sdot\s[\w-]{1,30}){1,5})/gi;
const WORD = /(?<!\p{L})\p{L}(?:[\p{L}’'-]{0,60}\p{L})?/gu;
const CAPITALISED = String.raw`\p{Lu}[\p{L}’'-]{0,30}`;
const HONORIFIC = '(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Rev(?:erend)?|Cllr|Councillor|Sir|Dame|Sister)';
const TITLED = new RegExp(String.raw`\b${HONORIFIC}\.?\s{1,2}(${CAPITALISED}(?:\s${CAPITALISED}){0,2})`, 'gu');
/** Words that a person's name stands behind. */
const LED_BY = new RegExp(
  String.raw`\b(?:[Cc]ontact|[Cc]all|[Rr]ing|[Ee]-?mail|(?:[Ss]peak|[Tt]alk)\s(?:to|with)|(?:[Rr]eport(?:s|ing)?|[Aa]ccountable|[Rr]esponsible|[Ww]rite|[Rr]eply|[Ee]nquiries)\sto|(?:[Ll]ine\s[Mm]anaged|[Ss]upervised)\sby|[Ss]incerely,?\n|[Rr]egards,?\n|[Mm]anager(?=:)|[Nn]ame(?=:)):?\s{1,3}(${CAPITALISED}(?:\s${CAPITALISED}){1,2})`,
  'gu',
);
/** Capitalised words that are nobody's name, or that mean more often something else. */
const NO_NAME = new Set(
  'january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday us me them our your the this today now human resources microsoft office teams equality black money help'.split(
    ' ',
  ),
);
/** The keys whose values are the advert's words; all others have codes, figures and days. */
const WORDS_OF = new Set(['title', 'text', 'duration', 'grade', 'category', 'name', 'website', 'town', 'reference']);

/**
 * A record without people's names, e-mail addresses and telephone numbers: a contact keeps its job title, a text has
 * `[redacted]` in their place, and a quote that overlaps one is null. Organisations and places keep their names. `scrub`
 * does it to any other text of the advert.
 */
export function redact(
  record: OkRecord,
  { document, vacancy, diagnostics }: Parsed,
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
        Object.entries(record.vacancy).map(([key, value]) => [
          key,
          redactValue(key as keyof Vacancy, value, scrub, vacancy),
        ]),
      ),
    ),
    // Their sentences cut what they quote: it is scrubbed before.
    warnings: record.warnings.map((warning, index) => {
      const diagnostic = diagnostics[index];
      if (diagnostic === undefined) return { ...warning, message: scrub(warning.message) };
      const args = mapStrings(diagnostic.args, scrub) as typeof diagnostic.args;
      return { ...warning, message: describeWarning({ ...diagnostic, args } as Diagnostic) };
    }),
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

function redactValue(
  key: keyof Vacancy,
  value: unknown,
  scrub: (text: string) => string,
  { contacts }: Vacancy,
): unknown {
  if (key === 'contacts')
    return (value as Vacancy['contacts']).map(({ jobTitle }) => ({
      name: null,
      jobTitle: jobTitle === null ? null : scrub(jobTitle),
      email: null,
      phone: null,
    }));
  if (key === 'reference') return value; // eleven digits of a reference are no telephone number
  // A place or an employer may be named after a person: there only those go who are contacts too, by their whole names.
  if (key === 'employer' || key === 'location') {
    const whole = contacts.flatMap(({ name }) =>
      name === null || wordsOf(name).length < 2 || isOther(name) ? [] : bareName(name),
    );
    const known = new Set(whole.map((words) => words.toLowerCase()));
    return mapWords(value, (text) => leaveOut(text, findAll(text, known)));
  }
  return mapWords(value, scrub);
}

/** Changes the advert's words in a value, and nothing else. */
function mapWords(value: unknown, change: (text: string) => string, isWords = true): unknown {
  if (typeof value === 'string') return isWords ? change(value) : value;
  if (Array.isArray(value)) return value.map((each) => mapWords(each, change, typeof each === 'object'));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, mapWords(each, change, WORDS_OF.has(key))]),
  );
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapStrings(each, change)]));
}

const bareName = (name: string) => wordsOf(name.replace(new RegExp(`^${HONORIFIC}\\.?\\s`), '')).join(' ');

/** The names of the people that an advert names, in lower case, each as all of its forms. */
function namesIn(text: string, vacancy: Vacancy): ReadonlySet<string> {
  const ordinary = new Set<string>();
  for (const [word] of text.replace(ANY_EMAIL, ' ').matchAll(WORD)) if (word === word.toLowerCase()) ordinary.add(word);
  const { employer, location, title } = vacancy;
  const elsewhere = new Set(wordsOf([employer?.name, location?.text, location?.town, title].join(' ').toLowerCase()));
  const names = new Set<string>();
  /** @param withParts whether "Ask Jane" is meant too: not where a part is a word, or a part of another name. */
  const add = (words: readonly string[], withParts: boolean) => {
    const name = words.map((word) => word.toLowerCase());
    if (name.length === 0 || name.length > LONGEST_NAME) return;
    if (name.length > 1 || withParts) names.add(name.join(' '));
    if (name.length > 2) names.add(`${name[0]} ${name.at(-1)}`);
    if (!withParts) return;
    for (const part of name)
      if (part.length > 2 && !ordinary.has(part) && !elsewhere.has(part) && !NO_NAME.has(part) && !isOther(part))
        names.add(part);
  };
  for (const { name } of vacancy.contacts) if (name !== null && !isDesk(name)) add(wordsOf(bareName(name)), true);
  for (const { 1: name = '', index, 0: all } of text.matchAll(TITLED))
    if (!namesOrganisation(name) && !mentionsOrganisation(name) && !goesOnAsPlace(text, index + all.length))
      add(wordsOf(name), true);
  for (const { 1: name = '', index, 0: all } of text.matchAll(LED_BY)) {
    const words = wordsOf(name);
    const isName = words.every((word) => !NO_NAME.has(word.toLowerCase()) && !ordinary.has(word.toLowerCase()));
    if (isName && !isOther(name) && !goesOnAsPlace(text, index + all.length)) add(words, false);
  }
  // jane.smith@example.org
  for (const [address] of text.matchAll(ANY_EMAIL)) {
    const parts = (address.split('@')[0] ?? '').split(/[._-]/);
    const areNames = parts.every((part) => /^\p{L}{2,30}$/u.test(part) && !ordinary.has(part.toLowerCase()));
    if (parts.length === 2 && areNames && !isOther(parts.join(' '))) names.add(parts.join(' ').toLowerCase());
  }
  return names;
}

const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

/** True for words that name a post, a desk or an organisation. */
const isOther = (words: string) => namesRole(words) || namesOrganisation(words) || mentionsOrganisation(words);

/** True for what is called by its work alone: "Recruitment Team". A cook may be called Cook. */
const isDesk = (name: string) =>
  namesOrganisation(name) ||
  mentionsOrganisation(name) ||
  wordsOf(name).every((word) => namesRole(word)) ||
  /\b(?:Team|Desk|Office|Department|Services?|Resources)\b/.test(name);

/** True where the words behind a name make a place or an organisation of it: "Dr Barnaby's Primary School". */
function goesOnAsPlace(text: string, at: number): boolean {
  const next = /^(?:['’]s?)?\s(?:\p{Lu}[\p{L}’'-]{0,30}\s?){1,3}/u.exec(text.slice(at, at + 80))?.[0] ?? '';
  return mentionsOrganisation(next) || /\b(?:Road|Street|Lane|House|Court|Building|Ward|Suite)\b/.test(next);
}

/** Where a text has an address, a number or one of the names, by place, one apart from the other. */
function findAll(text: string, names: ReadonlySet<string>): Span[] {
  const found: Span[] = [];
  for (const pattern of [ANY_EMAIL, SPELT_OUT, ANY_PHONE])
    for (const { index, 0: words } of text.matchAll(pattern))
      if (pattern !== ANY_PHONE || !DAYS_OR_TIMES.test(words)) found.push({ start: index, end: index + words.length });
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
