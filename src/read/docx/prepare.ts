import { type Numbering, piecesAt } from './numbering.ts';

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

interface OpenRun {
  readonly start: number;
  styleId: string | null;
  /** What its own properties say; null where they say nothing. */
  isHidden: boolean | null;
  /** True for words that are crossed out. */
  isStruck: boolean;
  /** True for words that only a field's instruction holds. */
  isInstruction: boolean;
}

/**
 * A main document part with what mammoth's model lacks written into it: automatic numbers as text; hidden and crossed-out runs, and what
 * only a field's instruction holds, taken out. One pass over the tags; the words are not touched.
 *
 * @param hidden the styles whose text is hidden.
 */
export function prepareDocumentXml(xml: string, numbering: Numbering, hidden: ReadonlySet<string>): string {
  return editRuns(xml, numbering, hidden);
}

/** A header's or footer's part without its hidden and crossed-out runs. */
export function withoutHiddenRuns(xml: string, hidden: ReadonlySet<string>): string {
  return editRuns(xml, null, hidden);
}

/**
 * A styles part with what mammoth's model takes from it and no more: each style's type, id, name and list. The rest, how
 * the styles look, is most of the XML of many documents.
 */
export function bareStyles(stylesXml: string): string {
  const root = stylesXml.indexOf('<w:styles');
  const end = stylesXml.indexOf('>', root);
  if (root < 0 || end < 0 || stylesXml[end - 1] === '/') return stylesXml;
  const styles = piecesAt(stylesXml, 'w:style').map((piece) => {
    const opening = piece.slice(0, piece.indexOf('>') + 1);
    if (opening.endsWith('/>')) return opening;
    const name = /<w:name\s[^<>]{0,600}\/>/.exec(piece)?.[0] ?? '';
    const list = /<w:numId\s[^<>]{0,200}\/>/.exec(piece)?.[0];
    return `${opening}${name}${list === undefined ? '' : `<w:pPr><w:numPr>${list}</w:numPr></w:pPr>`}</w:style>`;
  });
  return `${stylesXml.slice(0, end + 1)}${styles.join('')}</w:styles>`;
}

/** The styles, of paragraphs and of characters, whose text is hidden: by their own word or that of the style they build on. */
export function hiddenStyles(stylesXml: string): Set<string> {
  const own = new Map<string, { isHidden: boolean | null; base: string | undefined }>();
  for (const piece of piecesAt(stylesXml, 'w:style')) {
    const id = /^<w:style\s[^>]{0,300}?w:styleId="([^"]+)"/.exec(piece)?.[1];
    if (id === undefined) continue;
    const vanish = /<w:vanish(?:\s[^>]{0,100})?\/?>/.exec(piece)?.[0];
    const isHidden = vanish === undefined ? null : !OFF.test(/w:val="([^"]*)"/.exec(vanish)?.[1] ?? '');
    own.set(id, { isHidden, base: /<w:basedOn\s[^>]{0,100}?w:val="([^"]+)"/.exec(piece)?.[1] });
  }
  const hidden = new Set<string>();
  for (const id of own.keys()) {
    let style = own.get(id);
    for (let depth = 0; style !== undefined && style.isHidden === null && depth < 12; depth++)
      style = style.base === undefined ? undefined : own.get(style.base);
    if (style?.isHidden) hidden.add(id);
  }
  return hidden;
}

const OFF = /^(?:0|false|off)$/;
const TAGS =
  /<(\/?)w:(p|pPr|pStyle|ilvl|numId|r|rStyle|vanish|strike|dstrike|t|fldChar|fldSimple|rPrChange|pPrChange)(?=[\s/>])([^<>]*)>/g;

function editRuns(xml: string, numbering: Numbering | null, hidden: ReadonlySet<string>): string {
  const edits: Edit[] = [];
  const paragraphs: Paragraph[] = [];
  const runs: OpenRun[] = [];
  const fields: ('instruction' | 'result')[] = [];
  let changes = 0; // within properties as they were before a tracked change
  for (const match of xml.matchAll(TAGS)) {
    const [tag, slash, name, attributes = ''] = match;
    const isClose = slash === '/';
    const isEmpty = attributes.endsWith('/');
    const paragraph = paragraphs.at(-1);
    const value = /w:val="([^"]*)"/.exec(attributes)?.[1] ?? null;
    const run = runs.at(-1);
    if (name === 'rPrChange' || name === 'pPrChange') {
      if (!isEmpty) changes += isClose ? -1 : 1;
      continue;
    }
    if (changes > 0) continue;
    switch (name) {
      case 'p':
        if (isClose) {
          const done = paragraphs.pop();
          // An instruction ends with its paragraph, whether or not the mark that ends it was lost.
          while (paragraphs.length === 0 && fields.at(-1) === 'instruction') fields.pop();
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
          const done = runs.pop();
          if (done !== undefined && isOut(done, paragraph, hidden))
            edits.push({ start: done.start, end: match.index + tag.length, text: '' });
        } else if (!isEmpty)
          runs.push({ start: match.index, styleId: null, isHidden: null, isStruck: false, isInstruction: false });
        break;
      case 'rStyle':
        if (run !== undefined && !paragraph?.inProperties) run.styleId = value;
        break;
      case 't':
        if (run !== undefined && fields.includes('instruction')) run.isInstruction = true;
        break;
      case 'fldChar':
        readFieldMark(/w:fldCharType="(\w+)"/.exec(attributes)?.[1], isClose, fields);
        break;
      case 'fldSimple': // its words are what counts
        edits.push({ start: match.index, end: match.index + tag.length, text: '' });
        break;
      case 'strike':
      case 'dstrike':
        if (run !== undefined && !paragraph?.inProperties) run.isStruck = !OFF.test(value ?? '');
        break;
      default:
        if (run !== undefined && !paragraph?.inProperties) run.isHidden = !OFF.test(value ?? '');
    }
  }
  return applyEdits(xml, edits);
}

function isOut(run: OpenRun, paragraph: Paragraph | undefined, hidden: ReadonlySet<string>): boolean {
  const byStyle = [run.styleId, paragraph?.styleId ?? null].some((id) => id !== null && hidden.has(id));
  return run.isInstruction || run.isStruck || (run.isHidden ?? byStyle);
}

/** A field begins with its instruction, and what it prints stands behind the mark that ends that. */
function readFieldMark(type: string | undefined, isClose: boolean, fields: ('instruction' | 'result')[]): void {
  if (isClose) return;
  if (type === 'begin') fields.push('instruction');
  else if (type === 'separate') fields[fields.length - 1] = 'result';
  else if (type === 'end') fields.pop();
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
