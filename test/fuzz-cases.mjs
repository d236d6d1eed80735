// Damaged adverts: the fixtures, changed at random. The same seed and number give the same bytes.
import { crc32, deflateRawSync, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import { advertFiles } from './mix.mjs';

/** Random numbers (mulberry32) that the seed and the number of a case fix, so that each case can be made alone. */
function dice(seed, number) {
  let state = (Math.imul(seed + 1, 0x85ebca6b) ^ Math.imul(number + 1, 0x9e3779b1)) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return {
    below,
    chance: (share) => next() < share,
    pick: (list) => list[below(list.length)],
    /** Small more often than large. */
    length: (most) => Math.min(most, Math.floor(2 ** (next() * 12))),
  };
}

// Everything below works on strings of which each character is one byte: a change may cut a letter in two.
const toBytes = (raw) => Buffer.from(raw, 'latin1');
const toRaw = (bytes) => Buffer.from(bytes).toString('latin1');
const utf8 = (words) => toRaw(Buffer.from(words, 'utf8'));

const NUMBERS = [
  ...['0', '-1', '00', '1', '65536', '-2147483649', '4294967296', '999999999999999999999', '1e309', '0.0000001'],
  ...['29/02/2027', '31 November 2026', '2026-13-45', '99:99', utf8('٣٤'), utf8('２７'), '10000', '27,00,0'],
];

/** What nobody types, and files hold all the same. */
const NASTY = [
  ...['\u202e', '\u202c', '\u2066', '\u2069', '\u061c', '\u200f', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u2060'],
  ...[
    '\u0301\u0302\u0303',
    'e\u0301',
    '\u0085',
    '\u009b31m',
    '\u0080',
    '\u2028',
    '\u2029',
    '\u00a0',
    '\u3000',
    '\ufffd',
  ],
  ...[
    '👩‍⚕️',
    '🇬🇧',
    '𝐒𝐚𝐥𝐚𝐫𝐲',
    '\ufdfa',
    'İ',
    'ß',
    'ﬁ',
    '\uffff',
    '\u{10ffff}',
    '\ue000',
    '\u1160',
    'Â£',
    'â€™',
    'Ã¢â‚¬â„¢',
  ],
]
  .map(utf8)
  .concat(
    '\0',
    '\x1b[31m',
    '\x07',
    '\x0b',
    '\x0c',
    '\x7f',
    '\x80',
    '\xff',
    '\r',
    '\n\r',
    '\xef\xbb\xbf',
    '\xff\xfe',
    '\xfe\xff',
  )
  .concat(
    '\xed\xa0\x80',
    '\xed\xb0\x80',
    '\xc0\x80',
    '\xf4\x90\x80\x80',
    '\xe2\x80',
    '\xf8\x88\x80\x80\x80',
    '\xa3',
    '\x96',
  );

const WORDS = [
  ...[
    '£',
    '£27,000 ',
    ' - £31,500 per annum',
    '£12.60 per hour',
    '£0',
    '-£5',
    '£1e9',
    ' pro rata ',
    ' FTE',
    '37.5 hours per week',
  ],
  ...[
    'Salary: ',
    'Closing date: ',
    'Job title: ',
    'Location: ',
    'Reference: ',
    'Employer: ',
    'Hours: ',
    'Contract: ',
    'Interview date: ',
  ],
  ...[
    '27 January 2026',
    '3/4/26',
    'Monday 1st March',
    '2026-01-27',
    'midnight on ',
    '12 noon',
    'Expires in 5 days',
    'Yesterday',
  ],
  ...[
    'Essential',
    'Desirable',
    'Person specification',
    'Essential criteria:\n- ',
    'E\tD\n',
    'How assessed',
    'Application form',
  ],
  ...[
    'enhanced DBS check with barred list',
    'Rehabilitation of Offenders Act',
    'BPSS',
    'SC clearance',
    'NMC registration',
    'full driving licence',
  ],
  ...[
    'Band 5',
    'SCP 12 - 17',
    'Skilled Worker visa',
    'jobs@example.org',
    '01234 567890',
    'SW1A 1AA',
    'fixed term for 12 months',
  ],
  ...[
    '\n',
    '\n\n\n\n',
    '\t',
    '\t\t\t',
    '\f',
    '•  ',
    '- ',
    '1. ',
    '(a) ',
    ': ',
    '; ',
    '|',
    '---',
    '***',
    ' or ',
    ' and ',
  ],
].map(utf8);
const MARKUP = [
  ...[
    '# ',
    '###### ',
    '**',
    '__',
    '*',
    '`',
    '```\n',
    '> ',
    '| a | b |\n|---|---|\n',
    '|',
    '[a](b)',
    '![',
    '](',
    '<!-- ',
    ' -->',
  ],
  ...[
    '- [ ] ',
    '- [x] ',
    '    ',
    '\\',
    '~~',
    '&pound;',
    '&nbsp;',
    '&#163;',
    '&#x202e;',
    '&#0;',
    '&#xd800;',
    '&#133;',
    '<br>',
    '<b>',
    '</b>',
  ],
];
const TAGS = [
  ...[
    '<p>',
    '</p>',
    '<div>',
    '</div>',
    '<table>',
    '</table>',
    '<tr>',
    '<td colspan=9999>',
    '<td rowspan=0>',
    '</td>',
    '<th>',
    '<li>',
    '<ul>',
  ],
  ...[
    '<h1>',
    '</h1>',
    '<dl><dt>',
    '<dd>',
    '<br>',
    '<script>',
    '</script>',
    '<style>',
    '<template>',
    '<svg><p>',
    '<math><mi>',
    '<select>',
  ],
  ...[
    '<noscript>',
    '<iframe>',
    '<plaintext>',
    '<textarea>',
    '<!--',
    '-->',
    '<![CDATA[',
    '<?xml',
    '<frameset>',
    '<p hidden>',
    '<p style="display:none">',
  ],
  ...[
    '<main>',
    '</main>',
    '<nav>',
    '<footer>',
    '<article>',
    '<body>',
    '<base href=x>',
    '<meta charset=utf-16>',
    '<a href="javascript:1">',
    '<input checked>',
  ],
  '<script type="application/ld+json">{"@type":"JobPosting","title":"Nurse\\ud800","baseSalary":{"value":{"minValue":"1e999"}}}</script>',
  '<script type="application/ld+json">[{"@graph":[{"@type":["JobPosting"],"validThrough":"2026-02-31T25:61Z","description":"<p>Pay: &pound;1'.concat(
    '"}]}]</script>',
  ),
];
const WORD_TAGS = [
  ...[
    '<w:p/>',
    '<w:p><w:r><w:t>Salary: £27,000 per annum</w:t></w:r></w:p>',
    '<w:r><w:tab/></w:r>',
    '<w:br/>',
    '<w:br w:type="page"/>',
    '<w:tbl/>',
  ],
  ...[
    '<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
    '<w:tr/>',
    '<w:tc/>',
    '<w:gridSpan w:val="99999"/>',
    '<w:vMerge/>',
    '<w:vMerge w:val="restart"/>',
  ],
  ...[
    '<w:vanish/>',
    '<w:strike/>',
    '<w:b/>',
    '<w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr>',
    '<w:numId w:val="-7"/>',
    '<w:sym w:font="Symbol" w:char="F0B7"/>',
  ],
  ...[
    '<w:fldSimple w:instr="x"/>',
    '<w:fldChar w:fldCharType="begin"/>',
    '<w:fldChar w:fldCharType="end"/>',
    '<w:instrText>HYPERLINK "x"</w:instrText>',
  ],
  ...[
    '<w:ins w:id="1"/>',
    '<w:del w:id="2"/>',
    '<w:sdt><w:sdtContent/></w:sdt>',
    '<w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr></w:sdt>',
    '<w:hyperlink r:id="rId99"/>',
  ],
  ...[
    '<mc:AlternateContent><mc:Choice/><mc:Fallback/></mc:AlternateContent>',
    '<w:txbxContent/>',
    '<w:drawing/>',
    '<w:footnoteReference w:id="9"/>',
    '<w:commentReference w:id="0"/>',
  ],
  ...[
    '<w:pStyle w:val="Heading1"/>',
    '<w:noBreakHyphen/>',
    '<w:softHyphen/>',
    '<w:pict/>',
    '<!-- a -->',
    '<![CDATA[a]]>',
    '&#163;',
    '&#x202e;',
    '&#133;',
    '&amp;',
    '&x;',
    '&#0;',
    '&#xd800;',
  ],
].map(utf8);
const OPERATORS = [
  ...[
    ' BT ',
    ' ET ',
    ' q ',
    ' Q ',
    ' (Salary) Tj ',
    ' [(a) -9000 (b) 1e9 (c)] TJ ',
    ' T* ',
    " (x) ' ",
    ' /F1 12 Tf ',
    ' /F9 0 Tf ',
    ' /F1 -1e9 Tf ',
  ],
  ...[
    ' 1 0 0 1 0 0 cm ',
    ' 0 0 0 0 0 0 cm ',
    ' 1e30 0 0 1e30 0 0 cm ',
    ' 0 1 -1 0 0 0 Tm ',
    ' 1 0 0 -1 50 700 Tm ',
    ' 3 Tr ',
    ' 7 Tr ',
    ' 1e9 Tz ',
    ' -50 Tc ',
    ' 9e9 Ts ',
  ],
  ...[
    ' 0 0 10 10 re f ',
    ' 0 0 m 500 0 l S ',
    ' W n ',
    ' h ',
    ' /Im1 Do ',
    ' BI /W 9 /H 9 ID xx EI ',
    ' BI ',
    ' /Span << /ActualText (\xfe\xff\xd8\x00) >> BDC ',
    ' EMC ',
    ' sh ',
    ' d1 ',
  ],
  ...[
    '(',
    ')',
    '<',
    '>',
    '[',
    ']',
    '<<',
    '>>',
    '\\',
    '%',
    ' NaN ',
    ' -- ',
    ' 1e400 ',
    ' <202e> Tj ',
    ' <d800> Tj ',
    ' (\\777) Tj ',
  ],
];
const NAMES = [
  ...[
    '/MediaBox [0 0 0 0]',
    '/MediaBox [0 0 1e9 1e9]',
    '/MediaBox [0 0 -5 (a)]',
    '/Rotate 90',
    '/Rotate 45',
    '/CropBox [9 9 9 9]',
    '/UserUnit 1e9',
  ],
  ...[
    '/Contents 1 0 R',
    '/Contents [4 0 R 4 0 R 999 0 R]',
    '/Kids [1 0 R]',
    '/Kids [2 0 R 3 0 R]',
    '/Count -1',
    '/Count 999999',
    '/Parent 1 0 R',
    '/Type /Pages',
    '/Type /Page',
  ],
  ...[
    '/Encoding /Identity-H',
    '/Encoding /WinAnsiEncoding',
    '/Encoding << /Differences [65 /A /B /g99] >>',
    '/ToUnicode 1 0 R',
    '/Subtype /Type3',
    '/Subtype /Type0',
    '/W [0 [1e9] 3]',
  ],
  ...[
    '/Widths [0 0 0]',
    '/FirstChar -9',
    '/FontMatrix [0 0 0 0 0 0]',
    '/Resources 1 0 R',
    '/Filter /LZWDecode',
    '/Filter /JBIG2Decode',
    '/Filter [/FlateDecode /FlateDecode]',
    '/DecodeParms << /Predictor 12 /Columns 0 >>',
  ],
  ...[
    '/Annots [1 0 R]',
    '/StructParents 0',
    '/Lang (en)',
    '/OCProperties << >>',
    'null',
    'true',
    ' 1 0 R ',
    ' 999 0 R ',
    ' 0 0 R ',
    '<<',
    '>>',
    '[',
    ']',
    '/',
    '(',
    ')',
  ],
];
const MAPS = [
  ...[
    '1 beginbfchar <0041> <D800> endbfchar',
    '1 beginbfchar <0041> <202E> endbfchar',
    '1 beginbfchar <0042> <> endbfchar',
    '1 beginbfchar <0043> <0085> endbfchar',
  ],
  ...[
    '1 beginbfrange <0000> <00ff> <0000> endbfrange',
    '1 beginbfrange <0000> <0010> [<0041>] endbfrange',
    '1 beginbfrange <00ff> <0000> <fffe> endbfrange',
  ],
  ...[
    '1 begincodespacerange <00> <ff> endcodespacerange',
    '/Identity-H usecmap',
    '<',
    '>',
    'endcmap',
    '<DBFFDFFF>',
    '<0000>',
    '<FFFF>',
    '<00410301>',
  ],
];

/** A place in a text; where `mark` is given, mostly the next one at which it stands. */
function place(raw, at, mark) {
  const from = at.below(raw.length + 1);
  if (mark === null || at.chance(0.3)) return from;
  const next = raw.indexOf(mark, from);
  return next < 0 ? from : next;
}

function block(raw, at, mark) {
  const start = place(raw, at, mark);
  if (mark === null || at.chance(0.4)) return [start, Math.min(raw.length, start + at.length(raw.length))];
  let end = start;
  for (let marks = 1 + at.below(4); marks > 0; marks--) {
    const next = raw.indexOf(mark, end + 1);
    end = next < 0 ? raw.length : next;
  }
  return [start, end];
}

const flip = (raw, at) => {
  const index = at.below(raw.length);
  // A space without its bit is a zero, and a text with a zero in it is read no further: those come by themselves, more rarely.
  const flipped = raw.charCodeAt(index) ^ (1 << at.below(8)) || 0x80;
  return `${raw.slice(0, index)}${String.fromCharCode(flipped)}${raw.slice(index + 1)}`;
};
const insert = (raw, index, words) => `${raw.slice(0, index)}${words}${raw.slice(index)}`;

/** Every way to change a text; `mark` is what its parts begin with, `other` another of its kind, `words` its vocabulary. */
const CHANGES = [
  (raw, at) => flip(raw, at),
  (raw, at) => {
    let changed = raw;
    for (let count = at.length(200); count > 0; count--) changed = flip(changed, at);
    return changed;
  },
  (raw, at, { mark }) => {
    const [start, end] = block(raw, at, mark);
    return raw.slice(0, start) + raw.slice(end);
  },
  (raw, at, { mark }) => {
    const [start, end] = block(raw, at, mark);
    return insert(raw, end, raw.slice(start, end).repeat(at.chance(0.1) ? 1 + at.below(30) : 1));
  },
  (raw, at, { mark }) => {
    const [start, end] = block(raw, at, mark);
    return insert(raw, place(raw, at, mark), raw.slice(start, end));
  },
  (raw, at, { mark }) => {
    const [a, b] = block(raw, at, mark);
    const [from, to] = block(raw.slice(b), at, mark).map((index) => index + b);
    return raw.slice(0, a) + raw.slice(from, to) + raw.slice(b, from) + raw.slice(a, b) + raw.slice(to);
  },
  (raw, at, { mark }) => (at.chance(0.3) ? raw.slice(0, place(raw, at, mark)) : raw),
  (raw, at, { mark, other }) => {
    const [start, end] = block(other, at, mark);
    return insert(raw, place(raw, at, mark), other.slice(start, end));
  },
  (raw, at, { mark, other }) =>
    at.chance(0.2) ? raw.slice(0, place(raw, at, mark)) + other.slice(place(other, at, mark)) : raw,
  ...Array(3).fill((raw, at) => {
    const from = at.below(raw.length + 1);
    const found = /-?\d[\d,.]*/.exec(raw.slice(from, from + 5000));
    if (found === null) return raw;
    const index = from + found.index;
    return raw.slice(0, index) + at.pick(NUMBERS) + raw.slice(index + found[0].length);
  }),
  ...Array(5).fill((raw, at, { mark, words }) => insert(raw, place(raw, at, mark), at.pick(words))),
  ...Array(2).fill((raw, at, { nasty }) => insert(raw, at.below(raw.length + 1), at.pick(nasty))),
];

function change(raw, at, kind) {
  let changed = raw;
  for (let count = at.length(7); count >= 0; count--) changed = at.pick(kind.changes ?? CHANGES)(changed, at, kind);
  return changed;
}

/** The element that begins at an opening tag: where it ends. */
function endOfElement(raw, start) {
  const open = /^<([\w:.-]+)[^<>]*>/.exec(raw.slice(start, start + 2000));
  if (open === null) return null;
  if (open[0].endsWith('/>')) return start + open[0].length;
  const tags = new RegExp(`<(/?)${open[1]}(?=[\\s/>])[^<>]*>`, 'g');
  tags.lastIndex = start;
  let depth = 0;
  for (let tag = tags.exec(raw); tag !== null; tag = tags.exec(raw)) {
    if (!tag[0].endsWith('/>')) depth += tag[1] === '' ? 1 : -1;
    if (depth === 0) return tags.lastIndex;
  }
  return null;
}

function element(raw, at) {
  const start = raw.indexOf('<', at.below(raw.length + 1));
  const end = start < 0 ? null : endOfElement(raw, start);
  return end === null ? null : [start, end];
}

/** Changes that leave XML well formed, so that it is read to its end. */
const WELL_FORMED = [
  (raw, at) => {
    const found = element(raw, at);
    return found === null ? raw : raw.slice(0, found[0]) + raw.slice(found[1]);
  },
  (raw, at) => {
    const found = element(raw, at);
    return found === null ? raw : insert(raw, found[1], raw.slice(...found));
  },
  (raw, at, { other }) => {
    const [found, from] = [element(raw, at), element(other, at)];
    return found === null || from === null ? raw : insert(raw, found[at.below(2)], other.slice(...from));
  },
  (raw, at) => {
    const [a, b] = [element(raw, at), element(raw, at)];
    if (a === null || b === null || a[1] > b[0]) return raw;
    return raw.slice(0, a[0]) + raw.slice(...b) + raw.slice(a[1], b[0]) + raw.slice(...a) + raw.slice(b[1]);
  },
  ...Array(3).fill((raw, at, { words }) => {
    const found = element(raw, at);
    return found === null ? raw : insert(raw, found[at.below(2)], at.pick(words));
  }),
  ...Array(3).fill((raw, at) => {
    // words between two tags
    const from = raw.indexOf('>', at.below(raw.length + 1)) + 1;
    const to = raw.indexOf('<', from);
    if (from === 0 || to < 0) return raw;
    const words = at.chance(0.5) ? at.pick(WORDS) : at.pick(XML_NASTY);
    return insert(raw, from + at.below(to - from + 1), words.replace(/[<&]/g, ''));
  }),
  (raw, at) => {
    const from = at.below(raw.length + 1);
    const found = /(?<=")-?\d{1,9}(?=")/.exec(raw.slice(from, from + 5000));
    if (found === null) return raw;
    const index = from + found.index;
    return raw.slice(0, index) + at.pick(NUMBERS) + raw.slice(index + found[0].length);
  },
];
/** Of the nasty, what XML may hold. */
const XML_NASTY = NASTY.filter((each) => /^[\t\n\r\x20-\uffff]+$/.test(toBytes(each).toString('utf8')));

// ---- texts ----

const TEXT = { mark: '\n', words: [...WORDS, ...WORDS, ...MARKUP], nasty: NASTY };
const PAGE = { mark: '<', words: [...WORDS, ...MARKUP, ...TAGS, ...TAGS], nasty: NASTY };
const MARKDOWN = { mark: '\n', words: [...WORDS, ...MARKUP, ...MARKUP, ...TAGS], nasty: NASTY };

/** The same text in another encoding, right or wrong. */
const ENCODINGS = [
  (raw) => `\xff\xfe${toRaw(Buffer.from(toBytes(raw).toString('utf8'), 'utf16le'))}`,
  (raw) => toRaw(Buffer.from(toBytes(raw).toString('utf8'), 'utf16le')),
  (raw) => `\xfe\xff${toRaw(Buffer.from(toBytes(raw).toString('utf8'), 'utf16le').swap16())}`,
  (raw) => `\xff\xfe${insert(toRaw(Buffer.from(toBytes(raw).toString('utf8'), 'utf16le')), 40, '\x00\xd8')}`,
  (raw) => toRaw(Buffer.from(toBytes(raw).toString('utf8'), 'latin1')),
  (raw) => `\xef\xbb\xbf${raw}`,
  (raw) => utf8(raw), // read as windows-1252 and saved again
  (raw) => raw.replaceAll('\n', '\r'),
  (raw) => raw.replaceAll('\n', '\r\n'),
];

function changeText(bytes, at, kind, other) {
  let raw = change(toRaw(bytes), at, { ...kind, other: toRaw(other) });
  if (at.chance(0.2)) raw = at.pick(ENCODINGS)(raw);
  if (at.chance(0.05)) raw = change(raw, at, { ...kind, other: raw });
  return toBytes(raw);
}

// ---- Word ----

/** The parts of a zip archive that is whole. */
function unzip(bytes) {
  const parts = new Map();
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(from, from + packed);
    parts.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), method === 0 ? data : inflateRawSync(data));
    at += 46 + nameLength + extra + comment;
  }
  return parts;
}

