import { loadData } from '../data/load.ts';
import type nameData from '../data/names.json';
import { escapePattern } from '../normalise/phrases.ts';

const names = loadData<typeof nameData>('names.json');

const oneOf = (words: readonly string[]) =>
  [...words]
    .sort((a, b) => b.length - a.length)
    .map(escapePattern)
    .join('|');

const isWord = (name: string) => /^\w+$/.test(name);
const ROLE_WORDS: ReadonlySet<string> = new Set(names.roles.filter(isWord));
const ROLE_PHRASE = new RegExp(String.raw`\b(?:${oneOf(names.roles.filter((name) => !isWord(name)))})s?\b`, 'i');
/** The words of employers' names, as they are printed in one. */
export const organisationWords: readonly string[] = names.organisations
  .map(escapePattern)
  .flatMap((word) => [
    ...new Set([
      word.replace(/(?:^|\s)[a-z]/g, (first) => first.toUpperCase()),
      word.replace(/^[a-z]/, (first) => first.toUpperCase()),
      word.toUpperCase(),
    ]),
  ]);
const ORGANISATION = new RegExp(String.raw`\b(?:${oneOf(names.organisations)})\b`, 'i');
const ORGANISATION_END = new RegExp(String.raw`\b(?:${oneOf(names.organisations)})\.?(?:\s\([^)]{1,30}\))?$`, 'i');
const HEALTH_BOARD = new RegExp(String.raw`^NHS (?:${oneOf(names.healthBoards)})$`, 'i');
const COUNTY = new RegExp(String.raw`^(?:${oneOf(names.counties)})\.?$`, 'i');

/** True where words hold a noun that post titles are made of. */
export function namesRole(text: string): boolean {
  // Looked up word by word: one pattern of them all costs many times as much.
  for (const [word] of text.toLowerCase().matchAll(/\w+/g))
    if (ROLE_WORDS.has(word) || (word.endsWith('s') && ROLE_WORDS.has(word.slice(0, -1)))) return true;
  return ROLE_PHRASE.test(text);
}

/** True where words end like an employer's name, or open like one. */
export const namesOrganisation = (text: string) =>
  ORGANISATION_END.test(text.trim()) ||
  HEALTH_BOARD.test(text.trim()) ||
  /^(?:the )?(?:university|royal|diocese|church|museum|friends|institute|department|ministry|city|(?:(?:london|royal|metropolitan|county|city) )?borough) of\b|^(?:the )?(?:office|department|commission|council|agency|centre|institute|society|trust|campaign) for \w/i.test(
    text.trim(),
  ) ||
  /\b(?:Museum|Gallery|Society|Association|Federation|Academy|Library|Archive) of [A-Z][\w’'-]*(?:\s(?:and\s|the\s)?[A-Z][\w’'-]*){0,4}$/.test(
    text.trim(),
  );

/** True where words hold one of the words of employers' names. */
export const mentionsOrganisation = (text: string) => ORGANISATION.test(text);

/** True for a county or country, which is no town. */
export const isCounty = (text: string) => COUNTY.test(text.trim());
