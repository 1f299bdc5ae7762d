import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene } from './kit/scene.js';

/** Web Locks, as far as they are used here: at once or not at all, until the promise is done. */
function locks() {
  const held = new Set();
  return {
    held,
    async request(name, options, run) {
      assert.deepEqual(options, { ifAvailable: true });
      await undefined;
      if (held.has(name)) {
        return run(null);
      }
      held.add(name);
      try {
        return await run({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}

test('seven tabs without WebSocket: four keep a connection open, all of them are served', async () => {
  const { clock, server, client } = scene();
  const shared = locks();
  const tabs = [];
  for (let i = 0; i < 7; i++) {
    const carillon = client({ WebSocket: null, locks: shared });
    tabs.push({ carillon, seqs: collect(carillon.room('a')) });
    await clock.until(() => carillon.isLive());
  }
  await clock.advance(100);
  assert.equal(server.links.size, 4);
  assert.equal(tabs.filter(({ carillon }) => carillon.isOn('sse')).length, 4);
  const done = tabs[6].carillon.room('a').publish('x', 1);
  await clock.advance(4000);
  assert.equal((await done).seq, 1);
  assert.deepEqual(tabs.map(({ seqs }) => seqs), Array(7).fill([1]));
  server.requests.length = 0;
  await clock.advance(12_000);
  assert.ok(server.requests.length <= 15, `${server.requests.length} requests in 12 s`);
  assert.ok(server.links.size <= 4);

  // One is closed: another takes its place, for a poll or a stream.
  tabs[0].carillon.close();
  await clock.advance(60_000);
  assert.equal(server.links.size, 4);
  assert.equal(shared.held.size, 4);
  tabs.slice(1).forEach(({ carillon }) => carillon.close());
  await clock.advance(100);
  assert.equal(shared.held.size, 0);
});

test('a place is given back by a break, and by a better transport', async () => {
  const { clock, server, client } = scene();
  const shared = locks();
  server.websocket = 'refuse';
  const carillon = client({ locks: shared });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('sse'));
  assert.equal(shared.held.size, 1);
  server.down = true;
  server.cut();
  await clock.until(() => carillon.status.state === 'offline');
  await clock.advance(10);
  assert.equal(shared.held.size, 0);
  server.down = false;
  server.websocket = 'ok';
  await clock.until(() => carillon.isOn('websocket'));
  await clock.advance(100);
  assert.equal(shared.held.size, 0);
});

test('a request that is begun anew while it waits for a place takes one place', async () => {
  const { clock, server, client } = scene();
  const shared = locks();
  const carillon = client({ WebSocket: null, locks: shared });
  await clock.until(() => carillon.isLive());
  collect(carillon.room('a'));
  for (let i = 0; i < 6; i++) {
    await undefined;
    collect(carillon.room(`b${i}`));
  }
  await clock.advance(1000);
  assert.deepEqual([server.links.size, shared.held.size], [1, 1]);
  carillon.close();
  await clock.advance(10);
  assert.equal(shared.held.size, 0);
});

test('only a stream is allowed, and all places are taken: said, and tried again', async () => {
  const { clock, client } = scene();
  const shared = locks();
  const four = Array.from({ length: 4 }, () => client({ transports: ['sse'], locks: shared }));
  four.forEach((one) => collect(one.room('a')));
  await clock.advance(100);
  const fifth = client({ transports: ['sse'], locks: shared });
  collect(fifth.room('a'));
  await clock.advance(100);
  assert.deepEqual([fifth.status.state, fifth.status.reason], ['offline', 'busy']);
  four[2].close();
  await clock.until(() => fifth.isLive(), 60_000);
});

test('without locks, and where they are refused, nothing is bounded', async () => {
  const { clock, server, client } = scene();
  const refused = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
  for (const shared of [undefined, null, refused]) {
    const tabs = Array.from({ length: 6 }, () => client({ transports: ['sse'], locks: shared }));
    tabs.forEach((one) => collect(one.room('a')));
    await clock.advance(100);
    assert.equal(server.of('sse').length, 6);
    tabs.forEach((one) => one.close());
    await clock.advance(10);
  }
});
