/** The documentation as a site, in a browser without a network: links, search, and a phone's width. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, ended } from '../support/child.js';
import { seconds } from '../support/time.js';

const site = join(checkout, 'build/docs');
/** As many pages of the API as show each kind of them. */
const samples = 6;

let browser: Browser | undefined;
let page: Page;
const requests: string[] = [];
const failures: string[] = [];

beforeAll(async () => {
  const { stderr, stdout, code } = await ended('npm', ['run', '--silent', 'docs']);
  expect({ warnings: `${stdout}${stderr}`.match(/\[warning\].*/g), code }).toEqual({
    warnings: null,
    code: 0,
  });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--allow-file-access-from-files'],
  });
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, offline: true });
  page = await context.newPage();
  page.on('request', request => requests.push(request.url()));
  page.on('requestfailed', request => failures.push(request.url()));
  page.on('pageerror', error => failures.push(error.message));
}, seconds(300));

afterAll(() => browser?.close());

/** Pages of a folder of the site. */
function pagesIn(folder: string): string[] {
  return readdirSync(join(site, folder))
    .filter(name => name.endsWith('.html'))
    .map(name => join(site, folder, name));
}

function all(): string[] {
  const api = ['classes', 'functions', 'interfaces', 'types', 'variables'].flatMap(folder =>
    pagesIn(folder).slice(0, samples),
  );
  return [join(site, 'index.html'), ...pagesIn('documents'), ...api];
}

describe('the site', () => {
  it(
    'has no dead link, asks nobody else, and fits a phone',
    async () => {
      const dead: string[] = [];
      const wide: string[] = [];
      for (const path of all()) {
        await page.goto(pathToFileURL(path).href);
        const hrefs = await page.evaluate<string[]>(
          "Array.from(document.querySelectorAll('a[href]'), link => link.href)",
        );
        dead.push(...hrefs.filter(isDead));
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (width > 390) wide.push(`${path}: ${width}`);
      }
      expect({ dead, wide, failures }).toEqual({ dead: [], wide: [], failures: [] });
      expect(requests.filter(url => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    },
    seconds(120),
  );

  it('is searched without a network', async () => {
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    // The index is read by a script that comes after the page.
    await page.waitForLoadState('networkidle');
    await page.locator('#tsd-search-trigger').click();
    await page.locator('#tsd-search-input').pressSequentially('RingBuffer');
    const found = page.locator('#tsd-search-results a').first();
    await found.waitFor();
    expect(await found.getAttribute('href')).toMatch(/RingBuffer/);
  });
});

/** A link to a file of the site that is not there. */
function isDead(href: string): boolean {
  const url = new URL(href);
  return url.protocol === 'file:' && !existsSync(new URL(url.pathname, 'file:'));
}
