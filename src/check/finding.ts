import { placeAt } from '../model/document.ts';
import { z } from '../model/schema.ts';
import type { Span } from '../model/span.ts';
import type { Parsed } from '../parse.ts';
import { toJobPosting } from '../report/json-ld.ts';
import type { OkRecord } from '../vacancy.ts';
import { LEVELS, RULE_CODES, RULES, type Rule } from './rules.ts';

/** One finding, as `-f json` prints it on a line. */
export const findingSchema = z.strictObject({
  path: z.string().check(z.describe('The input, as given')),
  code: z.string().check(z.describe('A rule’s, or the error’s of an input that cannot be read')),
  level: z.enum(LEVELS),
  message: z.string(),
  reason: z.nullable(z.string()),
  line: z.nullable(z.int().check(z.minimum(1))).check(z.describe('In what vacancy text prints, from 1')),
  column: z.nullable(z.int().check(z.minimum(1))).check(z.describe('In UTF-16 units, from 1')),
  start: z.nullable(z.int().check(z.minimum(0))),
  end: z.nullable(z.int().check(z.minimum(0))),
  quote: z.nullable(z.string()).check(z.describe('The advert’s words')),
  before: z.nullable(z.string()).check(z.describe('What stands before them on their line')),
  fileLine: z
    .nullable(z.int().check(z.minimum(1)))
    .check(z.describe('The line of the file itself, where it is a text and has those words on one')),
});

export type Finding = z.infer<typeof findingSchema>;

/** JSON Schema (draft 2020-12) of a finding. */
export const findingJsonSchema = (): unknown => z.toJSONSchema(findingSchema, { target: 'draft-2020-12' });

/**
 * What the rules find in an advert, by place, those of the advert as a whole first.
 *
 * @param source the file's own text, where it is one: findings are told by its lines too.
 * @param today the day on which it is looked at, `YYYY-MM-DD`.
 */
export function findingsOf(record: OkRecord, parsed: Parsed, source: string | null, today: string): Finding[] {
  const { missing } = toJobPosting(record, parsed.document, (text) => text);
  const lines = source === null ? [] : source.split(/\r\n?|\n/).map(squash);
  const isVacancy = !parsed.diagnostics.some(({ code }) => code === 'document/not-a-vacancy');
  const findings = RULE_CODES.filter((code) => isVacancy || code === 'document/not-a-vacancy').flatMap((code) => {
    const rule: Rule = RULES[code];
    return rule.find({ parsed, today, missing }).map(({ span, detail, message: own }): Finding => {
      const sentence = own ?? rule.sentence;
      const message = detail === undefined ? sentence : `${sentence.replace(/\.$/, '')} (${detail}).`;
      const place = placeOf(parsed, span, lines);
      return { path: record.source.path, code, level: rule.level, message, reason: rule.reason, ...place };
    });
  });
  return findings.sort((a, b) => (a.start ?? -1) - (b.start ?? -1) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

type Place = Pick<Finding, 'line' | 'column' | 'start' | 'end' | 'quote' | 'before' | 'fileLine'>;

/** The place of what has none. */
export const NOWHERE: Place = {
  line: null,
  column: null,
  start: null,
  end: null,
  quote: null,
  before: null,
  fileLine: null,
};

function placeOf({ document }: Parsed, span: Span | null, lines: readonly string[]): Place {
  if (span === null) return NOWHERE;
  const { line } = placeAt(document, span.start);
  const quote = document.text.slice(span.start, span.end);
  return {
    line,
    column: span.start - (document.lineStarts[line - 1] ?? 0) + 1,
    start: span.start,
    end: span.end,
    quote,
    before: document.text.slice(document.lineStarts[line - 1] ?? 0, span.start),
    fileLine: fileLineOf(squash(quote), line, lines),
  };
}

const squash = (text: string) => text.replace(/[\s\u00a0]+/g, ' ').trim();
/** Characters of a quote that are looked for in the file's lines: the reader may have joined lines behind them. */
const ENOUGH = 24;

/** The nearest line of the file that has the words. */
function fileLineOf(words: string, near: number, lines: readonly string[]): number | null {
  const sought = words.slice(0, ENOUGH);
  let best: number | null = null;
  for (const [index, text] of lines.entries())
    if (sought !== '' && text.includes(sought) && (best === null || Math.abs(index + 1 - near) < Math.abs(best - near)))
      best = index + 1;
  return best;
}
