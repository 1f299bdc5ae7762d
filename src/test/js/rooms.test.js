import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene, upTo } from './kit/scene.js';

const ways = [
  ['websocket', ['websocket']],
  ['sse', ['sse']],
  ['poll', ['poll']],
];

test('handlers by name, for all, and taken away again', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  const heard = [];
  const off = room.on('order.shipped', (event) => heard.push(['shipped', event.data]));
  room.on('message', (event) => heard.push(['all', event.data]));
  room.on('joined', () => heard.push(['joined']));
  await clock.until(() => carillon.isLive());
  await clock.advance(50);
  server.publish('a', 'order.shipped', 1);
  server.publish('a', 'joined', 2);
  await clock.advance(50);
  off();
  server.publish('a', 'order.shipped', 3);
  await clock.advance(50);
  assert.deepEqual(heard, [['joined'], ['all', 1], ['shipped', 1], ['all', 2], ['all', 3]]);
});

test('the event is the one of the wire', async () => {
  const { clock, server, client } = scene();
  for (const [, transports] of ways) {
    const carillon = client({ transports });
    let got;
    carillon.room('a').on('message', (event) => (got = event));
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    const { event } = server.publish('a', 'x', { deep: [1, null, 'é'] }, { meta: { a: 'b' } });
    await clock.advance(50);
    assert.deepEqual(got, event);
  }
});

for (const [name, transports] of ways.slice(0, 2)) {
  test(`${name}: a server that repeats itself: each event once`, async () => {
    const { clock, server, client } = scene();
    server.copies = () => 3;
    const carillon = client({ transports });
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    for (let i = 0; i < 20; i++) {
      server.publish('a', 'x', i);
    }
    await clock.advance(50);
    assert.deepEqual(seqs, upTo(20));
  });

  test(`${name}: a hole without a word is read anew`, async () => {
    const { clock, server, client } = scene();
    const skipped = new Set([3, 7]);
    server.copies = (event) => (skipped.delete(event.seq) ? 0 : 1);
    const carillon = client({ transports });
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    for (let i = 0; i < 10; i++) {
      server.publish('a', 'x', i);
      await clock.advance(20);
    }
    await clock.advance(100);
    assert.deepEqual(seqs, upTo(10));
  });

  test(`${name}: a hole that stays is believed the second time`, async () => {
    const { clock, server, client } = scene();
    server.copies = (event) => (event.seq === 3 ? 0 : 1);
    const carillon = client({ transports });
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    for (let i = 0; i < 5; i++) {
      server.publish('a', 'x', i);
      await clock.advance(20);
    }
    await clock.advance(200);
    assert.deepEqual(seqs, [1, 2, 4, 5]);
  });
}

test('what a conflating room left out is no hole', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(50);
  const [socket] = server.of('websocket');
  const event = { room: 'a', epoch: 'e1', id: 'i', name: 'x', data: 0, by: 'b', at: '' };
  socket.write({ type: 'event', ...event, seq: 1 });
  socket.write({ type: 'event', ...event, seq: 5, skipped: 3 });
  socket.write({ type: 'event', ...event, seq: 6 });
  await clock.advance(50);
  assert.deepEqual(seqs, [1, 5, 6]);
});

