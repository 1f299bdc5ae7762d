#!/usr/bin/env bash
# fetch-event-source: a 503 of type text/event-stream is a good stream, and its end is the end
#
# Versions  @microsoft/fetch-event-source 2.0.1, Node 20
# Guess     a status that is not 200 is an error and is tried again.
# Seen      only the content type is looked at: a 503 of type text/event-stream opens, closes and resolves the
#           promise; the client never comes back. A 503 of another type is tried again:
#             503 text/event-stream: onclose, resolved after 1 request
#             503 text/plain:        onerror, next request
# Hurts     servers and proxies that keep the type of the answer when they refuse (a framework that sets the
#           type before the status does it): the page stays silent for good.
# Way out   give refusals another type; in the client an `onopen` of one's own that looks at `response.ok`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" @microsoft/fetch-event-source@2.0.1
cat >"$work/run.mjs" <<'JS'
import { createServer } from "node:http";
import { once } from "node:events";
import { createRequire } from "node:module";

// The few things of a browser that the library touches.
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.window = globalThis;
const { fetchEventSource } = createRequire(import.meta.url)("@microsoft/fetch-event-source");

async function refused(type) {
  let requests = 0;
  const seen = [];
  const stop = new AbortController();
  const server = createServer((_, response) => {
    requests++;
    if (requests === 2) {
      seen.push("next request");
      return stop.abort();
    }
    response.writeHead(503, { "content-type": type }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  await fetchEventSource(`http://127.0.0.1:${server.address().port}/`, {
    signal: stop.signal,
    onclose: () => seen.push("onclose"),
    onerror: () => void seen.push("onerror"),
  });
  if (!stop.signal.aborted) {
    await new Promise((done) => setTimeout(done, 3000)); // three times the wait before a retry
    seen.push(`resolved after ${requests} request`);
  }
  return seen.join(", ");
}

const stream = await refused("text/event-stream");
const text = await refused("text/plain");
console.log("503 text/event-stream:", stream);
console.log("503 text/plain:       ", text);
const same = stream === "onclose, resolved after 1 request" && text === "onerror, next request";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
