import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene } from './kit/scene.js';

const ways = ['websocket', 'sse', 'poll'];

/** A client that is live in a room with three events. */
async function begun(transport) {
  const all = scene();
  for (let i = 1; i <= 3; i++) {
    all.server.publish('a', 'x', i);
  }
  const carillon = all.client({ transports: [transport] });
  const room = carillon.room('a', { after: '0.0' });
  const heard = [];
  room.on('message', ({ epoch, seq }) => heard.push(`${epoch}.${seq}`));
  room.on('resync', ({ reason }) => heard.push(reason));
  await all.clock.until(() => carillon.isLive());
  await all.clock.advance(100);
  heard.length = 0;
  return { ...all, carillon, room, heard };
}

for (const transport of ways) {
  test(`${transport}: a fork without a loss: what comes after it is handed out, all of it`, async () => {
    const { clock, server, room, heard } = await begun(transport);
    const log = server.log('a');
    log.fork('e2');
    // Three at once, so that a page ends far behind the first of them.
    log.publish('x', 4);
    log.publish('x', 5);
    log.publish('x', 6);
    server.wake('a');
    await clock.advance(200);
    server.publish('a', 'x', 7);
    await clock.advance(200);
    assert.deepEqual([heard, room.cursor], [['e2.4', 'e2.5', 'e2.6', 'e2.7'], 'e2.7']);
    assert.ok(server.requests.length < 10, 'and nothing is read twice for it');
  });

  test(`${transport}: a hole in a page is read anew from before it`, async () => {
    const { clock, server, room } = await begun(transport);
    const seqs = collect(room);
    server.publish('a', 'x', 4);
    await clock.advance(100);
    // A server at fault: this once 5 is not there, and the page ends behind it.
    server.log('a').publish('x', 5);
    server.log('a').publish('x', 6);
    const [five] = server.log('a').events.splice(4, 1);
    server.wake('a');
    await clock.advance(1);
    server.log('a').events.splice(4, 0, five);
    await clock.advance(500);
    assert.deepEqual(seqs, [4, 5, 6]);
  });

  test(`${transport}: a fork while away, nothing new: a publish goes out, in the new epoch`, async () => {
    const { clock, server, carillon, room } = await begun(transport);
    server.log('a').fork('e2');
    server.cut();
    await clock.advance(5000);
    assert.ok(carillon.isLive());
    assert.equal(room.cursor, 'e2.3');
    const done = room.publish('x', 4);
    await clock.advance(500);
    const { seq, epoch } = await done;
    assert.deepEqual([seq, epoch], [4, 'e2']);
  });

  test(`${transport}: a fork while away, and events on both sides of it`, async () => {
    const { clock, server, carillon, room, heard } = await begun(transport);
    server.down = true;
    server.cut();
    server.publish('a', 'x', 4);
    server.log('a').fork('e2');
    await clock.advance(2000);
    server.down = false;
    await clock.until(() => carillon.isLive(), 60_000);
    await clock.advance(500);
    assert.deepEqual([heard, room.cursor], [['e1.4'], 'e2.4']);
    const done = room.publish('x', 5);
    await clock.advance(500);
    assert.equal((await done).seq, 5);
    assert.deepEqual(heard, ['e1.4', 'e2.5']);
  });

  test(`${transport}: a fork just before the first join does not stop it either`, async () => {
    const { clock, server, client } = scene();
    for (let i = 1; i <= 3; i++) {
      server.publish('a', 'x', i);
    }
    server.log('a').fork('e2');
    const carillon = client({ transports: [transport] });
    const room = carillon.room('a', { last: 2 });
    const seqs = collect(room);
    await clock.until(() => carillon.isLive());
    await clock.advance(200);
    const done = room.publish('x', 4);
    await clock.advance(200);
    assert.equal((await done).seq, 4);
    assert.deepEqual(seqs, [2, 3, 4]);
  });

  test(`${transport}: a fork with a loss says so once, and goes on from the head`, async () => {
    const { clock, server, room, heard } = await begun(transport);
    server.log('a').rewind('e2', 2);
    server.resync('a');
    await clock.advance(200);
    for (let i = 3; i <= 6; i++) {
      server.log('a').publish('x', i);
    }
    server.wake('a');
    await clock.advance(200);
    assert.deepEqual([heard, room.cursor], [['epoch', 'e2.3', 'e2.4', 'e2.5', 'e2.6'], 'e2.6']);
  });
}

test('a number that has been there, in another epoch: asked once, and never handed out twice', async () => {
  const { clock, server, carillon, heard } = await begun('websocket');
  server.log('a').fork('e2');
  server.publish('a', 'x', 4);
  await clock.advance(100);
  const [socket] = server.of('websocket');
  for (let i = 0; i < 3; i++) {
    socket.write({ type: 'event', ...server.log('a').events[2] });
    await clock.advance(100);
  }
  assert.ok(carillon.isLive());
  assert.deepEqual(heard, ['e2.4']);
  assert.equal(socket.received.filter(({ type }) => type === 'join').length, 2);
});
