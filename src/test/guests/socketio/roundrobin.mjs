// Clients behind a balancer without stickiness: node roundrobin.mjs <server> <server> [<pid of the first one>]
import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { call, client, once, publish, room, sleep, steps, token, until } from './kit.mjs'

const servers = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const pid = Number(process.argv[4] ?? 0)
const alice = await token(servers[0], 'alice')
const bob = await token(servers[1], 'bob')

/**
 * A balancer. Requests of a session go in turn ('turn'), always to the instance that does not hold it
 * ('astray'), or always to the one that does ('home'); the rest in turn, or to the server that `first` says.
 * A server that cannot be reached is passed over.
 */
function balance(way, first = null) {
  const holders = new Map()
  const seen = { turn: 0, home: 0, astray: 0, polls: 0 }
  const choose = (url) => {
    const sid = new URL(url, 'http://x').searchParams.get('sid')
    const home = holders.get(sid?.split('.')[0])
    let to = seen.turn++ % 2
    if (home === undefined) to = sid ? to : first ?? to
    else if (balancer.way !== 'turn') to = balancer.way === 'home' ? home : 1 - home
    if (home !== undefined) seen[to === home ? 'home' : 'astray']++
    return to
  }
  const pass = (asked, answer, to, body, again) => {
    const { hostname, port } = new URL(servers[to])
    const on = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (got) => {
      const parts = []
      got.on('data', (part) => parts.push(part))
      got.on('error', () => answer.destroy())
      got.on('end', () => {
        const text = Buffer.concat(parts)
        const sid = /^0\{"sid":"([^"]+)"/.exec(text)?.[1]
        if (sid) holders.set(sid.split('.')[0], to)
        answer.writeHead(got.statusCode, got.headers)
        answer.end(text)
      })
    })
    on.on('error', (failure) => {
      if (again && failure.code === 'ECONNREFUSED') pass(asked, answer, 1 - to, body, false)
      else answer.destroy()
    })
    on.end(body)
  }
  const listener = createServer((asked, answer) => {
    seen.polls++
    const parts = []
    asked.on('data', (part) => parts.push(part))
    asked.on('end', () => pass(asked, answer, choose(asked.url), Buffer.concat(parts), true))
  })
  listener.on('upgrade', (asked, near, head) => {
    const { hostname, port } = new URL(servers[choose(asked.url)])
    const far = connect(port, hostname, () => {
      const headers = asked.rawHeaders.map((text, i) => text + (i % 2 ? '\r\n' : ': ')).join('')
      far.write(`GET ${asked.url} HTTP/1.1\r\n${headers}\r\n`)
      far.write(head)
      near.pipe(far).pipe(near)
    })
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  const balancer = { way, seen, listener }
  return new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', () => resolve(Object.assign(balancer, { url: `http://127.0.0.1:${listener.address().port}` })))
  })
}

async function connected(url, transports, more) {
  const socket = client(url, { token: alice }, transports, more)
  socket.failures = []
  socket.drops = 0
  socket.on('disconnect', () => socket.drops++)
  socket.io.on('open', () => socket.io.engine.on('upgradeError', (e) => socket.failures.push(e)))
  await once(socket, 'connect')
  return socket
}

let rooms = 0

/** Acks, 200 events in order once each, bytes; all on one session. */
async function converse(socket) {
  const name = room(`rr${rooms++}`)
  const got = []
  const bytes = []
  socket.on('n', (data) => got.push(data))
  socket.on('b', (data) => bytes.push(Buffer.from(data)))
  const id = socket.id
  assert.ok((await call(socket, 'join', name)).cursor)
  for (let i = 0; i < 200; i++) await publish(servers[i % 2], bob, name, 'n', i)
  await until('200 events', () => got.length >= 200)
  const mine = Promise.all(Array.from({ length: 50 }, (_, i) => call(socket, 'publish', name, 'n', 200 + i)))
  for (const answer of await mine) assert.ok(answer.seq, JSON.stringify(answer))
  const sent = Array.from({ length: 5 }, (_, i) => Buffer.from(Array.from({ length: 3000 * i + 1 }, (_, j) => (i + j) % 256)))
  for (const each of sent) assert.ok((await call(socket, 'publish', name, 'b', each)).seq)
  await until('bytes', () => bytes.length === sent.length)
  await until('250 events', () => got.length >= 250)
  await sleep(100)
  assert.deepEqual(got, Array.from({ length: 250 }, (_, i) => i))
  sent.forEach((each, i) => assert.ok(each.equals(bytes[i]), `bytes ${i}`))
  assert.equal(socket.id, id)
  assert.equal(socket.drops, 0)
  assert.ok(socket.connected)
}

