// The conversation of docs/guests/socketio.md with the real client: node conversation.mjs <server> <server>
import assert from 'node:assert/strict'
import { call, client, once, publish, room, sleep, steps, token, until } from './kit.mjs'

const [here, there] = process.argv.slice(2).map((url) => url.replace(/\/$/, ''))
const alice = await token(here, 'alice')
const bob = await token(here, 'bob')
const admin = await token(here, 'root', true)
const ways = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] }

async function connected(base, auth, transports, more) {
  const socket = client(base, auth, transports, more)
  await once(socket, 'connect')
  return socket
}

async function talk(way, transports) {
  const name = room(`talk-${way}`)
  const a = await connected(here, { token: alice }, transports)
  const b = await connected(there, { token: bob }, transports)
  if (way === 'upgrade') await until('upgrade', () => a.io.engine.transport.name === 'websocket')
  assert.equal(a.io.engine.transport.name, way === 'polling' ? 'polling' : 'websocket')
  assert.notEqual(a.id, a.io.engine.id)
  const joined = await call(a, 'join', name, {})
  assert.deepEqual(Object.keys(joined), ['cursor', 'head', 'recovered'])
  assert.equal((await call(b, 'join', name, { presence: true })).members, 0)

  const heard = once(b, 'message')
  const answer = await call(a, 'publish', name, 'message', { text: 'hallo \u{1F600}' }, { key: 'k1' })
  assert.equal(answer.seq, 1)
  assert.equal(answer.id, 'k1')
  assert.equal(answer.duplicate, false)
  assert.equal((await call(a, 'publish', name, 'message', { text: 'hallo \u{1F600}' }, { key: 'k1' })).duplicate, true)
  const [data, about, offset] = await heard
  assert.deepEqual(data, { text: 'hallo \u{1F600}' })
  assert.deepEqual(Object.keys(about), ['room', 'seq', 'epoch', 'id', 'by', 'at', 'cursor'])
  assert.equal(about.by, 'alice')
  assert.equal(about.cursor, `${about.epoch}.1`)
  assert.equal(typeof offset, 'string')

  const signal = once(b, 'typing')
  a.emit('signal', name, 'typing', true)
  const [on, from] = await signal
  assert.equal(on, true)
  assert.deepEqual(from, { room: name, by: 'alice', signal: true })

  const follows = once(b, 'carillon:presence')
  assert.deepEqual(await call(a, 'track', name, { mood: 'ok' }), {})
  const [presence] = await follows
  assert.equal(presence.joined[0].user, 'alice')
  assert.equal((await call(b, 'members', name)).count, 1)
  assert.deepEqual(await call(a, 'untrack', name), {})

  const bytes = once(b, 'picture')
  const sent = new Uint8Array(3000).map((_, i) => i * 7)
  assert.equal((await call(a, 'publish', name, 'picture', sent)).seq, 2)
  const [picture, , bytesOffset] = await bytes
  assert.deepEqual(Buffer.from(picture), Buffer.from(sent))
  assert.equal(typeof bytesOffset, 'string')
  assert.equal((await call(a, 'publish', name, 'x', { deep: sent })).error.code, 'unsupported')

  const reserved = once(b, 'carillon:disconnect')
  await call(a, 'publish', name, 'disconnect', 1)
  assert.equal((await reserved)[0], 1)

  const page = await call(a, 'history', name, { after: '0.0', limit: 1 })
  assert.equal(page.events.length, 1)
  assert.equal(page.events[0].name, 'message')
  assert.equal((await call(a, 'nonsense', 1)).error.code, 'unsupported')
  assert.equal((await call(a, 'join', 'not a room')).error.code, 'bad_room')
  assert.equal((await call(a, 'track', room('never'), {})).error.code, 'not_joined')
  assert.equal((await call(a, 'publish', name, 'message')).error.code, 'bad_data')
  assert.ok((await call(a, 'auth', alice)).expires)
  assert.equal((await call(a, 'auth', bob)).error.code, 'forbidden')
  assert.deepEqual(await call(b, 'leave', name), {})
  let late = 0
  b.on('message', () => late++)
  await call(a, 'publish', name, 'message', 'late')
  await sleep(200)
  assert.equal(late, 0)
  a.disconnect()
  b.disconnect()
}

