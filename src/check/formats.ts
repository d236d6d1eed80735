import type { ChalkInstance } from 'chalk';
import { printable, printableJson, printableLine } from '../normalise/unicode.ts';
import type { Finding } from './finding.ts';
import { type Level, RULE_CODES, RULES, type Rule } from './rules.ts';

export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

/** How findings are written: what stands before them all, each, and what ends them. */
export interface Printer {
  readonly begin: string;
  /** @param count how many were written before it. */
  readonly finding: (finding: Finding, count: number) => string;
  readonly end: string;
}

export function printerOf(format: Format, version: string, chalk: ChalkInstance): Printer {
  switch (format) {
    case 'json':
      return { begin: '', finding: (finding) => `${printableJson(JSON.stringify(finding))}\n`, end: '' };
    case 'sarif':
      return sarif(version);
    case 'github':
      return { begin: '', finding: toAnnotation, end: '' };
    default:
      return { begin: '', finding: (finding) => toText(finding, chalk), end: '' };
  }
}

const COLOURS = { error: 'red', warning: 'yellow', note: 'cyan' } as const satisfies Record<Level, string>;
/** Characters of a quote, and of its line before it, that are shown. */
const SHOWN = { quote: 80, before: 60 };

/** "a.txt:12:15: error closing-date/past: …", and below it the words with a caret under each. */
function toText(finding: Finding, chalk: ChalkInstance): string {
  const { path, line: row, column, level, code, message, quote, before } = finding;
  const place = row === null ? '' : `:${row}:${column}`;
  const head = `${printableLine(path)}${place}: ${chalk[COLOURS[level]](level)} ${code}: ${printableLine(message)}\n`;
  if (quote === null) return head;
  const first = printable(quote).split('\n')[0] ?? '';
  const line = first.replaceAll('\t', ' ');
  const words = line.length > SHOWN.quote ? `${line.slice(0, SHOWN.quote - 1)}…` : line;
  const shown = printableLine((before ?? '').replaceAll('\t', ' ')).slice(-SHOWN.before);
  const carets = chalk[COLOURS[level]]('^'.repeat(Math.max(1, words.length)));
  return `${head}  ${shown}${words}\n  ${' '.repeat(shown.length)}${carets}\n`;
}

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const satisfies Record<Level, string>;

/** A workflow command of GitHub Actions: https://docs.github.com/actions/reference/workflow-commands. */
function toAnnotation({ path, level, code, message, fileLine, quote }: Finding): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const place = `file=${property(printableLine(path))}${fileLine === null ? '' : `,line=${fileLine}`}`;
  const words = quote === null ? '' : ` “${printableLine(quote).slice(0, SHOWN.quote)}”`;
  return `::${COMMANDS[level]} ${place},title=${property(code)}::${data(printableLine(message) + words)}\n`;
}

/** SARIF 2.1.0 (OASIS), as code-scanning pages read it. A line is told where the file itself has it. */
function sarif(version: string): Printer {
  const rules = RULE_CODES.map((code) => {
    const rule: Rule = RULES[code];
    return {
      id: code,
      shortDescription: { text: rule.sentence },
      fullDescription: { text: rule.reason },
      defaultConfiguration: { level: rule.level },
    };
  });
  const driver = JSON.stringify({ name: 'vacancy-parser', semanticVersion: version, rules });
  const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
  return {
    begin: `{"$schema":"${schema}","version":"2.1.0","runs":[{"tool":{"driver":${driver}},"columnKind":"utf16CodeUnits","results":[`,
    finding: (finding, count) => `${count > 0 ? ',' : ''}\n${printableJson(JSON.stringify(toResult(finding)))}`,
    end: '\n]}]}\n',
  };
}

function toResult({ path, code, level, message, fileLine, quote }: Finding): unknown {
  const ruleIndex = RULE_CODES.indexOf(code as (typeof RULE_CODES)[number]);
  return {
    ruleId: code,
    ...(ruleIndex < 0 ? {} : { ruleIndex }), // an input that cannot be read breaks none of the rules
    level,
    message: { text: quote === null ? message : `${message} “${quote.replace(/\s+/g, ' ').slice(0, SHOWN.quote)}”` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(path) },
          region: { startLine: fileLine ?? 1 },
        },
      },
    ],
  };
}

/** A path as SARIF takes it: a relative one as a relative reference, one from the root as an address of its own (SARIF1004). */
function toUri(path: string): string {
  if (path === '-') return 'stdin';
  const reference = path.split('/').map(encodeURIComponent).join('/');
  return reference.startsWith('/') ? `file://${reference}` : reference;
}
