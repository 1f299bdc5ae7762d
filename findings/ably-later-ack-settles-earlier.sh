#!/usr/bin/env bash
# Ably: an acknowledgement settles everything before it, and hands its results out from the front
#
# Versions  ably 2.28.0, ws 8.23.0, Node 20
# Guess     `ACK {msgSerial: 2, count: 1}` settles the publish with the serial 2.
# Seen      it settles 0, 1 and 2: the first gets the result that belongs to 2, the others none. A NACK of the
#           last one fails all three in the same way:
#             ACK of 2:  first got ["serial-of-2"], second got nothing, third got nothing
#             NACK of 2: first failed, second failed, third failed
# Hurts     servers that work on publishes at the same time and acknowledge in the order of their completion:
#           a lost message is reported as stored, a stored one as lost.
# Way out   acknowledge strictly in the order of the serials.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" ably@2.28.0 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import { WebSocketServer } from "ws";
import Ably from "ably";

const CONNECTED = 4, ACK = 1, NACK = 2, ATTACH = 10, ATTACHED = 11, MESSAGE = 15;

/** What three publishes come to when only the last is answered. */
async function three(answer) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => {
    const send = (frame) => socket.send(JSON.stringify(frame));
    const connectionDetails = { connectionKey: "k", maxMessageSize: 65536, connectionStateTtl: 120000, maxIdleInterval: 15000 };
    send({ action: CONNECTED, connectionId: "c", connectionDetails });
    socket.on("message", (text) => {
      const frame = JSON.parse(text);
      if (frame.action === ATTACH) send({ action: ATTACHED, channel: frame.channel, flags: 0x70000 });
      if (frame.action === MESSAGE && frame.msgSerial === 2) send(answer);
    });
  });
  const client = new Ably.Realtime({
    key: "app.key:secret", endpoint: "127.0.0.1", port: server.address().port, tls: false,
    useBinaryProtocol: false, disableConnectivityCheck: true, logLevel: 0,
  });
  const channel = client.channels.get("news");
  await channel.attach();
  const outcomes = await Promise.allSettled(["first", "second", "third"].map((text) => channel.publish("e", text)));
  client.close();
  return outcomes.map(({ status, value }) => (status === "rejected" ? "failed" : `got ${value?.serials ? JSON.stringify(value.serials) : "nothing"}`));
}

const acked = await three({ action: ACK, msgSerial: 2, count: 1, res: [{ serials: ["serial-of-2"] }] });
const nacked = await three({ action: NACK, msgSerial: 2, count: 1, error: { code: 40160, statusCode: 401, message: "no" } });
const told = (outcomes) => ["first", "second", "third"].map((name, i) => `${name} ${outcomes[i]}`).join(", ");
console.log("ACK of 2: ", told(acked));
console.log("NACK of 2:", told(nacked));
const same =
  acked.join("|") === 'got ["serial-of-2"]|got nothing|got nothing' && nacked.every((outcome) => outcome === "failed");
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
