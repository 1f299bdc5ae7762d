#!/usr/bin/env bash
# Pusher: a refused upgrade is worse than a closed connection
#
# Versions  pusher-js 8.6.0, ws 8.23.0, Node 20
# Guess     a 503 to the upgrade ("come back later") and a close after it are retried alike.
# Seen      one 503 while connecting: the next try comes after some 15 s (the client waits for its
#           "unavailable" and retry timers); a good connection that is closed: after 1 s:
#             after a 503: 15 s
#             after a close with 4100: 1 s
# Hurts     load shedding and rolling restarts that refuse upgrades: each client is away for 15 s or more.
# Way out   accept the upgrade, say `pusher:error` 4100 (back off) or 4200 (at once), then close.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" pusher-js@8.6.0 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { createServer } from "node:http";
import { once } from "node:events";
import { WebSocketServer } from "ws";
import Pusher from "pusher-js";

/** The seconds from the first upgrade, which `first` ends, to the next. */
async function secondsToNextTry(first) {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const client = new Pusher("key", {
    cluster: "", wsHost: "127.0.0.1", wsPort: http.address().port, forceTLS: false,
    enabledTransports: ["ws"], enableStats: false,
  });
  const [request, stream, head] = await once(http, "upgrade");
  let began = 0;
  first({
    refuse() {
      stream.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      began = Date.now();
    },
    close(code) {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        const established = { socket_id: "1.1", activity_timeout: 120 };
        socket.send(JSON.stringify({ event: "pusher:connection_established", data: JSON.stringify(established) }));
        socket.close(code);
        began = Date.now();
      });
    },
  });
  await once(http, "upgrade");
  const seconds = (Date.now() - began) / 1000;
  client.disconnect();
  return seconds;
}

const [refused, closed] = await Promise.all([
  secondsToNextTry((upgrade) => upgrade.refuse()),
  secondsToNextTry((upgrade) => upgrade.close(4100)),
]);
console.log(`after a 503: ${Math.round(refused)} s`);
console.log(`after a close with 4100: ${Math.round(closed)} s`);
const same = refused > 10 && closed < 5;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