function zip(parts, isDeflated) {
  const files = [];
  const directory = [];
  let offset = 0;
  for (const [name, data] of parts) {
    const packed = isDeflated ? deflateRawSync(data, { level: 1 }) : data;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(isDeflated ? 8 : 0, 4);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const [local, central] = ['PK\x03\x04', 'PK\x01\x02\x14\x00'].map((mark) => Buffer.from(mark, 'latin1'));
    files.push(local, head, Buffer.from(name), packed);
    directory.push(central, head, place, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...directory, end]);
}

/** Parts that no reader opens, and that take long to pack. */
const UNREAD = /^(?:docProps|customXml|word\/(?:theme|stylesWithEffects|media))\b/;

const partsOf = cached((bytes) => new Map([...unzip(bytes)].filter(([name]) => !UNREAD.test(name))));

function changeWord(bytes, at, otherBytes) {
  const parts = new Map(partsOf(bytes));
  const others = partsOf(otherBytes);
  for (let count = 1 + at.below(2); count > 0; count--) {
    const name = at.chance(0.7) ? 'word/document.xml' : at.pick([...parts.keys()]);
    const raw = toRaw(parts.get(name) ?? []);
    const kind = { mark: '<', words: WORD_TAGS, nasty: NASTY, other: toRaw(others.get(name) ?? []) };
    parts.set(name, toBytes(change(raw, at, at.chance(0.8) ? { ...kind, changes: WELL_FORMED } : kind)));
  }
  if (at.chance(0.03)) parts.delete(at.pick([...parts.keys()]));
  const packed = zip(parts, at.chance(0.5));
  if (!at.chance(0.08)) return packed;
  return toBytes(change(toRaw(packed), at, { mark: 'PK', words: NASTY, nasty: NASTY, other: toRaw(bytes) }));
}

