import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ReadError } from '../src/model/diagnostic.ts';
import { parse, readDocument } from '../src/parse.ts';
import { bareStyles } from '../src/read/docx/prepare.ts';
import { type TextLine, toParagraphs } from '../src/read/pdf/paragraphs.ts';
import { fixtures } from './support.ts';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const textOf = async (bytes: Uint8Array, name = 'advert.txt') => (await readDocument(bytes, name)).document.text;
const errorOf = async (bytes: Uint8Array) => {
  try {
    await readDocument(bytes, 'advert');
  } catch (error) {
    return error instanceof ReadError ? error.code : String(error);
  }
  return 'no error';
};

describe('text', () => {
  const PAY = 'Salary: £23,500 – £25,000 (the Trust’s “Band 3”)';

  test.each([
    ['utf-8', utf8(PAY)],
    ['utf-8', utf8(`\ufeff${PAY}`)],
    ['utf-16le', new Uint8Array(Buffer.from(`\ufeff${PAY}`, 'utf16le'))],
    ['utf-16le', new Uint8Array(Buffer.from(PAY, 'utf16le'))],
    ['utf-16be', new Uint8Array(Buffer.from(`\ufeff${PAY}`, 'utf16le').swap16())],
    [
      'windows-1252',
      new Uint8Array([...Buffer.from('Salary: \xa323,500 \x96 \xa325,000 (the Trust\x92s \x93Band 3\x94)', 'latin1')]),
    ],
  ])('is read from %s', async (encoding, bytes) => {
    const { document, reading } = await readDocument(bytes, 'advert.txt');
    expect(reading.encoding).toBe(encoding);
    expect(document.text).toBe(`${PAY}\n`);
  });

  test.each([
    ['mojibake', 'Â£12 â€“ itâ€™s', '£12 – it’s'],
    ['mojibake of mojibake', 'we canÃ¢â‚¬â„¢t, Ã‚Â£12', 'we can’t, £12'],
    ['a dash that was mangled twice', 'Mondays Ã¢â‚¬â€\u009d Fridays', 'Mondays — Fridays'],
    ['marks of direction', '\u202b£12\u202c an \u2066hour\u2069\u061c', '£12 an hour'],
    ['accents that are meant', 'Café, naïve, Ô–Ø', 'Café, naïve, Ô–Ø'],
    ['tick boxes of symbol fonts', '🗹 Full time 🞎 Part time', '☒ Full time ☐ Part time'],
    ['no-break and zero-width characters', '37.5\u00a0hours\u200b a\u202fweek', '37.5 hours a week'],
    ['ligatures, soft hyphens and raised ordinals', 'ﬁrst of\u00adfice, 1ˢᵗ May', 'first office, 1st May'],
    ['entities and tags', '<b>Pay &amp; leave</b><br/>&pound;12 an hour', 'Pay & leave £12 an hour'],
    ['Markdown', '**Hours:** [zero](https://example.org) and `x`', 'Hours: zero and `x`'],
  ])('has %s undone', async (_, raw, meant) => {
    expect(await textOf(utf8(raw))).toBe(`${meant}\n`);
  });

  test('keeps underscores and asterisks that are no emphasis', async () => {
    expect(await textOf(utf8('snake_case_name, 3 * 4 * 5 and new* staff'))).toBe(
      'snake_case_name, 3 * 4 * 5 and new* staff\n',
    );
  });

  test('joins lines that the page was too narrow for, and no others', async () => {
    const prose =
      'We are looking for somebody who likes people and does not mind the rain, because the work takes you all over the valley in every sort of weather and at most times of day. '.repeat(
        6,
      );
    const wrapped = prose.replace(/(.{60,72})\s/g, '$1\n');
    const text = await textOf(utf8(`Hours: 20\nPay: £12.60\n\n${wrapped}\n`));
    expect(text.split('\n').filter((line) => line !== '').length).toBe(3);
  });

  test('has parts that were run together parted again, and names left whole', async () => {
    const line = 'Job titlePharmacy AssistantDate posted17 February 2026BandBand 4Salary£27,485 to £30,162 a year';
    expect((await textOf(utf8(line))).split('\n').filter(Boolean)).toEqual([
      'Job title',
      'Pharmacy Assistant',
      'Date posted',
      '17 February 2026',
      'Band',
      'Band 4',
      'Salary',
      '£27,485 to £30,162 a year',
    ]);
    const prose = 'Use JavaScript, LinkedIn and the YouTube channel of Mrs MacDonald and Dr McKenzie.';
    expect(await textOf(utf8(prose))).toBe(`${prose}\n`);
  });

  test('has small words that were run together parted in a damaged text only', async () => {
    const line = 'You teach residentsskills and newsletters, workplaces and newspapers in sportswear.';
    const damage = 'She leadsTeam talks, callsDoctors, writesNotes and keepsKeys.';
    expect(await textOf(utf8(line))).toBe(`${line}\n`);
    expect(await textOf(utf8(`${line} ${damage}`))).toContain(
      'teach residents skills and newsletters, workplaces and newspapers in sportswear.',
    );
  });

  test.each([
    'Write to NinaOkafor@TarnLodgeTrust.org.uk',
    'Apply at https://example.org/JobDetails/ViewVacancy/NightPorter2027',
    'You will know DoorWarden, KeyKeeper, BellTower and LampPost from the start.',
  ])('keeps the capitals within "%s"', async (line) => {
    expect(await textOf(utf8(line))).toBe(`${line}\n`);
  });

  test('has no memory of the file before', async () => {
    const layout = `| Porter${'<br>Pay: £12<br>• Tact'.repeat(5)} | menu |\n`;
    const alone = await textOf(utf8(layout));
    await textOf(utf8(`${'word '.repeat(2_000)}\nhello <br> there\n`));
    expect(await textOf(utf8(layout))).toBe(alone);
  });

  test('keeps every row of a table of criteria, and the breaks in its cells', async () => {
    const many = [...'abcdefghi'].map((letter) => `Skill ${letter}`).join('<br>');
    const table = `| Criteria | Essential | Desirable |\n|---|---|---|\n| Skills | ${many} | Tact |\n| Training | First aid | A bicycle |\n| Other | ${many} | A bell |\n`;
    const { document } = await readDocument(utf8(table), 'advert.txt');
    const [block] = document.blocks;
    expect(block?.kind === 'table' && block.rows.map(({ cells }) => cells.map((cell) => cell.blocks.length))).toEqual([
      [1, 1, 1],
      [1, 9, 1],
      [1, 1, 1],
      [1, 9, 1],
    ]);
  });

  test('is the cell of the page where a table laid it out', async () => {
    const page = `**Porter**${'<br>Pay: £12<br>• Tact'.repeat(5)}`;
    const text = await textOf(
      utf8(`| Menu | Job | Similar jobs |\n|---|---|---|\n| Home<br>Jobs | ${page} | Cook £99 |\n`),
    );
    expect(text.startsWith('Porter\n')).toBe(true);
    expect(text).not.toMatch(/Home|Cook/);
  });

  test('keeps what stands at each form feed out of an item that it cuts', async () => {
    const page = (words: string) => `${words}\nForm 9, Night Porters\n\f`;
    const text = await textOf(
      utf8(`${page('- Tact')}${page('- Patience with people who have lost their keys, and')}  with the keys\n`),
    );
    expect(text).toBe(
      '- Tact\n- Patience with people who have lost their keys, and with the keys\n\nForm 9, Night Porters\n',
    );
  });

  test('keeps headings and items that come again at a form feed', async () => {
    const text =
      'Essential\n\n- NVQ level 2\n\nDesirable\n\n- Welsh\n\fEssential\n\n- NVQ level 3\n\nDesirable\n\n- Tact\n';
    expect(await textOf(utf8(text))).toBe(
      text.replace('\f', '\n').replace(/\n- (Welsh|NVQ level 3|NVQ level 2|Tact)/g, '\n- $1'),
    );
  });

  test('mends a table that page furniture cuts, and keeps the furniture once, at the end', async () => {
    const rows =
      'No.\tWhat\tHow\tE/D\n1\tPatience\tInterview\tEssential\n2\tAble to drive the minibus and\tInterview\tEssential\n\nForm 7 Page 1 of 2\n\n\tits trailer\t\t\n3\tTact\tInterview\tDesirable\n\nForm 7 Page 2 of 2\n';
    const text = await textOf(utf8(rows));
    expect(text).toContain('2\tAble to drive the minibus and its trailer\tInterview\tEssential\n3\tTact');
    expect(text.trimEnd().endsWith('Form 7 Page 1 of 2\n\nForm 7 Page 2 of 2')).toBe(true);
  });
});

