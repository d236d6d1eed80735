import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { BIN, exec, has, ROOT, vacancy } from './support.ts';

const dir = mkdtempSync(`${tmpdir()}/vacancy-prompt-`);
afterAll(() => rmSync(dir, { recursive: true }));

async function script(shell: string): Promise<string> {
  const file = `${dir}/vacancy.${shell}`;
  writeFileSync(file, (await vacancy(['completion', shell])).stdout);
  return file;
}

describe('completion', () => {
  test.each([
    ['vacancy pa', ['parse']],
    ['vacancy parse --res', ['--resume']],
    ['vacancy parse -f ', ['json', 'ndjson', 'csv', 'jsonld', 'parquet']],
    ['vacancy check --fail-on w', ['warning']],
    ['vacancy schema c', ['csv', 'check', 'config']],
    ['vacancy completion f', ['fish']],
    ['vacancy help pa', ['parse']],
    ['vacancy parse LIC', ['LICENSE']],
    ['vacancy queue st', ['status']],
    ['vacancy queue work --unt', ['--until-done']],
    ['vacancy queue collect -f c', ['csv']],
    ['vacancy queue help co', ['collect']],
    ['vacancy report -o pac', ['package.json', 'package-lock.json']],
  ])('in bash: %s', async (line, expected) => {
    const file = await script('bash');
    const code = `source ${file}; COMP_WORDS=($1); [[ $1 == *' ' ]] && COMP_WORDS+=(''); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _vacancy; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await exec('bash', ['-c', code, 'bash', line], { cwd: ROOT });
    expect(stdout.trim().split('\n').sort()).toEqual([...expected].sort());
  });

  test.skipIf(!has('zsh'))('in zsh', async () => {
    const file = await script('zsh');
    await exec('zsh', ['-n', file]);
    const code = `autoload -U compinit; compinit -u -d ${dir}/dump; source ${file}; print $_comps[vacancy]`;
    expect((await exec('zsh', ['-f', '-c', code])).stdout.trim()).toBe('_vacancy');
  });

  test.skipIf(!has('fish'))('in fish', async () => {
    const file = await script('fish');
    const complete = async (line: string) =>
      (await exec('fish', ['-N', '-c', `source ${file}; complete -C '${line}'`])).stdout
        .trim()
        .split('\n')
        .map((each) => each.split('\t')[0]);
    expect(await complete('vacancy par')).toEqual(['parse']);
    expect(await complete('vacancy parse --resu')).toEqual(['--resume']);
    expect(await complete('vacancy schema json')).toEqual(['jsonld']);
    expect(await complete('vacancy queue st')).toEqual(['status']);
    expect(await complete('vacancy queue collect --put')).toEqual(['--put-back']);
  });

  test('names every command, and every option of each', async () => {
    const commands = [...(await vacancy(['--help'])).stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(6);
    for (const shell of ['bash', 'zsh', 'fish']) {
      const text = readFileSync(await script(shell), 'utf8');
      for (const command of commands) expect(text).toContain(command);
      for (const option of ['redact', 'as-of', 'fail-on', 'config', 'files-from']) expect(text).toContain(option);
    }
  });
});

test.skipIf(!has('man'))('the manual page is one', async () => {
  const { stdout, stderr } = await exec('man', ['--warnings', '-l', `${ROOT}dist/vacancy.1`], {
    env: { ...process.env, MANWIDTH: '100', LC_ALL: 'C.UTF-8' },
  });
  expect(stderr).toBe('');
  for (const words of ['vacancy parse', 'vacancy queue work', '--resume', 'EXIT STATUS', 'vacancy check'])
    expect(stdout).toContain(words);
});

test.each([
  [['pars'], 'Did you mean parse?'],
  [['parse', '--resum'], 'Did you mean --resume?'],
  [['parse', 'x', '-f', 'jsn'], 'Allowed choices are json'],
  [['queue', 'wrk'], 'Did you mean work?'],
  [['queue', 'work', '-d', 'x', '--untildone'], 'Did you mean --until-done?'],
  [['schema', 'recrd'], 'Allowed choices are record'],
])('what is mistyped is said with what may be meant: %j', async (args, words) => {
  const { status, stderr } = await vacancy(args);
  expect([status, stderr]).toEqual([2, expect.stringContaining(words)]);
});

test('help has examples', async () => {
  for (const command of ['parse', 'check'])
    expect((await vacancy([command, '--help'])).stdout).toMatch(/Examples:\n {2}vacancy/);
});

test.skipIf(!has('script'))('colour goes to a terminal, and where it is wanted', async () => {
  const run = async (env: Record<string, string>, ...flags: string[]) => {
    const line = [process.execPath, BIN, 'check', 'none.txt', ...flags].join(' ');
    const once = () =>
      exec('script', ['-qec', `${line} || true`, '/dev/null'], {
        env: { PATH: process.env.PATH ?? '', ...env },
      });
    // `script` now and then ends before the command that it runs has begun to speak.
    let { stdout } = await once();
    for (let again = 0; again < 9 && !stdout.includes('none.txt'); again++) ({ stdout } = await once());
    expect(stdout).toContain('none.txt');
    return stdout.includes('\u001b[');
  };
  expect(await run({ TERM: 'xterm' })).toBe(true);
  expect(await run({ TERM: 'xterm', NO_COLOR: '1' })).toBe(false);
  expect(await run({ TERM: 'dumb' })).toBe(false);
  expect(await run({ TERM: 'xterm' }, '--color', 'never')).toBe(false);
  const piped = async (env: Record<string, string>, ...flags: string[]) =>
    (
      await exec(process.execPath, [BIN, 'check', 'none.txt', '--fail-on', 'never', ...flags], {
        env: { PATH: process.env.PATH ?? '', ...env },
      })
    ).stdout.includes('\u001b[');
  expect(await piped({})).toBe(false);
  expect(await piped({ FORCE_COLOR: '1' })).toBe(true);
  expect(await piped({}, '--color', 'always')).toBe(true);
});
