// What the client library of package.json sends in a first conversation, as it was recorded. When this fails after
// a new version was put there, the wire has changed: read what is new, then record it: node wire.mjs record
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { client, once, until } from './kit.mjs'

const polls = []
const socket = []
let waiting = null
let links = 0
const ready = []

/** Without what is random. */
function line(request) {
  const url = new URL(request.url, 'http://x')
  if (url.searchParams.has('t')) url.searchParams.set('t', '*')
  return `${request.method} ${url.pathname}${url.search}`
}

function poll(text) {
  if (waiting) {
    waiting.end(text)
    waiting = null
  } else {
    ready.push(text)
  }
}

const open = (upgrades) =>
  '0' + JSON.stringify({ sid: `engine${++links}`, upgrades, pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000 })

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'text/plain; charset=UTF-8')
  const sid = new URL(request.url, 'http://x').searchParams.get('sid')
  if (request.method === 'POST') {
    let body = ''
    for await (const part of request) body += part
    polls.push(`${line(request)} ${request.headers['content-type']} ${body}`)
    response.end('ok')
    if (body.startsWith('40')) poll('40{"sid":"socket","pid":"secret"}')
  } else if (!sid) {
    polls.push(line(request))
    response.end(open(['websocket']))
  } else if (ready.length) {
    response.end(ready.shift())
  } else {
    waiting = response
  }
})
const sockets = new WebSocketServer({ noServer: true })
let live = null
server.on('upgrade', (request, stream, head) => {
  socket.push(line(request))
  sockets.handleUpgrade(request, stream, head, (ws) => {
    live = ws
    const probing = request.url.includes('sid=')
    if (!probing) ws.send(open([]))
    ws.on('message', (data, binary) => {
      const text = binary ? `bytes ${data.toString('hex')}` : data.toString()
      socket.push(text)
      if (text === '2probe') {
        ws.send('3probe')
        poll('6')
      } else if (text.startsWith('40')) {
        ws.send('40{"sid":"socket","pid":"secret"}')
      } else if (text.startsWith('420')) {
        ws.send('430[{"ok":true}]')
      }
    })
  })
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const one = client(`http://127.0.0.1:${server.address().port}`, { token: 'token' }, ['polling', 'websocket'])
await once(one, 'connect')
await until('the move', () => socket.includes('5'))
await until('the upgrade', () => one.io.engine.transport.name === 'websocket')
assert.deepEqual(await one.emitWithAck('ask', { text: '\u{1F600}' }, null), { ok: true })
one.emit('bytes', new Uint8Array([1, 2, 3]), { also: Buffer.from('x') })
await until('bytes', () => socket.at(-1) === 'bytes 78')
live.send('2')
await until('pong', () => socket.at(-1) === '3')
const heard = once(one, 'event')
live.send('42["event",1,{"seq":1},"c~offset"]')
await heard
one.io.opts.transports = ['websocket']
const back = once(one, 'connect')
live.terminate()
await back
assert.equal(one.recovered, true)
one.disconnect()
await until('the end', () => socket.includes('41'))

const got = JSON.stringify({ polls, socket }, null, 2) + '\n'
const place = new URL('wire.json', import.meta.url)
if (process.argv[2] === 'record') writeFileSync(place, got)
else assert.equal(got, readFileSync(place, 'utf8'))
console.log('done')
process.exit(0)
