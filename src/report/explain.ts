import type { ChalkInstance } from 'chalk';
import type { Evidence, Rejection, RejectionReason } from '../model/candidate.ts';
import { placeAt } from '../model/document.ts';
import { printable, printableLine } from '../normalise/unicode.ts';
import type { Parsed } from '../parse.ts';
import { describeWarning } from './messages.ts';

/** What the terminal is like. */
export interface Paper {
  readonly width: number;
  readonly chalk: ChalkInstance;
}

/**
 * One advert for a person: each value, below it its words, their place and the rule that read them, and what else was
 * found and why it was not taken; then the warnings.
 */
export function explain(name: string, parsed: Parsed, paper: Paper): string {
  const { chalk } = paper;
  const lines: string[] = [
    chalk.bold(printableLine(name)),
    chalk.dim('Lines are those that `vacancy text` prints.'),
    '',
  ];
  for (const [key, value] of Object.entries(parsed.vacancy)) lines.push(...explainValue(key, value, parsed, paper));
  if (parsed.diagnostics.length > 0) {
    lines.push('', chalk.bold('Warnings'), '');
    for (const diagnostic of parsed.diagnostics) {
      lines.push(`  ${chalk.yellow(diagnostic.code)}`);
      lines.push(...wrap(printable(describeWarning(diagnostic)), paper.width - 4).map((line) => `    ${line}`));
    }
  }
  return `${lines.join('\n')}\n`;
}

const REASONS: { readonly [Reason in RejectionReason]: string } = {
  weaker: 'a firmer statement was taken',
  repeated: 'says the same again',
  conflicting: 'says something else: the first was taken',
  elsewhere: "stands outside the employer's advert",
  decoy: 'is about something else',
};

/** The width of the column of names. */
const LABEL = 16;
const INDENT = ' '.repeat(LABEL + 3);
/** How many of the candidates that were not taken are shown for each value. */
const MAX_LOST = 6;

function explainValue(key: string, value: unknown, parsed: Parsed, paper: Paper): string[] {
  if (key === 'criteria') return explainCriteria(value as Criteria, parsed, paper);
  const { chalk } = paper;
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  const stated = isEmpty
    ? [`  ${chalk.dim(`${key.padEnd(LABEL)} not stated`)}`]
    : leaves(value).flatMap(([path, leaf], index) => {
        const label = index === 0 ? chalk.cyan(key.padEnd(LABEL)) : ' '.repeat(LABEL);
        const name = path === '' ? '' : `${path} `;
        return wrap(printable(leaf), paper.width - INDENT.length - name.length).map((line, at) =>
          at === 0
            ? `  ${label} ${chalk.dim(name)}${chalk.bold(line)}`
            : `${INDENT}${' '.repeat(name.length)}${chalk.bold(line)}`,
        );
      });
  const cited = [...parsed.evidence]
    .filter(([pointer]) => pointer === `/${key}` || pointer.startsWith(`/${key}/`))
    .flatMap(([, list]) => list);
  return [...stated, ...quotes(cited, parsed, paper), ...lost(key, parsed, paper)];
}

type Criteria = Readonly<
  Record<string, readonly { text: string; category: string | null; assessedBy: readonly string[] }[]>
>;

function explainCriteria(criteria: Criteria, parsed: Parsed, paper: Paper): string[] {
  const { chalk } = paper;
  return Object.entries(criteria).flatMap(([importance, items]) => [
    items.length === 0
      ? `  ${chalk.dim(`${importance.padEnd(LABEL)} no criteria`)}`
      : `  ${chalk.cyan(importance.padEnd(LABEL))} ${chalk.bold(`${items.length} ${items.length === 1 ? 'criterion' : 'criteria'}`)}`,
    ...items.flatMap((item, index) => {
      const [evidence] = parsed.evidence.get(`/criteria/${importance}/${index}`) ?? [];
      const notes = [item.category, item.assessedBy.join(', ')].filter((note) => note !== null && note !== '');
      const place = evidence === undefined ? [] : [`${where(parsed, evidence)} · ${evidence.rule}`];
      const text = wrap(printable(item.text), paper.width - INDENT.length - 2);
      return [
        ...text.map((line, at) => `${INDENT}${at === 0 ? '· ' : '  '}${line}`),
        `${INDENT}  ${chalk.dim([...notes.map((note) => printable(note ?? '')), ...place].join('; '))}`,
      ];
    }),
    ...lost(importance, parsed, paper),
  ]);
}

