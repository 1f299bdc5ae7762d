import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from './kit/clock.js';
import { collect, scene, upTo } from './kit/scene.js';

/* Parts of a page that share a room: each has its own beginning, its own handlers, its own end. */

const ways = ['websocket', 'sse', 'poll'];
const numberOf = (cursor) => Number(cursor.split('.')[1]);

/** A live client, a room with so many events, and what is asked of the wire for it. */
async function begun(transport, events = 0, options = {}) {
  const all = scene();
  const { server, clock } = all;
  const publish = (n = 1) => {
    for (let i = 0; i < n; i++) {
      server.publish('a', 'x', 0);
    }
  };
  publish(events);
  const carillon = all.client({ transports: [transport], ...options });
  collect(carillon.room('other'));
  await clock.until(() => carillon.isLive());
  await clock.advance(50);
  const frames = (type) =>
    server.of('websocket').flatMap(({ received }) => received).filter((one) => one.type === type && one.room === 'a');
  const isRead = () =>
    transport === 'websocket'
      ? frames('join').length > frames('leave').length
      : server.of(transport).some(({ rooms }) => rooms.includes('a'));
  return { ...all, carillon, publish, isRead, frames };
}

/** What a room hands out, with `joined` and `resync`. */
function record(room) {
  const heard = [];
  room.on('joined', ({ cursor }) => heard.push(`joined ${cursor}`));
  room.on('resync', ({ reason }) => heard.push(reason));
  room.on('message', ({ seq }) => heard.push(seq));
  return heard;
}

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

  test(`${transport}: each begins where it says, and the first hears nothing twice`, async () => {
    const { clock, carillon, publish, frames } = await begun(transport, 10);
    const first = record(carillon.room('a'));
    await clock.advance(100);
    publish(2);
    await clock.advance(100);
    const heard = [{ last: 3 }, { after: 'e1.4' }, undefined, { last: 3 }].map((options) =>
      record(carillon.room('a', options)),
    );
    await clock.advance(3);
    publish();
    await clock.advance(500);
    publish();
    await clock.advance(100);
    assert.deepEqual(first, ['joined e1.10', 11, 12, 13, 14]);
    const last = heard.map((one) => one.splice(0));
    assert.deepEqual(last[1], ['joined e1.4', ...upTo(14, 5)]);
    assert.deepEqual(last[2], ['joined e1.12', 13, 14]);
    for (const one of [last[0], last[3]]) {
      const from = numberOf(one[0]);
      assert.ok([9, 10].includes(from), 'the last three before the head of that moment');
      assert.deepEqual(one.slice(1), upTo(14, from + 1));
    }
    assert.ok(frames('join').length <= 1, 'the wire has one join a room');
  });

  test(`${transport}: two that begin alike share one beginning`, async () => {
    const { clock, server, carillon } = await begun(transport, 10);
    const before = server.requests.length;
    const heard = [record(carillon.room('a', { last: 2 })), record(carillon.room('a', { last: 2 }))];
    await clock.advance(500);
    assert.deepEqual(heard, [['joined e1.8', 9, 10], ['joined e1.8', 9, 10]]);
    assert.ok(transport !== 'websocket' || server.requests.length === before, 'no call by HTTP');
  });

  test(`${transport}: a beginning of many pages, while events come`, async () => {
    const { clock, carillon, publish } = await begun(transport, 450);
    const first = collect(carillon.room('a'));
    await clock.advance(100);
    const second = collect(carillon.room('a', { after: 'e1.20' }));
    for (let i = 0; i < 60; i++) {
      publish();
      await clock.advance(3);
    }
    await clock.advance(500);
    assert.deepEqual(first, upTo(510, 451));
    assert.deepEqual(second, upTo(510, 21));
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

  test(`${transport}: who comes while others catch up hears only what is new`, async () => {
    const { clock, server, carillon, publish } = await begun(transport, 3);
    const first = collect(carillon.room('a', { last: 3 }));
    await clock.advance(100);
    server.down = true;
    server.cut();
    await clock.advance(1000);
    publish(150);
    const second = record(carillon.room('a'));
    server.down = false;
    await clock.until(() => carillon.isLive());
    await clock.advance(500);
    publish();
    await clock.advance(100);
    assert.deepEqual(first, upTo(154));
    assert.deepEqual(second, ['joined e1.153', 154]);
  });

  test(`${transport}: history that lags behind what the others heard leaves no gap`, async () => {
    const { clock, server, carillon, publish } = await begun(transport, 10);
    const first = collect(carillon.room('a'));
    await clock.advance(100);
    const { page } = server;
    let lag = 2;
    server.page = (rooms, after, options = {}) => {
      const answer = page.call(server, rooms, after, options);
      const isHistory = rooms[0] === 'a' && (options.last || after === 'e1.8');
      if (isHistory && lag) {
        lag -= options.last ? 0 : 1;
        return { ...answer, events: answer.events.filter(({ seq }) => seq <= 8), cursor: 'e1.8', head: 'e1.8' };
      }
      return answer;
    };
    const second = collect(carillon.room('a', { last: 5 }));
    await clock.advance(30_000);
    publish();
    await clock.advance(100);
    assert.deepEqual([first, second], [[11], upTo(11, 6)]);
  });

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

  test(`${transport}: what is not retained is told to who asked for it alone`, async () => {
    const { clock, server, carillon, publish } = await begun(transport, 10);
    server.log('a').retain(6);
    const first = record(carillon.room('a', { last: 1 }));
    await clock.advance(100);
    const second = record(carillon.room('a', { after: 'e1.2' }));
    await clock.advance(100);
    publish();
    await clock.advance(100);
    assert.deepEqual(first, ['joined e1.9', 10, 11]);
    assert.deepEqual(second, ['joined e1.10', 'expired', 11]);
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

  test(`${transport}: what one part was there with goes with it, what another said last stands`, async () => {
    const { clock, server, carillon } = await begun(transport);
    const rooms = [carillon.room('a'), carillon.room('a'), carillon.room('a')];
    const now = async () => {
      await clock.advance(100);
      return server.list('a').map(({ state }) => state);
    };
    void rooms[0].presence.track({ n: 0 });
    assert.deepEqual(await now(), [{ n: 0 }]);
    void rooms[1].presence.track({ n: 1 });
    assert.deepEqual(await now(), [{ n: 1 }]);
    void rooms[2].join();
    rooms[2].leave();
    assert.deepEqual(await now(), [{ n: 1 }]);
    void rooms[0].presence.track({ n: 2 });
    assert.deepEqual(await now(), [{ n: 2 }]);
    rooms[0].leave();
    assert.deepEqual(await now(), [{ n: 1 }]);
    await clock.advance(60_000);
    server.cut();
    await clock.until(() => carillon.isLive());
    await clock.advance(6000);
    assert.deepEqual(await now(), [{ n: 1 }]);
    void rooms[1].presence.untrack();
    assert.deepEqual(await now(), []);
    void rooms[1].presence.track({ n: 3 });
    assert.deepEqual(await now(), [{ n: 3 }]);
    rooms[1].leave();
    assert.deepEqual(await now(), []);
  });

  test(`${transport}: who follows later is told the list, the others hear nothing twice`, async () => {
    const { clock, server, carillon } = await begun(transport);
    server.track('a', 'bob', {});
    const heard = [[], []];
    const follow = (i, room = carillon.room('a')) => {
      room.presence.on('change', ({ members, joined, left }) =>
        heard[i].push([members, joined.map(({ user }) => user), left].flat().map((one) => one.user ?? one).join()));
      return room;
    };
    const joins = [];
    const first = follow(0);
    first.on('joined', () => joins.push(1));
    await clock.advance(6000);
    const second = follow(1);
    await clock.advance(6000);
    assert.deepEqual(heard, [['bob,bob'], ['bob,bob']]);
    assert.deepEqual(second.presence.members().map(({ user }) => user), ['bob']);
    assert.deepEqual([joins.length, second.presence.count], [1, 1]);
    first.leave();
    server.track('a', 'bob', undefined);
    server.track('a', 'eve', {});
    await clock.advance(6000);
    assert.equal(heard[0].length, 1);
    assert.ok(heard[1].length > 1 && second.presence.members()[0].user === 'eve');
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

  test(`${transport}: whatever parts come and go, and whatever breaks: no gap, nothing twice`, async () => {
    for (let seed = 1; seed <= Number(process.env.SEEDS ?? 12); seed++) {
      await chance(transport, seed);
    }
  });
}

/** Parts that come, go and come again at random, over a network that breaks at random. */
async function chance(transport, seed) {
  const random = seeded(seed);
  const below = (n) => Math.floor(random() * n);
  const { clock, server, carillon, publish } = await begun(transport, 20, { random: seeded(seed) });
  const parts = [];
  const come = () => {
    const head = numberOf(server.log('a').head);
    const options = [{ last: 1 + below(30) }, { after: `e1.${below(head)}` }, {}][below(3)];
    // What is on its way to the others is new.
    const known = parts.map(({ room }) => (room.cursor ? numberOf(room.cursor) : 0));
    const room = carillon.room('a', options);
    const then = known.length && !(options.last || options.after) ? Math.min(...known) : head;
    const part = { room, options, head: then, seqs: collect(room), from: undefined };
    room.on('joined', ({ cursor }) => (part.from ??= numberOf(cursor)));
    parts.push(part);
  };
  const gone = [];
  for (let step = 0; step < 60; step++) {
    const act = below(10);
    if (act < 4) {
      publish(below(4));
    } else if (act < 7) {
      come();
    } else if (act < 9 && parts.length) {
      const [part] = parts.splice(below(parts.length), 1);
      part.room.leave();
      gone.push({ ...part, had: part.seqs.length });
    } else if (act === 9) {
      server.cut();
    }
    await clock.advance(below(3) ? below(12) : 0);
  }
  await clock.until(() => carillon.isLive());
  await clock.advance(60_000);
  publish();
  await clock.advance(100);
  const head = numberOf(server.log('a').head);
  for (const { seqs, from, options, had, head: then } of [...parts, ...gone]) {
    const where = `seed ${seed}: ${JSON.stringify(options)} at ${then}: from ${from}, ${seqs}`;
    const left = had !== undefined;
    assert.ok(!left || seqs.length === had, where);
    assert.ok(left || from !== undefined, where);
    assert.deepEqual(seqs, from === undefined ? [] : upTo(left ? from + had : head, from + 1), where);
    if (from !== undefined) {
      const { after, last } = options;
      assert.ok(after ? from === numberOf(after) : from >= Math.max(0, then - (last ?? 0)), where);
    }
  }
}
