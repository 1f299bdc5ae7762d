#!/usr/bin/env bash
# Centrifuge: the subscribe commands come in the same frame as connect
#
# Versions  centrifuge 5.8.0, ws 8.23.0, Node 20
# Guess     one command a frame, and no subscribe before connect was answered.
# Seen      the first frame holds connect and every subscribe, a line each:
#             first frame: 3 lines: connect, subscribe, subscribe
# Hurts     servers of one's own that parse a frame as one JSON value, answer a subscribe before the login is
#           decided, or close on "not connected yet".
# Way out   read a frame line by line, and hold subscribes until connect is decided.
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
const client = new Centrifuge(`ws://127.0.0.1:${server.address().port}`, { websocket: WebSocket });
client.newSubscription("news").subscribe();
client.newSubscription("chat").subscribe();
client.connect();
const [socket] = await once(server, "connection");
const [frame] = await once(socket, "message");
const commands = String(frame).trim().split("\n").map((line) => Object.keys(JSON.parse(line)).find((key) => key !== "id"));
console.log(`first frame: ${commands.length} lines: ${commands.join(", ")}`);
const same = commands.join() === "connect,subscribe,subscribe";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
