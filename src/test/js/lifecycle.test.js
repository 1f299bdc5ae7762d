import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene, upTo } from './kit/scene.js';

const states = (carillon) => carillon.states.map(({ state }) => state);

test('full jitter: 0–1 s first, doubling to 30 s, and the time of the next try is told', async () => {
  const { clock, server, client } = scene();
  server.down = true;
  const carillon = client({ random: () => 1 });
  const waits = [];
  carillon.on('status', ({ state, retryAt }) => {
    if (state === 'offline') {
      waits.push(retryAt - clock.now());
    }
  });
  collect(carillon.room('a'));
  await clock.advance(200_000);
  assert.deepEqual(waits.slice(0, 8), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  carillon.close();
  const hasty = client({ random: () => 0.25 });
  collect(hasty.room('a'));
  await clock.until(() => hasty.status.state === 'offline');
  assert.ok(hasty.status.retryAt - clock.now() <= 250);
});

test('the backoff begins anew after 10 s of live, and not before', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ random: () => 1, transports: ['websocket'] });
  const waits = [];
  carillon.on('status', ({ state, retryAt }) => {
    if (state === 'offline') {
      waits.push(retryAt - clock.now());
    }
  });
  for (const lived of [1000, 1000, 11_000, 1000]) {
    await clock.until(() => carillon.isLive());
    await clock.advance(lived);
    server.cut();
  }
  assert.deepEqual(waits, [1000, 2000, 1000, 2000]);
});

/* A visitor who breaks the connection of a demo again and again is no bad network. */
test('with a short settleAfter breaks that are over count no more, and no lesser transport is taken', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ random: () => 1, settleAfter: 1000 });
  collect(carillon.room('a'));
  for (let i = 0; i < 4; i++) {
    await clock.until(() => carillon.isOn('websocket'));
    await clock.advance(1500);
    server.down = true;
    server.cut();
    await clock.advance(10);
    assert.equal(carillon.status.retryAt - clock.now(), 990);
    await clock.advance(6000);
    server.down = false;
    await clock.until(() => carillon.isLive(), 9000);
    assert.ok(carillon.isOn('websocket'));
  }
});

test('what worked gets a second chance before something lesser is tried', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ random: () => 0.3 });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(11_000);
  server.websocket = 'refuse';
  server.cut();
  server.requests.length = 0;
  await clock.until(() => carillon.states.filter(({ state }) => state === 'offline').length === 2);
  assert.equal(server.requests.length, 0);
  await clock.until(() => carillon.isOn('sse'));
});

for (const blocked of ['refuse', 'hang']) {
  test(`without WebSocket all of a sudden (${blocked}) it is live over a stream within three seconds`, async () => {
    for (let step = 0; step <= 20; step++) {
      const { clock, server, client } = scene();
      const carillon = client({ random: () => Math.min(0.999, step / 20) });
      collect(carillon.room('a'));
      await clock.until(() => carillon.isLive());
      await clock.advance(11_000);
      server.websocket = blocked;
      server.cut();
      await clock.until(() => carillon.isOn('sse'), 2900);
      carillon.close();
    }
  });
}

for (const transports of [['websocket'], ['sse']]) {
  test(`goodbye over ${transports}: comes back when it was told to`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    await clock.advance(100);
    [...server.links][0].goodbye('drain', 4321);
    const at = clock.now();
    await clock.until(() => carillon.status.state === 'offline', 1000);
    assert.equal(carillon.status.reason, 'drain');
    server.publish('a', 'x', 1);
    assert.ok(Math.abs(carillon.status.retryAt - at - 4321) < 100);
    await clock.until(() => carillon.isLive(), 5000);
    assert.ok(clock.now() - at >= 4321);
    await clock.advance(100);
    assert.deepEqual(seqs, [1]);
  });

  test(`goodbye over ${transports} that only renews: nobody notices`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports });
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    await clock.advance(2000);
    const before = [...server.links][0];
    before.goodbye('renew', 0, 4003);
    server.publish('a', 'x', 1);
    await clock.advance(500);
    server.publish('a', 'x', 2);
    await clock.advance(100);
    assert.notEqual([...server.links][0], before);
    assert.deepEqual(seqs, [1, 2]);
    assert.ok(states(carillon).every((state) => state !== 'offline'));
  });
}

