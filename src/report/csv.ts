import { stringify } from 'csv-stringify/sync';
import { printable } from '../normalise/unicode.ts';
import type { Vacancy, VacancyRecord } from '../vacancy.ts';
import { COLUMNS, type Column, type ColumnType } from './columns.ts';

type Criterion = Vacancy['criteria']['essential'][number];
type Supplement = NonNullable<Vacancy['pay']>['supplements'][number];
type Contact = Vacancy['contacts'][number];

/** What parts the items of a cell; in an item it is written as the broken bar. */
const BETWEEN = ' | ';

/**
 * How a row is written: RFC 4180 with line feeds. A text that a spreadsheet would take for a formula gets an apostrophe in
 * front, as OWASP advises; figures are written as they are. Semicolons are quoted like commas: LibreOffice parts cells at
 * both unless told otherwise, and what stands behind one would be a formula again.
 */
const OPTIONS = { escape_formulas: true, quoted_match: ';', record_delimiter: '\n' } as const;

/** The names of the columns, as the first line of a file. */
export const csvHead = (): string => stringify([COLUMNS.map(({ name }) => name)], OPTIONS);

/** A record as a row. */
export const csvRow = (record: VacancyRecord): string =>
  stringify(
    [
      COLUMNS.map(({ name, type, read }) =>
        name === 'source_path' ? printable(record.source.path).replace(/[\t\n]/g, ' ') : cell(type, read(record)),
      ),
    ],
    OPTIONS,
  );

function cell(type: ColumnType, value: unknown): string | number {
  if (value === null) return '';
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map((item) => line(inWords(type, item)).replaceAll('|', '¦')).join(BETWEEN);
  return line(String(value));
}

/** A cell is one line: many readers part rows at every line feed. */
const line = (text: string) => printable(text).replace(/\s+/g, ' ').trim();

function inWords(type: ColumnType, item: unknown): string {
  if (type === 'criteria') return (item as Criterion).text;
  if (type === 'warnings') return (item as { code: string }).code;
  if (type === 'supplements') {
    const { type: kind, text } = item as Supplement;
    return `${kind}: ${text}`;
  }
  if (type === 'contacts') {
    const { name, jobTitle, email, phone } = item as Contact;
    return [name, jobTitle, email, phone].filter((part) => part !== null).join('; ');
  }
  return String(item);
}

const TYPES: { readonly [Type in ColumnType]: { type: string; format?: string } } = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'date', format: '%Y-%m-%d' },
  strings: { type: 'string' },
  criteria: { type: 'string' },
  supplements: { type: 'string' },
  contacts: { type: 'string' },
  warnings: { type: 'string' },
};

/** The columns as a Table Schema (Frictionless Data), which tools for CSV read. */
export function csvSchema(): unknown {
  const note = ({ type, about }: Column) =>
    ['string', 'integer', 'number', 'boolean', 'date'].includes(type)
      ? about
      : `${about}: ${WORDS[type] ?? 'the items'}, parted by “${BETWEEN}”`;
  return {
    $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
    fields: COLUMNS.map((column) => ({ name: column.name, ...TYPES[column.type], description: note(column) })),
    missingValues: [''],
  };
}

const WORDS: { readonly [Type in ColumnType]?: string } = {
  criteria: 'their texts',
  supplements: 'type and text of each',
  contacts: 'name, job title, e-mail address and telephone number of each, as far as they are stated, parted by “; ”',
  warnings: 'their codes',
};
