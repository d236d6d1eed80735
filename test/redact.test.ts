import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { fixtures, vacancy } from './support.ts';

const dir = mkdtempSync(`${tmpdir()}/vacancy-redact-`);
afterAll(() => rmSync(dir, { recursive: true }));

async function records(name: string, text: string) {
  const file = `${dir}/${name}.txt`;
  writeFileSync(file, text);
  const read = async (...flags: string[]) =>
    JSON.parse((await vacancy(['parse', file, '--evidence', ...flags])).stdout);
  return { plain: await read(), redacted: await read('--redact') };
}

const ADVERT = `Night Care Worker

Employer: Dr Hazelgrove Memorial School
Reference: 01632960119
Salary: £13.10 per hour (any questions about pay to Perpetua Lindqvist on 01632 960118)
Closing date: 3 March 2027
Closing date: 9 March 2027 says perpetua.lindqvist@example.org
Hours: 20 hours a week, agreed with Ms Lindqvist

Person specification

Essential
- Able to take handovers from Mr Oduya-Brennan and his deputies
- Willing to report to Perpetua Lindqvist at the end of a night
- A driving licence, a copy of which goes to night.desk [at] example [dot] org or +353 1 555 0199

The post is subject to an enhanced DBS check, for which Perpetua will send you a form.

For an informal chat contact Perpetua Lindqvist, Home Manager, on 01632 960118 or perpetua.lindqvist@example.org.
`;
const PEOPLE = /Perpetua|Lindqvist|Oduya|Brennan|960118|@|555 0199|night\.desk/i;