/** A zip archive of stored or deflated parts, as little of one as a reader needs. */
function zip(parts: Record<string, string>): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = deflateRawSync(Buffer.from(content));
    const file = Buffer.from(name);
    const crc = crc32(Buffer.from(content));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(Buffer.byteLength(content), 22);
    local.writeUInt16LE(file.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(Buffer.byteLength(content), 24);
    entry.writeUInt16LE(file.length, 28);
    entry.writeUInt32LE(offset, 42);
    locals.push(local, file, data);
    central.push(entry, file);
    offset += 30 + file.length + data.length;
  }
  const size = Buffer.concat(central).length;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...locals, ...central, end]));
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function docx(
  body: string,
  more: { numbering?: string; footer?: string; main?: string; styles?: string } = {},
): Uint8Array {
  const main = more.main ?? 'word/document.xml';
  const folder = main.replace(/[^/]+$/, '');
  const links = [
    more.numbering === undefined ? '' : `<Relationship Id="r1" Type="${REL}/numbering" Target="numbering.xml"/>`,
    more.styles === undefined ? '' : `<Relationship Id="r3" Type="${REL}/styles" Target="styles.xml"/>`,
    more.footer === undefined ? '' : `<Relationship Id="r2" Type="${REL}/footer" Target="footer1.xml"/>`,
  ];
  return zip({
    '[Content_Types].xml': `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/${main}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${REL}/officeDocument" Target="${main}"/></Relationships>`,
    [main]: `<?xml version="1.0"?><w:document ${W}><w:body>${body}</w:body></w:document>`,
    [`${folder}_rels/${main.split('/').at(-1)}.rels`]: `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${links.join('')}</Relationships>`,
    ...(more.numbering === undefined
      ? {}
      : { [`${folder}numbering.xml`]: `<?xml version="1.0"?><w:numbering ${W}>${more.numbering}</w:numbering>` }),
    ...(more.styles === undefined
      ? {}
      : { [`${folder}styles.xml`]: `<?xml version="1.0"?><w:styles ${W}>${more.styles}</w:styles>` }),
    ...(more.footer === undefined
      ? {}
      : { [`${folder}footer1.xml`]: `<?xml version="1.0"?><w:ftr ${W}>${more.footer}</w:ftr>` }),
  });
}

