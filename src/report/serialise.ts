import { printableJson } from '../normalise/unicode.ts';
import type { VacancyRecord } from '../vacancy.ts';

/** How a record is laid out: one a line, alone and indented, or as an element of an indented array. */
export type Layout = 'ndjson' | 'single' | 'array';

/** A record as text. An element of an array comes without what parts it from the next. */
export function serialise(record: VacancyRecord, layout: Layout): string {
  if (layout === 'ndjson') return `${printableJson(JSON.stringify(record))}\n`;
  const indented = printableJson(JSON.stringify(record, null, 2));
  return layout === 'single' ? `${indented}\n` : `  ${indented.replaceAll('\n', '\n  ')}`;
}
