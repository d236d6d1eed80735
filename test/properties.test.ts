// What holds of every text, and not of examples only: the seed is fixed, so that each run tries the same ones.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, textBlocksOf } from '../src/model/document.ts';
import { addDays, findDates, findTimes, formatDay, isRealDay, weekdayOf } from '../src/normalise/calendar.ts';
import { findRanges } from '../src/normalise/money.ts';
import { printable, repairText, WINDOWS_1252 } from '../src/normalise/unicode.ts';
import { type Parsed, parse } from '../src/parse.ts';
import { decodeText } from '../src/read/encoding.ts';
import { describeError, describeWarning } from '../src/report/messages.ts';

fc.configureGlobal({ seed: 20_270_118 });

/** What no text may hold once it is repaired: controls but for tab, line end and form feed; marks of direction; halves. */
const NEVER = /[\0-\x08\x0b\x0d-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Any UTF-16 units at all, among them what has a meaning somewhere. */
const units = fc
  .array(
    fc.oneof(
      fc.nat(0xffff).map((code) => String.fromCharCode(code)),
      fc.nat(0x24f).map((code) => String.fromCharCode(code)),
      fc.constantFrom(...'\r\n\t\f\v\0\x1b\x7f\x85\x9d\u00ad\u061c\u200b\u202e\u2066\u2028\ufeff\ud83d\ude00ﬃ⁰ˢ⬜£’•é'),
      fc.constantFrom('🗹', '👩‍⚕️', '\r\n', 'e\u0301', 'Â£', 'â€™', 'Ã¢â‚¬â„¢'),
    ),
    { maxLength: 60 },
  )
  .map((list) => list.join(''));

/** Lines as adverts have them, put together at random, with something odd now and then. */
const adverts = fc
  .array(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.constantFrom(
          'Salary: ',
          'Closing date: ',
          'Job title: ',
          'Location: ',
          'Hours: ',
          'Essential criteria',
          'Person specification',
          'Contract type: ',
        ),
      },
      {
        weight: 12,
        arbitrary: fc.constantFrom(
          '£27,000 - £31,500 per annum',
          '£12.60 per hour',
          '3 May 2027',
          '31/11/26',
          'midnight',
          'Leeds LS1 1AA',
          '37.5 hours per week',
          'fixed term for 12 months',
          'enhanced DBS check',
          'jobs@example.org',
          'Nurse',
          'Yesterday',
          'pro rata',
        ),
      },
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          '\n- ',
          '\n• ',
          '\n1. ',
          '\n\n',
          '\n',
          '\t',
          ' | ',
          '; ',
          ': ',
          ' (',
          ')',
          '**',
          '# ',
          '<b>',
          '</p>',
          '&pound;',
          '\f',
          '|\n|',
          '---',
        ),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          'Experience of working in a team',
          'Degree or equivalent',
          'You will work with people',
          'Essential',
          'Desirable',
          'Application form',
        ),
      },
      { weight: 2, arbitrary: units.map((text) => text.replace(/[\0\r]/g, '')) },
    ),
    { maxLength: 40 },
  )
  .map((list) => list.join(''));

