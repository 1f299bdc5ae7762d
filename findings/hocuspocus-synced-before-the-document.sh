#!/usr/bin/env bash
# Hocuspocus: "synced" is told on an empty document
#
# Versions  @hocuspocus/provider 4.8.0, yjs 13.6.33, lib0 0.2.120, ws 8.23.0, Node 20
# Guess     `synced` means that the server's document has arrived (sync step 2), as with y-websocket.
# Seen      it means that the count of unacknowledged changes is 0, and the count begins at 1 for the first
#           exchange. One "saved" message (type 8, value 1) that comes before step 2 takes it to 0:
#             saved, then step 2: synced with text ""
#             step 2, then saved: synced with text "hello"
# Hurts     servers of one's own that acknowledge the client's step 2 at once and load the document meanwhile:
#           applications that fill an empty document on `synced` double its content.
# Way out   never acknowledge before the document was sent.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  @hocuspocus/provider@4.8.0 yjs@13.6.33 lib0@0.2.120 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";
import * as Y from "yjs";
import * as encoding from "lib0/encoding";
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";

const SYNC = 0, AUTH = 2, SAVED = 8;
const message = (type, write) => {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, "room");
  encoding.writeVarUint(encoder, type);
  write(encoder);
  return encoding.toUint8Array(encoder);
};
const stored = new Y.Doc();
stored.getText("t").insert(0, "hello");
const allowed = message(AUTH, (encoder) => {
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarString(encoder, "read-write");
});
const step2 = message(SYNC, (encoder) => {
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint8Array(encoder, Y.encodeStateAsUpdate(stored));
});
const saved = message(SAVED, (encoder) => encoding.writeVarInt(encoder, 1));

/** The text of the document at the moment of "synced". */
async function textAtSynced(frames) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => socket.once("message", () => [allowed, ...frames].forEach((frame) => socket.send(frame))));
  const websocketProvider = new HocuspocusProviderWebsocket({
    url: `ws://127.0.0.1:${server.address().port}`,
    WebSocketPolyfill: WebSocket,
  });
  const document = new Y.Doc();
  return new Promise((done) => {
    const provider = new HocuspocusProvider({
      websocketProvider, name: "room", document,
      onSynced: () => done(document.getText("t").toString()),
    });
    provider.attach();
  });
}

const early = await textAtSynced([saved, step2]);
const late = await textAtSynced([step2, saved]);
console.log(`saved, then step 2: synced with text "${early}"`);
console.log(`step 2, then saved: synced with text "${late}"`);
const same = early === "" && late === "hello";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
