export { type ParseAllOptions, parseAll } from './batch/parse-all.ts';
export { ERROR_CODES, type ErrorCode, ReadError } from './model/diagnostic.ts';
export { type Parsed, type ParseOptions, parse, readDocument } from './parse.ts';
export { toErrorRecord, toRecord } from './report/record.ts';
export { recordJsonSchema, recordSchema, type Source, type Vacancy, type VacancyRecord } from './vacancy.ts';
