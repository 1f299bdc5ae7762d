// The unmodified pusher-js, laravel-echo and the server library `pusher`, against two instances.
// usage: node conversation.js http://host:port http://host:port
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import Echo from 'laravel-echo';
import Server from 'pusher';
import Client from 'pusher-js';
import nacl from 'tweetnacl';

const servers = process.argv.slice(2).map((address) => new URL(address));
const run = Math.random().toString(36).slice(2, 8);
const master = Buffer.alloc(32, 7).toString('base64');
const open = [];

function api(index, more = {}) {
  const at = servers[index];
  return new Server({
    appId: 'demo',
    key: 'demo-key',
    secret: 'demo-secret',
    host: at.hostname,
    port: at.port,
    useTLS: false,
    encryptionMasterKeyBase64: master,
    ...more,
  });
}

function options(index, user, app = {}) {
  const at = servers[index];
  const signer = api(index, app);
  return {
    cluster: 'none',
    wsHost: at.hostname,
    wsPort: Number(at.port),
    forceTLS: false,
    enabledTransports: ['ws'],
    nacl,
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, done) =>
        done(
          null,
          signer.authorizeChannel(
            socketId,
            channelName,
            user && { user_id: user, user_info: { name: user.toUpperCase() } },
          ),
        ),
    },
    userAuthentication: {
      customHandler: ({ socketId }, done) =>
        done(null, signer.authenticateUser(socketId, { id: user, watchlist: [`b-${run}`] })),
    },
  };
}

async function connect(index, user) {
  const client = new Client('demo-key', options(index, user));
  open.push(client);
  await within('connected', new Promise((done) => client.connection.bind('connected', done)));
  return client;
}

