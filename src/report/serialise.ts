import { printableJson } from '../normalise/unicode.ts';
import type { VacancyRecord } from '../vacancy.ts';

/**
 * How a record is laid out: one a line, alone and indented, or as an element of an indented array; and a posting of JSON-LD
 * alone or as an element, what `vacancy check` finds, or what `vacancy report` shows: these have no place for errors.
 */
export type Layout = 'ndjson' | 'single' | 'array' | 'posting' | 'postings' | 'findings' | 'review';

/** What is printed, as text. An element of an array comes without what parts it from the next. */
export function serialise(printed: VacancyRecord | Readonly<Record<string, unknown>>, layout: Layout): string {
  if (layout === 'ndjson') return `${printableJson(JSON.stringify(printed))}\n`;
  const indented = printableJson(JSON.stringify(printed, null, 2));
  return layout === 'single' || layout === 'posting' ? `${indented}\n` : `  ${indented.replaceAll('\n', '\n  ')}`;
}

/** An error record as text: none where the layout has no place for it. */
export const serialiseError = (record: VacancyRecord, layout: Layout): string =>
  ['posting', 'postings', 'findings', 'review'].includes(layout) ? '' : serialise(record, layout);
