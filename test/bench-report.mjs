// How long the page of 500 adverts takes until it is on the screen: from the navigation's start, and from its load event, to
// the second frame after it; a warm Chromium, median of five.
//   npm run bench:report

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { chromium } from 'playwright-core';

const ADVERTS = 500;
const ROUNDS = 5;
const dir = mkdtempSync(`${tmpdir()}/vacancy-bench-report-`);
const root = new URL('..', import.meta.url).pathname;
mkdirSync(`${dir}/in`);
const all = readdirSync(`${root}fixtures/adverts`).flatMap((slug) =>
  readdirSync(`${root}fixtures/adverts/${slug}`)
    .filter((name) => name.startsWith('advert.'))
    .map((name) => ({ slug, name })),
);
for (let index = 0; index < ADVERTS; index++) {
  const { slug, name } = all[index % all.length];
  cpSync(`${root}fixtures/adverts/${slug}/${name}`, `${dir}/in/${String(index).padStart(4, '0')}-${slug}-${name}`);
}
execFileSync(process.execPath, [`${root}bin/vacancy.js`, 'report', `${dir}/in`, '-o', `${dir}/r.html`, '-q']);
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
const SECOND_FRAME = `new Promise((resolve) => {
  const frames = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve({
    all: performance.now(), since: performance.now() - performance.getEntriesByType('navigation')[0].loadEventStart })));
  if (document.readyState === 'complete') frames(); else addEventListener('load', frames);
})`;
const taken = [];
for (let round = 0; round <= ROUNDS; round++) {
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  await page.goto(`file://${dir}/r.html`, { waitUntil: 'commit' });
  const times = await page.evaluate(SECOND_FRAME);
  if (round > 0) taken.push(times); // the first warms it up
  await page.close();
}
await browser.close();
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const mib = (statSync(`${dir}/r.html`).size / 2 ** 20).toFixed(1);
process.stdout.write(
  `${ADVERTS} adverts, ${mib} MiB: on the screen ${median(taken.map(({ all: each }) => each)).toFixed(0)} ms after the navigation began, ${median(taken.map(({ since }) => since)).toFixed(0)} ms after the load event (medians of ${ROUNDS})\n`,
);
rmSync(dir, { recursive: true });
