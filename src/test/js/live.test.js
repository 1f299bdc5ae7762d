import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene, upTo } from './kit/scene.js';

const apply = (state, event) => [...state, event.seq];

/** Loads, after so many ms, what the log held when it was asked. */
function loader(clock, server, ms, told = true) {
  let loads = 0;
  const load = () =>
    new Promise((resolve) => {
      loads++;
      const state = server.log('a').events.map(({ seq }) => seq);
      const cursor = server.log('a').head;
      clock.setTimeout(() => resolve({ state, cursor: told ? cursor : undefined }), ms);
    });
  return { load, loads: () => loads };
}

for (const [name, transports] of [
  ['websocket', ['websocket']],
  ['sse', ['sse']],
  ['poll', ['poll']],
]) {
  test(`${name}: a snapshot and the stream, without a gap, however slow it loads`, async () => {
    const { clock, server, client } = scene();
    for (let i = 0; i < 10; i++) {
      server.publish('a', 'x', i);
    }
    const live = client({ transports }).live('a', { ...loader(clock, server, 3000), apply });
    for (let i = 0; i < 100; i++) {
      server.publish('a', 'x', i);
      await clock.advance(50);
    }
    await live.ready;
    assert.deepEqual(live.state, upTo(110));
    assert.equal(live.cursor, 'e1.110');
  });
}

for (const transport of ['sse', 'poll']) {
  test(`${transport}: a snapshot that loads slowly beside a plain room costs neither a refusal nor an event`, async () => {
    const { clock, server, client } = scene();
    for (let i = 0; i < 10; i++) {
      server.publish('a', 'x', i);
    }
    const carillon = client({ transports: [transport] });
    const errors = [];
    const plain = carillon.room('b');
    const seqs = [];
    plain.on('message', ({ seq }) => seqs.push(seq));
    plain.on('error', ({ code }) => errors.push(code));
    carillon.on('error', ({ code }) => errors.push(code));
    const live = carillon.live('a', { ...loader(clock, server, 3000), apply });
    for (let i = 0; i < 10; i++) {
      server.publish('c', 'x', i);
    }
    server.latency = 300;
    const begun = carillon.room('c', { last: 4 });
    const last = [];
    begun.on('message', ({ seq }) => last.push(seq));
    for (let i = 0; i < 100; i++) {
      server.publish(i % 2 ? 'a' : 'b', 'x', i);
      await clock.advance(50);
    }
    await live.ready;
    await clock.advance(1000);
    assert.deepEqual(live.state, upTo(60));
    assert.deepEqual(last, upTo(10, 7));
    assert.deepEqual(seqs, upTo(50, seqs[0]));
    assert.deepEqual(errors, []);
    const refused = server.requests.filter(({ query }) => query.get('after')?.split(',').some((cursor) => !cursor));
    assert.deepEqual(refused, []);
  });
}

test('a snapshot that is older than the join: what lies between is read', async () => {
  const { clock, server, client } = scene();
  for (let i = 0; i < 300; i++) {
    server.publish('a', 'x', i);
  }
  const carillon = client();
  const live = carillon.live('a', { load: () => ({ state: upTo(10), cursor: 'e1.10' }), apply });
  const changes = [];
  live.on('change', ({ event }) => changes.push(event?.seq));
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.publish('a', 'x', 301);
  await clock.advance(100);
  assert.deepEqual(live.state, upTo(301));
  assert.deepEqual(changes, [undefined, 301]);
});

test('a snapshot that is newer than what came: nothing is applied twice', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  server.latency = 200;
  const { load } = loader(clock, server, 0);
  const live = carillon.live('a', { load, apply });
  for (let i = 1; i <= 40; i++) {
    server.publish('a', 'x', i);
    await clock.advance(40);
  }
  await clock.advance(1000);
  assert.deepEqual(live.state, upTo(40));
});

