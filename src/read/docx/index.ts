import { type Diagnostic, ReadError } from '../../model/diagnostic.ts';
import type { BlockDraft, Reading } from '../../model/document.ts';
import { squash } from '../../normalise/phrases.ts';
import { repairText } from '../../normalise/unicode.ts';
import { toBlocks } from './blocks.ts';
import { checkDepth } from './depth.ts';
import { checkDocument, type Node } from './model.ts';
import { Numbering } from './numbering.ts';
import { type OfficePackage, openPackage, relationshipsOf } from './package.ts';
import { bareStyles, hiddenStyles, prepareDocumentXml, withoutHiddenRuns } from './prepare.ts';

/**
 * Reads a Word document: mammoth's model for paragraphs, runs and tables, the package's XML for what that model lacks
 * (automatic numbers, hidden text, headers and footers). Throws `docx/corrupt`, `docx/not-word`, `docx/encrypted`,
 * `zip/bomb`.
 */
export async function readDocx(bytes: Uint8Array): Promise<Reading> {
  const file = await openPackage(bytes);
  const main = findMainPart(file);
  const relationships = relationshipsOf(file, main);
  const target = (type: string) => relationships.find((each) => each.type === type)?.target;
  const stylesPart = target('styles');
  const styles = textOf(file, stylesPart);
  const hidden = hiddenStyles(styles);
  const numbering = new Numbering(textOf(file, target('numbering')), styles);
  const document = await readModel(
    file,
    new Map([
      [main, prepareDocumentXml(file.text(main), numbering, hidden)],
      ...(stylesPart === undefined ? [] : [[stylesPart, bareStyles(styles)] as const]),
    ]),
  );
  const furniture = readFurniture(
    file,
    relationships.filter(({ type }) => type === 'header' || type === 'footer').map((each) => each.target),
    hidden,
  );
  const warnings: Diagnostic[] = TRACKED.test(file.text(main))
    ? [{ code: 'document/tracked-changes', args: {}, field: null, span: null }]
    : [];
  return { format: 'docx', blocks: [...toBlocks(document), ...furniture], pages: null, encoding: null, warnings };
}

/** A revision that nobody has accepted or rejected. */
const TRACKED = /<w:(?:ins|del|moveFrom|moveTo)\s/;

function findMainPart(file: OfficePackage): string {
  if (!file.has('[Content_Types].xml')) throw new ReadError('docx/not-word', 'it is a zip archive');
  const main = relationshipsOf(file, '').find(({ type }) => type === 'officeDocument')?.target;
  const name = main ?? 'word/document.xml';
  if (!file.has(name))
    throw new ReadError(main === undefined ? 'docx/not-word' : 'docx/corrupt', 'the main part is missing');
  const types = file.text('[Content_Types].xml');
  if (!/wordprocessingml|ms-word/i.test(types))
    throw new ReadError('docx/not-word', 'it is another kind of Office file');
  return name;
}

function textOf(file: OfficePackage, name: string | undefined): string {
  return name === undefined || !file.has(name) ? '' : file.text(name);
}

/** mammoth's model of a package in which some parts' texts stand in place of its own. */
async function readModel(file: OfficePackage, prepared: ReadonlyMap<string, string>): Promise<Node> {
  const { default: mammoth } = await import('mammoth');
  let model: Node | null = null;
  try {
    // mammoth takes an opened zip file as `file` (lib/unzip.js); its types do not say so.
    const input = { file: asZipFile(file, prepared) } as unknown as { buffer: Buffer };
    await mammoth.convertToHtml(input, {
      includeDefaultStyleMap: false, // for the HTML that is not written
      includeEmbeddedStyleMap: false,
      transformDocument: (document: unknown) => {
        model = checkDocument(document);
        return { ...(document as object), children: [] };
      },
    } as Parameters<typeof mammoth.convertToHtml>[1]);
  } catch (cause) {
    if (cause instanceof ReadError) throw cause;
    throw new ReadError('docx/corrupt', firstLine(cause), { cause });
  }
  if (model === null) throw new ReadError('docx/corrupt', 'no document came out of it');
  return model;
}

const firstLine = (cause: unknown) =>
  cause instanceof Error ? (cause.message.split('\n')[0] ?? '').slice(0, 120) : '';

/** A zip file as mammoth's `lib/zipfile.js` has them, over parts that were inflated within limits. */
function asZipFile(file: OfficePackage, prepared: ReadonlyMap<string, string>) {
  return {
    exists: (name: string) => file.has(name),
    read: async (name: string, encoding?: string) => {
      if (encoding === undefined) return file.bytes(name);
      if (encoding === 'base64') return file.bytes(name).toString('base64');
      const xml = prepared.get(name.replace(/^\/+/, '')) ?? file.text(name);
      checkDepth(xml);
      return xml;
    },
  };
}

/** The words of headers and footers, each line once. */
function readFurniture(file: OfficePackage, parts: readonly string[], hidden: ReadonlySet<string>): BlockDraft[] {
  const lines = new Set<string>();
  for (const part of parts) {
    if (!file.has(part)) continue;
    for (const paragraph of withoutHiddenRuns(file.text(part), hidden).split('</w:p>')) {
      const words = [...paragraph.matchAll(/<w:(?:t(?:\s[^>]{0,100})?>([^<]*)|(tab)\s?\/|(br)\s?\/)/g)].map((match) =>
        match[1] === undefined ? ' ' : decodeXml(match[1]),
      );
      const line = squash(repairText(words.join('')));
      if (line !== '') lines.add(line);
    }
  }
  return [...lines].map((text) => ({ kind: 'paragraph', text, furniture: true }));
}

function decodeXml(text: string): string {
  return text
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Math.min(0x10ffff, Number(code))))
    .replace(/&#x([\da-f]{1,5});/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
}
