/* What people do to messages after they were sent: the later of two stands, whatever page it came with. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Changes, isChange } from '../../main/webapp/chat/changes.js';

const message = { name: 'message', epoch: 'e', seq: 5, by: 'ann', data: { text: 'first' } };
const edited = (seq, by, text) => ({ name: 'message.edited', epoch: 'e', seq, by, data: { of: 'e.5', text } });
const removed = (seq, by) => ({ name: 'message.removed', epoch: 'e', seq, by, data: { of: 'e.5' } });
const reaction = (seq, by, sign, on) => ({ name: 'reaction', epoch: 'e', seq, by, data: { of: 'e.5', sign, on } });

const seen = (events, pending = [], earlier = []) => {
  const changes = new Changes();
  events.forEach((event) => changes.take(event));
  earlier.forEach((event) => changes.take(event, true));
  return changes.of(message, pending);
};

test('the last edit of the author stands; what others write about it is not shown', () => {
  assert.deepEqual(seen([edited(6, 'ann', 'second'), edited(7, 'eve', 'forged'), edited(8, 'ann', 'third')]),
    { text: 'third', edited: true, removed: false, reactions: [] });
  assert.equal(seen([removed(6, 'eve')]).removed, false);
  assert.equal(seen([edited(6, 'ann', 'second'), removed(7, 'ann')]).removed, true);
});

test('a page of history that comes late undoes nothing', () => {
  assert.equal(seen([edited(9, 'ann', 'new')], [], [edited(6, 'ann', 'old')]).text, 'new');
  assert.equal(seen([], [], [edited(6, 'ann', 'old')]).text, 'old');
  const other = { ...edited(2, 'ann', 'after the rewind'), epoch: 'f' };
  assert.equal(seen([edited(9, 'ann', 'new'), other]).text, 'after the rewind');
});

test('reactions: of each one by each, given and taken back', () => {
  assert.deepEqual(
    seen([reaction(6, 'bob', '👍', true), reaction(7, 'ann', '👍', true), reaction(8, 'bob', '❤️', true), reaction(9, 'bob', '👍', false)]).reactions,
    [['👍', ['ann']], ['❤️', ['bob']]]);
});

test('what is on its way is shown on top, and only on its own message', () => {
  const pending = [edited(undefined, 'ann', 'soon'), { ...removed(undefined, 'ann'), data: { of: 'e.6' } }];
  assert.deepEqual(seen([edited(6, 'ann', 'second')], pending), { text: 'soon', edited: true, removed: false, reactions: [] });
});

test('whatever else comes into the room changes nothing', () => {
  for (const event of [
    { name: 'message.edited', data: { of: 'e.5' } },
    { name: 'message.edited', data: { of: 5, text: 'x' } },
    { name: 'message.removed', data: null },
    { name: 'reaction', data: { of: 'e.5', sign: '' } },
    { name: 'reaction', data: { of: 'e.5', sign: 'a whole sentence' } },
    { name: 'toString', data: { of: 'e.5' } },
  ]) {
    assert.equal(isChange(event), false, event.name);
  }
  assert.equal(isChange(reaction(1, 'ann', '👍', true)), true);
});
