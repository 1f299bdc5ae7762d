// What Engine.IO 4 asks of a server, without a client library: node engine.mjs <server>
import assert from 'node:assert/strict'
import WebSocket from 'ws'
import { client, once, sleep, steps, token } from './kit.mjs'

const base = process.argv[2].replace(/\/$/, '')
const alice = await token(base, 'alice')
const path = `${base}/socket.io/`
const get = (query, more) => fetch(`${path}?${query}`, more)

async function error(answer, status, code, message) {
  assert.equal(answer.status, status)
  assert.deepEqual(await answer.json(), { code, message })
}

async function open() {
  const answer = await get('EIO=4&transport=polling&t=abc')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type').toLowerCase().replace(' ', ''), 'text/plain;charset=utf-8')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const text = await answer.text()
  assert.equal(text[0], '0')
  return JSON.parse(text.slice(1))
}

const session = (sid) => `EIO=4&transport=polling&sid=${sid}`
const post = (sid, body, type = 'text/plain;charset=UTF-8') =>
  get(session(sid), { method: 'POST', body, headers: { 'content-type': type } })
const socket = (query) => new Promise((resolve) => {
  const ws = new WebSocket(`${path.replace(/^http/, 'ws')}?${query}`)
  const got = []
  const ended = new Promise((end) => ws.addEventListener('close', end))
  ws.addEventListener('message', (e) => got.push(e.data))
  ws.addEventListener('open', () => resolve({ ws, got, ended }))
  ws.addEventListener('error', () => resolve(null))
})

