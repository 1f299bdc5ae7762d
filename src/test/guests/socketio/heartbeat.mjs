// Heartbeats of Engine.IO below a second: node heartbeat.mjs <server with pings every 300 ms, answered within 200>
import assert from 'node:assert/strict'
import WebSocket from 'ws'
import { client, once, sleep, steps, token } from './kit.mjs'

const base = process.argv[2].replace(/\/$/, '')
const alice = await token(base, 'alice')
const path = `${base}/socket.io/?EIO=4&transport=`

async function open() {
  const text = await (await fetch(`${path}polling`)).text()
  const first = JSON.parse(text.slice(1))
  assert.equal(first.pingInterval, 300)
  assert.equal(first.pingTimeout, 200)
  return `${path}polling&sid=${first.sid}`
}

function socket() {
  const ws = new WebSocket(`${path.replace(/^http/, 'ws')}websocket`)
  const times = []
  ws.on('message', (data) => data.toString() === '2' && times.push(Date.now()))
  return { ws, times, ended: new Promise((end) => ws.on('close', end)) }
}

await steps({
  'pings over polls': async () => {
    const session = await open()
    for (let i = 0; i < 5; i++) {
      const begun = Date.now()
      assert.equal(await (await fetch(session)).text(), '2')
      assert.ok(Date.now() - begun < 1000, 'not by the second')
      assert.equal((await fetch(session, { method: 'POST', body: '3' })).status, 200)
    }
  },
  'who does not answer over polls': async () => {
    const session = await open()
    await sleep(600)
    assert.equal((await fetch(session)).status, 400)
    assert.equal((await fetch(session, { method: 'POST', body: '3' })).status, 400)
  },
  'pings over a socket': async () => {
    const { ws, times } = socket()
    ws.on('message', (data) => data.toString() === '2' && ws.send('3'))
    await sleep(3000)
    assert.ok(times.length >= 5 && times.length <= 10, `${times.length} pings in three seconds`)
    ws.close()
  },
  'who does not answer over a socket': async () => {
    const begun = Date.now()
    const { times, ended } = socket()
    await ended
    assert.equal(times.length, 1)
    assert.ok(Date.now() - begun < 3000)
  },
  'a client that is pinged stays': async () => {
    for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
      const one = client(base, { token: alice }, transports)
      await once(one, 'connect')
      const id = one.id
      await sleep(2500)
      assert.ok(one.connected)
      assert.equal(one.id, id)
      one.disconnect()
    }
  },
})
