#!/usr/bin/env bash
# Yjs: the close code 4401 ends one provider for good and means nothing to the other
#
# Versions  y-websocket 3.1.0, @hocuspocus/provider 4.8.0, yjs 13.6.33, ws 8.23.0, Node 20
# Guess     both end, or both come back: 4401 and 4403 stand in Hocuspocus's own list of codes
#           (unauthorized, forbidden).
# Seen      y-websocket takes 4400 to 4499 for final; Hocuspocus comes back for ever:
#             4401: y-websocket 1 connection in 6 s; hocuspocus 4 or 5
#             4403: y-websocket 1 connection in 6 s; hocuspocus 4 or 5
# Hurts     one server for both: refusing with 4401 makes a loop of the one, and closing for a passing reason
#           with a code of that range (4408 timeout, 4429 too many) loses the other without a reload.
# Way out   passing reasons: 1012, 1013. Refusals: to Hocuspocus the message "permission denied" on the open
#           connection, to y-websocket 4403.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  y-websocket@3.1.0 @hocuspocus/provider@4.8.0 yjs@13.6.33 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";
import * as Y from "yjs";
import { WebsocketProvider } from "y-websocket";
import { HocuspocusProviderWebsocket } from "@hocuspocus/provider";

/** How many connections a client makes in six seconds, each closed with the code. */
async function connections(code, connect) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  let count = 0;
  server.on("connection", (socket) => {
    count++;
    socket.close(code);
  });
  const client = connect(`ws://127.0.0.1:${server.address().port}`);
  await new Promise((done) => setTimeout(done, 6000));
  const counted = count;
  client.destroy();
  return counted;
}
const yWebsocket = (url) => new WebsocketProvider(url, "room", new Y.Doc(), { WebSocketPolyfill: WebSocket });
const hocuspocus = (url) => new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket });

const codes = [4401, 4403];
const counted = await Promise.all(
  codes.flatMap((code) => [connections(code, yWebsocket), connections(code, hocuspocus)]),
);
codes.forEach((code, i) =>
  console.log(`${code}: y-websocket ${counted[2 * i]} connection in 6 s; hocuspocus ${counted[2 * i + 1]}`),
);
const same = counted[0] === 1 && counted[2] === 1 && counted[1] > 1 && counted[3] > 1;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
