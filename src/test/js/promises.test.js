import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from './kit/scene.js';

const ways = ['websocket', 'sse', 'poll'];

/** How a promise ended: `ok`, the code of its error, or `pending`. */
function watch(promise) {
  const seen = { end: 'pending' };
  promise.then(
    () => (seen.end = 'ok'),
    (error) => (seen.end = error.code ?? String(error)),
  );
  return seen;
}

/** Everything that can be waited for in a room. */
const all = (carillon, room) => ({
  join: watch(room.join()),
  publish: watch(room.publish('x', 1)),
  page: watch(room.page()),
  history: watch(room.history().next()),
  members: watch(room.members()),
  track: watch(room.presence.track({})),
  live: watch(carillon.live(room, { load: () => new Promise(() => {}), apply: () => 0 }).ready),
  optimistic: watch(room.optimistic({ state: 0, apply: () => 0 }).ready),
});
const pending = (seen) => Object.keys(seen).filter((name) => seen[name].end === 'pending');

for (const transport of ways) {
  test(`${transport}: joined and left: left`, async () => {
    const { clock, client } = scene();
    const carillon = client({ transports: [transport] });
    await clock.until(() => carillon.isLive());
    for (const wait of [0, 3, 8]) {
      const room = carillon.room(`a${wait}`);
      const seen = [watch(room.join()), watch(room.presence.track({}))];
      await clock.advance(wait);
      room.leave();
      await clock.advance(0);
      assert.deepEqual(seen.map(({ end }) => end), ['left', 'left'], `after ${wait} ms`);
    }
  });

  test(`${transport}: closed while all of it is under way: nothing stays pending`, async () => {
    for (const wait of [0, 8, 13, 60]) {
      const { clock, server, client } = scene();
      const carillon = client({ transports: [transport] });
      const room = carillon.room('a');
      await clock.until(() => carillon.isLive());
      await clock.advance(100);
      // Nothing is answered any more.
      server.publishing = () => ({ lost: true });
      server.links.forEach((link) => (link.stalled = true));
      server.latency = 1000;
      const seen = all(carillon, room);
      await clock.advance(wait);
      carillon.close();
      await clock.advance(0);
      assert.deepEqual(pending(seen), [], `after ${wait} ms`);
      assert.deepEqual([seen.join.end, seen.publish.end], ['closed', 'closed']);
      const later = all(carillon, room);
      await clock.advance(0);
      assert.deepEqual(pending(later), []);
      assert.deepEqual([later.join.end, later.publish.end], ['closed', 'closed']);
    }
  });

  test(`${transport}: a credential that is refused: failed, also for what is asked later`, async () => {
    const { clock, server, client } = scene();
    server.user = () => undefined;
    const carillon = client({ transports: [transport], token: () => 'bad' });
    const room = carillon.room('a');
    const seen = all(carillon, room);
    await clock.until(() => carillon.status.state === 'failed');
    await clock.advance(10);
    assert.deepEqual(pending(seen), []);
    assert.deepEqual([seen.join.end, seen.publish.end, seen.track.end], ['failed', 'failed', 'failed']);
    const later = all(carillon, room);
    await clock.advance(10);
    assert.deepEqual(pending(later), []);
    assert.equal(later.join.end, 'failed');
    server.user = () => 'me';
    carillon.connect();
    await clock.until(() => carillon.isLive());
    const joined = watch(room.join());
    await clock.advance(200);
    assert.equal(joined.end, 'ok');
  });

  test(`${transport}: a server that falls silent: all is over within two minutes, or done`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports: [transport], random: () => 0.5 });
    const room = carillon.room('a');
    await clock.until(() => carillon.isLive());
    await clock.advance(100);
    server.latency = 3_600_000;
    server.links.forEach((link) => (link.stalled = true));
    const seen = { page: watch(room.page()), members: watch(room.members()), signal: watch(room.signal('x')) };
    await clock.advance(120_000);
    assert.deepEqual(pending(seen), []);
  });

  test(`${transport}: a join that is never answered is asked again`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports: [transport] });
    await clock.until(() => carillon.isLive());
    const joined = watch(carillon.room('a').join());
    server.links.forEach((link) => {
      if (link.kind === 'websocket') {
        const { write } = link;
        link.write = (frame) => frame.room === 'a' || write.call(link, frame);
      }
    });
    await clock.advance(120_000);
    assert.equal(joined.end, 'ok');
  });
}

test('no transport at all: failed, and nobody waits for it', async () => {
  const { clock, client } = scene();
  const carillon = client({ transports: ['websocket'], WebSocket: null });
  const seen = all(carillon, carillon.room('a'));
  await clock.advance(10);
  assert.deepEqual([carillon.status.state, carillon.status.reason], ['failed', 'unsupported']);
  assert.deepEqual(pending(seen), []);
});

test('stop() ends the wait for a first state', async () => {
  const { clock, client } = scene();
  const carillon = client();
  const live = carillon.live('a', { load: () => new Promise(() => {}), apply: () => 0 });
  const seen = watch(live.ready);
  await clock.advance(1000);
  live.stop();
  await clock.advance(0);
  assert.equal(seen.end, 'left');
});

test('a room that may not be read: its live state says so, and does not wait', async () => {
  const { clock, server, client } = scene();
  server.forbidden.add('a');
  const carillon = client();
  const seen = watch(carillon.live('a', { load: () => ({ state: 0 }), apply: () => 0 }).ready);
  await clock.advance(1000);
  assert.equal(seen.end, 'forbidden');
});
