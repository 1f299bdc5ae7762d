import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun, ways } from './kit/parts.js';

/* Parts of a page that share a room: what each is present with, and who is told of members. */

for (const transport of ways) {
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
}
