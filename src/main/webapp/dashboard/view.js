import { addLines, createChart, drawUntil, recolour, SPAN_MS } from '../page/charts.js';
import { byId, element } from '../page/dom.js';

const STEP_MS = 5000;
const SHOWN = 8;
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Shows the figures of the shop. */
export class ShopView {
  #chart = createChart(byId('chart-takings'), { digits: 2, least: 50 });
  #points = [];
  #ship;
  #shop = null;
  #step = 0;

  /** @param {(order: string) => void} ship what to do when an order is to be shipped */
  constructor(ship) {
    this.#ship = ship;
    addLines(this.#chart, 'takings', 0, [{ points: this.#points, label: '', thin: false }]);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => recolour(this.#chart));
  }

  /** Draws the shop as of this server time in ms. */
  draw(shop, now) {
    byId('orders').textContent = shop.count.toLocaleString('en');
    byId('takings').textContent = `€\u00a0${money.format(shop.takings)}`;
    byId('waiting').textContent = (shop.count - shop.shipped).toLocaleString('en');
    byId('pace').textContent = String(shop.orders.filter(({ at }) => at > now - 60_000).length);
    const step = Math.floor(now / STEP_MS);
    const changed = shop !== this.#shop;
    this.#shop = shop;
    if (changed || step !== this.#step) {
      this.#step = step;
      this.#drawTakings(shop, now);
    }
    if (changed) {
      this.#drawGoods(shop);
      this.#drawLatest(shop);
    }
  }

  #drawTakings(shop, now) {
    const steps = new Map();
    // The step that is under way would look like a fall.
    const last = Math.floor(now / STEP_MS) - 1;
    for (let step = last - SPAN_MS / STEP_MS - 1; step <= last; step++) {
      steps.set(step, 0);
    }
    for (const { at, total } of shop.orders) {
      const step = Math.floor(at / STEP_MS);
      if (steps.has(step)) {
        steps.set(step, steps.get(step) + total);
      }
    }
    this.#points.splice(0, this.#points.length, ...[...steps].map(([step, y]) => ({ x: (step + 1) * STEP_MS, y })));
    drawUntil(this.#chart, (last + 1) * STEP_MS);
  }

  #drawGoods({ pieces }) {
    const all = Object.entries(pieces).sort(([a], [b]) => a.localeCompare(b));
    const most = Math.max(1, ...all.map(([, count]) => count));
    byId('nothing-sold').hidden = all.length > 0;
    byId('goods').replaceChildren(
      ...all.slice(0, SHOWN).map(([article, count]) => {
        const bar = element('span', { className: 'bar-fill', 'aria-hidden': 'true' });
        bar.style.width = `${(count / most) * 100}%`;
        return element('li', {}, element('span', { className: 'bar-name' }, article), element('b', {}, String(count)), element('span', { className: 'bar-room' }, bar));
      }),
    );
  }

  #drawLatest({ orders }) {
    const rows = orders.slice(-SHOWN).reverse().map((order) => this.#row(order));
    byId('no-order').hidden = rows.length > 0;
    byId('orders-table').hidden = rows.length === 0;
    if (rows.length > 0) {
      const focused = document.activeElement?.closest?.('#latest tr')?.dataset.order;
      byId('latest').replaceChildren(...rows);
      rows.find(({ dataset }) => dataset.order === focused)?.querySelector('button')?.focus();
    }
  }

  #row({ id, number, article, pieces, total, shipped, at }) {
    const act = element('button', { type: 'button', className: 'plain small', 'aria-label': `Ship order ${number}` }, 'Ship');
    act.addEventListener('click', () => this.#ship(id));
    return element('tr', { data: { order: id } },
      element('th', { scope: 'row', title: new Date(at).toLocaleString([], { dateStyle: 'full', timeStyle: 'medium' }) }, `#${number}`),
      element('td', {}, `${pieces} × ${article}`),
      element('td', { className: 'n' }, money.format(total)),
      element('td', {}, element('span', { className: 'state', data: { state: shipped ? 'live' : 'waiting' } }, element('span', { className: 'dot', 'aria-hidden': 'true' }), shipped ? 'shipped' : 'waiting')),
      element('td', {}, shipped ? null : act));
  }
}
