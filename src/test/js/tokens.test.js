import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect, scene } from './kit/scene.js';

const ways = ['websocket', 'sse', 'poll'];
const live = ({ states }) => states.filter(({ state }) => state === 'live').length;

/**
 * Tokens that end, and a server that knows it: `n/end` is good until `end`. It warns so many ms
 * before the end, whenever it looks, and closes what is over.
 */
function issuer({ clock, server }, { life, warning, skew = 0 }) {
  const given = [];
  server.user = (token, how) => {
    const left = Number(token?.split('/')[1]) - clock.now();
    return left > (how === 'auth' ? 0 : -skew) ? 'me' : undefined;
  };
  const look = () => {
    for (const link of server.links) {
      const ends = Number(given.at(-1).split('/')[1]);
      const fresh = (link.received ?? []).filter(({ type }) => type === 'auth');
      link.ends = Math.max(link.ends ?? ends, ...fresh.map(({ token }) => Number(token.split('/')[1])));
      const left = link.ends - clock.now();
      if (left <= 0 && link.kind === 'websocket') {
        link.goodbye('expired', 0, 4002);
      } else if (left <= 0) {
        link.goodbye?.('expired', 0);
      } else if (left <= warning(life)) {
        link.kind === 'websocket'
          ? link.write({ type: 'expiring', in: left })
          : link.push({ type: 'expiring', in: left });
      }
    }
    clock.setTimeout(look, 1000);
  };
  clock.setTimeout(look, 1000);
  return {
    given,
    next: (for_ = life) => {
      given.push(`${given.length}/${clock.now() + for_}`);
      return given.at(-1);
    },
  };
}

for (const transport of ways) {
  for (const [words, warning] of [
    ['a minute before, whatever the life', () => 60_000],
    ['at a quarter of the life', (life) => Math.min(60_000, life / 4)],
  ]) {
    test(`${transport}: tokens of 50 s, a server that warns ${words}: one a life`, async () => {
      const all = scene();
      const { clock, server, client } = all;
      const { given, next } = issuer(all, { life: 50_000, warning });
      const carillon = client({ transports: [transport], token: () => next() });
      const seqs = collect(carillon.room('a'));
      await clock.until(() => carillon.isLive());
      await clock.advance(15_000);
      assert.ok(given.length <= 2, `${given.length} in 15 s`);
      await clock.advance(285_000);
      assert.ok(given.length >= 6 && given.length <= 12, `${given.length} in 300 s`);
      server.publish('a', 'x', 1);
      await clock.advance(100);
      assert.deepEqual(seqs, [1]);
      assert.ok(carillon.states.every(({ state }) => state === 'connecting' || state === 'live'));
    });
  }
}

for (const transport of ['websocket', 'sse']) {
  for (const [how, fails] of [
    ['throws', () => { throw new Error('502'); }],
    ['rejects', () => Promise.reject(new Error('502'))],
    ['does not answer', () => new Promise(() => {})],
  ]) {
    test(`${transport}: a token server that ${how} for 25 s while the token is good: stays live`, async () => {
      const all = scene();
      const { clock, client } = all;
      const { given, next } = issuer(all, { life: 600_000, warning: () => 60_000 });
      let away = false;
      let asked = 0;
      const carillon = client({
        transports: [transport],
        token: () => (asked++, away ? fails() : next(given.length ? 600_000 : 68_000)),
      });
      collect(carillon.room('a'));
      await clock.until(() => carillon.isLive());
      away = true;
      await clock.advance(25_000);
      away = false;
      await clock.advance(30_000);
      assert.equal(given.length, 2);
      assert.ok(asked > 2 && asked < 20, `${asked} asked`);
      await clock.advance(60_000);
      assert.ok(carillon.states.every(({ state }) => state === 'connecting' || state === 'live'));
    });
  }

  test(`${transport}: a token server that is away longer than the token: offline, and back with it`, async () => {
    const all = scene();
    const { clock, client } = all;
    const { given, next } = issuer(all, { life: 600_000, warning: () => 60_000 });
    let away = false;
    const carillon = client({
      transports: [transport],
      token: () => (away ? Promise.reject(new Error('502')) : next(given.length ? 600_000 : 68_000)),
    });
    collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    away = true;
    await clock.advance(65_000);
    assert.equal(carillon.status.state, 'live');
    await clock.advance(30_000);
    assert.equal(carillon.status.state === 'live', false);
    away = false;
    await clock.until(() => carillon.isLive(), 31_000);
  });

  test(`${transport}: a new token that the server will not have yet: asked again, and live all the while`, async () => {
    const all = scene();
    const { clock, server, client } = all;
    const { given, next } = issuer(all, { life: 600_000, warning: () => 60_000 });
    const carillon = client({ transports: [transport], token: () => next(given.length ? 600_000 : 68_000) });
    collect(carillon.room('a'));
    await clock.until(() => carillon.isLive());
    const { user } = server;
    server.user = (token, how) => (how === 'auth' ? undefined : user(token, how));
    await clock.advance(20_000);
    server.user = user;
    await clock.advance(60_000);
    assert.ok(carillon.states.every(({ state }) => state === 'connecting' || state === 'live'));
  });
}

