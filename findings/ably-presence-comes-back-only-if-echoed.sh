#!/usr/bin/env bash
# Ably: a member enters again on a new connection only if the server had echoed its entrance
#
# Versions  ably 2.28.0, ws 8.23.0, Node 20
# Guess     `presence.enter()` was acknowledged, so the client enters again when it comes back on a new
#           connection.
# Seen      the list of one's own members is filled by the echoed PRESENCE message, not by the ACK:
#             ACK and echo: entered again
#             ACK alone:    not entered again
# Hurts     servers that save the echo to the sender (he knows that he came): after the first break the member
#           is missing for the others while he believes himself present.
# Way out   echo presence to its sender.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" ably@2.28.0 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import { WebSocketServer } from "ws";
import Ably from "ably";

const ACK = 1, CONNECTED = 4, ATTACH = 10, ATTACHED = 11, PRESENCE = 14;

/** The presence messages on the second connection, within two seconds of its attach. */
async function afterBreak(echo) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  let connections = 0;
  let entered;
  const second = { attached: null, presence: 0 };
  const attachedAgain = new Promise((done) => (second.attached = done));
  let current;
  server.on("connection", (socket) => {
    current = socket;
    const connectionId = `c${++connections}`;
    const send = (frame) => socket.send(JSON.stringify(frame));
    const connectionDetails = { clientId: "alice", connectionKey: connectionId, maxMessageSize: 65536, connectionStateTtl: 120000, maxIdleInterval: 15000 };
    send({ action: CONNECTED, connectionId, connectionDetails });
    socket.on("message", (text) => {
      const { action, channel, msgSerial, presence } = JSON.parse(text);
      if (action === ATTACH) {
        send({ action: ATTACHED, channel, flags: 0xf0000 });
        if (connectionId === "c2") second.attached();
      }
      if (action !== PRESENCE) return;
      if (connectionId === "c2") second.presence++;
      send({ action: ACK, msgSerial, count: 1 });
      const members = presence.map((member) => ({ ...member, clientId: "alice" }));
      if (echo) send({ action: PRESENCE, channel, id: `${connectionId}:${msgSerial}`, connectionId, timestamp: Date.now(), presence: members });
    });
  });
  const client = new Ably.Realtime({
    key: "app.key:secret", clientId: "alice", endpoint: "127.0.0.1", port: server.address().port, tls: false,
    useBinaryProtocol: false, disableConnectivityCheck: true, logLevel: 0,
  });
  const channel = client.channels.get("news");
  await channel.attach();
  await channel.presence.enter("hello");
  await new Promise((done) => setTimeout(done, 300)); // the echo has been read
  current.terminate();
  await attachedAgain;
  await new Promise((done) => setTimeout(done, 2000));
  client.close();
  return second.presence;
}

const [echoed, silent] = [await afterBreak(true), await afterBreak(false)];
const told = (count) => (count ? "entered again" : "not entered again");
console.log("ACK and echo:", told(echoed));
console.log("ACK alone:   ", told(silent));
const same = echoed === 1 && silent === 0;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
