import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser } from './kit/tabs.js';
import { collect, upTo } from './kit/scene.js';

/** So many live tabs, each of which reads the room `a`. */
async function opened(n, options) {
  const all = browser(options);
  const tabs = [];
  for (let i = 0; i < n; i++) {
    const tab = all.tab();
    tab.seqs = collect(tab.carillon.room('a'));
    tabs.push(tab);
    await all.clock.until(tab.isLive);
  }
  await all.clock.advance(200);
  const publish = (count) => {
    for (let i = 0; i < count; i++) {
      all.server.publish('a', 'x', 0);
    }
  };
  return { ...all, tabs, publish };
}

const leads = ({ carillon }) => carillon.leads;

test('three tabs have one connection, and each hears everything', async () => {
  const { server, clock, tabs, publish } = await opened(3);
  assert.equal(server.links.size, 1);
  assert.equal(tabs.filter(leads).length, 1);
  publish(20);
  await clock.advance(500);
  assert.deepEqual(tabs.map(({ seqs }) => seqs), Array(3).fill(upTo(20)));
  assert.deepEqual(tabs.map(({ carillon }) => carillon.user), ['me', 'me', 'me']);
  assert.deepEqual(tabs.map(({ carillon }) => carillon.status.transport), Array(3).fill('websocket'));
});

for (const how of ['end', 'crash']) {
  test(`the tab with the connection goes (${how}): another takes over, and nothing is lost or doubled`, async () => {
    const { server, clock, tabs, publish } = await opened(3);
    publish(5);
    await clock.advance(100);
    const sent = tabs[1].carillon.room('a').publish('mine', 1, { key: 'k' });
    tabs.find(leads)[how]();
    publish(5);
    const rest = tabs.slice(1);
    await clock.until(() => rest.every(({ isLive }) => isLive()));
    publish(5);
    await clock.advance(1000);
    assert.equal((await sent).id, 'k');
    assert.equal(rest.filter(leads).length, 1);
    assert.equal(server.links.size, 1);
    assert.deepEqual(rest.map(({ seqs }) => seqs), Array(2).fill(upTo(16)));
  });
}

test('the hub hangs: its lock is stolen, and when it runs again it follows', async () => {
  const { server, clock, tabs, publish } = await opened(2);
  tabs[0].isFrozen = true;
  await clock.until(() => tabs[1].carillon.leads, 90_000);
  await clock.until(tabs[1].isLive);
  publish(3);
  await clock.advance(500);
  assert.deepEqual(tabs[1].seqs, upTo(3));
  tabs[0].thaw();
  await clock.until(() => !tabs[0].carillon.leads);
  await clock.until(() => tabs[0].seqs.length === 3);
  publish(2);
  await clock.until(() => tabs[0].seqs.length === 5);
  assert.deepEqual(tabs.map(({ seqs }) => seqs), Array(2).fill(upTo(5)));
  await clock.advance(1000);
  assert.equal(server.links.size, 1);
});

test('each tab begins where it wants to, and reads, publishes and signals through the one connection', async () => {
  const { server, clock, tabs, publish } = await opened(2);
  publish(30);
  await clock.advance(100);
  const [one, two] = tabs.map(({ carillon }) => carillon);
  const late = collect(two.room('a', { last: 3 }));
  await clock.until(() => late.length === 3);
  assert.deepEqual(late, [28, 29, 30]);
  const page = two.room('a').page({ last: 2 });
  await clock.advance(100);
  assert.deepEqual((await page).events.map(({ seq }) => seq), [29, 30]);
  const heard = [];
  one.room('a').on('signal:poke', ({ data, by }) => heard.push([by, data]));
  const own = [];
  two.room('a').on('signal:poke', ({ data }) => own.push(data));
  await clock.advance(100);
  void two.room('a').signal('poke', 7);
  await clock.advance(100);
  assert.deepEqual([heard, own], [[['me', 7]], []], 'the other tab hears it, and nobody their own');
  assert.equal(server.signals.length, 1);
  const large = two.room('a').publish('large', 'x'.repeat(50_000), { key: 'big' });
  await clock.advance(200);
  assert.deepEqual([(await large).seq, (await large).id], [31, 'big']);
  server.forbidden.add('no');
  const refused = two.room('no').join();
  refused.catch(() => {});
  await clock.advance(100);
  await assert.rejects(refused, { code: 'forbidden' });
});

