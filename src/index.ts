export { ERROR_CODES, type ErrorCode, ReadError } from './model/diagnostic.ts';
export { type ParseOptions, type Parsed, parse, readDocument } from './parse.ts';
export { toErrorRecord, toRecord } from './report/record.ts';
export { recordJsonSchema, recordSchema, type Source, type Vacancy, type VacancyRecord } from './vacancy.ts';
