#!/usr/bin/env bash
# Socket.IO: the protocol's own "close" packet is ignored over WebSocket
#
# Versions  socket.io-client 4.8.4 (engine.io-client as it brings), ws 8.23.0, Node 20
# Guess     packet `1` (close) of Engine.IO ends the session on every transport.
# Seen      over long polling the client closes ("transport close"); over WebSocket it reads on:
#             polling:   disconnect
#             websocket: still connected, and the event after the close packet arrives
# Hurts     servers that say goodbye with the packet and wait for the client to hang up.
# Way out   end a WebSocket by closing it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  socket.io-client@4.8.4 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { createServer } from "node:http";
import { once } from "node:events";
import { WebSocketServer } from "ws";
import { io } from "socket.io-client";

const open = '0{"sid":"e1","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}';
const goodbye = ["1", '42["after"]'];

function polled() {
  // One session: the handshake, the answer to CONNECT, then the close packet.
  const answers = [open, '40{"sid":"s1"}', goodbye.join("\x1e")];
  return createServer((request, response) => {
    if (request.method === "POST") return request.resume().on("end", () => response.end("ok"));
    const answer = answers.shift();
    if (answer) response.end(answer); // a later poll stays open
  });
}

function webSocket() {
  const http = createServer();
  new WebSocketServer({ server: http }).on("connection", (socket) => {
    socket.send(open);
    socket.once("message", () => ['40{"sid":"s1"}', ...goodbye].forEach((packet) => socket.send(packet)));
  });
  return http;
}

async function goodbyeOver(transport, http) {
  await once(http.listen(0, "127.0.0.1"), "listening");
  const client = io(`http://127.0.0.1:${http.address().port}`, { transports: [transport], reconnection: false });
  const outcome = await new Promise((done) => {
    client.on("disconnect", (reason) => done(`disconnect, ${reason}`));
    client.on("after", () => setTimeout(() => client.connected && done("still connected, next event arrived"), 500));
  });
  console.log(`${transport}: ${outcome}`);
  client.close();
  return outcome;
}

const polling = await goodbyeOver("polling", polled());
const socket = await goodbyeOver("websocket", webSocket());
const same = polling.startsWith("disconnect") && socket.startsWith("still connected");
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
