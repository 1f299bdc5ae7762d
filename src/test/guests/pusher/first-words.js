// What pusher-js says first, heard by a bare socket and compared with what it said when this was written: a
// new version that says something else is seen here before a user sees it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import Client from 'pusher-js';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const heard = [];
let told;
const enough = new Promise((done) => (told = done));

function frame(text) {
  const bytes = Buffer.from(text);
  const head = bytes.length < 126 ? [0x81, bytes.length] : [0x81, 126, bytes.length >> 8, bytes.length & 255];
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** Masked frames of less than 64 KiB, which is all that is said here. */
function* frames(bytes) {
  for (let at = 0; at + 6 <= bytes.length; ) {
    const short = bytes[at + 1] & 127;
    const mask = at + (short === 126 ? 4 : 2);
    const length = short === 126 ? bytes.readUInt16BE(at + 2) : short;
    const content = bytes.subarray(mask + 4, mask + 4 + length);
    yield [bytes[at] & 15, content.map((b, i) => b ^ bytes[mask + (i & 3)]).toString()];
    at = mask + 4 + length;
  }
}

const server = createServer().on('upgrade', (request, socket) => {
  heard.push(request.url, request.headers['sec-websocket-protocol'] ?? 'no sub-protocol');
  const key = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${key}\r\n\r\n`,
  );
  const data = JSON.stringify({ socket_id: '1.2', activity_timeout: 1 });
  socket.write(frame(JSON.stringify({ event: 'pusher:connection_established', data })));
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    for (const [kind, text] of frames(bytes)) {
      if (kind === 1) {
        heard.push(text);
        const { event, data } = JSON.parse(text);
        if (event === 'pusher:subscribe') {
          const succeeded = 'pusher_internal:subscription_succeeded';
          socket.write(frame(JSON.stringify({ event: succeeded, channel: data.channel, data: '{}' })));
        }
        if (event === 'pusher:ping') {
          told();
        }
      }
    }
  });
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const client = new Client('demo-key', {
  cluster: 'none',
  wsHost: '127.0.0.1',
  wsPort: server.address().port,
  forceTLS: false,
  enabledTransports: ['ws'],
  channelAuthorization: { customHandler: (_, done) => done(null, { auth: 'demo-key:00' }) },
  userAuthentication: { customHandler: (_, done) => done(null, { auth: 'demo-key:11', user_data: '{"id":"a"}' }) },
});
client.subscribe('news');
const channel = client.subscribe('private-x');
channel.bind('pusher:subscription_succeeded', () => {
  channel.trigger('client-a', { n: 1 });
  client.signin();
  client.unsubscribe('news');
});
const late = setTimeout(told, 20_000);
await enough;
clearTimeout(late);
client.disconnect();
server.close();
if (process.argv.includes('--show')) {
  console.log(JSON.stringify(heard, null, 2));
}
const sorted = (lines) => lines.toSorted();
assert.deepEqual(
  sorted(heard),
  sorted([
    '/app/demo-key?protocol=7&client=js&version=8.6.0&flash=false',
    'no sub-protocol',
    '{"event":"pusher:subscribe","data":{"auth":"","channel":"news"}}',
    '{"event":"pusher:subscribe","data":{"auth":"demo-key:00","channel":"private-x"}}',
    '{"event":"client-a","data":{"n":1},"channel":"private-x"}',
    '{"event":"pusher:unsubscribe","data":{"channel":"news"}}',
    '{"event":"pusher:signin","data":{"auth":"demo-key:11","user_data":"{\\"id\\":\\"a\\"}"}}',
    '{"event":"pusher:ping","data":{}}',
  ]),
);
process.exit(0);