// ---- PDF ----

/** A PDF's objects with their streams inflated, as far as Flate and ASCII85 go. */
const objectsOf = cached((bytes) => {
  const raw = toRaw(bytes);
  const objects = [];
  const head = /(?<![\d.])(\d+) (\d+) obj\b/g;
  for (let found = head.exec(raw); found !== null; found = head.exec(raw)) {
    const from = head.lastIndex;
    const end = raw.indexOf('endobj', from);
    const stream = /\bstream\r?\n/g;
    stream.lastIndex = from;
    const begin = stream.exec(raw);
    if (begin === null || begin.index > end) {
      objects.push({ number: Number(found[1]), dictionary: raw.slice(from, end).trim(), stream: null });
      head.lastIndex = end;
      continue;
    }
    const length = /\/Length (\d+)(?: (\d+) R)?/.exec(raw.slice(from, begin.index));
    const direct =
      length[2] === undefined ? length[1] : new RegExp(`(?<!\\d)${length[1]} 0 obj\\s*(\\d+)`).exec(raw)[1];
    const to = stream.lastIndex + Number(direct);
    objects.push({
      number: Number(found[1]),
      ...inflate(raw.slice(from, begin.index), raw.slice(stream.lastIndex, to)),
    });
    head.lastIndex = raw.indexOf('endobj', to);
  }
  const trailer = /\/Root \d+ \d+ R/.exec(raw.slice(raw.lastIndexOf('trailer')))[0];
  return { objects, trailer };
});

