// Damaged adverts by the thousand, through the real command: a record for each, in order, as the schema has it, with words
// behind every value, and no code that says that the program failed.
//   npm run fuzz [-- CASES [SEED [FIRST]]]     (20,000, 1 and 0)
// The same seed and number give the same case: one alone is run again by its number, "npm run fuzz -- 1 SEED NUMBER".
import { tmpdir } from 'node:os';
import { fuzz } from './fuzz-run.mjs';

const [count = 20_000, seed = 1, first = 0] = process.argv.slice(2).map(Number);
const say = (words) => process.stdout.write(`${words}\n`);
/** Failing inputs are kept here, by number; those of a run that tries one of them again stand apart. */
const keep = `${tmpdir()}/vacancy-fuzz-faults-${seed}-${first}`;

const started = Date.now();
let said = 0;
const { faults, figures } = await fuzz({
  seed,
  first,
  count,
  keep,
  progress: (done, wrong) => {
    if (done - said < 5000 && done < count) return;
    said = done;
    say(`${done} of ${count}, ${wrong} faults, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  },
});
const seconds = (Date.now() - started) / 1000;

const list = (counts) =>
  Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, times]) => `${name} ${times}`)
    .join(', ') || 'none';
say(`seed ${seed}, cases ${first} to ${first + count - 1}: ${list(figures.formats)}`);
say(`records: ${figures.records}, of which ${figures.ok} are of an advert; ${figures.again} read again by the library`);
say(`errors: ${list(figures.codes)}`);
if (figures.library.length > 0)
  say(
    `stopped by a limit, and the bare library is too: ${figures.library.map((number) => `case ${number}`).join(', ')}`,
  );
if (figures.slow.length > 0)
  say(`stopped by a limit beside others, and not alone: ${figures.slow.map((number) => `case ${number}`).join(', ')}`);
if (figures.slowest.number !== null)
  say(`slowest: case ${figures.slowest.number}, waited for ${figures.slowest.ms.toFixed(0)} ms`);
if (figures.bytes > 0) say(`memory: ${(figures.bytes / 2 ** 20).toFixed(0)} MiB at most, all processes`);
say(
  `speed: ${(count / seconds).toFixed(0)} cases a second, making and checking them included (${seconds.toFixed(0)} s)`,
);
for (const { number, name, words } of faults.slice(0, 200)) {
  say(`WRONG case ${number}: ${words}`);
  if (name !== null) say(`      npx vacancy parse ${keep}/${name} --evidence; npm run fuzz -- 1 ${seed} ${number}`);
}
say(`${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
