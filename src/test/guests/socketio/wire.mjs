// What the client library of package.json sends in a first conversation, as it was recorded, with the default parser
// or with the one named: node wire.mjs [json|msgpack] [record]. When this fails after a new version was put there,
// the wire has changed: read what is new, then record it.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import msgpack from 'socket.io-msgpack-parser'
import { WebSocketServer } from 'ws'
import { client, once, until } from './kit.mjs'

const packs = process.argv[2] === 'msgpack'

/** MessagePack of small values, as the server writes it: not by the package, which may change. */
function pack(value) {
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2])
  if (typeof value === 'number') return Buffer.from([value])
  if (typeof value === 'string') return Buffer.concat([Buffer.from([0xa0 | value.length]), Buffer.from(value)])
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([0x90 | value.length]), ...value.map(pack)])
  const members = Object.entries(value)
  return Buffer.concat([Buffer.from([0x80 | members.length]), ...members.flat().map(pack)])
}

/** A packet for the client, for a socket or for a poll. */
function packet(type, id, data) {
  if (!packs) return `4${type}${id ?? ''}${JSON.stringify(data)}`
  return pack({ type, nsp: '/', ...(id === null ? {} : { id }), data })
}
const inPoll = (message) => (packs ? 'b' + message.toString('base64') : message)
const CONNECTED = packet(0, null, { sid: 'socket', pid: 'secret' })

/** Whether a message of the client, as it is recorded, is a packet of this type. */
function is(text, type) {
  return packs ? text.includes(Buffer.concat([pack('type'), pack(type)]).toString('hex')) : text.startsWith(`4${type}`)
}

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
    const text = packs ? body.replace(/^b(.*)$/, (all, base64) => `bytes ${Buffer.from(base64, 'base64').toString('hex')}`) : body
    polls.push(`${line(request)} ${request.headers['content-type']} ${text}`)
    response.end('ok')
    if (is(text, 0)) poll(inPoll(CONNECTED))
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
let events = 0
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
      } else if (is(text, 0)) {
        ws.send(CONNECTED)
      } else if (is(text, 2) && ++events === 1) {
        ws.send(packet(3, 0, [{ ok: true }]))
      }
    })
  })
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const more = packs ? { parser: msgpack } : {}
const one = client(`http://127.0.0.1:${server.address().port}`, { token: 'token' }, ['polling', 'websocket'], more)
await once(one, 'connect')
await until('the move', () => socket.includes('5'))
await until('the upgrade', () => one.io.engine.transport.name === 'websocket')
assert.deepEqual(await one.emitWithAck('ask', { text: '\u{1F600}' }, null), { ok: true })
one.emit('bytes', new Uint8Array([1, 2, 3]), { also: Buffer.from('x') })
await until('bytes', () => (packs ? events === 2 : socket.at(-1) === 'bytes 78'))
if (packs) {
  one.emit('values', new Date(0), undefined, NaN, -1, 2 ** 40, 1.5, '\u{1F600}', null, true, new Uint8Array([4]).buffer)
  await until('values', () => events === 3)
}
live.send('2')
await until('pong', () => socket.at(-1) === '3')
const heard = once(one, 'event')
live.send(packet(2, null, ['event', 1, { seq: 1 }, 'c~offset']))
await heard
one.io.opts.transports = ['websocket']
const back = once(one, 'connect')
live.terminate()
await back
assert.equal(one.recovered, true)
one.disconnect()
await until('the end', () => is(socket.at(-1), 1))

const got = JSON.stringify({ polls, socket }, null, 2) + '\n'
const place = new URL(packs ? 'wire-msgpack.json' : 'wire.json', import.meta.url)
if (process.argv.includes('record')) writeFileSync(place, got)
else assert.equal(got, readFileSync(place, 'utf8'))
console.log('done')
process.exit(0)
