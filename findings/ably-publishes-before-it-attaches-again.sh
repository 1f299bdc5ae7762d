#!/usr/bin/env bash
# Ably: after a break publishes come before the channel is attached again
#
# Versions  ably 2.28.0, ws 8.23.0, Node 20
# Guess     on a new connection a channel is attached first, then what waited is sent to it.
# Seen      what waited is sent the moment CONNECTED has been read:
#             first connection:  ATTACH, MESSAGE
#             second connection: MESSAGE, ATTACH
# Hurts     servers that refuse a publish to a channel that the connection has not attached: they work until
#           the first break, then lose exactly the messages that were written during it.
# Way out   check the right to publish by the connection's credentials, not by its attachments.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" ably@2.28.0 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import { WebSocketServer } from "ws";
import Ably from "ably";

const ACK = 1, CONNECTED = 4, ATTACH = 10, ATTACHED = 11, MESSAGE = 15;

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
await once(server, "listening");
const seen = [];
let current;
server.on("connection", (socket) => {
  current = socket;
  const order = [];
  seen.push(order);
  const send = (frame) => socket.send(JSON.stringify(frame));
  const connectionId = `c${seen.length}`;
  const connectionDetails = { connectionKey: connectionId, maxMessageSize: 65536, connectionStateTtl: 120000, maxIdleInterval: 15000 };
  send({ action: CONNECTED, connectionId, connectionDetails });
  socket.on("message", (text) => {
    const { action, channel, msgSerial } = JSON.parse(text);
    if (action === ATTACH) {
      order.push("ATTACH");
      send({ action: ATTACHED, channel, flags: 0x70000 });
    }
    if (action === MESSAGE) {
      order.push("MESSAGE");
      send({ action: ACK, msgSerial, count: 1 });
    }
  });
});
const client = new Ably.Realtime({
  key: "app.key:secret", endpoint: "127.0.0.1", port: server.address().port, tls: false,
  useBinaryProtocol: false, disableConnectivityCheck: true, logLevel: 0,
});
const channel = client.channels.get("news");
await channel.attach();
await channel.publish("e", "before");
const broken = new Promise((done) => client.connection.once("disconnected", done));
current.terminate();
await broken;
await channel.publish("e", "written during the break");
await new Promise((done) => setTimeout(done, 1000));
console.log("first connection: ", seen[0].join(", "));
console.log("second connection:", seen[1].join(", "));
const same = seen[0].join() === "ATTACH,MESSAGE" && seen[1].join() === "MESSAGE,ATTACH";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
