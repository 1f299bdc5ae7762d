// What a hop costs a poll: node hop-cost.mjs <server> <another> [<rounds>]
import { token } from './kit.mjs'

const servers = process.argv.slice(2, 4).map((url) => url.replace(/\/$/, ''))
const rounds = Number(process.argv[4] ?? 2000)
const alice = await token(servers[0], 'alice')
const first = await (await fetch(`${servers[0]}/socket.io/?EIO=4&transport=polling`)).text()
const query = `EIO=4&transport=polling&sid=${JSON.parse(first.slice(1)).sid}`
const times = { direct: { POST: [], GET: [] }, forwarded: { POST: [], GET: [] } }

async function poll(way, method, body) {
  const begun = performance.now()
  const answer = await fetch(`${servers[way === 'direct' ? 0 : 1]}/socket.io/?${query}`, { method, body })
  const text = await answer.text()
  times[way][method].push(performance.now() - begun)
  if (answer.status !== 200) throw new Error(`${way} ${method}: ${answer.status} ${text}`)
  return text
}

await poll('direct', 'POST', `40{"token":"${alice}"}`)
await poll('direct', 'GET')
for (let i = 0; i < rounds * 2; i++) {
  if (i === rounds / 2) Object.values(times).forEach((way) => { way.POST = []; way.GET = [] }) // warm by now
  const way = i % 2 ? 'direct' : 'forwarded'
  await poll(way, 'POST', `42${i}["nonsense"]`)
  for (let got = ''; !got.includes(`43${i}[`);) got = await poll(way, 'GET')
}
for (const [way, methods] of Object.entries(times)) {
  for (const [method, all] of Object.entries(methods)) {
    all.sort((a, b) => a - b)
    const at = (part) => all[Math.floor(all.length * part)].toFixed(2)
    console.log(`${way} ${method}: ${all.length} polls, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`)
  }
}
