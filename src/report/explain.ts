import type { ChalkInstance } from 'chalk';
import type { Evidence } from '../model/candidate.ts';
import { printable } from '../normalise/unicode.ts';
import { type Parsed, placeOf } from '../parse.ts';
import { describeWarning } from './messages.ts';

/** What the terminal is like. */
export interface Paper {
  readonly width: number;
  readonly chalk: ChalkInstance;
}

/** One advert for a person: each value with its words, its place and the rule; then what was set aside, and warnings. */
export function explain(name: string, parsed: Parsed, paper: Paper): string {
  const { chalk } = paper;
  const lines: string[] = [chalk.bold(printable(name)), ''];
  for (const [key, value] of Object.entries(parsed.vacancy)) lines.push(...explainValue(key, value, parsed, paper));
  if (parsed.rejections.length > 0) {
    lines.push('', chalk.bold('Set aside'), '');
    const shown = new Set<string>();
    for (const { field, evidence, reason } of parsed.rejections) {
      const line = `  ${field.padEnd(LABEL)} ${wordsAt(parsed, evidence, paper, LABEL + 3)}  ${chalk.dim(`${REASONS[reason]}; ${where(parsed, evidence)}`)}`;
      if (!shown.has(line)) lines.push(line);
      shown.add(line);
    }
  }
  if (parsed.diagnostics.length > 0) {
    lines.push('', chalk.bold('Warnings'), '');
    for (const diagnostic of parsed.diagnostics)
      lines.push(`  ${chalk.yellow(diagnostic.code)}  ${printable(describeWarning(diagnostic))}`);
  }
  return `${lines.join('\n')}\n`;
}

const REASONS = {
  weaker: 'a firmer statement was taken',
  repeated: 'it says the same again',
  conflicting: 'it says something else; the first was taken',
  decoy: 'it is no such value',
} as const;

/** The width of the column of names. */
const LABEL = 16;

function explainValue(key: string, value: unknown, parsed: Parsed, paper: Paper): string[] {
  const { chalk } = paper;
  if (key === 'criteria')
    return explainCriteria(
      value as Record<string, { text: string; category: string | null; assessedBy: string[] }[]>,
      parsed,
      paper,
    );
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  if (isEmpty) return [`  ${chalk.dim(`${key.padEnd(LABEL)} not stated`)}`];
  const lines = leaves(value).map(([path, leaf], index) => {
    const label = index === 0 ? chalk.cyan(key.padEnd(LABEL)) : ' '.repeat(LABEL);
    return `  ${label} ${path === '' ? '' : `${chalk.dim(path)} `}${chalk.bold(printable(String(leaf)))}`;
  });
  const cited = [...parsed.evidence]
    .filter(([pointer]) => pointer === `/${key}` || pointer.startsWith(`/${key}/`))
    .flatMap(([, list]) => list);
  return [...lines, ...quotes(cited, parsed, paper)];
}

function explainCriteria(
  criteria: Record<string, { text: string; category: string | null; assessedBy: string[] }[]>,
  parsed: Parsed,
  paper: Paper,
): string[] {
  const { chalk } = paper;
  return Object.entries(criteria).flatMap(([importance, items]) => [
    items.length === 0
      ? `  ${chalk.dim(`${importance.padEnd(LABEL)} no criteria`)}`
      : `  ${chalk.cyan(importance.padEnd(LABEL))} ${chalk.bold(`${items.length} ${items.length === 1 ? 'criterion' : 'criteria'}`)}`,
    ...items.map((item, index) => {
      const [evidence] = parsed.evidence.get(`/criteria/${importance}/${index}`) ?? [];
      const place = evidence === undefined ? '' : `  ${chalk.dim(`${where(parsed, evidence)} · ${evidence.rule}`)}`;
      const notes = [item.category, item.assessedBy.join(', ')].filter((note) => note !== null && note !== '');
      return `  ${' '.repeat(LABEL)} · ${printable(item.text)}${notes.length > 0 ? chalk.dim(`  [${printable(notes.join('; '))}]`) : ''}${place}`;
    }),
  ]);
}

/** The values inside a value, with their paths; nulls and empty lists are left out. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

function quotes(cited: readonly Evidence[], parsed: Parsed, paper: Paper): string[] {
  const seen = new Set<string>();
  return cited.flatMap((evidence) => {
    const key = `${evidence.span.start}/${evidence.span.end}/${evidence.rule}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [
      `  ${' '.repeat(LABEL)} ${paper.chalk.dim('└')} ${wordsAt(parsed, evidence, paper, LABEL + 5)}  ${paper.chalk.dim(`${where(parsed, evidence)} · ${evidence.rule}`)}`,
    ];
  });
}

function where(parsed: Parsed, evidence: Evidence): string {
  const { page, line } = placeOf(parsed.document, evidence);
  return page === null ? `line ${line}` : `page ${page}, line ${line}`;
}

function wordsAt(parsed: Parsed, evidence: Evidence, paper: Paper, used: number): string {
  const words = printable(parsed.document.text.slice(evidence.span.start, evidence.span.end).replace(/\s+/g, ' '));
  const room = Math.max(24, paper.width - used - 40);
  return `“${words.length > room ? `${words.slice(0, room - 1)}…` : words}”`;
}
