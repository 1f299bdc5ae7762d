#!/usr/bin/env bash
# fetch-event-source: a heartbeat comment is a message, and can end the connection
#
# Versions  @microsoft/fetch-event-source 2.0.1, eventsource 4.1.1 (for comparison), Node 20
# Guess     a comment (`: beat` and a blank line) is dropped, as the standard says.
# Seen      `onmessage` is called with empty data. The usual `JSON.parse(event.data)` throws on it, which the
#           library takes for a broken connection: it reconnects at every heartbeat:
#             : beat + blank line: fetch-event-source 1 message, data ""; eventsource none
#             : beat alone:        fetch-event-source none; eventsource none
#             JSON.parse in onmessage: SyntaxError, 2 requests
# Hurts     pages behind servers with the heartbeat that most examples show.
# Way out   write the comment line without the blank line; in the client skip empty data.
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

let requests = 0;
let beat;
const server = createServer((_, response) => {
  requests++;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`retry: 100\ndata: "ready"\n\n${beat}`);
  setTimeout(() => response.write('data: "done"\n\n'), 200);
});
await once(server.listen(0, "127.0.0.1"), "listening");
const url = `http://127.0.0.1:${server.address().port}/`;

/** What an application gets between "ready" and "done". */
async function between(sent, connect) {
  beat = sent;
  const seen = [];
  const stop = await new Promise((done) => {
    const close = connect((data) => (data === '"done"' ? setTimeout(() => done(close)) : seen.push(data)));
  });
  stop();
  return seen.slice(1);
}
function byFetch(onData) {
  const stop = new AbortController();
  fetchEventSource(url, { signal: stop.signal, onmessage: (event) => onData(event.data) });
  return () => stop.abort();
}
function byEventSource(onData) {
  const source = new EventSource(url);
  source.onmessage = (event) => onData(event.data);
  return () => source.close();
}
const told = (seen) => (seen.length ? `${seen.length} message, data ${JSON.stringify(seen[0])}` : "none");

const blank = [await between(": beat\n\n", byFetch), await between(": beat\n\n", byEventSource)];
const alone = [await between(": beat\n", byFetch), await between(": beat\n", byEventSource)];
console.log(`: beat + blank line: fetch-event-source ${told(blank[0])}; eventsource ${told(blank[1])}`);
console.log(`: beat alone:        fetch-event-source ${told(alone[0])}; eventsource ${told(alone[1])}`);

beat = ": beat\n\n";
requests = 0;
let thrown = "nothing thrown";
const stop = new AbortController();
fetchEventSource(url, {
  signal: stop.signal,
  onmessage: (event) => JSON.parse(event.data),
  onerror: (error) => {
    thrown = error.name;
  },
});
for (let waited = 0; requests < 2 && waited < 3000; waited += 50) await new Promise((done) => setTimeout(done, 50));
stop.abort();
console.log(`JSON.parse in onmessage: ${thrown}, ${requests} requests`);
const same =
  blank[0].join() === "" && blank[0].length === 1 && blank[1].length === 0 &&
  alone[0].length === 0 && alone[1].length === 0 && thrown === "SyntaxError" && requests === 2;
console.log(same ? "unchanged" : "CHANGED");
process.exit(same ? 0 : 1);
JS
timeout --foreground 50 node "$work/run.mjs"
