#!/usr/bin/env bash
# Hocuspocus: one message before the close turns the back-off into a flat second without jitter
#
# Versions  @hocuspocus/provider 4.8.0, yjs 13.6.33, ws 8.23.0, Node 20
# Guess     the configured back-off (1 s to 30 s, factor 2, jitter) works whenever the server closes.
# Seen      it works until the first message of a connection. After one, of any kind (here the server's own
#           one-byte ping), each close is followed by a try after exactly `delay`:
#             close without a message: waits of 1.0, 1.4, 3.5, 1.9, 9.9 s (random)
#             a message, then close:   waits of 1.0, 1.0, 1.0, 1.0 … s
# Hurts     servers that answer "permission denied" or say goodbye before they close: all clients come back
#           together every second, for ever.
# Way out   a refusal on the open connection, no close; in the client a random `delay` for each page.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  @hocuspocus/provider@4.8.0 yjs@13.6.33 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";
import { HocuspocusProviderWebsocket } from "@hocuspocus/provider";

const PING = Uint8Array.of(9);

/** The seconds between a close and the next connection, for 20 s. */
async function waits(first) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const seen = [];
  let closed = 0;
  server.on("connection", (socket) => {
    if (closed) seen.push((performance.now() - closed) / 1000);
    if (first) socket.send(first);
    socket.close(1013);
    closed = performance.now();
  });
  const client = new HocuspocusProviderWebsocket({
    url: `ws://127.0.0.1:${server.address().port}`,
    WebSocketPolyfill: WebSocket,
  });
  await new Promise((done) => setTimeout(done, 20000));
  client.destroy();
  return seen;
}

const [silent, spoken] = await Promise.all([waits(null), waits(PING)]);
const told = (seconds) => seconds.map((s) => s.toFixed(1)).join(", ");
console.log("close without a message:", told(silent));
console.log("a message, then close:  ", told(spoken));
const same = spoken.length >= 15 && spoken.every((s) => s < 1.5) && silent.length < spoken.length;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
