import { answer } from './api.js';
import { Log } from './log.js';
import { Members } from './members.js';
import { ScriptedSocket } from './socket.js';

/**
 * The server as a client sees it, without a network: a WebSocket class, a `fetch`, and the log
 * behind them. What may go wrong is set by the test.
 */
export class ScriptedServer {
  /** 'ok', 'refuse' (closed at once), 'hang' (nothing happens), 'mute' (opens, and says nothing). */
  websocket = 'ok';
  /** 'ok', 'refuse' (a network error), 'buffer' (no byte comes), 'error' (a proxy's 502). */
  streams = 'ok';
  /** Nothing is reachable. */
  down = false;
  latency = 5;
  heartbeat = 20_000;
  /** Who a token speaks for; undefined refuses it. */
  user = () => 'me';
  /** Rooms that may not be read. */
  forbidden = new Set();
  /** (request) → undefined, or { code, retryAfter?, commit?, lost? } for a publish. */
  publishing = () => undefined;
  /** How many characters a URL may have, if there is a bound; beyond that a proxy answers. */
  longest = 0;
  /** What is delivered for an event: other numbers mean a server that repeats or skips. */
  copies = () => 1;
  logs = new Map();
  links = new Set();
  requests = [];
  tickets = new Map();
  signals = [];
  #connections = 0;

  constructor(clock) {
    this.clock = clock;
    this.members = new Members(clock, (room, diff) => {
      for (const link of this.links) {
        link.push({ type: 'presence', room, ...diff });
      }
    });
    const server = this;
    this.WebSocket = class {
      constructor(url, protocol) {
        return new ScriptedSocket(server, url, protocol);
      }
    };
  }

  log(room) {
    if (!this.logs.has(room)) {
      this.logs.set(room, new Log(room));
    }
    return this.logs.get(room);
  }

  publish(room, name, data, options) {
    const published = this.log(room).publish(name, data, options);
    this.wake(room);
    return published;
  }

  /** One way of one link: whatever the latency, nothing overtakes. */
  pipe() {
    let last = 0;
    return (run) => {
      last = Math.max(last, this.clock.now() + this.latency);
      this.clock.setTimeout(run, last - this.clock.now());
    };
  }

  /** Readers of a room look again. */
  wake(room) {
    for (const link of [...this.links]) {
      link.look(room);
    }
  }

  resync(room) {
    this.wake(room);
  }

  /** @param from the connection; null for what came by HTTP */
  signal(room, name, data, by = 'other', from = 'x') {
    this.signals.push({ room, name, data, by });
    for (const link of this.links) {
      link.push({ type: 'signal', room, name, data, by, ...(from && { from }) });
    }
  }

  /** Somebody else, somewhere. */
  track(room, user, state) {
    this.members.set(room, `other ${user}`, user, state);
  }

  list(room) {
    return this.members.list(room);
  }

  /** The links of one kind: 'websocket', 'sse' or 'poll'. */
  of(kind) {
    return [...this.links].filter((link) => link.kind === kind);
  }

  /** Cuts every link. */
  cut() {
    [...this.links].forEach((link) => link.cut());
  }

  /** @returns the page of history, or of a poll */
  page(rooms, after, { before, last, limit = 100 } = {}) {
    const logs = rooms.map((room) => this.log(room));
    const cursors = after ? after.split(',') : logs.map((log) => log.head);
    const events = [];
    const resync = [];
    let next;
    logs.forEach((log, i) => {
      const refusal = after && !last && log.refuses(cursors[i]);
      if (refusal) {
        resync.push(refusal);
        cursors[i] = log.head;
        return;
      }
      let found = last ? log.events.slice(-last) : before ? [] : log.after(cursors[i]);
      if (before) {
        const seq = Number(before.split('.')[1]);
        const older = log.events.filter((event) => event.seq < seq);
        found = older.slice(-limit);
        next = older.length > limit ? log.at(found[0].seq) : undefined;
      }
      for (const event of found) {
        if (events.length < limit) {
          events.push(event);
          cursors[i] = log.at(event.seq);
        } else {
          next = 'more';
        }
      }
    });
    if (last) {
      cursors[0] = logs[0].head;
    }
    const cursor = cursors.join(',');
    const head = logs.map((log) => log.head).join(',');
    return { events, cursor, head, ...(next && { next: next === 'more' ? cursor : next }), ...(resync.length && { resync }) };
  }

  fetch = (url, init = {}) => {
    const signal = init.signal;
    return new Promise((resolve, reject) => {
      const aborted = () => reject(new DOMException('aborted', 'AbortError'));
      if (signal?.aborted) {
        return aborted();
      }
      signal?.addEventListener('abort', aborted);
      this.clock.setTimeout(async () => {
        if (this.down) {
          return reject(new TypeError('fetch failed'));
        }
        try {
          const response = await answer(this, new URL(url), init);
          this.clock.setTimeout(() => resolve(response), this.latency);
        } catch (error) {
          this.clock.setTimeout(() => reject(error), this.latency);
        }
      }, this.latency);
    });
  };

  /** @internal */
  get nextConnection() {
    return `c${++this.#connections}`;
  }
}
