import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from './kit/scene.js';

const users = (list) => list.map(({ user }) => user);

/** What an observer on a socket is told of a room. */
async function observer({ clock, server, client }) {
  const carillon = client({ transports: ['websocket'], token: () => 'bob' });
  server.user = (token, over) => token ?? (over === 'auth' ? undefined : 'me');
  const { presence } = carillon.room('a');
  const seen = { left: [], joined: [], now: () => users(presence.members()) };
  presence.on('change', ({ left, joined }) => {
    seen.left.push(...left);
    seen.joined.push(...users(joined));
  });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  return seen;
}

test('a member by a stream that moves to a socket is one member, and gone when it goes', async () => {
  const world = scene();
  const { clock, server, client } = world;
  const seen = await observer(world);
  server.websocket = 'refuse';
  const carillon = client({ token: () => 'alice', upgradeAfter: 5000 });
  const { presence } = carillon.room('a');
  await Promise.all([presence.track({ n: 1 }), clock.until(() => carillon.isOn('sse'))]);
  await clock.advance(1000);
  assert.equal(server.list('a')[0].connections, 1);
  server.websocket = 'ok';
  await clock.until(() => carillon.isOn('websocket'));
  await clock.advance(500);
  assert.deepEqual(server.list('a').map(({ user, connections }) => [user, connections]), [['alice', 1]]);
  assert.deepEqual([seen.joined, seen.left], [['alice'], []]);
  void presence.untrack();
  await clock.advance(500);
  assert.deepEqual(seen.left, ['alice']);
});

test('what cannot be ended at the move is ended as soon as that is possible', async () => {
  const { clock, server, client } = scene();
  server.websocket = 'refuse';
  let refused = 0;
  const fetch = (url, init) =>
    init?.method === 'DELETE' && refused++ < 2
      ? Promise.reject(new TypeError('cut'))
      : server.fetch(url, init);
  const carillon = client({ fetch, upgradeAfter: 5000 });
  const { presence } = carillon.room('a');
  await Promise.all([presence.track({}), clock.until(() => carillon.isOn('sse'))]);
  server.websocket = 'ok';
  await clock.until(() => carillon.isOn('websocket'));
  void presence.untrack();
  await clock.advance(8000);
  assert.equal(refused, 3);
  assert.deepEqual(server.list('a'), []);
});

for (const transport of ['sse', 'poll']) {
  test(`${transport}: the end of a membership gets through, though its stream goes on`, async () => {
    const { clock, server, client } = scene();
    let refused = 0;
    const fetch = (url, init) =>
      init?.method === 'DELETE' && refused++ < 1
        ? Promise.reject(new TypeError('cut'))
        : server.fetch(url, init);
    const carillon = client({ fetch, transports: [transport] });
    const { presence } = carillon.room('a');
    await Promise.all([presence.track({}), clock.until(() => carillon.isLive())]);
    await clock.advance(500);
    const gone = presence.untrack();
    await assert.rejects(Promise.all([gone, clock.advance(100)]), { code: 'network' });
    await clock.advance(5000);
    assert.deepEqual(server.list('a'), []);
  });

  test(`${transport}: a hidden tab, whose timers come once a minute, stays a member`, async () => {
    const world = scene();
    const { clock, server, client } = world;
    const seen = await observer(world);
    const late = {
      now: () => clock.now(),
      setTimeout: (run, ms) => clock.setTimeout(run, Math.max(ms, 60_000 - (clock.now() % 60_000))),
      clearTimeout: (timer) => clock.clearTimeout(timer),
    };
    const carillon = client({ clock: late, transports: [transport], token: () => 'alice' });
    await Promise.all([carillon.room('a').presence.track({}), clock.until(() => carillon.isLive())]);
    await clock.advance(200_000);
    assert.deepEqual([seen.joined, seen.left, seen.now()], [['alice'], [], ['alice']]);
    assert.equal(server.list('a').length, 1);
  });

  test(`${transport}: a member that came later than its stream stays one as well`, async () => {
    const world = scene();
    const { clock, client } = world;
    const seen = await observer(world);
    let hidden = false;
    const late = {
      now: () => clock.now(),
      setTimeout: (run, ms) => clock.setTimeout(run, hidden ? Math.max(ms, 60_000) : ms),
      clearTimeout: (timer) => clock.clearTimeout(timer),
    };
    const carillon = client({ clock: late, transports: [transport], token: () => 'alice' });
    const room = carillon.room('a');
    room.on('message', () => {});
    await clock.until(() => carillon.isLive());
    await clock.advance(9000);
    hidden = true;
    await Promise.all([room.presence.track({}), clock.advance(100)]);
    await clock.advance(50_000);
    assert.deepEqual([seen.left, seen.now()], [[], ['alice']]);
  });

  test(`${transport}: of two tabs of a user one leaves`, async () => {
    const { clock, server, client } = scene();
    const tabs = [client({ transports: [transport] }), client({ transports: [transport] })];
    const rooms = tabs.map((tab) => tab.room('a'));
    for (const [i, tab] of tabs.entries()) {
      void rooms[i].presence.track({ tab: i });
      await clock.until(() => tab.isLive());
      await clock.advance(100);
    }
    assert.deepEqual(
      server.list('a').map(({ state, connections }) => [state.tab, connections]),
      [[1, 2]],
    );
    void rooms[1].presence.untrack();
    await clock.advance(100);
    assert.deepEqual(
      server.list('a').map(({ state, connections }) => [state.tab, connections]),
      [[0, 1]],
    );
    await clock.advance(60_000);
    assert.equal(server.list('a').length, 1);
  });

  test(`${transport}: the last word counts, whatever overtakes what on the way`, async () => {
    const { clock, server, client } = scene();
    let slow = false;
    const fetch = async (url, init) => {
      if (slow && init?.method === 'PUT') {
        await new Promise((resolve) => clock.setTimeout(resolve, 1000));
      }
      return server.fetch(url, init);
    };
    const carillon = client({ fetch, transports: [transport] });
    const { presence } = carillon.room('a');
    void presence.track({ n: 0 });
    await clock.until(() => carillon.isLive());
    await clock.advance(100);
    slow = true;
    void presence.track({ n: 1 });
    void presence.untrack();
    await clock.advance(3000);
    assert.deepEqual(server.list('a'), []);
    void presence.track({ n: 2 });
    slow = false;
    void presence.track({ n: 3 });
    await clock.advance(3000);
    assert.deepEqual(server.list('a').map(({ state }) => state.n), [3]);
  });
}

