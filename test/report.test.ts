import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtures, has, ROOT, vacancy } from './support.ts';

const HOSTILE = '</script><img src=http://127.0.0.1:9/x onerror=alert(1)><b>Cook</b>';
const CHROMIUM = '/usr/bin/chromium';
/** Of axe-core's findings, those that keep somebody out. */
const GRAVE = new Set(['serious', 'critical']);

let dir: string;
let file: string;
beforeAll(async () => {
  dir = mkdtempSync(`${tmpdir()}/vacancy-report-`);
  mkdirSync(`${dir}/in`);
  for (const { folder, slug, file: name, path } of fixtures())
    if (folder === 'adverts') cpSync(path, `${dir}/in/${slug}-${name}`);
  writeFileSync(
    `${dir}/in/hostile.txt`,
    `Cook ${HOSTILE}\n\nSalary: £24,000 ${HOSTILE} per annum\nClosing date: 3 March 2027\n`,
  );
  writeFileSync(`${dir}/in/unreadable.pdf`, '%PDF-1.4 nothing');
  file = `${dir}/report.html`;
  const { status } = await vacancy(['report', `${dir}/in`, '-o', file, '-q']);
  expect(status).toBe(1);
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true }));

test('is one file that appears whole, the same each time', async () => {
  const first = readFileSync(file, 'utf8');
  await vacancy(['report', `${dir}/in`, '-o', file, '-q', '-j', '1']);
  expect(readFileSync(file, 'utf8')).toBe(first);
  expect(existsSync(`${file}.partial`)).toBe(false);
  expect(first).not.toMatch(/(?:src|href)=/);
  expect(first.match(/<script>/g)?.length).toBe(1);
});

test('an input is not written over, and a page needs a name', async () => {
  expect((await vacancy(['report', `${dir}/in/hostile.txt`, '-o', `${dir}/in/hostile.txt`])).status).toBe(2);
  expect((await vacancy(['report', `${dir}/in`])).status).toBe(2);
});

describe.skipIf(!has('chromium'))('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    const { chromium } = await import('playwright-core');
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ];
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...args, '--disable-component-update'] });
  }, 60_000);
  afterAll(() => browser?.close());

  async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[]; asked: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
    const page = await context.newPage();
    const [faults, asked]: [string[], string[]] = [[], []];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`file://${file}`);
    return { page, faults, asked };
  }

  test('shows the batch, each advert, and the words behind a value', async () => {
    const { page, faults, asked } = await open();
    expect(await page.textContent('h1')).toBe('What was read from 39 adverts');
    expect(await page.locator('#list button').count()).toBe(39);
    await page.locator('#list button', { hasText: 'plain-prose-advert.txt' }).click();
    expect(await page.textContent('#detail-title')).toBe('Volunteers Organiser');
    const value = page.locator('.value', { hasText: /^2026-05-11$/ });
    await value.click();
    expect((await page.locator('mark.lit').allTextContents()).join('')).toContain('Monday 11 May 2026');
    await page.locator('mark', { hasText: 'Volunteers Organiser' }).first().click();
    expect(await page.locator('.value.lit').textContent()).toBe('Volunteers Organiser');
    expect([faults, asked.length]).toEqual([[], 1]);
  });

  test('the text with its marks is the advert’s text', async () => {
    const { page } = await open();
    for (const name of ['council-pack-advert.pdf', 'trac-page-advert.docx']) {
      await page.locator('#list button', { hasText: name }).click();
      const { stdout } = await vacancy(['text', `${dir}/in/${name}`]);
      expect(await page.textContent('.text')).toBe(stdout);
    }
  });

  test('searches and filters', async () => {
    const { page } = await open();
    const shown = () => page.locator('#list li:not([hidden])').count();
    await page.fill('#search', 'dental nurse .docx');
    expect([await shown(), await page.textContent('#shown')]).toEqual([1, '1 of 39 adverts']);
    await page.fill('#search', '');
    await page.selectOption('#show', 'error');
    expect(await shown()).toBe(1);
    await page.locator('.counts button', { hasText: 'Date posted' }).click();
    expect(await page.locator('#list li:not([hidden])', { hasText: 'plain-prose' }).count()).toBe(4);
  });

  test('goes by keys, and by an address', async () => {
    const { page } = await open();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await page.locator('[aria-current]').getAttribute('data-index')).toBe('1');
    expect(page.url()).toMatch(/#advert=1$/);
    await page.keyboard.press('Escape');
    expect(await page.locator('[aria-current]').count()).toBe(0);
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    const again = await open();
    await again.page.goto(`file://${file}#advert=3`);
    expect(await again.page.locator('[aria-current]').getAttribute('data-index')).toBe('3');
  });

  test('runs and fetches nothing that an advert says', async () => {
    const { page, asked } = await open();
    page.on('dialog', () => asked.push('a dialogue'));
    await page.locator('#list button', { hasText: 'hostile.txt' }).click();
    expect(await page.textContent('.text')).toContain('Cook');
    expect(await page.locator('#detail img, #detail b').count()).toBe(0);
    const isRefused = await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => false, () => true)`);
    expect([isRefused, asked.filter((url) => !url.startsWith('file:'))]).toEqual([true, []]);
  });

  test.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 360, height: 740 } }],
  ] as const)('keeps nobody out: %s', async (_, options) => {
    const { page } = await open({ ...options, bypassCSP: true });
    const axe = readFileSync(`${ROOT}node_modules/axe-core/axe.min.js`, 'utf8');
    for (const isOpen of [false, true]) {
      if (isOpen) await page.locator('#list button').first().click();
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string; impact: string }[] };
      expect(violations.filter(({ impact }) => GRAVE.has(impact)).map(({ id }) => id)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    }
  });
});
