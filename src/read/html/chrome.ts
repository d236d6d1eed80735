import { squash } from '../../normalise/phrases.ts';
import { attributeOf, childrenOf, type Element, findAll, findFirst, isElement, type Node, plainText } from './dom.ts';

/** Where the words of an element belong: `none` is no part of the document. */
export type Place = 'here' | 'beside' | 'others' | 'furniture' | 'none';

const SECTIONS: ReadonlySet<string> = new Set(['main', 'article']);
const H1: ReadonlySet<string> = new Set(['h1']);
const PAGE: ReadonlySet<string> = new Set(['h1', 'main', 'article']);
const LINK: ReadonlySet<string> = new Set(['a']);
const HEADINGS: ReadonlySet<string> = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'strong', 'b']);
/** Only these are judged by their names: those of a page's body or of a paragraph say what it is about. */
const BOXES: ReadonlySet<string> = new Set(['div', 'section', 'aside', 'ul', 'ol', 'form', 'header', 'footer']);

/** Names that sites give to their boxes, one word of `class` or `id` each. */
const CONSENT =
  /^(?=[\w-]+$)(?:[\w-]*[-_])?(?:cookies?|gdpr|ccpa|onetrust|cybot[a-z]{0,20}|(?:cookie[-_]?)?consent)(?:[-_]|$)/i;
const LINKS =
  /^(?:[\w-]*[-_])?(?:breadcrumbs?|nav|navbar|navigation|menu|pagination|pager|skip[-_]?links?|share|sharing|social(?:[-_]?(?:links?|icons?|media|share|sharing|buttons?|nav))?|addthis|sharethis)(?:[-_](?:links?|list|bar|buttons?|wrap|wrapper|container|icons?|block|inner|widget|items?))?$/i;
const SIGN_UP =
  /^(?=[\w-]+$)(?:[\w-]*[-_])?(?:newsletter|subscribe|login|log-in|signin|sign-in|sign-up|signup|job-?alerts?)(?:[-_]|$)/i;
const OTHER_JOBS =
  /^(?:similar|related|recommended|recommendations)$|(?:^|[-_])(?:similar|related|recommended|other|more|latest|featured)[-_](?:jobs?|vacanc(?:y|ies)|roles?|posts?|listings?|adverts?|opportunities)(?:$|[-_])/i;
const OTHER_JOBS_HEADING =
  /^(?:(?:similar|related|other|more|latest|recommended|featured|recent)\s(?:(?:live|current|open|our|nearby|new|great|suitable|available|job)\s)?(?:jobs|vacancies|roles|opportunities)(?!\s(?:and|&)\s)\b|you may also (?:like|be interested)|jobs you (?:may|might) like)/i;

/** What is called a menu, or asks to sign up, and holds more than this is none. Characters. */
const MAX_LINKS = 120;
const MAX_SIGN_UP = 600;
/** The share of a page's words from which a box is the page itself, whatever it is called. */
const WHOLE = 0.5;

/** Tells what a site puts round its pages, by what elements are, by their names and by what they hold. */
export class Chrome {
  readonly #hasMain: boolean;
  readonly #hasTitle: boolean;
  readonly #length: number;

  constructor(root: { readonly childNodes?: readonly Node[] }) {
    const main = findFirst(root, SECTIONS);
    this.#hasMain = main !== undefined;
    this.#hasTitle = findAll(root, SECTIONS).some((section) => findFirst(section, H1) !== undefined);
    this.#length = plainText(root).length;
  }