describe('a repaired text', () => {
  test('holds no control, no mark of direction and no half of a character, and is thrice as long at most', () => {
    fc.assert(
      fc.property(units, (text) => {
        const repaired = repairText(text);
        expect(repaired).not.toMatch(NEVER);
        expect(repaired).not.toMatch(HALF);
        expect(repaired.length).toBeLessThanOrEqual(3 * text.length);
      }),
      { numRuns: 4000 },
    );
  });

  test('is not changed by another repair, unless what seems to be decoded wrongly goes deeper than one repair does', () => {
    fc.assert(
      fc.property(units, (text) => {
        fc.pre(!/[\u00c2-\u00f4]/.test(text));
        const repaired = repairText(text);
        expect(repairText(repaired)).toBe(repaired);
      }),
      { numRuns: 4000 },
    );
  });

  test('is what it was before it was decoded wrongly, up to three times', () => {
    const english = fc
      .array(fc.oneof(fc.constantFrom(...'£’‘“”–—•…é½·€'), fc.constantFrom(' a ', 'pay', ' per ', '27,000', '\n')), {
        maxLength: 20,
      })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(english, fc.integer({ min: 1, max: 3 }), (text, times) => {
        let mangled = text;
        for (let turn = 0; turn < times; turn++) mangled = asWindows1252(Buffer.from(mangled));
        expect(repairText(mangled)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('of what a terminal would obey leaves nothing either where it is only made printable', () => {
    fc.assert(
      fc.property(units, (text) => {
        expect(printable(text)).not.toMatch(NEVER);
        expect(printable(text)).not.toMatch(HALF);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Bytes as windows-1252 prints them. */
const asWindows1252 = (bytes: Buffer) =>
  bytes.toString('latin1').replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control);

describe('a text file is decoded', () => {
  /** Without what makes a file no text, and without a mark of the byte order, which is none of its words. */
  const texts = fc
    .string({ unit: 'binary', maxLength: 200 })
    .map((text) => text.replace(/[\0-\x08\x0b\x0e-\x1f]/g, '').replace(/^\ufeff+/, ''));
  const ascii = fc
    .string({ unit: 'grapheme-ascii', minLength: 2, maxLength: 200 })
    .filter((text) => !/^[\ufeff]/.test(text));
  const wide = (text: string, isBig: boolean) => {
    const bytes = Buffer.from(text, 'utf16le');
    return new Uint8Array(isBig ? bytes.swap16() : bytes);
  };

  test('from UTF-8, with a byte order mark and without', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isMarked) => {
        const bytes = new Uint8Array(Buffer.from(`${isMarked ? '\ufeff' : ''}${text}`));
        expect(decodeText(bytes)).toEqual({ text, encoding: 'utf-8' });
      }),
      { numRuns: 1000 },
    );
  });

  test('from UTF-16, either way round, by its byte order mark', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, isBig) => {
        const encoding = isBig ? 'utf-16be' : 'utf-16le';
        expect(decodeText(wide(`\ufeff${text}`, isBig))).toEqual({ text, encoding });
      }),
      { numRuns: 1000 },
    );
  });

  test('from UTF-16 without one, where it is English', () => {
    fc.assert(
      fc.property(ascii, fc.boolean(), (text, isBig) => {
        expect(decodeText(wide(text, isBig))).toEqual({ text, encoding: isBig ? 'utf-16be' : 'utf-16le' });
      }),
      { numRuns: 500 },
    );
  });

  test('from windows-1252, where it is no UTF-8', () => {
    const bytes = fc
      .uint8Array({ maxLength: 200 })
      .map((list) => list.map((byte) => (byte < 0x20 ? byte + 0x40 : byte)));
    fc.assert(
      fc.property(bytes, (list) => {
        fc.pre(Buffer.from(list).toString('utf8').includes('\ufffd'));
        fc.pre(!/^(?:fffe|feff)/.test(Buffer.from(list).toString('hex')));
        expect(decodeText(list)).toEqual({ text: asWindows1252(Buffer.from(list)), encoding: 'windows-1252' });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any advert', () => {
  const read = async (text: string, name = 'advert.txt'): Promise<Parsed | string> => {
    try {
      return await parse(new Uint8Array(Buffer.from(text)), name, { asOf: '2027-01-18', annualise: true });
    } catch (cause) {
      if ((cause as Error).name === 'ReadError') return (cause as Error).message;
      throw cause;
    }
  };

  test.each(['advert.txt', 'advert.md', 'advert.html'])('is read, or refused by a code (%s)', async (name) => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: adverts }, { weight: 1, arbitrary: units }), async (text) => {
        const parsed = await read(text, name);
        expect(await read(text, name)).toEqual(parsed);
        if (typeof parsed === 'string') return;
        count++;
        checkPlaces(parsed);
      }),
      { numRuns: 250 },
    );
    expect(count).toBeGreaterThan(100);
  });

  test('gives the same with other line ends', async () => {
    await fc.assert(
      fc.asyncProperty(adverts, fc.constantFrom('\r\n', '\r'), async (text, end) => {
        expect(await read(text.replace(/\n/g, end))).toEqual(await read(text));
      }),
      { numRuns: 250 },
    );
  });
});

/** Every quote is a slice of the text with words in it, in order; every block stands where it says. */
function checkPlaces({ document, evidence, diagnostics }: Parsed): void {
  const { text } = document;
  expect(text).not.toMatch(NEVER);
  expect(text).not.toMatch(HALF);
  let at = 0;
  for (const block of document.blocks as readonly Block[])
    for (const { span, text: words } of textBlocksOf(block)) {
      expect(span.start).toBeGreaterThanOrEqual(at);
      expect(text.slice(span.start, span.end)).toBe(words);
      at = span.end;
    }
  for (const list of evidence.values()) {
    const starts = list.map(({ span }) => span.start);
    expect([...starts].sort((a, b) => a - b)).toEqual(starts);
    for (const { span } of list) {
      expect(span.end).toBeLessThanOrEqual(text.length);
      const quote = text.slice(span.start, span.end);
      expect([quote.trim(), quote.trim() === '']).toEqual([quote, false]);
      expect(quote).not.toMatch(HALF);
    }
  }
  for (const diagnostic of diagnostics) expect(describeWarning(diagnostic)).not.toMatch(HALF);
}

describe('a message', () => {
  test('ends no quote within a character', () => {
    for (const padding of [117, 118, 119]) {
      const quote = `${'a'.repeat(padding)}😀😀😀`;
      expect(describeWarning({ code: 'pay/conflict', args: { quote }, field: null, span: null })).not.toMatch(HALF);
    }
  });

  test('of an error hands nothing on that a terminal would obey', () => {
    const { message } = describeError('docx/corrupt', 'attribute w:b\x1b[31m\u202ettom');
    expect(message).toBe('The Word document is damaged (attribute w:b\ufffd[31m\ufffdttom).');
  });
});

describe('any sum of money is read back', () => {
  const thousands = (sum: number, mark: string) => String(sum).replace(/\B(?=(?:\d{3})+$)/g, mark);
  const YEARLY: readonly ((sum: number) => string)[] = [
    (sum) => `£${thousands(sum, ',')}`,
    (sum) => `£${sum}`,
    (sum) => `£ ${thousands(sum, ',')}`,
    (sum) => `£${thousands(sum, ',')}.00`,
    (sum) => `£${thousands(sum, ' ')}`,
    (sum) => `£${thousands(sum, '’')}`,
    (sum) => `GBP ${thousands(sum, ',')}`,
    (sum) => `${thousands(sum, ',')} GBP`,
    (sum) => `&pound;${thousands(sum, ',')}`,
  ];
  const sums = fc.integer({ min: 10_000, max: 250_000 });
  const yearly = fc.constantFrom(...YEARLY);

  test('by the year', () => {
    fc.assert(
      fc.property(
        sums,
        yearly,
        fc.constantFrom('per annum', 'pa', 'p.a.', 'a year', 'per year', '/year'),
        (sum, write, unit) => {
          const [range, ...more] = findRanges(`The pay is ${write(sum)} ${unit}, and more.`, false);
          expect([range?.min, range?.max, range?.period, more]).toEqual([sum, sum, 'year', []]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('in thousands', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 250 }), fc.constantFrom('k', 'K'), (sum, letter) => {
        expect(findRanges(`£${sum}${letter} a year`, false)).toMatchObject([{ min: sum * 1000, max: sum * 1000 }]);
      }),
    );
  });

  test('by the hour, with pence', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 500, max: 9999 }),
        fc.constantFrom(' per hour', ' an hour', '/hr', ' p/h', 'ph', ' hourly'),
        (pence, unit) => {
          const [range, ...more] = findRanges(`£${(pence / 100).toFixed(2)}${unit}`, false);
          expect([range?.min, range?.max, range?.period, more]).toEqual([pence / 100, pence / 100, 'hour', []]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('and so is a range', () => {
    fc.assert(
      fc.property(
        sums,
        fc.integer({ min: 1, max: 60_000 }),
        yearly,
        fc.constantFrom(' - ', '-', ' – ', ' to ', ' rising to '),
        (min, more, write, mark) => {
          const ranges = findRanges(`${write(min)}${mark}${write(min + more)} per annum`, false);
          expect(ranges).toMatchObject([{ min, max: min + more, period: 'year' }]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('any day of the calendar is read back', () => {
  const MONTHS = 'January February March April May June July August September October November December'.split(' ');
  const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
  const two = (number: number) => String(number).padStart(2, '0');
  const ordinal = (day: number) =>
    `${day}${day >= 11 && day <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
  const days = fc
    .date({ min: new Date('2000-01-01T00:00Z'), max: new Date('2099-12-31T00:00Z'), noInvalidDate: true })
    .map((date) => ({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }));
  type Full = { year: number; month: number; day: number };
  const name = ({ month }: Full) => MONTHS[month - 1] ?? '';
  const weekday = (date: Full) => WEEKDAYS[weekdayOf(date)] ?? '';

  const NOTATIONS: Record<string, (date: Full) => string> = {
    '5 December 2027': (date) => `${date.day} ${name(date)} ${date.year}`,
    '5th December 2027': (date) => `${ordinal(date.day)} ${name(date)} ${date.year}`,
    '5th of December, 2027': (date) => `${ordinal(date.day)} of ${name(date)}, ${date.year}`,
    'Sunday 5 December 2027': (date) => `${weekday(date)} ${date.day} ${name(date)} ${date.year}`,
    'Sun, 5th Dec 2027': (date) =>
      `${weekday(date).slice(0, 3)}, ${ordinal(date.day)} ${name(date).slice(0, 3)} ${date.year}`,
    '05-Dec-2027': (date) => `${two(date.day)}-${name(date).slice(0, 3)}-${date.year}`,
    '5 Dec 27': (date) => `${date.day} ${name(date).slice(0, 3)} ${two(date.year % 100)}`,
    '05/12/2027': (date) => `${two(date.day)}/${two(date.month)}/${date.year}`,
    '5/12/27': (date) => `${date.day}/${date.month}/${two(date.year % 100)}`,
    '05.12.2027': (date) => `${two(date.day)}.${two(date.month)}.${date.year}`,
    '5-12-2027': (date) => `${date.day}-${date.month}-${date.year}`,
    '2027-12-05': (date) => formatDay(date),
    'December 5th 2027': (date) => `${name(date)} ${ordinal(date.day)} ${date.year}`,
    'Sunday, December 5, 2027': (date) => `${weekday(date)}, ${name(date)} ${date.day}, ${date.year}`,
  };

  test.each(Object.entries(NOTATIONS))('as %s', (_, write) => {
    fc.assert(
      fc.property(days, fc.constantFrom('', ' at noon', '.', ', 12:30', ' (midnight)'), (date, after) => {
        const words = write(date);
        const found = findDates(`Closing date: ${words}${after}`);
        expect(found).toMatchObject([{ ...date, start: 14, end: 14 + words.length }]);
        if (words.includes('day')) expect(found[0]?.weekday).toBe(weekdayOf(date));
        expect(isRealDay(date)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('and counts on to any other', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: -4000, max: 4000 }), (date, count) => {
        const written = formatDay(date);
        const other = addDays(written, count);
        expect([addDays(other, -count), Math.sign(other.localeCompare(written))]).toEqual([written, Math.sign(count)]);
      }),
    );
  });

  test('in an advert, with its pay', async () => {
    await fc.assert(
      fc.asyncProperty(
        days,
        fc.constantFrom(...Object.values(NOTATIONS)),
        fc.integer({ min: 24_000, max: 90_000 }),
        async (date, write, sum) => {
          const text = `Night Porter\n\nSalary: £${sum.toLocaleString('en-GB')} per annum\nClosing date: ${write(date)}\n`;
          const { vacancy } = await parse(new Uint8Array(Buffer.from(text)), 'advert.txt');
          expect([vacancy.closingDate, vacancy.pay?.min, vacancy.pay?.max]).toEqual([formatDay(date), sum, sum]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('any time of day is read back', () => {
  const WAYS: readonly ((hour: number, minute: string) => string)[] = [
    (hour, minute) => `${String(hour).padStart(2, '0')}:${minute}`,
    (hour, minute) => `${hour % 12 || 12}.${minute}${hour < 12 ? 'am' : 'pm'}`,
    (hour, minute) => `${hour % 12 || 12}:${minute} ${hour < 12 ? 'a.m.' : 'p.m.'}`,
    (hour, minute) => `${String(hour).padStart(2, '0')}${minute} hours`,
  ];

  test.each(WAYS.map((write) => [write(14, '30'), write] as const))('as %s', (_, write) => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), (hour, least) => {
        const minute = String(least).padStart(2, '0');
        const time = `${String(hour).padStart(2, '0')}:${minute}`;
        expect(findTimes(`It closes at ${write(hour, minute)} on the day`)).toMatchObject([{ time }]);
      }),
      { numRuns: 300 },
    );
  });
});
