import { Carillon } from '../carillon.js';
import { demoToken } from './access.js';
import { Breaker } from './breaker.js';
import { byId } from './dom.js';
import { Link } from './link.js';
import { askName } from './name.js';
import { myName, somebodyElse } from './person.js';

const RETRY_MS = 2000;

/**
 * Begins a screen: who the visitor is, the bar that shows the connection, and the client. Null if
 * this server gives no demo tokens; the page then says so.
 *
 * @returns {Promise<{carillon: Carillon, me: string} | null>}
 */
export async function beginScreen() {
  const me = myName();
  const breaker = new Breaker();
  let carillon = null;
  const link = new Link(byId('link'), breaker, () => carillon?.connect());
  byId('me-name').textContent = me;
  byId('me').addEventListener('click', () => askName(me));
  for (const other of document.querySelectorAll('a[data-else]')) {
    other.href = somebodyElse();
  }
  stayMyself();
  let ready = await firstToken(me, breaker);
  if (ready === null) {
    byId('closed').hidden = false;
    byId('screen').hidden = true;
    link.say('closed', 'demo mode is off');
    return null;
  }
  carillon = new Carillon(new URL('../', import.meta.url).href, {
    token: async () => {
      const token = ready ?? (await demoToken(me, breaker.fetch));
      ready = null;
      return token;
    },
    WebSocket: breaker.WebSocket,
    fetch: breaker.fetch,
    // Sooner than an application would, so that a visitor sees it happen.
    upgradeAfter: 3000,
  });
  carillon.on('status', (status) => link.show(status));
  return { carillon, me };
}

/** Who is somebody else in this tab stays so on the other screens. */
function stayMyself() {
  const as = new URLSearchParams(location.search).get('as');
  if (as) {
    for (const other of document.querySelectorAll('.screens a')) {
      const address = new URL(other.href);
      address.searchParams.set('as', as);
      other.href = address.href;
    }
  }
}

async function firstToken(me, breaker) {
  for (;;) {
    try {
      return await demoToken(me, breaker.fetch);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
