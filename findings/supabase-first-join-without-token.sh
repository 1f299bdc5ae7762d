#!/usr/bin/env bash
# Supabase Realtime: the first join of a private channel carries no token
#
# Versions  @supabase/realtime-js 2.119.1, ws 8.23.0, Node 20
# Guess     with the `accessToken` callback the token is fetched first and every join carries it.
# Seen      `channel.subscribe()` builds the join before the callback has answered, even if it answers at
#           once; a second after the server's refusal the client joins again, with the token:
#             first join: no token; CHANNEL_ERROR; next join: token; SUBSCRIBED
# Hurts     servers that ban, alarm or close on a private join without a token; applications that take the
#           first CHANNEL_ERROR for a refusal.
# Way out   answer the join with an error reply and nothing more; in the client `await client.setAuth()`
#           before the first `subscribe()`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  @supabase/realtime-js@2.119.1 ws@8.23.0
cat >"$work/run.mjs" <<'JS'
import { once } from "node:events";
import WebSocket, { WebSocketServer } from "ws";
import { RealtimeClient } from "@supabase/realtime-js";

/** The joins and states of one private channel, until it is subscribed. */
async function subscribe(prepare) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const seen = [];
  server.on("connection", (socket) =>
    socket.on("message", (text) => {
      const [joinRef, ref, topic, event, payload] = JSON.parse(text);
      if (event !== "phx_join") return;
      seen.push(`join: ${payload.access_token ?? "no token"}`);
      const answer = payload.access_token
        ? { status: "ok", response: {} }
        : { status: "error", response: { reason: "Unauthorized" } };
      socket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", answer]));
    }),
  );
  const client = new RealtimeClient(`ws://127.0.0.1:${server.address().port}`, {
    transport: WebSocket,
    params: { apikey: "key" },
    accessToken: async () => "TOKEN",
  });
  await prepare(client);
  await new Promise((done) =>
    client.channel("room", { config: { private: true } }).subscribe((state) => {
      seen.push(state);
      if (state === "SUBSCRIBED") done();
    }),
  );
  return seen;
}

const plain = await subscribe(() => {});
const prepared = await subscribe((client) => client.setAuth());
console.log("subscribe at once:", plain.join("; "));
console.log("setAuth before it:", prepared.join("; "));
const same =
  plain.join() === "join: no token,CHANNEL_ERROR,join: TOKEN,SUBSCRIBED" && prepared[0] === "join: TOKEN";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
