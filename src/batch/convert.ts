import { ReadError } from '../model/diagnostic.ts';
import { type Parsed, type ParseOptions, parse } from '../parse.ts';
import { decodeText } from '../read/encoding.ts';
import { toRecord } from '../report/record.ts';
import { type Layout, serialise } from '../report/serialise.ts';
import type { OkRecord, Source } from '../vacancy.ts';
import { digest } from './digest.ts';
import { load } from './load.ts';
import { failed, type Outcome, outcomeFrom, sourceOf, toOutcome } from './outcome.ts';

/** How inputs become records. Nothing else changes a record, but for the limits that stop one. */
export interface ConvertOptions extends ParseOptions {
  readonly evidence: boolean;
  /** Leave people's names, e-mail addresses and telephone numbers out. */
  readonly redact: boolean;
  readonly layout: Layout;
  /** The day on which adverts are looked at, `YYYY-MM-DD`, where findings are wanted. */
  readonly today?: string;
  /** The most bytes that an input may have. */
  readonly maxBytes: number;
}

/**
 * One input's record, whatever becomes of it. Nothing is thrown for a file that cannot be read.
 *
 * @param given the input's bytes where they are in memory already; else they are read from `path`.
 * @param report told the size and the digest before the reading begins, which may never end.
 */
export async function convert(
  path: string,
  given: Uint8Array | null,
  options: ConvertOptions,
  report: (known: Pick<Source, 'bytes' | 'sha256'>) => void = () => {},
): Promise<Outcome> {
  let source = sourceOf(path);
  try {
    const bytes = given ?? load(path, options.maxBytes);
    const known = { bytes: bytes.length, sha256: digest(bytes) };
    source = { ...source, ...known };
    report(known);
    const parsed = await parse(bytes, path, options);
    const whole = toRecord(describe(source, parsed), parsed, options.evidence);
    const { record, scrub } = options.redact
      ? (await import('../report/redact.ts')).redact(whole, parsed)
      : { record: whole, scrub: asItIs };
    switch (options.layout) {
      case 'posting':
      case 'postings':
        return toPosting(record, parsed, scrub, options.layout);
      case 'findings':
        return { ...outcomeFrom(record, ''), text: await toFindings(record, parsed, bytes, options.today ?? '') };
      case 'review':
        return { ...outcomeFrom(record, ''), text: JSON.stringify({ record, text: parsed.document.text }) };
      default:
        return toOutcome(record, options.layout);
    }
  } catch (cause) {
    if (cause instanceof ReadError) return failed(source, cause.code, cause.detail, options.layout);
    const detail = cause instanceof Error ? `${cause.name}: ${cause.message.split('\n')[0]?.slice(0, 200)}` : '';
    return failed(source, 'internal/unexpected', detail, options.layout);
  }
}

const asItIs = (text: string) => text;

async function toPosting(record: OkRecord, parsed: Parsed, scrub: typeof asItIs, layout: Layout): Promise<Outcome> {
  const { toJobPosting } = await import('../report/json-ld.ts');
  const { posting, missing } = toJobPosting(record, parsed.document, scrub);
  const { warnings, ...outcome } = outcomeFrom(record, serialise(posting, layout));
  const wanting = missing.map((code) => ({ code, field: null, start: null, end: null }));
  return { ...outcome, warnings: [...warnings, ...wanting] };
}

async function toFindings(record: OkRecord, parsed: Parsed, bytes: Uint8Array, today: string): Promise<string> {
  const { findingsOf } = await import('../check/finding.ts');
  const source = parsed.encoding === null ? null : decodeText(bytes).text;
  return JSON.stringify(findingsOf(record, parsed, source, today));
}

function describe(source: Source, parsed: Parsed): Source {
  return { ...source, format: parsed.document.format, pages: parsed.pages, encoding: parsed.encoding };
}
