import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene, upTo } from './kit/scene.js';

test('a socket carries the events', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(50);
  server.publish('a', 'x', 1);
  server.publish('a', 'x', 2);
  await clock.advance(50);
  assert.deepEqual(seqs, [1, 2]);
  assert.deepEqual(
    carillon.states.map(({ state, transport }) => [state, transport]),
    [
      ['connecting', undefined],
      ['live', 'websocket'],
    ],
  );
});

for (const blocked of ['refuse', 'hang', 'mute']) {
  test(`a socket that is blocked (${blocked}): live over SSE within 3 s`, async () => {
    const { clock, server, client } = scene();
    server.websocket = blocked;
    const carillon = client();
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isOn('sse'), 3000);
    server.publish('a', 'x', 1);
    await clock.advance(50);
    assert.deepEqual(seqs, [1]);
  });

  for (const streams of ['buffer', 'refuse', 'error']) {
    test(`socket (${blocked}) and streams (${streams}) blocked: live over polls within 6 s`, async () => {
      const { clock, server, client } = scene();
      server.websocket = blocked;
      server.streams = streams;
      const carillon = client();
      const seqs = collect(carillon.room('a'));
      await clock.until(() => carillon.isOn('poll'), 6000);
      await clock.advance(50);
      server.publish('a', 'x', 1);
      await clock.advance(50);
      server.publish('a', 'x', 2);
      await clock.advance(50);
      assert.deepEqual(seqs, [1, 2]);
    });
  }
}

test('a slow socket that comes up after the stream takes over at once', async () => {
  const { clock, server, client } = scene();
  server.latency = 700;
  const carillon = client({ patience: 1000 });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('websocket'));
  await clock.advance(5000);
  assert.ok(carillon.isOn('websocket'));
  assert.equal(server.links.size, 1);
});

test('back to the socket by itself when it works again, nothing lost or doubled', async () => {
  const { clock, server, client } = scene();
  server.websocket = 'refuse';
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('sse'));
  for (let i = 0; i < 400; i++) {
    server.publish('a', 'x', i);
    await clock.advance(100);
    if (i === 100) {
      server.websocket = 'ok';
    }
  }
  assert.ok(carillon.isOn('websocket'));
  assert.equal(server.of('sse').length, 0);
  assert.deepEqual(seqs, upTo(400));
});

test('from polls back to a stream, if that is all that works', async () => {
  const { clock, server, client } = scene();
  server.websocket = 'refuse';
  server.streams = 'refuse';
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('poll'));
  await clock.advance(50);
  server.streams = 'ok';
  server.publish('a', 'x', 1);
  await clock.until(() => carillon.isOn('sse'));
  server.publish('a', 'x', 2);
  await clock.advance(50);
  assert.deepEqual(seqs, [1, 2]);
});

test('tries to get better less and less often', async () => {
  const { clock, server, client } = scene();
  server.websocket = 'refuse';
  let tries = 0;
  const Socket = server.WebSocket;
  const carillon = client({
    WebSocket: class {
      constructor(...args) {
        tries++;
        return new Socket(...args);
      }
    },
  });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('sse'));
  assert.equal(tries, 1);
  await clock.advance(16_000);
  assert.equal(tries, 2);
  await clock.advance(600_000);
  assert.ok(tries > 4 && tries < 10, `${tries} tries`);
});

test('what worked is remembered', async () => {
  const { clock, server, client } = scene();
  const kept = new Map();
  const storage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
  server.websocket = 'hang';
  const first = client({ storage });
  collect(first.room('a'));
  await clock.until(() => first.isOn('sse'));
  first.close();
  const second = client({ storage });
  collect(second.room('a'));
  await clock.until(() => second.isOn('sse'), 100);
});