await steps({
  'over polls': () => talk('polling', ways.polling),
  'over a socket': () => talk('websocket', ways.websocket),
  'over polls that move to a socket': () => talk('upgrade', ways.upgrade),
  'nothing is lost or reordered by a move': async () => {
    const name = room('move')
    for (let round = 0; round < 5; round++) {
      const socket = client(here, { token: alice }, ways.upgrade)
      const seen = []
      const acked = []
      socket.on('n', (i, about) => seen.push(about.seq))
      await once(socket, 'connect')
      const { head } = await call(socket, 'join', name)
      const first = Number(head.split('.')[1]) + 1
      for (let i = 0; i < 200; i++) {
        socket.emit('publish', name, 'n', i, {}, (answer) => acked.push(answer.seq))
        if (i % 10 === 9) await sleep(2)
      }
      await until('all acks', () => acked.length === 200)
      await until('all events', () => seen.length === 200)
      const expected = Array.from({ length: 200 }, (_, i) => first + i)
      assert.deepEqual(acked, expected)
      assert.deepEqual(seen, expected)
      await until('upgrade', () => socket.io.engine.transport.name === 'websocket')
      socket.disconnect()
    }
  },
  'who has no token, or a bad one, is told why': async () => {
    for (const auth of [{}, { token: 'bad' }, { token: `${alice}x` }]) {
      const socket = client(here, auth, ways.websocket)
      const [error] = await once(socket, 'connect_error')
      assert.equal(error.data.code, 'unauthenticated')
      assert.equal(socket.active, false)
      socket.io.engine.close()
    }
  },
  'the header of the handshake is a credential too': async () => {
    for (const transports of Object.values(ways)) {
      const socket = await connected(here, {}, transports, {
        extraHeaders: { authorization: `Bearer ${alice}` },
      })
      const name = room('header')
      await call(socket, 'join', name)
      const heard = once(socket, 'x')
      await call(socket, 'publish', name, 'x', 1)
      assert.equal((await heard)[1].by, 'alice')
      socket.disconnect()
    }
  },
  'another namespace is not there': async () => {
    const socket = client(`${here}/other`, { token: alice }, ways.websocket)
    const [error] = await once(socket, 'connect_error')
    assert.equal(error.message, 'Invalid namespace')
    socket.disconnect()
  },
  'who is sent away stays away': async () => {
    for (const transports of Object.values(ways)) {
      const user = `kicked-${transports.length}-${transports[0]}`
      const socket = await connected(there, { token: await token(here, user) }, transports)
      const gone = once(socket, 'disconnect')
      const answer = await fetch(`${here}/api/users/${user}/connections`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${admin}` },
      })
      assert.ok(answer.ok, answer.status)
      assert.equal((await gone)[0], 'io server disconnect')
      await sleep(300)
      assert.equal(socket.connected, false)
      socket.disconnect()
    }
  },
  'others see the same events in the same order': async () => {
    const name = room('order')
    const sockets = await Promise.all(
      Object.values(ways).flatMap((way) => [here, there].map((base) => connected(base, { token: alice }, way))),
    )
    const seen = sockets.map(() => [])
    for (const [i, socket] of sockets.entries()) {
      socket.on('n', (data, about) => seen[i].push(`${about.seq}:${data}`))
      await call(socket, 'join', name)
    }
    const all = sockets.map(async (socket, s) => {
      for (let i = 0; i < 30; i++) await call(socket, 'publish', name, 'n', `${s}-${i}`)
    })
    all.push((async () => {
      for (let i = 0; i < 30; i++) await publish(there, bob, name, 'n', `http-${i}`)
    })())
    await Promise.all(all)
    const total = 30 * all.length
    await until('all events', () => seen.every((each) => each.length >= total))
    for (const each of seen) assert.deepEqual(each, seen[0])
    assert.equal(new Set(seen[0]).size, total)
    sockets.forEach((socket) => socket.disconnect())
  },
})