test('of all tabs the person is there once, until the last has gone', async () => {
  const { server, clock, tabs } = await opened(3);
  const seen = [];
  tabs.slice(0, 2).forEach(({ carillon }, i) => void carillon.room('a').presence.track({ tab: i }));
  tabs[2].carillon.room('a').presence.on('change', ({ members }) => seen.push(members));
  await clock.advance(300);
  const own = () => server.list('a').map(({ user, state }) => [user, state.tab]);
  assert.deepEqual(own(), [['me', 1]]);
  assert.deepEqual(seen.at(-1).map(({ user }) => user), ['me']);
  tabs[1].crash();
  await clock.advance(300);
  assert.deepEqual(own(), [['me', 0]], 'a tab that crashed takes away what it said');
  tabs[0].end();
  await clock.advance(6000);
  assert.deepEqual(own(), []);
});

test('the network breaks: all tabs say so, keep what is written, and go on', async () => {
  const { server, clock, tabs, publish } = await opened(3);
  server.down = true;
  server.cut();
  await clock.until(() => tabs.every(({ carillon }) => carillon.status.state === 'offline'));
  const sent = tabs.map(({ carillon }, i) => carillon.room('a').publish('mine', i));
  assert.equal(tabs[2].carillon.pending, 1);
  publish(2);
  await clock.advance(20_000);
  server.down = false;
  tabs[2].page.dispatchEvent(new Event('online'));
  await clock.until(() => tabs.every(({ isLive }) => isLive()), 2000);
  await clock.advance(1000);
  assert.deepEqual((await Promise.all(sent)).map(({ seq }) => seq).sort(), [3, 4, 5]);
  assert.deepEqual(tabs.map(({ seqs }) => seqs), Array(3).fill(upTo(5)));
});

test('no credential: all tabs end in failed; one that connects again is for all', async () => {
  const { server, clock, tabs } = await opened(2);
  const { user } = server;
  server.user = () => undefined;
  const waits = () => tabs[1].carillon.room('a').publish('x', 1).then(() => 'sent', ({ code }) => code);
  server.links.forEach((link) => link.end(4501));
  await clock.until(() => tabs.every(({ carillon }) => carillon.status.state === 'failed'));
  assert.equal(await waits(), 'failed');
  server.user = user;
  tabs[1].carillon.connect();
  await clock.until(() => tabs.every(({ isLive }) => isLive()));
  const sent = waits();
  await clock.advance(300);
  assert.equal(await sent, 'sent');
});

test('users do not share', async () => {
  const { server, clock, tab } = browser();
  const both = [tab('ann'), tab('bob')];
  await clock.until(() => both.every(({ isLive }) => isLive()));
  assert.equal(server.links.size, 2);
  assert.ok(both.every(leads));
});

test('without locks, and where they are refused, a tab has a connection of its own', async () => {
  const refused = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
  for (const locks of [null, refused]) {
    const { server, clock, tabs, publish } = await opened(2, { locks });
    assert.equal(server.links.size, 2);
    assert.ok(tabs.every(leads));
    publish(3);
    await clock.advance(200);
    assert.deepEqual(tabs.map(({ seqs }) => seqs), Array(2).fill(upTo(3)));
  }
});

test('closed: nothing is left behind', async () => {
  const { clock, channels, locks, tabs } = await opened(2);
  const refused = tabs[1].carillon.room('b').publish('x', 1);
  tabs.forEach(({ carillon }) => carillon.close());
  await assert.rejects(refused, { code: 'closed' });
  await clock.advance(10);
  assert.deepEqual(tabs.map(({ carillon }) => carillon.status.state), ['offline', 'offline']);
  assert.ok([...channels.values()].every(({ size }) => size === 0));
  assert.ok([...locks.values()].every(({ held, queue }) => !held && !queue.length));
  await clock.advance(90_000);
  assert.equal(clock.waiting, 0);
});

test('a page that goes to sleep with the connection gives it away, and comes back', async () => {
  const { server, clock, tabs, publish } = await opened(2);
  tabs[0].page.dispatchEvent(new Event('pagehide'));
  await clock.until(() => tabs[1].carillon.leads && tabs[1].isLive());
  publish(4);
  tabs[0].page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await clock.until(() => tabs[0].seqs.length === 4);
  assert.ok(!tabs[0].carillon.leads);
  assert.equal(server.links.size, 1);
  assert.deepEqual(tabs[0].seqs, upTo(4));
});
