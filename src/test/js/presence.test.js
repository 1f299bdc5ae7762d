import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene } from './kit/scene.js';

const ways = [
  ['websocket', ['websocket']],
  ['sse', ['sse']],
  ['poll', ['poll']],
];
const users = (members) => members.map(({ user }) => user);

for (const [name, transports] of ways) {
  test(`${name}: the list, and what changes in it`, async () => {
    const { clock, server, client } = scene();
    server.track('a', 'bob', { mood: 'ok' });
    const { presence } = client({ transports }).room('a');
    const changes = [];
    presence.on('change', (change) => changes.push(change));
    const step = async () => {
      changes.length = 0;
      await clock.advance(6000);
      assert.equal(changes.length, 1);
      const [{ members, joined, updated, left, count }] = changes;
      return [users(members), users(joined), users(updated), left, count];
    };
    assert.deepEqual(await step(), [['bob'], ['bob'], [], [], 1]);
    server.track('a', 'carol', {});
    assert.deepEqual(await step(), [['bob', 'carol'], ['carol'], [], [], 2]);
    server.track('a', 'bob', { mood: 'sad' });
    assert.deepEqual(await step(), [['bob', 'carol'], [], ['bob'], [], 2]);
    assert.deepEqual(presence.members()[0].state, { mood: 'sad' });
    server.track('a', 'bob', undefined);
    assert.deepEqual(await step(), [['carol'], [], [], ['bob'], 1]);
    assert.equal(presence.count, 1);
  });

  test(`${name}: what changed during a break is a change`, async () => {
    const { clock, server, client } = scene();
    server.track('a', 'bob', {});
    server.track('a', 'carol', { n: 1 });
    const { presence } = client({ transports }).room('a');
    const changes = [];
    presence.on('change', (change) => changes.push(change));
    await clock.advance(6000);
    server.down = true;
    server.cut();
    server.track('a', 'bob', undefined);
    server.track('a', 'carol', { n: 2 });
    server.track('a', 'dave', {});
    changes.length = 0;
    await clock.advance(1000);
    server.down = false;
    await clock.advance(20_000);
    assert.deepEqual(
      [users(changes[0].joined), users(changes[0].updated), changes[0].left],
      [['dave'], ['carol'], ['bob']],
    );
  });

  test(`${name}: tracked, over a break too, and untracked`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const room = carillon.room('a');
    const tracked = room.presence.track({ mood: 'ok' });
    await clock.until(() => carillon.isLive());
    await clock.advance(100);
    await tracked;
    assert.deepEqual(server.list('a')[0]?.state, { mood: 'ok' });
    const again = room.presence.track({ mood: 'better' });
    await clock.advance(100);
    await again;
    assert.deepEqual(server.list('a')[0].state, { mood: 'better' });
    server.cut();
    server.members.clear();
    await clock.advance(15_000);
    assert.deepEqual(server.list('a')[0]?.state, { mood: 'better' });
    const gone = room.presence.untrack();
    await clock.advance(100);
    await gone;
    assert.deepEqual(server.list('a'), []);
    await clock.advance(60_000);
    assert.deepEqual(server.list('a'), []);
  });
}

for (const [name, transports] of ways.slice(1)) {
  test(`${name}: the lease is renewed well before its 30 s are over`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    void carillon.room('a').presence.track({});
    await clock.until(() => carillon.isLive());
    await clock.advance(120_000);
    const leases = server.requests.filter(({ method }) => method === 'PUT').length;
    assert.ok(leases >= 9 && leases <= 16, `${leases}`);
  });
}

test('a room above its list limit tells the count alone', async () => {
  const { clock, server, client } = scene();
  const { presence } = client().room('a');
  presence.on('change', () => {});
  await clock.advance(100);
  server.of('websocket')[0].write({ type: 'members', room: 'a', count: 5000 });
  await clock.advance(100);
  assert.deepEqual([presence.count, presence.members()], [5000, []]);
});

