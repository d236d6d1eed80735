import type { Block, DocumentModel, TextBlock } from '../model/document.ts';
import { z } from '../model/schema.ts';
import { segment } from '../segment/index.ts';
import type { OkRecord, Vacancy } from '../vacancy.ts';

type Pay = NonNullable<Vacancy['pay']>;
/** A JSON-LD node; a property that is undefined will not be there. */
type Node = Record<string, unknown>;
/** A posting, as it is printed. */
type Posting = z.infer<typeof postingSchema>;

const text = z.string().check(z.minLength(1));
const texts = z.optional(z.array(text).check(z.minLength(1)));
const day = z.iso.date();
const figure = z.optional(z.number().check(z.minimum(0)));
const only = <Type extends string>(type: Type) => z.literal(type);

/** What `-f jsonld` prints, to Google's rules. What the advert does not say is not there. */
const postingSchema = z.strictObject({
  '@context': only('https://schema.org'),
  '@type': only('JobPosting'),
  title: z.optional(text),
  description: z.optional(text).check(z.describe('The advert as HTML: paragraphs, lists and tables')),
  identifier: z.optional(z.strictObject({ '@type': only('PropertyValue'), name: z.optional(text), value: text })),
  datePosted: z.optional(day),
  validThrough: z
    .optional(z.union([day, z.iso.datetime({ offset: true })]))
    .check(z.describe('The closing date; with its time and London’s offset where the advert states a time')),
  employmentType: z.optional(
    z.array(z.enum(['FULL_TIME', 'PART_TIME', 'CONTRACTOR', 'TEMPORARY', 'VOLUNTEER', 'PER_DIEM', 'OTHER'])),
  ),
  hiringOrganization: z.optional(
    z.strictObject({ '@type': only('Organization'), name: text, sameAs: z.optional(z.url()) }),
  ),
  jobLocation: z.optional(
    z.strictObject({
      '@type': only('Place'),
      address: z.strictObject({
        '@type': only('PostalAddress'),
        streetAddress: z.optional(text),
        addressLocality: z.optional(text),
        postalCode: z.optional(text),
        addressCountry: only('GB'),
      }),
    }),
  ),
  jobLocationType: z.optional(only('TELECOMMUTE')).check(z.describe('Only where all of the work is remote')),
  baseSalary: z.optional(
    z.strictObject({
      '@type': only('MonetaryAmount'),
      currency: only('GBP'),
      value: z.strictObject({
        '@type': only('QuantitativeValue'),
        value: figure,
        minValue: figure,
        maxValue: figure,
        unitText: z.enum(['HOUR', 'DAY', 'WEEK', 'MONTH', 'YEAR']),
      }),
    }),
  ),
  jobStartDate: z.optional(day),
  jobDuration: z.optional(text).check(z.describe('ISO 8601: P24M')),
  workHours: z.optional(text),
  qualifications: texts.check(z.describe('The essential criteria, and the words about a criminal-record check')),
  skills: texts.check(z.describe('The desirable criteria')),
  securityClearanceRequirement: texts,
  applicationContact: z.optional(
    z.array(
      z.strictObject({
        '@type': only('ContactPoint'),
        name: z.optional(text),
        contactType: z.optional(text),
        email: z.optional(text),
        telephone: z.optional(text),
      }),
    ),
  ),
});

/** JSON Schema (draft 2020-12) of a posting. */
export const postingJsonSchema = (): unknown => z.toJSONSchema(postingSchema, { target: 'draft-2020-12' });

/** Properties without which Google shows no rich result, and those that it asks for beside them. Their codes. */
const WANTED = {
  title: 'jsonld/no-title',
  description: 'jsonld/no-description',
  datePosted: 'jsonld/no-date-posted',
  hiringOrganization: 'jsonld/no-employer',
  jobLocation: 'jsonld/no-location',
  baseSalary: 'jsonld/no-pay',
  employmentType: 'jsonld/no-employment-type',
  validThrough: 'jsonld/no-closing-date',
} as const;

/** What keeps a posting from a rich result, or makes a poorer one of it. */
export type JsonLdCode = (typeof WANTED)[keyof typeof WANTED];

/**
 * A vacancy as schema.org's `JobPosting` (release 30.0), to Google's rules for job postings: figures are numbers, the last
 * moment has London's offset, a property of which the advert says nothing is not there.
 *
 * @param scrub what a text becomes before it is printed: with `--redact` it has no people in it.
 * @returns the posting, and the codes of what Google wants and it has not.
 */