const polls = (url, sid, more) => fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, more)

async function open(base) {
  const answer = await fetch(`${base}/socket.io/?EIO=4&transport=polling`)
  return JSON.parse((await answer.text()).slice(1)).sid
}

async function error(answer, status, code, message) {
  assert.equal(answer.status, status)
  assert.deepEqual(await answer.json(), { code, message })
}

const all = {
  'polls in turn': async () => {
    const balancer = await balance('turn')
    const socket = await connected(balancer.url, ['polling'])
    await converse(socket)
    assert.equal(socket.io.engine.transport.name, 'polling')
    assert.ok(balancer.seen.home > 50 && balancer.seen.astray > 50, JSON.stringify(balancer.seen))
    socket.disconnect()
  },
  'every poll astray': async () => {
    const balancer = await balance('astray')
    const socket = await connected(balancer.url, ['polling'])
    await converse(socket)
    assert.equal(balancer.seen.home, 0)
    socket.disconnect()
  },
  "the library's default, whose upgrade finds the instance": async () => {
    const balancer = await balance('home')
    const socket = await connected(balancer.url)
    await until('the move', () => socket.io.engine.transport.name === 'websocket')
    await converse(socket)
    assert.deepEqual(socket.failures, [])
    socket.disconnect()
  },
  'and whose upgrade does not: it stays with polls': async () => {
    const balancer = await balance('astray')
    const socket = await connected(balancer.url)
    await until('the refusal', () => socket.failures.length === 1)
    await converse(socket)
    assert.equal(socket.io.engine.transport.name, 'polling')
    assert.equal(balancer.seen.home, 0)
    socket.disconnect()
  },
  'sixteen of them in turn': async () => {
    const balancer = await balance('turn')
    const sockets = await Promise.all(Array.from({ length: 16 }, () => connected(balancer.url)))
    await Promise.all(sockets.map(converse))
    sockets.forEach((socket) => socket.disconnect())
  },
  'an instance that is not there, and one that never was': async () => {
    const [instance, secret] = (await open(servers[0])).split('.')
    assert.match(instance, /^[0-9a-f]{8}$/)
    for (const sid of [`ffffffff.${secret}`, `${instance}.unknown`, secret, '.', 'x.y']) {
      for (const server of servers) {
        await error(await polls(server, sid), 400, 1, 'Session ID unknown')
        await error(await polls(server, sid, { method: 'POST', body: '40' }), 400, 1, 'Session ID unknown')
      }
    }
  },
  'what the holder refuses is refused': async () => {
    const sid = await open(servers[0])
    assert.equal((await polls(servers[1], sid, { method: 'POST', body: '4'.repeat(1000001) })).status, 413)
    assert.equal((await polls(servers[1], sid, { headers: { authorization: 'Bearer x' } })).status, 401)
    const waits = polls(servers[1], sid)
    await sleep(200)
    await error(await polls(servers[1], sid), 400, 3, 'Bad request')
    assert.equal(await (await waits).text(), '1')
    await error(await polls(servers[1], sid), 400, 1, 'Session ID unknown')
  },
  'nobody outside hands on anything': async () => {
    const sid = await open(servers[0])
    for (const server of servers) {
      for (const forged of ['x', '', 'e30.e30', Buffer.from('1\n2\n3\n4\n5').toString('base64url') + '.' + 'A'.repeat(43)]) {
        await error(await polls(server, sid, { headers: { 'carillon-hop': forged } }), 403, 4, 'Forbidden')
      }
    }
    assert.equal((await polls(servers[1], sid, { method: 'POST', body: `40{"token":"${alice}"}` })).status, 200)
    const answer = await polls(servers[1], sid)
    assert.match(await answer.text(), /^40/)
    assert.equal(answer.headers.get('carillon-hop'), null, 'the receipt stays inside')
  },
  'headers of other origins come once': async () => {
    const origin = 'https://app.example'
    const sid = await open(servers[0])
    for (const server of servers) {
      const answer = await polls(server, sid, { method: 'POST', body: '3', headers: { origin } })
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('access-control-allow-origin'), origin)
      assert.equal(answer.headers.get('access-control-allow-credentials'), 'true')
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      assert.equal(answer.headers.get('content-type'), 'text/html')
    }
  },
  'a cookie of the own origin, as the client sees it': async () => {
    const { port } = new URL(servers[1])
    const sid = await open(servers[0])
    const cookie = `carillon_token=${alice}`
    const said = (origin) => polls(servers[1], sid, { method: 'POST', body: '3', headers: { origin, cookie } })
    assert.equal((await said(`http://127.0.0.1:${port}`)).status, 200)
    assert.equal((await said(servers[0])).status, 403, 'the host of the hop is nobody\'s origin')
  },
  'it is counted': async () => {
    await sleep(1500)
    for (const server of servers) {
      const text = await (await fetch(`${server}/metrics`)).text()
      const count = (outcome) => Number(new RegExp(`^carillon_forwarded_requests_total\\{.*outcome="${outcome}".*\\} (\\S+)`, 'm').exec(text)?.[1])
      assert.ok(count('answered') > 50, text)
      assert.equal(count('forged'), 4)
      assert.ok(count('gone') >= 2)
      assert.equal(count('late'), 0)
      assert.equal(count('full'), 0)
    }
  },
}
if (pid) {
  all['the holder is killed'] = async () => {
    const [one, two] = [room('one'), room('two')]
    const balancer = await balance('astray', 0)
    const sockets = await Promise.all([connected(balancer.url, ['polling']), connected(balancer.url)])
    for (const socket of sockets) {
      socket.notes = []
      socket.on('connect', () => socket.notes.push(socket.recovered ? 'recovered' : 'connect'))
      socket.onAny((name, data) => socket.notes.push(data))
      await call(socket, 'join', one)
      await call(socket, 'join', two)
    }
    for (let i = 0; i < 20; i++) await publish(servers[1], bob, one, 'n', i)
    await until('20', () => sockets.every((socket) => socket.notes.length === 20))
    const cut = sockets.map((socket) => once(socket, 'disconnect', 20000))
    process.kill(pid, 'SIGKILL')
    const begun = performance.now()
    for (let i = 20; i < 40; i++) await publish(servers[1], bob, i % 2 ? one : two, 'n', i)
    await Promise.all(cut)
    assert.ok(performance.now() - begun < 15000, 'told at once, not by a timeout')
    await until('back', () => sockets.every((socket) => socket.notes.includes('recovered')), 60000)
    for (let i = 40; i < 60; i++) await publish(servers[1], bob, one, 'n', i)
    await until('60', () => sockets.every((socket) => socket.notes.length >= 61), 30000)
    for (const socket of sockets) {
      assert.deepEqual(socket.notes.filter((note) => note !== 'recovered').sort((a, b) => a - b), Array.from({ length: 60 }, (_, i) => i))
      const ofOne = socket.notes.filter((note) => note < 20 || note >= 40 || note % 2)
      assert.deepEqual(ofOne, [...ofOne].sort((a, b) => a - b), 'in order')
      assert.equal(socket.drops, 1)
      socket.disconnect()
    }
  }
}
await steps(all)
