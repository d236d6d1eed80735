import { createHash } from 'node:crypto';
import { printableJson, printableLine } from '../../normalise/unicode.ts';
import type { Vacancy, VacancyRecord } from '../../vacancy.ts';
import { CLIENT } from './client.ts';
import { barsOf, histogram, weekly } from './plots.ts';
import { STYLE } from './style.ts';

/** An advert as the page shows it: its record with evidence, and its text; none where it could not be read. */
export interface Reviewed {
  readonly record: VacancyRecord;
  readonly text: string;
}

/** What a batch's overview counts. */
interface Row {
  readonly path: string;
  readonly title: string | null;
  readonly employer: string | null;
  readonly place: string | null;
  readonly pay: string | null;
  readonly closing: string | null;
  readonly error: string | null;
  readonly warnings: readonly string[];
  /** The fields of which the advert says nothing. */
  readonly missing: readonly string[];
}

/** Characters of an advert's text that the page holds; the rest is for `vacancy text`. */
const LONGEST_TEXT = 200_000;

/**
 * One self-contained page for a person who checks a batch. It fetches nothing and runs no code but its own: a content
 * security policy says so to the browser.
 */
export class Page {
  readonly #rows: Row[] = [];
  readonly #adverts: string[] = [];
  readonly #yearly: number[] = [];
  readonly #hourly: number[] = [];
  readonly #closing: string[] = [];

  add({ record, text }: Reviewed): void {
    const index = this.#rows.length;
    this.#rows.push(rowOf(record));
    const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}\n[…]` : text;
    this.#adverts.push(inert(`advert-${index}`, { record, text: shown }));
    if (record.status === 'error') return;
    const { pay, closingDate } = record.vacancy;
    const figure = pay?.min ?? pay?.actual?.min ?? null;
    if (figure !== null && pay?.period === 'year') this.#yearly.push(figure);
    if (figure !== null && pay?.period === 'hour') this.#hourly.push(figure);
    if (closingDate !== null) this.#closing.push(closingDate);
  }

  /** The page's pieces, one after the other. */
  *html(): Generator<string> {
    const hash = createHash('sha256').update(CLIENT).digest('base64');
    const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
    const read = this.#rows.filter(({ error }) => error === null);
    yield `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Adverts: ${this.#rows.length} read by vacancy-parser</title><style>${STYLE}</style></head><body>
<header><h1>What was read from ${count(this.#rows.length, 'advert')}</h1>
<p class="summary">${count(read.length, 'advert')} read, ${this.#rows.length - read.length} not. Choose an advert to see each value and the words behind it. Keys: / search, j and k next and previous, Escape back.</p></header>
<section class="overview" aria-label="The batch">${this.#overview(read)}</section>
<main><div class="chooser"><div class="tools"><label>Search <input id="search" type="search" autocomplete="off" placeholder="title, employer, place, file, code"></label>
<label>Show <select id="show">${this.#choices()}</select></label><p id="shown" role="status" class="facts"></p></div>
<ol id="list" aria-label="Adverts"></ol></div>
<section id="detail" aria-label="One advert"></section></main>
`;
    yield `${inert('rows', this.#rows)}\n`;
    for (const advert of this.#adverts) yield `${advert}\n`;
    yield `<script>${CLIENT}</script></body></html>\n`;
  }

  #overview(read: readonly Row[]): string {
    const stated = FIELDS.map((field) => ({
      name: labelled(field),
      show: `missing=${field}`,
      count: read.filter(({ missing }) => !missing.includes(field)).length,
    }));
    const cards = [
      card('Found in the adverts', barsOf(stated, read.length)),
      card(
        'Not read, by code',
        barsOf(
          tally(
            this.#rows.flatMap(({ error }) => error ?? []),
            'error',
          ),
          this.#rows.length,
        ),
      ),
      card(
        'Warnings, by code',
        barsOf(
          tally(
            this.#rows.flatMap(({ warnings }) => [...new Set(warnings)]),
            'warning',
          ),
          read.length,
        ),
      ),
      card(
        'Pay for a year, from',
        histogram(this.#yearly, { step: 5_000, unit: (sum) => `£${sum / 1000}k`, of: 'yearly pay' }),
      ),
      card('Pay for an hour, from', histogram(this.#hourly, { step: 1, unit: (sum) => `£${sum}`, of: 'hourly pay' })),
      card('Closing dates, by week', weekly(this.#closing)),
    ];
    return cards.join('');
  }

  #choices(): string {
    const codes = (list: readonly string[], kind: string) =>
      [...new Set(list)]
        .sort()
        .map((code) => `<option value="${kind}=${code}">${code}</option>`)
        .join('');
    return `<option value="all">all</option><option value="error">not read</option><option value="warning">with warnings</option>
<optgroup label="Not read">${codes(
      this.#rows.flatMap(({ error }) => error ?? []),
      'error',
    )}</optgroup>
<optgroup label="Warning">${codes(
      this.#rows.flatMap(({ warnings }) => warnings),
      'warning',
    )}</optgroup>
<optgroup label="Not stated">${FIELDS.map((field) => `<option value="missing=${field}">${labelled(field)}</option>`).join('')}</optgroup>`;
  }
}

/** The fields that nearly every advert should have, in the record's order. */
const FIELDS = [
  'title',
  'reference',
  'employer',
  'location',
  'pay',
  'datePosted',
  'closingDate',
  'interviewDate',
  'startDate',
  'contract',
  'hours',
  'criteria',
  'dbs',
  'contacts',
] as const satisfies readonly (keyof Vacancy)[];

const labelled = (key: string) => {
  if (key === 'dbs') return 'DBS check';
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};
const count = (many: number, noun: string) => `${many} ${noun}${many === 1 ? '' : 's'}`;
const card = (title: string, body: string) =>
  body === '' ? '' : `<section class="card"><h2>${title}</h2>${body}</section>`;

function tally(codes: readonly string[], kind: string): { name: string; show: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .map(([name, each]) => ({ name, show: `${kind}=${name}`, count: each }));
}

function rowOf(record: VacancyRecord): Row {
  const path = printableLine(record.source.path);
  if (record.status === 'error')
    return {
      path,
      title: null,
      employer: null,
      place: null,
      pay: null,
      closing: null,
      error: record.error.code,
      warnings: [],
      missing: [],
    };
  const { title, employer, location, pay, closingDate } = record.vacancy;
  return {
    path,
    title,
    employer: employer?.name ?? null,
    place: location?.town ?? location?.text ?? null,
    pay: pay?.text ?? null,
    closing: closingDate,
    error: null,
    warnings: record.warnings.map(({ code }) => code),
    missing: FIELDS.filter((field) => isMissing(record.vacancy[field])),
  };
}

function isMissing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return (
    value === null ||
    (typeof value === 'object' &&
      Object.values(value as object).every((each) => each === null || (Array.isArray(each) && each.length === 0)))
  );
}

/** Data that the browser keeps and never runs: nothing in it ends the element that it stands in. */
const inert = (id: string, data: unknown) =>
  `<script type="application/json" id="${id}">${printableJson(JSON.stringify(data)).replaceAll('<', '\\u003c')}</script>`;
