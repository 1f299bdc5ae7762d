#!/usr/bin/env bash
# Socket.IO: one volatile event makes connection state recovery fail
#
# Versions  socket.io 4.8.4, socket.io-client 4.8.4, Node 20
# Guess     a volatile event may be lost; otherwise it touches nothing.
# Seen      with recovery switched on the client keeps the last argument of ANY event as its offset, if
#           that argument is a string. The server appends its offset to ordinary events only. So after
#           `socket.volatile.emit("typing", "alice")` the client comes back with the offset "alice", the
#           server does not know it, and everything sent during the break is lost:
#             ordinary event last: offset is the server's own, recovered true, got "missed"
#             volatile event last: offset "alice", recovered false, got nothing
#             the same with a null behind "alice": recovered true, got "missed"
# Hurts     chats with a "typing" signal and recovery; servers of one's own that append no offset.
# Way out   end volatile events with something that is no string.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  socket.io@4.8.4 socket.io-client@4.8.4
cat >"$work/run.mjs" <<'JS'
import { createServer } from "node:http";
import { once } from "node:events";
import { Server } from "socket.io";
import { io as connect } from "socket.io-client";

async function breakAfter(lastEvent) {
  const http = createServer();
  const server = new Server(http, { connectionStateRecovery: {} });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const client = connect(`http://127.0.0.1:${http.address().port}`, {
    transports: ["websocket"],
    reconnectionDelay: 100,
  });
  const seen = [];
  client.on("news", (text) => seen.push(text));
  client.on("barrier", (acknowledge) => acknowledge());
  const [first] = await once(server, "connection");
  first.join("room");
  first.emit("news", "first");
  const barrier = () => new Promise((done) => first.emit("barrier", done)); // acknowledged: no offset
  await barrier();
  lastEvent(first);
  await barrier();
  first.conn.close();
  server.to("room").emit("news", "missed");
  const [second] = await once(server, "connection");
  await new Promise((done) => second.emit("barrier", done));
  const got = { offset: second.handshake.auth.offset, recovered: client.recovered, seen: seen.slice(1) };
  client.close();
  server.close();
  return got;
}

const ordinary = await breakAfter((socket) => socket.emit("typing", "alice"));
const volatile = await breakAfter((socket) => socket.volatile.emit("typing", "alice"));
const ended = await breakAfter((socket) => socket.volatile.emit("typing", "alice", null));
console.log("ordinary event last:", JSON.stringify({ ...ordinary, offset: "(the server's)" }));
console.log("volatile event last:", JSON.stringify(volatile));
console.log("the same with a null:", JSON.stringify({ ...ended, offset: "(the server's)" }));
const same =
  ordinary.recovered && ordinary.offset !== "alice" && ordinary.seen[0] === "missed" &&
  volatile.offset === "alice" && !volatile.recovered && volatile.seen.length === 0 &&
  ended.recovered && ended.seen[0] === "missed";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
