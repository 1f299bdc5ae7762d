import { Carillon } from '../carillon.js';
import { ROOT, demoToken, untilAnswered } from './access.js';
import { Breaker } from './breaker.js';
import { byId, element } from './dom.js';
import { Link } from './link.js';
import { askName } from './name.js';
import { myName, somebodyElse } from './person.js';

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
  let ready = await untilAnswered(() => demoToken(me, breaker.fetch));
  if (ready === null) {
    byId('screen').hidden = true;
    byId('screen').before(closedNotice());
    link.say('closed', 'demo mode is off');
    return null;
  }
  carillon = new Carillon(ROOT, {
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

/** What stands in place of a screen that cannot be tried. */
function closedNotice() {
  return element('section', { className: 'notice wrap', id: 'closed', 'aria-labelledby': 'closed-title' },
    element('h2', { id: 'closed-title' }, 'Demo mode is off'),
    element('p', {},
      'This server gives no demo tokens, as it should be in production, and this screen needs one. To try it, start the server with ',
      element('code', {}, 'carillon.demo=true'),
      '; ',
      element('a', { href: ROOT.href }, 'the first page'),
      ' says how to use a token of your own.',
    ),
  );
}