const p = (text: string, properties = '') =>
  `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

describe('Word', () => {
  test('numbers are printed as Word prints them', async () => {
    const level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="E%1"/></w:lvl>';
    const list = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr>';
    const bytes = docx(p('Patience', list) + p('Tact', list), {
      numbering: `<w:abstractNum w:abstractNumId="2">${level}</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="2"/></w:num>`,
    });
    expect(await textOf(bytes)).toBe('E1 Patience\nE2 Tact\n');
  });

  test('hidden and deleted words are not text, inserted ones are', async () => {
    const hidden = '<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret </w:t></w:r>';
    const changed = '<w:del><w:r><w:delText>old </w:delText></w:r></w:del><w:ins><w:r><w:t>new </w:t></w:r></w:ins>';
    expect(await textOf(docx(`<w:p>${hidden}${changed}<w:r><w:t>words</w:t></w:r></w:p>`))).toBe('new words\n');
  });

  const field = (mark: string) => `<w:r><w:fldChar w:fldCharType="${mark}"/></w:r>`;
  const run = (text: string, properties = '') =>
    `<w:r>${properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;

  test('a field is what it prints, not what it asks', async () => {
    const inner = `${field('begin')}<w:r><w:instrText> MERGEFIELD A </w:instrText></w:r>${field('separate')}${run('asked')}${field('end')}`;
    const outer = `${field('begin')}<w:r><w:instrText> IF </w:instrText></w:r>${inner}${field('separate')}${run('printed')}${field('end')}`;
    const simple = `<w:fldSimple w:instr=" DOCPROPERTY B ">${run(' and simple')}</w:fldSimple>`;
    expect(await textOf(docx(`<w:p>${outer}${simple}</w:p>`))).toBe('printed and simple\n');
  });

  test('what a style hides is hidden, unless the words say otherwise', async () => {
    const styles =
      '<w:style w:type="character" w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="B"><w:basedOn w:val="A"/></w:style>';
    const words = `${run('a ', '<w:rStyle w:val="A"/>')}${run('b ', '<w:rStyle w:val="B"/>')}${run('c ', '<w:rStyle w:val="B"/><w:vanish w:val="0"/>')}${run('d')}`;
    expect(await textOf(docx(`<w:p>${words}</w:p>`, { styles }))).toBe('c d\n');
  });

  test('a table within a cell is read as rows of the table around it', async () => {
    const cell = (inner: string, span = 1) => `<w:tc><w:tcPr><w:gridSpan w:val="${span}"/></w:tcPr>${inner}</w:tc>`;
    const inner = `<w:tbl><w:tr>${cell(p('Essential'))}${cell(p('Tact'))}</w:tr><w:tr>${cell(p('Desirable'))}${cell(p('Patience'))}</w:tr></w:tbl><w:p/>`;
    const body = `<w:tbl><w:tr>${cell(p('Area'))}${cell(p('Kind'))}${cell(p('What'))}</w:tr><w:tr>${cell(p('Skills'))}${cell(inner, 2)}</w:tr></w:tbl>`;
    expect(await textOf(docx(body))).toBe('Area\tKind\tWhat\nSkills\tEssential\tTact\nDesirable\tPatience\n');
  });

  test('tracked changes count as accepted, with a warning', async () => {
    const moved =
      '<w:moveFrom><w:r><w:t>here </w:t></w:r></w:moveFrom><w:r><w:t>words </w:t></w:r><w:moveTo w:id="1"><w:r><w:t>there</w:t></w:r></w:moveTo>';
    const { document, diagnostics } = await parse(docx(`<w:p>${moved}</w:p>`), 'advert.docx');
    expect(document.text).toBe('words there\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['document/tracked-changes']);
    expect((await parse(docx(p('The post is permanent.')), 'advert.docx')).diagnostics).toEqual([]);
  });

  test('a footer stands once, at the end', async () => {
    expect(await textOf(docx(p('The post is permanent.'), { footer: p('HR form 9') + p('HR form 9') }))).toBe(
      'The post is permanent.\n\nHR form 9\n',
    );
  });

  test('the main part may have another name', async () => {
    expect(await textOf(docx(p('Hello there'), { main: 'word/document2.xml' }))).toBe('Hello there\n');
  });

  test('merged cells cover the columns that they cover', async () => {
    const cell = (text: string, properties = '') =>
      `<w:tc><w:tcPr>${properties}</w:tcPr>${text === '' ? '<w:p/>' : p(text)}</w:tc>`;
    const rows = `<w:tr>${cell('Skills', '<w:vMerge w:val="restart"/>')}${cell('Tact')}</w:tr><w:tr>${cell('', '<w:vMerge/>')}${cell('Patience')}</w:tr><w:tr>${cell('All across', '<w:gridSpan w:val="2"/>')}</w:tr>`;
    const { document } = await readDocument(docx(`<w:tbl>${rows}</w:tbl>`), 'a');
    const [table] = document.blocks;
    if (table?.kind !== 'table') throw new Error('no table');
    expect(
      table.rows.map((row) => row.cells.map(({ column, colSpan, rowSpan }) => [column, colSpan, rowSpan])),
    ).toEqual([
      [
        [0, 1, 2],
        [1, 1, 1],
      ],
      [[1, 1, 1]],
      [[0, 2, 1]],
    ]);
  });
});