export function toJobPosting(
  { vacancy }: OkRecord,
  document: DocumentModel,
  scrub: (text: string) => string,
): { posting: Posting; missing: JsonLdCode[] } {
  const { title, reference, employer, hours, clearance, contract } = vacancy;
  const description = describe(document, scrub);
  const posting = postingSchema.parse(
    withoutNothing({
      '@context': 'https://schema.org',
      '@type': 'JobPosting',
      title: title ?? undefined,
      description: isNoMoreThan(title, description) ? undefined : description,
      identifier:
        reference === null
          ? undefined
          : { '@type': 'PropertyValue', name: employer?.name ?? undefined, value: reference },
      datePosted: vacancy.datePosted ?? undefined,
      validThrough: lastMoment(vacancy) ?? undefined,
      employmentType: orNothing(employmentTypes(vacancy)),
      hiringOrganization:
        employer?.name == null
          ? undefined
          : { '@type': 'Organization', name: employer.name, sameAs: website(employer.website) },
      jobLocation: place(vacancy),
      jobLocationType: vacancy.location?.workplace === 'remote' ? 'TELECOMMUTE' : undefined,
      baseSalary: vacancy.pay === null ? undefined : salary(vacancy.pay),
      jobStartDate: vacancy.startDate ?? undefined,
      jobDuration: duration(contract?.duration ?? null),
      workHours: hours?.text ?? undefined,
      qualifications: orNothing([
        ...vacancy.criteria.essential.map(({ text }) => text),
        ...(vacancy.dbs?.text == null ? [] : [vacancy.dbs.text]),
      ]),
      skills: orNothing(vacancy.criteria.desirable.map(({ text }) => text)),
      securityClearanceRequirement: orNothing(clearance),
      applicationContact: orNothing(
        vacancy.contacts
          .filter(({ name, email, phone }) => name !== null || email !== null || phone !== null)
          .map(({ name, jobTitle, email, phone }) => ({
            '@type': 'ContactPoint',
            name: name ?? undefined,
            contactType: jobTitle ?? undefined,
            email: email ?? undefined,
            telephone: phone ?? undefined,
          })),
      ),
    }),
  );
  const keys = Object.keys(WANTED) as (keyof typeof WANTED)[];
  const isUnpaid = vacancy.pay?.flags.includes('unpaid') ?? false;
  const isOpen = vacancy.closingStatus === 'rolling' || vacancy.closingStatus === 'until-filled';
  return {
    posting,
    missing: keys
      .filter((key) => posting[key] === undefined)
      .filter((key) => !(key === 'baseSalary' && isUnpaid) && !(key === 'validThrough' && isOpen))
      .map((key) => WANTED[key]),
  };
}

/** True where a description says nothing beside the title: Google wants another. */
const isNoMoreThan = (title: string | null, description: string) =>
  ['', escapeHtml(title ?? '')].includes(description.replace(/<[^<>]*>/g, ''));

/** A node without the properties that are undefined, at any depth. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNothing(each)]));
}

const orNothing = <Item>(items: readonly Item[]) => (items.length > 0 ? items : undefined);

/** "www.example.org" as an address; undefined for what is none. */
function website(text: string | null): string | undefined {
  if (text === null) return undefined;
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return URL.canParse(address) ? address : undefined;
}

const LONDON = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeZoneName: 'longOffset' });

/** The closing date; with its time, and what London's clocks are ahead of UTC then, where the advert states one. */
function lastMoment({ closingDate, closingTime }: Vacancy): string | null {
  if (closingDate === null || closingTime === null) return closingDate;
  // The clocks change at one in the morning, UTC: taken as UTC, a time of the day is on the right side of that but for an hour.
  const parts = LONDON.formatToParts(new Date(`${closingDate}T${closingTime}:00Z`));
  const offset = /[+-]\d\d:\d\d/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '')?.[0] ?? '+00:00';
  return `${closingDate}T${closingTime}:00${offset}`;
}

