import { describe, expect, test } from 'vitest';
import { parse } from '../src/parse.ts';

const vacancyOf = async (text: string) => (await parse(new Uint8Array(Buffer.from(text)), 'advert.txt')).vacancy;

describe('labels and values', () => {
  test('stand one under the other in a strip of key facts', async () => {
    const { pay, closingDate } = await vacancyOf(
      'Night Porter\n\nPay\tHours\tClosing date\n£12.90 per hour\t20 hours per week\t3 May 2027\n',
    );
    expect([pay?.min, closingDate]).toEqual([12.9, '2027-05-03']);
  });

  test('are parted by a column in which nothing stands', async () => {
    const { reference, closingDate } = await vacancyOf(
      'Night Porter\n\nReference:\t\tNP/26/4\nClosing date:\t\t3 May 2027\n',
    );
    expect([reference, closingDate]).toEqual(['NP/26/4', '2027-05-03']);
  });

  test('have lost what parted them', async () => {
    const { pay, datePosted } = await vacancyOf('Night Porter\n\nSalary£25,760 a year\n\nDate posted05 January 2027\n');
    expect([pay?.min, datePosted]).toEqual([25760, '2027-01-05']);
  });

  test.each([
    'Location 5 minutes from the station',
    'Hours 24/7 cover is given by the team',
    'Reference 2 people who know you',
  ])('"%s" is a sentence that begins like one', async (line) => {
    const { location, hours, reference } = await vacancyOf(`Night Porter\n\n${line}\n`);
    expect([location, hours, reference]).toEqual([null, null, null]);
  });

  test('a grade or a band by its name is no label with a value', async () => {
    const { title } = await vacancyOf('Main area\nNursing\n\nStaff Nurse\n\nBand 5\n');
    expect(title).toBe('Staff Nurse');
  });

  test('an empty label takes no value that it could not have', async () => {
    const { title, contacts } = await vacancyOf('Share this job\nEmail\n\nCaretaker\n\nSalary: £25,185 a year\n');
    expect([title, contacts]).toEqual(['Caretaker', []]);
  });
});

describe('criteria in tables', () => {
  const criteriaOf = async (table: string) => {
    const { criteria } = await vacancyOf(`Night Porter\n\nPerson specification\n\n${table}\n`);
    const words = (list: 'essential' | 'desirable' | 'unspecified') =>
      criteria[list].map(({ text, category, assessedBy }) => [text, category, ...assessedBy].join(' | '));
    return { essential: words('essential'), desirable: words('desirable'), unspecified: words('unspecified') };
  };

  test.each([
    [
      'on its side',
      '\tSkills\tQualities\nEssential\tClear writing\tPatience\nDesirable\tA second language\tGood humour\nHow assessed\tTest\tInterview',
      {
        essential: ['Clear writing | Skills | test', 'Patience | Qualities | interview'],
        desirable: ['A second language | Skills | test', 'Good humour | Qualities | interview'],
        unspecified: [],
      },
    ],
    [
      'with its header in two levels',
      'Area\tCriteria\t\tHow assessed\n\tEssential\tDesirable\t\nSkills\tClear writing\tA second language\tInterview\nOther\tPatience\tA bicycle\tInterview',
      {
        essential: ['Clear writing | Skills | interview', 'Patience | Other | interview'],
        desirable: ['A second language | Skills | interview', 'A bicycle | Other | interview'],
        unspecified: [],
      },
    ],
    [
      'with flags that hold for the rows below',
      'Area\tKind\tWhat\nSkills\tEssential criteria\tClear writing in plain English\n\t\tPatience with the telephone\n\tDesirable criteria\tA second language of the district',
      {
        essential: ['Clear writing in plain English | Skills', 'Patience with the telephone | Skills'],
        desirable: ['A second language of the district | Skills'],
        unspecified: [],
      },
    ],
    [
      'with letters that another column has too',
      'No.\tRequirement\tE or D\tEvidence\n1\tTyping at fifty words a minute\tE\tE\n2\tA diploma in office work\tD\tF, D\nKey: E = skills test, F = application form, D = certificates',
      {
        essential: ['Typing at fifty words a minute |  | test'],
        desirable: ['A diploma in office work |  | application | certificates'],
        unspecified: [],
      },
    ],
    [
      'with inline lists in its cells',
      'Area\tWhat we look for\nSkills\tEssential: clear writing in English. Desirable: a second language.\nOther\tAble to lift a ladder alone (D)',
      {
        essential: ['clear writing in English. | Skills'],
        desirable: ['a second language. | Skills', 'Able to lift a ladder alone | Other'],
        unspecified: [],
      },
    ],
    [
      'of a competency grid, behaviours apart',
      'Element\tKind\tWhat\nBehaviours\t\tWorking together well\nExperience\tEssential criteria\tRunning a busy night desk\nTechnical\tDesirable criteria\tA fire warden’s certificate',
      {
        essential: ['Running a busy night desk | Experience'],
        desirable: ['A fire warden’s certificate | Technical'],
        unspecified: [],
      },
    ],
  ])('%s', async (_, table, meant) => {
    expect(await criteriaOf(table)).toEqual(meant);
  });

  test('an importance over categories is theirs until the next one', async () => {
    expect(
      await criteriaOf('Essential\n\nSkills\n\n- Tact\n\nQualities\n\n- Patience\n\nDesirable\n\nSkills\n\n- French'),
    ).toEqual({
      essential: ['Tact | Skills', 'Patience | Qualities'],
      desirable: ['French | Skills'],
      unspecified: [],
    });
  });

  test('a line under the lists of a category says how they are assessed', async () => {
    expect(
      await criteriaOf(
        'A = application form, I = interview\n\nSkills\n\nEssential\n- Tact\n\nDesirable\n- French\n\nMethod of assessment: A, I',
      ),
    ).toEqual({
      essential: ['Tact | Skills | application | interview'],
      desirable: ['French | Skills | application | interview'],
      unspecified: [],
    });
  });
});

describe('criteria within a paragraph', () => {
  test('are told by what parts them, and names within one stay with it', async () => {
    const { criteria } = await vacancyOf(
      'Night Porter\n\nEssential: Confident user of Word, Excel and Outlook. Good time keeping; able to lift. Desirable: First aid, Patience. We offer lunch.\n',
    );
    const words = (list: readonly { text: string }[]) => list.map(({ text }) => text.replace(/\.$/, ''));
    expect([words(criteria.essential), words(criteria.desirable)]).toEqual([
      ['Confident user of Word, Excel and Outlook', 'Good time keeping', 'able to lift'],
      ['First aid', 'Patience'],
    ]);
  });
});
