#!/usr/bin/env bash
# Pusher: one close with 4000 moves the client to TLS for the rest of its life
#
# Versions  pusher-js 8.6.0, ws 8.23.0, Node 20
# Guess     4000 is the first of the codes that mean "do not come back" (4000 to 4099).
# Seen      the client comes back at once, with TLS and to the TLS port, and never tries the plain port
#           again, not even after `disconnect()` and `connect()`:
#             plain connections: 1; TLS hellos after the close: yes; after disconnect and connect: yes
# Hurts     servers without TLS (development machines, inner networks) that take 4000 as their "generic
#           error": the client is lost until the page is loaded anew.
# Way out   never send 4000; refuse with 4001 and above.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" pusher-js@8.6.0 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import { createServer } from "node:net";
import { WebSocketServer } from "ws";
import Pusher from "pusher-js";

const plain = new WebSocketServer({ port: 0, host: "127.0.0.1" });
const tls = createServer(); // no TLS in it: it looks at the first byte and hangs up
await Promise.all([once(plain, "listening"), once(tls.listen(0, "127.0.0.1"), "listening")]);
let plainConnections = 0;
plain.on("connection", (socket) => {
  plainConnections++;
  socket.close(4000);
});

const client = new Pusher("key", {
  cluster: "", wsHost: "127.0.0.1", wsPort: plain.address().port, wssPort: tls.address().port,
  forceTLS: false, enabledTransports: ["ws"], enableStats: false,
});
async function hello() {
  const [stream] = await once(tls, "connection");
  const [bytes] = await once(stream, "data");
  stream.destroy();
  return bytes[0] === 0x16; // the record type of a TLS hello
}
const afterClose = await hello();
client.disconnect();
await new Promise((done) => setTimeout(done, 500));
const next = hello();
client.connect();
const afterConnect = await next;
const word = (yes) => (yes ? "yes" : "no");
console.log(
  `plain connections: ${plainConnections}; TLS hellos after the close: ${word(afterClose)}; ` +
    `after disconnect and connect: ${word(afterConnect)}`,
);
const same = plainConnections === 1 && afterClose && afterConnect;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node --no-deprecation "$work/run.mjs"
