import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parser } from '../../main/webapp/carillon/parser.js';

const text = [
  'retry: 1000\n\n',
  ': a comment\n\n',
  'id: e1.1\nevent: a.b\ndata: {"x":\ndata:1}\n\n',
  'event:c\r\ndata: two: parts\r\n\r\n',
  'event: d\rdata\r\r',
  'data: no name\n\n',
].join('');
const frames = [
  ['a.b', '{"x":\n1}'],
  ['c', 'two: parts'],
  ['d', ''],
  ['', 'no name'],
];

test('an event stream, cut anywhere', () => {
  for (let cut = 0; cut <= text.length; cut++) {
    const read = [];
    const parse = parser((type, data) => read.push([type, data]));
    parse(text.slice(0, cut));
    parse(text.slice(cut));
    assert.deepEqual(read, frames, `cut at ${cut}`);
  }
});

test('an event stream, character by character', () => {
  const read = [];
  const parse = parser((type, data) => read.push([type, data]));
  [...text].forEach(parse);
  assert.deepEqual(read, frames);
});
