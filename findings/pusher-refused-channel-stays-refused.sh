#!/usr/bin/env bash
# Pusher: after a subscription error the channel cannot be subscribed again on that connection
#
# Versions  pusher-js 8.6.0, ws 8.23.0, Node 20
# Guess     after `pusher:subscription_error` a second `subscribe()` sends a second request.
# Seen      nothing is sent: the channel counts as "pending" until the connection ends. An `unsubscribe()`
#           in between changes nothing by itself:
#             subscribe: 1 request; subscribe again: 0; unsubscribe, subscribe: 0; new connection: 1
# Hurts     whoever answers a passing failure (database away, token a second too old) with that event
#           and hopes for a retry.
# Way out   hold the answer back, or close the connection with 4200 (reconnect at once).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" pusher-js@8.6.0 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import { WebSocketServer } from "ws";
import Pusher from "pusher-js";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
await once(server, "listening");
let requests = 0;
let socket;
server.on("connection", (opened) => {
  socket = opened;
  const established = { socket_id: "1.1", activity_timeout: 120 };
  socket.send(JSON.stringify({ event: "pusher:connection_established", data: JSON.stringify(established) }));
  socket.on("message", (text) => {
    const frame = JSON.parse(text);
    if (frame.event !== "pusher:subscribe") return;
    requests++;
    const refusal = { type: "AuthError", error: "try later", status: 503 };
    socket.send(JSON.stringify({ event: "pusher:subscription_error", channel: "news", data: JSON.stringify(refusal) }));
  });
});

const client = new Pusher("key", {
  cluster: "", wsHost: "127.0.0.1", wsPort: server.address().port, forceTLS: false,
  enabledTransports: ["ws"], enableStats: false,
});
const pause = () => new Promise((done) => setTimeout(done, 500));
async function counted(step) {
  requests = 0;
  await step();
  await pause();
  return requests;
}
const refused = () => new Promise((done) => client.subscribe("news").bind("pusher:subscription_error", done));

const seen = {
  subscribe: await counted(refused),
  again: await counted(() => client.subscribe("news")),
  unsubscribed: await counted(() => {
    client.unsubscribe("news");
    client.subscribe("news");
  }),
  reconnected: await counted(async () => {
    const [, next] = [socket.close(4200), once(server, "connection")];
    await next;
  }),
};
console.log(
  `subscribe: ${seen.subscribe} request; subscribe again: ${seen.again}; ` +
    `unsubscribe, subscribe: ${seen.unsubscribed}; new connection: ${seen.reconnected}`,
);
const same = seen.subscribe === 1 && seen.again === 0 && seen.unsubscribed === 0 && seen.reconnected === 1;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
