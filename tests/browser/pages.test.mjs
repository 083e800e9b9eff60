// What holds for every page: it can be used by keyboard, on a phone, in the dark, by screen readers, without script.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { accessibilityFaults, focused, openHouse, overflow, signIn } from './site.mjs';

let house;
before(async () => { house = await openHouse(); });
afterEach(() => house.leave());
after(() => house.close());

const pages = ['/account/sessions/', '/account/sessions/end-others/', '/admin/sessions/', '/admin/sessions/?q=nobody-there',
  '/admin/history/', '/no/such/page/'];

async function eachPage(page, check) {
  await page.goto('/signin/');
  await check('/signin/');
  await signIn(page, house.demo.username, house.demo.password);
  for (const path of pages) {
    await page.goto(path);
    await check(path);
  }
  await page.goto('/admin/sessions/');
  const id = await page.locator('input[name=id]').nth(3).inputValue();
  for (const path of [`/admin/sessions/${id}/`, `/admin/sessions/end/?id=${id}`]) {
    await page.goto(path);
    await check(path.replace(id, 'ID'));
  }
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds no fault in ${colorScheme} pages`, async () => {
    const page = await house.visitor({ colorScheme });
    await eachPage(page, async (path) => assert.deepEqual(await accessibilityFaults(page), [], path));
  });
}

test('dark is dark', async () => {
  const brightness = async (colorScheme) => {
    const page = await house.visitor({ colorScheme });
    await page.goto('/signin/');
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    return colour.match(/\d+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part, 0);
  };
  assert.ok(await brightness('dark') < 150);
  assert.ok(await brightness('light') > 600);
});

test('no page is wider than a narrow phone', async () => {
  const page = await house.visitor({ viewport: { width: 360, height: 740 } });
  await eachPage(page, async (path) => assert.ok(await overflow(page) <= 0, `${path} is ${await overflow(page)} px too wide`));
});

test('no page asks anything of another host, runs a script or breaks its own policy', async () => {
  const page = await house.visitor();
  const foreign = [];
  const complaints = [];
  page.on('request', (request) => { if (!request.url().startsWith(house.demo.url) && !request.url().startsWith('data:')) foreign.push(request.url()); });
  page.on('console', (message) => { if (/Content.Security.Policy|Refused/i.test(message.text())) complaints.push(message.text()); });
  await eachPage(page, async (path) => assert.equal(await page.locator('script').count(), 0, path));
  assert.deepEqual(foreign, []);
  assert.deepEqual(complaints, []);
});

test('everything is done by keyboard: sign in, end a session, sign out', async () => {
  const other = await house.guest('kwame');
  const page = await house.visitor();
  await page.goto('/signin/?next=/account/sessions/');
  await focused(page, 'User name');
  await page.keyboard.type('kwame');
  await page.keyboard.press('Tab');
  await page.keyboard.type(house.demo.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();

  await tabTo(page, /^Sign out everywhere else/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Sign out everywhere else?' }).waitFor();
  await tabTo(page, /^Sign out everywhere else/);
  await page.keyboard.press('Enter');
  await page.getByText('You are signed in nowhere else.').waitFor();
  await other.goto('/account/sessions/');
  assert.equal(new URL(other.url()).pathname, '/signin/');

  await tabTo(page, /^Sign out$/);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/account/'));
});

test('the first stop of the keyboard skips to the content', async () => {
  const page = await house.guest('kwame');
  await page.goto('/account/sessions/');
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.innerText), /^Skip/);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'main');
});

test('the pages work without script', async () => {
  const page = await house.guest('leila', { javaScriptEnabled: false });
  await page.goto('/account/sessions/');
  await page.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/account/'));
  await page.goto('/account/sessions/');
  assert.equal(new URL(page.url()).pathname, '/signin/');
});

// Presses Tab until what has the focus reads like that, and sees that one can see where the focus is.
async function tabTo(page, text) {
  for (let presses = 0; presses < 100; ++presses) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return { text: document.activeElement.innerText ?? '', outlined: style.outlineStyle !== 'none' };
    });
    if (text.test(focus.text.trim())) {
      assert.ok(focus.outlined, `the focus on ${focus.text} cannot be seen`);
      return;
    }
  }
  assert.fail(`the keyboard never came to ${text}`);
}
