import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { RULE_CODES, RULES } from '../src/check/rules.ts';
import { BIN, exec, has, inOwnFolder, ROOT, vacancy } from './support.ts';

let dir: string;
inOwnFolder('check', (folder) => {
  dir = folder;
});

/** The day on which the adverts below are looked at: without it the tests would fail once they have closed. */
const TODAY = '2026-11-22';

const CARE = `Care Assistant

Employer: Thornbeck House Ltd
Reference: THL/0417
Location: Thornbeck House, 3 Mill Lane, Oxney, LN14 9BA
Salary: £13.60 per hour
Hours: 37.5 hours per week, full time
Contract: Permanent
Date posted: 2 November 2026
Closing date: Friday 18 December 2026 at 5pm
Interviews: Wednesday 6 January 2027
Start date: 1 February 2027

Thornbeck House is a home for 24 older people. You will help residents to wash, dress and eat, and keep them company.

Person specification

Essential
- Experience of caring for older people
- A Level 2 certificate in care

Desirable
- A full driving licence

The post is subject to an enhanced DBS check with the adults' barred list.

For an informal chat contact Delphine Arkwright, Home Manager, on 01632 960733 or delphine.arkwright@example.org.
`;

const NURSE = `Community Nurse

Employer: Saltmarley NHS Foundation Trust
Reference: 914-SM-2207
Location: Saltmarley Health Centre, Quay Street, Saltmarley, LN14 5TQ
Band: Agenda for Change Band 5
Salary: £31,049 to £37,796 a year
Hours: 30 hours per week, part time
Contract: Fixed term, 12 months
Date posted: 3 November 2026
Closing date: 6 December 2026

You will visit patients at home, dress wounds and teach families.

Person specification

Essential
- Registered with the Nursing and Midwifery Council
- Experience of wound care

Desirable
- Experience of teaching

The post is subject to an enhanced DBS check.

Contact: Oswin Pargeter, Team Lead, 01632 960118
`;

const CLERK = `# Planning Support Officer

Oxney Borough Council

| | |
|---|---|
| Salary | £27,254 to £28,142 a year |
| Hours | 37 hours per week, full time |
| Contract | Permanent |
| Location | Civic Centre, Market Place, Oxney, LN14 1AA |
| Date posted | 5 November 2026 |
| Closing date | 11 December 2026 |

You will log planning applications and answer questions about them.

## Person specification

### Essential

- Accurate typing
- Experience of work in an office

### Desirable

- Knowledge of planning law

No criminal-record check is needed for this post.

Questions: planning.jobs@example.org
`;

const VOLUNTEER = `Volunteer Gardener

Employer: The Larkfield Trust
Location: Walled Garden, Larkfield, LN14 2BB
Salary: Unpaid, voluntary role. Travel expenses are paid.
Hours: 4 hours per week, part time
Contract: Voluntary
Date posted: 9 November 2026
Closing date: We will recruit on a rolling basis until we have enough volunteers.

You will dig, sow and plant with other volunteers.

Essential criteria
- Liking for work outdoors

Desirable criteria
- Knowledge of roses

Contact: Isolde Penhaligon, Head Gardener, 020 7946 0118
`;

const TUTOR = `<!doctype html><html lang="en"><head><title>Piano Tutor</title></head><body><main>
<h1>Piano Tutor</h1>
<p>Employer: Saltmarley Music Service</p>
<p>Location: Saltmarley, LN14 5TT</p>
<p>Salary: £30 to £34 per hour</p>
<p>Hours: 12 hours per week, part time</p>
<p>Contract: Temporary</p>
<p>Date posted: 10 November 2026</p>
<p>Closing date: 14 December 2026 at 12 noon</p>
<p>You will teach beginners of all ages at the piano.</p>
<h2>Person specification</h2>
<h3>Essential</h3><ul><li>A degree in music</li><li>Experience of teaching</li></ul>
<h3>Desirable</h3><ul><li>A second instrument</li></ul>
<p>The post is subject to an enhanced DBS check with the children's barred list.</p>
<p>Contact: Leofric Amberley, Head of Music, leofric.amberley@example.org</p>
</main></body></html>
`;

interface Finding {
  path: string;
  code: string;
  level: string;
  message: string;
  reason: string | null;
  line: number | null;
  column: number | null;
  start: number | null;
  end: number | null;
  quote: string | null;
  before: string | null;
  fileLine: number | null;
}

/** What the check says of a file with this text, as JSON lines. */
async function findings(text: string, name = 'advert.txt', ...flags: string[]): Promise<Finding[]> {
  writeFileSync(name, text);
  const { stdout } = await vacancy(['check', name, '-f', 'json', '--as-of', TODAY, ...flags]);
  return linesOf(stdout);
}

