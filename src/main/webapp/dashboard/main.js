import { Dashboard } from '../page/dashboard.js';
import { byId } from '../page/dom.js';
import { beginScreen } from '../page/screen.js';
import { readAll } from '../page/snapshot.js';
import { anyOrder, emptyShop, shopAfter, shopAt } from './shop.js';
import { ShopView } from './view.js';

const SAMPLES = 300;
const BUSY_MS = 700;
/* So many orders wait for a visitor to ship them. */
const LEFT_WAITING = 5;

/** How far the servers' clock is before this browser's, in ms. */
let ahead = 0;
const now = () => Date.now() + ahead;

/** The servers' own figures, which they publish to a room of theirs. */
function followInstances(carillon) {
  const dashboard = new Dashboard();
  carillon.on('status', ({ state }) => (dashboard.live = state === 'live'));
  dashboard.live = carillon.status.state === 'live';
  const room = carillon.room('carillon:instances');
  const live = carillon.live(room, {
    load: async () => {
      const page = await room.page({ last: SAMPLES, limit: SAMPLES });
      dashboard.addAll(page.events);
      return { state: dashboard, cursor: page.cursor };
    },
    apply: (state, event) => {
      ahead = Date.parse(event.at) - Date.now();
      state.add(event);
    },
  });
  live.on('change', () => dashboard.draw());
}

/** The shop, and customers in this page. */
function followShop(carillon) {
  const room = carillon.room('shop:orders');
  // What cannot be published shows as missing; a demo needs no more.
  const publish = (name, data) => room.publish(name, data).catch(() => {});
  const view = new ShopView((order) => publish('order.shipped', { order }));
  const live = carillon.live(room, {
    load: () => readAll(room, emptyShop(), shopAfter),
    apply: shopAfter,
  });
  const draw = () => live.state && view.draw(shopAt(live.state, now()), now());
  live.on('change', draw);
  setInterval(() => document.hidden || draw(), 1000);
  for (const button of document.querySelectorAll('[data-order-now]')) {
    button.addEventListener('click', () => publish('order.placed', anyOrder()));
  }
  byId('busy').addEventListener('change', () => order());

  function order() {
    if (byId('busy').checked) {
      publish('order.placed', anyOrder());
      const waiting = live.state?.orders.filter(({ shipped }) => !shipped) ?? [];
      waiting.slice(0, -LEFT_WAITING).forEach(({ id }) => publish('order.shipped', { order: id }));
      setTimeout(order, BUSY_MS * (0.5 + Math.random()));
    }
  }
}

const screen = await beginScreen();
if (screen) {
  followShop(screen.carillon);
  followInstances(screen.carillon);
}
