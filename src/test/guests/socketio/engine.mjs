// What Engine.IO 4 asks of a server, without a client library: node engine.mjs <server> <another>
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import WebSocket from 'ws'
import { call, client, once, sleep, steps, token } from './kit.mjs'

const [base, other] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
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

/** A body whose length is not said before. */
async function* endless(bytes) {
  for (let i = 0; i < bytes; i += 1000) yield Buffer.alloc(1000, '4')
}

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
  'other methods than GET and POST': async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      await error(await get('EIO=4&transport=polling', { method }), 400, 2, 'Bad handshake method')
      const { sid } = await open()
      await error(await get(session(sid), { method }), 400, 3, 'Bad request')
      assert.equal((await post(sid, '40')).status, 200, 'the session is unharmed')
    }
  },
  'a session is known on every instance, and a socket where it was opened': async () => {
    const { sid } = await open()
    const there = (more) => fetch(`${other}/socket.io/?${session(sid)}`, more)
    const said = await there({ method: 'POST', body: `40{"token":"${alice}"}` })
    assert.equal(said.status, 200)
    assert.equal(await said.text(), 'ok')
    assert.match(await (await there()).text(), /^40/)
    const elsewhere = new WebSocket(`${other.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket&sid=${sid}`)
    const [refused] = await once(elsewhere, 'error')
    assert.match(refused.message, /400/)
    await post(sid, '421["nonsense"]')
    assert.match(await (await get(session(sid))).text(), /^431/)
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
  'two posts at a time': async () => {
    const { sid } = await open()
    const { hostname, port } = new URL(base)
    const half = connect(port, hostname)
    half.write(
      `POST /socket.io/?${session(sid)} HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\n4`,
    )
    await sleep(200)
    assert.equal((await post(sid, '40')).status, 400)
    half.destroy()
    await error(await get(session(sid)), 400, 1, 'Session ID unknown')
  },
  'what is said at once is answered at once': async () => {
    const { sid } = await open()
    await post(sid, `40{"token":"${alice}"}`)
    await (await get(session(sid))).text()
    await post(sid, '421["a"]\x1e422["b"]\x1e423["c"]')
    const got = (await (await get(session(sid))).text()).split('\x1e')
    assert.deepEqual(got.map((packet) => packet.slice(0, 3)), ['431', '432', '433'])
  },
  'what cannot be read closes': async () => {
    for (const body of ['', 'abc', '4abc', '42{}', '42abc["x",1]', '42["disconnect"]', '4', '\x1e', '5']) {
      const { sid } = await open()
      await post(sid, `40{"token":"${alice}"}`)
      await (await get(session(sid))).text()
      await error(await post(sid, body), 400, 3, 'Bad request')
      await error(await get(session(sid)), 400, 1, 'Session ID unknown')
    }
    const { sid } = await open()
    assert.equal((await post(sid, '40', 'application/octet-stream')).status, 400)
    assert.equal((await get(session(sid))).status, 400)
  },
  'a body that is too large': async () => {
    const { sid } = await open()
    assert.equal((await post(sid, '4'.repeat(1000001))).status, 413)
    const unsaid = await get(session(sid), { method: 'POST', body: endless(1200000), duplex: 'half' })
    assert.equal(unsaid.status, 413)
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
    for (const odd of [['something'], ['2'], ['2prob'], ['5'], ['3probe'], [''], ['2probe', '2probe'], ['2probe', '40'], [new Uint8Array(6)]]) {
      const way = await socket(`EIO=4&transport=websocket&sid=${sid}`)
      odd.forEach((word) => way.ws.send(word))
      await way.ended
    }
    await post(sid, `40{"token":"${alice}"}`)
    assert.match(await (await get(session(sid))).text(), /^40/)
  },
  'a move, and who comes after it': async () => {
    const { sid } = await open()
    const { ws, got, ended } = await socket(`EIO=4&transport=websocket&sid=${sid}`)
    const waits = get(session(sid))
    await sleep(100)
    const begun = performance.now()
    ws.send('2probe')
    while (got.length === 0) await sleep(10)
    assert.equal(got[0], '3probe')
    assert.equal(await (await waits).text(), '6')
    assert.ok(performance.now() - begun >= 99, 'not before there was time for what comes anyway')
    await post(sid, `40{"token":"${alice}"}`)
    ws.send('5')
    while (got.length === 1) await sleep(10)
    assert.match(got[1], /^40/)
    assert.equal((await get(session(sid))).status, 400)
    assert.equal((await post(sid, '421["x"]')).status, 400)
    const late = await socket(`EIO=4&transport=websocket&sid=${sid}`)
    await late.ended
    assert.deepEqual(late.got, [])
    ws.send('421["nonsense"]')
    while (got.length === 2) await sleep(10)
    assert.match(got[2], /^431/)
    ws.close()
    await ended
  },
  'of two ways that are tried one wins': async () => {
    const { sid } = await open()
    const ways = [await socket(`EIO=4&transport=websocket&sid=${sid}`), await socket(`EIO=4&transport=websocket&sid=${sid}`)]
    for (const { ws, got } of ways) {
      ws.send('2probe')
      while (got.length === 0) await sleep(10)
    }
    ways[0].ws.send('5')
    await sleep(100)
    ways[1].ws.send('5')
    await ways[1].ended
    ways[0].ws.send(`40{"token":"${alice}"}`)
    while (ways[0].got.length === 1) await sleep(10)
    assert.match(ways[0].got[1], /^40/)
    ways[0].ws.close()
  },
  'a ping is the server\'s to send': async () => {
    const { ws, ended } = await socket('EIO=4&transport=websocket')
    ws.send('2')
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
  'attachments that come for ever are not kept': async () => {
    const neighbour = client(base, { token: alice }, ['websocket'])
    await once(neighbour, 'connect')
    const all = await Promise.all(Array.from({ length: 50 }, () => socket('EIO=4&transport=websocket')))
    for (const { ws, got } of all) {
      ws.send(`40{"token":"${alice}"}`)
      while (got.length < 2) await sleep(10)
      ws.send('4510-["x"]')
      ws.send(new Uint8Array(900000))
    }
    assert.equal((await call(neighbour, 'nonsense')).error.code, 'unsupported')
    all.forEach(({ ws }) => ws.send(new Uint8Array(200000)))
    await Promise.all(all.map(({ ended }) => ended))
    assert.equal((await call(neighbour, 'nonsense')).error.code, 'unsupported')
    neighbour.disconnect()
  },
  'floods': async () => {
    const neighbour = client(base, { token: alice }, ['polling'])
    await once(neighbour, 'connect')
    const words = ['40/nowhere,', '42["x"]', '2probe', '40{"token":"x"}', '4', '\u0000', '451-["x"]', '41', '43']
    const floods = words.map(async (word) => {
      const { ws, ended } = await socket('EIO=4&transport=websocket')
      for (let i = 0; i < 20000 && ws.readyState === WebSocket.OPEN; i++) {
        ws.send(word)
        if (i % 1000 === 999) await sleep(1)
      }
      ws.close()
      await ended
    })
    const asked = call(neighbour, 'nonsense')
    await Promise.all(floods)
    assert.equal((await asked).error.code, 'unsupported')
    neighbour.disconnect()
  },
  'ten thousand polls of unknown sessions': async () => {
    const neighbour = client(base, { token: alice }, ['polling', 'websocket'])
    await once(neighbour, 'connect')
    for (let i = 0; i < 10000; i += 100) {
      const polls = Array.from({ length: 100 }, (_, j) =>
        get(session(`unknown${i + j}`), j % 2 ? {} : { method: 'POST', body: '4' }))
      for (const answer of await Promise.all(polls)) await error(answer, 400, 1, 'Session ID unknown')
    }
    assert.equal((await call(neighbour, 'nonsense')).error.code, 'unsupported')
    neighbour.disconnect()
  },
})
