import { ReadError } from '../../model/diagnostic.ts';

/**
 * The most elements that may lie within each other: libxml2's limit, and some ten times what documents have. mammoth goes
 * down into XML by recursion; how deep it comes before the stack is full hangs on what V8 has compiled by then, so that
 * one document would be read or refused by what was read before it.
 */
const MAX_DEPTH = 256;

const CODES = { slash: 0x2f, bang: 0x21, question: 0x3f, greater: 0x3e, double: 0x22, single: 0x27 };

/** Throws `docx/corrupt` where the elements of an XML text lie deeper in each other than in any document. */
export function checkDepth(xml: string): void {
  let depth = 0;
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const next = xml.charCodeAt(at + 1);
    if (next === CODES.bang || next === CODES.question) {
      at = endOfAside(xml, at);
      continue;
    }
    at = endOfTag(xml, at + 1);
    if (next === CODES.slash) depth--;
    else if (xml.charCodeAt(at - 1) !== CODES.slash && ++depth > MAX_DEPTH)
      throw new ReadError('docx/corrupt', `more than ${MAX_DEPTH} elements within each other`);
  }
}

/** Where a comment, character data, a declaration or an instruction ends. */
function endOfAside(xml: string, at: number): number {
  const [opening, closing] = ASIDES.find(([start]) => xml.startsWith(start, at)) ?? ['<!', '>'];
  const end = xml.indexOf(closing, at + opening.length);
  return end < 0 ? xml.length : end;
}

const ASIDES = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** Where a tag's `>` stands: one within quotation marks is none. */
function endOfTag(xml: string, from: number): number {
  let quote = 0;
  for (let at = from; at < xml.length; at++) {
    const code = xml.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === CODES.greater) return at;
    else if (code === CODES.double || code === CODES.single) quote = code;
  }
  return xml.length;
}
