// A bare broadcast with `ws`: GET /ws?room=N joins, a text goes to the room that its marker names.
// The frame is made once and its bytes are written to every member, the cheapest that `ws` offers.
import { createServer } from 'node:http'
import { WebSocketServer, Sender } from 'ws'

const rooms = new Map()
const server = createServer((request, response) => response.end())
const sockets = new WebSocketServer({ server, perMessageDeflate: false })

sockets.on('connection', (socket, request) => {
  const name = new URL(request.url, 'http://localhost').searchParams.get('room')
  const members = rooms.get(name) ?? new Set()
  rooms.set(name, members.add(socket))
  socket.on('message', message => broadcast(message))
  socket.on('close', () => members.delete(socket))
  socket.on('error', () => members.delete(socket))
})

function broadcast (message) {
  const room = /@@\d+:(\d+):/.exec(message.toString('latin1'))?.[1]
  const frame = Buffer.concat(Sender.frame(message, { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false }))
  for (const member of rooms.get(room) ?? []) member._socket.write(frame)
}

server.listen(Number(process.argv[2]), '127.0.0.1')
