// The Django site of serve.py and a browser.
import { fileURLToPath } from 'node:url';
import { openHouse, startSite } from '../site.mjs';

const serve = fileURLToPath(new URL('serve.py', import.meta.url));

export const openDjangoHouse = () => openHouse(() => startSite(process.env.PYTHON, [serve]));

// What breaks the pages' own policy, and what they ask of other hosts, from now on.
export function complaintsOf(page, url) {
  const complaints = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused/i.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}
