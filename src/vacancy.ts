import { contacts } from './fields/contacts.ts';
import { contract } from './fields/contract.ts';
import { criteria } from './fields/criteria/index.ts';
import { dates } from './fields/dates/index.ts';
import { dbs } from './fields/dbs.ts';
import { employer } from './fields/employer.ts';
import { hours } from './fields/hours.ts';
import { location } from './fields/location.ts';
import { pay } from './fields/pay/index.ts';
import { reference } from './fields/reference.ts';
import { requirements } from './fields/requirements.ts';
import { title } from './fields/title.ts';
import { z } from './model/schema.ts';

/** What an advert states, in the order in which the record prints it. */
export const vacancySchema = z
  .strictObject({
    ...title.schema,
    ...reference.schema,
    ...employer.schema,
    ...location.schema,
    ...pay.schema,
    datePosted: dates.schema.datePosted,
    closingDate: dates.schema.closingDate,
    closingTime: dates.schema.closingTime,
    closingStatus: dates.schema.closingStatus,
    mayCloseEarly: dates.schema.mayCloseEarly,
    interviewDate: dates.schema.interviewDate,
    startDate: dates.schema.startDate,
    ...contract.schema,
    ...hours.schema,
    ...criteria.schema,
    ...dbs.schema,
    ...requirements.schema,
    ...contacts.schema,
  })
  .check(z.describe('What the advert states; null or an empty array means that it does not say'));

export type Vacancy = z.infer<typeof vacancySchema>;

/** The value of a key of which the advert says nothing: an empty list, empty criteria, or null. */
export function unstated(key: keyof Vacancy): unknown {
  if (key === 'criteria') return { essential: [], desirable: [], unspecified: [] };
  return key === 'clearance' || key === 'registration' || key === 'contacts' ? [] : null;
}

const offset = z.nullable(z.int().check(z.minimum(0)));

const warningSchema = z.strictObject({
  code: z.string().check(z.regex(/^[a-zA-Z]+(?:\/[a-z-]+)$/)),
  field: z.nullable(z.string()).check(z.describe('JSON Pointer into vacancy')),
  message: z.string(),
  start: offset,
  end: offset,
});

const sourceSchema = z.strictObject({
  path: z.string().check(z.describe('As given; - for standard input')),
  format: z.nullable(z.enum(['txt', 'markdown', 'html', 'pdf', 'docx'])),
  bytes: z.nullable(z.int().check(z.minimum(0))),
  sha256: z.nullable(z.string().check(z.regex(/^[\da-f]{64}$/))),
  pages: z.nullable(z.int().check(z.minimum(0))),
  encoding: z.nullable(z.string()),
});

const evidenceSchema = z.record(
  z.string(),
  z.array(
    z.strictObject({
      start: z.int().check(z.minimum(0)),
      end: z.int().check(z.minimum(0)),
      quote: z.nullable(z.string()).check(z.describe("Exactly the slice of the document's text")),
      page: z.nullable(z.int().check(z.minimum(1))),
      line: z.int().check(z.minimum(1)),
      rule: z.string(),
    }),
  ),
);

const okSchema = z.strictObject({
  schemaVersion: z.literal(1),
  status: z.literal('ok'),
  source: sourceSchema,
  vacancy: vacancySchema,
  warnings: z.array(warningSchema),
  evidence: z.optional(evidenceSchema).check(z.describe('Only with --evidence; keys are JSON Pointers into vacancy')),
});

const errorSchema = z.strictObject({
  schemaVersion: z.literal(1),
  status: z.literal('error'),
  source: sourceSchema,
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
});

/** One record for each input, whatever becomes of it. */
export const recordSchema = z.discriminatedUnion('status', [okSchema, errorSchema]);

export type VacancyRecord = z.infer<typeof recordSchema>;
export type OkRecord = Extract<VacancyRecord, { status: 'ok' }>;
export type ErrorRecord = Extract<VacancyRecord, { status: 'error' }>;
export type Source = z.infer<typeof sourceSchema>;
export type RecordWarning = z.infer<typeof warningSchema>;
export type RecordEvidence = z.infer<typeof evidenceSchema>;

/** JSON Schema (draft 2020-12) of a record. */
export function recordJsonSchema(): unknown {
  return z.toJSONSchema(recordSchema, { target: 'draft-2020-12' });
}
