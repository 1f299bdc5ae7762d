import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene, upTo } from './kit/scene.js';

const ways = [
  ['websocket', ['websocket']],
  ['sse', ['sse']],
  ['poll', ['poll']],
];
const datas = (server, room) => server.log(room).events.map(({ data }) => data);

for (const [name, transports] of ways) {
  test(`${name}: resolves with seq and id after the commit`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const done = carillon.room('a').publish('message', { text: 'hi' }, { key: 'k"\\1', meta: { a: 'b' } });
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    assert.deepEqual(await done, { seq: 1, epoch: 'e1', id: server.log('a').events[0].id, duplicate: false });
    assert.deepEqual(server.log('a').events[0].meta, { a: 'b' });
  });

  test(`${name}: what waits offline goes out in order, once`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const room = carillon.room('a');
    const seqs = collect(room);
    await clock.until(() => carillon.isLive());
    server.down = true;
    server.cut();
    const acks = upTo(50).map((i) => room.publish('x', i));
    await clock.advance(60_000);
    server.down = false;
    await clock.until(() => server.log('a').events.length === 50);
    await clock.advance(100);
    assert.deepEqual((await Promise.all(acks)).map(({ seq }) => seq), upTo(50));
    assert.deepEqual(datas(server, 'a'), upTo(50));
    assert.deepEqual(seqs, upTo(50));
  });

  for (const code of ['unknown', 'overloaded', 'storage', 'rate', 'limit']) {
    test(`${name}: ${code} is repeated with the key, after what it was told to wait`, async () => {
      const { clock, server, client } = scene();
      const tries = [];
      server.publishing = ({ key }) => {
        tries.push([clock.now(), key]);
        return tries.length < 3 && { code, commit: code === 'unknown', retryAfter: 1500, status: 503 };
      };
      const carillon = client({ transports });
      const done = carillon.room('a').publish('x', 1);
      await clock.until(() => tries.length === 3);
      await clock.advance(50);
      assert.ok(tries[1][0] - tries[0][0] >= 1500);
      assert.equal(new Set(tries.map(([, key]) => key)).size, 1);
      assert.equal((await done).duplicate, code === 'unknown');
      assert.deepEqual(datas(server, 'a'), [1]);
    });
  }

  test(`${name}: the reply is lost: repeated, and there once`, async () => {
    const { clock, server, client } = scene();
    let tries = 0;
    server.publishing = () => ++tries < 3 && { commit: true, lost: true };
    const carillon = client({ transports });
    const done = carillon.room('a').publish('x', 1);
    await clock.until(() => tries === 3, 200_000);
    await clock.advance(50);
    assert.equal((await done).duplicate, true);
    assert.deepEqual(datas(server, 'a'), [1]);
  });

  test(`${name}: the order is kept over retries, whatever fails`, async () => {
    const { clock, server, client } = scene();
    let n = 0;
    server.publishing = () => {
      switch (n++ % 5) {
        case 1:
          return { code: 'unknown', commit: true };
        case 2:
          return { code: 'overloaded' };
        case 3:
          return { commit: n % 2 === 0, lost: true };
      }
    };
    const carillon = client({ transports });
    const room = carillon.room('a');
    const acks = upTo(20).map((i) => room.publish('x', i));
    await clock.until(() => server.log('a').events.length === 20, 2_000_000);
    await clock.advance(60_000);
    await Promise.all(acks);
    assert.deepEqual(datas(server, 'a'), upTo(20));
  });

  for (const code of ['forbidden', 'bad_name', 'bad_data', 'too_large']) {
    test(`${name}: ${code} rejects, and the next goes on`, async () => {
      const { clock, server, client } = scene();
      server.publishing = ({ data }) => data === 'bad' && { code, status: 400 };
      const carillon = client({ transports });
      const room = carillon.room('a');
      const errors = [];
      room.on('error', (error) => errors.push(error.code));
      const refused = assert.rejects(room.publish('x', 'bad'), { name: 'CarillonError', code, retryable: false });
      const done = room.publish('x', 'good');
      await clock.until(() => server.log('a').events.length);
      await clock.advance(50);
      await refused;
      assert.equal((await done).seq, 1);
      assert.deepEqual(errors, [code]);
    });
  }
}

test('a publish under way is repeated over another transport', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  const seqs = collect(room);
  await clock.until(() => carillon.isLive());
  await clock.advance(50);
  let tries = 0;
  server.publishing = () => ++tries === 1 && { commit: true, lost: true };
  const done = room.publish('x', 1);
  await clock.advance(50);
  server.websocket = 'refuse';
  server.cut();
  await clock.until(() => carillon.isOn('sse'));
  await clock.until(() => tries === 2);
  await clock.advance(50);
  assert.equal((await done).duplicate, true);
  assert.deepEqual(seqs, [1]);
});

