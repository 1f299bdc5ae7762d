/* What the screens make of their rooms: pure functions of the events, the same in every browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyShop, shopAfter, shopAt } from '../../main/webapp/dashboard/shop.js';
import { emptyInbox, inboxOf, unreadOf } from '../../main/webapp/notifications/inbox.js';
import { dayName } from '../../main/webapp/page/dates.js';
import { readAll } from '../../main/webapp/page/snapshot.js';
import { boardAfter, cardsOf, emptyBoard, orderAt } from '../../main/webapp/together/board.js';
import { userSegment } from '../../main/webapp/console/segment.js';

const on = (...events) =>
  events.reduce((board, [by, name, data]) => boardAfter(board, { by, name, data }), emptyBoard());
const added = (id, text = id, order = 0) => ['ann', 'card.added', { id, text, column: 'todo', order }];

test('two texts over one: the later stands, the other stays beside it until somebody settles', () => {
  const both = [
    added('a', 'rope'),
    ['ann', 'card.written', { id: 'a', text: 'hemp rope', was: 'rope' }],
    ['bob', 'card.written', { id: 'a', text: 'new rope', was: 'rope' }],
  ];
  const { cards } = on(...both);
  assert.equal(cards.a.text, 'new rope');
  assert.deepEqual(cards.a.other, { text: 'hemp rope', by: 'ann' });
  assert.equal(on(...both, ['ann', 'card.settled', { id: 'a' }]).cards.a.other, undefined);
  const chosen = on(...both, ['ann', 'card.written', { id: 'a', text: 'hemp rope', was: 'new rope' }]);
  assert.equal(chosen.cards.a.other, undefined);
});

test('the same text twice is no conflict', () => {
  const { cards } = on(
    added('a', 'rope'),
    ['ann', 'card.written', { id: 'a', text: 'new rope', was: 'rope' }],
    ['bob', 'card.written', { id: 'a', text: 'new rope', was: 'rope' }],
  );
  assert.equal(cards.a.other, undefined);
});

test('a card that was removed while somebody wrote on it comes back; a late move does not bring it', () => {
  const removed = [added('a'), ['ann', 'card.removed', { id: 'a' }]];
  assert.equal(on(...removed, ['bob', 'card.moved', { id: 'a', column: 'done', order: 1 }]).cards.a, undefined);
  const back = on(...removed, ['bob', 'card.written', { id: 'a', text: 'kept', was: 'a' }]);
  assert.equal(back.cards.a.text, 'kept');
  assert.deepEqual(back.removed, {});
});

test('a place within a column does not undo a move to another', () => {
  const { cards } = on(
    added('a'),
    ['ann', 'card.moved', { id: 'a', column: 'done', order: 3 }],
    ['bob', 'card.moved', { id: 'a', order: -1 }],
  );
  assert.deepEqual([cards.a.column, cards.a.order], ['done', -1]);
});

test('places: before, between, after; two with one order stand the same way everywhere', () => {
  const board = on(added('b', 'b', 1), added('a', 'a', 1), added('c', 'c', 2));
  const cards = cardsOf(board, 'todo');
  assert.deepEqual(cards.map(({ id }) => id), ['a', 'b', 'c']);
  assert.equal(orderAt([], 0), 0);
  assert.equal(orderAt(cards, 0), 0);
  assert.equal(orderAt(cards, 2), 1.5);
  assert.equal(orderAt(cards, 3), 3);
});

test('whatever else comes into the room of a board changes nothing', () => {
  const board = on(added('a'));
  for (const [name, data] of [
    ['card.added', { id: 'a', text: 'again' }],
    ['card.added', { id: 7, text: 'x' }],
    ['card.added', null],
    ['card.written', { id: 'a', text: ' ' }],
    ['card.written', { id: 'zzz', text: 'x' }],
    ['card.moved', { id: 'a', column: 'nowhere', order: 1 }],
    ['card.moved', { id: 'a', column: 'done', order: 'high' }],
    ['constructor', { id: 'a' }],
    ['toString', {}],
  ]) {
    assert.equal(boardAfter(board, { name, data, by: 'eve' }), board, name);
  }
});

test('an inbox: only its owner reads; one, or everything up to one', () => {
  const apply = inboxOf('ann');
  const note = (seq) => ({ name: 'notification', data: { title: `${seq}` }, by: 'shop', at: '', id: `n${seq}`, seq });
  const read = (by, data) => ({ name: 'read', data, by, seq: 9 });
  const three = [note(1), note(2), note(3)].reduce(apply, emptyInbox());
  assert.equal(unreadOf(three), 3);
  assert.equal(unreadOf(apply(three, read('bob', { upTo: 3 }))), 3);
  assert.equal(unreadOf(apply(three, read('ann', { id: 'n2' }))), 2);
  assert.equal(unreadOf(apply(three, read('ann', { upTo: 2 }))), 1);
  assert.equal(unreadOf(apply(three, read('ann', null))), 3);
  assert.equal(apply(three, { ...note(4), data: { body: 'no title' } }), three);
});

test('a shop: figures of the day, an order is shipped once, nonsense is no order', () => {
  const order = (id, at = '2026-11-22T10:00:00Z') =>
    ({ name: 'order.placed', data: { order: id, article: 'Bell', pieces: 2, total: 10 }, by: 'bob', at, seq: 1 });
  const shipped = (id) => ({ name: 'order.shipped', data: { order: id }, by: 'bob', at: '2026-11-22T10:01:00Z', seq: 2 });
  const two = [order('a'), order('b'), shipped('a'), shipped('a'), shipped('x')].reduce(shopAfter, emptyShop());
  assert.deepEqual([two.count, two.takings, two.shipped, two.pieces.Bell], [2, 20, 1, 4]);
  assert.equal(shopAfter(two, { ...order('c'), data: { total: 'much' } }), two);
  assert.equal(shopAfter(two, order('d', '2026-11-24T10:00:00Z')).count, 1);
});

test('a shop: the day is that of UTC for everybody, and a new one begins with nothing before its first order', () => {
  const order = (id, at) => ({ name: 'order.placed', data: { order: id, article: 'Bell', pieces: 1, total: 10 }, by: 'bob', at, seq: 7 });
  const late = [order('a', '2026-11-22T23:59:59.9Z')].reduce(shopAfter, emptyShop());
  assert.equal(shopAt(late, Date.parse('2026-11-22T23:59:59.999Z')).takings, 10);
  assert.equal(shopAt(late, Date.parse('2026-11-23T00:00:00Z')).takings, 0);
  const next = shopAfter(late, order('b', '2026-11-23T00:00:00Z'));
  assert.deepEqual([next.count, next.takings, next.day], [1, 10, '2026-11-23']);
});

test('a shop: orders are numbered one after another, whatever else is in the room', () => {
  const order = (id, seq) => ({ name: 'order.placed', data: { order: id, article: 'Bell', pieces: 1, total: 10 }, by: 'bob', at: '2026-11-22T10:00:00Z', seq });
  const { orders } = [order('a', 3), order('b', 9)].reduce(shopAfter, emptyShop());
  assert.deepEqual(orders.map(({ number }) => number), [1, 2]);
});

test('days have names that people use', () => {
  const now = new Date(2026, 10, 22, 0, 5).getTime();
  assert.equal(dayName(new Date(2026, 10, 22, 0, 1), now), 'Today');
  assert.equal(dayName(new Date(2026, 10, 21, 23, 59), now), 'Yesterday');
  assert.match(dayName(new Date(2026, 10, 20, 12), now), /20/);
  assert.match(dayName(new Date(2024, 10, 22, 12), now), /2024/);
});

test('a card that somebody removed says who did, until it comes back', () => {
  const removed = [added('a'), ['bob', 'card.removed', { id: 'a' }]];
  assert.equal(on(...removed).removed.a.removedBy, 'bob');
  assert.equal(on(...removed, ['ann', 'card.written', { id: 'a', text: 'a', was: 'a' }]).cards.a.removedBy, undefined);
});

test('a snapshot reads every page, and begins at the oldest that is left', async () => {
  const pages = {
    '0.0': { events: [], cursor: 'e.9', resync: [{ reason: 'expired' }] },
    first: { events: [7, 8], cursor: 'e.8', next: 'e.8' },
    'e.8': { events: [9], cursor: 'e.9' },
  };
  const room = { page: async ({ after }) => pages[after ?? 'first'] };
  const { state, cursor } = await readAll(room, 0, (sum, event) => sum + event);
  assert.deepEqual([state, cursor], [24, 'e.9']);
});

test('a user whose name a path cannot hold goes as a tilde and base64url', () => {
  assert.equal(userSegment('auth0|5f é'), 'auth0%7C5f%20%C3%A9');
  for (const user of ['https://issuer.example/alice', 'a\\b', '~alice', '..', 'Zoë/🎶?>']) {
    const segment = userSegment(user);
    assert.match(segment, /^~[\w-]+$/);
    assert.equal(Buffer.from(segment.slice(1), 'base64url').toString(), user);
  }
});