function inflate(dictionary, stream) {
  const filter = /\/Filter\s*(\[[^\]]*\]|\/\w+)/.exec(dictionary);
  const bare = dictionary.replace(/\/Length \d+(?: \d+ R)?/, '').trim();
  if (filter === null || /\/DecodeParms|\/DCTDecode/.test(dictionary)) return { dictionary: bare, stream };
  let data = stream;
  if (filter[1].includes('ASCII85')) data = fromAscii85(data);
  return { dictionary: bare.replace(filter[0], ''), stream: toRaw(inflateSync(toBytes(data))) };
}

function fromAscii85(text) {
  const digits = text.replace(/\s|~>[\s\S]*$/g, '').replaceAll('z', '!!!!!');
  let decoded = '';
  for (let at = 0; at < digits.length; at += 5) {
    const group = digits.slice(at, at + 5);
    let value = 0;
    for (const digit of group.padEnd(5, 'u')) value = value * 85 + digit.charCodeAt(0) - 33;
    decoded += [24, 16, 8, 0]
      .map((shift) => String.fromCharCode((value / 2 ** shift) & 255))
      .join('')
      .slice(0, group.length - 1);
  }
  return decoded;
}

/** A PDF of objects, with a table of where they stand. */
function writePdf(objects, trailer, isDeflated) {
  let raw = '%PDF-1.6\n';
  const starts = new Map();
  for (const { number, dictionary, stream } of objects) {
    starts.set(number, raw.length);
    raw += `${number} 0 obj\n`;
    if (stream === null) raw += `${dictionary}\nendobj\n`;
    else {
      const isPacked = isDeflated && !dictionary.includes('/Filter');
      const data = isPacked ? toRaw(deflateSync(toBytes(stream), { level: 1 })) : stream;
      const keys = `/Length ${data.length}${isPacked ? '/Filter/FlateDecode' : ''}`;
      raw += `${dictionary.replace(/>>\s*$/, `${keys} >>`)}\nstream\n${data}\nendstream\nendobj\n`;
    }
  }
  const size = Math.max(...starts.keys()) + 1;
  const table = raw.length;
  raw += `xref\n0 ${size}\n0000000000 65535 f \n`;
  for (let number = 1; number < size; number++)
    raw += starts.has(number) ? `${String(starts.get(number)).padStart(10, '0')} 00000 n \n` : '0000000000 65535 f \n';
  return `${raw}trailer\n<< /Size ${size} ${trailer} >>\nstartxref\n${table}\n%%EOF\n`;
}

