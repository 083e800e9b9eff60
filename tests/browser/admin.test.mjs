// The staff's pages: everybody's sessions, a search, ending, and what has ended.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openHouse, toNextPage } from './site.mjs';

let house;
before(async () => { house = await openHouse(); });
afterEach(() => house.leave());
after(() => house.close());

const rows = (page) => page.getByRole('row').filter({ has: page.getByRole('cell') });

test('the list says who, on what, from where and since when', async () => {
  const page = await house.guest(house.demo.username);
  await page.goto('/admin/sessions/');
  assert.equal(await rows(page).count(), 100);
  const heads = await page.getByRole('columnheader').allInnerTexts();
  for (const head of ['User', 'Device', 'Place and address', 'Started', 'Last active', 'Expires', 'State']) {
    assert.ok(heads.includes(head), head);
  }
  assert.match(await rows(page).first().innerText(), /This session/);
});

test('the next page goes on where this one ends, and the way back leads back', async () => {
  const page = await house.guest(house.demo.username);
  await page.goto('/admin/sessions/');
  const names = () => page.locator('input[name=id]').evaluateAll((boxes) => boxes.map((box) => box.value));
  const first = await names();
  await page.getByRole('link', { name: /^Next/ }).click();
  await page.waitForURL(/\?/);
  const second = await names();
  assert.equal(first.some((id) => second.includes(id)), false);
  await toNextPage(page, () => page.getByRole('link', { name: /Previous/ }).click());
  assert.deepEqual(await names(), first);
});

test('a search finds a user by name, and an address by its network', async () => {
  const page = await house.guest(house.demo.username);
  await page.goto('/admin/sessions/');
  await page.getByRole('searchbox').fill('georg');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/q=georg/);
  assert.notEqual(await rows(page).count(), 0);
  for (const text of await rows(page).allInnerTexts()) assert.match(text, /georg/);

  await page.getByRole('searchbox').fill('198.51.100.0/24');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/198/);
  assert.notEqual(await rows(page).count(), 0);
  for (const text of await rows(page).allInnerTexts()) assert.match(text, /198\.51\.100\./);
});

test('a filter narrows the list and can be taken off again', async () => {
  const page = await house.guest(house.demo.username);
  await page.goto('/admin/sessions/');
  await page.getByRole('navigation', { name: 'Validity' }).getByRole('link', { name: 'Expired' }).click();
  await page.waitForURL(/validity=/);
  assert.notEqual(await rows(page).count(), 0);
  for (const text of await rows(page).allInnerTexts()) assert.match(text, /Expired/);
  await toNextPage(page, () => page.getByRole('link', { name: /^Remove filter/ }).first().click());
  assert.equal(await page.getByRole('link', { name: /^Remove filter/ }).count(), 0);
});

test('a search without a hit says so and offers the way back', async () => {
  const page = await house.guest(house.demo.username);
  await page.goto('/admin/sessions/?q=nobody-of-that-name');
  await page.getByRole('heading', { name: 'No session matches' }).waitFor();
  await toNextPage(page, () => page.getByRole('link', { name: 'Clear all filters' }).click());
  assert.notEqual(await rows(page).count(), 0);
});

test('one session shows its data, and not its key', async () => {
  const page = await house.guest(house.demo.username);
  const key = (await page.context().cookies()).find((cookie) => cookie.name === 'sessionid').value;
  await page.goto('/admin/sessions/');
  await rows(page).first().getByRole('cell').nth(2).getByRole('link').click();
  await page.getByRole('heading', { name: 'Data' }).waitFor();
  const text = await page.getByRole('main').innerText();
  assert.match(text, /_auth_user_id/);
  assert.match(text, /Public id/i);
  assert.equal((await page.content()).includes(key), false);
});

test('chosen sessions are listed before they end, end for real, and stand in the history', async () => {
  const staff = await house.guest(house.demo.username);
  const guest = await house.guest('hana');
  await staff.goto('/admin/sessions/?q=hana');
  await rows(staff).filter({ hasText: 'active now' }).first().getByRole('checkbox').check();
  await staff.getByRole('button', { name: /^End chosen sessions/ }).click();
  await staff.getByRole('heading', { name: 'End this session?' }).waitFor();
  await staff.getByRole('button', { name: 'End this session' }).click();
  assert.match(await staff.getByRole('status').innerText(), /One session was ended/);

  await guest.goto('/account/sessions/');
  assert.equal(new URL(guest.url()).pathname, '/signin/');
  await staff.goto('/admin/history/');
  assert.match(await rows(staff).first().innerText(), /hana[\s\S]*revoked/);
});

test('who chooses none is led back to the list, which says so', async () => {
  const staff = await house.guest(house.demo.username);
  await staff.goto('/admin/sessions/');
  await staff.getByRole('button', { name: /^End chosen sessions/ }).click();
  assert.match(await staff.getByRole('status').innerText(), /No sessions were chosen/);
  assert.equal(new URL(staff.url()).pathname, '/admin/sessions/');
});

test('to keep is one key away, to end is not', async () => {
  const page = await house.guest(house.demo.username);
  await page.goto('/admin/sessions/?q=ivan');
  await rows(page).first().getByRole('checkbox').check();
  await page.getByRole('button', { name: /^End chosen sessions/ }).click();
  await page.getByRole('heading', { name: 'End this session?' }).waitFor();
  assert.match(await page.evaluate(() => document.activeElement.innerText), /^Keep/);
  await toNextPage(page, () => page.keyboard.press('Enter'));
  assert.equal(await page.getByRole('status').count(), 0);
});

test('all sessions of a user end at once', async () => {
  const staff = await house.guest(house.demo.username);
  const one = await house.guest('joana');
  const other = await house.guest('joana');
  await staff.goto('/admin/sessions/?q=joana');
  await rows(staff).first().getByRole('link', { name: 'joana' }).click();
  await staff.getByRole('link', { name: /^End all of/ }).click();
  await staff.getByRole('heading', { name: 'End all sessions of joana?' }).waitFor();
  await toNextPage(staff, () => staff.getByRole('button', { name: /^End (\d+ sessions|this session)$/ }).click());
  await staff.getByRole('status').waitFor();
  for (const page of [one, other]) {
    await page.goto('/account/sessions/');
    assert.equal(new URL(page.url()).pathname, '/signin/');
  }
});
