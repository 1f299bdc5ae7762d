#!/usr/bin/env bash
# fetch-event-source: an event that was cut off is never delivered, if its id came first
#
# Versions  @microsoft/fetch-event-source 2.0.1, eventsource 4.1.1 (for comparison), Node 20
# Guess     the resume point moves when an event is complete, as the standard says.
# Seen      it moves when the `id:` line has been read. A connection that breaks between `id: 2` and the blank
#           line comes back with `last-event-id: 2`, and event 2 is lost without a word:
#             id first: fetch-event-source comes back with 2, eventsource with 1
#             id last:  fetch-event-source comes back with 1, eventsource with 1
# Hurts     whoever writes `id:` first, as nearly every example and library does, and relies on resume.
# Way out   write `id:` as the last line of an event, in one piece with the blank line.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install >/dev/null --loglevel=error --no-audit --no-fund --ignore-scripts --prefix "$work" \
  @microsoft/fetch-event-source@2.0.1 eventsource@4.1.1
cat >"$work/run.mjs" <<'JS'
import { createServer } from "node:http";
import { once } from "node:events";
import { createRequire } from "node:module";
import { EventSource } from "eventsource";

// The few things of a browser that the library touches.
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.window = globalThis;
const { fetchEventSource } = createRequire(import.meta.url)("@microsoft/fetch-event-source");

/** The resume point that a client sends after a connection that broke inside an event. */
async function resumePoint(firstPart, connect) {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const stop = connect(`http://127.0.0.1:${server.address().port}/`);
  const [, response] = await once(server, "request");
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`retry: 100\nid: 1\ndata: one\n\n${firstPart}`);
  setTimeout(() => response.destroy(), 200);
  const [again, last] = await once(server, "request");
  stop();
  last.destroy();
  return again.headers["last-event-id"];
}

function byFetch(url) {
  const stop = new AbortController();
  fetchEventSource(url, { signal: stop.signal, onmessage() {} });
  return () => stop.abort();
}

function byEventSource(url) {
  const source = new EventSource(url);
  return () => source.close();
}

async function both(firstPart) {
  return [await resumePoint(firstPart, byFetch), await resumePoint(firstPart, byEventSource)];
}
const first = await both("id: 2\ndata: tw");
const last = await both("data: two\nid: ");
console.log(`id first: fetch-event-source comes back with ${first[0]}, eventsource with ${first[1]}`);
console.log(`id last:  fetch-event-source comes back with ${last[0]}, eventsource with ${last[1]}`);
const same = first.join() === "2,1" && last.join() === "1,1";
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
