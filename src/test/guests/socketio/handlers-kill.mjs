// kill -9 of an instance whose clients are in a handled namespace:
// node handlers-kill.mjs <server> <server> <pid of the first one>
import assert from 'node:assert/strict'
import msgpack from 'socket.io-msgpack-parser'
import { call, client, once, steps, token, until } from './kit.mjs'

const [here, there] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const pid = Number(process.argv[4])
const LINES = 120
const KILL_AT = 40
const BACK_AT = 60

/** A client that notes what is said to it, in order, and when it was connected. */
async function member(base, user, transports, more = {}) {
  const socket = client(`${base}/watched`, { token: await token(here, user) }, transports, more)
  socket.user = user
  socket.notes = []
  socket.on('connect', () => socket.notes.push(socket.recovered ? 'recovered' : 'connect'))
  socket.on('said', (room, what) => socket.notes.push(`${room}:${what}`))
  await once(socket, 'connect')
  await call(socket, 'join', 'team')
  return socket
}

const said = (socket, room) => socket.notes.filter((note) => note.startsWith(`${room}:`)).map((note) => note.slice(room.length + 1))
const numbers = (from, to) => Array.from({ length: to - from }, (_, i) => String(from + i))

const bob = await member(there, 'bob', ['websocket'])
const lost = [
  await member(here, 'socket', ['websocket']),
  await member(here, 'polls', ['polling']),
  await member(here, 'moves', ['polling', 'websocket']),
  await member(here, 'packs', ['websocket'], { parser: msgpack }),
]
const [first] = lost
const everybody = [bob, ...lost]
const ids = lost.map((socket) => socket.id)
const mine = { acked: [], sent: 0 }
let asked
let begun

await steps({
  'before': async () => {
    await call(bob, 'join', 'other')
    await call(first, 'join', 'left')
    await call(first, 'leave', 'left')
    await call(first, 'remember', 'me')
    assert.equal((await call(bob, 'sockets')).length, everybody.length)
    everybody.forEach((socket) => socket.on('question', (ack) => ack('yes')))
    assert.deepEqual(await call(bob, 'ask', 20000), { missing: false, answers: everybody.length })
    lost.forEach((socket) => socket.off('question'))
  },
  'the first instance is killed while everybody talks': async () => {
    const heard = Promise.all(lost.map((socket) => once(socket, 'question')))
    begun = Date.now()
    asked = bob.timeout(60000).emitWithAck('ask', 15000)
    await heard
    const cut = lost.map((socket) => once(socket, 'disconnect', 60000))
    for (const socket of lost) {
      socket.io.uri = there
      socket.io.reconnection(false)
    }
    let talks = true
    once(first, 'disconnect', 60000).then(() => (talks = false))
    const talking = (async () => {
      while (talks) {
        const number = String(mine.sent++)
        await first.timeout(2000).emitWithAck('say', 'other', number).then(
          () => mine.acked.push(number),
          () => {},
        )
      }
    })()
    for (let i = 0; i < LINES; i++) {
      if (i === KILL_AT) process.kill(pid, 'SIGKILL')
      if (i > KILL_AT && i < BACK_AT) await Promise.all(cut)
      if (i === BACK_AT) {
        lost.forEach((socket) => {
          socket.io.reconnection(true)
          socket.connect()
        })
      }
      await call(bob, 'say', 'team', i)
      await call(bob, 'say to all', i)
      if (i % 10 === 0) for (const id of ids) await call(bob, 'say', id, i)
      if (i === KILL_AT + 1) await call(bob, 'say', 'left', i)
    }
    await talking
  },
  'its clients come back at the other one, with what they missed, each once and in order': async () => {
    await until('all are back', () => lost.every((socket) => socket.connected), 60000)
    for (const socket of lost) assert.equal(socket.recovered, true, socket.user)
    assert.deepEqual(lost.map((socket) => socket.id), ids)
    for (const [room, count] of [['team', LINES], ['', LINES]]) {
      await until(`all of ${room}`, () => everybody.every((socket) => said(socket, room).length >= count), 60000)
      for (const socket of everybody) assert.deepEqual(said(socket, room), numbers(0, LINES), `${socket.user} ${room}`)
    }
    for (const [i, socket] of lost.entries()) {
      await until('to its id', () => said(socket, ids[i]).length >= LINES / 10)
      assert.deepEqual(said(socket, ids[i]), numbers(0, LINES / 10).map((n) => String(10 * n)), socket.user)
      assert.deepEqual(socket.notes.filter((note) => /^(connect|recovered)$/.test(note)), ['connect', 'recovered'])
      const missed = socket.notes.indexOf(`team:${BACK_AT - 1}`)
      assert.ok(missed >= 0 && missed < socket.notes.indexOf('recovered'), 'what was missed comes before connect')
    }
    assert.deepEqual(said(first, 'left'), [])
    assert.deepEqual((await call(first, 'rooms')).sort(), ['lobby', 'team'])
    assert.equal(await call(first, 'recall'), 'me')
  },
  'what was acknowledged before the kill is there, once': async () => {
    assert.ok(mine.acked.length > 0, 'it has said something')
    await until('all of it', () => mine.acked.every((number) => said(bob, 'other').includes(number)))
    const others = said(bob, 'other')
    assert.equal(new Set(others).size, others.length)
    assert.deepEqual(others, [...others].sort((a, b) => a - b))
  },
  'an emit that waited for answers of the dead ends in time': async () => {
    assert.deepEqual(await asked, { missing: true, answers: 1 })
    const took = Date.now() - begun
    assert.ok(took < 60000, `took ${took}`)
  },
  'the handler has been called as it is documented': async () => {
    const journal = await call(bob, 'journal')
    for (const { user } of lost) assert.deepEqual(journal.filter((line) => line.split(' ')[1] === user), [`in ${user} again`])
    lost.forEach((socket) => socket.disconnect())
    let ends = []
    const late = Date.now() + 20000
    while (ends.length < lost.length && Date.now() < late) {
      ends = (await call(bob, 'journal')).filter((line) => line.startsWith('out '))
    }
    assert.deepEqual(ends.sort(), lost.map(({ user }) => `out ${user} client namespace disconnect`).sort())
  },
  'the dead one is not waited for when its lease has run out': async () => {
    const end = Date.now() + 120000
    let answer
    do {
      assert.ok(Date.now() < end, 'not in two minutes')
      answer = await call(bob, 'ask', 1000)
      assert.equal(answer.answers, 1)
    } while (answer.missing)
    assert.deepEqual((await call(bob, 'sockets')).map((socket) => socket.user), ['bob'])
    bob.disconnect()
  },
})
