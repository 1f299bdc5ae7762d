// A reader that does not read: node slow.mjs <server> <server>
import assert from 'node:assert/strict'
import { call, client, once, publish, room, sleep, steps, token, until } from './kit.mjs'

const [here, there] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const alice = await token(here, 'alice')
const bob = await token(there, 'bob')
const EVENTS = 300
const large = 'x'.repeat(30000)

async function reader(base, transports, name) {
  const socket = client(base, { token: alice }, transports)
  socket.seen = []
  socket.on('n', (data) => socket.seen.push(data.i))
  await once(socket, 'connect')
  await call(socket, 'join', name)
  return socket
}

await steps({
  'it is cut, comes back, and has missed nothing': async () => {
    const name = room('slow')
    const slow = await reader(here, ['websocket'], name)
    const quick = await reader(here, ['websocket'], name)
    const wire = slow.io.engine.transport.ws._socket
    wire.pause()
    // It may miss the pings and come back by itself before it reads on.
    const back = once(slow, 'connect', 120000)
    for (let i = 0; i < EVENTS; i++) await publish(there, bob, name, 'n', { i, large })
    const all = Array.from({ length: EVENTS }, (_, i) => i)
    await until('the other one reads', () => quick.seen.length === EVENTS)
    assert.deepEqual(quick.seen, all)
    await sleep(15000)
    wire.resume()
    await back
    assert.equal(slow.recovered, true)
    await until('all events', () => slow.seen.length >= EVENTS, 60000)
    assert.deepEqual(slow.seen, all)
    assert.deepEqual(quick.seen, all)
    slow.disconnect()
    quick.disconnect()
  },
})