describe('the looks of a Word file’s styles are left out', () => {
  const STYLES = `<?xml version="1.0"?><w:styles xmlns:w="urn:w"><w:docDefaults/><w:latentStyles w:count="3"><w:lsdException w:name="x"/></w:latentStyles>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="N"/><w:rPr><w:b/><w:sz w:val="32"/></w:rPr></w:style>
<w:style
 w:type="numbering" w:styleId="L"><w:name w:val="List"/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="E"/><w:styleX/></w:styles>`;

  test('and their types, ids, names and lists kept', () => {
    expect(bareStyles(STYLES)).toBe(
      '<?xml version="1.0"?><w:styles xmlns:w="urn:w">' +
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>' +
        '<w:style\n w:type="numbering" w:styleId="L"><w:name w:val="List"/><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>' +
        '<w:style w:type="character" w:styleId="E"/></w:styles>',
    );
  });

  test.each(['', 'no XML', '<w:styles/>', '<other xmlns="x"/>'])('and %j stays as it is', (xml) => {
    expect(bareStyles(xml)).toBe(xml);
  });
});

describe('PDF', () => {
  test('what pdf.js does to everybody’s arrays is undone', async () => {
    const { push } = Array.prototype;
    const [one] = fixtures().filter(({ file }) => file.endsWith('.pdf'));
    await readDocument(one?.bytes ?? new Uint8Array(), 'a.pdf');
    expect(Array.prototype.push).toBe(push);
  });

  test('the first document, which loads pdf.js, and those after it give the same', async () => {
    for (const { bytes, file } of fixtures().filter((each) => each.folder === 'tables' && each.file.endsWith('.pdf'))) {
      const [first, second] = [await readDocument(bytes, file), await readDocument(bytes, file)];
      expect(second).toEqual(first);
    }
  });

  /** A page with its text and drawing in one content stream, as a browser prints it. */
  const pdf = (content: string) => {
    const objects = [
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
      `<</Length ${content.length}>>stream\n${content}\nendstream `,
      '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ];
    return utf8(
      `%PDF-1.4\n${objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('')}trailer<</Root 1 0 R>>\n%%EOF`,
    );
  };
  const words = (x: number, y: number, text: string) => `BT /F 12 Tf ${x} ${y} Td (${text}) Tj ET`;
  const disc = (x: number, y: number) =>
    `${x + 2} ${y} m ${x + 2} ${y + 1.1} ${x + 1.1} ${y + 2} ${x} ${y + 2} c ${x - 1.1} ${y + 2} ${x - 2} ${y + 1.1} ${x - 2} ${y} c ` +
    `${x - 2} ${y - 1.1} ${x - 1.1} ${y - 2} ${x} ${y - 2} c ${x + 1.1} ${y - 2} ${x + 2} ${y - 1.1} ${x + 2} ${y} c h f`;
  const items = [
    'Experience of reception work in a busy practice where nobody has much time to stop',
    'Experience of booking systems and of explaining them to people who have met none',
    'A calm manner',
  ];
  const page = (bullet: (x: number, y: number) => string) =>
    pdf(
      [
        words(60, 780, 'You will have'),
        ...items.flatMap((item, index) => [bullet(71, 764 - index * 15), words(82, 760 - index * 15, item)]),
        words(60, 700, 'Please apply in writing.'),
      ].join('\n'),
    );

  test('list items whose bullets are drawn are told apart', async () => {
    const { document } = await readDocument(page(disc), 'advert.pdf');
    expect(document.blocks.map(({ kind }) => kind)).toEqual([
      'paragraph',
      'list-item',
      'list-item',
      'list-item',
      'paragraph',
    ]);
    expect(document.blocks.slice(1, 4).map((block) => (block.kind === 'table' ? null : block.text))).toEqual(items);
  });

  test('reading one leaves the engine’s own arrays as they were', async () => {
    await readDocument(page(disc), 'advert.pdf');
    expect(String(Array.prototype.push)).toContain('[native code]');
  });

  const prose =
    'We are looking for a night porter who will be awake when the rest of the house is asleep. You will answer the door and the telephone, walk round every floor twice, and write down what you find in the book that is kept for it. '.repeat(
      2,
    );
  const lines = (text: string, y: number) =>
    (text.match(/.{1,80}(?:\s|$)/g) ?? []).map((line, index) => words(60, y - index * 15, line.trim())).join('\n');
  /** As a font without a character map comes out: each letter three places on. */
  const shifted = (text: string) =>
    text.replace(/[a-z]/gi, (letter) => String.fromCharCode(((letter.toLowerCase().charCodeAt(0) - 94) % 26) + 97));

  test('text whose glyphs are shifted is told apart from words', async () => {
    expect(await errorOf(pdf(lines(shifted(prose), 780)))).toBe('pdf/unreadable-text');
    expect(await errorOf(pdf(lines(prose, 780)))).toBe('no error');
  });

  test('a table that has level rules only is one', async () => {
    const rule = (y: number) => `60 ${y} 475 0.6 re f`;
    const rows = [
      ['Area', 'Essential', 'Desirable'],
      ['Skills', 'Tact', 'Patience'],
      ['Other', 'A bicycle', 'A bell'],
    ];
    const drawn = rows.flatMap(([a = '', b = '', c = ''], index) => [
      rule(760 - index * 30),
      words(64, 740 - index * 30, a),
      words(200, 740 - index * 30, b),
      words(400, 746 - index * 30, c), // not level with the others
    ]);
    const bytes = pdf([...drawn, rule(670), words(60, 640, 'Please apply.')].join('\n'));
    const { document } = await readDocument(bytes, 'advert.pdf');
    expect(document.text).toBe(
      'Area\tEssential\tDesirable\nSkills\tTact\tPatience\nOther\tA bicycle\tA bell\n\nPlease apply.\n',
    );
  });

  test('a heading whose letters stand apart is words', async () => {
    const spaced = (y: number, ...gaps: string[]) => `BT /F 12 Tf 60 ${y} Td [${gaps.join(' ')}] TJ ET`;
    const letters = (word: string) => [...word].map((letter) => `(${letter})`).join(' -400 ');
    const heading = spaced(780, letters('NIGHT'), '-900', letters('PORTER'));
    expect((await readDocument(pdf(`${heading}\n${words(60, 740, 'Pay')}`), 'a.pdf')).document.text).toBe(
      'NIGHT PORTER\n\nPay\n',
    );
  });

  test('a space that the pen takes back is none: a soft hyphen within a line', async () => {
    const line = 'BT /F 12 Tf 60 780 Td [(We look) ( ) 278 (ing for a porter)] TJ ET';
    expect((await readDocument(pdf(line), 'a.pdf')).document.text).toBe('We looking for a porter\n');
  });

  test('a letter in a narrow column of its own is kept', async () => {
    const rows = [0, 1, 2, 3].flatMap((row) => [
      words(60, 780 - row * 20, 'Experience of nights'),
      words(300, 780 - row * 20, 'I'),
      words(308, 780 - row * 20, 'Essential'),
    ]);
    expect((await readDocument(pdf(rows.join('\n')), 'a.pdf')).document.text).toMatch(
      /^(?:Experience of nights\tI\tEssential\n){4}$/,
    );
  });

  test('facts in a box at the head of one of two columns are no rows with the other', async () => {
    const facts = ['Pay', '£12.90 an hour', 'Closing date', '3 May 2027'];
    const left = [
      ...facts.map((text, index) => words(64, 740 - index * 12, text)),
      ...(prose.slice(0, 220).match(/.{1,42}(?:\s|$)/g) ?? []).map((line, index) =>
        words(60, 680 - index * 12, line.trim()),
      ),
    ];
    const right = [
      'BT /F 16 Tf 330 738 Td (Essential criteria) Tj ET',
      ...['A calm manner with', 'people at night', 'A full licence', 'First aid', 'Good spoken English'].map(
        (text, index) => words(345, 711 - index * 12, text),
      ),
      'BT /F 16 Tf 330 640 Td (Desirable criteria) Tj ET',
      ...['A second language', 'A bicycle'].map((text, index) => words(345, 615 - index * 12, text)),
    ];
    const { document } = await readDocument(pdf([...left, ...right].join('\n')), 'a.pdf');
    expect(document.blocks.some(({ kind }) => kind === 'table')).toBe(false);
    expect(document.text.indexOf('3 May 2027')).toBeLessThan(document.text.indexOf('Essential criteria'));
  });

  test('a rule or a picture beside a line makes no list', async () => {
    const bar = (x: number, y: number) => `${x} ${y - 5} 1 12 re f`;
    const { document } = await readDocument(page(bar), 'advert.pdf');
    expect(document.blocks.some(({ kind }) => kind === 'list-item')).toBe(false);
  });
});

test('a cell that says that it spans two thousand million columns is one of 63 at most', async () => {
  const cell = (text: string, span = '') => `<w:tc><w:tcPr>${span}</w:tcPr>${p(text)}</w:tc>`;
  const { document } = await readDocument(
    docx(
      `<w:tbl><w:tr>${cell('Salary', '<w:gridSpan w:val="2000000000"/>')}${cell('£12.60')}</w:tr><w:tr>${cell('Hours')}${cell('20')}</w:tr></w:tbl>`,
    ),
    'advert.docx',
  );
  expect(document.text).toContain('£12.60');
});

describe('what cannot be read', () => {
  test.each([
    ['input/empty', utf8('')],
    ['input/empty', utf8(' \n\t\r\n ')],
    ['input/unknown-format', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 1, 2, 3])],
    ['input/unknown-format', utf8('{\\rtf1 hello}')],
    ['pdf/corrupt', utf8('%PDF-1.7\nnothing else')],
    ['docx/corrupt', utf8('PK\u0003\u0004 and nothing else')],
    ['docx/not-word', zip({ 'readme.txt': 'hello' })],
    ['docx/corrupt', docx('<w:p><w:r><w:t>no end')],
    [
      'doc/legacy',
      new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, ...Buffer.alloc(600), ...Buffer.from('WordDocument', 'utf16le')]),
    ],
    [
      'docx/encrypted',
      new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, ...Buffer.alloc(600), ...Buffer.from('EncryptedPackage', 'utf16le')]),
    ],
    ['zip/bomb', docx(p('x'.repeat(30 * 2 ** 20)))],
  ])('is %s', async (code, bytes) => {
    expect(await errorOf(bytes)).toBe(code);
  });

  test('a PDF without text says so', async () => {
    const objects = [
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>',
    ];
    const pdf = `%PDF-1.4\n${objects.map((object, index) => `${index + 1} 0 obj${object}endobj\n`).join('')}trailer<</Root 1 0 R>>\n%%EOF`;
    expect(await errorOf(utf8(pdf))).toBe('pdf/no-text-layer');
  });
});

