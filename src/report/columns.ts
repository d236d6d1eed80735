import type { VacancyRecord } from '../vacancy.ts';

/** What a column holds. A list of anything is a cell of text in a flat file, and nested where a format can nest. */
export type ColumnType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'date'
  | 'strings'
  | 'criteria'
  | 'supplements'
  | 'contacts'
  | 'warnings';

/** A column of the flat formats. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** What it is, in a sentence; the record's own key where there is no more to say. */
  readonly about: string;
  readonly read: (record: VacancyRecord) => unknown;
}

/**
 * The columns of `csv` and `parquet`, one row a record: a record's keys in their order, those below a key with its name in
 * front, and what an error record has.
 */
export const COLUMNS: readonly Column[] = [
  ...fromRecord('source', [
    ['path', 'string'],
    ['format', 'string'],
    ['bytes', 'integer'],
    ['sha256', 'string'],
    ['pages', 'integer'],
    ['encoding', 'string'],
  ]),
  {
    name: 'status',
    type: 'string',
    about: 'ok, or error: then no column of the vacancy is filled',
    read: ({ status }) => status,
  },
  ...(['code', 'message', 'hint'] as const).map(
    (key): Column => ({
      name: `error_${key}`,
      type: 'string',
      about: `The error’s ${key}`,
      read: (record) => (record.status === 'error' ? record.error[key] : null),
    }),
  ),
  ...fromVacancy([
    ['title', 'string'],
    ['reference', 'string'],
    ['employer.name', 'string'],
    ['employer.website', 'string'],
    ['location.text', 'string'],
    ['location.town', 'string'],
    ['location.postcode', 'string'],
    ['location.workplace', 'string'],
    ['pay.text', 'string'],
    ['pay.min', 'number'],
    ['pay.max', 'number'],
    ['pay.currency', 'string'],
    ['pay.period', 'string'],
    ['pay.periodStated', 'boolean'],
    ['pay.proRata', 'boolean'],
    ['pay.actual.min', 'number'],
    ['pay.actual.max', 'number'],
    ['pay.alternative.min', 'number'],
    ['pay.alternative.max', 'number'],
    ['pay.alternative.period', 'string'],
    ['pay.scheme', 'string'],
    ['pay.grade', 'string'],
    ['pay.band', 'string'],
    ['pay.spinePoints.min', 'integer'],
    ['pay.spinePoints.max', 'integer'],
    ['pay.supplements', 'supplements'],
    ['pay.flags', 'strings'],
    ['pay.annual.min', 'number'],
    ['pay.annual.max', 'number'],
    ['pay.annual.hoursPerWeek', 'number'],
    ['pay.annual.weeksPerYear', 'number'],
    ['pay.annual.hoursStated', 'boolean'],
    ['datePosted', 'date'],
    ['closingDate', 'date'],
    ['closingTime', 'string'],
    ['closingStatus', 'string'],
    ['mayCloseEarly', 'boolean'],
    ['interviewDate', 'date'],
    ['startDate', 'date'],
    ['contract.type', 'string'],
    ['contract.alternatives', 'strings'],
    ['contract.duration', 'string'],
    ['contract.endDate', 'date'],
    ['hours.patterns', 'strings'],
    ['hours.perWeek.min', 'number'],
    ['hours.perWeek.max', 'number'],
    ['hours.text', 'string'],
    ['criteria.essential', 'criteria'],
    ['criteria.desirable', 'criteria'],
    ['criteria.unspecified', 'criteria'],
    ['dbs.status', 'string'],
    ['dbs.regime', 'string'],
    ['dbs.level', 'string'],
    ['dbs.barredLists', 'strings'],
    ['dbs.regulatedActivity', 'boolean'],
    ['dbs.updateService', 'boolean'],
    ['dbs.paidBy', 'string'],
    ['dbs.text', 'string'],
    ['clearance', 'strings'],
    ['registration', 'strings'],
    ['sponsorship', 'string'],
    ['drivingLicence', 'string'],
    ['contacts', 'contacts'],
  ]),
  {
    name: 'warnings',
    type: 'warnings',
    about: 'The record’s warnings',
    read: (record) => (record.status === 'ok' ? record.warnings : null),
  },
];

/** `pay.spinePoints.min` as a column's name: `pay_spine_points_min`. */
function columnName(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('.', '_');
}

function fromRecord(part: 'source', keys: readonly (readonly [string, ColumnType])[]): Column[] {
  return keys.map(([key, type]) => ({
    name: columnName(`${part}.${key}`),
    type,
    about: `The record’s ${part}.${key}`,
    read: (record) => at(record[part], [key]),
  }));
}

function fromVacancy(paths: readonly (readonly [string, ColumnType])[]): Column[] {
  return paths.map(([path, type]) => {
    const keys = path.split('.');
    return {
      name: columnName(path),
      type,
      about: `The record’s vacancy.${path}`,
      read: (record) => (record.status === 'ok' ? at(record.vacancy, keys) : null),
    };
  });
}

/** The value below keys; null where something on the way is. */
function at(value: unknown, keys: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of keys) found = (found as Record<string, unknown> | null)?.[key] ?? null;
  return found;
}