test('a goodbye that is not followed by a close is one all the same', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  await clock.until(() => carillon.isLive());
  server.of('websocket')[0].write({ type: 'goodbye', reason: 'drain', reconnectIn: 100 });
  await clock.until(() => !carillon.isLive(), 3000);
  await clock.until(() => carillon.isLive(), 3000);
});

test('a server that is overloaded answers a stream with goodbye; no poll is tried instead', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ transports: ['sse', 'poll'] });
  let told = 0;
  const { fetch } = server;
  carillon.close();
  const other = client({
    transports: ['sse', 'poll'],
    fetch: (url, init) => {
      if (init.headers.Accept === 'text/event-stream' && told++ === 0) {
        return Promise.resolve(
          new Response('retry: 700\nevent: carillon:goodbye\ndata: {"reason":"overloaded","reconnectIn":700}\n\n'),
        );
      }
      return fetch(url, init);
    },
  });
  collect(other.room('a'));
  await clock.advance(100);
  assert.equal(other.status.reason, 'overloaded');
  await clock.until(() => other.isLive(), 2000);
  assert.ok(other.isOn('sse'));
});

for (const code of [1001, 1006, 1011, 1012, 1013, 4001, 4003, 4250]) {
  test(`close ${code}: comes back`, async () => {
    const { clock, server, client } = scene();
    const carillon = client();
    await clock.until(() => carillon.isLive());
    server.of('websocket')[0].end(code);
    await clock.until(() => !carillon.isLive(), 1000);
    await clock.until(() => carillon.isLive(), 3000);
  });
}

for (const code of [4500, 4503, 4504, 4999]) {
  test(`close ${code}: stays away, and says why`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ token: () => 'good' });
    const room = carillon.room('a');
    collect(room);
    await clock.until(() => carillon.isLive());
    server.of('websocket')[0].end(code, 'because');
    await clock.advance(100_000);
    assert.deepEqual(
      [carillon.status.state, carillon.status.reason],
      ['failed', 'because'],
    );
    await assert.rejects(room.publish('x', 1), { code: 'failed' });
    carillon.connect();
    await clock.until(() => carillon.isLive(), 1000);
  });
}

test('close 4002: comes back with a new token', async () => {
  const { clock, server, client } = scene();
  let asked = 0;
  const carillon = client({ token: async () => `token${++asked}` });
  await clock.until(() => carillon.isLive());
  server.of('websocket')[0].end(4002, 'token expired');
  await clock.until(() => !carillon.isLive(), 1000);
  await clock.until(() => carillon.isLive(), 3000);
  assert.equal(asked, 2);
});

test('close 4501: asks for a token once more, and then stays away', async () => {
  const { clock, server, client } = scene();
  let asked = 0;
  const carillon = client({ token: async () => `token${++asked}` });
  await clock.until(() => carillon.isLive());
  server.of('websocket')[0].end(4501, 'unauthenticated');
  await clock.until(() => !carillon.isLive(), 1000);
  await clock.until(() => carillon.isLive(), 3000);
  assert.equal(asked, 2);
  await clock.advance(1000);
  server.of('websocket')[0].end(4501, 'unauthenticated');
  await clock.advance(60_000);
  assert.equal(carillon.status.state, 'failed');
  assert.equal(asked, 2);
});

test('close 4501 without a token function: stays away', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  await clock.until(() => carillon.isLive());
  server.of('websocket')[0].end(4501, 'unauthenticated');
  await clock.advance(60_000);
  assert.equal(carillon.status.state, 'failed');
});

