// The pages of innkeeper.urls, as a site's users meet them.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { accessibilityFaults, focused, overflow, signIn, toNextPage } from '../site.mjs';
import { complaintsOf, openDjangoHouse } from './house.mjs';

let house;
before(async () => { house = await openDjangoHouse(); });
afterEach(() => house.leave());
after(() => house.close());

const list = '/account/sessions/';
const items = (page) => page.getByRole('main').getByRole('listitem');
const sessionKey = async (page) =>
  (await page.context().cookies()).find((cookie) => cookie.name === 'sessionid')?.value;

// Every page that there is, once each; `check` is given its path.
async function eachPage(page, username, check) {
  await signIn(page, username, house.demo.password);
  await page.goto(list);
  await check(list);
  const one = await items(page).getByRole('link').first().getAttribute('href');
  for (const path of [one, `${list}end-others/`]) {
    await page.goto(path);
    await check(path);
  }
  await page.getByLabel(/.+/).first().fill('not it');
  await toNextPage(page, () => page.getByRole('button').click());
  await page.getByRole('alert').waitFor();
  await check('a refused password');
}

test('who is not signed in is asked to, and comes to the list', async () => {
  const page = await house.visitor();
  await page.goto(list);
  assert.equal(new URL(page.url()).pathname, '/signin/');
  await page.getByLabel('User name').fill('amina');
  await page.getByLabel('Password').fill(house.demo.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
});

test('this session comes first and is marked, and no key is on the page', async () => {
  const page = await house.guest('amina');
  await page.goto(list);
  assert.match(await items(page).first().innerText(), /Chrom(e|ium).* on Linux[^]*This session[^]*active now/);
  const away = items(page).filter({ hasText: 'near' });
  assert.notEqual(await away.count(), 0);
  assert.match(await away.first().innerText(), /near .+ \(approximate\)[^]*((\d+\.){3}\d+|2001:db8:)/);
  assert.equal((await page.content()).includes(await sessionKey(page)), false);
});

test('a session that is ended elsewhere is signed out there, at its next click', async () => {
  const laptop = await house.guest('bela');
  const phone = await house.guest('bela', { userAgent: 'Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0' });
  await laptop.goto(list);
  await laptop.getByRole('link', { name: /^Sign out Firefox Mobile/ }).click();
  await laptop.getByRole('heading', { name: /^Sign out Firefox Mobile.*\?$/ }).waitFor();
  await laptop.getByRole('button', { name: 'Sign out this device' }).click();
  assert.match(await laptop.getByRole('status').innerText(), /One session was signed out/);
  await phone.goto(list);
  assert.equal(new URL(phone.url()).pathname, '/signin/');
});

test('everything is done by keyboard, the password before the others end included', async () => {
  const page = await house.visitor();
  await page.goto(`/signin/?next=${list}`);
  await focused(page, 'User name');
  await page.keyboard.type('carlos');
  await page.keyboard.press('Tab');
  await page.keyboard.type(house.demo.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
  await tabTo(page, /^Sign out everywhere else \(\d+\)$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sign out everywhere else?' }).waitFor();
  await focused(page, 'Password');
  await page.keyboard.type('a guess');
  await page.keyboard.press('Enter');
  assert.match(await page.getByRole('alert').innerText(), /not your password/);
  assert.notEqual(await page.getByLabel('Password').getAttribute('aria-describedby'), null);
  await focused(page, 'Password');
  await page.keyboard.type(house.demo.password);
  await page.keyboard.press('Enter');
  await page.getByText('You are signed in nowhere else.').waitFor();
  assert.equal(await items(page).count(), 1);
});

test('very many sessions come in pages', async () => {
  const page = await house.guest('crowd');
  await page.goto(list);
  assert.equal(await items(page).count(), 51);
  await toNextPage(page, () => page.getByRole('link', { name: 'Next page' }).click());
  await page.getByRole('link', { name: 'Previous page' }).waitFor();
  assert.equal(await items(page).count(), 50);
});

test('who ends one far down comes back to the page it stood on, and so does who keeps it', async () => {
  const page = await house.guest('crowd');
  await page.goto(list);
  for (let pages = 0; pages < 2; ++pages) {
    await toNextPage(page, () => page.getByRole('link', { name: 'Next page' }).click());
  }
  const third = page.url();
  const count = await items(page).count();
  const last = () => items(page).last().getByRole('link', { name: /^Sign out/ });
  await toNextPage(page, () => last().click());
  await toNextPage(page, () => page.getByRole('link', { name: 'Keep it signed in' }).click());
  assert.equal(page.url(), third);
  await toNextPage(page, () => last().click());
  await toNextPage(page, () => page.getByRole('button', { name: 'Sign out this device' }).click());
  await page.getByRole('status').waitFor();
  assert.equal(await items(page).count(), count - 1);
  assert.equal(await page.getByRole('link', { name: 'Previous page' }).count(), 1);
});

test('the pages work without script', async () => {
  const page = await house.guest('dina', { javaScriptEnabled: false });
  await page.goto(list);
  await page.getByRole('link', { name: /^Sign out everywhere else/ }).click();
  await page.getByLabel('Password').fill(house.demo.password);
  await page.getByRole('button', { name: /^Sign out everywhere else/ }).click();
  await page.getByText('You are signed in nowhere else.').waitFor();
});

for (const colorScheme of ['light', 'dark']) {
  for (const locale of ['en', 'fa']) {
    test(`axe finds no fault in ${colorScheme} pages (${locale}), and they keep their policy`, async () => {
      const page = await house.visitor({ colorScheme, locale });
      const complaints = complaintsOf(page, house.demo.url);
      await eachPage(page, 'emil', async (path) => {
        assert.deepEqual(await accessibilityFaults(page), [], path);
        assert.equal(await page.locator('script, style, [style]').count(), 0, path);
      });
      assert.deepEqual(complaints, []);
    });
  }
}

for (const locale of ['en', 'de', 'fa']) {
  test(`no page is wider than a narrow phone (${locale})`, async () => {
    const page = await house.visitor({ viewport: { width: 360, height: 740 }, locale });
    await eachPage(page, 'emil', async (path) => assert.ok(await overflow(page) <= 0, `${path}: ${await overflow(page)} px`));
  });
}

test('Persian runs from right to left', async () => {
  const page = await house.guest('emil', { locale: 'fa' });
  await page.goto(list);
  assert.equal(await page.locator('html').getAttribute('dir'), 'rtl');
  assert.equal(await page.locator('html').getAttribute('lang'), 'fa');
  const icon = await page.locator('svg.icon').first().boundingBox();
  const text = await page.locator('.device').first().boundingBox();
  assert.ok(icon.x > text.x, 'the icon stands at the beginning of the line');
  const [browser, system] = await page.locator('.device', { hasText: 'Windows' }).first().evaluate((line) => {
    const place = (word) => {
      const range = document.createRange();
      const start = line.firstChild.data.indexOf(word);
      range.setStart(line.firstChild, start);
      range.setEnd(line.firstChild, start + word.length);
      return range.getBoundingClientRect().x;
    };
    return [place('Firefox'), place('Windows')];
  });
  assert.ok(browser > system, 'a device is read from right to left');
});

test('dark is dark', async () => {
  const brightness = async (colorScheme) => {
    const page = await house.guest('emil', { colorScheme });
    await page.goto(list);
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    return colour.match(/\d+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part, 0);
  };
  assert.ok(await brightness('dark') < 150);
  assert.ok(await brightness('light') > 600);
});

// Presses Tab until what has the focus reads like that, and sees that one can see where the focus is.
async function tabTo(page, text) {
  for (let presses = 0; presses < 100; ++presses) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => ({
      text: document.activeElement.innerText ?? '',
      outlined: getComputedStyle(document.activeElement).outlineStyle !== 'none',
    }));
    if (text.test(focus.text.trim())) {
      assert.ok(focus.outlined, `the focus on ${focus.text} cannot be seen`);
      return;
    }
  }
  assert.fail(`the keyboard never came to ${text}`);
}
