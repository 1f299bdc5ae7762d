import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from './kit/scene.js';

/** A list of words that can be set and added to. */
function apply(state, { name, data }) {
  switch (name) {
    case 'set':
      return { ...state, [data.at]: data.to };
    case 'add':
      return { ...state, list: [...(state.list ?? []), data] };
    default:
      return state;
  }
}

test('shown at once, confirmed by its key', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const doc = carillon.room('a').optimistic({ state: {}, apply });
  const shown = [];
  doc.on('change', (state) => shown.push(state.x));
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  const done = doc.publish('set', { at: 'x', to: 1 });
  assert.deepEqual([doc.state, doc.confirmed, doc.pending.length], [{ x: 1 }, {}, 1]);
  await clock.advance(100);
  assert.equal((await done).seq, 1);
  assert.deepEqual([doc.state, doc.confirmed, doc.pending], [{ x: 1 }, { x: 1 }, []]);
  assert.ok(shown.slice(1).every((x) => x === 1), 'it does not flicker');
  assert.equal(server.log('a').events.length, 1);
});

test('a refusal rolls it back, and what came after it stays', async () => {
  const { clock, server, client } = scene();
  server.publishing = ({ data }) => data === 'bad' && { code: 'forbidden' };
  const carillon = client();
  const doc = carillon.room('a').optimistic({ state: {}, apply });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  const results = Promise.allSettled([
    doc.publish('add', 'a'),
    doc.publish('add', 'bad'),
    doc.publish('add', 'c'),
  ]);
  assert.deepEqual(doc.state.list, ['a', 'bad', 'c']);
  await clock.advance(200);
  assert.deepEqual((await results).map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled']);
  assert.deepEqual([doc.state.list, doc.pending], [['a', 'c'], []]);
});

test('pending changes lie on top of what arrives', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const doc = carillon.room('a').optimistic({ state: {}, apply });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.publishing = () => ({ code: 'overloaded', retryAfter: 1000 });
  void doc.publish('add', 'mine');
  await clock.advance(100);
  server.publish('a', 'add', 'theirs');
  await clock.advance(100);
  assert.deepEqual([doc.confirmed.list, doc.state.list], [['theirs'], ['theirs', 'mine']]);
  server.publishing = () => undefined;
  await clock.advance(5000);
  assert.deepEqual([doc.state.list, doc.pending], [['theirs', 'mine'], []]);
});

test('a room that has a past is read from its first event', async () => {
  const { clock, server, client } = scene();
  server.publish('a', 'add', 1);
  server.publish('a', 'add', 2);
  const carillon = client();
  const doc = carillon.room('a').optimistic({ state: {}, apply });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  await doc.ready;
  assert.deepEqual(doc.state.list, [1, 2]);
});

test('a snapshot that is loaded holds a change of ours already: not shown twice', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const load = async () => ({
    state: server.log('a').events.reduce(apply, {}),
    cursor: server.log('a').head,
  });
  const doc = carillon.room('a').optimistic({ load, apply });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  let lost = 0;
  server.publishing = () => lost++ === 0 && { commit: true, lost: true };
  const done = doc.publish('add', 'mine');
  await clock.advance(8);
  server.down = true;
  server.cut();
  server.log('a').retain(1);
  server.log('a').events = [];
  server.publish('a', 'add', 'later');
  server.log('a').floor = 2;
  server.log('a').events = [];
  await clock.advance(1000);
  server.down = false;
  await clock.advance(10_000);
  assert.equal((await done).duplicate, true);
  assert.deepEqual(doc.pending, []);
});

test('two edit the same thing offline: both end in the same state', async () => {
  const { clock, server, client } = scene();
  server.user = (token) => token;
  const [alice, bob] = ['alice', 'bob'].map((name) => client({ token: () => name }));
  const docs = [alice, bob].map((one) => one.room('a').optimistic({ state: {}, apply }));
  await clock.until(() => alice.isLive() && bob.isLive());
  await clock.advance(100);
  server.down = true;
  server.cut();
  await clock.advance(2000);
  for (const [i, doc] of docs.entries()) {
    void doc.publish('set', { at: 'title', to: `by ${i}` });
    void doc.publish('add', i);
  }
  assert.deepEqual(docs.map((doc) => doc.state.title), ['by 0', 'by 1']);
  await clock.advance(60_000);
  server.down = false;
  await clock.advance(60_000);
  assert.deepEqual(docs[0].state, docs[1].state);
  assert.deepEqual(docs[0].state, server.log('a').events.reduce(apply, {}));
  assert.deepEqual([...docs[0].state.list].sort(), [0, 1]);
  assert.deepEqual(docs.map((doc) => doc.pending), [[], []]);
});

test('conflicts are seen before an offline change is sent: withdrawn, replaced or kept', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const conflicts = [];
  const doc = carillon.room('a').optimistic({
    state: {},
    apply,
    conflict(change, event) {
      conflicts.push([change.data, event.data]);
      if (change.data.at !== event.data.at) {
        return;
      }
      return change.data.at === 'x' ? null : { data: { at: 'y', to: 'both' } };
    },
  });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.down = true;
  server.cut();
  await clock.advance(1000);
  const withdrawn = assert.rejects(doc.publish('set', { at: 'x', to: 'mine' }), { code: 'withdrawn' });
  const replaced = doc.publish('set', { at: 'y', to: 'mine' });
  const kept = doc.publish('set', { at: 'z', to: 'mine' });
  server.publish('a', 'set', { at: 'x', to: 'theirs' });
  server.publish('a', 'set', { at: 'y', to: 'theirs' });
  server.down = false;
  await clock.advance(5000);
  await withdrawn;
  await replaced;
  await kept;
  assert.deepEqual(doc.state, { x: 'theirs', y: 'both', z: 'mine' });
  assert.deepEqual(server.log('a').events.reduce(apply, {}), doc.state);
  assert.ok(conflicts.length >= 3);
});

test('what was sent already cannot be withdrawn; a replacement follows it', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const doc = carillon.room('a').optimistic({
    state: {},
    apply,
    conflict: (change) => change.data.to === 'mine' && { data: { at: 'x', to: 'merged' } },
  });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  let first = true;
  server.publishing = ({ room }) => {
    if (first) {
      first = false;
      server.publish(room, 'set', { at: 'x', to: 'theirs' });
      return { code: 'overloaded', retryAfter: 500 };
    }
  };
  void doc.publish('set', { at: 'x', to: 'mine' });
  await clock.advance(5000);
  assert.deepEqual(server.log('a').events.map(({ data }) => data.to), ['theirs', 'mine', 'merged']);
  assert.deepEqual([doc.state.x, doc.pending], ['merged', []]);
});

test('a lost epoch takes confirmed changes away, and pending ones stay', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const doc = carillon.room('a').optimistic({
    load: async () => ({ state: server.log('a').events.reduce(apply, {}), cursor: server.log('a').head }),
    apply,
  });
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  void doc.publish('add', 'kept');
  void doc.publish('add', 'lost');
  await clock.advance(100);
  server.log('a').rewind('e2', 1);
  server.resync('a');
  await clock.advance(100);
  void doc.publish('add', 'new');
  await clock.advance(1000);
  assert.deepEqual([doc.state.list, doc.pending], [['kept', 'new'], []]);
});
