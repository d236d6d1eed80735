// Every regular expression of the program, for what checks them (patterns.test.ts, recheck.mjs). It reads dist.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * Those written in the program's files, and those made while it loads, each once. To be called once in a process: what is
 * loaded already makes none.
 *
 * @returns {Promise<{ pattern: RegExp, where: string[] }[]>} `where`: the files of src that it stands in. For one that is
 *   put together while the program loads, the file that does so.
 */
export async function patternsOfProgram() {
  const found = new Map();
  const keep = (pattern, file) => {
    const known = found.get(String(pattern)) ?? { pattern, where: [] };
    if (!known.where.includes(file)) known.where.push(file);
    found.set(String(pattern), known);
  };
  for (const file of readdirSync(dist, { recursive: true }).sort()) {
    if (file.startsWith('app/')) continue; // the same again, and libraries
    if (!file.endsWith('.js')) continue;
    const tree = parse(readFileSync(`${dist}/${file}`, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' });
    for (const pattern of literalsOf(tree)) keep(pattern, file.replace(/\.js$/, '.ts'));
  }
  const native = globalThis.RegExp;
  globalThis.RegExp = new Proxy(native, {
    construct(target, args) {
      const pattern = Reflect.construct(target, args); // a RegExp of the language, not of this proxy
      keep(pattern, maker());
      return pattern;
    },
  });
  try {
    // The library, and what it loads only when it is asked for.
    for (const file of [
      'index',
      'report/redact',
      'report/json-ld',
      'report/csv',
      'check/finding',
      'check/formats',
      'cli/run',
    ])
      await import(`${dist}/${file}.js`);
  } finally {
    globalThis.RegExp = native;
  }
  return [...found.values()];
}

/** A few characters that stand for a pattern. */
export const hashOf = (pattern) => createHash('sha256').update(pattern).digest('hex').slice(0, 8);

/** The file of the program that is making a pattern; a library where none is. */
function maker() {
  const line = String(new Error().stack)
    .split('\n')
    .find((each) => each.includes('/dist/'));
  return line === undefined ? 'a library' : line.slice(line.indexOf('/dist/') + 6).replace(/\.js:.*$/, '.ts');
}

function literalsOf(tree) {
  const found = [];
  const open = [tree];
  while (open.length > 0) {
    const node = open.pop();
    if (node === null || typeof node !== 'object') continue;
    const { regex } = node;
    if (regex !== undefined) found.push(new RegExp(regex.pattern, regex.flags));
    else open.push(...Object.values(node));
  }
  return found;
}