for (const [name, transports] of ways.slice(0, 2)) {
  test(`${name}: signals, all and by name`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const room = carillon.room('a');
    const heard = [];
    room.on('signal', ({ name: what, data, by }) => heard.push([what, data, by]));
    room.on('signal:cursor', ({ data }) => heard.push(data));
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    server.signal('a', 'cursor', { x: 1 });
    server.signal('a', 'poke', 2);
    await clock.advance(50);
    assert.deepEqual(heard, [['cursor', { x: 1 }, 'other'], { x: 1 }, ['poke', 2, 'other']]);
    const sent = room.signal('cursor', { x: 2 });
    await clock.advance(50);
    await sent;
    assert.deepEqual(server.signals.at(-1), { room: 'a', name: 'cursor', data: { x: 2 }, by: 'me' });
  });
}

test('a signal while nothing is live is not sent, and says so', async () => {
  const { clock, server, client } = scene();
  server.down = true;
  const room = client().room('a');
  await clock.advance(100);
  await assert.rejects(room.signal('x'), { code: 'offline' });
  // Nobody has to look.
  void room.signal('x');
  await clock.advance(100);
});

test('typing: seen by the other, once, and over when it stops', async () => {
  const { clock, server, client } = scene();
  server.user = (token) => token;
  const alice = client({ token: () => 'alice' });
  const bob = client({ token: () => 'bob' });
  const seen = [];
  const mine = [];
  alice.room('a').on('typing', (names) => mine.push(names));
  bob.room('a').on('typing', (names) => seen.push(names));
  await clock.until(() => alice.isLive() && bob.isLive());
  await clock.advance(100);
  for (let i = 0; i < 50; i++) {
    alice.room('a').typing();
    await clock.advance(100);
  }
  assert.deepEqual(seen, [['alice']]);
  assert.deepEqual(mine, []);
  assert.ok(server.signals.length <= 3, 'not a signal a key');
  await clock.advance(5000);
  assert.deepEqual(seen, [['alice'], []]);
});

test('typing: over with the message, or when it is said, or by expiry', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seen = [];
  carillon.room('a').on('typing', (names) => seen.push(names.join()));
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.signal('a', 'typing', { id: 'x', active: true }, 'bob');
  server.signal('a', 'typing', { id: 'y', active: true }, 'carol');
  await clock.advance(100);
  server.publish('a', 'message', 'hi', { by: 'bob' });
  await clock.advance(100);
  server.signal('a', 'typing', { id: 'y', active: false }, 'carol');
  await clock.advance(100);
  server.signal('a', 'typing', {}, 'dave');
  await clock.advance(7000);
  assert.deepEqual(seen, ['bob', 'bob,carol', 'carol', '', 'dave', '']);
});

for (const [name, transports] of ways) {
  test(`${name}: a state that is changed before the join is answered`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const { presence } = carillon.room('a');
    void presence.track({ mood: 'first' });
    await clock.until(() => carillon.isLive());
    void presence.track({ mood: 'second' });
    await clock.advance(200);
    assert.deepEqual(server.list('a')[0].state, { mood: 'second' });
    void presence.untrack();
    await clock.advance(200);
    assert.deepEqual(server.list('a'), []);
  });

  test(`${name}: a state that is changed while the room catches up`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const room = carillon.room('a');
    for (let i = 0; i < 10; i++) {
      server.publish('a', 'x', i);
    }
    let first = true;
    room.on('message', () => {
      if (first) {
        first = false;
        void room.presence.track({ mood: 'meanwhile' });
      }
    });
    void room.presence.track({ mood: 'before' });
    void room.join({ after: '0.0' });
    await clock.until(() => !first);
    await clock.advance(200);
    assert.deepEqual(server.list('a')[0].state, { mood: 'meanwhile' });
  });
}

test('a member stays one when the transport changes', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  void carillon.room('a').presence.track({ n: 1 });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.websocket = 'refuse';
  server.cut();
  server.members.clear();
  await clock.until(() => carillon.isOn('sse'));
  await clock.advance(100);
  assert.deepEqual(server.list('a')[0].state, { n: 1 });
  server.members.clear();
  server.websocket = 'ok';
  await clock.until(() => carillon.isOn('websocket'));
  await clock.advance(100);
  assert.deepEqual(server.list('a')[0].state, { n: 1 });
});