for (const [transport, transports] of [
  ['websocket', ['websocket']],
  ['sse', ['sse']],
  ['poll', ['poll']],
]) {
  test(`${transport}: a token that is refused is asked for once more`, async () => {
    const { clock, server, client } = scene();
    server.user = (token) => (token === 'new' ? 'me' : undefined);
    const tokens = ['old', 'new'];
    const carillon = client({ transports, token: () => tokens.shift() });
    collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
  });

  test(`${transport}: a new token that is refused too: failed`, async () => {
    const { clock, server, client } = scene();
    server.user = () => undefined;
    let asked = 0;
    const carillon = client({ transports, token: () => `token${++asked}` });
    const room = carillon.room('a');
    collect(room);
    const refused = assert.rejects(room.publish('x', 1), { code: 'failed' });
    await clock.advance(60_000);
    await refused;
    assert.deepEqual(
      [carillon.status.state, carillon.status.reason],
      ['failed', 'unauthenticated'],
    );
    assert.equal(asked, 2);
  });

  test(`${transport}: a token function that fails is asked again, with backoff`, async () => {
    const { clock, client } = scene();
    let asked = 0;
    const carillon = client({
      transports,
      token: async () => {
        if (++asked < 3) {
          throw new Error('no network');
        }
        return 'good';
      },
    });
    collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    assert.equal(asked, 3);
  });
}

test('a cookie that is refused, and no token function: failed', async () => {
  const { clock, server, client } = scene();
  server.user = () => undefined;
  const carillon = client();
  collect(carillon.room('a'));
  await clock.advance(10_000);
  assert.deepEqual(
    [carillon.status.state, carillon.status.reason],
    ['failed', 'unauthenticated'],
  );
});

test('expiring over a socket: a new token is sent, the socket stays', async () => {
  const { clock, server, client } = scene();
  let asked = 0;
  const carillon = client({ token: () => `token${++asked}` });
  await clock.until(() => carillon.isLive());
  const [socket] = server.of('websocket');
  socket.write({ type: 'expiring', in: 60_000 });
  await clock.advance(100);
  assert.deepEqual(
    socket.received.filter(({ type }) => type === 'auth').map(({ token }) => token),
    ['token2'],
  );
  assert.equal(server.of('websocket')[0], socket);
});

test('expiring over a socket with a cookie: a new socket, and nobody notices', async () => {
  const { clock, server, client } = scene();
  let asked = 0;
  const carillon = client({ token: () => void asked++ });
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(2000);
  const [socket] = server.of('websocket');
  socket.write({ type: 'expiring', in: 60_000 });
  await clock.advance(100);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  assert.notEqual(server.of('websocket')[0], socket);
  assert.deepEqual(seqs, [1]);
  assert.equal(asked, 2);
  assert.ok(states(carillon).every((state) => state !== 'offline'));
});

test('expiring over a stream: it begins anew with a new token', async () => {
  const { clock, server, client } = scene();
  let asked = 0;
  const carillon = client({ transports: ['sse'], token: () => `token${++asked}` });
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  const [stream] = server.of('sse');
  stream.push({ type: 'expiring', in: 60_000 });
  await clock.advance(100);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  assert.notEqual(server.of('sse')[0], stream);
  assert.equal(server.of('sse').length, 1);
  assert.deepEqual(seqs, [1]);
  assert.equal(server.requests.at(-1).headers.Authorization, 'Bearer token2');
});

for (const wake of ['online', 'visibilitychange', 'pageshow']) {
  test(`wakes on ${wake}: tries at once`, async () => {
    const { clock, server, client } = scene();
    const page = new EventTarget();
    server.down = true;
    const carillon = client({ page, random: () => 1 });
    collect(carillon.room('a'));
    await clock.advance(40_000);
    server.down = false;
    assert.equal(carillon.status.state, 'offline');
    page.dispatchEvent(new Event(wake));
    await clock.until(() => carillon.isLive(), 100);
  });
}

test('online while live: looks whether the link lives, and whether a better one can be had', async () => {
  const { clock, server, client } = scene();
  const page = new EventTarget();
  const carillon = client({ page });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  server.of('websocket')[0].stalled = true;
  page.dispatchEvent(new Event('online'));
  await clock.until(() => carillon.status.reason === 'stalled', 5000);
  server.websocket = 'refuse';
  await clock.until(() => carillon.isOn('sse'), 10_000);
  server.websocket = 'ok';
  page.dispatchEvent(new Event('online'));
  await clock.until(() => carillon.isOn('websocket'), 200);
});