const TYPES: Readonly<Record<string, string>> = {
  'full-time': 'FULL_TIME',
  'part-time': 'PART_TIME',
  'job-share': 'PART_TIME',
  'term-time-only': 'PART_TIME',
  'fixed-term': 'TEMPORARY',
  temporary: 'TEMPORARY',
  locum: 'TEMPORARY',
  secondment: 'TEMPORARY',
  loan: 'TEMPORARY',
  bank: 'PER_DIEM',
  casual: 'PER_DIEM',
  'zero-hours': 'PER_DIEM',
  agency: 'OTHER',
  apprenticeship: 'OTHER',
  training: 'OTHER',
  honorary: 'OTHER',
  voluntary: 'VOLUNTEER',
  'self-employed': 'CONTRACTOR',
};

function employmentTypes({ hours, contract }: Vacancy): string[] {
  const stated = [...(hours?.patterns ?? []), ...(contract === null ? [] : [contract.type, ...contract.alternatives])];
  return [...new Set(stated.flatMap((each) => (each === null ? [] : (TYPES[each] ?? []))))];
}

function place({ location }: Vacancy): Node | undefined {
  if (location === null || (location.town === null && location.postcode === null && location.text === null))
    return undefined;
  return {
    '@type': 'Place',
    address: {
      '@type': 'PostalAddress',
      streetAddress: location.town === null && location.postcode === null ? (location.text ?? undefined) : undefined,
      addressLocality: location.town ?? undefined,
      postalCode: location.postcode ?? undefined,
      addressCountry: 'GB',
    },
  };
}

const UNITS: Readonly<Record<string, string>> = {
  hour: 'HOUR',
  day: 'DAY',
  week: 'WEEK',
  month: 'MONTH',
  year: 'YEAR',
};

/** The figures, where their period is one that can be said: not a session, a shift or a visit. */
function salary({ min, max, actual, currency, period }: Pay): Node | undefined {
  const [low, high] = min === null && max === null && actual !== null ? [actual.min, actual.max] : [min, max];
  const unitText = period === null ? undefined : UNITS[period];
  if (unitText === undefined || (low === null && high === null)) return undefined;
  const figures = low === high ? { value: low } : { minValue: low ?? undefined, maxValue: high ?? undefined };
  return {
    '@type': 'MonetaryAmount',
    currency: currency ?? 'GBP',
    value: { '@type': 'QuantitativeValue', ...figures, unitText },
  };
}

/** "24 months" as ISO 8601 has it; undefined for what is no plain length. */
function duration(text: string | null): string | undefined {
  const match = /^(\d{1,3})[\s-](week|month|year)s?$/i.exec(text ?? '');
  return match === null ? undefined : `P${match[1]}${match[2]?.[0]?.toUpperCase()}`;
}

/** The advert as HTML: paragraphs, lists and tables, as Google wants a description. */
function describe(document: DocumentModel, scrub: (text: string) => string): string {
  const parts: string[] = [];
  const print = (text: string) => escapeHtml(scrub(text)).replaceAll('\n', '<br>');
  let depth = 0; // of lists that are open
  const closeLists = (to: number) => {
    for (; depth > to; depth--) parts.push('</li></ul>');
  };
  for (const block of advertBlocks(document)) {
    if (block.kind === 'list-item') {
      // A list inside a list stands in its item, one level at a time: HTML knows no other.
      const wanted = Math.min(block.depth ?? 0, 3, depth) + 1;
      closeLists(wanted);
      parts.push(wanted > depth ? '<ul>' : '</li>', `<li>${print(block.text)}`);
      depth = wanted;
      continue;
    }
    closeLists(0);
    if (block.kind === 'table') {
      const cell = (blocks: readonly TextBlock[]) => `<td>${blocks.map(({ text }) => print(text)).join('<br>')}</td>`;
      const rows = block.rows.map(({ cells }) => `<tr>${cells.map(({ blocks }) => cell(blocks)).join('')}</tr>`);
      parts.push(`<table>${rows.join('')}</table>`);
    } else if (block.text.trim() !== '') parts.push(`<p>${print(block.text)}</p>`);
  }
  closeLists(0);
  return parts.join('');
}

/** The employer's advert, without what a job board prints around it. */
function advertBlocks(document: DocumentModel): Block[] {
  return segment(document).sections.flatMap(({ zone, heading, blocks }) =>
    zone === 'advert' ? [...(heading === null ? [] : [heading]), ...blocks.filter(isRunning)] : [],
  );
}

const isRunning = ({ furniture, otherJobs, data }: Block) => !furniture && !otherJobs && !data;

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
