/*
 * A shop as a function of its room: `order.placed` and `order.shipped`. Pure, so that a snapshot and
 * what comes after it make the same figures in every browser.
 */

export const ARTICLES = [
  { name: 'Bell, brass', price: 38 },
  { name: 'Bell, bronze', price: 64 },
  { name: 'Clapper', price: 12.5 },
  { name: 'Rope, 10 m', price: 18 },
  { name: 'Tuning fork', price: 9.9 },
];

/** So many orders are kept one by one; the figures know them all. */
const KEPT = 500;

export const emptyShop = () => ({ day: '', orders: [], count: 0, takings: 0, shipped: 0, pieces: {} });

/** The day of a time in UTC, so that everybody has the same figures, wherever they are. */
export const shopDay = (at) => new Date(at).toISOString().slice(0, 10);

const NOTHING = emptyShop();

/** The shop as it is at a time: on a new day it begins with nothing, also before the first order. */
export const shopAt = (shop, at) => (shop.day === shopDay(at) ? shop : NOTHING);

/** The shop after an event; the figures begin anew every day. */
export function shopAfter(shop, { name, data, at, by }) {
  if (name === 'order.placed' && Number.isFinite(data?.total) && Number.isFinite(data?.pieces)) {
    const today = { ...shopAt(shop, at), day: shopDay(at) };
    const order = { id: String(data.order), number: today.count + 1, article: String(data.article), pieces: data.pieces, total: data.total, at: Date.parse(at), by, shipped: false };
    return {
      ...today,
      orders: [...today.orders, order].slice(-KEPT),
      count: today.count + 1,
      takings: today.takings + order.total,
      pieces: { ...today.pieces, [order.article]: (today.pieces[order.article] ?? 0) + order.pieces },
    };
  }
  if (name === 'order.shipped') {
    const found = shop.orders.find(({ id, shipped }) => id === data?.order && !shipped);
    if (found) {
      const orders = shop.orders.map((order) => (order === found ? { ...order, shipped: true } : order));
      return { ...shop, orders, shipped: shop.shipped + 1 };
    }
  }
  return shop;
}

/** An order that a customer might place. */
export function anyOrder() {
  const { name, price } = ARTICLES[Math.floor(Math.random() ** 1.5 * ARTICLES.length)];
  const pieces = 1 + Math.floor(Math.random() ** 2 * 5);
  const order = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  return { order, article: name, pieces, total: Math.round(price * pieces * 100) / 100 };
}
