// Floods of a handled namespace: node handlers-flood.mjs <server> <server>
import assert from 'node:assert/strict'
import WebSocket from 'ws'
import { call, client, once, steps, token, until } from './kit.mjs'

const [here] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const large = 'x'.repeat(30000)
const ROUNDS = 300

async function member(user, transports) {
  const socket = client(`${here}/watched`, { token: await token(here, user) }, transports)
  await once(socket, 'connect')
  return socket
}

/** A bare WebSocket that has begun Engine.IO; what it hears is noted. */
async function bare() {
  // So patient a client does not end the connection itself after a close.
  const socket = new WebSocket(`${here.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { closeTimeout: 600000 })
  socket.heard = []
  socket.on('message', (data) => (data.toString() === '2' ? socket.send('3') : socket.heard.push(data.toString())))
  socket.on('error', () => {})
  socket.gone = new Promise((resolve) => socket.on('close', resolve))
  await until('the opening', () => socket.heard[0]?.startsWith('0'))
  return socket
}

const neighbour = await member('neighbour', ['websocket'])
const served = async () => {
  for (let i = 0; i < 20; i++) assert.deepEqual(await call(neighbour, 'rooms'), ['lobby'])
}
const journal = async (user) => (await call(neighbour, 'journal')).filter((line) => line.split(' ')[1] === user)
const floods = []

async function floodBy(way, transports) {
  const flood = await member(way, transports)
  floods.push(flood)
  flood.emit('wait')
  const gone = once(flood, 'disconnect', 60000)
  let over = false
  gone.then(() => (over = true))
  for (let i = 0; i < 40; i++) flood.emit('count', large)
  do await served()
  while (!over)
  assert.match((await gone)[0], /^transport/)
  await once(flood, 'connect', 60000)
  assert.equal(flood.recovered, true)
  await served()
}

await steps({
  'too much for a slow handler, over a socket': () => floodBy('socket', ['websocket']),
  'too much for a slow handler, over polls': () => floodBy('polls', ['polling']),
  'more than is ever read, over bare sockets': async () => {
    const crowd = []
    for (let i = 0; i < 6; i++) {
      const one = await bare()
      crowd.push(one)
      one.send(`40/watched,${JSON.stringify({ token: await token(here, 'crowd') })}`)
      await until('the answer', () => one.heard.at(-1).startsWith('40/watched,'))
      one.send('42/watched,["wait"]')
      for (let j = 0; j < 400; j++) one.send(`42/watched,${JSON.stringify(['count', large])}`)
    }
    const left = () => crowd.filter(({ readyState }) => readyState !== WebSocket.CLOSED)
    await until('their ends', () => left().length === 0, 60000)
    await served()
  },
  'nothing of what waited is handled': async () => {
    await call(neighbour, 'wait no longer')
    for (const { user } of [{ user: 'socket' }, { user: 'polls' }]) {
      const late = Date.now() + 20000
      while ((await journal(user)).length < 3 && Date.now() < late);
      assert.deepEqual((await journal(user)).sort(), [`in ${user}`, `in ${user} again`, `out ${user} forced server close`])
    }
    assert.equal(await call(neighbour, 'counted'), 0)
    floods.forEach((flood) => flood.disconnect())
  },
  'connects and disconnects': async () => {
    const one = await bare()
    const bearer = await token(here, 'restless')
    for (let i = 0; i < ROUNDS; i++) {
      one.send(`40/watched,${JSON.stringify({ token: bearer })}`)
      one.send('41/watched,')
      if (i % 50 === 0) await served()
    }
    one.send(`40/watched,${JSON.stringify({ token: bearer })}`)
    one.send('42/watched,1["rooms"]')
    await Promise.race([one.gone, until('the answer', () => one.heard.at(-1).startsWith('43/watched,1'))])
    one.close()
    const late = Date.now() + 20000
    const ends = (lines) => lines.filter((line) => line.startsWith('out')).length
    let lines = []
    do lines = await journal('restless')
    while (2 * ends(lines) !== lines.length && Date.now() < late)
    assert.equal(2 * ends(lines), lines.length, 'every connect has its disconnect')
    assert.deepEqual((await call(neighbour, 'sockets')).map(({ user }) => user), ['neighbour'])
  },
  'what is forged, and what never comes': async () => {
    const bearer = await token(here, 'liar')
    const enter = async () => {
      const one = await bare()
      one.send(`40/watched,${JSON.stringify({ token: bearer })}`)
      await until('the answer', () => one.heard.at(-1).startsWith('40/watched,'))
      return one
    }
    const forger = await enter()
    for (let i = 0; i < 1000; i++) forger.send(`43/watched,${i}["never asked"]`)
    forger.send('42/watched,1["rooms"]')
    await until('the answer', () => forger.heard.at(-1) === '43/watched,1[["lobby"]]')
    for (let i = 0; i < 50; i++) {
      const half = await enter()
      half.send('452-/watched,1["count",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
      half.send(Buffer.from([1]))
      if (i % 2) {
        half.send('42/watched,1["rooms"]')
        await half.gone
      } else {
        half.terminate()
      }
    }
    const stranger = await enter()
    stranger.send('42/chat,["chat message","never joined"]')
    await stranger.gone
    await served()
    forger.close()
    const late = Date.now() + 20000
    let users
    do users = (await call(neighbour, 'sockets')).map(({ user }) => user)
    while (users.length > 1 && Date.now() < late)
    assert.deepEqual(users, ['neighbour'])
    assert.equal(await call(neighbour, 'counted'), 0)
    neighbour.disconnect()
  },
})
