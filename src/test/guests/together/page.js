// A page with one client of each kind in one room: what each has heard, in its order, is in `heard`.
import { Carillon } from '/carillon.js'

const [channel, me] = location.hash.slice(1).split('/')
const room = `pusher:${channel}`
const SHOWN = 12

const heard = { native: [], sse: [], socketio: [], pusher: [], history: [] }
// Where the pusher client was away: it has no replay, so it is told by its connection that there is a gap.
const gaps = []
let recovered = 0
window.together = { heard, gaps, ready: false, recovered: () => recovered }

const lists = {}
for (const [kind, title] of Object.entries({
  native: 'carillon.js',
  sse: 'EventSource',
  socketio: 'socket.io-client',
  pusher: 'pusher-js',
  history: 'fetch',
})) {
  const section = document.createElement('section')
  const head = document.createElement('h2')
  const list = document.createElement('ol')
  head.textContent = title
  section.append(head, list)
  document.querySelector('main').append(section)
  lists[kind] = { head, list, title }
}

function hear(kind, id) {
  heard[kind].push(id)
  const { head, list, title } = lists[kind]
  head.textContent = `${title}: ${heard[kind].length}`
  const item = document.createElement('li')
  item.value = heard[kind].length
  item.textContent = id
  list.append(item)
  if (list.children.length > SHOWN) list.firstChild.remove()
}

async function demoToken() {
  const answer = await fetch('/api/demo/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: me }),
  })
  return (await answer.json()).token
}

const token = await demoToken()
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const native = new Carillon(null, { token: demoToken }).room(room, { last: 0 })
native.on('said', ({ data }) => hear('native', data.id))

const source = new EventSource(`/api/rooms/${room}/events`)
source.addEventListener('said', (event) => hear('sse', JSON.parse(event.data).data.id))

const socket = io('/', { auth: { token } })
socket.on('said', (data) => hear('socketio', data.id))
socket.on('connect', () => (recovered += socket.recovered ? 1 : 0))

const pusher = new Pusher('demo-key', {
  cluster: 'none',
  wsHost: location.hostname,
  wsPort: Number(location.port),
  forceTLS: false,
  enabledTransports: ['ws'],
})
const subscription = pusher.subscribe(channel)
subscription.bind('said', (data) => hear('pusher', data.id))
subscription.bind('pusher:subscription_succeeded', () => gaps.push(heard.pusher.length))

const subscribed = new Promise((resolve) => subscription.bind('pusher:subscription_succeeded', resolve))
const streaming = new Promise((resolve) => source.addEventListener('carillon:joined', resolve, { once: true }))
await Promise.all([native.join(), streaming, subscribed, socket.emitWithAck('join', room)])
window.together.ready = true

/** Publishes with a key until it is answered, whatever happens on the way. */
async function surely(publish) {
  for (;;) {
    try {
      return await publish()
    } catch {
      await pause(200)
    }
  }
}

const publishers = {
  native: (id) => native.publish('said', { id }, { key: id }),
  socketio: async (id) => {
    const answer = await socket.timeout(5000).emitWithAck('publish', room, 'said', { id }, { key: id })
    if (answer.error) throw new Error(answer.error.code)
  },
  fetch: async (id) => {
    const answer = await fetch(`/api/rooms/${room}/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `"${id}"` },
      body: JSON.stringify({ name: 'said', data: { id } }),
    })
    if (!answer.ok) throw new Error(answer.status)
  },
}

/** So many from each of the page's publishers, one after another. */
window.together.publish = (count, ms) =>
  Promise.all(
    Object.entries(publishers).map(async ([kind, publish]) => {
      for (let i = 0; i < count; i++) {
        const id = `${me}-${kind}-${i}`
        await surely(() => publish(id))
        await pause(ms)
      }
    }),
  )

/** The room's log, as a plain request reads it. */
window.together.read = async () => {
  for (let after = '0.0'; ; ) {
    const page = await (await fetch(`/api/rooms/${room}/events?after=${after}&limit=500`)).json()
    if (!page.events.length) return
    page.events.forEach(({ data }) => hear('history', data.id))
    after = page.cursor
  }
}
