import type { Context, Field, Finding } from './fields/field.ts';
import { FIELDS } from './fields/index.ts';
import { natureOf } from './fields/nature.ts';
import type { Evidence, Rejection } from './model/candidate.ts';
import { type Diagnostic, ReadError } from './model/diagnostic.ts';
import { assemble, type DocumentModel, type Reading } from './model/document.ts';
import type { Span } from './model/span.ts';
import { read } from './read/index.ts';
import { segment } from './segment/index.ts';
import { unstated, type Vacancy, vacancySchema } from './vacancy.ts';

/** How to read an advert. All of it changes the record; nothing else does. */
export interface ParseOptions {
  /** The day on which the advert was captured, `YYYY-MM-DD`: resolves "Yesterday" and missing years. */
  readonly asOf?: string | null;
  /** Adds `pay.annual`. */
  readonly annualise?: boolean;
}

/** What an advert's bytes gave. */
export interface Parsed {
  readonly document: DocumentModel;
  readonly pages: number | null;
  readonly encoding: string | null;
  readonly vacancy: Vacancy;
  readonly diagnostics: readonly Diagnostic[];
  /** By JSON Pointer into the vacancy; every value that is not null has some at its own pointer or an ancestor's. */
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
  readonly rejections: readonly Rejection[];
}

/** A file's bytes as a document. Throws `ReadError`. */
export async function readDocument(
  bytes: Uint8Array,
  name: string,
): Promise<{ document: DocumentModel; reading: Reading }> {
  const reading = await read(bytes, name);
  const document = assemble(reading);
  if (document.text.trim() === '') throw new ReadError(emptyCode(reading));
  return { document, reading };
}

function emptyCode(reading: Reading): 'pdf/no-text-layer' | 'input/empty' {
  return reading.format === 'pdf' ? 'pdf/no-text-layer' : 'input/empty';
}

/**
 * Reads one advert. The same bytes, name and options give the same result.
 *
 * @param name the file's name: it tells Markdown from plain text, and nothing else.
 * @throws ReadError where the bytes cannot be read.
 */
export async function parse(bytes: Uint8Array, name: string, options: ParseOptions = {}): Promise<Parsed> {
  const { document, reading } = await readDocument(bytes, name);
  return {
    ...extract(document, reading.warnings ?? [], options),
    document,
    pages: reading.pages,
    encoding: reading.encoding,
  };
}

/** Reads the fields of a document that is already in memory. */
function extract(
  document: DocumentModel,
  warnings: readonly Diagnostic[],
  options: ParseOptions = {},
): Pick<Parsed, 'vacancy' | 'diagnostics' | 'evidence' | 'rejections'> {
  const diagnostics: Diagnostic[] = [...warnings];
  const rejections: Rejection[] = [];
  const whole = segment(document);
  const nature = natureOf(whole);
  const cite = ({ start, end }: Span) => document.text.slice(start, end);
  if (nature.kind === 'not-a-vacancy') {
    const quote = nature.words === null ? null : cite(nature.words);
    diagnostics.push({ code: 'document/not-a-vacancy', args: { quote }, field: null, span: nature.words });
    return { vacancy: vacancySchema.parse(NOTHING), diagnostics: tidy(diagnostics), evidence: new Map(), rejections };
  }
  if (nature.kind === 'several-vacancies') {
    const { count, second } = nature;
    diagnostics.push({
      code: 'document/several-vacancies',
      args: { count, quote: cite(second) },
      field: null,
      span: second,
    });
  }
  const context: Context = {
    ...(nature.kind === 'several-vacancies' ? segment(document, nature.second.start) : whole),
    asOf: options.asOf ?? null,
    annualise: options.annualise ?? false,
    warn: (diagnostic) => diagnostics.push(diagnostic),
    reject: (rejection) => rejections.push(rejection),
  };
  const found = new Map<string, Finding<unknown>>();
  for (const field of FIELDS as readonly Field<object>[]) {
    for (const [key, finding] of Object.entries(field.read(context)))
      if (finding) found.set(key, finding as Finding<unknown>);
  }
  const evidence = new Map<string, readonly Evidence[]>();
  const vacancy: Record<string, unknown> = {};
  for (const key of Object.keys(vacancySchema.shape) as (keyof Vacancy)[]) {
    const finding = found.get(key);
    vacancy[key] = finding === undefined ? unstated(key) : finding.value;
    if (finding === undefined) continue;
    if (finding.evidence.length > 0) evidence.set(`/${key}`, sorted(finding.evidence));
    for (const [part, words] of Object.entries(finding.parts ?? {})) evidence.set(`/${key}${part}`, sorted(words));
  }
  return { vacancy: vacancySchema.parse(vacancy), diagnostics: tidy(diagnostics), evidence, rejections };
}

/** A vacancy of which nothing is stated. */
const NOTHING = Object.fromEntries(
  (Object.keys(vacancySchema.shape) as (keyof Vacancy)[]).map((key) => [key, unstated(key)]),
);

const sorted = (evidence: readonly Evidence[]) =>
  [...evidence].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);

/** Warnings by place, null first, then code; each once. */
function tidy(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter((each) => {
      const key = JSON.stringify([each.code, each.field, each.span]);
      return seen.has(key) ? false : seen.add(key) !== undefined;
    })
    .sort((a, b) => (a.span?.start ?? -1) - (b.span?.start ?? -1) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}
