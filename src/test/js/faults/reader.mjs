// A reader of the faults: the JavaScript client over one transport, which writes a line for whatever it is handed.
// node reader.mjs CLIENT BASE TOKEN TRANSPORT ROOM…
import { pathToFileURL } from 'node:url'

const [client, base, token, transport, ...rooms] = process.argv.slice(2)
const { Carillon } = await import(pathToFileURL(client))
const say = line => process.stdout.write(JSON.stringify(line) + '\n')
const carillon = new Carillon(base, { token: () => token, transports: [transport], storage: null, page: null })
carillon.on('status', s => say({ status: s.state }))
for (const name of rooms) {
  const room = carillon.room(name)
  room.on('joined', j => say({ joined: name, at: Number(j.cursor.split('.')[1]) }))
  room.on('message', e => say({ room: name, epoch: e.epoch, seq: e.seq }))
  room.on('resync', r => say({ resync: name, reason: r.reason, head: r.head }))
  room.join().catch(e => say({ refused: name, code: e.code }))
}
process.stdin.on('end', () => process.exit(0)).resume()
