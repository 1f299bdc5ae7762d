#!/usr/bin/env bash
# Centrifuge: a publication that comes again is told again, and moves the resume point back
#
# Versions  centrifuge 5.8.0, ws 8.23.0, Node 20
# Guess     a client that keeps an offset for recovery drops what is not above it.
# Seen      the last publication's offset is the resume point, whatever it was. The server sends 6, 7 and once
#           more 6; after the next connection the client asks for everything after 6:
#             told: 6, 7, 6; asks after the break for what follows 6
# Hurts     servers of one's own that deliver at least once (a replay that overlaps the live stream): the
#           application sees repetitions, and each break repeats what is between.
# Way out   never send backwards; in the application compare `ctx.offset` with the last one.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" centrifuge@5.8.0 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import { createRequire } from "node:module";
import WebSocket, { WebSocketServer } from "ws";
const { Centrifuge } = createRequire(import.meta.url)("centrifuge");

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
await once(server, "listening");
let first = true;
const resumed = new Promise((done) =>
  server.on("connection", (socket) => {
    const send = (frame) => socket.send(JSON.stringify(frame));
    socket.on("message", (text) => {
      for (const command of String(text).trim().split("\n").map((line) => JSON.parse(line))) {
        if (command.connect) send({ id: command.id, connect: { client: "c", version: "1" } });
        if (!command.subscribe) continue;
        if (!first) return done(command.subscribe);
        first = false;
        send({ id: command.id, subscribe: { recoverable: true, positioned: true, epoch: "e", offset: 5 } });
        for (const offset of [6, 7, 6]) send({ push: { channel: "news", pub: { data: offset, offset } } });
        socket.close(1012);
      }
    });
  }),
);
const client = new Centrifuge(`ws://127.0.0.1:${server.address().port}`, { websocket: WebSocket, minReconnectDelay: 100 });
const told = [];
const subscription = client.newSubscription("news");
subscription.on("publication", (context) => told.push(context.offset));
subscription.subscribe();
client.connect();

const { recover, offset } = await resumed;
console.log(`told: ${told.join(", ")}; asks after the break for what follows ${offset}`);
const same = recover === true && offset === 6 && told.join() === "6,7,6";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
