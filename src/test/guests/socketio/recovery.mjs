// Recovery of sessions: node recovery.mjs <server> <server> <pid of the first one, or nothing>
import assert from 'node:assert/strict'
import { call, client, once, publish, room, sleep, steps, token, until } from './kit.mjs'

const [here, there] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const pid = Number(process.argv[4] ?? 0)
const alice = await token(here, 'alice')
const bob = await token(here, 'bob')
const ways = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] }

/** A client whose every word is noted, in order. */
async function reader(transports, more) {
  const socket = client(here, { token: alice }, transports, more)
  socket.notes = []
  socket.on('connect', () => socket.notes.push(socket.recovered ? 'recovered' : 'connect'))
  socket.onAny((name, ...args) => {
    socket.notes.push(name.startsWith('carillon:') ? `${name} ${args[0].room} ${args[0].code ?? args[0].reason}` : args[0])
  })
  await once(socket, 'connect')
  return socket
}

/** Cuts the link as a network does, and lets the client come back elsewhere. */
async function cut(socket, next, meanwhile) {
  socket.io.reconnection(false)
  const gone = once(socket, 'disconnect')
  socket.io.engine.close()
  await gone
  await meanwhile()
  socket.notes.length = 0
  socket.io.uri = next
  socket.io.reconnection(true)
  const back = once(socket, 'connect')
  socket.connect()
  await back
}