  /** Where the words of an element of the running text belong. */
  placeOf(element: Element): Place {
    const { tagName } = element;
    const role = attributeOf(element, 'role') ?? '';
    const isBox = tagName === 'aside' || role === 'complementary';
    const names = BOXES.has(tagName) ? namesOf(element) : [];
    if (isBox || tagName === 'section' || tagName === 'div' || names.some((name) => OTHER_JOBS.test(name)))
      if (opensOtherJobs(element) || this.#isNamedOtherJobs(element, names)) return 'others';
    if (this.#isChrome(element, names, role)) return 'none';
    if (!isWithinSection(element)) {
      if (tagName === 'footer' || role === 'contentinfo') return 'furniture';
      if ((tagName === 'header' || role === 'banner') && !this.#holdsTitle(element)) return 'furniture';
    }
    return isBox ? 'beside' : 'here';
  }

  #isNamedOtherJobs(element: Element, names: readonly string[]): boolean {
    return (
      names.some((name) => OTHER_JOBS.test(name)) &&
      findFirst(element, PAGE) === undefined &&
      plainText(element).length < WHOLE * this.#length
    );
  }

  #isChrome(element: Element, names: readonly string[], role: string): boolean {
    const isNotice = /^(?:alert)?dialog$/.test(role) || names.some((name) => CONSENT.test(name));
    const isLinks = names.some((name) => LINKS.test(name));
    const isSignUp = names.some((name) => SIGN_UP.test(name));
    if (!(isNotice || isLinks || isSignUp) || findFirst(element, PAGE) !== undefined) return false;
    const text = squash(plainText(element));
    if (isNotice) return text.length < WHOLE * this.#length;
    if (isSignUp && text.length < MAX_SIGN_UP && !/[£@]|\d{3}/.test(text)) return true;
    return isLinks && (isMenu(element) || (text.length < MAX_LINKS && !/[\d@£]|:\s/.test(text)));
  }

  /** True for a header that opens the advert: it holds the page's title, which is no link to the site's first page. */
  #holdsTitle(header: Element): boolean {
    const title = findFirst(header, H1);
    if (title === undefined) return false;
    if (!this.#hasMain) return true;
    return !this.#hasTitle && findFirst(title, LINK) === undefined && !isElementOf(title, LINK);
  }
}

const namesOf = (element: Element) =>
  `${attributeOf(element, 'class') ?? ''} ${attributeOf(element, 'id') ?? ''}`
    .split(/\s+/)
    .filter((name) => name !== '' && name.length <= MAX_NAME);
const MAX_NAME = 60;

const isElementOf = (element: Element, names: ReadonlySet<string>) =>
  element.parentNode !== null &&
  isElement(element.parentNode as Node) &&
  names.has((element.parentNode as Element).tagName);

/** True within the part of a page that is not its site's. */
export function isWithinSection(element: Element): boolean {
  for (let node: unknown = element.parentNode; node !== null && node !== undefined; node = (node as Element).parentNode)
    if (SECTIONS.has((node as Element).tagName)) return true;
  return false;
}

/** True for a box whose first words say that other jobs follow. */
export function opensOtherJobs(element: Element): boolean {
  if (findFirst(element, PAGE) !== undefined) return false; // what holds the page holds more than them
  const heading = findFirst(element, HEADINGS);
  return (
    heading !== undefined &&
    OTHER_JOBS_HEADING.test(squash(plainText(heading)).slice(0, 80)) &&
    squash(plainText(element)).startsWith(squash(plainText(heading)))
  );
}

/** True where nearly all words of an element are links to other pages; those to people are no menu. */
export function isMenu(element: Element): boolean {
  const all = squash(plainText(element));
  if (all.includes('@')) return false;
  const links = findAll(element, LINK);
  if (links.some((link) => /^(?:mailto|tel):/i.test(attributeOf(link, 'href') ?? ''))) return false;
  return links.reduce((sum, link) => sum + squash(plainText(link)).length, 0) >= 0.7 * all.length;
}

/** True for a list of short links: a menu, a breadcrumb, links to share the page. */
export function isLinkList(list: Element): boolean {
  const items = childrenOf(list).filter(isElement);
  return items.length > 2 && isMenu(list) && items.every((item) => isMenu(item) && plainText(item).trim().length < 50);
}

/** "Skip to main content": a link for those who cannot see the page. */
export const isSkipLink = (element: Element) =>
  element.tagName === 'a' && /^\s*(?:skip|jump) (?:to|over|navigation)\b/i.test(plainText(element, 40).slice(0, 40));
