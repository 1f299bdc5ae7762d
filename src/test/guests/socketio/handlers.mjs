// The chat of docs/guests/socketio-handlers.md with the real client: node handlers.mjs <server> <server> <parser>
import assert from 'node:assert/strict'
import msgpack from 'socket.io-msgpack-parser'
import { client, once, publish, sleep, steps, token, until } from './kit.mjs'

const [here, there] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const parser = process.argv[4] === 'msgpack' ? { parser: msgpack } : {}
const ways = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] }

/** A client of the chat, with all that it hears. */
async function member(base, user, way = 'websocket') {
  const socket = client(`${base}/chat`, { token: await token(here, user) }, ways[way], parser)
  socket.heard = []
  socket.onAny((name, ...args) => socket.heard.push([name, ...args.filter((a) => typeof a !== 'function')]))
  await once(socket, 'connect')
  return socket
}

const has = (socket, name, holds) => socket.heard.find((event) => event[0] === name && holds(event))
const hears = (socket, name, holds = () => true) =>
  until(`${name}: ${JSON.stringify(socket.heard)}`, () => has(socket, name, holds))

async function talk(way) {
  const [alice, bob] = [await member(here, `alice-${way}`, way), await member(there, `bob-${way}`, way)]
  await hears(alice, 'joined', (e) => e[1] === `bob-${way}`)
  assert.equal(await alice.timeout(15000).emitWithAck('chat message', 'hello \u{1F600}'), 'delivered')
  await hears(bob, 'chat message', (e) => e[1].from === `alice-${way}` && e[1].text === 'hello \u{1F600}')
  assert.equal(has(alice, 'chat message', () => true), undefined)
  await until('typing', () => alice.emit('typing') && has(bob, 'typing', () => true))
  for (const [socket, vote] of [[alice, { yes: 1 }], [bob, [2, 'no']]]) socket.on('vote', (question, ack) => ack(vote, question))
  const votes = await alice.timeout(15000).emitWithAck('poll', 'lunch?')
  assert.deepEqual(votes.map((v) => JSON.stringify(v)).sort(), ['[2,"no"]', '{"yes":1}'])
  bob.off('vote')
  await assert.rejects(alice.timeout(7000).emitWithAck('poll', 'dinner?'))
  const who = await alice.timeout(15000).emitWithAck('who')
  assert.deepEqual(who.map((s) => s.user).sort(), [`alice-${way}`, `bob-${way}`])
  assert.deepEqual(who[0].rooms, ['lobby'])
  const gone = once(bob, 'disconnect')
  bob.emit('bye')
  assert.equal((await gone)[0], 'io server disconnect')
  await hears(alice, 'left', (e) => e[1] === `bob-${way}` && e[2] === 'server namespace disconnect')
  alice.disconnect()
}

await steps({
  'over a socket': () => talk('websocket'),
  'over polls': () => talk('polling'),
  'over polls that move to a socket': () => talk('upgrade'),
  'one order for all, and for whoever publishes': async () => {
    const bearer = await token(here, 'publisher')
    const readers = [await member(here, 'one'), await member(there, 'two'), await member(there, 'three', 'upgrade')]
    const all = []
    for (let i = 0; i < 30; i++) {
      all.push(readers[0].timeout(15000).emitWithAck('chat message', `a${i}`))
      all.push(publish(i % 2 ? here : there, bearer, 'socket.io:chat:lobby', 'line', [`h${i}`]))
    }
    await Promise.all(all)
    const lines = (socket) => socket.heard.filter((e) => e[0] === 'line' || e[0] === 'chat message')
    await until('all lines', () => lines(readers[1]).length === 60 && lines(readers[2]).length === 60)
    await until('those of others', () => lines(readers[0]).length === 30)
    const said = (socket) => lines(socket).map((e) => e[1].text ?? e[1])
    assert.deepEqual(said(readers[1]), said(readers[2]))
    assert.deepEqual(said(readers[0]), said(readers[1]).filter((text) => text.startsWith('h')))
    readers.forEach((socket) => socket.disconnect())
  },
  'who is refused is told why, and stays away': async () => {
    const socket = client(`${here}/chat`, { token: await token(here, 'mallory') }, ways.websocket, parser)
    const [error] = await once(socket, 'connect_error')
    assert.equal(error.message, 'banned')
    assert.deepEqual(error.data, { until: 1900000000 })
    assert.equal(socket.active, false)
    const nobody = client(`${here}/chat`, {}, ways.websocket, parser)
    assert.equal((await once(nobody, 'connect_error'))[0].data.code, 'unauthenticated')
    nobody.disconnect()
  },
  'a session goes on elsewhere, with what it missed': async () => {
    const [alice, bob] = [await member(here, 'alice'), await member(here, 'bob')]
    const id = alice.id
    alice.io.reconnection(false)
    const gone = once(alice, 'disconnect')
    alice.io.engine.close()
    await gone
    alice.heard.length = 0
    assert.equal(await bob.timeout(15000).emitWithAck('chat message', 'missed'), 'delivered')
    alice.io.uri = there
    alice.io.reconnection(true)
    const back = once(alice, 'connect')
    alice.connect()
    await back
    assert.equal(alice.recovered, true)
    assert.equal(alice.id, id)
    assert.equal(alice.heard.filter((e) => e[0] === 'chat message' && e[1].text === 'missed').length, 1)
    assert.equal(await bob.timeout(15000).emitWithAck('chat message', 'live'), 'delivered')
    await hears(alice, 'chat message', (e) => e[1].text === 'live')
    alice.disconnect()
    bob.disconnect()
    await sleep(100)
  },
  'bytes, both ways': async () => {
    const bare = client(`${here}/custom`, { any: 1 }, ways.websocket, parser)
    const [auth] = await once(bare, 'auth')
    assert.equal(auth.any, 1)
    const sent = { list: [new Uint8Array([1, 2, 3]), Buffer.from('x')], date: new Date(0), none: null, n: 2 ** 40, f: 1.5 }
    const [back] = [await bare.timeout(15000).emitWithAck('message-with-ack', sent)]
    assert.deepEqual(Buffer.from(back.list[0]), Buffer.from([1, 2, 3]))
    assert.deepEqual(Buffer.from(back.list[1]), Buffer.from('x'))
    assert.ok(String(back.date).startsWith('1970-01-01T00:00:00'))
    assert.equal(back.none, null)
    assert.equal(back.n, 2 ** 40)
    assert.equal(back.f, 1.5)
    const heard = once(bare, 'message-back')
    bare.emit('message', sent.list[0], 'text')
    assert.deepEqual(Buffer.from((await heard)[0]), Buffer.from([1, 2, 3]))
    bare.disconnect()
  },
})
