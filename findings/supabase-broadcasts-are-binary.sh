#!/usr/bin/env bash
# Supabase Realtime: every broadcast is a binary frame, JSON too
#
# Versions  @supabase/realtime-js 2.119.1, ws 8.23.0, Node 20
# Guess     Phoenix's serializer: text frames `[join_ref, ref, topic, event, payload]`, binary frames (kind 0)
#           only for payloads that are an ArrayBuffer.
# Seen      joins, presence and heartbeats are such text; `send({type: "broadcast", …})` of a plain object is
#           a binary frame of kind 3, which Phoenix does not know. With `vsn: "1.0.0"` all is text:
#             2.0.0: phx_join text, presence text, broadcast binary of kind 3
#             1.0.0: phx_join text, presence text, broadcast text
# Hurts     proxies, loggers and servers written after Phoenix's documents: they lose exactly the broadcasts.
# Way out   decode kind 3 (five lengths, a byte for JSON or not, the strings, the payload).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  @supabase/realtime-js@2.119.1 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";
import { RealtimeClient } from "@supabase/realtime-js";

async function frames(options) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const seen = [];
  const answered = new Promise((done) =>
    server.on("connection", (socket) =>
      socket.on("message", (bytes, binary) => {
        if (binary) {
          seen.push(`broadcast binary of kind ${bytes[0]}`);
        } else {
          const frame = JSON.parse(bytes);
          const [joinRef, ref, topic, event] = Array.isArray(frame)
            ? frame
            : [frame.join_ref, frame.ref, frame.topic, frame.event];
          if (event === "phx_join" || event === "presence" || event === "broadcast") seen.push(`${event} text`);
          const reply = { status: "ok", response: {} };
          socket.send(
            JSON.stringify(
              Array.isArray(frame)
                ? [joinRef, ref, topic, "phx_reply", reply]
                : { join_ref: joinRef, ref, topic, event: "phx_reply", payload: reply },
            ),
          );
        }
        if (seen.length === 3) done();
      }),
    ),
  );
  const client = new RealtimeClient(`ws://127.0.0.1:${server.address().port}`, {
    transport: WebSocket,
    params: { apikey: "key" },
    ...options,
  });
  const channel = client.channel("room");
  channel.on("presence", { event: "sync" }, () => {});
  await new Promise((done) => channel.subscribe((state) => state === "SUBSCRIBED" && done()));
  await channel.track({ name: "alice" });
  await channel.send({ type: "broadcast", event: "chat", payload: { text: "hello" } });
  await answered;
  return seen.join(", ");
}

const current = await frames({});
const old = await frames({ vsn: "1.0.0" });
console.log("2.0.0:", current);
console.log("1.0.0:", old);
const same =
  current === "phx_join text, presence text, broadcast binary of kind 3" &&
  old === "phx_join text, presence text, broadcast text";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