for (const transport of ['websocket', 'sse', 'poll']) {
  test(`${transport}: sleeps for an hour and wakes`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports: [transport] });
    const seqs = collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    await clock.advance(7000);
    server.links.forEach((link) => (link.stalled = true));
    server.publish('a', 'x', 1);
    if (transport === 'poll') {
      server.links.clear();
    }
    clock.sleep(3_600_000);
    await clock.advance(12_000);
    assert.deepEqual(seqs, [1]);
    assert.ok(carillon.isLive());
  });
}

test('an hour offline, and everything is there', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.down = true;
  server.cut();
  for (let i = 0; i < 500; i++) {
    server.publish('a', 'x', i);
  }
  await clock.advance(3_600_000);
  server.down = false;
  await clock.until(() => carillon.isLive());
  await clock.advance(1000);
  assert.deepEqual(seqs, upTo(500));
});

for (const transport of ['websocket', 'sse', 'poll']) {
  test(`${transport}: close leaves no timer, no link and no waiting promise`, async () => {
    const { clock, server, client } = scene();
    const carillon = client({ transports: [transport] });
    const room = carillon.room('a');
    collect(room);
    room.presence.track({ here: true });
    room.on('typing', () => {});
    room.typing();
    await clock.until(() => carillon.isLive());
    await clock.advance(500);
    server.publishing = () => ({ lost: true });
    const refused = assert.rejects(room.publish('x', 1), { code: 'closed' });
    await clock.advance(20);
    carillon.close();
    await refused;
    assert.equal(carillon.status.reason, 'closed');
    // What is left is the server's own.
    server.links.clear();
    await clock.advance(120_000);
    assert.equal(clock.waiting, 0);
    await assert.rejects(room.publish('x', 2), { code: 'closed' });
    carillon.connect();
    await clock.advance(1000);
    assert.equal(server.links.size, 0);
  });
}

test('closed before it began: nothing happens', async () => {
  const { clock, server, client } = scene();
  client().close();
  await clock.advance(10_000);
  assert.equal(server.links.size, 0);
  assert.equal(clock.waiting, 0);
});

test('a handler that throws spoils nothing', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const room = carillon.room('a');
  const { error } = console;
  let reported = 0;
  console.error = () => reported++;
  try {
    room.on('message', () => {
      throw new Error('mine');
    });
    const seqs = collect(room);
    await clock.until(() => carillon.isLive());
    await clock.advance(100);
    server.publish('a', 'x', 1);
    server.publish('a', 'x', 2);
    await clock.advance(100);
    assert.deepEqual(seqs, [1, 2]);
    assert.equal(reported, 2);
  } finally {
    console.error = error;
  }
});

test('a socket that talks nonsense is left', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  await clock.until(() => carillon.isLive());
  server.of('websocket')[0].onmessage({ data: '{' });
  assert.equal(carillon.status.reason, 'bad_frame');
  await clock.until(() => carillon.isLive());
});

test('a platform that forbids sockets: a stream', async () => {
  const { clock, client } = scene();
  const carillon = client({
    WebSocket: class {
      constructor() {
        throw new DOMException('policy', 'SecurityError');
      }
    },
  });
  collect(carillon.room('a'));
  await clock.until(() => carillon.isOn('sse'), 1000);
});

test('a server that renews at once, again and again, is not hammered', async () => {
  const { clock, server, client } = scene();
  const carillon = client({ transports: ['websocket'] });
  let ups = 0;
  carillon.on('status', ({ state }) => {
    if (state === 'live') {
      ups++;
      clock.setTimeout(() => server.of('websocket')[0]?.goodbye('renew', 0, 4003), 1);
    }
  });
  await clock.advance(60_000);
  assert.ok(ups < 20, `${ups}`);
});

test('after failed: a room goes on where it was', async () => {
  const { clock, server, client } = scene();
  const carillon = client();
  const seqs = collect(carillon.room('a'));
  await clock.until(() => carillon.isLive());
  await clock.advance(100);
  server.publish('a', 'x', 1);
  await clock.advance(100);
  server.of('websocket')[0].end(4504, 'revoked');
  await clock.advance(1000);
  server.publish('a', 'x', 2);
  carillon.connect();
  await clock.advance(1000);
  assert.deepEqual(seqs, [1, 2]);
});
