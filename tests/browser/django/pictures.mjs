// Pictures to look at: PYTHON=… PYTHONPATH=… node django/pictures.mjs FOLDER
import { openDjangoHouse } from './house.mjs';

const folder = process.argv[2];
const house = await openDjangoHouse();
try {
  for (const [name, options] of Object.entries({
    'light-1280-de': { locale: 'de', viewport: { width: 1280, height: 800 } },
    'dark-1280-fa': { locale: 'fa', colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
    'light-360-fa': { locale: 'fa', viewport: { width: 360, height: 740 } },
    'dark-360-de': { locale: 'de', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
  })) {
    const page = await house.guest('amina', options);
    await page.goto('/account/sessions/');
    await page.screenshot({ path: `${folder}/list-${name}.png` });
    await page.goto('/account/sessions/end-others/');
    await page.screenshot({ path: `${folder}/others-${name}.png` });
    const crowd = await house.guest('crowd', options);
    await crowd.goto('/account/sessions/');
    await crowd.locator('.pages a').click();
    await crowd.locator('.pages a').nth(1).scrollIntoViewIfNeeded();
    await crowd.screenshot({ path: `${folder}/pages-${name}.png` });
    const staff = await house.guest('boss', options);
    await staff.goto('/admin/innkeeper/session/');
    await staff.screenshot({ path: `${folder}/admin-${name}.png` });
  }
} finally {
  await house.close();
}