/** The values inside a value, with their paths: a list of words on one line, a list of things one line each. */
function leaves(value: unknown, path = ''): [string, string][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object'))
    return value.length === 0 ? [] : [[path, value.join(', ')]];
  if (Array.isArray(value))
    return value.map((item): [string, string] => [
      path,
      leaves(item)
        .map(([name, leaf]) => `${name} ${leaf}`)
        .join(' · '),
    ]);
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

function quotes(cited: readonly Evidence[], parsed: Parsed, paper: Paper): string[] {
  const seen = new Set<string>();
  return cited.flatMap((evidence) => {
    const key = `${evidence.span.start}/${evidence.span.end}/${evidence.rule}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const place = `${where(parsed, evidence)} · ${evidence.rule}`;
    return beside(paper.chalk.dim('└'), quoted(parsed, evidence, place, paper), place, paper);
  });
}

/** What else was found for a value, and why it was not taken. */
function lost(key: string, parsed: Parsed, paper: Paper): string[] {
  const { chalk } = paper;
  const all: Rejection[] = [];
  const taken = [...parsed.evidence].flatMap(([pointer, list]) =>
    pointer === `/${key}` || pointer.startsWith(`/${key}/`) ? list.map(({ span }) => span) : [],
  );
  for (const rejection of parsed.rejections) {
    const { span } = rejection.evidence;
    // Words that are cited for the value were not left aside, whichever rule met them again.
    const isTaken = taken.some((other) => span.start < other.end && other.start < span.end);
    if (rejection.field !== key || isTaken) continue;
    all.push(rejection);
    taken.push(span);
  }
  const lines = all.slice(0, MAX_LOST).flatMap(({ evidence, reason }) => {
    const why = reason === 'repeated' && taken.length === 0 ? 'gave no value: see the warnings' : REASONS[reason];
    const place = `${where(parsed, evidence)} · ${why}`;
    return beside(chalk.red('✗'), chalk.dim(quoted(parsed, evidence, place, paper)), place, paper);
  });
  return all.length <= MAX_LOST ? lines : [...lines, `${INDENT}${chalk.dim(`✗ and ${all.length - MAX_LOST} more`)}`];
}

function where(parsed: Parsed, evidence: Evidence): string {
  const { page, line } = placeAt(parsed.document, evidence.span.start);
  return page === null ? `line ${line}` : `page ${page}, line ${line}`;
}

/** Words and what is said of them: on one line, where the terminal has room for some words beside it, else on two. */
function beside(mark: string, words: string, place: string, { width, chalk }: Paper): string[] {
  return hasRoom(place, width)
    ? [`${INDENT}${mark} ${words}  ${chalk.dim(place)}`]
    : [`${INDENT}${mark} ${words}`, `${INDENT}  ${chalk.dim(place)}`];
}

/** The fewest characters of a quote that tell what it is. */
const LEAST_QUOTE = 24;
const hasRoom = (place: string, width: number) => width - INDENT.length - place.length - 6 >= LEAST_QUOTE;

/** The words, shortened so that they and what is said of them fill one line of the terminal. */
function quoted(parsed: Parsed, evidence: Evidence, place: string, { width }: Paper): string {
  const words = printable(parsed.document.text.slice(evidence.span.start, evidence.span.end).replace(/\s+/g, ' '));
  const taken = hasRoom(place, width) ? place.length + 6 : 4;
  const room = Math.max(LEAST_QUOTE, width - INDENT.length - taken);
  return `“${words.length > room ? `${words.slice(0, room - 1)}…` : words}”`;
}

/** A text in lines of at most `width` characters, words left whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > Math.max(20, width)) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