await steps({
  'the first packet': async () => {
    const first = await open()
    assert.deepEqual(Object.keys(first), ['sid', 'upgrades', 'pingInterval', 'pingTimeout', 'maxPayload'])
    assert.deepEqual(first.upgrades, ['websocket'])
    assert.equal(first.maxPayload, 1000000)
    assert.ok(first.sid.length >= 20)
  },
  'without the slash at the end': async () => {
    const answer = await fetch(`${base}/socket.io?EIO=4&transport=polling`)
    assert.equal(answer.status, 200)
  },
  'errors': async () => {
    await error(await get('EIO=4'), 400, 0, 'Transport unknown')
    await error(await get('EIO=4&transport=carrier-pigeon'), 400, 0, 'Transport unknown')
    await error(await get('EIO=4&transport=polling&sid=unknown'), 400, 1, 'Session ID unknown')
    await error(await get('EIO=4&transport=polling', { method: 'POST', body: '40' }), 400, 2, 'Bad handshake method')
    await error(await get('EIO=4&transport=websocket'), 400, 3, 'Bad request')
    await error(await get('transport=polling'), 400, 5, 'Unsupported protocol version')
    await error(await get('EIO=3&transport=polling'), 400, 5, 'Unsupported protocol version')
    const { sid } = await open()
    await error(await get(`EIO=4&transport=websocket&sid=${sid}`), 400, 3, 'Bad request')
    for (const query of ['EIO=4', 'EIO=4&transport=abc', 'EIO=3&transport=websocket', 'EIO=4&transport=websocket&sid=unknown']) {
      assert.equal(await socket(query), null, query)
    }
  },
  'a conversation over polls': async () => {
    const { sid } = await open()
    const said = await post(sid, `40{"token":"${alice}"}`)
    assert.equal(said.status, 200)
    assert.equal(await said.text(), 'ok')
    const connect = await (await get(session(sid))).text()
    assert.match(connect, /^40\{"sid":"[^"]+","pid":"[^"]+"\}$/)
    await post(sid, '421["nonsense"]\x1e422["nonsense"]')
    let got = ''
    while (!got.includes('432[')) got += await (await get(session(sid))).text()
    assert.match(got, /431\[\{"error".*432\[\{"error"/s)
    await post(sid, '1')
    await error(await get(session(sid)), 400, 1, 'Session ID unknown')
  },
  'a waiting poll is let go when the session is closed': async () => {
    const { sid } = await open()
    const waits = get(session(sid))
    await sleep(100)
    assert.equal((await post(sid, '1')).status, 200)
    assert.equal(await (await waits).text(), '6')
  },
  'two polls at a time': async () => {
    const { sid } = await open()
    const first = get(session(sid))
    await sleep(100)
    assert.equal((await get(session(sid))).status, 400)
    const answer = await first
    assert.equal(answer.status, 200)
    assert.equal(await answer.text(), '1')
    assert.equal((await get(session(sid))).status, 400)
  },
  'what cannot be read closes': async () => {
    for (const body of ['', 'abc', '4abc', '42{}', '42abc["x",1]', '42["disconnect"]', '4', '\x1e', '5']) {
      const { sid } = await open()
      await post(sid, `40{"token":"${alice}"}`)
      await (await get(session(sid))).text()
      await post(sid, body)
      await sleep(50)
      const last = await get(session(sid))
      assert.ok(last.status === 400 || (await last.text()) === '1', body)
    }
    const { sid } = await open()
    assert.equal((await post(sid, '40', 'application/octet-stream')).status, 400)
    assert.equal((await get(session(sid))).status, 400)
  },
  'a body that is too large': async () => {
    const { sid } = await open()
    assert.equal((await post(sid, '4'.repeat(1000001))).status, 413)
  },
  'pages of other origins get nothing': async () => {
    const answer = await get('EIO=4&transport=polling', { headers: { origin: 'https://elsewhere.example' } })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  },
  'a socket': async () => {
    const { ws, got, ended } = await socket('EIO=4&transport=websocket')
    while (got.length === 0) await sleep(10)
    assert.deepEqual(JSON.parse(got[0].slice(1)).upgrades, [])
    ws.send('abc')
    await ended
  },
  'a way that is tried and left again': async () => {
    const { sid } = await open()
    const odd = await socket(`EIO=4&transport=websocket&sid=${sid}`)
    odd.ws.send('something')
    await odd.ended
    await post(sid, `40{"token":"${alice}"}`)
    assert.match(await (await get(session(sid))).text(), /^40/)
  },
  'a move, and who comes after it': async () => {
    const { sid } = await open()
    const { ws, got, ended } = await socket(`EIO=4&transport=websocket&sid=${sid}`)
    const waits = get(session(sid))
    await sleep(100)
    ws.send('2probe')
    while (got.length === 0) await sleep(10)
    assert.equal(got[0], '3probe')
    assert.equal(await (await waits).text(), '6')
    await post(sid, `40{"token":"${alice}"}`)
    ws.send('5')
    while (got.length === 1) await sleep(10)
    assert.match(got[1], /^40/)
    assert.equal((await get(session(sid))).status, 400)
    assert.equal((await post(sid, '421["x"]')).status, 400)
    assert.equal(await socket(`EIO=4&transport=websocket&sid=${sid}`), null)
    ws.send('421["nonsense"]')
    while (got.length === 2) await sleep(10)
    assert.match(got[2], /^431/)
    ws.close()
    await ended
  },
  'attachments that never come, or too many': async () => {
    for (const first of ['451-["x",{"_placeholder":true,"num":0}]', '4511-["x"]', '45-["x"]']) {
      const { ws, got, ended } = await socket('EIO=4&transport=websocket')
      ws.send(`40{"token":"${alice}"}`)
      while (got.length < 2) await sleep(10)
      ws.send(first)
      ws.send('421["nonsense"]')
      await ended
    }
  },
  'a packet of parts over polls': async () => {
    const { sid } = await open()
    await post(sid, `40{"token":"${alice}"}`)
    await (await get(session(sid))).text()
    const name = `socketio:parts-${process.pid}`
    await post(sid, `421["join","${name}"]`)
    await (await get(session(sid))).text()
    await post(sid, `451-2["publish","${name}","b",{"_placeholder":true,"num":0}]`)
    await post(sid, 'bAQIDBA==')
    let got = ''
    while (!(got.includes('bAQIDBA==') && got.includes('432['))) got += (await (await get(session(sid))).text()) + '\x1e'
    assert.match(got, /451-\["b",\{"_placeholder":true,"num":0\},/)
  },
  'who says nothing is let go, and nobody else is harmed': async () => {
    const unknown = await Promise.all(Array.from({ length: 500 }, (_, i) => get(session(`unknown${i}`))))
    assert.ok(unknown.every((answer) => answer.status === 400))
    const other = client(base, { token: alice }, ['websocket'])
    await once(other, 'connect')
    other.disconnect()
  },
})