for (const [name, transports] of ways) {
  test(`${name}: resync{expired} is told, and events follow from the head`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const room = carillon.room('a');
    const heard = [];
    room.on('message', ({ seq }) => heard.push(seq));
    room.on('resync', ({ reason, head, floor }) => heard.push([reason, head, floor, room.cursor]));
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    server.publish('a', 'x', 1);
    await clock.advance(50);
    server.down = true;
    server.cut();
    await clock.advance(1000);
    for (let i = 2; i <= 10; i++) {
      server.publish('a', 'x', i);
    }
    server.log('a').retain(7);
    server.down = false;
    await clock.until(() => carillon.isLive());
    await clock.advance(200);
    server.publish('a', 'x', 11);
    await clock.advance(50);
    assert.deepEqual(heard, [1, ['expired', 'e1.10', 'e1.7', 'e1.10'], 11]);
  });

  test(`${name}: resync{epoch} and resync{ahead}`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const room = carillon.room('a');
    const heard = [];
    room.on('message', ({ seq, epoch }) => heard.push(`${epoch}.${seq}`));
    room.on('resync', ({ reason }) => heard.push(reason));
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    server.publish('a', 'x', 1);
    server.publish('a', 'x', 2);
    await clock.advance(50);
    server.log('a').rewind('e2', 1);
    server.resync('a');
    await clock.advance(100);
    server.publish('a', 'x', 3);
    await clock.advance(100);
    server.log('a').rewind('e2', 1);
    server.cut();
    await clock.advance(5000);
    server.publish('a', 'x', 4);
    await clock.advance(100);
    assert.deepEqual(heard, ['e1.1', 'e1.2', 'epoch', 'e2.2', 'ahead', 'e2.2']);
  });

  test(`${name}: an empty room begins with its first event`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const room = carillon.room('a');
    const seqs = collect(room);
    await clock.until(() => carillon.isLive());
    await clock.advance(50);
    assert.equal(room.cursor, '0.0');
    server.cut();
    server.publish('a', 'x', 1);
    await clock.advance(5000);
    server.publish('a', 'x', 2);
    await clock.advance(50);
    assert.deepEqual(seqs, [1, 2]);
  });

  test(`${name}: history, event by event and page by page`, async () => {
    const { clock, server, client } = scene();
    for (let i = 1; i <= 1200; i++) {
      server.publish('a', 'x', i);
    }
    const carillon = client({ transports });
    const room = carillon.room('a');
    await clock.until(() => carillon.isLive());
    const read = async (options) => {
      const seqs = [];
      for await (const { seq } of room.history(options)) {
        seqs.push(seq);
      }
      return seqs;
    };
    const advancing = async (promise) => {
      let done = false;
      promise.catch(() => {}).then(() => (done = true));
      await clock.until(() => done);
      return promise;
    };
    assert.deepEqual(await advancing(read()), upTo(1200));
    assert.deepEqual(await advancing(read({ after: 'e1.1190' })), upTo(1200, 1191));
    assert.deepEqual(await advancing(read({ before: 'e1.4' })), [3, 2, 1]);
    assert.deepEqual(await advancing(read({ limit: 3 })), [1, 2, 3]);
    assert.deepEqual(await advancing(read({ before: 'e1.1000', limit: 600 })), upTo(999, 400).reverse());
    const page = await advancing(room.page({ before: 'e1.1000', limit: 2 }));
    assert.deepEqual(page.events.map(({ seq }) => seq), [998, 999]);
    assert.equal(page.next, 'e1.998');
    server.log('a').retain(100);
    await assert.rejects(advancing(read({ after: 'e1.5' })), { code: 'resync', message: 'expired' });
  });

  test(`${name}: members page by page`, async () => {
    const { clock, server, client } = scene();
    server.track('a', 'bob', {});
    const carillon = client({ transports });
    await clock.until(() => carillon.isLive());
    const asked = carillon.room('a').members({ limit: 10 });
    await clock.advance(50);
    const { count, members } = await asked;
    assert.deepEqual([count, members[0].user], [1, 'bob']);
  });
}

test('a refused join that may succeed later is repeated', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  const errors = [];
  room.on('error', ({ code, retryable }) => errors.push([code, retryable]));
  const seqs = collect(room);
  await clock.until(() => server.of('websocket').length);
  const [socket] = server.of('websocket');
  const { write } = socket;
  let refuse = true;
  socket.write = (frame) =>
    refuse && frame.room === 'a'
      ? ((refuse = false),
        write.call(socket, {
          type: 'error',
          ref: frame.ref,
          code: 'overloaded',
          message: '',
          retryable: true,
          retryAfter: 3000,
        }))
      : write.call(socket, frame);
  await clock.advance(2000);
  assert.deepEqual(errors, [['overloaded', true]]);
  await clock.advance(3000);
  server.publish('a', 'x', 1);
  server.publish('a', 'x', 2);
  await clock.advance(100);
  assert.deepEqual(seqs.at(-1), 2);
});

test('not more than a hundred rooms', async () => {
  const { clock, client } = scene();
  const carillon = client();
  for (let i = 0; i < 100; i++) {
    collect(carillon.room(`r${i}`));
  }
  await assert.rejects(carillon.room('more').join(), { code: 'limit' });
  await clock.advance(100);
});
