/*
 * The client against real servers: node conformance.js URL URL. Over each transport one client
 * reads and publishes on the first server, while another on the second server sees the same.
 */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { Carillon } from '../../../main/webapp/carillon.js';

const [first, second] = process.argv.slice(2);
const EVENTS = 100;

for (const transport of ['websocket', 'sse', 'poll']) {
  const name = `client:${transport}-${Date.now()}`;
  const here = new Carillon(first, { transports: [transport], token: () => demoToken(first, 'alice') });
  const there = new Carillon(second, { token: () => demoToken(second, 'bob') });
  const seqs = [here, there].map((client) => {
    const heard = [];
    client.room(name).on('message', ({ seq }) => heard.push(seq));
    return heard;
  });
  const room = here.room(name);
  const doc = room.optimistic({ state: 0, apply: (sum, { data }) => sum + data.n });
  room.presence.on('change', () => {});
  await room.presence.track({ mood: 'ok' });
  await there.room(name).join();

  const acks = await Promise.all(
    Array.from({ length: EVENTS }, (_, i) => room.publish('message', { n: i }, { key: `k${i}` })),
  );
  const numbers = Array.from({ length: EVENTS }, (_, i) => i + 1);
  assert.deepEqual(acks.map(({ seq }) => seq), numbers);
  assert.equal((await room.publish('message', { n: 1 }, { key: 'k1' })).duplicate, true);
  await until(() => seqs.every((heard) => heard.length === EVENTS));
  assert.deepEqual(seqs, [numbers, numbers]);
  assert.equal(doc.state, (EVENTS * (EVENTS - 1)) / 2);

  const past = [];
  for await (const { seq } of room.history({ after: '0.0' })) {
    past.push(seq);
  }
  assert.deepEqual(past, numbers);
  await until(() => room.presence.members().some(({ state }) => state.mood === 'ok'));
  assert.equal((await room.members()).members[0].user, 'alice');
  await assert.rejects(room.publish('no name', 1), { code: 'bad_name' });
  await assert.rejects(here.room('carillon:no').publish('x', 1), { code: 'forbidden' });
  if (transport !== 'poll') {
    let signal;
    room.on('signal:poke', (poke) => (signal = poke));
    await there.room(name).signal('poke', { hard: true });
    await until(() => signal);
    assert.deepEqual([signal.by, signal.data], ['bob', { hard: true }]);
  }
  assert.equal(here.status.transport, transport);
  console.log(transport, 'ok');
  here.close();
  there.close();
}

async function demoToken(server, user) {
  const answer = await fetch(new URL('api/demo/token', server), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  return (await answer.json()).token;
}

async function until(holds) {
  for (let i = 0; !holds(); i++) {
    assert.ok(i < 200, `not within 10 s: ${holds}`);
    await wait(50);
  }
}
