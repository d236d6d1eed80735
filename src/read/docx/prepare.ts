import type { Numbering } from './numbering.ts';

/** Stand around an automatic number that {@link prepareDocumentXml} writes into the text. Private-use characters. */
export const NUMBER_OPEN = '\ue000';
export const NUMBER_CLOSE = '\ue001';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Paragraph {
  numberId: string | null;
  level: number | null;
  styleId: string | null;
  insertAt: number;
  inProperties: boolean;
}

/**
 * A main document part with what mammoth's model lacks written into it: automatic numbers as text, and hidden runs
 * taken out. One pass over the tags; the words are not touched.
 */
export function prepareDocumentXml(xml: string, numbering: Numbering): string {
  return editRuns(xml, numbering);
}

/** A header's or footer's part without its hidden runs. */
export function withoutHiddenRuns(xml: string): string {
  return editRuns(xml, null);
}

function editRuns(xml: string, numbering: Numbering | null): string {
  const edits: Edit[] = [];
  const paragraphs: Paragraph[] = [];
  const runs: { start: number; isHidden: boolean }[] = [];
  for (const match of xml.matchAll(/<(\/?)w:(p|pPr|pStyle|ilvl|numId|r|vanish)(?=[\s/>])([^>]*)>/g)) {
    const [tag, slash, name, attributes = ''] = match;
    const isClose = slash === '/';
    const isEmpty = attributes.endsWith('/');
    const paragraph = paragraphs.at(-1);
    const value = /w:val="([^"]*)"/.exec(attributes)?.[1] ?? null;
    switch (name) {
      case 'p':
        if (isClose) {
          const done = paragraphs.pop();
          if (done !== undefined && numbering !== null) addNumber(done, numbering, edits);
        } else if (!isEmpty) {
          paragraphs.push({
            numberId: null,
            level: null,
            styleId: null,
            insertAt: match.index + tag.length,
            inProperties: false,
          });
        }
        break;
      case 'pPr':
        if (paragraph !== undefined) {
          paragraph.inProperties = !isClose && !isEmpty;
          if (isClose || isEmpty) paragraph.insertAt = match.index + tag.length;
        }
        break;
      case 'pStyle':
        if (paragraph?.inProperties) paragraph.styleId = value;
        break;
      case 'ilvl':
        if (paragraph?.inProperties) paragraph.level ??= Number(value);
        break;
      case 'numId':
        if (paragraph?.inProperties) paragraph.numberId ??= value;
        break;
      case 'r':
        if (isClose) {
          const run = runs.pop();
          if (run?.isHidden) edits.push({ start: run.start, end: match.index + tag.length, text: '' });
        } else if (!isEmpty) runs.push({ start: match.index, isHidden: false });
        break;
      default: {
        const run = runs.at(-1);
        if (run !== undefined && !/^(?:0|false|off)$/.test(value ?? '')) run.isHidden = true;
      }
    }
  }
  return applyEdits(xml, edits);
}

function addNumber(paragraph: Paragraph, numbering: Numbering, edits: Edit[]): void {
  const ofStyle = paragraph.styleId === null ? null : numbering.placeOfStyle(paragraph.styleId);
  const listId = paragraph.numberId ?? ofStyle?.listId ?? null;
  if (listId === null || listId === '0') return;
  const label = numbering.next({ listId, level: paragraph.level ?? ofStyle?.level ?? 0 });
  if (label === '') return;
  const text = `<w:r><w:t xml:space="preserve">${NUMBER_OPEN}${label}${NUMBER_CLOSE}</w:t></w:r>`;
  edits.push({ start: paragraph.insertAt, end: paragraph.insertAt, text });
}

function applyEdits(xml: string, edits: Edit[]): string {
  if (edits.length === 0) return xml;
  edits.sort((a, b) => a.start - b.start || b.end - a.end);
  const pieces: string[] = [];
  let at = 0;
  for (const edit of edits) {
    if (edit.start < at) continue; // within what was taken out
    pieces.push(xml.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  pieces.push(xml.slice(at));
  return pieces.join('');
}
