import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { collect, scene } from './kit/scene.js';

/**
 * A socket as the package `ws` has it: an `error` that nobody hears is thrown, and pings can be
 * heard. The handlers are properties, as in browsers.
 */
const likeWs = (server, made) => {
  const Plain = server.WebSocket;
  return class extends EventEmitter {
    constructor(url, protocol) {
      super();
      this.inner = new Plain(url, protocol);
      made.push(this);
      this.inner.onmessage = (message) => this.onmessage?.(message);
      this.inner.onclose = (closed) => {
        if (closed.code === 1006) {
          this.onerror ? this.onerror(new Error('refused')) : this.emit('error', new Error('refused'));
        }
        this.onclose?.(closed);
      };
    }
    get readyState() {
      return this.inner.readyState;
    }
    send(text) {
      this.inner.send(text);
    }
    close() {
      this.inner.close();
      // Closed while it connects: `ws` tells that as an error, later.
      queueMicrotask(() => this.onerror ?? this.emit('error', new Error('closed before the connection was established')));
    }
  };
};

for (const how of ['refuse', 'down']) {
  test(`a socket that tells errors as the package ws does (${how}): the process lives, and tries on`, async () => {
    const { clock, server, client } = scene();
    if (how === 'down') {
      server.down = true;
    } else {
      server.websocket = 'refuse';
    }
    const made = [];
    const carillon = client({ WebSocket: likeWs(server, made), transports: ['websocket', 'sse'] });
    collect(carillon.room('a'));
    await clock.advance(5000);
    assert.equal(carillon.status.state === 'live', how === 'refuse');
    server.down = false;
    server.websocket = 'ok';
    await clock.until(() => carillon.isOn('websocket'));
    carillon.close();
    await clock.advance(10);
    assert.ok(made.length > 1);
  });
}

test('a large message that comes in pieces with pings between them: busy is not dead', async () => {
  const { clock, server, client } = scene();
  const made = [];
  const page = new EventTarget();
  const carillon = client({ WebSocket: likeWs(server, made), page, transports: ['websocket'] });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  const [socket] = made;
  socket.inner.stalled = true;
  page.dispatchEvent(new Event('online'));
  for (let i = 0; i < 20; i++) {
    await clock.advance(2000);
    socket.emit('ping');
  }
  assert.ok(carillon.states.every(({ state }) => state !== 'offline'));
  // And when they end it is dead.
  await clock.until(() => carillon.status.reason === 'stalled', 35_000);
});

test('where answers take their time a pong may take its time', async () => {
  const { clock, server, client } = scene();
  const page = new EventTarget();
  const carillon = client({ page, transports: ['websocket'], token: () => 'good' });
  const room = carillon.room('a');
  collect(room);
  await clock.until(() => carillon.isLive());
  server.latency = 3000;
  const members = room.members();
  await clock.advance(6100);
  await members;
  page.dispatchEvent(new Event('online'));
  await clock.advance(9000);
  assert.ok(carillon.states.every(({ state }) => state !== 'offline'));
});

test('an answer that is late while other things come is waited for', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ transports: ['websocket'] });
  const room = carillon.room('a');
  collect(room);
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  let late = true;
  const { publish } = server;
  server.publishing = () => late && { lost: true };
  const done = room.publish('x', 1);
  for (let i = 0; i < 30; i++) {
    await clock.advance(1000);
    server.signal('a', 'busy', i);
  }
  assert.ok(carillon.states.every(({ state }) => state !== 'offline'));
  late = false;
  await clock.until(() => carillon.status.reason === 'stalled', 35_000);
  await clock.advance(5000);
  assert.ok(publish && (await done).seq === 1);
});

for (const transport of ['websocket', 'sse', 'poll']) {
  test(`${transport}: a history that drips for a minute is read; one that stops is given up`, async () => {
    const { clock, server, client } = scene();
    for (let i = 1; i <= 100; i++) {
      server.publish('a', 'x', i);
    }
    const { fetch } = server;
    let stops = false;
    const carillon = client({
      transports: [transport],
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (!String(url).includes('limit=77')) {
          return response;
        }
        const bytes = new Uint8Array(await response.arrayBuffer());
        let at = 0;
        const body = new ReadableStream({
          pull: (out) =>
            new Promise((resolve, reject) => {
              init.signal.addEventListener('abort', () => reject(new TypeError('aborted')));
              clock.setTimeout(() => {
                if (at >= bytes.length) {
                  out.close();
                } else if (!stops || at < 500) {
                  out.enqueue(bytes.subarray(at, (at += 200)));
                } else {
                  return;
                }
                resolve();
              }, 2000);
            }),
        });
        return new Response(body, { headers: response.headers });
      },
    });
    const room = carillon.room('a');
    await clock.until(() => carillon.isLive());
    const page = room.page({ limit: 77, after: '0.0' });
    let end;
    page.then(() => (end = clock.now()));
    const since = clock.now();
    await clock.until(() => end, 300_000);
    assert.equal((await page).events.length, 77);
    assert.ok(end - since > 60_000);
    stops = true;
    const given = assert.rejects(room.page({ limit: 77, after: '0.0' }), { code: 'timeout', retryable: true });
    await clock.advance(30_000);
    await given;
    assert.ok(carillon.states.every(({ state }) => state !== 'offline'));
  });
}

test('a socket that opens and dies shortly after, again and again: a stream, and it stays', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  const dying = () => {
    server.of('websocket').forEach((link) => clock.setTimeout(() => link.cut(), 300));
    clock.setTimeout(dying, 100);
  };
  clock.setTimeout(dying, 100);
  await clock.until(() => carillon.isOn('sse'), 10_000);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  assert.deepEqual(seqs, [1]);
});