test('a snapshot without a cursor: what came since the join is applied to it', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seen = new Set();
  const live = carillon.live('a', {
    load: () => loader(clock, server, 500, false).load(),
    apply: (state, event) => [...new Set([...state, event.seq])],
  });
  live.on('change', ({ state }) => state.forEach((seq) => seen.add(seq)));
  for (let i = 1; i <= 40; i++) {
    server.publish('a', 'x', i);
    await clock.advance(40);
  }
  await clock.advance(1000);
  assert.deepEqual(live.state, upTo(40));
});

test('a state that is changed in place', async () => {
  const { clock, server, client } = scene();
  const live = client().live('a', {
    load: () => ({ state: [] }),
    apply: (state, event) => void state.push(event.seq),
  });
  await clock.advance(100);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  assert.deepEqual(live.state, [1]);
});

test('resync: loaded anew', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const { load, loads } = loader(clock, server, 100);
  const live = carillon.live('a', { load, apply });
  await clock.advance(500);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  server.down = true;
  server.cut();
  for (let i = 2; i <= 20; i++) {
    server.publish('a', 'x', i);
  }
  server.log('a').floor = 10;
  server.down = false;
  await clock.advance(5000);
  server.publish('a', 'x', 21);
  await clock.advance(500);
  assert.equal(loads(), 2);
  assert.deepEqual(live.state, upTo(21));
});

test('resync while loading: the older load is thrown away', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  server.publish('a', 'x', 1);
  const { load, loads } = loader(clock, server, 3000);
  const live = carillon.live('a', { load, apply });
  await clock.advance(500);
  server.log('a').rewind('e2', 0);
  server.publish('a', 'y', 1);
  await clock.advance(10_000);
  assert.equal(loads(), 2);
  assert.deepEqual(live.state, [1]);
  assert.equal(live.cursor, 'e2.1');
});

test('a load that fails is repeated, and says so', async () => {
  const { clock, server, client } = scene();
  let loads = 0;
  const errors = [];
  const live = client().live('a', {
    load: async () => {
      if (++loads < 3) {
        throw new Error('no');
      }
      return { state: [], cursor: server.log('a').head };
    },
    apply,
  });
  live.on('error', (error) => errors.push(error.message));
  await clock.advance(20_000);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  assert.deepEqual(errors, ['no', 'no']);
  assert.deepEqual(live.state, [1]);
});

test('a snapshot whose cursor is too old is loaded anew', async () => {
  const { clock, server, client } = scene();
  for (let i = 0; i < 20; i++) {
    server.publish('a', 'x', i);
  }
  server.log('a').retain(10);
  const cursors = ['e1.5', 'e1.15'];
  const live = client().live('a', { load: () => ({ state: [], cursor: cursors.shift() }), apply });
  await clock.advance(20_000);
  assert.deepEqual(live.state, upTo(20, 16));
});

test('over many breaks', async () => {
  const { clock, server, client } = scene();
  const live = client().live('a', { ...loader(clock, server, 200), apply });
  for (let i = 1; i <= 300; i++) {
    server.publish('a', 'x', i);
    await clock.advance(50);
    if (i % 37 === 0) {
      server.cut();
    }
  }
  await clock.advance(10_000);
  assert.deepEqual(live.state, upTo(300));
});

test('stop: nothing is applied any more', async () => {
  const { clock, server, client } = scene();
  const live = client().live('a', { load: () => ({ state: [] }), apply });
  await clock.advance(100);
  live.stop();
  server.publish('a', 'x', 1);
  await clock.advance(100);
  assert.deepEqual(live.state, []);
});

test('a room that may not be read: said once', async () => {
  const { clock, server, client } = scene();
  server.forbidden.add('a');
  const errors = [];
  const live = client().live('a', { load: () => ({ state: [] }), apply });
  live.on('error', ({ code }) => errors.push(code));
  await clock.advance(100_000);
  assert.deepEqual(errors, ['forbidden']);
});