describe('a saved web page', () => {
  const page = (body: string, head = '') =>
    utf8(`<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`);
  const read = (body: string, head = '') => textOf(page(body, head), 'page.html');

  test('is text without its menus, hidden parts and scripts', async () => {
    const body =
      '<nav><a href="/">Home</a></nav><div class="cookie-banner">We use cookies</div><main><h1>Night Porter</h1><p>Pay &pound;12<script>alert(1)</script> an <b>ho</b>ur</p><p hidden>£99</p><div style="display: none">secret</div></main>';
    expect(await read(body)).toBe('Night Porter\n\nPay £12 an hour\n');
  });

  test('has its labels and values side by side', async () => {
    const body =
      '<dl><dt>Hours</dt><dd>20 a week</dd><dt>Pay</dt><dd>£12</dd></dl><table><tr><th>Post</th><td>Porter</td></tr></table>';
    expect(await read(body)).toBe('Hours\t20 a week\nPay\t£12\n\nPost\tPorter\n');
  });

  test('survives tags that are never closed', async () => {
    expect(await read('<UL><LI>Tact<LI>Patience</UL><TABLE><TR><TD>Pay<TD>£12</TABLE>')).toBe(
      '• Tact\n• Patience\n\nPay\t£12\n',
    );
  });

  test('keeps other jobs out of the advert', async () => {
    const body =
      '<main><h1>Night Porter</h1><p>Closing date: 3 May 2027</p></main><aside><h2>Similar jobs</h2><p>Closing date: 9 May 2027</p></aside>';
    expect((await parse(page(body), 'page.html')).vacancy.closingDate).toBe('2027-05-03');
  });

  test.each([
    [
      'a header that opens the advert',
      '<header><h1>Porter</h1><p>Pay: £12</p></header><main><p>Nights.</p></main>',
      'Porter\n\nPay: £12\n\nNights.\n',
    ],
    [
      'names that say what it is about',
      '<div class="social-care"><p>Pay: £12</p></div><div class="job-share">Hours: 20</div>',
      'Pay: £12\n\nHours: 20\n',
    ],
    [
      'headings that are buttons',
      '<h3><button aria-expanded="false">Pay</button></h3><p>£12</p><button>Apply</button>',
      'Pay\n\n£12\n',
    ],
    [
      'links to people',
      '<ul><li><a href="mailto:n@tarn.example">n@tarn.example</a></li><li><a href="tel:02079460318">020 7946 0318</a></li><li><a href="/w">tarn.example</a></li></ul>',
      '• n@tarn.example\n• 020 7946 0318\n• tarn.example\n',
    ],
    [
      'what stands between its terms',
      '<dl><div><dt>Pay</dt><dd>£12</dd></div><p>Hours: 20</p></dl>',
      'Pay\t£12\n\nHours: 20\n',
    ],
    [
      'elements that only a style sheet keeps apart',
      '<p><span>Full time</span><span>Permanent</span></p>',
      'Full time Permanent\n',
    ],
    ['what is not crossed out', '<p>Pay: <s>£11</s> <del>£10</del> £12</p>', 'Pay: £12\n'],
    [
      'lines of an item that are items',
      '<ul><li>Experience of night work<br>First aid at work<br>Good spoken English</li></ul>',
      '• Experience of night work\n• First aid at work\n• Good spoken English\n',
    ],
  ])('keeps %s', async (_, body, text) => {
    expect(await read(body)).toBe(text);
  });

  test.each([
    '<body class="home social-work related-jobs-on"><h2>Porter</h2><p>Pay: £12</p></body>',
    '<div class="related-jobs-on menu"><h1>Porter</h1><p>Pay: £12</p></div>',
    '<a href="#main">Skip to main content</a><div id="cookie-consent" role="dialog">No</div><h1>Porter</h1><p>Pay: £12</p>',
    '<h1>Porter</h1><p>Pay: £12</p><div class="social-links"><a href="/">Share</a></div>',
  ])('is told from what its site puts round it: %s', async (body) => {
    expect(await read(body)).toBe('Porter\n\nPay: £12\n');
  });

  const data = (job: object) =>
    `<script type="application/ld+json">${JSON.stringify({ '@type': 'JobPosting', ...job })}</script>`;

  test('has what its data says at the end, and the page’s own words win', async () => {
    const job = { title: 'Porter', validThrough: '2027-05-09T22:59:00Z', employmentType: 'FULL_TIME' };
    const bytes = page('<h1>Night Porter</h1><p>Closing date: 3 May 2027</p>', data(job));
    const { vacancy, diagnostics, document } = await parse(bytes, 'page.html');
    expect(
      document.text.endsWith('title: Porter\n\nemploymentType: full time\n\nvalidThrough: 2027-05-09 23:59\n'),
    ).toBe(true);
    expect([vacancy.title, vacancy.closingDate]).toEqual(['Night Porter', '2027-05-03']);
    expect(diagnostics.map(({ code }) => code)).toEqual(['closingDate/conflict']);
  });

  test('has its data read as sites write it: line ends in strings, entities, several types, a graph', async () => {
    const script =
      '<script type="application/ld+json">{"@graph": [{"@type": "Organization", "name": "Board"}, {"@type": ["Thing", "JobPosting"], "title": "Porter &amp; Cleaner", "hiringOrganization": {"name": "Tarn\nHouse"}, "jobLocation": [{"address": {"streetAddress": "1 Quay", "postalCode": "LN27 4QD"}}], "baseSalary": {"currency": "GBP", "value": {"minValue": 20000, "maxValue": "21000", "unitText": "YEAR"}}}]}</script>';
    expect(await read('<p>Hello there</p>', script)).toBe(
      'Hello there\n\ntitle: Porter & Cleaner\n\nhiringOrganization: Tarn House\n\njobLocation: 1 Quay, LN27 4QD\n\nbaseSalary: GBP 20000 - 21000 per year\n',
    );
    expect(await read('<p>Hello there</p>', '<script type="application/ld+json">{"@type": </script>')).toBe(
      'Hello there\n',
    );
  });

  test('has the words of its data repaired as its own are', async () => {
    const script =
      '<script type="application/ld+json">{"@type": "JobPosting", "title": "Night\\u2066 Porter\\ud800"}</script>';
    expect(await read('<p>Hello there</p>', script)).toBe('Hello there\n\ntitle: Night Porter\ufffd\n');
  });

  test('that holds the advert in its data alone is read from there', async () => {
    const description = '&lt;p&gt;You must hold a full UK driving licence and be awake all night long.&lt;/p&gt;';
    expect(await read('<div id="root"></div>', data({ title: 'Porter', description }))).toBe(
      'You must hold a full UK driving licence and be awake all night long.\n\ntitle: Porter\n',
    );
  });

  test.each([
    ['page.html', '<p>Pay: £12</p>', 'html', 'Pay: £12\n'],
    ['page.htm', 'Pay: £12\nHours: 20', 'html', 'Pay: £12\n\nHours: 20\n'],
    ['-', '<!doctype html><p>Pay: £12', 'html', 'Pay: £12\n'],
    ['page.txt', '<html><body><ul><li>Pay</ul>', 'txt', '• Pay\n'],
  ])('named %s is told by its words', async (name, text, format, meant) => {
    const { document } = await readDocument(utf8(text), name);
    expect([document.format, document.text]).toEqual([format, meant]);
  });

  test('however deep it is nested, is read', async () => {
    const depth = 100_000;
    expect(await read(`${'<div>'.repeat(depth)}deep${'</div>'.repeat(depth)}`)).toBe('deep\n');
  });
});

