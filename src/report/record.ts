import type { ErrorCode } from '../model/diagnostic.ts';
import { placeAt } from '../model/document.ts';
import type { Parsed } from '../parse.ts';
import type { ErrorRecord, OkRecord, RecordEvidence, RecordWarning, Source } from '../vacancy.ts';
import { describeError, describeWarning } from './messages.ts';

/** The record of an advert that was read. */
export function toRecord(source: Source, parsed: Parsed, withEvidence: boolean): OkRecord {
  return {
    schemaVersion: 1,
    status: 'ok',
    source,
    vacancy: parsed.vacancy,
    warnings: parsed.diagnostics.map(
      (diagnostic): RecordWarning => ({
        code: diagnostic.code,
        field: diagnostic.field,
        message: describeWarning(diagnostic),
        start: diagnostic.span?.start ?? null,
        end: diagnostic.span?.end ?? null,
      }),
    ),
    ...(withEvidence ? { evidence: toEvidence(parsed) } : {}),
  };
}

/** The record of an input that could not be read. */
export function toErrorRecord(source: Source, code: ErrorCode, detail: string): ErrorRecord {
  return { schemaVersion: 1, status: 'error', source, error: describeError(code, detail) };
}

function toEvidence(parsed: Parsed): RecordEvidence {
  const { document } = parsed;
  return Object.fromEntries(
    [...parsed.evidence].map(([pointer, list]) => [
      pointer,
      list.map((evidence) => ({
        start: evidence.span.start,
        end: evidence.span.end,
        quote: document.text.slice(evidence.span.start, evidence.span.end),
        ...placeAt(document, evidence.span.start),
        rule: evidence.rule,
      })),
    ]),
  );
}
