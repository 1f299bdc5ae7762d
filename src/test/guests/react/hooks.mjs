// The hooks with the real React, in StrictMode, against a real server: node hooks.mjs <server>
import assert from 'node:assert/strict'
import { createElement as h, StrictMode, useState } from 'react'
import { renderToString } from 'react-dom/server'
import { Carillon } from 'carillon-client'
import { CarillonProvider, useOptimistic, usePresence, useRoom, useStatus } from 'carillon-client/react'

const [server] = process.argv.slice(2)
const id = Date.now()
const made = []
const closed = []

async function token(user) {
  const answer = await fetch(new URL('api/demo/token', server), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user }),
  })
  return (await answer.json()).token
}

function create() {
  const client = new Carillon(server, { token: () => token('ann'), transports: ['sse'] })
  const close = client.close.bind(client)
  client.close = () => {
    closed.push(client)
    close()
  }
  made.push(client)
  return client
}

async function until(what, condition) {
  const end = Date.now() + 20_000
  while (!(await condition())) {
    assert.ok(Date.now() < end, what)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const say = (element, text) => h('p', { id: element }, text)

// Rendered on a server: the beginning, and nothing is opened.
function Page() {
  const { state } = useStatus()
  const { events } = useRoom('a', { last: 5 })
  const { count } = usePresence('a', { here: true })
  const board = useOptimistic('a', { state: { n: 7 }, apply: (state) => state })
  return say('page', `${state} ${events.length} ${count} ${board.state.n}`)
}
assert.equal(
  renderToString(h(CarillonProvider, { create }, h(Page))),
  '<p id="page">connecting 0 0 7</p>',
)
assert.equal(made.length, 0)
const lazy = new Carillon(null, { autoConnect: false })
assert.equal(renderToString(h(CarillonProvider, { client: lazy }, h(Page))), '<p id="page">connecting 0 0 7</p>')

const { JSDOM } = await import('jsdom')
const { window } = new JSDOM('<div id="root"></div>', { url: 'http://localhost/' })
Object.assign(globalThis, { window, document: window.document })
globalThis.navigator ??= window.navigator
const { createRoot } = await import('react-dom/client')
const text = (element) => window.document.getElementById(element)?.textContent

const bob = new Carillon(server, { token: () => token('bob'), transports: ['sse'] })
const publish = async (room, from, to) => {
  for (let i = from; i <= to; i++) await bob.room(room).publish('tick', i)
}
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i).join()

const one = `react:${id}`
const two = `react:${id}-2`
await publish(one, 1, 10)
await publish(two, 100, 102)

const heard = []
let set
function List({ element, room, last }) {
  const { events, error, publish } = useRoom(room, {
    last,
    onEvent: ({ data }) => element === 'first' && heard.push(data),
  })
  List[element] = publish
  return say(element, error?.code ?? events.map(({ data }) => data).join())
}
function Who() {
  const [mood, setMood] = useState('busy')
  const { members } = usePresence(one, { mood })
  Who.set = setMood
  return say('who', members.map(({ user, state }) => `${user} ${state.mood}`).join())
}
function Sum() {
  const board = useOptimistic(two, { state: 0, apply: (sum, { data }) => sum + data })
  Sum.publish = board.publish
  return say('sum', `${board.ready} ${board.state} ${board.confirmed} ${board.pending.length}`)
}
function App() {
  const [shown, setShown] = useState({ first: one, second: one })
  set = setShown
  return h(
    CarillonProvider,
    { create },
    say('status', h(function Link() { return useStatus().state })),
    shown.first && h(List, { element: 'first', room: shown.first, last: 5 }),
    shown.second && h(List, { element: 'second', room: shown.second, last: 2 }),
    shown.forbidden && h(List, { element: 'forbidden', room: 'carillon:no' }),
    shown.sum && h(Sum),
    shown.who && h(Who),
  )
}
const root = createRoot(window.document.getElementById('root'))
root.render(h(StrictMode, null, h(App)))

await until('each with its own beginning', () => text('first') === numbers(6, 10) && text('second') === numbers(9, 10))
await until('live', () => text('status') === 'live')
await publish(one, 11, 12)
await until('both hear what follows', () => text('first') === numbers(6, 12) && text('second') === numbers(9, 12))
set({ second: one })
await until('gone', () => text('first') === undefined)
await publish(one, 13, 13)
await until('the other goes on', () => text('second') === numbers(9, 13))
assert.deepEqual(heard.join(), numbers(6, 12))
set({ first: one, second: two })
await until('mounted again, it begins again', () => text('first') === numbers(9, 13))
await until('another name is another room', () => text('second') === numbers(101, 102))
const same = List.second
await List.second('tick', 103)
await until('its own publish', () => text('second') === numbers(101, 103))
assert.equal(List.second, same, 'a function that stays')

set({ forbidden: true, sum: true, who: true })
await until('mounted', () => text('forbidden') === '')
await assert.rejects(List.forbidden('tick', 1), { code: 'forbidden' })
await until('a refusal is told', () => text('forbidden') === 'forbidden')
await until('what the room says', () => text('sum') === `true ${100 + 101 + 102 + 103} ${100 + 101 + 102 + 103} 0`)
const sent = Sum.publish('tick', 4)
await until('shown at once', () => text('sum') === 'true 410 406 1' || text('sum') === 'true 410 410 0')
await sent
await until('and confirmed', () => text('sum') === 'true 410 410 0')

const changes = []
bob.room(one).presence.on('change', ({ members, left }) => changes.push([left.join(), members.map(({ state }) => state?.mood).join()]))
await until('present', () => text('who') === 'ann busy' && changes.at(-1)?.[1] === 'busy')
Who.set('idle')
await until('with another state', () => text('who') === 'ann idle' && changes.at(-1)?.[1] === 'idle')
assert.deepEqual(changes.map(([left]) => left).join(''), '', 'nobody has left meanwhile')
set({})
await until('gone when unmounted', () => changes.at(-1)?.[0] === 'ann')

root.unmount()
await until('closed', () => closed.length === made.length)
assert.ok(made.length >= 2, 'StrictMode made two')
await assert.rejects(same('tick', 1), { code: 'left' })
bob.close()
window.close()