describe('Markdown', () => {
  const read = (text: string) => textOf(utf8(text), 'advert.md');

  test.each([
    ['headings of both kinds', 'Night Porter\n===\n\n## Pay\n', 'Night Porter\n\nPay\n'],
    ['tables', '| Hours | Pay |\n|:--|--:|\n| 20 | £12 \\| £13 |\n', 'Hours\tPay\n20\t£12 | £13\n'],
    ['nested lists', '- Tact\n  - also at night\n- Patience\n', '• Tact\n  • also at night\n• Patience\n'],
    ['links by reference', 'See [our page][1].\n\n[1]: https://example.org\n', 'See our page.\n'],
    ['escapes', 'E1\\. Tact \\* and 5^th^ May', 'E1. Tact * and 5th May\n'],
    ['front matter', '---\ntitle: Porter\n---\n\nHello.\n', 'Hello.\n\ntitle: Porter\n'],
    ['lines that were typed one under the other', '**Hours:** 20\n**Pay:** £12\n', 'Hours: 20\n\nPay: £12\n'],
  ])('has its %s read', async (_, raw, meant) => {
    expect(await read(raw)).toBe(meant);
  });
});

describe('the lines of a PDF table’s cell', () => {
  const body = { font: 'a', size: 9, words: new Set<string>() };
  const line = (text: string, x1: number, y: number): TextLine => ({
    text,
    x0: 360,
    x1,
    y,
    size: 9,
    font: 'a',
    firstFont: 'a',
    lastFont: 'a',
    page: 1,
  });

  test('a full line without a bullet goes on with the item above it, though it does not hang', () => {
    const lines = [
      line('• Member of the Guild of', 467, 100),
      line('Lamplighters', 420, 111.5),
      line('• Study at', 400, 123),
      line('• Wick trimming', 430, 134.5),
    ];
    expect(toParagraphs(lines, body, 482, 11.5).map(({ text }) => text)).toEqual([
      'Member of the Guild of Lamplighters',
      'Study at',
      'Wick trimming',
    ]);
  });

  test('more space than the cells around have between their lines parts paragraphs', () => {
    const lines = [
      line('Ready to forgo a fortnight of leave each March', 478, 100),
      line('Ready to work late', 440, 115),
    ];
    expect(toParagraphs(lines, body, 482, 11.5)).toHaveLength(2);
    expect(toParagraphs([lines[0] as TextLine, line('Ready to work late', 440, 111.5)], body, 482, 11.5)).toHaveLength(
      1,
    );
  });
});

test('a term of a web page with an empty description keeps it to itself', async () => {
  const page =
    '<!doctype html><h1>Porter</h1><dl><dt>Advert date</dt><dd></dd><dt>Closes</dt><dd>Sunday 17 May 2026, 11.59pm</dd></dl>';
  expect((await parse(utf8(page), 'a.html')).vacancy).toMatchObject({
    closingDate: '2026-05-17',
    closingTime: '23:59',
    datePosted: null,
  });
});
