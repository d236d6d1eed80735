import type { SchemaElement } from 'hyparquet';
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer';
import type { VacancyRecord } from '../vacancy.ts';
import { COLUMNS, type ColumnType } from './columns.ts';

/** Records to a row group: they are in memory until it is written. */
const ROW_GROUP = 1_000;

type Leaf = 'STRING' | 'BOOLEAN' | 'INT64' | 'DOUBLE' | 'DATE';
/** A value, a list of something, or a group of named values. */
type Shape = Leaf | { readonly list: Shape } | { readonly group: Readonly<Record<string, Shape>> };

const STRINGS: Shape = { list: 'STRING' };
const SHAPES: { readonly [Type in ColumnType]: Shape } = {
  string: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  strings: STRINGS,
  criteria: { list: { group: { text: 'STRING', category: 'STRING', assessedBy: STRINGS } } },
  supplements: {
    list: { group: { type: 'STRING', text: 'STRING', amount: 'DOUBLE', percent: 'DOUBLE', included: 'BOOLEAN' } },
  },
  contacts: { list: { group: { name: 'STRING', jobTitle: 'STRING', email: 'STRING', phone: 'STRING' } } },
  warnings: {
    list: { group: { code: 'STRING', field: 'STRING', message: 'STRING', start: 'INT64', end: 'INT64' } },
  },
};

const LEAVES: { readonly [Name in Leaf]: Omit<SchemaElement, 'name'> } = {
  STRING: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  BOOLEAN: { type: 'BOOLEAN' },
  INT64: { type: 'INT64' },
  DOUBLE: { type: 'DOUBLE' },
  DATE: { type: 'INT32', converted_type: 'DATE' },
};

/** A column's elements, as Parquet has them: lists with their two levels. */
function elements(name: string, shape: Shape): SchemaElement[] {
  if (typeof shape === 'string') return [{ name, repetition_type: 'OPTIONAL', ...LEAVES[shape] }];
  if ('list' in shape)
    return [
      { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elements('element', shape.list),
    ];
  const fields = Object.entries(shape.group);
  return [
    { name, repetition_type: 'OPTIONAL', num_children: fields.length },
    ...fields.flatMap(([field, each]) => elements(field, each)),
  ];
}

const SCHEMA: SchemaElement[] = [
  { name: 'vacancies', num_children: COLUMNS.length },
  ...COLUMNS.flatMap(({ name, type }) => elements(name, SHAPES[type])),
];

/** A value as the writer takes it: whole numbers as bigints, days as dates. */
function converted(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (shape === 'INT64') return BigInt(value as number);
  if (shape === 'DATE') return new Date(`${value}T00:00:00Z`);
  if (typeof shape === 'string') return value;
  if ('list' in shape) return (value as unknown[]).map((item) => converted(shape.list, item));
  const fields = Object.entries(shape.group);
  return Object.fromEntries(
    fields.map(([field, each]) => [field, converted(each, (value as Record<string, unknown>)[field])]),
  );
}

/** Records to the bytes of one Parquet file, a row group at a time. */
export class ParquetRecords {
  readonly #put: (bytes: Uint8Array) => Promise<void>;
  readonly #writer = new ByteWriter();
  readonly #file: ParquetWriter;
  #rows: VacancyRecord[] = [];

  constructor(put: (bytes: Uint8Array) => Promise<void>) {
    this.#put = put;
    this.#file = new ParquetWriter({ writer: this.#writer, schema: SCHEMA, createdBy: 'vacancy-parser' });
  }

  async add(record: VacancyRecord): Promise<void> {
    this.#rows.push(record);
    if (this.#rows.length >= ROW_GROUP) await this.#writeGroup();
  }

  async finish(): Promise<void> {
    if (this.#rows.length > 0) await this.#writeGroup();
    await this.#file.finish();
    await this.#flush();
  }

  async #writeGroup(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    const columnData: ColumnSource[] = COLUMNS.map(({ name, type, read }) => ({
      name,
      data: rows.map((row) => converted(SHAPES[type], read(row))),
    }));
    await this.#file.write({ columnData, rowGroupSize: ROW_GROUP });
    await this.#flush();
  }

  /** Hands over what was written since the last time; the writer goes on counting where it stands. */
  async #flush(): Promise<void> {
    const bytes = new Uint8Array(this.#writer.buffer, 0, this.#writer.index).slice();
    this.#writer.index = 0;
    if (bytes.length > 0) await this.#put(bytes);
  }
}

/** The columns and what they hold, for people and programs that ask before they read. */
export function parquetSchema(): unknown {
  return { fields: COLUMNS.map(({ name, type, about }) => ({ name, type: SHAPES[type], description: about })) };
}