for (const [transport, websocket, streams] of [
  ['websocket', 'ok', 'ok'],
  ['sse', 'refuse', 'ok'],
  ['poll', 'refuse', 'refuse'],
]) {
  test(`${transport}: a cut loses and doubles nothing`, async () => {
    const { clock, server, client } = scene();
    Object.assign(server, { websocket, streams });
    const carillon = client();
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isOn(transport));
    await clock.advance(100);
    for (let i = 1; i <= 100; i++) {
      server.publish('a', 'x', i);
      await clock.advance(70);
      if (i % 20 === 0) {
        server.cut();
      }
    }
    await clock.advance(10_000);
    assert.deepEqual(seqs, upTo(100));
    assert.ok(carillon.isLive());
  });

  test(`${transport}: several rooms over one link, one of them added later`, async () => {
    const { clock, server, client } = scene();
    Object.assign(server, { websocket, streams });
    const carillon = client();
    const a = collect(carillon.room('a'));
    const b = collect(carillon.room('b'));
    await clock.until(() => carillon.isOn(transport));
    await clock.advance(100);
    server.publish('a', 'x', 1);
    server.publish('b', 'x', 1);
    server.publish('c', 'x', 1);
    await clock.advance(100);
    const c = collect(carillon.room('c'));
    await clock.advance(100);
    server.publish('c', 'x', 2);
    server.publish('a', 'x', 2);
    await clock.advance(100);
    assert.deepEqual([a, b, c], [[1, 2], [1], [2]]);
    assert.equal(server.links.size, 1);
  });

  test(`${transport}: begins after a cursor, or before the head`, async () => {
    const { clock, server, client } = scene();
    Object.assign(server, { websocket, streams });
    for (let i = 1; i <= 10; i++) {
      server.publish('a', 'x', i);
      server.publish('b', 'x', i);
    }
    const carillon = client();
    const a = collect(carillon.room('a', { after: 'e1.7' }));
    const b = collect(carillon.room('b', { last: 2 }));
    const c = collect(carillon.room('c'));
    await clock.until(() => carillon.isOn(transport));
    await clock.advance(100);
    server.publish('a', 'x', 11);
    server.publish('b', 'x', 11);
    server.publish('c', 'x', 1);
    await clock.advance(100);
    assert.deepEqual([a, b, c], [[8, 9, 10, 11], [9, 10, 11], [1]]);
  });

  test(`${transport}: a room that may not be read does not stand in the others' way`, async () => {
    const { clock, server, client } = scene();
    Object.assign(server, { websocket, streams });
    server.forbidden.add('secret');
    const carillon = client();
    const errors = [];
    const secret = carillon.room('secret');
    secret.on('error', (error) => errors.push(error.code));
    collect(secret);
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isOn(transport));
    await clock.advance(100);
    server.publish('a', 'x', 1);
    await clock.advance(100);
    assert.deepEqual(seqs, [1]);
    assert.deepEqual(errors, ['forbidden']);
    await assert.rejects(secret.join(), { code: 'forbidden' }, await clock.advance(500));
  });

  test(`${transport}: a room that is left is heard no more, and can be joined again`, async () => {
    const { clock, server, client } = scene();
    Object.assign(server, { websocket, streams });
    const carillon = client();
    const room = carillon.room('a');
    const seqs = collect(room);
    const other = collect(carillon.room('b'));
    await clock.until(() => carillon.isOn(transport));
    await clock.advance(100);
    server.publish('a', 'x', 1);
    await clock.advance(100);
    room.leave();
    await clock.advance(100);
    server.publish('a', 'x', 2);
    server.publish('b', 'x', 1);
    await clock.advance(100);
    const joined = room.join();
    await clock.advance(100);
    assert.equal((await joined).cursor, 'e1.2');
    server.publish('a', 'x', 3);
    await clock.advance(100);
    assert.deepEqual([seqs, other], [[1, 3], [1]]);
  });
}

test('a stalled socket is noticed and replaced', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(1000);
  server.of('websocket')[0].stalled = true;
  server.publish('a', 'x', 1);
  await clock.until(() => !carillon.isLive(), 40_000);
  assert.equal(carillon.status.reason, 'stalled');
  await clock.advance(5000);
  assert.deepEqual(seqs, [1]);
});

test('a stalled stream is noticed and replaced', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ transports: ['sse'] });
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(1000);
  server.of('sse')[0].stalled = true;
  server.publish('a', 'x', 1);
  await clock.advance(45_000);
  assert.deepEqual(seqs, [1]);
});

test('a socket that breaks down again and again is left for a stream', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  collect(carillon.room('a'));
  for (let i = 0; i < 2; i++) {
    await clock.until(() => carillon.isOn('websocket'));
    await clock.advance(2000);
    server.cut();
  }
  await clock.until(() => carillon.isOn('sse'));
});

test('the server pings, and is answered', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  await clock.until(() => carillon.isLive());
  const [socket] = server.of('websocket');
  await clock.advance(21_000);
  assert.ok(socket.received.some(({ type }) => type === 'pong'));
  assert.ok(!socket.received.some(({ type }) => type === 'ping'));
});

test('without a WebSocket in the platform it begins with a stream', async () => {
  const { clock, client } = scene();
  const carillon = client({ WebSocket: null });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('sse'), 200);
});

test('only the transports that are allowed', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ transports: ['poll'] });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('poll'));
  await clock.advance(100_000);
  assert.equal(server.of('websocket').length + server.of('sse').length, 0);
});
