import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from './kit/clock.js';
import { begun, numberOf, ways } from './kit/parts.js';
import { collect, upTo } from './kit/scene.js';

for (const transport of ways) {
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
