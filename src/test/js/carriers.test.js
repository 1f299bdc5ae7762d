import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene, upTo } from './kit/scene.js';

/* What a client may rely on whatever carries its events. */
const ways = ['websocket', 'sse', 'poll'];

async function begun(transport, options = {}) {
  const all = scene();
  const carillon = all.client({ transports: [transport], ...options });
  const room = carillon.room('a');
  collect(room);
  await all.clock.until(() => carillon.isLive());
  await all.clock.advance(50);
  return { ...all, carillon, room };
}

for (const transport of ways) {
  test(`${transport}: null is a value`, async () => {
    const { clock, server, room } = await begun(transport);
    const heard = [];
    room.on('message', ({ data }) => heard.push(data));
    for (const data of [null, undefined, 0, '', false]) {
      void room.publish('x', data);
    }
    await clock.advance(500);
    assert.deepEqual(heard, [null, null, 0, '', false]);
    void room.signal('y', null);
    await clock.advance(100);
    assert.deepEqual(server.signals.map(({ data }) => data), [null]);
    const page = room.page();
    await clock.advance(100);
    assert.deepEqual((await page).events.map(({ data }) => data), [null, null, 0, '', false]);
  });

  test(`${transport}: null is a state`, async () => {
    const { clock, server, carillon, room } = await begun(transport);
    const apply = (state, { name, data }) => (name === 'set' ? data : state);
    const live = carillon.live(room, { load: () => ({ state: 'old' }), apply });
    const doc = room.optimistic({ state: 'old', apply });
    await clock.advance(500);
    void doc.publish('set', null);
    assert.equal(doc.state, null);
    await clock.advance(500);
    assert.deepEqual([live.state, doc.confirmed, doc.state, doc.pending], [null, null, null, []]);
    server.publish('a', 'set', 'new');
    await clock.advance(500);
    assert.deepEqual([live.state, doc.state], ['new', 'new']);
  });

  test(`${transport}: a client does not hear its own signals; the same of another it hears`, async () => {
    const { clock, server, carillon, room } = await begun(transport);
    const heard = [];
    room.on('signal', ({ name, data }) => heard.push([name, data]));
    await clock.advance(50);
    for (let i = 1; i <= 3; i++) {
      void room.signal('poke', { i, text: 'é' });
    }
    // Too large for a socket: it goes by HTTP.
    void room.signal('poke', 'x'.repeat(50_000));
    await clock.advance(500);
    assert.deepEqual(heard, []);
    assert.equal(server.signals.length, 4);
    server.signal('a', 'poke', { i: 1, text: 'é' }, 'me', null);
    await clock.advance(20_000);
    assert.deepEqual(heard, transport === 'poll' ? [] : [['poke', { i: 1, text: 'é' }]]);
    assert.ok(carillon.isLive());
  });

  test(`${transport}: two clients of one user that say the same: each hears the other once`, async () => {
    const { clock, client, room } = await begun(transport);
    const heard = [[], []];
    const other = client({ transports: [transport] });
    room.on('signal', ({ data }) => heard[0].push(data));
    other.room('a').on('signal', ({ data }) => heard[1].push(data));
    await clock.until(() => other.isLive());
    await clock.advance(50);
    void room.signal('poke', 1);
    void other.room('a').signal('poke', 1);
    await clock.advance(500);
    assert.deepEqual(heard, transport === 'poll' ? [[], []] : [[1], [1]]);
  });

  for (const latency of [5, 300]) {
    test(`${transport}: the first optimistic change, made before it is ready (${latency} ms)`, async () => {
      const { clock, server, client } = scene();
      server.latency = latency;
      const carillon = client({ transports: [transport], patience: 60_000 });
      const doc = carillon.room('a').optimistic({ state: [], apply: (list, { data }) => [...list, data] });
      const shown = [];
      doc.on('change', (list) => shown.push(list.join()));
      const done = doc.publish('add', 'mine');
      assert.deepEqual(doc.state, ['mine']);
      await clock.until(() => server.log('a').events.length);
      await clock.advance(3000);
      assert.equal((await done).seq, 1);
      assert.deepEqual([doc.state, doc.confirmed, doc.pending], [['mine'], ['mine'], []]);
      assert.deepEqual(new Set(shown), new Set(['mine']), 'it does not flicker');
    });

    test(`${transport}: the first change in an empty room, once it is ready (${latency} ms)`, async () => {
      const { clock, server, client } = scene();
      server.latency = latency;
      const carillon = client({ transports: [transport], patience: 60_000 });
      const doc = carillon.room('a').optimistic({ state: [], apply: (list, { data }) => [...list, data] });
      await clock.until(() => carillon.isLive());
      await clock.advance(3000);
      const shown = [];
      doc.on('change', (list) => shown.push(list.join()));
      void doc.publish('add', 'mine');
      await clock.advance(3000);
      assert.deepEqual([doc.state, doc.confirmed], [['mine'], ['mine']]);
      assert.deepEqual(new Set(shown), new Set(['mine']), 'it does not flicker');
    });
  }

  test(`${transport}: with a snapshot a change is shown as soon as there is something to show it on`, async () => {
    const { clock, server, client } = scene();
    server.publish('a', 'add', 'theirs');
    const carillon = client({ transports: [transport] });
    let load;
    const doc = carillon.room('a').optimistic({
      load: () => new Promise((resolve) => (load = resolve)),
      apply: ({ list }, { data }) => ({ list: [...list, data] }),
    });
    const shown = [];
    doc.on('change', ({ list }) => shown.push(list.join()));
    void doc.publish('add', 'mine');
    assert.deepEqual([doc.state, doc.pending.length], [undefined, 1]);
    await clock.until(() => load);
    await clock.advance(500);
    assert.deepEqual(shown, []);
    load({ state: { list: ['theirs'] }, cursor: 'e1.1' });
    await clock.advance(500);
    assert.deepEqual([doc.state, doc.pending], [{ list: ['theirs', 'mine'] }, []]);
    assert.deepEqual(new Set(shown), new Set(['theirs,mine']));
  });

  test(`${transport}: a state whose events are not all retained: said once, and ready with what is`, async () => {
    for (const cursor of [undefined, 'e1.1']) {
      const { clock, server, client } = scene();
      for (let i = 1; i <= 5; i++) {
        server.publish('a', 'add', i);
      }
      server.log('a').retain(3);
      const carillon = client({ transports: [transport] });
      const doc = carillon.room('a').optimistic({ state: [], cursor, apply: (list, { data }) => [...list, data] });
      const told = [];
      let ready = false;
      doc.on('resync', ({ reason, floor, head }) => told.push([reason, floor, head]));
      doc.on('error', (error) => assert.fail(error));
      doc.ready.then(() => (ready = true));
      await clock.until(() => carillon.isLive());
      await clock.advance(500);
      assert.deepEqual([ready, doc.state, told], [true, [4, 5], [['expired', 'e1.3', 'e1.5']]]);
      const done = doc.publish('add', 6);
      await clock.advance(500);
      assert.equal((await done).seq, 6);
      assert.deepEqual(doc.state, [4, 5, 6]);
      assert.equal(told.length, 1);
    }
  });

  test(`${transport}: longer away than events are retained: the room says it once, a board follows`, async () => {
    const { clock, server, carillon, room } = await begun(transport);
    const told = [];
    room.on('resync', ({ reason }) => told.push(reason));
    const doc = room.optimistic({ state: [], apply: (list, { data }) => [...list, data] });
    server.publish('a', 'add', 1);
    await clock.advance(500);
    assert.deepEqual(doc.state, [1]);
    server.down = true;
    server.cut();
    for (let i = 2; i <= 6; i++) {
      server.publish('a', 'add', i);
    }
    server.log('a').retain(4);
    await clock.advance(5000);
    server.down = false;
    await clock.until(() => carillon.isLive());
    await clock.advance(500);
    assert.deepEqual([told, doc.state], [['expired'], [5, 6]]);
  });

  test(`${transport}: a snapshot older than the retention is an error, and loaded again until it is not`, async () => {
    const { clock, server, carillon, room } = await begun(transport);
    for (let i = 1; i <= 5; i++) {
      server.publish('a', 'add', i);
    }
    server.log('a').retain(3);
    let cursor = 'e1.1';
    const errors = [];
    const live = carillon.live(room, { load: () => ({ state: [], cursor }), apply: (list, { data }) => [...list, data] });
    live.on('error', ({ code, message }) => errors.push([code, message]));
    await clock.advance(1000);
    assert.deepEqual(errors[0], ['resync', 'expired']);
    cursor = 'e1.4';
    await clock.advance(30_000);
    assert.deepEqual(live.state, [5]);
  });

  for (const [jump, ms] of [['a day ahead', 86_400_000], ['a year back', -31_536_000_000]]) {
    test(`${transport}: a wall clock that jumps ${jump} ends, repeats and delays nothing`, async () => {
      const wall = { shift: 0 };
      const { clock, server, client } = scene();
      const carillon = client({
        transports: [transport],
        clock: {
          now: () => clock.now() - Date.UTC(2026, 0, 1),
          wall: () => clock.now() + wall.shift,
          setTimeout: clock.setTimeout,
          clearTimeout: clock.clearTimeout,
        },
      });
      const room = carillon.room('a');
      const seqs = collect(room);
      await clock.until(() => carillon.isLive());
      await clock.advance(1000);
      wall.shift = ms;
      for (let i = 1; i <= 20; i++) {
        server.publish('a', 'x', i);
        await clock.advance(1000);
      }
      const done = room.publish('x', 21);
      await clock.advance(500);
      assert.equal((await done).seq, 21);
      assert.deepEqual(seqs, upTo(21));
      assert.ok(carillon.states.every(({ state }) => state !== 'offline'));
      server.down = true;
      server.cut();
      await clock.until(() => carillon.status.state === 'offline', 60_000);
      const { retryAt } = carillon.status;
      const left = retryAt - clock.now() - ms;
      assert.ok(left >= 0 && left <= 2000, `told in the time that is shown: ${left}`);
      server.down = false;
      await clock.until(() => carillon.isLive(), 3000);
    });
  }

  test(`${transport}: a hundred rooms with long names, behind a proxy that bounds the URL`, async () => {
    const { clock, server, client } = scene();
    server.longest = 8192;
    const carillon = client({ transports: [transport] });
    const heard = [];
    const names = upTo(100).map((i) => `room-${i}-${'x'.repeat(180)}`);
    names.forEach((name, i) =>
      carillon.room(name, i === 7 ? { after: '0.0' } : undefined).on('message', ({ room }) => heard.push(room)),
    );
    server.publish(names[7], 'x', 0);
    await clock.until(() => carillon.isLive());
    await clock.advance(500);
    names.forEach((name) => server.publish(name, 'x', 1));
    await clock.advance(2000);
    assert.deepEqual([...heard].sort(), [...names, names[7]].sort());
    assert.ok(server.requests.length < 40, `${server.requests.length} requests`);
    assert.ok(carillon.states.every(({ state }) => state !== 'offline'));
  });
}
