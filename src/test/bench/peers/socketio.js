// A bare broadcast with Socket.IO: `join` enters a room, `pub` goes to everybody in it. With a
// second argument, the URL of a PostgreSQL, every publish also takes its official adapter.
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { createAdapter } from '@socket.io/postgres-adapter'
import pg from 'pg'

const [port, database] = process.argv.slice(2)
const server = createServer((request, response) => response.end())
const io = new Server(server, { transports: ['websocket', 'polling'], perMessageDeflate: false, serveClient: false })

if (database) {
  io.adapter(createAdapter(new pg.Pool({ connectionString: database, max: 4 })))
}
io.on('connection', socket => {
  socket.on('join', room => {
    socket.join(room)
    socket.emit('joined', room)
  })
  socket.on('pub', (room, data) => io.to(room).emit('m', data))
})
server.listen(Number(port), '127.0.0.1')