const isContent = ({ stream }) => stream !== null && /\bBT\b/.test(stream) && /\bTf\b/.test(stream);
const isMap = ({ stream }) => stream?.includes('begincmap') ?? false;

function changePdf(bytes, at, otherBytes) {
  if (at.chance(0.12))
    return toBytes(change(toRaw(bytes), at, { mark: 'obj', words: NAMES, nasty: NASTY, other: toRaw(otherBytes) }));
  const { objects, trailer } = objectsOf(bytes);
  const others = objectsOf(otherBytes).objects;
  const changed = objects.map((object) => ({ ...object }));
  for (let count = 1 + at.below(3); count > 0; count--) {
    const [isOfKind, part, kind] = at.pick(PDF_PARTS);
    const object = at.pick(changed.filter(isOfKind));
    const other = at.pick(others.filter(isOfKind));
    if (object !== undefined) object[part] = change(object[part], at, { ...kind, other: other?.[part] ?? '' });
  }
  const raw = writePdf(changed, trailer, at.chance(0.5));
  return toBytes(at.chance(0.03) ? change(raw, at, { mark: 'obj', words: NAMES, nasty: NASTY, other: raw }) : raw);
}

const PDF_CONTENT = [isContent, 'stream', { mark: '\n', words: OPERATORS, nasty: NASTY }];
const PDF_PARTS = [
  ...[PDF_CONTENT, PDF_CONTENT, PDF_CONTENT, PDF_CONTENT],
  [isMap, 'stream', { mark: '\n', words: MAPS, nasty: NASTY }],
  [() => true, 'dictionary', { mark: '/', words: NAMES, nasty: NASTY }],
  [({ stream }) => stream !== null, 'stream', { mark: null, words: NASTY, nasty: NASTY }],
];

