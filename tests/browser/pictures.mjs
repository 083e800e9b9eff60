// Makes the README's pictures from the demo: node pictures.mjs FOLDER, with PROGRAM_UNDER_TEST set.
import { openHouse } from './site.mjs';

const folder = process.argv[2];
const house = await openHouse();
try {
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
  const guest = await house.guest('amina', { userAgent, viewport: { width: 1000, height: 700 } });
  await guest.goto('/account/sessions/');
  await guest.screenshot({ path: `${folder}/sessions.png` });
  const staff = await house.guest(house.demo.username, { userAgent, viewport: { width: 1280, height: 800 } });
  await staff.goto('/admin/sessions/');
  await staff.screenshot({ path: `${folder}/admin.png` });
} finally {
  await house.close();
}
