import type { ZodMiniType } from 'zod/mini';
import { type Choice, choose } from '../choose.ts';
import type { Candidate, Evidence, Rejection } from '../model/candidate.ts';
import type { Diagnostic, WarningCode } from '../model/diagnostic.ts';
import type { Fact } from '../segment/facts.ts';
import type { Segmented, Sentence } from '../segment/index.ts';
import type { Passage } from '../segment/passages.ts';
import type { LabelKey } from '../segment/vocabulary.ts';

/** What a field reads from, and where it says what it noticed. There is no clock in it: `asOf` comes from the caller. */
export interface Context extends Segmented {
  /** The day on which the advert was captured, `YYYY-MM-DD`; null where the caller does not say. */
  readonly asOf: string | null;
  /** True where figures per year are asked for (`--annualise`). */
  readonly annualise: boolean;
  readonly warn: (diagnostic: Diagnostic) => void;
  readonly reject: (rejection: Rejection) => void;
}

/** A value and the words that it came from. `parts` holds evidence for what is inside it, by pointer ("/flags/0"). */
export interface Finding<Value> {
  readonly value: Value;
  readonly evidence: readonly Evidence[];
  readonly parts?: Readonly<Record<string, readonly Evidence[]>>;
}

/** What a field found: a finding for each of its keys that the advert states. */
export type Findings<Values> = { readonly [Key in keyof Values]?: Finding<NonNullable<Values[Key]>> | null };

/** One output field, or a family of them that is read together: schema and reading in one place. */
export interface Field<Values extends object> {
  readonly name: string;
  readonly schema: { readonly [Key in keyof Values]: ZodMiniType<Values[Key]> };
  readonly read: (context: Context) => Findings<Values>;
}

/** The labelled values of the given keys, in order; those under "Contact" and after the advert are left out. */
export function factsOf(context: Context, ...keys: readonly LabelKey[]): Fact[] {
  return context.facts.filter((fact) => keys.includes(fact.key) && fact.zone !== 'tail');
}

/** A fact's value as one piece of the text, line ends included where it takes several lines. */
export function wholeValue(context: Context, fact: Fact): Passage {
  const [first] = fact.values;
  const last = fact.values.at(-1) ?? first;
  return { text: context.document.text.slice(first.start, last.start + last.text.length), start: first.start };
}

/** The sentences of the employer's advert and of the board's header, in order. */
export function runningSentences(context: Context): readonly Sentence[] {
  return context.running;
}

/** What was searched for in an advert's sentences, and where it was found. */
const searches = new WeakMap<readonly Sentence[], Map<RegExp, Sentence[]>>();

/**
 * The running sentences in which `needle` stands. One search through the whole text costs less than a pattern tried on
 * each sentence: a rule names here, cheaply, what it cannot do without.
 *
 * @param needle a global pattern for words within a sentence. A search that several rules share is one constant: it is made
 *   once for each object.
 */
export function sentencesWith(context: Context, needle: RegExp): readonly Sentence[] {
  const { running, document } = context;
  const searched = searches.get(running) ?? new Map<RegExp, Sentence[]>();
  searches.set(running, searched);
  const known = searched.get(needle);
  if (known !== undefined) return known;
  const found: Sentence[] = [];
  searched.set(needle, found);
  let at = 0;
  needle.lastIndex = 0;
  while (needle.test(document.text)) {
    const end = needle.lastIndex - 1; // the last character of the match
    let sentence = running[at];
    while (sentence !== undefined && sentence.start + sentence.text.length <= end) sentence = running[++at];
    if (sentence === undefined) break;
    if (sentence.start <= end) {
      found.push(sentence);
      needle.lastIndex = sentence.start + sentence.text.length;
    } else needle.lastIndex = sentence.start;
  }
  needle.lastIndex = 0;
  return found;
}

/** Chooses, records what was set aside, and warns of statements that disagree. */
export function settle<Reading>(
  context: Context,
  field: string,
  candidates: readonly Candidate<Reading>[],
  isSame?: (a: Reading, b: Reading) => boolean,
  conflictCode?: ConflictCode,
): Candidate<Reading> | null {
  const choice: Choice<Reading> | null = choose(field, candidates, isSame);
  if (choice === null) return null;
  for (const rejection of choice.rejections) context.reject(rejection);
  const [conflict] = choice.conflicts;
  if (conflict !== undefined && conflictCode !== undefined) {
    const { span } = conflict.evidence[0];
    const quote = context.document.text.slice(span.start, span.end);
    context.warn({ code: conflictCode, args: { quote }, field: `/${field}`, span });
  }
  return choice.chosen;
}

type ConflictCode = Extract<WarningCode, `${string}/conflict`>;
