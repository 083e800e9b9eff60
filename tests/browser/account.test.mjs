// A guest's own pages: signing in and out, seeing where, ending a session.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { accessibilityFaults, focused, openHouse, signIn, toNextPage } from './site.mjs';

let house;
before(async () => { house = await openHouse(); });
afterEach(() => house.leave());
after(() => house.close());

const here = (page) => page.getByRole('listitem').filter({ hasText: 'This session' });
const sessionKey = async (page) =>
  (await page.context().cookies()).find((cookie) => cookie.name === 'sessionid')?.value;

test('a visitor who wants to see sessions is asked to sign in, and comes to what was wanted', async () => {
  const page = await house.visitor();
  await page.goto('/account/sessions/');
  assert.equal(new URL(page.url()).pathname, '/signin/');
  await page.getByLabel('User name').fill('amina');
  await page.getByLabel('Password').fill(house.demo.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/account/sessions/');
});

test('a wrong password says so, keeps the name, and tells no more', async () => {
  const page = await house.visitor();
  await page.goto('/signin/');
  await page.getByLabel('User name').fill('amina');
  await page.getByLabel('Password').fill('not hers');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const known = await page.getByRole('alert').innerText();
  assert.equal(await page.getByLabel('User name').inputValue(), 'amina');
  assert.equal(await page.getByLabel('Password').inputValue(), '');

  await page.getByLabel('User name').fill('nobody-of-that-name');
  await page.getByLabel('Password').fill('not hers');
  await page.getByRole('button', { name: 'Sign in' }).click();
  assert.equal(await page.getByRole('alert').innerText(), known);
});

test('a double click at sign-in leaves one session', async () => {
  const elsewhere = await house.guest('freya');
  await elsewhere.goto('/account/sessions/');
  const items = elsewhere.getByRole('main').getByRole('listitem');
  const before = await items.count();
  const page = await house.visitor();
  await page.goto('/signin/');
  await page.getByLabel('User name').fill('freya');
  await page.getByLabel('Password').fill(house.demo.password);
  await page.getByRole('button', { name: 'Sign in' }).dblclick();
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
  await page.reload();
  assert.equal(await here(page).count(), 1);
  await elsewhere.reload();
  assert.equal(await items.count(), before + 1);
});

test('a sign-in form that is too old says so, keeps the name, and then signs in', async () => {
  const page = await house.visitor();
  await page.goto('/signin/');
  await page.getByLabel('User name').fill('amina');
  await page.getByLabel('Password').fill(house.demo.password);
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Sign in' }).click();
  assert.match(await page.getByRole('alert').innerText(), /^The form was too old\. Please sign in again/);
  assert.equal(await page.getByLabel('User name').inputValue(), 'amina');
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  assert.deepEqual(await accessibilityFaults(page), []);
  await focused(page, 'Password');
  await page.keyboard.type(house.demo.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
});

test('the key changes at sign-in, and no page shows it', async () => {
  const page = await house.visitor();
  await page.goto('/signin/');
  const before = await sessionKey(page);
  await signIn(page, 'amina', house.demo.password);
  const key = await sessionKey(page);
  assert.match(key, /^[a-z0-9]{32}$/);
  assert.notEqual(key, before);
  await page.goto('/account/sessions/');
  assert.equal((await page.content()).includes(key), false);
});

test('a script of the page could not read the key', async () => {
  const page = await house.guest('amina');
  assert.equal(await page.evaluate(() => document.cookie.includes('sessionid')), false);
});

test('this session comes first and is marked; the others have a device, a place and an address', async () => {
  const page = await house.guest('arash');
  await page.goto('/account/sessions/');
  const items = page.getByRole('main').getByRole('listitem');
  assert.match(await items.first().innerText(), /This session/);
  assert.match(await items.first().innerText(), /Chrom(e|ium).* on Linux/);
  const others = page.getByRole('main').getByRole('listitem').filter({ hasText: 'near' });
  assert.notEqual(await others.count(), 0);
  assert.match(await others.first().innerText(), /near .+ \(approximate\)/);
  assert.match(await others.first().innerText(), /(\d+\.){3}\d+|2001:db8:/);
});

test('a session that is ended elsewhere is signed out there, at its next click', async () => {
  const laptop = await house.guest('bela');
  const phone = await house.guest('bela', {
    userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) '
      + 'Version/17.5 Mobile/15E148 Safari/604.1',
  });
  await phone.goto('/account/sessions/');
  await laptop.goto('/account/sessions/');
  await laptop.getByRole('main').getByRole('listitem').filter({ hasText: 'active now' })
    .getByRole('link', { name: /^Sign out Mobile Safari/ }).first().click();
  await laptop.getByRole('heading', { name: /^Sign out Mobile Safari.*\?$/ }).waitFor();
  await laptop.getByRole('button', { name: 'Sign out this device' }).click();
  assert.match(await laptop.getByRole('status').innerText(), /One session was signed out/);

  await phone.reload();
  assert.equal(new URL(phone.url()).pathname, '/signin/');
  await laptop.reload();
  assert.equal(await here(laptop).count(), 1);
});

test('signing out everywhere else keeps this session alone', async () => {
  const home = await house.guest('carlos');
  const work = await house.guest('carlos');
  await home.goto('/account/sessions/');
  await home.getByRole('link', { name: /^Sign out everywhere else \(\d+\)$/ }).click();
  await home.getByRole('button', { name: /^Sign out everywhere else \(\d+\)$/ }).click();
  await home.getByText('You are signed in nowhere else.').waitFor();
  assert.equal(await home.getByRole('main').getByRole('listitem').count(), 1);
  await work.goto('/account/sessions/');
  assert.equal(new URL(work.url()).pathname, '/signin/');
});

test('signing out ends the session on the server, not the cookie alone', async () => {
  const page = await house.guest('amina');
  const key = await sessionKey(page);
  await toNextPage(page, () => page.getByRole('button', { name: 'Sign out' }).click());
  assert.notEqual(await sessionKey(page), key);

  await page.context().addCookies([{ name: 'sessionid', value: key, url: house.demo.url }]);
  await page.goto('/account/sessions/');
  assert.equal(new URL(page.url()).pathname, '/signin/');
});

test('a guest can end nobody else’s session and see no page of the staff', async () => {
  const page = await house.guest('freya');
  for (const path of ['/admin/sessions/', '/admin/history/']) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 403, path);
  }
});
