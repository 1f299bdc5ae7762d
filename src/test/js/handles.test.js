import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun, numberOf, record, ways } from './kit/parts.js';
import { collect, upTo } from './kit/scene.js';

/* Parts of a page that share a room: each has its own handlers and its own end. */

for (const transport of ways) {
  test(`${transport}: one part leaves, the other hears on; the last one leaves the room`, async () => {
    const { clock, carillon, publish, isRead } = await begun(transport);
    const one = carillon.room('a');
    const other = carillon.room('a');
    const seqs = [collect(one), collect(other)];
    await clock.advance(100);
    publish();
    await clock.advance(100);
    one.leave();
    publish();
    await clock.advance(100);
    assert.deepEqual(seqs, [[1], [1, 2]]);
    assert.deepEqual([one.cursor, other.cursor], [undefined, 'e1.2']);
    assert.ok(isRead());
    other.leave();
    publish();
    await clock.advance(30_000);
    assert.deepEqual(seqs, [[1], [1, 2]]);
    assert.ok(!isRead());
  });

  for (const wait of [0, 1, 6, 12, 30]) {
    test(`${transport}: StrictMode: two parts, mounted, cleaned up and mounted again after ${wait} ms`, async () => {
      const { clock, server, carillon, publish } = await begun(transport, 10);
      const mount = (options, heard) => {
        const room = carillon.room('a', options);
        const off = room.on('message', ({ seq }) => heard.push(seq));
        room.on('joined', ({ cursor }) => heard.push(cursor));
        void room.presence.track({});
        return () => {
          off();
          room.leave();
        };
      };
      const heard = [[], []];
      const cleanUps = [mount({ last: 5 }, heard[0]), mount({ last: 2 }, heard[1])];
      await (wait && clock.advance(wait));
      cleanUps[0]();
      heard[0] = [];
      const unmount = mount({ last: 5 }, heard[0]);
      cleanUps[1]();
      heard[1] = [];
      mount({ last: 2 }, heard[1]);
      await clock.advance(500);
      publish();
      await clock.advance(100);
      assert.deepEqual(heard, [['e1.5', ...upTo(11, 6)], ['e1.8', 9, 10, 11]]);
      assert.equal(server.list('a').length, 1);
      unmount();
      publish();
      await clock.advance(100);
      assert.deepEqual(heard.map((one) => one.at(-1)), [11, 12]);
      assert.equal(server.list('a').length, 1);
    });

    test(`${transport}: one unmounts after ${wait} ms, while the other joins`, async () => {
      const { clock, carillon, publish } = await begun(transport, 10);
      const one = carillon.room('a', { last: 8 });
      const gone = record(one);
      const other = record(carillon.room('a', { last: 3 }));
      const third = record(carillon.room('a'));
      await (wait && clock.advance(wait));
      one.leave();
      const before = gone.length;
      publish();
      await clock.advance(500);
      publish();
      await clock.advance(100);
      assert.equal(gone.length, before);
      const from = numberOf(other[0].split(' ')[1]);
      assert.ok(from === 7 || from === 8);
      assert.deepEqual(other.slice(1), upTo(12, from + 1));
      assert.deepEqual(third.slice(1), upTo(12, numberOf(third[0].split(' ')[1]) + 1));
      assert.ok(['joined e1.10', 'joined e1.11'].includes(third[0]));
    });

    test(`${transport}: a break ${wait} ms after the second came`, async () => {
      const { clock, server, carillon, publish } = await begun(transport, 300);
      const first = collect(carillon.room('a'));
      await clock.advance(100);
      const second = collect(carillon.room('a', { after: 'e1.50' }));
      await (wait && clock.advance(wait));
      server.down = true;
      server.cut();
      publish(3);
      await clock.advance(5000);
      server.down = false;
      await clock.until(() => carillon.isLive());
      publish(2);
      await clock.advance(35_000);
      publish();
      await clock.advance(100);
      assert.deepEqual(first, upTo(306, 301));
      assert.deepEqual(second, upTo(306, 51));
    });
  }

  test(`${transport}: one leaves in its handler, the other has the event all the same`, async () => {
    const { clock, carillon, publish, isRead } = await begun(transport);
    const one = carillon.room('a');
    const seqs = [];
    one.on('message', ({ seq }) => {
      seqs.push(seq);
      one.leave();
    });
    one.on('message', () => assert.fail('left'));
    const other = collect(carillon.room('a'));
    await clock.advance(100);
    publish(3);
    await clock.advance(500);
    assert.deepEqual([seqs, other, isRead()], [[1], [1, 2, 3], true]);
  });

  test(`${transport}: left while its beginning is read: nothing more, and the next join begins anew`, async () => {
    for (const wait of [0, 3, 8, 20]) {
      const { clock, carillon, publish } = await begun(transport, 200);
      collect(carillon.room('a'));
      await clock.advance(100);
      const room = carillon.room('a', { after: 'e1.10' });
      const seqs = collect(room);
      const joined = room.join();
      await clock.advance(wait);
      const before = seqs.length;
      room.leave();
      await (before || assert.rejects(joined, { code: 'left' }));
      publish();
      await clock.advance(500);
      assert.deepEqual([seqs.length, room.cursor], [before, undefined]);
      seqs.length = 0;
      void room.join({ last: 2 });
      await clock.advance(500);
      assert.deepEqual(seqs, [200, 201]);
    }
  });

  test(`${transport}: a room that may not be read any more is refused to all`, async () => {
    const { clock, server, carillon, publish } = await begun(transport, 2);
    server.forbidden.add('a');
    const rooms = [carillon.room('a', { last: 1 }), carillon.room('a')];
    const heard = rooms.map(record);
    const codes = [];
    rooms.forEach((room) => room.on('error', ({ code }) => codes.push(code)));
    const refused = rooms.map((room) => assert.rejects(room.join(), { code: 'forbidden' }));
    await clock.advance(500);
    await Promise.all(refused);
    assert.deepEqual(codes, ['forbidden', 'forbidden']);
    server.forbidden.clear();
    void rooms[0].join();
    await clock.advance(500);
    publish();
    await clock.advance(100);
    assert.deepEqual(heard, [['joined e1.1', 2, 3], []]);
  });

  test(`${transport}: a live state by name has a room of its own, and leaves it in the end`, async () => {
    const { clock, carillon, publish, isRead } = await begun(transport, 2);
    const other = carillon.room('a');
    const seqs = collect(other);
    await clock.advance(100);
    const load = () => ({ state: 0, cursor: 'e1.1' });
    const live = carillon.live('a', { load, apply: (state, { seq }) => state + seq });
    await clock.advance(500);
    publish();
    await clock.advance(100);
    assert.equal(live.state, 5);
    live.stop();
    publish();
    await clock.advance(100);
    assert.deepEqual([live.state, seqs, isRead()], [5, [3, 4], true]);
    other.leave();
    await clock.advance(30_000);
    assert.ok(!isRead());
  });
}