/** A fixture is taken apart once. */
function cached(make) {
  const made = new WeakMap();
  return (bytes) => {
    if (!made.has(bytes)) made.set(bytes, make(bytes));
    return made.get(bytes);
  };
}

/** How often each format comes, and how it is changed. */
const FORMATS = [
  { extension: 'txt', share: 30, change: (bytes, at, other) => changeText(bytes, at, TEXT, other) },
  { extension: 'md', share: 10, change: (bytes, at, other) => changeText(bytes, at, MARKDOWN, other) },
  { extension: 'html', share: 20, change: (bytes, at, other) => changeText(bytes, at, PAGE, other) },
  { extension: 'docx', share: 20, change: changeWord },
  { extension: 'pdf', share: 20, change: changePdf },
];
const TURNS = FORMATS.flatMap((format) => Array(format.share).fill(format));
const FIXTURES = new Map(
  FORMATS.map(({ extension }) => [extension, advertFiles([extension]).map(({ bytes }) => bytes)]),
);

/** A case by its number: its name, which says its format, and its bytes. */
export function makeCase(seed, number) {
  const at = dice(seed, number);
  const { extension, change: changeIt } = at.pick(TURNS);
  const files = FIXTURES.get(extension);
  const bytes = changeIt(at.pick(files), at, at.pick(files));
  // A name may lie: the bytes tell the format, but for texts.
  const named = at.chance(0.03) ? at.pick(FORMATS).extension : extension;
  return { name: `${String(number).padStart(7, '0')}.${named}`, format: extension, bytes };
}

/** A Word file or a PDF taken apart and put together, with nothing changed: what is changed is changed between the two. */
export function rebuild(extension, bytes) {
  if (extension === 'docx') return zip(partsOf(bytes), true);
  const { objects, trailer } = objectsOf(bytes);
  return toBytes(writePdf(objects, trailer, false));
}
