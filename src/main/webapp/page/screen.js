import { Carillon } from '../carillon.js';
import { ROOT, demoToken, untilAnswered } from './access.js';
import { ringBell } from './bell.js';
import { Breaker } from './breaker.js';
import { byId, element } from './dom.js';
import { Link } from './link.js';
import { askName } from './name.js';
import { addressOf, myName, somebodyElse, stayMyself } from './person.js';
import { Unsent } from './unsent.js';

const SAMPLES = 20;
/* A sample that is older than the newest by so much is of an instance that is gone. */
const OLD_MS = 10_000;

/**
 * Begins a screen: who the visitor is, the bar that shows the connection, and the client. Null if
 * this server gives no demo tokens; the page then says so.
 *
 * @returns {Promise<{carillon: Carillon, me: string, unsent: Unsent} | null>}
 */
export async function beginScreen() {
  const me = myName();
  const breaker = new Breaker();
  let carillon = null;
  const link = new Link(byId('link'), breaker, () => carillon?.connect());
  byId('me-name').textContent = me;
  byId('me').addEventListener('click', () => askName(me));
  pointElsewhere(() => carillon);
  stayMyself();
  let ready = await untilAnswered(
    () => demoToken(me, breaker.fetch),
    () => link.show({ state: 'offline' }),
  );
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
    // A break that a visitor made is no sign of a bad network.
    settleAfter: 1000,
  });
  carillon.on('status', (status) => link.show(status));
  const unsent = new Unsent();
  carillon.on('pending', (count) => {
    unsent.count = count;
    link.unsent = count;
  });
  if (byId('bell') instanceof HTMLAnchorElement) {
    ringBell(carillon, me);
  }
  return { carillon, me, unsent };
}

/**
 * A second person comes to where the visitor is now, which is in the address, and to another
 * instance where there is one: that is asked for by who is about to follow the link.
 */
function pointElsewhere(client) {
  const links = document.querySelectorAll('a[data-else]');
  let other = null;
  let asked = null;
  const point = () => links.forEach((link) => (link.href = somebodyElse(other)));
  const find = async () => {
    const { events } = await client().room('carillon:instances').page({ last: SAMPLES });
    const newest = Date.parse(events.at(-1)?.at);
    other = events
      .filter(({ at }) => newest - Date.parse(at) < OLD_MS)
      .map(({ data }) => addressOf(data ?? {}))
      .findLast((address) => address !== null && new URL(address).origin !== location.origin) ?? null;
    point();
  };
  for (const link of links) {
    for (const about of ['pointerenter', 'focus']) {
      link.addEventListener(about, () => client() && (asked ??= find().catch(() => (asked = null))));
    }
  }
  addEventListener('hashchange', point);
  point();
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
