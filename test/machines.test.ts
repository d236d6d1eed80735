import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { hasHosts, startHosts } from './hosts.mjs';
import { hasRedis, startRedis } from './redis.mjs';
import { hasSlurm, startSlurm } from './slurm-node.mjs';
import { ADVERT, BIN, inOwnFolder, ROOT } from './support.ts';

const exec = promisify(execFile);
const readme = readFileSync(`${ROOT}README.md`, 'utf8');
/** The README's commands for an engine, as they are printed. */
const recipe = (engine: string) =>
  new RegExp(`^\`\`\`sh ${engine}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(readme)?.[1] ?? 'false';

let dir: string;
inOwnFolder('machines', (folder) => {
  dir = folder;
});

let env: Record<string, string | undefined>;
const bash = (code: string, more: Record<string, string> = {}) =>
  exec('bash', ['-o', 'pipefail', '-ec', code], { cwd: dir, env: { ...env, ...more }, maxBuffer: 2 ** 26 });
const whole = async () => (await bash('vacancy parse adverts -q --fail-on never')).stdout;
const collected = () => readFileSync('adverts.ndjson', 'utf8');
const records = () => readdirSync('records').sort();

beforeEach(() => {
  mkdirSync('path');
  writeFileSync('path/vacancy', `#!/bin/sh\nexec ${process.execPath} ${BIN} "$@"\n`);
  chmodSync('path/vacancy', 0o755);
  env = { ...process.env, PATH: `${dir}/path:${process.env.PATH}` };
  cpSync(`${ROOT}fixtures/adverts/plain-prose`, 'adverts/plain-prose', {
    recursive: true,
    filter: (file) => !file.endsWith('.json'),
  });
  for (let index = 10; index < 40; index++)
    writeFileSync(`adverts/${index}.txt`, ADVERT.replace('12.60', `12.${index}`));
  writeFileSync('adverts/99.txt', '');
});

describe('as it is printed', () => {
  test.skipIf(!hasRedis())('the queue', async () => {
    const redis = await startRedis(`${dir}/redis`, ['--requirepass', 'opensesame']);
    try {
      writeFileSync('redis-url', `redis://:opensesame@127.0.0.1:${redis.port}\n`);
      const { code, stdout } = (await bash(recipe('queue')).catch((failed) => failed)) as {
        code: number;
        stdout: string;
      };
      expect([code, stdout]).toEqual([1, expect.stringMatching(/inputs {3}35 of 35 done/)]); // one of them is empty
      expect(collected()).toBe(await whole());
    } finally {
      await redis.kill();
    }
  });

  test.skipIf(!hasHosts())('GNU parallel, on two hosts, one of which dies and comes back', async () => {
    const hosts = await startHosts(`${dir}/keys`, ['one', 'two'], env.PATH);
    try {
      writeFileSync('hosts', 'one\ntwo\n');
      const own = { PARALLEL_SSH: `ssh -F ${hosts.config}`, PARALLEL_HOME: `${dir}/parallel` };
      // Short lists, so that both hosts have some, and the second one dies with its first.
      const short = recipe('parallel').replace('-l 500', '-l 3');
      expect(short).toContain('-l 3');
      const running = bash(short, own);
      while (!readdirSync('.').includes('records') || records().length < 3) await wait(20);
      hosts.kill('two');
      const first = await running.then(
        () => 0,
        ({ code }) => code,
      );
      const done = records().filter((name) => name.endsWith('.ndjson')).length;
      await hosts.start('two');
      const log = readFileSync('jobs.log', 'utf8').split('\n').length;
      await bash(short, own);
      expect(first === 0).toBe(done === 12); // the other host may have done all
      expect(readFileSync('jobs.log', 'utf8').split('\n').length - log).toBe(12 - done); // only what was missing
      expect(records()).toEqual(Array.from({ length: 12 }, (_, index) => `${String(index).padStart(6, '0')}.ndjson`));
      expect(collected()).toBe((await bash('vacancy parse --files-from inputs.txt -q --fail-on never')).stdout);
    } finally {
      hosts.end();
    }
  });

  test.skipIf(!hasSlurm())('Slurm', async () => {
    const slurm = await startSlurm(`${dir}/slurm`, 2);
    try {
      await bash(recipe('slurm'), slurm.env);
      expect(records()).toEqual(['0.ndjson', '1.ndjson', '2.ndjson', '3.ndjson']);
      const lines = (text: string) => text.trimEnd().split('\n').sort();
      expect(lines(collected())).toEqual(lines(await whole()));
      expect(lines(collected())).toHaveLength(35);
    } finally {
      slurm.end();
    }
  });
});
