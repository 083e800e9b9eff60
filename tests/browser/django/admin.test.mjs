// Sessions in Django's admin.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { accessibilityFaults, toNextPage } from '../site.mjs';
import { complaintsOf, openDjangoHouse } from './house.mjs';

let house;
before(async () => { house = await openDjangoHouse(); });
afterEach(() => house.leave());
after(() => house.close());

const list = '/admin/innkeeper/session/';
const rows = (page) => page.locator('#result_list tbody tr');
const boxes = (page) => page.locator('input[name=_selected_action]');
const ids = (page) => boxes(page).evaluateAll((all) => all.map((box) => box.value));

test('the list leads through the whole table and back', async () => {
  const page = await house.guest('boss');
  await page.goto(list);
  const first = await ids(page);
  assert.equal(first.length, 100);
  await page.getByRole('link', { name: 'Next page' }).click();
  await page.waitForURL(/p=after/);
  const second = await ids(page);
  assert.ok(second.length > 50);
  assert.equal(first.some((id) => second.includes(id)), false);
  assert.equal(await page.getByRole('link', { name: 'Next page' }).count(), 0);
  await page.getByRole('link', { name: 'Previous page' }).click();
  await page.waitForURL(/p=before/);
  assert.deepEqual(await ids(page), first);
});

test('filters narrow the list, a search finds an address', async () => {
  const page = await house.guest('boss');
  await page.goto(list);
  await page.locator('#changelist-filter').getByRole('link', { name: 'Expired' }).click();
  await page.waitForURL(/validity=expired/);
  assert.equal(await rows(page).count(), await page.locator('.field-is_valid img[alt=False]').count());
  assert.notEqual(await rows(page).count(), 0);
  await page.locator('#searchbar').fill('203.0.113.7');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/q=203/);
  assert.match(page.url(), /validity=expired/);
  for (const text of await rows(page).allInnerTexts()) assert.match(text, /203\.0\.113\.7/);
});

test('a user is found by the admin’s autocomplete, by keyboard alone', async () => {
  const page = await house.guest('boss');
  const complaints = complaintsOf(page, house.demo.url);
  await page.goto(`${list}?validity=active`);
  await page.locator('#changelist-filter .select2-selection').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('ami');
  await page.locator('.select2-results__option--highlighted', { hasText: 'amina' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#changelist-filter .select2-selection__rendered', { hasText: 'amina' }).waitFor();
  await page.locator('#changelist-filter form button').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/user=\d+/);
  assert.match(page.url(), /validity=active/);
  assert.equal(await rows(page).count(), 4);
  for (const text of await rows(page).allInnerTexts()) assert.match(text, /amina/);
  assert.deepEqual(complaints, []);
  await page.locator('#changelist-filter details', { has: page.locator('form') }).getByRole('link', { name: 'All' }).click();
  await page.waitForURL((url) => !url.search.includes('user='));
});

test('what is chosen ends for real, after a question that names it', async () => {
  const guest = await house.guest('bela');
  const page = await house.guest('boss');
  await page.goto(`${list}?q=bela`);
  const before = await rows(page).count();
  await boxes(page).nth(0).check();
  await boxes(page).nth(1).check();
  await page.locator('select[name=action]').selectOption({ label: 'End the selected sessions' });
  await page.locator('.actions button').click();
  await page.getByText('All 2 end at once').waitFor();
  assert.match(await page.locator('#content').innerText(), /bela · .*Linux/);
  await toNextPage(page, () => page.getByRole('button', { name: 'End 2 sessions' }).click());
  await page.goto(`${list}?q=bela`);
  assert.equal(await rows(page).count(), before - 2);
  await guest.goto('/account/sessions/');
  assert.equal(new URL(guest.url()).pathname, '/signin/');
});

test('one session shows what is known of it, ends, and stands in the history', async () => {
  await house.guest('carlos');
  const page = await house.guest('boss');
  await page.goto(`${list}?q=carlos`);
  await rows(page).first().getByRole('link', { name: /Chrom/ }).click();
  await page.getByText('127.0.0.1').waitFor();
  assert.match(await page.locator('#content').innerText(), /_auth_user_id/);
  await page.getByRole('link', { name: 'Delete' }).click();
  await page.getByText('It ends at once').waitFor();
  await toNextPage(page, () => page.getByRole('button', { name: 'End this session' }).click());
  await page.goto('/admin/innkeeper/endedsession/');
  assert.match(await rows(page).first().innerText(), /carlos[^]*revoked[^]*user \d+/);
  await toNextPage(page, () => rows(page).first().getByRole('link', { name: /Chrom/ }).click());
  assert.equal(await page.locator('input[name=_save], .deletelink').count(), 0);
});

test('no key is on any page of the admin', async () => {
  const page = await house.guest('boss');
  const key = (await page.context().cookies()).find((cookie) => cookie.name === 'sessionid').value;
  for (const path of [list, `${list}?q=boss`, '/admin/', '/admin/innkeeper/endedsession/']) {
    await page.goto(path);
    assert.equal((await page.content()).includes(key), false, path);
  }
});

// Django's own pages have faults of their own: what we add must add none. They are compared with the list of users.
// Neither its breadcrumbs nor what select2, as it ships it, leaves without a name in every autocomplete field is ours.
for (const colorScheme of ['light', 'dark']) {
  test(`axe finds no more faults than in Django's own list (${colorScheme})`, async () => {
    const page = await house.guest('boss', { colorScheme });
    const kinds = async (path) => {
      await page.goto(path);
      const faults = (await accessibilityFaults(page))
        .filter((fault) => !/^aria-input-field-name.*select2-|^link-in-text-block.*\.breadcrumbs/.test(fault));
      return new Set(faults.map((fault) => fault.split(':')[0]));
    };
    const djangos = await kinds('/admin/auth/user/');
    for (const path of [list, '/admin/innkeeper/endedsession/']) {
      const ours = [...await kinds(path)].filter((kind) => !djangos.has(kind));
      assert.deepEqual(ours, [], path);
    }
  });
}

test('the admin is Persian from right to left, and German', async () => {
  const persian = await house.guest('boss', { locale: 'fa' });
  await persian.goto(list);
  assert.equal(await persian.locator('html').getAttribute('dir'), 'rtl');
  assert.match(await persian.locator('#result_list thead').innerText(), /دستگاه/);
  assert.equal(await persian.locator('.field-address bdi[dir=ltr]', { hasText: '2001:db8::7' }).count() > 0, true);
  const german = await house.guest('boss', { locale: 'de' });
  await german.goto(list);
  assert.match(await german.locator('#result_list thead').innerText(), /Gerät/i);
});
