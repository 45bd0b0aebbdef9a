/** Profiles in a browser: the flame graph by itself, and the JSON in speedscope's released page. */
import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createProfile, type ProfileStack } from 'libbpf-ts/profile';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout } from '../support/child.js';
import { temporary } from '../support/temporary.js';
import { seconds } from '../support/time.js';

const frame = (name: string) => ({ address: 1n, kind: 'native', name, module: '/opt/app' }) as const;
const stacks: ProfileStack[] = [
  { process: 'app', frames: [frame('parseJson'), frame('handleRequest'), frame('main')], value: 60 },
  { process: 'app', frames: [frame('compress'), frame('handleRequest'), frame('main')], value: 30 },
  { process: 'app', frames: [frame('collectGarbage'), frame('main')], value: 10 },
];
const profile = createProfile(stacks, { unit: 'samples' });

let browser: Browser | undefined;
let page: Page;
const failures: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage();
  page.on('pageerror', error => failures.push(error.message));
}, seconds(60));

afterAll(() => browser?.close());

describe('a flame graph', () => {
  const widthOf = (name: string) =>
    page.evaluate<number>(`+document.querySelector('[data-n="${name}"] rect').getAttribute('width')`);
  const isShown = (name: string) =>
    page.evaluate<boolean>(`document.querySelector('[data-n="${name}"]').getAttribute('display') !== 'none'`);
  const text = (id: string) => page.evaluate<string>(`document.getElementById('${id}').textContent`);

  it('tells of the frame under the pointer, zooms in and out again', async () => {
    writeFileSync(temporary('graph.svg'), profile.flameGraph());
    await page.goto(pathToFileURL(temporary('graph.svg')).href);
    const whole = await widthOf('all');
    expect(await widthOf('handleRequest')).toBeCloseTo(0.9 * whole, 0);
    await page.hover('[data-n="compress"]');
    expect(await text('details')).toBe('compress (30 samples, 30.00 %)');
    await page.click('[data-n="handleRequest"]');
    expect(await widthOf('handleRequest')).toBeCloseTo(whole, 0);
    expect(await widthOf('parseJson')).toBeCloseTo((2 / 3) * whole, 0);
    expect([await isShown('collectGarbage'), await isShown('main')]).toEqual([false, true]);
    await page.click('#reset');
    expect(await widthOf('handleRequest')).toBeCloseTo(0.9 * whole, 0);
    expect(await isShown('collectGarbage')).toBe(true);
  });

  it('finds frames by a pattern, and counts each sample once', async () => {
    page.once('dialog', dialog => dialog.accept('^(parse|handle)'));
    await page.click('#search');
    expect(await text('matched')).toBe('Matched: 90.00 %');
    const fill = await page.getAttribute('[data-n="parseJson"] rect', 'fill');
    expect(fill).toBe('rgb(230,0,230)');
    page.once('dialog', dialog => dialog.accept(''));
    await page.keyboard.press('Control+f');
    expect((await text('matched')).trim()).toBe('');
    expect(failures).toEqual([]);
  });
});

describe("speedscope's page", () => {
  const released = join(checkout, 'node_modules/speedscope/dist/release');
  const types: Record<string, string> = {
    html: 'text/html',
    js: 'text/javascript',
    css: 'text/css',
    json: 'application/json',
  };
  let server: Server;
  beforeAll(async () => {
    writeFileSync(temporary('profile.json'), profile.speedscope('checked'));
    server = createServer(({ url = '/' }, response) => {
      const { pathname } = new URL(url, 'http://127.0.0.1');
      const file = pathname === '/profile.json' ? temporary('profile.json') : join(released, pathname);
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.setHeader('Content-Type', types[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream');
      createReadStream(file).pipe(response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  it('shows the profile', async () => {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await page.goto(`${origin}/index.html#profileURL=${encodeURIComponent(`${origin}/profile.json`)}`);
    await page.waitForFunction("document.title.includes('checked')");
    // The sandwich view lists functions with all of their weight and their own.
    await page.keyboard.press('3');
    const row = page.getByText('parseJson');
    await row.first().waitFor();
    const shown = await page.evaluate<string>('document.body.innerText');
    expect(shown).toMatch(/60\s*\(60%\)\s*60\s*\(60%\)\s*parseJson/);
    expect(shown).toMatch(/90 \(90%\)\s*0 \(<0.01%\)\s*handleRequest/);
  });
});
