import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene, upTo } from './kit/scene.js';

const ways = ['websocket', 'sse', 'poll'];

/** A live client, and a room with so many events. */
async function begun(transport, events = 0) {
  const all = scene();
  for (let i = 1; i <= events; i++) {
    all.server.publish('a', 'x', i);
  }
  const carillon = all.client({ transports: [transport] });
  collect(carillon.room('other'));
  await all.clock.until(() => carillon.isLive());
  await all.clock.advance(50);
  return { ...all, carillon };
}

for (const transport of ways) {
  test(`${transport}: left in the middle of a batch: nothing more is heard, and the next join begins anew`, async () => {
    const { clock, server, carillon } = await begun(transport, 20);
    const room = carillon.room('a', { last: 20 });
    const heard = [];
    const off = room.on('message', ({ seq }) => {
      heard.push(seq);
      room.leave();
    });
    room.on('x', () => heard.push('by name'));
    await clock.advance(500);
    for (let i = 21; i <= 25; i++) {
      server.publish('a', 'x', i);
    }
    await clock.advance(500);
    assert.deepEqual([heard, room.cursor], [[1], undefined]);
    off();
    heard.length = 0;
    const again = collect(room);
    let joined;
    room.on('joined', (told) => (joined = told));
    await clock.advance(500);
    assert.deepEqual(again, upTo(25, 6));
    assert.equal(joined.recovered, false);
  });

  test(`${transport}: left before the join is answered: the next visit begins where it says`, async () => {
    for (const wait of [0, 3, 8, 20]) {
      const { clock, carillon } = await begun(transport, 10);
      const room = carillon.room('a', { last: 5 });
      const off = room.on('message', () => assert.fail('left'));
      await clock.advance(wait ? wait - 1 : 0);
      off();
      room.leave();
      await clock.advance(wait);
      assert.equal(room.cursor, undefined);
      const seqs = collect(carillon.room('a', { last: 5 }));
      await clock.advance(500);
      assert.deepEqual(seqs, upTo(10, 6), `after ${wait} ms`);
    }
  });

  test(`${transport}: left and joined in one handler: what is under way is not for the new join`, async () => {
    const { clock, server, carillon } = await begun(transport, 10);
    const room = carillon.room('a', { last: 10 });
    const heard = [];
    room.on('message', ({ seq }) => {
      heard.push(seq);
      if (heard.length === 1) {
        room.leave();
        room.join({ last: 3 });
      }
    });
    await clock.advance(500);
    server.publish('a', 'x', 11);
    await clock.advance(500);
    assert.deepEqual(heard, [1, 8, 9, 10, 11]);
  });

  test(`${transport}: left: no signal, no change of the members, nobody who types`, async () => {
    const { clock, server, carillon } = await begun(transport);
    const room = carillon.room('a');
    const heard = [];
    for (const name of ['message', 'signal', 'typing', 'resync', 'joined']) {
      room.on(name, () => heard.push(name));
    }
    room.presence.on('change', () => heard.push('change'));
    await clock.advance(100);
    server.signal('a', 'typing', { id: 'y', active: true }, 'bob');
    await clock.advance(100);
    heard.length = 0;
    server.signal('a', 'poke', 1);
    server.track('a', 'carol', {});
    server.publish('a', 'x', 1);
    room.leave();
    await clock.advance(20_000);
    assert.deepEqual(heard, []);
  });

  for (const turn of ['in one turn', 'a turn later', 'once it is joined']) {
    test(`${transport}: mounted, cleaned up and mounted again (${turn})`, async () => {
      const { clock, server, carillon } = await begun(transport, 10);
      const seqs = [];
      const joins = [];
      const mount = () => {
        const room = carillon.room('a', { last: 5 });
        const offs = [
          room.on('message', ({ seq }) => seqs.push(seq)),
          room.on('joined', ({ cursor }) => joins.push(cursor)),
        ];
        void room.presence.track({});
        return () => {
          offs.forEach((off) => off());
          room.leave();
        };
      };
      const cleanUp = mount();
      await (turn === 'a turn later' && clock.advance(1));
      await (turn === 'once it is joined' && clock.advance(500));
      cleanUp();
      await (turn === 'a turn later' && clock.advance(1));
      seqs.length = joins.length = 0;
      mount();
      await clock.advance(500);
      server.publish('a', 'x', 11);
      await clock.advance(500);
      assert.deepEqual([seqs, joins], [upTo(11, 6), ['e1.5']]);
      assert.equal(server.list('a').length, 1);
    });
  }

  test(`${transport}: joined is told before the events, and says where they begin`, async () => {
    const { clock, carillon } = await begun(transport, 10);
    const heard = [];
    const room = carillon.room('a', { last: 2 });
    room.on('joined', ({ cursor, head, recovered }) => heard.push([cursor, head, recovered]));
    room.on('message', ({ seq }) => heard.push(seq));
    await clock.advance(500);
    assert.deepEqual(heard, [['e1.8', 'e1.10', false], 9, 10]);
  });

  test(`${transport}: a live state of a room that was left and joined again is loaded anew`, async () => {
    const { clock, server, carillon } = await begun(transport, 2);
    let loads = 0;
    const room = carillon.room('a');
    const live = carillon.live(room, {
      load: () => {
        loads++;
        return { state: server.log('a').events.map(({ data }) => data), cursor: server.log('a').head };
      },
      apply: (state, { data }) => [...state, data],
    });
    await clock.advance(500);
    assert.deepEqual(live.state, [1, 2]);
    room.leave();
    server.publish('a', 'x', 3);
    await clock.advance(500);
    assert.deepEqual([live.state, loads], [[1, 2], 1]);
    void room.join();
    await clock.advance(500);
    server.publish('a', 'x', 4);
    await clock.advance(500);
    assert.deepEqual([live.state, loads], [[1, 2, 3, 4], 2]);
  });
}

test('a handler that was taken away by another is not called any more', async () => {
  const { clock, server, carillon } = await begun('websocket');
  const room = carillon.room('a');
  const heard = [];
  let off = () => {};
  room.on('message', () => off());
  off = room.on('message', () => heard.push('second'));
  await clock.advance(100);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  assert.deepEqual(heard, []);
});
