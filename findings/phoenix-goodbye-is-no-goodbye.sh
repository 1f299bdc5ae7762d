#!/usr/bin/env bash
# Phoenix: a server that accepts and closes is called again after 10 ms, for ever
#
# Versions  phoenix 1.8.16, ws 8.23.0, Node 20
# Guess     close 1000 (normal) ends the client, as it does with 1.7.14, 1.7.21 and 1.8.1; other codes back off
#           (10, 50, 100 ms … 5 s).
# Seen      every code comes back, 1000 too, and the opening of a connection resets the back-off: with a
#           server that accepts and closes there is none. A refused upgrade backs off:
#             in 2 s: 1000: some 150 tries; 1013: some 150 tries; 503 to the upgrade: 8 tries
# Hurts     servers that turn clients away after the upgrade (over capacity, draining, token expired): each
#           refused client costs some 80 upgrades a second.
# Way out   refuse the upgrade, or keep the socket open and silent for a while before closing it; in the
#           client a `reconnectAfterMs` with a floor and jitter.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" phoenix@1.8.16 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { createServer } from "node:http";
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";
import { Socket } from "phoenix";

/** How often a client tries in two seconds when each try ends as given. */
async function tries(end) {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  let count = 0;
  http.on("upgrade", (request, stream, head) => {
    count++;
    end(stream, (code) => sockets.handleUpgrade(request, stream, head, (socket) => socket.close(code)));
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const client = new Socket(`ws://127.0.0.1:${http.address().port}/socket`, { transport: WebSocket });
  client.connect();
  await new Promise((done) => setTimeout(done, 2000));
  const counted = count;
  client.disconnect();
  return counted;
}

const normal = await tries((_, close) => close(1000));
const later = await tries((_, close) => close(1013));
const refused = await tries((stream) =>
  stream.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
);
console.log(`in 2 s: 1000: ${normal} tries; 1013: ${later} tries; 503 to the upgrade: ${refused} tries`);
const same = normal > 20 && later > 20 && refused < 15;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