describe('--redact', () => {
  test('leaves people, addresses and numbers out of values, warnings and quotes, and nothing else', async () => {
    const { plain, redacted } = await records('all', ADVERT);
    expect(JSON.stringify(plain)).toMatch(PEOPLE);
    expect(JSON.stringify(redacted)).not.toMatch(PEOPLE);
    expect(redacted.vacancy.contacts).toEqual([{ name: null, jobTitle: null, email: null, phone: null }]);
    expect(redacted.vacancy.criteria.essential.map(({ text }: { text: string }) => text)).toEqual([
      'Able to take handovers from Mr [redacted] and his deputies',
      'Willing to report to [redacted] at the end of a night',
      'A driving licence, a copy of which goes to [redacted] or [redacted]',
    ]);
    expect(redacted.vacancy.employer).toEqual(plain.vacancy.employer);
    expect(redacted.vacancy.employer.name).toBe('Dr Hazelgrove Memorial School');
    expect(redacted.vacancy.reference).toBe('01632960119');
    for (const key of ['closingDate', 'closingStatus', 'title', 'startDate'])
      expect(redacted.vacancy[key]).toEqual(plain.vacancy[key]);
    expect(redacted.vacancy.dbs).toMatchObject({ status: 'required', level: 'enhanced' });
  });

  test('a quote that overlaps what was left out is null, the others stay, the offsets too', async () => {
    const { plain, redacted } = await records('quotes', ADVERT);
    expect(redacted.evidence['/contacts/0'].map(({ quote }: { quote: null }) => quote)).toContain(null);
    for (const [pointer, list] of Object.entries(redacted.evidence as Record<string, { quote: string | null }[]>))
      for (const [index, each] of list.entries()) {
        const other = plain.evidence[pointer][index];
        expect({ ...each, quote: null }).toEqual({ ...other, quote: null });
        expect(each.quote === null).toBe(PEOPLE.test(other.quote));
      }
  });

  test.each([
    ['words that are names too', 'Will Marks', 'You will mark work and will be paid.', 'You will mark work'],
    ['a school that is named so', 'Jane Barnaby', 'Experience of Dr Barnaby Primary School', 'Primary School'],
  ])('leaves %s where they are words', async (_, name, criterion, kept) => {
    const { redacted } = await records(
      'words',
      `Teaching Assistant\n\nPerson specification\nEssential\n- ${criterion}\n\nFor an informal chat contact ${name} on 01632 960120.\n`,
    );
    expect(redacted.vacancy.criteria.essential[0].text).toContain(kept);
    expect(JSON.stringify(redacted)).not.toContain(name);
  });

  test('of every fixture leaves no contact, and all other values as they are', async () => {
    const folder = fixtures().filter((each) => each.folder === 'adverts');
    const paths = folder.map(({ path }) => path);
    const lines = async (...flags: string[]) =>
      (await vacancy(['parse', ...paths, '-q', '--evidence', ...flags])).stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    const [plain, redacted] = [await lines(), await lines('--redact')];
    let left = 0;
    for (const [index, record] of plain.entries()) {
      const printed = JSON.stringify(redacted[index]);
      for (const { name, email, phone } of record.vacancy.contacts)
        for (const words of [name, email, phone])
          if (words !== null && !/Team|Desk/.test(words)) {
            left++;
            expect(printed).not.toContain(words);
          }
      expect({ ...redacted[index].vacancy, contacts: [] }).toEqual({ ...record.vacancy, contacts: [] });
    }
    expect(left).toBeGreaterThan(20);
  });

  const HEAD =
    'Nurse\n\nEmployer: Rose Care Ltd\nLocation: York\nSalary: £35,000 per annum\nClosing date: 12 March 2027\n';

  test.each([
    '01632.960.456',
    'Tel.01632 960456',
    '01632 - 960456',
    '01632–960456',
    '01632 / 960456',
    '0044 1632 960456',
    '+44 (0)1632 960456',
    'müller@example.org',
    'jane at example dot org',
    "ask for 'Priya Farrow'",
    'Priya Farrow- manager',
    'References from Sarah Cook',
    'Dr Cook',
    'Mrs Anne Porter',
  ])('leaves out “%s”', async (words) => {
    const contact =
      'For an informal chat contact Priya Farrow on 01632 960457.\nContact name: Sarah Cook\nEmail: sarah.cook@example.org\n';
    const text = `${HEAD}Location: Rose House, ${words}\n\nPerson specification\nEssential\n- Able to cook (${words})\n\n${contact}`;
    const { redacted } = await records('forms', text);
    const printed = JSON.stringify([redacted.vacancy, redacted.warnings, redacted.evidence]);
    expect(printed).toContain('[redacted]');
    expect(printed).not.toMatch(/960|müller|ller@|jane at|Priya|Farrow|Sarah|\bCook\b|Porter|Anne/);
  });

  test.each([
    ['Email GBP Money now.', 'pay', { currency: 'GBP' }],
    ['Registered with the NMC.\nContact NMC Help for questions.', 'registration', ['NMC']],
  ])('changes no code: %s', async (words, key, value) => {
    const { redacted } = await records('codes', `${HEAD}${words}\n`);
    expect(redacted.vacancy[key]).toEqual(Array.isArray(value) ? value : expect.objectContaining(value));
  });

  test('leaves words that only look like somebody', async () => {
    const items = [
      'Knowledge of the Equality Act 2010, with regards Equality Act duties',
      'Experience of Microsoft Office; speak to Microsoft Teams users',
      'Able to start on 1 April 2027',
      'Works from 01/02/2027 - 03/04/2027',
      'Contact Us Today',
      'Report to Human Resources',
    ];
    const text = `${HEAD}\nPerson specification\nEssential\n${items.map((item) => `- ${item}\n`).join('')}\nFor an informal chat contact April Jones on 01632 960457.\n`;
    const { redacted } = await records('words-of-no-one', text);
    expect(redacted.vacancy.criteria.essential.map((each: { text: string }) => each.text)).toEqual(items);
  });

  test('leaves no part of an address in a warning that cuts what it quotes', async () => {
    for (let filler = 60; filler < 80; filler++) {
      const other = `The closing date is 19 March 2027 ${'w'.repeat(filler)} jane.smithson@example.org`;
      const { redacted } = await records('cut', `${HEAD}\nAbout\n\n${other}\n`);
      expect(redacted.warnings.length).toBeGreaterThan(0);
      expect(JSON.stringify(redacted.warnings)).not.toMatch(/jane|smith/);
    }
  });
});
