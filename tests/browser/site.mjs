// What the tests share: the program's demo site, a browser, and people who use it.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const browserFlags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const startDemo = () => startSite(process.env.PROGRAM_UNDER_TEST, ['demo', '--json', '--listen', '127.0.0.1:0']);

// Starts a site and waits for its line of JSON: {url, username, password, stop}.
export async function startSite(program, options) {
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  let log = '';
  child.stderr.on('data', (chunk) => { log += chunk; });
  const announced = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the site ended with ${code} and said: ${log}`)));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('\n')) resolve(JSON.parse(said));
    });
  });
  return { ...announced, stop: async () => { child.kill('SIGTERM'); await ended; } };
}

// The demo (or another site) and a browser for one file of tests; `close` ends both.
export async function openHouse(start = startDemo) {
  const demo = await start();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: browserFlags,
  });
  const contexts = [];
  return {
    demo,
    // A browser profile of its own, without cookies: another device. `options` as in Playwright.
    async visitor(options = {}) {
      const context = await browser.newContext({ baseURL: demo.url, ...options });
      context.setDefaultTimeout(20_000);
      contexts.push(context);
      return context.newPage();
    },
    // The same, signed in.
    async guest(username, options = {}) {
      const page = await this.visitor(options);
      await signIn(page, username, demo.password);
      return page;
    },
    async leave() {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
    },
    async close() {
      await browser.close();
      await demo.stop();
    },
  };
}

export async function signIn(page, username, password) {
  await page.goto('/signin/');
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/signin/'));
}

// Does what leads to another page (or to the same one anew) and waits until that one is there, whole: a click returns
// earlier, and what looks at the page then meets the one before, or none.
export async function toNextPage(page, step) {
  await page.evaluate(() => { window.left = true; });
  await step();
  await page.waitForFunction(() => !window.left && document.readyState === 'complete');
}

// Waits until the focus is in the field of that label: a browser gives it after the page has loaded, and what is typed
// before goes nowhere.
export async function focused(page, label) {
  const field = await page.getByLabel(label).elementHandle();
  await page.waitForFunction((expected) => document.activeElement === expected, field);
}

// How far the page is wider than its window, in pixels.
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

// What axe-core finds wrong by WCAG 2.2 A and AA, a line each.
export async function accessibilityFaults(page) {
  // The policy of the page forbids a script: evaluated by the browser's own tools it may run all the same.
  const source = await import('node:fs/promises').then((fs) => fs.readFile(axe, 'utf8'));
  await page.evaluate(source);
  const result = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  }));
  return result.violations.map((fault) => `${fault.id}: ${fault.help} (${fault.nodes[0].target})`);
}
