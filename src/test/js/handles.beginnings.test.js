import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun, numberOf, record, ways } from './kit/parts.js';
import { collect, upTo } from './kit/scene.js';

/* Parts of a page that share a room: each begins where it says. */

for (const transport of ways) {
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
}
