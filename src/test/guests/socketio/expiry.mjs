// Tokens that end: node expiry.mjs <server> <server>, with the issuer's private key in ISSUER_KEY
import assert from 'node:assert/strict'
import { createPrivateKey, sign } from 'node:crypto'
import { call, client, once, room, sleep, steps, until } from './kit.mjs'

const [here, there] = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const key = createPrivateKey(process.env.ISSUER_KEY)
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

function token(seconds) {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: 'https://issuer.example', sub: 'alice', iat: now, exp: now + seconds, carillon: { '*': ['read', 'write', 'presence'] } }
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
}

const ways = { polling: ['polling'], websocket: ['websocket'], upgrade: ['polling', 'websocket'] }
const all = {}
for (const [way, transports] of Object.entries(ways)) {
  all[`a token that ends, ${way}`] = async () => {
    const name = room(`ends-${way}`)
    const socket = client(here, { token: token(8) }, transports)
    const seen = []
    socket.on('n', (data) => seen.push(data))
    await once(socket, 'connect')
    await call(socket, 'join', name)
    const [expiring] = await once(socket, 'carillon:expiring')
    assert.ok(expiring.in > 0 && expiring.in <= 8000, expiring.in)
    const refused = once(socket, 'connect_error', 30000)
    const [reason] = await once(socket, 'disconnect', 30000)
    assert.notEqual(reason, 'io server disconnect')
    assert.equal((await refused)[0].data.code, 'unauthenticated')
    assert.equal(socket.active, false)
    const other = client(there, { token: token(600) }, transports)
    await once(other, 'connect')
    await call(other, 'publish', name, 'n', 'meanwhile')
    socket.auth = { token: token(600) }
    socket.io.uri = there
    const back = once(socket, 'connect', 30000)
    socket.connect()
    await back
    assert.equal(socket.recovered, true)
    await until('what was missed', () => seen.includes('meanwhile'))
    socket.disconnect()
    other.disconnect()
  }
  all[`a token that is renewed, ${way}`] = async () => {
    const name = room(`renewed-${way}`)
    const socket = client(here, { token: token(8) }, transports)
    let gone = 0
    socket.on('disconnect', () => gone++)
    await once(socket, 'connect')
    await call(socket, 'join', name)
    await once(socket, 'carillon:expiring')
    assert.ok((await call(socket, 'auth', token(600))).expires)
    await sleep(8000)
    assert.equal(gone, 0)
    assert.equal((await call(socket, 'publish', name, 'n', 1)).seq, 1)
    socket.disconnect()
  }
}
// Side by side, for each of them waits for the end of a token.
await steps({ 'tokens that end': () => Promise.all(Object.values(all).map((step) => step())) })
