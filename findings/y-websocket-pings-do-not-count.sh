#!/usr/bin/env bash
# y-websocket: whoever edits alone loses his connection every 30 s, pings or not
#
# Versions  y-websocket 3.1.0, yjs 13.6.33, ws 8.23.0, Node 20
# Guess     WebSocket pings keep an idle connection, and the client's own awareness message every 15 s shows
#           that it lives.
# Seen      only messages from the server count. A server that pings every 5 s and passes messages on to the
#           OTHERS says nothing to a client that is alone, which hangs up after 30 to 33 s and comes back; a
#           server that returns awareness to its sender keeps it:
#             to the others: 2 connections in 36 s, 6 pings answered on the first
#             to the sender too: 1 connection in 36 s
# Hurts     servers of one's own: an "unstable" connection that nobody sees as soon as two are in the room.
# Way out   return awareness to the sender, too, or send an empty awareness message every 20 s.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  y-websocket@3.1.0 yjs@13.6.33 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";
import * as Y from "yjs";
import { WebsocketProvider } from "y-websocket";

const SYNC = 0, AWARENESS = 1;

/** The connections of one lonely client in 36 s, and the pings that it answered on the first. */
async function lonely(echo) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  let connections = 0;
  let pongs = 0;
  server.on("connection", (socket) => {
    if (++connections === 1) socket.on("pong", () => pongs++);
    const beat = setInterval(() => socket.ping(), 5000);
    socket.on("close", () => clearInterval(beat));
    socket.on("message", (bytes) => {
      if (bytes[0] === SYNC && bytes[1] === 0) socket.send(Uint8Array.of(SYNC, 1, 2, 0, 0)); // nothing to tell
      if (bytes[0] === AWARENESS && echo) socket.send(bytes);
    });
  });
  const url = `ws://127.0.0.1:${server.address().port}`;
  const client = new WebsocketProvider(url, "room", new Y.Doc(), { WebSocketPolyfill: WebSocket, disableBc: true });
  client.awareness.setLocalState({ name: "alice" });
  await new Promise((done) => setTimeout(done, 36000));
  client.destroy();
  return { connections, pongs };
}

const [others, sender] = await Promise.all([lonely(false), lonely(true)]);
console.log(`to the others: ${others.connections} connections in 36 s, ${others.pongs} pings answered on the first`);
console.log(`to the sender too: ${sender.connections} connection in 36 s`);
const same = others.connections === 2 && others.pongs >= 5 && sender.connections === 1;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