test('a socket that does not answer a publish is given up', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  await clock.until(() => carillon.isLive());
  server.of('websocket')[0].stalled = true;
  const done = room.publish('x', 1);
  await clock.until(() => carillon.status.reason === 'stalled', 20_000);
  await clock.until(() => server.log('a').events.length, 5000);
  await clock.advance(50);
  assert.equal((await done).seq, 1);
});

test('the queue is bounded', async () => {
  const { clock, server, client } = scene();
  server.down = true;
  const carillon = client({ queue: 3 });
  const acks = [1, 2].map((i) => carillon.room('a').publish('x', i));
  acks.push(carillon.room('b').publish('x', 3));
  await assert.rejects(carillon.room('b').publish('x', 4), { code: 'queue_full' });
  server.down = false;
  await clock.until(() => carillon.isLive());
  await clock.advance(200);
  assert.equal((await Promise.all(acks)).length, 3);
  const more = carillon.room('b').publish('x', 5);
  await clock.advance(200);
  assert.equal((await more).seq, 2);
});

test('the caller may change the data later; what was given is published', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const data = { n: 1 };
  void carillon.room('a').publish('x', data);
  data.n = 2;
  await clock.until(() => server.log('a').events.length);
  assert.deepEqual(datas(server, 'a'), [{ n: 1 }]);
});

test('a key that is none is refused at once', async () => {
  const { clock, client } = scene();
  const room = client().room('a');
  for (const key of ['', 'ü', 'x'.repeat(129)]) {
    await assert.rejects(room.publish('x', 1, { key }), { code: 'bad_data' });
  }
  await assert.rejects(async () => room.publish('x', 1n), TypeError);
  await clock.advance(10);
});

test('the same key twice: one event, two answers', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  const acks = [room.publish('x', 1, { key: 'k' }), room.publish('x', 2, { key: 'k' })];
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  assert.deepEqual((await Promise.all(acks)).map(({ seq, duplicate }) => [seq, duplicate]), [
    [1, false],
    [1, true],
  ]);
  assert.deepEqual(datas(server, 'a'), [1]);
});

test('a large publish does not go through the socket', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  await clock.until(() => carillon.isLive());
  const done = room.publish('x', 'é'.repeat(50_000));
  await clock.advance(100);
  assert.equal((await done).seq, 1);
  assert.ok(!server.of('websocket')[0].received.some(({ type }) => type === 'publish'));
});

test('after a break a room is caught up before it is published to', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  const heard = [];
  room.on('message', ({ data }) => heard.push(data));
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.down = true;
  server.cut();
  server.publish('a', 'x', 'theirs');
  let known;
  server.publishing = () => void (known = [...heard]);
  void room.publish('x', 'mine');
  await clock.advance(3000);
  server.down = false;
  await clock.until(() => heard.length === 2);
  assert.deepEqual(known, ['theirs']);
});

test('a proxy that answers with its own page: 502 is repeated, 404 is not', async () => {
  const { clock, server, client } = scene();
  const statuses = [502, 504];
  const { fetch } = server;
  const carillon = client({
    transports: ['sse'],
    fetch: (url, init) =>
      init.method === 'POST' && statuses.length
        ? Promise.resolve(new Response('<html>', { status: statuses.shift() }))
        : fetch(url, init),
  });
  const room = carillon.room('a');
  const done = room.publish('x', 1);
  await clock.until(() => server.log('a').events.length);
  await clock.advance(100);
  await done;
  statuses.push(404);
  const refused = assert.rejects(room.publish('x', 2), { code: 'http_404', status: 404 });
  await clock.advance(100);
  await refused;
});

test('a publish of yesterday is not repeated: the server may have forgotten its key', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  server.publishing = () => ({ code: 'overloaded', retryAfter: 3_600_000 });
  const refused = assert.rejects(room.publish('x', 1), { code: 'overloaded' });
  for (let hour = 0; hour < 26; hour++) {
    clock.sleep(3_600_000);
    await clock.advance(60_000);
  }
  await refused;
});

test('tells how many publishes wait, so that a page can ask before it is left', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const told = [];
  carillon.on('pending', (count) => told.push(count));
  const room = carillon.room('a');
  collect(room);
  assert.equal(carillon.pending, 0);
  await clock.until(() => carillon.isLive());
  server.down = true;
  server.cut();
  const both = [room.publish('x', 1), room.publish('x', 2)];
  await clock.advance(5000);
  assert.equal(carillon.pending, 2);
  server.down = false;
  await clock.until(() => carillon.pending === 0);
  await clock.advance(100);
  await Promise.all(both);
  assert.deepEqual(told, [1, 2, 1, 0]);
  server.down = true;
  server.cut();
  const lost = room.publish('x', 3);
  assert.equal(carillon.pending, 1);
  carillon.close();
  await assert.rejects(lost, { code: 'closed' });
  assert.equal(carillon.pending, 0);
});
