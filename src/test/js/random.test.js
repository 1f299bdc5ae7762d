import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from './kit/clock.js';
import { scene, upTo } from './kit/scene.js';

/*
 * A server that kills, stalls, repeats, skips, forks without a loss and fails at random, over all three transports. What
 * must hold whatever it does: each reader hears 1, 2, 3 … n, and each acked publish is there once.
 * SEED=n runs one seed, SEEDS=n as many.
 */
const first = Number(process.env.SEED ?? 1);
const seeds = process.env.SEED ? 1 : Number(process.env.SEEDS ?? 20);

for (let seed = first; seed < first + seeds; seed++) {
  test(`seed ${seed}`, () => run(seed));
}

async function run(seed) {
  const random = seeded(seed);
  const chance = (p) => random() < p;
  const pick = (...items) => items[Math.floor(random() * items.length)];
  const { clock, server, client } = scene(seed);
  server.user = (token) => (token && !token.startsWith('stale') ? token.split('/')[0] : undefined);

  let tokens = 0;
  const clients = ['alice', 'bob', 'carol'].map((user) => {
    const carillon = client({
      token: async () => `${chance(0.05) ? 'stale' : user}/${++tokens}`,
      transports: pick(['websocket', 'sse', 'poll'], ['websocket', 'sse', 'poll'], ['sse', 'poll'], ['poll'], ['websocket']),
    });
    const rooms = ['a', 'b'].map((name) => {
      const room = carillon.room(name, { after: '0.0' });
      const seqs = [];
      const datas = [];
      room.on('message', (event) => {
        seqs.push(event.seq);
        datas.push(event.data);
      });
      room.on('resync', (resync) => assert.fail(JSON.stringify(resync)));
      return { room, seqs, datas };
    });
    return { user, carillon, rooms };
  });

  const acked = [];
  const failed = [];
  let wild = true;
  server.publishing = () => {
    if (!wild || !chance(0.3)) {
      return undefined;
    }
    return pick(
      { code: 'overloaded', retryAfter: 300 },
      { code: 'storage' },
      { code: 'rate', status: 429, retryAfter: 100 },
      { code: 'unknown', commit: true },
      { code: 'unknown', commit: false },
      { commit: true, lost: true },
      { commit: false, lost: true },
    );
  };
  // What is skipped once is there when it is read anew.
  const skipped = new Set();
  server.copies = ({ room, seq }, { user }) => {
    const copies = wild ? pick(1, 1, 1, 1, 2, 3, chance(0.2) ? 0 : 1) : 1;
    const what = `${user} ${room} ${seq}`;
    return copies || (skipped.has(what) ? 1 : (skipped.add(what), 0));
  };

  let n = 0;
  for (let step = 0; step < 150; step++) {
    for (const { user, carillon, rooms } of clients) {
      if (chance(0.5) && carillon.status.state !== 'failed') {
        const { room } = rooms[pick(0, 1)];
        const data = { user, n: n++ };
        room.publish('x', data).then(
          (ack) => acked.push({ room: room.name, data, ack }),
          (error) => failed.push(error),
        );
      }
      if (carillon.status.state === 'failed') {
        carillon.connect();
      }
    }
    const link = pick(...server.links);
    if (chance(0.15)) {
      link?.cut();
    } else if (link && link.kind !== 'poll' && chance(0.1)) {
      link.stalled = true;
    } else if (link?.goodbye && chance(0.1)) {
      link.goodbye('drain', random() * 3000);
    } else if (link?.kind === 'websocket' && chance(0.1)) {
      link.end(pick(1001, 1006, 1011, 1012, 1013, 4001, 4002, 4003));
    }
    if (chance(0.05)) {
      server.websocket = pick('ok', 'refuse', 'hang', 'mute');
      server.streams = pick('ok', 'refuse', 'buffer', 'error');
    }
    if (chance(0.05)) {
      server.down = !server.down;
    }
    if (chance(0.03)) {
      clock.sleep(60_000);
    }
    if (chance(0.05)) {
      server.log(pick('a', 'b')).fork(`f${step}`);
    }
    server.latency = pick(1, 5, 50, 200);
    await clock.advance(random() * 1500);
  }

  wild = false;
  Object.assign(server, { down: false, websocket: 'ok', streams: 'ok', latency: 5 });
  clients.forEach(({ carillon }) => carillon.connect());
  await clock.advance(400_000);

  assert.equal(failed.length, 0, String(failed[0]));
  assert.equal(acked.length, n, 'every publish was acked');
  for (const { room, data, ack } of acked) {
    const found = server.log(room).events.filter((event) => event.data.n === data.n);
    assert.deepEqual(found.map(({ seq }) => seq), [ack.seq], 'once, and where the ack says');
  }
  for (const [i, name] of ['a', 'b'].entries()) {
    const { events } = server.log(name);
    for (const { user, rooms } of clients) {
      assert.deepEqual(rooms[i].seqs, upTo(events.length), `${user} in ${name}`);
      const own = events.filter((event) => event.by === user).map(({ data }) => data.n);
      assert.deepEqual(own, [...own].sort((a, b) => a - b), `what ${user} published keeps its order`);
    }
  }
}