for (const transport of ways) {
  for (const [how, token] of [
    ['the same token again and again', (all) => { const one = all.next(); return () => one; }],
    ['a cookie', () => undefined],
  ]) {
    test(`${transport}: who does not renew (${how}) ends in one clear state`, async () => {
      const all = scene();
      const { clock, server, client } = all;
      // The server lets a token in for a minute longer than it serves it.
      const tokens = issuer(all, { life: 90_000, warning: () => 60_000, skew: 60_000 });
      const own = token(tokens);
      if (!own) {
        const until = Number(tokens.next().split('/')[1]) + 60_000;
        server.user = () => (clock.now() < until ? 'me' : undefined);
      }
      const carillon = client({ transports: [transport], token: own });
      const room = carillon.room('a');
      collect(room);
      await clock.until(() => carillon.isLive());
      server.requests.length = 0;
      await clock.advance(300_000);
      assert.equal(carillon.status.state, 'failed');
      assert.ok(live(carillon) <= 2, JSON.stringify(carillon.states));
      const { length } = server.requests;
      await clock.advance(300_000);
      assert.equal(server.requests.length, length, 'and leaves the server alone');
      await assert.rejects(room.join(), { code: 'failed' });
    });
  }

  test(`${transport}: a token that hangs is given up after 15 s, and asked for again`, async () => {
    const { clock, client } = scene();
    let asked = 0;
    const carillon = client({
      transports: [transport],
      token: () => (++asked === 1 ? new Promise(() => {}) : 'good'),
    });
    collect(carillon.room('a'));
    await clock.advance(14_900);
    assert.deepEqual([carillon.isLive(), asked], [false, 1]);
    await clock.until(() => carillon.isLive(), 3000);
    assert.ok(carillon.states.some(({ reason }) => reason === 'timeout'));
    assert.equal(asked, 2);
  });

  test(`${transport}: a token function that throws is an error of ours`, async () => {
    const { clock, client } = scene();
    let good = true;
    const carillon = client({
      transports: [transport],
      token: () => {
        if (!good) {
          throw new TypeError('not mine');
        }
        return 'good';
      },
    });
    const room = carillon.room('a');
    await clock.until(() => carillon.isLive());
    carillon.close();
    good = false;
    const other = client({ transports: [transport], token: () => { throw new TypeError('not mine'); } });
    collect(other.room('a'));
    await clock.advance(100);
    assert.deepEqual([other.status.state, other.status.reason], ['offline', 'network']);
    await assert.rejects(room.page(), { name: 'CarillonError' });
  });

  test(`${transport}: 503 for an hour, whatever it says: never given up`, async () => {
    const { clock, server, client } = scene();
    const { fetch } = server;
    let away = true;
    const busy = (code) =>
      new Response(JSON.stringify({ status: 503, code, detail: 'The issuer is away.', retryable: n % 2 > 0 }), {
        status: 503,
        headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '2' },
      });
    let n = 0;
    server.websocket = 'refuse';
    const carillon = client({
      transports: [transport],
      token: () => 'good',
      fetch: (url, init) =>
        away ? Promise.resolve(busy(['unauthenticated', 'storage', 'issuer'][n++ % 3])) : fetch(url, init),
    });
    const seqs = collect(carillon.room('a'));
    const done = carillon.room('a').publish('x', 1);
    await clock.advance(3_600_000);
    assert.ok(carillon.states.every(({ state }) => state === 'connecting' || state === 'offline'));
    away = false;
    server.websocket = 'ok';
    await clock.until(() => carillon.isLive(), 31_000);
    await clock.advance(500);
    assert.equal((await done).seq, 1);
    assert.deepEqual(seqs, [1]);
  });

  test(`${transport}: the network comes back while a try hangs: another is made at once`, async () => {
    const { clock, server, client } = scene();
    const page = new EventTarget();
    const carillon = client({ page, transports: [transport] });
    server.latency = 3_600_000;
    collect(carillon.room('a'));
    await clock.advance(3000);
    server.latency = 5;
    page.dispatchEvent(new Event('online'));
    page.dispatchEvent(new Event('visibilitychange'));
    await clock.until(() => carillon.isLive(), 500);
    assert.equal(server.requests.length <= 2, true);
  });
}