const linesOf = (stdout: string): Finding[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Where words stand in a text, both from 1; the last of them where they stand there more than once. */
function placeOf(text: string, words: string) {
  const at = text.lastIndexOf(words);
  if (at < 0) throw new Error(`${words} is not in the text`);
  const above = text.slice(0, at).split('\n');
  return { line: above.length, column: (above.at(-1) ?? '').length + 1, start: at, end: at + words.length };
}

/** An advert in which some words are others. */
function changed(text: string, ...changes: [string, string][]): string {
  return changes.reduce((before, [from, to]) => {
    if (before.split(from).length !== 2) throw new Error(`“${from}” does not stand there once`);
    return before.replace(from, () => to);
  }, text);
}

describe('good adverts', () => {
  test.each([
    ['a care home', 'advert.txt', CARE],
    ['the NHS', 'advert.txt', NURSE],
    ['a council, in Markdown', 'advert.md', CLERK],
    ['a charity, unpaid and open', 'advert.txt', VOLUNTEER],
    ['a web page', 'advert.html', TUTOR],
  ])('have no finding: %s', async (_, name, text) => {
    expect(await findings(text, name)).toEqual([]);
  });
});

/** A rule, an advert with one fault that it is to find, and the words that it is to quote: null for none. */
type Case = readonly [code: string, what: string, text: string, quote: string | null];

const FAULTS: readonly Case[] = [
  [
    'document/not-a-vacancy',
    'guidance notes',
    `Guidance notes for applicants

Please read these notes before you fill in the application form.

Completing the form
- Write in black ink
- Answer every question
- Do not send a CV

Equal opportunities monitoring
The information that you give on the monitoring form is not seen by those who shortlist.

References
Give the names of two referees, one of them your present or last employer.
`,
    'Guidance notes for applicants',
  ],
  [
    'document/several-vacancies',
    'a second advert behind the first',
    `${CARE}\n\nKitchen Porter\n\nEmployer: Thornbeck House Ltd\nReference: THL/0418\nLocation: Thornbeck House, 3 Mill Lane, Oxney, LN14 9BA\nSalary: £13.60 per hour\nHours: 20 hours per week, part time\nContract: Permanent\nClosing date: Friday 18 December 2026 at 5pm\n`,
    'Kitchen Porter',
  ],
  ['title/missing', 'no title', CARE.replace('Care Assistant\n\n', ''), null],
  [
    'employer/missing',
    'no employer',
    changed(
      CARE,
      ['Employer: Thornbeck House Ltd\n', ''],
      ['Location: Thornbeck House, 3', 'Location: 3'],
      ['Thornbeck House is a home for 24', 'This is a home for 24'],
    ),
    null,
  ],
  [
    'location/missing',
    'no place',
    changed(CARE, ['Location: Thornbeck House, 3 Mill Lane, Oxney, LN14 9BA\n', '']),
    null,
  ],
  [
    'closing-date/missing',
    'no closing date',
    changed(CARE, ['Closing date: Friday 18 December 2026 at 5pm\n', '']),
    null,
  ],
  [
    'closing-date/past',
    'closed yesterday',
    changed(CARE, ['Friday 18 December 2026 at 5pm', 'Saturday 21 November 2026 at 5pm']),
    'Saturday 21 November 2026 at 5pm',
  ],
  [
    'closing-date/incomplete',
    'no year, and a weekday that the nearest one has not',
    changed(CARE, ['Friday 18 December 2026 at 5pm', 'Monday 18 December at 5pm']),
    'Monday 18 December',
  ],
  [
    'closing-date/incomplete',
    'days from when it is read',
    changed(CARE, ['Closing date: Friday 18 December 2026 at 5pm', 'Expires in 5 days']),
    'Expires in 5 days',
  ],
  [
    'closing-date/incomplete',
    'a month alone',
    changed(CARE, ['Friday 18 December 2026 at 5pm', 'December 2026']),
    'December 2026',
  ],
  [
    'date/impossible',
    'the 31st of November',
    changed(CARE, ['Friday 18 December 2026 at 5pm', '31 November 2026 at 5pm']),
    '31 November 2026',
  ],
  [
    'date/impossible',
    'the 29th of February in no leap year',
    changed(CARE, ['Start date: 1 February 2027', 'Start date: 29 February 2027']),
    '29 February 2027',
  ],
  [
    'date/weekday-mismatch',
    'a Monday that is a Friday',
    changed(CARE, ['Friday 18 December 2026', 'Monday 18 December 2026']),
    'Monday 18 December 2026',
  ],
  ['date/midnight', '00:00', changed(CARE, ['2026 at 5pm', '2026 at 00:00']), '00:00'],
  [
    'date/order',
    'interviews before the closing date',
    changed(CARE, ['Wednesday 6 January 2027', 'Wednesday 16 December 2026']),
    'Wednesday 16 December 2026',
  ],
  [
    'date/order',
    'a start before the closing date',
    changed(CARE, ['1 February 2027', '1 December 2026']),
    '1 December 2026',
  ],
  [
    'date/order',
    'posted after the closing date',
    changed(CARE, ['Date posted: 2 November 2026', 'Date posted: 21 December 2026']),
    'Friday 18 December 2026 at 5pm',
  ],
  ['pay/missing', 'no pay', changed(CARE, ['Salary: £13.60 per hour\n', '']), null],
  ['pay/no-figures', 'competitive pay', changed(CARE, ['£13.60 per hour', 'Competitive']), 'Competitive'],
  ['pay/below-minimum-wage', '£11 an hour', changed(CARE, ['£13.60 per hour', '£11.00 per hour']), '£11.00 per hour'],
  [
    'pay/off-scale',
    'Band 5 with the pay of Band 7',
    changed(NURSE, ['£31,049 to £37,796 a year', '£47,810 to £54,710 a year']),
    '£47,810 to £54,710 a year',
  ],
  [
    'pay/disagrees',
    'an hourly and a yearly figure of which no week makes one',
    changed(CARE, ['£13.60 per hour', '£13.60 per hour (£41,000 per annum)']),
    '£13.60 per hour (£41,000 per annum)',
  ],
  [
    'pay/disagrees',
    'two statements of the pay',
    changed(CARE, ['Contract: Permanent\n', 'Contract: Permanent\nSalary: £14.90 per hour\n']),
    '£14.90 per hour',
  ],
  ['pay/no-period', 'figures with no period', changed(CARE, ['£13.60 per hour', '£13.60']), '£13.60'],
  ['pay/no-period', 'figures that may be for a week', changed(CARE, ['£13.60 per hour', '£510']), '£510'],
  [
    'advert/disagrees',
    'two closing dates',
    changed(CARE, ['Start date', 'Closing date: 20 December 2026\nStart date']),
    '20 December 2026',
  ],
  ['advert/disagrees', 'two references', changed(CARE, ['Hours:', 'Reference: THL/0999\nHours:']), 'THL/0999'],
  [
    'advert/disagrees',
    'two days of posting',
    changed(CARE, ['Closing date', 'Date posted: 9 November 2026\nClosing date']),
    '9 November 2026',
  ],
  [
    'advert/disagrees',
    'two lengths of the week',
    changed(CARE, ['Contract:', 'Hours: 20 hours per week\nContract:']),
    '20 hours per week',
  ],
  [
    'dbs/no-level',
    'a check of no level',
    changed(CARE, ["an enhanced DBS check with the adults' barred list.", 'a DBS check.']),
    'The post is subject to a DBS check.',
  ],
  [
    'criteria/no-essential',
    'no essential criteria',
    changed(CARE, [
      'Essential\n- Experience of caring for older people\n- A Level 2 certificate in care\n\nDesirable\n',
      'Desirable\n- Experience of caring for older people\n',
    ]),
    null,
  ],
  [
    'contact/missing',
    'nobody to ask',
    changed(CARE, [
      'For an informal chat contact Delphine Arkwright, Home Manager, on 01632 960733 or delphine.arkwright@example.org.\n',
      '',
    ]),
    null,
  ],
  ['google/no-date-posted', 'no day of posting', changed(CARE, ['Date posted: 2 November 2026\n', '']), null],
  ['google/no-pay', 'a band alone', changed(NURSE, ['Salary: £31,049 to £37,796 a year\n', '']), null],
  ['google/no-pay', 'pay for a session', changed(CARE, ['£13.60 per hour', '£120 per session']), null],
  [
    'google/no-employment-type',
    'neither hours nor contract',
    changed(CARE, ['Hours: 37.5 hours per week, full time\n', ''], ['Contract: Permanent\n', '']),
    null,
  ],
];

describe('one fault', () => {
  test.each(FAULTS)('%s: %s', async (code, _, text, quote) => {
    const found = await findings(text);
    expect(found.map((finding) => finding.code)).toEqual([code]);
    const [finding] = found as [Finding];
    expect(finding.quote).toBe(quote);
    const { line, column, start: from, end } = finding;
    const printed = (await vacancy(['text', 'advert.txt'])).stdout;
    expect({ line, column, start: from, end }).toEqual(
      quote === null ? { line: null, column: null, start: null, end: null } : placeOf(printed, quote),
    );
    expect(finding.fileLine).toBe(quote === null ? null : placeOf(text, quote).line);
    expect(finding.level).toBe(RULES[code as keyof typeof RULES].level);
  });

  test('is planted for every rule', () => {
    expect([...new Set(FAULTS.map(([code]) => code))].sort()).toEqual(RULE_CODES);
  });
});

describe('a rule is silent', () => {
  const codes = async (text: string, ...flags: string[]) =>
    (await findings(text, 'advert.txt', ...flags)).map(({ code }) => code);

  test.each([
    [
      'closing-date/past',
      'on the last day itself',
      changed(CARE, ['Friday 18 December 2026 at 5pm', '22 November 2026']),
    ],
    [
      'closing-date/incomplete',
      'of a date of posting or of interviews without its day',
      changed(CARE, ['Wednesday 6 January 2027', 'Thursday 6 January'], ['2 November 2026', '2 Nov 2026']),
    ],
    [
      'closing-date/incomplete',
      'of a date above a labelled one',
      changed(CARE, ['\n\nEmployer', '\n\n2 November 2026\n\nEmployer']),
    ],
    [
      'closing-date/missing',
      'where it says that it stays open',
      changed(CARE, ['Friday 18 December 2026 at 5pm', 'open until filled']),
    ],
    [
      'date/order',
      'of a start on the day after',
      changed(CARE, ['1 February 2027', '19 December 2026'], ['Interviews: Wednesday 6 January 2027\n', '']),
    ],
    ['date/midnight', 'of 11:59pm', changed(CARE, ['5pm', '11:59pm'])],
    ['pay/no-figures', 'of a grade', changed(CARE, ['£13.60 per hour', 'Grade 4'])],
    ['pay/below-minimum-wage', 'of the wage itself', changed(CARE, ['£13.60', '£12.71'])],
    ['pay/off-scale', 'of a band’s own figures', NURSE],
    [
      'dbs/no-level',
      'where no check is needed',
      changed(CARE, [
        "is subject to an enhanced DBS check with the adults' barred list",
        'does not require a DBS check',
      ]),
    ],
    [
      'contact/missing',
      'of an address alone',
      changed(CARE, ['Delphine Arkwright, Home Manager, on 01632 960733 or ', '']),
    ],
    [
      'google/no-employment-type',
      'of a contract alone',
      changed(CARE, ['Hours: 37.5 hours per week, full time\n', '']),
    ],
  ])('%s: %s', async (code, _, text) => {
    expect(await codes(text)).not.toContain(code);
  });

  test('all but one of them, of a document that is no advert', async () => {
    expect(await codes(FAULTS[0]?.[2] ?? '')).toEqual(['document/not-a-vacancy']);
  });

  test('none of them, for a day that is given: it only tells what has passed', async () => {
    const relative = changed(CARE, ['Closing date: Friday 18 December 2026 at 5pm', 'Expires in 5 days']);
    writeFileSync('a.txt', relative);
    const given = await vacancy(['check', 'a.txt', '-f', 'json', '--as-of', TODAY]);
    const not = await vacancy(['check', 'a.txt', '-f', 'json']);
    expect(given.stdout).toBe(not.stdout);
    expect(given.stdout).toContain('closing-date/incomplete');
    expect(await codes(CARE, '--as-of', '2026-12-19')).toEqual(['closing-date/past']);
  });
});

test('findings stand by place, those of the whole advert first', async () => {
  const text = changed(
    CARE,
    ['£13.60 per hour', '£11.00 per hour'],
    ['Friday 18', 'Monday 18'],
    ["an enhanced DBS check with the adults' barred list.", 'a DBS check.'],
    ['Contract: Permanent\n', ''],
    ['Date posted: 2 November 2026\n', ''],
    ['Location: Thornbeck House, 3 Mill Lane, Oxney, LN14 9BA\n', ''],
  );
  const found = await findings(text);
  expect(found.map(({ code }) => code)).toEqual([
    'google/no-date-posted',
    'location/missing',
    'pay/below-minimum-wage',
    'date/weekday-mismatch',
    'dbs/no-level',
  ]);
});

describe('text', () => {
  test('names the place, the level and the rule, with a caret under each letter of the words', async () => {
    writeFileSync('a.txt', changed(CARE, ['£13.60 per hour', '£11.00 per hour'], ['Reference: THL/0417\n', '']));
    const { status, stdout, stderr } = await vacancy(['check', 'a.txt', '--as-of', TODAY]);
    const [head, words, carets, ...rest] = stdout.split('\n');
    expect(head).toMatch(/^a\.txt:\d+:9: error pay\/below-minimum-wage: .*\.$/);
    expect(words).toBe('  Salary: £11.00 per hour');
    expect(carets).toBe('          ^^^^^^^^^^^^^^^');
    expect([rest, status]).toEqual([[''], 1]);
    expect(stderr).toBe('vacancy: 1 advert checked: 1 error, 0 warnings, 0 notes\n');
  });

  test('keeps the carets below the words behind much text and a tab', async () => {
    const long = `${'The ward is a friendly place, and its garden is too. '.repeat(4)}\tThe post is subject to a DBS check.`;
    writeFileSync(
      'a.txt',
      changed(CARE, ["The post is subject to an enhanced DBS check with the adults' barred list.", long]),
    );
    const { stdout } = await vacancy(['check', 'a.txt', '--as-of', TODAY]);
    const [, words = '', carets = ''] = stdout.split('\n');
    expect(words).toMatch(/The post is subject to a DBS check\.$/);
    expect(words.length).toBeLessThan(120);
    expect(words.slice(carets.indexOf('^'))).toBe('The post is subject to a DBS check.');
    expect(carets.length).toBe(words.length);
  });

  test('of a finding about the whole advert has no place and no carets', async () => {
    writeFileSync('a.txt', changed(CARE, ['Salary: £13.60 per hour\n', '']));
    const { stdout } = await vacancy(['check', 'a.txt', '--as-of', TODAY]);
    expect(stdout).toBe('a.txt: error pay/missing: The advert says nothing about pay.\n');
  });

  test('is coloured where that is wanted, and says nothing with --quiet', async () => {
    writeFileSync('a.txt', changed(CARE, ['Salary: £13.60 per hour\n', '']));
    const { stdout, stderr } = await vacancy(['check', 'a.txt', '-q', '--color', 'always', '--as-of', TODAY]);
    expect([stdout.includes('\u001b[31merror\u001b[39m'), stderr]).toEqual([true, '']);
  });
});

describe('json', () => {
  test('is as its schema has it, of every kind of finding', async () => {
    const schema = (await vacancy(['schema', 'check'])).json();
    const validate = new Ajv2020({ strict: true }).compile(schema);
    writeFileSync('broken.pdf', '%PDF-1.7 broken');
    const broken = linesOf((await vacancy(['check', 'broken.pdf', 'none.txt', '-f', 'json'])).stdout);
    expect(broken.length).toBe(2);
    const all = broken;
    for (const [, , text] of FAULTS) all.push(...(await findings(text)));
    for (const finding of all) expect([validate(finding), finding.code]).toEqual([true, finding.code]);
    expect(validate({ ...all[0], level: 'fatal' })).toBe(false);
  });

  test('has the file’s own line where the reader’s is another', async () => {
    const text = changed(CLERK, ['£27,254 to £28,142 a year', '£17,254 to £18,142 a year']);
    const [finding] = (await findings(text, 'advert.md')) as [Finding];
    expect([finding.code, finding.fileLine]).toEqual(['pay/below-minimum-wage', placeOf(text, '£17,254').line]);
    const [page] = (await findings(changed(TUTOR, ['14 December', '31 November']), 'a.html')) as [Finding];
    expect(page.code).toBe('date/impossible');
    expect(page.fileLine).toBe(placeOf(TUTOR, '14 December').line);
  });

  test('of a Word file or a PDF has no line of the file', async () => {
    const path = `${ROOT}fixtures/adverts/trac-page/advert.docx`;
    const { stdout } = await vacancy(['check', path, '-f', 'json', '--as-of', '2030-01-01']);
    const past = linesOf(stdout).find(({ code }) => code === 'closing-date/past');
    expect([past?.fileLine, past?.line]).toEqual([null, expect.any(Number)]);
  });
});

describe('github', () => {
  test('escapes what would end an annotation or its properties', async () => {
    const name = 'a%b,c:d.txt';
    writeFileSync(name, changed(CARE, ['£13.60 per hour', 'Competitive, 100%: ask'], ['Reference: THL/0417\n', '']));
    const { stdout, status } = await vacancy(['check', name, '-f', 'github', '--as-of', TODAY]);
    expect(stdout).toMatch(
      /^::warning file=a%25b%2Cc%3Ad\.txt,line=5,title=pay\/no-figures::[^\n]* “Competitive[^\n]*”\n$/,
    );
    expect(stdout).not.toMatch(/%(?!25|0A|0D|3A|2C)/);
    expect(status).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('a line feed in a name makes no annotation of its own', async () => {
    const name = 'a\n::error file=x::owned.txt';
    writeFileSync(name, changed(CARE, ['Salary: £13.60 per hour\n', '']));
    const { stdout } = await vacancy(['check', name, '-f', 'github', '--as-of', TODAY]);
    expect(stdout.trimEnd().split('\n').length).toBe(1);
    expect(stdout).toMatch(/^::error file=a[^,\n]*,title=pay\/missing::/);
  });

  test('calls a note a notice, and names no line where there is none', async () => {
    writeFileSync('a.txt', changed(CARE, ['Date posted: 2 November 2026\n', '']));
    const { stdout } = await vacancy(['check', 'a.txt', '-f', 'github', '--as-of', TODAY]);
    expect(stdout).toMatch(/^::notice file=a\.txt,title=google\/no-date-posted::[^\n]+\n$/);
  });
});

describe('sarif', () => {
  async function written(): Promise<{ runs: [{ tool: { driver: { rules: { id: string }[] } }; results: Result[] }] }> {
    mkdirSync('in folder');
    for (const [index, [, , text]] of FAULTS.entries()) writeFileSync(`in folder/${index} é%.txt`, text);
    writeFileSync('in folder/broken.pdf', '%PDF-1.7 broken');
    writeFileSync('good.txt', CARE);
    const { stdout } = await vacancy(['check', 'in folder', 'good.txt', '-f', 'sarif', '--as-of', TODAY, '-q']);
    writeFileSync('out.sarif', stdout);
    return JSON.parse(stdout);
  }
  interface Result {
    ruleId: string;
    ruleIndex?: number;
    level: string;
    message: { text: string };
    locations: [{ physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number } } }];
  }

  test('has a result for each finding, with its rule, its file and the file’s line', async () => {
    const { runs } = await written();
    const [{ tool, results }] = runs;
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(RULE_CODES);
    expect(results.length).toBe(FAULTS.length + 1);
    for (const { ruleId, ruleIndex, level, locations } of results) {
      const uri = decodeURIComponent(locations[0].physicalLocation.artifactLocation.uri);
      const index = /^in folder\/(\d+) é%\.txt$/.exec(uri)?.[1];
      if (index === undefined) {
        expect([uri, ruleId, ruleIndex, level]).toEqual(['in folder/broken.pdf', 'pdf/corrupt', undefined, 'error']);
        continue;
      }
      const [code, , text, quote] = FAULTS[Number(index)] as Case;
      expect([ruleId, tool.driver.rules[ruleIndex ?? -1]?.id]).toEqual([code, code]);
      expect(locations[0].physicalLocation.region?.startLine).toBe(quote === null ? 1 : placeOf(text, quote).line);
    }
  });

  test('names a file by a reference, or by an address where its path starts at the root', async () => {
    const text = changed(CARE, ['Salary: £13.60 per hour\n', '']);
    mkdirSync('in');
    writeFileSync('in/a b:c#d.txt', text);
    const uris = async (path: string, stdin?: string) => {
      const options = stdin === undefined ? {} : { stdin };
      const { json } = await vacancy(['check', path, '-f', 'sarif', '--as-of', TODAY], options);
      return (json().runs[0].results as Result[]).map(
        (each) => each.locations[0].physicalLocation.artifactLocation.uri,
      );
    };
    expect(await uris('in/a b:c#d.txt')).toEqual(['in/a%20b%3Ac%23d.txt']);
    expect(await uris(`${dir}/in/a b:c#d.txt`)).toEqual([`file://${dir}/in/a%20b%3Ac%23d.txt`]);
    expect(await uris('-', text)).toEqual(['stdin']);
  });

  test('without a finding is a run with no results', async () => {
    writeFileSync('good.txt', CARE);
    const { json } = await vacancy(['check', 'good.txt', '-f', 'sarif', '--as-of', TODAY]);
    expect(json().runs[0].results).toEqual([]);
  });

  test.skipIf(!has('sarif-multitool'))(
    'is what sarif-multitool takes',
    async () => {
      await written();
      const { stdout } = spawnSync('sarif-multitool', ['validate', 'out.sarif'], { encoding: 'utf8' });
      expect(stdout).toMatch(/file\(s\)|SARIF|done/i);
      expect(stdout.split('\n').filter((line) => line.includes(' error SARIF'))).toEqual([]);
    },
    60_000,
  );
});

describe('a configuration', () => {
  const FAULTY = changed(CARE, ['£13.60 per hour', '£11.00 per hour'], ['Date posted: 2 November 2026\n', '']);
  const check = (...flags: string[]) => vacancy(['check', 'a.txt', '-f', 'json', '--as-of', TODAY, ...flags]);
  const levels = (stdout: string) => linesOf(stdout).map(({ code, level }) => [code, level]);
  beforeEach(() => writeFileSync('a.txt', FAULTY));

  test('gives rules other levels, or turns them off; the one in this folder is found', async () => {
    expect([levels((await check()).stdout), (await check()).status]).toEqual([
      [
        ['google/no-date-posted', 'note'],
        ['pay/below-minimum-wage', 'error'],
      ],
      1,
    ]);
    const rules = { 'google/no-date-posted': 'off', 'pay/below-minimum-wage': 'warning' };
    writeFileSync('vacancy.config.json', JSON.stringify({ $schema: 'vacancy.schema.json', rules }));
    const { status, stdout } = await check();
    expect([levels(stdout), status]).toEqual([[['pay/below-minimum-wage', 'warning']], 0]);
  });

  test('that is named is taken, and the one in this folder is not', async () => {
    writeFileSync('vacancy.config.json', JSON.stringify({ rules: { 'pay/below-minimum-wage': 'off' } }));
    writeFileSync('other.json', '\ufeff{"rules": {"google/no-date-posted": "error"}}');
    expect(levels((await check('--config', 'other.json')).stdout)).toEqual([
      ['google/no-date-posted', 'error'],
      ['pay/below-minimum-wage', 'error'],
    ]);
    writeFileSync('empty.json', '{}');
    expect(levels((await check('--config', 'empty.json')).stdout).length).toBe(2);
  });

  test('holds for worker processes and for SARIF’s results too', async () => {
    mkdirSync('in');
    for (let index = 0; index < 12; index++) writeFileSync(`in/${index}.txt`, FAULTY);
    writeFileSync('vacancy.config.json', JSON.stringify({ rules: { 'pay/below-minimum-wage': 'note' } }));
    const { json, status } = await vacancy(['check', 'in', '-f', 'sarif', '-j', '2', '--as-of', TODAY]);
    const results = json().runs[0].results as { level: string }[];
    expect([results.length, new Set(results.map(({ level }) => level)), status]).toEqual([24, new Set(['note']), 0]);
  });

  test.each([
    ['a rule that there is not', '{"rules": {"pay/mising": "off"}}', /no rule pay\/mising.*pay\/missing/],
    ['no JSON', '{rules: {}}', /is no JSON/],
    ['a key that there is not', '{"rule": {}}', /no key rule.*rules/],
    [
      'a level that there is not',
      '{"rules": {"pay/missing": "fatal"}}',
      /pay\/missing takes error, warning, note or off/,
    ],
    ['a list', '[]', /vacancy\.config\.json/],
    ['null', 'null', /vacancy\.config\.json/],
    ['rules that are a list', '{"rules": []}', /rules/],
  ])('with %s is status 2, and said', async (_, text, words) => {
    writeFileSync('vacancy.config.json', text);
    const { status, stdout, stderr } = await check();
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(words);
    expect(stderr.trimEnd().split('\n').length).toBe(1);
  });

  test('that is named and not there, or that is a folder, is status 2', async () => {
    expect((await check('--config', 'none.json')).status).toBe(2);
    mkdirSync('vacancy.config.json');
    expect((await check()).status).toBe(2);
  });

  test('is as its schema has it, and what is refused is not', async () => {
    const validate = new Ajv2020({ strict: true }).compile((await vacancy(['schema', 'config'])).json());
    const all = Object.fromEntries(RULE_CODES.map((code) => [code, 'off']));
    for (const good of [{}, { rules: {} }, { rules: all }, { $schema: 'x', rules: { 'pay/missing': 'note' } }])
      expect([validate(good), good]).toEqual([true, good]);
    for (const bad of [[], { rule: {} }, { rules: { 'pay/mising': 'off' } }, { rules: { 'pay/missing': 'fatal' } }])
      expect([validate(bad), bad]).toEqual([false, bad]);
  });
});

describe('exit status', () => {
  const ERROR = changed(CARE, ['Salary: £13.60 per hour\n', '']);
  const WARNING = changed(CARE, ['£13.60 per hour', 'Competitive']);
  const NOTE = changed(CARE, ['Date posted: 2 November 2026\n', '']);

  test.each([
    ['an error', ERROR, { '': 1, error: 1, warning: 1, note: 1, never: 0 }],
    ['a warning', WARNING, { '': 0, error: 0, warning: 1, note: 1, never: 0 }],
    ['a note', NOTE, { '': 0, error: 0, warning: 0, note: 1, never: 0 }],
    ['nothing', CARE, { '': 0, error: 0, warning: 0, note: 0, never: 0 }],
  ])('of %s, by --fail-on', async (_, text, wanted) => {
    writeFileSync('a.txt', text);
    const got: Record<string, number> = {};
    for (const level of Object.keys(wanted)) {
      const flags = level === '' ? [] : ['--fail-on', level];
      got[level] = (await vacancy(['check', 'a.txt', '--as-of', TODAY, ...flags])).status;
    }
    expect(got).toEqual(wanted);
  });

  test.each([
    ['no such format', ['a.txt', '-f', 'xml']],
    ['no such level', ['a.txt', '--fail-on', 'fatal']],
    ['no such day', ['a.txt', '--as-of', '2026-02-30']],
    ['nothing that matches', ['none*.txt']],
    ['nothing named', []],
  ])('is 2 for %s', async (_, args) => {
    writeFileSync('a.txt', CARE);
    const { status, stdout, stderr } = await vacancy(['check', ...args]);
    expect([status, stdout, stderr.startsWith('vacancy: ')]).toEqual([2, '', true]);
  });

  test('inputs that cannot be read are findings, errors of their own codes', async () => {
    writeFileSync('broken.pdf', '%PDF-1.7 broken');
    writeFileSync('empty.txt', '');
    writeFileSync('a.txt', CARE);
    const args = ['check', 'broken.pdf', 'a.txt', 'empty.txt', 'none.txt', '-f', 'json', '--as-of', TODAY];
    const { status, stdout } = await vacancy(args);
    expect(linesOf(stdout).map(({ path, code, level, line }) => [path, code, level, line])).toEqual([
      ['broken.pdf', 'pdf/corrupt', 'error', null],
      ['empty.txt', 'input/empty', 'error', null],
      ['none.txt', 'input/not-found', 'error', null],
    ]);
    expect(status).toBe(1);
    expect((await vacancy([...args, '--fail-on', 'never'])).status).toBe(0);
  });
});

describe('inputs', () => {
  test('standard input, named or not', async () => {
    const text = changed(CARE, ['Salary: £13.60 per hour\n', '']);
    for (const args of [[], ['-']]) {
      const { status, stdout } = await vacancy(['check', ...args, '-f', 'json', '--as-of', TODAY], { stdin: text });
      expect([status, linesOf(stdout).map(({ path, code }) => [path, code])]).toEqual([1, [['-', 'pay/missing']]]);
    }
  });

  test('a list of names, and a folder', async () => {
    mkdirSync('in');
    const text = changed(CARE, ['Salary: £13.60 per hour\n', '']);
    for (const name of ['a', 'b']) writeFileSync(`in/${name}.txt`, text);
    const folder = await vacancy(['check', 'in', '-f', 'json', '--as-of', TODAY]);
    const list = await vacancy(['check', '--files-from', '-', '-0', '-f', 'json', '--as-of', TODAY], {
      stdin: 'in/a.txt\0in/b.txt\0',
    });
    expect(linesOf(folder.stdout).map(({ path }) => path)).toEqual(['in/a.txt', 'in/b.txt']);
    expect(list.stdout).toBe(folder.stdout);
  });

  test('many, in worker processes: the same bytes in the same order', async () => {
    mkdirSync('in');
    for (const [index, [, , text]] of FAULTS.entries()) writeFileSync(`in/${index}.txt`, text);
    const args = ['check', 'in', '-f', 'json', '--as-of', TODAY];
    const [one, two] = [await vacancy([...args, '-j', '1']), await vacancy([...args, '-j', '2'])];
    expect(two.stdout).toBe(one.stdout);
    const paths = linesOf(one.stdout).map(({ path }) => path);
    expect(paths.length).toBe(FAULTS.length);
    expect([...paths].sort()).toEqual(paths);
    const bare = one.stdout.replaceAll('"path":"in/0.txt"', '"path":"advert.txt"');
    const [first] = await findings(FAULTS[0]?.[2] ?? '');
    expect(bare).toContain(JSON.stringify(first));
  });

  test('a closed pipe ends it quietly', async () => {
    mkdirSync('in');
    for (let index = 0; index < 40; index++) writeFileSync(`in/${index}.txt`, FAULTS[0]?.[2] ?? '');
    const script = `"$0" "$1" check in -f json | head -n 1; echo "\${PIPESTATUS[0]}" >&2`;
    const { stdout, stderr } = await exec('bash', ['-c', script, process.execPath, BIN], { cwd: dir });
    expect(stdout.trimEnd().split('\n').length).toBe(1);
    expect(stderr.trim()).toMatch(/^(?:0|141)$/);
  });
});
