import assert from 'node:assert/strict'
import { io } from 'socket.io-client'

/** A token of a user with every right, from the demo desk. */
export async function token(base, user, admin = false) {
  const answer = await fetch(`${base}/api/demo/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, admin }),
  })
  assert.equal(answer.status, 200)
  return (await answer.json()).token
}

/** A client that uses these transports; not connected yet. */
export function client(base, auth, transports, more = {}) {
  return io(base, {
    auth,
    transports,
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 300,
    ...more,
  })
}

/** Waits for an event of a socket or an engine. */
export function once(emitter, name, patience = 15000) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name} in time`)), patience)
    emitter.once(name, (...args) => {
      clearTimeout(timer)
      resolve(args)
    })
  })
}

/** Calls, and waits for the answer. */
export async function call(socket, name, ...args) {
  return socket.timeout(15000).emitWithAck(name, ...args)
}

/** Waits until something holds. */
export async function until(what, holds, patience = 20000) {
  const end = Date.now() + patience
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`)
    await sleep(20)
  }
}

export const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis))

/** Publishes over HTTP, as anybody else does. */
export async function publish(base, bearer, room, name, data) {
  const answer = await fetch(`${base}/api/rooms/${encodeURIComponent(room)}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ name, data }),
  })
  assert.ok(answer.status === 200 || answer.status === 201, `publish: ${answer.status}`)
}

export const room = (name) => `socketio:${name}-${process.pid}-${Date.now()}`

/** Runs steps one after another and tells which. */
export async function steps(all) {
  for (const [name, step] of Object.entries(all)) {
    console.log(`- ${name}`)
    await step()
  }
  console.log('done')
  process.exit(0)
}
