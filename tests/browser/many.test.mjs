// A guest with more sessions than a page takes: each is reached, and ended by itself.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { accessibilityFaults, openHouse, overflow, startSite, toNextPage } from './site.mjs';

let house;
before(async () => {
  house = await openHouse(() => startSite(process.env.PROGRAM_UNDER_TEST,
    ['demo', '--json', '--listen', '127.0.0.1:0', '--sessions', '6000']));
});
afterEach(() => house.leave());
after(() => house.close());

const main = (page) => page.getByRole('main');
const items = (page) => main(page).getByRole('listitem');
const ends = (page) => main(page).getByRole('link', { name: /^Sign out (?!everywhere)/ });
const ids = (page) => ends(page).evaluateAll((links) => links.map((link) => link.pathname));
const others = async (page) => Number((await page.getByRole('link', { name: /^Sign out everywhere else/ }).innerText())
  .match(/\((\d+)\)/)[1]);
const follow = (page, name) =>
  toNextPage(page, () => page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click());

test('every session of one’s own stands on one of the pages, this one first', async () => {
  const page = await house.guest('amina');
  await page.goto('/account/sessions/');
  assert.match(await items(page).first().innerText(), /This session/);
  const total = await others(page);
  assert.ok(total > 100, `${total} are too few to be a test`);
  const first = await ids(page);
  const reached = new Set(first);
  while (await page.getByRole('link', { name: /^Next/ }).count() > 0) {
    await follow(page, /^Next/);
    for (const id of await ids(page)) reached.add(id);
    assert.equal(await others(page), total);
  }
  assert.equal(reached.size, total);
  while (await page.getByRole('link', { name: /Previous/ }).count() > 0) await follow(page, /Previous/);
  assert.deepEqual(await ids(page), first);
  assert.match(await items(page).first().innerText(), /This session/);
});

test('who ends one of the second page comes back there', async () => {
  const page = await house.guest('bela');
  await page.goto('/account/sessions/');
  await follow(page, /^Next/);
  const before = await ids(page);
  const place = page.url();
  await toNextPage(page, () => ends(page).nth(2).click());
  await toNextPage(page, () => page.getByRole('link', { name: 'Keep it signed in' }).click());
  assert.equal(page.url(), place);
  assert.deepEqual(await ids(page), before);

  await toNextPage(page, () => ends(page).nth(2).click());
  await toNextPage(page, () => page.getByRole('button', { name: 'Sign out this device' }).click());
  assert.match(await page.getByRole('status').innerText(), /One session was signed out/);
  const after = await ids(page);
  assert.equal(after.includes(before[2]), false);
  assert.deepEqual(after.slice(0, 2), before.slice(0, 2));
});

for (const colorScheme of ['light', 'dark']) {
  test(`the pages fit a phone and axe finds no fault in ${colorScheme} ones`, async () => {
    const page = await house.guest('carlos', { colorScheme, viewport: { width: 360, height: 740 } });
    await page.goto('/account/sessions/');
    await follow(page, /^Next/);
    assert.ok(await overflow(page) <= 0);
    assert.deepEqual(await accessibilityFaults(page), []);
  });
}
