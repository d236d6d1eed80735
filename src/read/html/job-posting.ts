import { parseFragment } from 'parse5';
import { squash } from '../../normalise/phrases.ts';
import { repairText } from '../../normalise/unicode.ts';
import { plainText } from './dom.ts';

/** A `JobPosting` of schema.org as a page holds it in JSON-LD: what it says, line by line, and the advert's own text. */
export interface JobPosting {
  /** Property and value, as they are printed: "validThrough: 2026-05-17 23:59". */
  readonly lines: readonly string[];
  /** The description, as HTML; empty where there is none. */
  readonly description: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Deeper or longer than this no page's data is. */
const MAX_NODES = 10_000;

/** The job postings in the JSON-LD scripts of a page, in order. What is no JSON gives none. */
export function findJobPostings(scripts: readonly string[]): JobPosting[] {
  return scripts.flatMap((script) => {
    try {
      // Line ends within strings are no JSON, and are what many sites write.
      return postingsIn(JSON.parse(script.replace(/^\s*<!--|-->\s*$/g, '').replace(/[\u0000-\u001f]+/g, ' ')));
    } catch {
      return [];
    }
  });
}

function postingsIn(root: unknown): JobPosting[] {
  const found: JobPosting[] = [];
  const queue: unknown[] = [root];
  for (let at = 0; at < queue.length && at < MAX_NODES; at++) {
    const value = queue[at];
    if (Array.isArray(value)) queue.push(...value.slice(0, MAX_NODES));
    else if (isObject(value)) {
      if (typesOf(value).includes('JobPosting')) found.push(toPosting(value));
      else for (const inner of Object.values(value)) if (typeof inner === 'object') queue.push(inner);
    }
  }
  return found;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const typesOf = (value: Json) => [value['@type']].flat().filter((type) => typeof type === 'string');
const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : [value].flat());

function textOf(value: unknown): string {
  if (typeof value === 'string') return squash(plainText(parseFragment(value.slice(0, 2_000)))).slice(0, 300);
  if (typeof value === 'number') return String(value);
  if (isObject(value)) return textOf(value.name ?? value.value ?? value['@id']);
  return Array.isArray(value) ? value.map(textOf).filter(Boolean).join(', ') : '';
}

function toPosting(job: Json): JobPosting {
  const lines: string[] = [];
  const add = (property: string, value: string) => {
    if (value !== '') lines.push(squash(repairText(`${property}: ${value}`)));
  };
  add('title', textOf(job.title));
  add('identifier', textOf(isObject(job.identifier) ? (job.identifier.value ?? job.identifier.name) : job.identifier));
  add('hiringOrganization', textOf(job.hiringOrganization));
  if (isObject(job.hiringOrganization))
    add('sameAs', textOf(job.hiringOrganization.sameAs ?? job.hiringOrganization.url));
  for (const place of listOf(job.jobLocation)) add('jobLocation', addressOf(place));
  add('jobLocationType', textOf(job.jobLocationType));
  for (const salary of listOf(job.baseSalary)) add('baseSalary', salaryOf(salary));
  for (const type of listOf(job.employmentType))
    for (const one of textOf(type).split(',')) add('employmentType', wordsOf(one));
  add('workHours', textOf(job.workHours));
  add('datePosted', dayOf(job.datePosted));
  add('validThrough', dayOf(job.validThrough));
  add('jobStartDate', dayOf(job.jobStartDate));
  return { lines, description: typeof job.description === 'string' ? job.description : '' };
}

/** "FULL_TIME" as words. */
const wordsOf = (value: string) => value.trim().replace(/_/g, ' ').toLowerCase();

function addressOf(place: unknown): string {
  const address = isObject(place) ? (place.address ?? place) : place;
  if (!isObject(address)) return textOf(address);
  const parts = [address.streetAddress, address.addressLocality, address.addressRegion, address.postalCode].map(textOf);
  return [...new Set(parts)].filter((part) => part !== '').join(', ');
}

function salaryOf(salary: unknown): string {
  if (!isObject(salary)) return textOf(salary);
  const value = isObject(salary.value) ? salary.value : salary;
  const currency = textOf(salary.currency ?? value.currency);
  const bounds = [value.minValue, value.maxValue].map(textOf).filter((bound) => bound !== '');
  const figures =
    bounds.length > 0 ? [...new Set(bounds)].join(' - ') : textOf(isObject(salary.value) ? value.value : salary.value);
  const unit = textOf(value.unitText ?? salary.unitText);
  if (!/\d/.test(figures)) return '';
  return `${currency === '' ? '' : `${currency} `}${figures}${unit === '' ? '' : ` per ${wordsOf(unit)}`}`;
}

/**
 * A date of the data as the day in London, with the time where one is given: 2026-05-17T22:59:59Z is 2026-05-17 23:59.
 * Midnight is what programs write where nobody gave a time: the day alone.
 */
function dayOf(value: unknown): string {
  const text = textOf(value);
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?/.exec(
    text,
  );
  if (match === null) return text;
  const [, day = '', hour, minute, zone] = match;
  if (hour === undefined || minute === undefined) return day;
  if (hour === '00' && minute === '00') return day;
  if (zone === undefined) return `${day} ${hour}:${minute}`;
  const offset = zone === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const instant = new Date(`${day}T${hour}:${minute}:00${offset}`);
  if (Number.isNaN(instant.getTime())) return day;
  const parts = new Map(LONDON.formatToParts(instant).map((part) => [part.type, part.value]));
  const local = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  const time = `${parts.get('hour')}:${parts.get('minute')}`;
  return time === '00:00' ? local : `${local} ${time}`;
}

const LONDON = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