function within(what, promise, millis = 15_000) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not in time: ${what}`)), millis);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const next = (target, event) =>
  within(event, new Promise((done) => target.bind(event, (data, meta) => done([data, meta]))));

async function subscribe(client, name) {
  const channel = client.subscribe(name);
  if (!channel.subscribed) {
    await next(channel, 'pusher:subscription_succeeded');
  }
  return channel;
}

async function eventually(what, check) {
  for (let i = 0; i < 60; i++) {
    if (await check()) {
      return;
    }
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`not in time: ${what}`);
}

async function token(index, user, admin = false) {
  const answer = await fetch(new URL('/api/demo/token', servers[index]), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, admin }),
  });
  return (await answer.json()).token;
}

const tests = {
  async 'an event reaches every instance as it was published'() {
    const [a, b] = await Promise.all([connect(0), connect(1)]);
    const channels = await Promise.all([a, b].map((c) => subscribe(c, `news-${run}`)));
    for (const data of [{ a: [1, 'ü'] }, 'plain words', '"quoted"', '{ "a" :\n 1.0 }', '', '1']) {
      const heard = channels.map((c) => next(c, 'App\\Events\\Told'));
      const raw = next(b.connection, 'message');
      await api(0).trigger(`news-${run}`, 'App\\Events\\Told', data);
      const sent = typeof data === 'string' ? data : JSON.stringify(data);
      let expected = sent;
      try {
        expected = JSON.parse(sent);
      } catch {}
      for (const [got] of await Promise.all(heard)) {
        assert.deepEqual(got, expected);
      }
      assert.deepEqual((await raw)[0].data, expected);
      channels.forEach((c) => c.unbind());
    }
  },

  async 'who published is left out on every instance'() {
    const [a, b] = await Promise.all([connect(0), connect(1)]);
    const name = `private-x-${run}`;
    const [mine, other] = await Promise.all([subscribe(a, name), subscribe(b, name)]);
    const got = [];
    mine.bind_global((event) => got.push(event));
    const heard = next(other, 'two');
    await api(1).trigger(name, 'one', 1, { socket_id: a.connection.socket_id });
    await api(1).trigger(name, 'two', 2);
    await heard;
    await eventually('two', () => got.includes('two'));
    assert.ok(!got.includes('one'));
  },

  async 'client events and presence cross instances'() {
    const [a, b] = await Promise.all([connect(0, `a-${run}`), connect(1, `b-${run}`)]);
    const name = `presence-x-${run}`;
    const alice = await subscribe(a, name);
    assert.equal(alice.members.me.info.name, `a-${run}`.toUpperCase());
    const added = next(alice, 'pusher:member_added');
    const bob = await subscribe(b, name);
    assert.equal((await added)[0].id, `b-${run}`);
    assert.equal(bob.members.count, 2);
    const whispered = next(alice, 'client-typing');
    bob.trigger('client-typing', { on: true });
    assert.deepEqual(await whispered, [{ on: true }, { user_id: `b-${run}` }]);
    const users = await (await api(0).get({ path: `/channels/${name}/users` })).json();
    assert.deepEqual(users.users.map((u) => u.id).sort(), [`a-${run}`, `b-${run}`]);
    const removed = next(alice, 'pusher:member_removed');
    b.unsubscribe(name);
    assert.equal((await removed)[0].id, `b-${run}`);
  },

  async 'cache channels begin with the last event'() {
    const a = await connect(0);
    const name = `cache-x-${run}`;
    const channel = a.subscribe(name);
    await next(channel, 'pusher:cache_miss');
    await api(1).trigger(name, 'first', 1);
    await api(1).trigger(name, 'last', 2);
    const b = await connect(1);
    assert.equal((await next(b.subscribe(name), 'last'))[0], 2);
    const cached = await (await api(0).get({ path: `/channels/${name}`, params: { info: 'cache' } })).json();
    assert.equal(cached.cache.data, '2');
  },

  async 'what is encrypted is not read by us'() {
    const a = await connect(0);
    const channel = await subscribe(a, `private-encrypted-x-${run}`);
    const heard = next(channel, 'secret');
    await api(1).trigger(`private-encrypted-x-${run}`, 'secret', { n: 1 });
    assert.deepEqual((await heard)[0], { n: 1 });
  },

  async 'users sign in, are told, watched and sent away'() {
    const a = await connect(0, `a-${run}`);
    const watched = next(a.user.watchlist, 'online');
    a.signin();
    await eventually('signed in', () => a.user.user_data);
    await new Promise((done) => setTimeout(done, 500));
    const told = next(a.user, 'told');
    await api(1).sendToUser(`a-${run}`, 'told', { n: 1 });
    assert.deepEqual((await told)[0], { n: 1 });
    const b = await connect(1, `b-${run}`);
    b.signin();
    assert.deepEqual((await watched)[0].user_ids, [`b-${run}`]);
    const gone = next(a.connection, 'disconnected');
    await api(1).terminateUserConnections(`a-${run}`);
    await gone;
    assert.equal(b.connection.state, 'connected');
  },

  async 'batches, queries and bad signatures'() {
    const a = await connect(0);
    const one = await subscribe(a, `one-${run}`);
    const two = await subscribe(a, `two-${run}`);
    const heard = [next(one, 'e'), next(two, 'e')];
    await api(1).triggerBatch([
      { channel: `one-${run}`, name: 'e', data: 1 },
      { channel: `two-${run}`, name: 'e', data: 2 },
    ]);
    await Promise.all(heard);
    await eventually('occupied', async () => {
      const all = await (await api(1).get({ path: '/channels', params: { filter_by_prefix: 'one-' } })).json();
      return `one-${run}` in all.channels && !(`two-${run}` in all.channels);
    });
    await eventually('counted', async () => {
      const params = { info: 'subscription_count' };
      const got = await (await api(1).get({ path: `/channels/one-${run}`, params })).json();
      return got.occupied && got.subscription_count === 1;
    });
    await assert.rejects(api(0, { secret: 'wrong' }).trigger('x', 'e', 1), (e) => e.status === 401);
    await assert.rejects(api(0, { appId: 'none' }).trigger('x', 'e', 1), (e) => e.status === 404);
    await assert.rejects(api(0).trigger('x', 'pusher:no', 1), (e) => e.status === 400);
    await assert.rejects(api(0).trigger('x', 'e', 'x'.repeat(100_000)), (e) => e.status === 413);
  },

  async 'one bad event refuses a batch, and a key makes a retry safe'() {
    const channel = `whole-${run}`;
    const good = { channel, name: 'e', data: 1 };
    const bad = { channel: `other-${run}`, name: 'e', data: 'x'.repeat(70_000) };
    await assert.rejects(api(0).triggerBatch([{ ...good }, bad]), (e) => e.status === 413);
    for (const index of [0, 1]) {
      await api(index).triggerBatch([{ ...good, key: 'a' }, { ...good, data: 2, key: 'b' }]);
      await api(index).trigger([channel], 'e', 3, { key: 'c' });
    }
    const bearer = { authorization: `Bearer ${await token(0, 'reader')}`, accept: 'application/json' };
    const page = await fetch(new URL(`/api/rooms/pusher:${channel}/events`, servers[0]), { headers: bearer });
    assert.deepEqual((await page.json()).events.map((event) => event.data), [1, 2, 3]);
  },

  async 'our own users are signed for by us, and natives share the rooms'() {
    const bearer = { authorization: `Bearer ${await token(0, 'carol')}` };
    const at = servers[0];
    const client = new Client('demo-key', {
      ...options(0),
      channelAuthorization: { endpoint: new URL('/pusher/auth', at).href, headers: bearer },
      userAuthentication: { endpoint: new URL('/pusher/user-auth', at).href, headers: bearer },
    });
    open.push(client);
    const channel = await subscribe(client, `presence-own-${run}`);
    assert.equal(channel.members.me.id, 'carol');
    client.signin();
    await eventually('signed in', () => client.user.user_data?.id === 'carol');
    const heard = next(channel, 'from.native');
    const published = await fetch(new URL(`/api/rooms/pusher:presence-own-${run}/events`, at), {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'from.native', data: { n: 1 } }),
    });
    assert.equal(published.status, 201);
    assert.deepEqual((await heard)[0], { n: 1 });
    await api(1).trigger(`presence-own-${run}`, 'from.guest', { n: 2 });
    const history = await fetch(new URL(`/api/rooms/pusher:presence-own-${run}/events?last=1`, at), {
      headers: { ...bearer, accept: 'application/json' },
    });
    const [event] = (await history.json()).events;
    assert.deepEqual([event.name, event.data, event.by], ['from.guest', { n: 2 }, 'pusher:demo']);
  },

  async 'webhooks are signed, told once, and a dead address delays nobody'() {
    const app = { appId: `hooks-${run}`, key: `key-${run}`, secret: `secret-${run}` };
    const told = [];
    const hook = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        const webhook = api(0, app).webhook({ headers: request.headers, rawBody: body });
        const first = told.length === 0;
        told.push(...(webhook.isValid() ? webhook.getEvents() : [{ name: 'forged' }]));
        if (first) {
          told.splice(0);
          told.push({ name: 'refused once' });
        }
        response.writeHead(first ? 500 : 200).end();
      });
    });
    await new Promise((done) => hook.listen(0, '127.0.0.1', done));
    try {
      const made = await fetch(new URL(`/api/apps/${app.appId}`, servers[0]), {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${await token(0, 'operator', true)}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          key: app.key,
          secret: app.secret,
          namespace: app.appId,
          webhooks: ['http://127.0.0.1:9/dead', `http://127.0.0.1:${hook.address().port}/`],
        }),
      });
      assert.equal(made.status, 201);
      await new Promise((done) => setTimeout(done, 8_000));
      const [a, b] = [0, 1].map((i) => new Client(app.key, options(i, `user-${i}`, app)));
      open.push(a, b);
      const channel = await subscribe(a, 'presence-hooked');
      await subscribe(b, 'presence-hooked');
      channel.trigger('client-waved', { n: 1 });
      const names = () => told.map((e) => e.name);
      await eventually('told', () => names().filter((n) => n === 'member_added').length === 2);
      await eventually('event told', () => names().includes('client_event'));
      a.unsubscribe('presence-hooked');
      b.unsubscribe('presence-hooked');
      await eventually('vacated', () => names().includes('channel_vacated'));
      await new Promise((done) => setTimeout(done, 1_500));
      assert.deepEqual(names().sort(), [
        'channel_occupied',
        'channel_vacated',
        'client_event',
        'member_added',
        'member_added',
        'member_removed',
        'member_removed',
        'refused once',
      ]);
      const event = told.find((e) => e.name === 'client_event');
      assert.deepEqual(
        [event.channel, event.event, event.data, event.user_id],
        ['presence-hooked', 'client-waved', '{"n":1}', 'user-0'],
      );
    } finally {
      hook.close();
    }
  },

  async 'subscribers are told how many they are, over both instances'() {
    const app = { appId: `counts-${run}`, key: `ckey-${run}`, secret: `csecret-${run}` };
    const made = await fetch(new URL(`/api/apps/${app.appId}`, servers[0]), {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await token(0, 'operator', true)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ key: app.key, secret: app.secret, namespace: app.appId, counts: true }),
    });
    assert.equal(made.status, 201);
    assert.equal((await made.json()).counts, true);
    await new Promise((done) => setTimeout(done, 8_000));
    const [a, b] = [0, 1].map((i) => new Client(app.key, options(i, `user-${i}`, app)));
    open.push(a, b);
    const told = [];
    const channel = await subscribe(a, 'counted');
    channel.bind('pusher:subscription_count', (data) => told.push(data.subscription_count));
    await eventually('one', () => told.at(-1) === 1 && channel.subscriptionCount === 1);
    await subscribe(b, 'counted');
    await eventually('two', () => told.at(-1) === 2);
    b.unsubscribe('counted');
    await eventually('one again', () => told.at(-1) === 1);
  },

  async 'Laravel Echo, as pusher and as reverb, without the one who sent'() {
    globalThis.Pusher = Client;
    for (const broadcaster of ['pusher', 'reverb']) {
      const echo = new Echo({
        broadcaster,
        key: 'demo-key',
        ...options(0, `e-${run}`),
        Pusher: Client,
      });
      open.push(echo.connector.pusher);
      const got = [];
      const joined = new Promise((done) => echo.join(`${broadcaster}-${run}`).here(done));
      assert.equal((await within('here', joined)).length, 1);
      echo.private(`${broadcaster}-${run}`).listen('.Told', (data) => got.push(data));
      echo.private(`${broadcaster}-${run}`).listen('Framed', (data) => got.push(data));
      await new Promise((done) => setTimeout(done, 500));
      const channel = `private-${broadcaster}-${run}`;
      await api(1).trigger(channel, 'Told', { n: 1 }, { socket_id: echo.socketId() });
      await api(1).trigger(channel, 'Told', { n: 2 });
      await api(1).trigger(channel, 'App\\Events\\Framed', { n: 3 });
      await eventually('told', () => got.length >= 2);
      assert.deepEqual(got, [{ n: 2 }, { n: 3 }]);
    }
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
    console.log(`ok   ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}`, error);
  } finally {
    open.splice(0).forEach((client) => client.disconnect());
  }
}
process.exit(failed === 0 ? 0 : 1);
