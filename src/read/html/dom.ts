import type { DefaultTreeAdapterTypes } from 'parse5';

type ChildNode = DefaultTreeAdapterTypes.ChildNode;
export type Element = DefaultTreeAdapterTypes.Element;
export type Node = ChildNode;

/** Deeper than this, elements are read as running text: no page that a person wrote goes so far. */
export const MAX_DEPTH = 200;

export const isElement = (node: Node): node is Element => 'tagName' in node;

export const childrenOf = (node: { readonly childNodes?: readonly Node[] }): readonly Node[] => node.childNodes ?? [];

export function attributeOf(element: Element, name: string): string | undefined {
  return element.attrs.find((attribute) => attribute.name === name)?.value;
}

/** The elements of these names below a node, in order. A nested one is not looked into where `isDeep` is false. */
export function findAll(
  root: { readonly childNodes?: readonly Node[] },
  names: ReadonlySet<string>,
  isDeep = true,
): Element[] {
  const found: Element[] = [];
  const stack = [...childrenOf(root)].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isElement(node)) continue;
    const isOne = names.has(node.tagName);
    if (isOne) found.push(node);
    if (!isOne || isDeep) for (const child of [...childrenOf(node)].reverse()) stack.push(child);
  }
  return found;
}

/** The first element of these names below a node. */
export function findFirst(
  root: { readonly childNodes?: readonly Node[] },
  names: ReadonlySet<string>,
): Element | undefined {
  const stack = [...childrenOf(root)].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isElement(node)) continue;
    if (names.has(node.tagName)) return node;
    for (const child of [...childrenOf(node)].reverse()) stack.push(child);
  }
  return undefined;
}

/**
 * The words below a node, hidden ones included, without regard to its structure but that blocks are parted; not many
 * more than `most` characters.
 */
export function plainText(root: { readonly childNodes?: readonly Node[] }, most = Number.POSITIVE_INFINITY): string {
  const parts: string[] = [];
  let length = 0;
  const stack: (Node | null)[] = [...childrenOf(root)].reverse(); // null: the end of a block
  for (let node = stack.pop(); node !== undefined && length < most; node = stack.pop()) {
    if (node === null) parts.push(' ');
    else if (node.nodeName === '#text' && 'value' in node) {
      parts.push(node.value);
      length += node.value.length;
    } else if (isElement(node) && !UNREAD.has(node.tagName) && (node.tagName !== 'button' || isDisclosure(node))) {
      const isBlock = BLOCKS.has(node.tagName) || node.tagName === 'br';
      if (isBlock) {
        parts.push(' ');
        stack.push(null);
      }
      for (const child of [...childrenOf(node)].reverse()) stack.push(child);
    }
  }
  return parts.join('');
}

/** Elements whose content is no text of the page, or is crossed out. */
const UNREAD: ReadonlySet<string> = new Set(
  'script style template noscript head title svg math canvas iframe object embed video audio map select datalist input textarea progress meter img picture area del s strike'.split(
    ' ',
  ),
);

/** Elements that stand on lines of their own. */
export const BLOCKS: ReadonlySet<string> = new Set(
  'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);

/** True for what a browser does not show, and for the buttons of a site. */
export function isHidden(element: Element): boolean {
  const style = attributeOf(element, 'style') ?? '';
  return (
    UNREAD.has(element.tagName) ||
    (element.tagName === 'button' && !isDisclosure(element)) ||
    attributeOf(element, 'hidden') !== undefined ||
    attributeOf(element, 'aria-hidden') === 'true' ||
    /display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden/i.test(style)
  );
}

/** A button that opens what stands below it, as headings of an advert do: not one of the site's. */
function isDisclosure(button: Element): boolean {
  if (/^h[1-6]$/.test((button.parentNode as Element | null)?.tagName ?? '')) return true;
  const opens = ['aria-expanded', 'aria-controls', 'data-toggle', 'data-bs-toggle'].some(
    (name) => attributeOf(button, name) !== undefined,
  );
  return opens && !OF_THE_SITE.test(plainText(button, 100).trim().slice(0, 40));
}

const OF_THE_SITE =
  /^(?:menu|main menu|navigation|open|close|show|hide|toggle|search|filter|share|sort|save|skip|more$|language|translate|sign|log|my account|settings|apply|email|print)\b/i;
