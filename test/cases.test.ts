import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from '../src/parse.ts';
import { ROOT } from './support.ts';

interface Cases {
  readonly about: string;
  readonly cases: readonly {
    readonly want: object;
    readonly options?: { asOf?: string };
    readonly warnings?: readonly string[];
    readonly says: readonly string[];
  }[];
  readonly nothing?: { readonly key: string; readonly says: readonly string[] };
  /** Phrasings that are read wrong today: they go red the day they start to work. */
  readonly gaps?: readonly string[];
}

/** The files whose texts stand alone. */
const ALONE = new Set(['rest', 'phrasings', 'phrasings-rest']);
/** What stands before each statement of the others. */
const FRAME = 'Care Assistant\n\nThornbeck House Ltd\n\n';

const read = async (name: string, text: string, options = {}) => {
  const { vacancy, diagnostics } = await parse(
    new Uint8Array(Buffer.from(ALONE.has(name) ? text : FRAME + text)),
    'advert.txt',
    options,
  );
  return { vacancy, warnings: [...new Set(diagnostics.map(({ code }) => code))].sort() };
};

// Value first: one expected value, then every phrasing that must give it. The files were written from the contract.
describe.each(['pay', 'hours', 'contract', 'dates', 'dbs', 'criteria', 'rest', 'phrasings', 'phrasings-rest'])(
  '%s',
  (name) => {
    const file = `${ROOT}test/cases/${name}.json`;
    if (!existsSync(file)) throw new Error(`${file} is missing`);
    const { cases, nothing, gaps = [] } = JSON.parse(readFileSync(file, 'utf8')) as Cases;
    const said = [...cases.flatMap(({ says }) => says), ...(nothing?.says ?? [])];
    const strays = gaps.filter((text) => !said.includes(text));
    if (strays.length > 0) throw new Error(`no case says: ${strays.join('; ')}`);
    const as = (text: string) => (gaps.includes(text) ? test.fails : test);
    for (const { want, options, warnings, says } of cases) {
      for (const text of says) {
        as(text)(text, async () => {
          const got = await read(name, text, options);
          expect(got.vacancy).toMatchObject(want);
          if (warnings !== undefined) expect(got.warnings).toEqual([...warnings].sort());
        });
      }
    }
    for (const text of nothing?.says ?? []) {
      as(text)(`nothing: ${text}`, async () => {
        expect((await read(name, text)).vacancy[nothing?.key as 'pay']).toBeNull();
      });
    }
  },
);