for (const transport of ['websocket', 'sse', 'poll']) {
  for (const turns of [0, 50]) {
    test(`${transport}: mounted, unmounted ${turns} ms later and mounted: a member once`, async () => {
      const { clock, server, client } = scene();
      const carillon = client({ transports: [transport] });
      carillon.room('b').on('message', () => {});
      await clock.until(() => carillon.isLive());
      const mount = () => {
        const room = carillon.room('a', { last: 5 });
        void room.presence.track({ here: true });
        return () => room.leave();
      };
      const unmount = mount();
      await clock.advance(turns);
      unmount();
      const last = mount();
      await clock.advance(2000);
      assert.deepEqual(server.list('a').map(({ connections }) => connections), [1]);
      await clock.advance(60_000);
      assert.deepEqual(server.list('a').map(({ connections }) => connections), [1]);
      last();
      await clock.advance(2000);
      assert.deepEqual(server.list('a'), []);
    });
  }
}

test('a number without a list is not an empty list', async () => {
  const { clock, server, client } = scene();
  server.track('a', 'bob', {});
  const { presence } = client().room('a');
  const changes = [];
  presence.on('change', (change) => changes.push(change));
  await clock.advance(100);
  assert.deepEqual(users(presence.members()), ['bob']);
  const [socket] = server.of('websocket');
  socket.write({ type: 'members', room: 'a', count: 5000 });
  await clock.advance(100);
  const [, { members, joined, updated, left, count }] = changes;
  assert.deepEqual([members, joined, updated, left, count], [[], [], [], [], 5000]);
  const member = (user) => ({ user, state: {}, connections: 1, since: '2026-01-01T00:00:00.000Z' });
  socket.write({ type: 'members', room: 'a', count: 2, members: [member('bob'), member('carol')] });
  await clock.advance(100);
  assert.deepEqual([users(changes[2].joined), changes[2].left], [['carol'], []]);
  assert.deepEqual(users(presence.members()), ['bob', 'carol']);
});

test('poll: the first page of a long list is not the list', async () => {
  const { clock, server, client } = scene();
  const fetch = async (url, init) =>
    new URL(url).pathname.endsWith('/members')
      ? Response.json({ count: 1001, members: server.list('a'), next: 'x' })
      : server.fetch(url, init);
  server.track('a', 'bob', {});
  const { presence } = client({ fetch, transports: ['poll'] }).room('a');
  const changes = [];
  presence.on('change', (change) => changes.push(change));
  await clock.advance(6000);
  assert.deepEqual([changes.length, changes[0].count, changes[0].joined], [1, 1001, []]);
});