const all = {}
for (const [way, transports] of Object.entries(ways)) {
  all[`what was missed comes first, on another instance, ${way}`] = async () => {
    const [one, two] = [room('one'), room('two')]
    const socket = await reader(transports)
    const id = socket.id
    await call(socket, 'join', one)
    await call(socket, 'join', two)
    await call(socket, 'publish', one, 'n', 'a')
    await until('a', () => socket.notes.includes('a'))
    await cut(socket, there, async () => {
      await publish(there, bob, one, 'n', 'b')
      await publish(there, bob, two, 'n', 'c')
      await publish(here, bob, one, 'n', 'd')
    })
    assert.equal(socket.recovered, true)
    assert.equal(socket.id, id)
    assert.deepEqual(socket.notes.slice(0, 3).sort(), ['b', 'c', 'd'])
    assert.equal(socket.notes[3], 'recovered')
    assert.ok(socket.notes.indexOf('b') < socket.notes.indexOf('d'))
    await publish(here, bob, two, 'n', 'e')
    await until('e', () => socket.notes.includes('e'))
    await cut(socket, here, () => publish(here, bob, two, 'n', 'f'))
    assert.deepEqual(socket.notes, ['f', 'recovered'])
    socket.disconnect()
  }
}
Object.assign(all, {
  'a client that had no event yet': async () => {
    const name = room('none')
    const socket = await reader(ways.websocket)
    await call(socket, 'join', name)
    await cut(socket, there, () => publish(here, bob, name, 'n', 'first'))
    assert.deepEqual(socket.notes, ['first', 'recovered'])
    await cut(socket, there, async () => {})
    assert.deepEqual(socket.notes, ['recovered'])
    socket.disconnect()
  },
  'a room that was left does not return': async () => {
    const [left, stays] = [room('left'), room('stays')]
    const socket = await reader(ways.websocket)
    await call(socket, 'join', left)
    await call(socket, 'join', stays)
    await call(socket, 'leave', left)
    await cut(socket, there, async () => {
      await publish(here, bob, left, 'n', 'not this')
      await publish(here, bob, stays, 'n', 'this')
    })
    assert.deepEqual(socket.notes, ['this', 'recovered'])
    await publish(here, bob, left, 'n', 'nor this')
    await sleep(200)
    assert.deepEqual(socket.notes, ['this', 'recovered'])
    socket.disconnect()
  },
  'never with the token of another user': async () => {
    const name = room('other')
    const socket = await reader(ways.websocket)
    await call(socket, 'join', name)
    await cut(socket, there, async () => {
      await publish(here, bob, name, 'n', 'not for bob')
      socket.auth = { token: bob }
    })
    assert.deepEqual(socket.notes, ['connect'])
    socket.disconnect()
  },
  'not after a disconnect that was meant': async () => {
    const name = room('meant')
    const socket = await reader(ways.websocket)
    await call(socket, 'join', name)
    socket.disconnect()
    await sleep(200)
    socket.notes.length = 0
    const back = once(socket, 'connect')
    socket.connect()
    await back
    assert.deepEqual(socket.notes, ['connect'])
    socket.disconnect()
  },
  'an offset of nobody is nothing to recover': async () => {
    const name = room('odd')
    const socket = await reader(ways.websocket)
    await call(socket, 'join', name)
    await cut(socket, there, async () => {
      socket._lastOffset = 'hello'
    })
    assert.deepEqual(socket.notes, ['connect'])
    socket.disconnect()
  },
  'while the old link is still half-open': async () => {
    const name = room('half')
    const old = await reader(ways.websocket)
    await call(old, 'join', name)
    await publish(here, bob, name, 'n', 'x')
    const socket = client(there, { token: alice, pid: old._pid }, ways.websocket)
    const notes = []
    socket.on('n', (data) => notes.push(data))
    await once(socket, 'connect')
    await until('x', () => notes.includes('x'))
    assert.equal(socket.id, old.id)
    old.disconnect()
    socket.disconnect()
  },
  'presence goes on': async () => {
    const name = room('member')
    const socket = await reader(ways.websocket)
    await call(socket, 'join', name, { presence: { state: { mood: 'ok' } } })
    await cut(socket, there, async () => {})
    assert.ok(socket.recovered)
    const members = await call(socket, 'members', name)
    assert.deepEqual(members.members.map((m) => [m.user, m.state]), [['alice', { mood: 'ok' }]])
    socket.disconnect()
  },
})
if (pid) {
  for (const key of Object.keys(all)) delete all[key]
  all['pages of an origin on the list may poll'] = async () => {
    const origin = 'https://app.example'
    const first = await fetch(`${here}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
    assert.equal(first.headers.get('access-control-allow-origin'), origin)
    assert.equal(first.headers.get('access-control-allow-credentials'), 'true')
    const preflight = await fetch(`${here}/socket.io/?EIO=4&transport=polling`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization')
  }
  all['after the instance was killed'] = async () => {
    const [one, two] = [room('one'), room('two')]
    const sockets = await Promise.all(Object.values(ways).map((way) => reader(way)))
    const silent = await reader(ways.websocket)
    await call(silent, 'join', two)
    for (const socket of sockets) {
      await call(socket, 'join', one)
      await call(socket, 'join', two)
    }
    await publish(here, bob, one, 'n', 'a')
    await until('a', () => sockets.every((socket) => socket.notes.includes('a')))
    const everybody = [...sockets, silent]
    everybody.forEach((socket) => {
      socket.notes.length = 0
      socket.io.uri = there
    })
    // Nobody comes back before the event is there that they missed.
    everybody.forEach((socket) => socket.io.reconnection(false))
    const cut = everybody.map((socket) => once(socket, 'disconnect', 60000))
    process.kill(pid, 'SIGKILL')
    await Promise.all(cut)
    await publish(there, bob, two, 'n', 'b')
    const back = everybody.map((socket) => once(socket, 'connect', 60000))
    everybody.forEach((socket) => {
      socket.io.reconnection(true)
      socket.connect()
    })
    await Promise.all(back)
    for (const socket of everybody) {
      assert.equal(socket.recovered, true)
      assert.deepEqual(socket.notes, ['b', 'recovered'])
    }
    await publish(there, bob, two, 'n', 'c')
    await until('c', () => everybody.every((socket) => socket.notes.includes('c')))
    everybody.forEach((socket) => socket.disconnect())
  }
}
await steps(all)
