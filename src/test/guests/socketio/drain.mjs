// An instance that goes: node drain.mjs <server that goes> <server that stays> <pid of the first>
import assert from 'node:assert/strict'
import { call, client, once, publish, room, sleep, steps, token, until } from './kit.mjs'

const [here, there] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const pid = Number(process.argv[4])
const alice = await token(here, 'alice')
const bob = await token(there, 'bob')
const ways = [['polling'], ['websocket'], ['polling', 'websocket']]

await steps({
  'clients come back by themselves, and miss nothing': async () => {
    const name = room('drain')
    const readers = await Promise.all(
      [...ways, ...ways].map(async (transports) => {
        const socket = client(here, { token: alice }, transports)
        socket.seen = []
        socket.gone = []
        socket.on('n', (data) => socket.seen.push(data))
        socket.on('disconnect', (reason) => socket.gone.push(reason))
        await once(socket, 'connect')
        socket.first = socket.id
        await call(socket, 'join', name)
        socket.io.uri = there
        return socket
      }),
    )
    let sent = 0
    let going = true
    const publishing = (async () => {
      while (going) await publish(there, bob, name, 'n', ++sent)
    })()
    await until('some events', () => readers.every((socket) => socket.seen.length > 5))
    const back = readers.map((socket) => once(socket, 'connect', 60000))
    process.kill(pid, 'SIGTERM')
    await Promise.all(back)
    await sleep(500)
    going = false
    await publishing
    const all = Array.from({ length: sent }, (_, i) => i + 1)
    for (const socket of readers) {
      await until('all events', () => socket.seen.length >= sent)
      assert.deepEqual(socket.seen, all)
      assert.equal(socket.recovered, true)
      assert.equal(socket.id, socket.first)
      assert.equal(socket.gone.length, 1)
      assert.notEqual(socket.gone[0], 'io server disconnect')
      socket.disconnect()
    }
  },
})
