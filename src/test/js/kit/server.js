import { Log } from './log.js';

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
  /** What is delivered for an event: other numbers mean a server that repeats or skips. */
  copies = () => 1;
  logs = new Map();
  links = new Set();
  members = new Map();
  requests = [];
  tickets = new Map();
  signals = [];
  #connections = 0;

  constructor(clock) {
    this.clock = clock;
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

  signal(room, name, data, by = 'other', from = 'x') {
    this.signals.push({ room, name, data, by });
    for (const link of this.links) {
      link.push({ type: 'signal', room, name, data, by, from });
    }
  }

  track(room, user, state) {
    const members = this.members.get(room) ?? new Map();
    this.members.set(room, members);
    const since = '2026-01-01T00:00:00.000Z';
    const known = members.has(user);
    const diff = { room, joined: [], updated: [], left: [] };
    if (state) {
      members.set(user, { user, state, connections: 1, since });
      (known ? diff.updated : diff.joined).push(members.get(user));
    } else if (known) {
      members.delete(user);
      diff.left.push(user);
    } else {
      return;
    }
    for (const link of this.links) {
      link.push({ type: 'presence', ...diff, count: members.size });
    }
  }

  list(room) {
    return [...(this.members.get(room)?.values() ?? [])];
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
      const refusal = after && log.refuses(cursors[i]);
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
          const response = await this.#answer(new URL(url), init);
          this.clock.setTimeout(() => resolve(response), this.latency);
        } catch (error) {
          this.clock.setTimeout(() => reject(error), this.latency);
        }
      }, this.latency);
    });
  };

  async #answer(url, init) {
    const { method = 'GET', headers = {}, body, signal } = init;
    const path = url.pathname.replace(/^\/api\//, '').split('/').map(decodeURIComponent);
    this.requests.push({ method, path: path.join('/'), query: url.searchParams, headers, body });
    const user = this.user(headers.Authorization?.slice(7), 'http');
    if (!user) {
      return problem(401, 'unauthenticated');
    }
    if (method === 'POST' && path[0] === 'tickets') {
      const ticket = `t${this.tickets.size}`;
      this.tickets.set(ticket, user);
      return json({ ticket, expires: '' }, 201);
    }
    if (path.length === 1 && path[0] === 'rooms') {
      return json({ rooms: [] });
    }
    const rooms = path[0] === 'events' ? url.searchParams.getAll('room') : [path[1]];
    if (rooms.some((room) => this.forbidden.has(room))) {
      return problem(403, 'forbidden');
    }
    const data = body && JSON.parse(body);
    switch (`${method} ${path[0] === 'events' ? 'events' : path.slice(2).join('/')}`) {
      case 'POST events': {
        const key = headers['Idempotency-Key']?.slice(1, -1);
        return this.#published(rooms[0], { ...data, key }, user);
      }
      case 'POST signals':
        this.signal(rooms[0], data.name, data.data, user, undefined);
        return new Response(null, { status: 202 });
      case 'GET members':
        return json({ count: this.list(rooms[0]).length, members: this.list(rooms[0]) });
      case 'PUT members/me':
        this.track(rooms[0], user, data.state);
        return new Response(null, { status: 204 });
      case 'DELETE members/me':
        this.track(rooms[0], user, undefined);
        return new Response(null, { status: 204 });
    }
    const query = url.searchParams;
    if (headers.Accept === 'text/event-stream') {
      return this.#stream(rooms, query, signal, user);
    }
    const wait = /wait=(\d+)/.exec(headers.Prefer ?? '')?.[1];
    const asked = {
      before: query.get('before'),
      last: Number(query.get('last')),
      limit: Number(query.get('limit')) || 100,
    };
    const single = path[0] !== 'events';
    const after = query.get('after') ?? (single ? rooms.map((room) => this.log(room).at(0)).join() : undefined);
    const answer = () => this.page(rooms, after, asked);
    const now = answer();
    if (!wait || now.events.length || now.resync) {
      return json(now);
    }
    return new Promise((resolve, reject) => {
      const end = (value) => {
        this.links.delete(link);
        this.clock.clearTimeout(timer);
        value ? resolve(json(value)) : reject(new TypeError('cut'));
      };
      const link = {
        kind: 'poll',
        rooms,
        look: (room) => {
          const found = rooms.includes(room) && answer();
          if (found && (found.events.length || found.resync)) {
            end(found);
          }
        },
        push: () => {},
        cut: () => end(),
      };
      const timer = this.clock.setTimeout(() => end(answer()), wait * 1000);
      this.links.add(link);
      signal?.addEventListener('abort', () => this.links.delete(link));
    });
  }

  #published(room, { name, data, key, meta }, user) {
    const fault = this.publishing({ room, name, data, key, user });
    const commit = !fault || fault.commit;
    const { event, duplicate } = commit
      ? this.publish(room, name, data, { key, by: user, meta })
      : { event: undefined, duplicate: false };
    if (fault?.lost) {
      throw new TypeError('cut');
    }
    if (fault) {
      return problem(fault.status ?? 503, fault.code, fault);
    }
    const { seq, epoch, id } = event;
    return json({ room, seq, epoch, id, duplicate }, duplicate ? 200 : 201);
  }

  async #stream(rooms, query, signal, user) {
    if (this.streams === 'refuse') {
      throw new TypeError('blocked');
    }
    if (this.streams === 'error') {
      return new Response('<html>', { status: 502 });
    }
    if (this.streams === 'buffer') {
      return new Promise(() => {});
    }
    const encoder = new TextEncoder();
    const pipe = this.pipe();
    let out;
    const body = new ReadableStream({ start: (controller) => (out = controller) });
    const after = query.get('after')?.split(',');
    const position = new Map();
    const told = new Set();
    const write = (text) => {
      if (this.links.has(link) && !link.stalled) {
        pipe(() => {
          try {
            out.enqueue(encoder.encode(text));
          } catch {
            // The reader has gone.
          }
        });
      }
    };
    const frame = (name, value, id) =>
      write(`${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
    const link = {
      kind: 'sse',
      rooms,
      user,
      presence: query.get('presence') === 'true',
      look: (room) => {
        if (!position.has(room) || link.stalled) {
          return;
        }
        const log = this.log(room);
        const refusal = log.refuses(position.get(room));
        if (refusal && !told.has(refusal.head)) {
          told.add(refusal.head);
          position.set(room, log.head);
          return frame('carillon:resync', refusal, log.head);
        }
        for (const event of log.after(position.get(room))) {
          position.set(room, log.at(event.seq));
          for (let i = this.copies(event, link); i > 0; i--) {
            frame(event.name, event, log.at(event.seq));
          }
        }
      },
      push: ({ type, ...value }) => {
        const wanted = type === 'presence' ? link.presence : !value.room || rooms.includes(value.room);
        if (wanted) {
          frame(`carillon:${type}`, value);
        }
      },
      goodbye: (reason, reconnectIn) => {
        frame('carillon:goodbye', { reason, reconnectIn });
        pipe(() => link.end());
      },
      end: () => {
        this.links.delete(link);
        try {
          out.close();
        } catch {
          // It was gone.
        }
      },
      cut: () => {
        this.links.delete(link);
        try {
          out.error(new TypeError('cut'));
        } catch {
          // It was gone.
        }
      },
    };
    this.links.add(link);
    signal?.addEventListener('abort', () => link.cut());
    const joined = {};
    rooms.forEach((room, i) => {
      const log = this.log(room);
      position.set(room, after?.[i] ?? log.head);
      joined[room] = { cursor: position.get(room), head: log.head, recovered: !!after && !log.refuses(after[i]) };
    });
    write('retry: 1000\n');
    frame('carillon:joined', { rooms: joined }, [...position.values()].join());
    if (link.presence) {
      rooms.forEach((room) =>
        frame('carillon:members', { room, count: this.list(room).length, members: this.list(room) }),
      );
    }
    rooms.forEach(link.look);
    const comment = () => {
      if (this.links.has(link)) {
        write(':\n\n');
        this.clock.setTimeout(comment, 15_000);
      }
    };
    this.clock.setTimeout(comment, 15_000);
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  /** @internal */
  get nextConnection() {
    return `c${++this.#connections}`;
  }
}

/** A WebSocket whose other end is the scripted server. */
class ScriptedSocket {
  kind = 'websocket';
  readyState = 0;
  stalled = false;
  received = [];
  #server;
  #up;
  #down;
  #position = new Map();
  #following = new Set();
  #told = new Set();

  constructor(server, url, protocol) {
    this.#server = server;
    this.#up = server.pipe();
    this.#down = server.pipe();
    this.protocol = protocol;
    this.url = new URL(url);
    const ticket = this.url.searchParams.get('ticket');
    this.user = ticket ? server.tickets.get(ticket) : server.user(undefined, 'socket');
    server.tickets.delete(ticket);
    server.clock.setTimeout(() => this.#open(), server.latency * 2);
  }

  #open() {
    const server = this.#server;
    if (this.readyState !== 0 || server.websocket === 'hang') {
      return;
    }
    if (server.down || server.websocket === 'refuse' || !this.user) {
      return this.#closed(1006, '');
    }
    this.readyState = 1;
    server.links.add(this);
    this.connection = server.nextConnection;
    if (server.websocket !== 'mute') {
      const { heartbeat } = server;
      this.write({ type: 'welcome', protocol: 'carillon.v1', connection: this.connection, user: this.user, heartbeat });
    }
    this.#beat();
  }

  #beat() {
    this.#server.clock.setTimeout(() => {
      if (this.readyState === 1) {
        this.write({ type: 'ping' });
        this.#beat();
      }
    }, this.#server.heartbeat);
  }

  write(frame) {
    if (this.readyState === 1 && !this.stalled) {
      const data = JSON.stringify(frame);
      this.#down(() => {
        if (this.readyState === 1 && !this.stalled) {
          this.onmessage?.({ data });
        }
      });
    }
  }

  #closed(code, reason) {
    if (this.readyState !== 3) {
      this.readyState = 3;
      this.#server.links.delete(this);
      this.onclose?.({ code, reason });
    }
  }

  /** The server closes; what it wrote before comes first. */
  end(code, reason = '') {
    this.#down(() => this.#closed(code, reason));
  }

  goodbye(reason, reconnectIn, code = 1012) {
    this.write({ type: 'goodbye', reason, reconnectIn });
    this.end(code, reason);
  }

  cut() {
    this.#closed(1006, '');
  }

  /** The client closes. */
  close() {
    this.readyState = 3;
    this.#server.links.delete(this);
  }

  send(text) {
    this.#up(() => {
      if (this.readyState === 1 && !this.stalled) {
        for (const frame of [JSON.parse(text)].flat()) {
          this.received.push(frame);
          this.#command(frame);
        }
      }
    });
  }

  push(frame) {
    const { room, type, from } = frame;
    if (type === 'presence' ? this.#following.has(room) : !room || (this.#position.has(room) && from !== this.connection)) {
      this.write(frame);
    }
  }

  look(room) {
    if (!this.#position.has(room) || this.readyState !== 1 || this.stalled) {
      return;
    }
    const server = this.#server;
    const log = server.log(room);
    const refusal = log.refuses(this.#position.get(room));
    if (refusal && !this.#told.has(refusal.head)) {
      this.#told.add(refusal.head);
      this.#position.set(room, log.head);
      return this.write({ type: 'resync', ...refusal });
    }
    const batch = [];
    for (const event of log.after(this.#position.get(room))) {
      this.#position.set(room, log.at(event.seq));
      for (let i = server.copies(event, this); i > 0; i--) {
        batch.push({ type: 'event', ...event });
      }
    }
    if (batch.length) {
      this.write(batch.length === 1 ? batch[0] : batch);
    }
  }

  #command(frame) {
    const server = this.#server;
    const { type, ref, room } = frame;
    const ok = (fields) => this.write({ type: 'ok', ref, ...fields });
    const refuse = (code, more = {}) =>
      this.write({ type: 'error', ref, code, message: code, retryable: isRetryable(code), ...more });
    switch (type) {
      case 'join': {
        if (server.forbidden.has(room)) {
          return refuse('forbidden');
        }
        const log = server.log(room);
        const { after, last, presence } = frame;
        const from = last ? log.at(Math.max(log.floor, (log.events.at(-1)?.seq ?? 0) - last)) : log.head;
        this.#position.set(room, after ?? from);
        ok({ room, cursor: after ?? from, head: log.head, recovered: !!after && !log.refuses(after) });
        if (presence) {
          this.#following.add(room);
          if (presence.state) {
            server.track(room, this.user, presence.state);
          }
          this.write({ type: 'members', room, count: server.list(room).length, members: server.list(room) });
        }
        return this.look(room);
      }
      case 'leave':
        this.#position.delete(room);
        this.#following.delete(room);
        return ok();
      case 'publish': {
        const fault = server.publishing({ ...frame, user: this.user });
        const { key, name, data, meta } = frame;
        if (!fault || fault.commit) {
          const { event, duplicate } = server.publish(room, name, data, { key, by: this.user, meta });
          if (!fault) {
            return ok({ seq: event.seq, epoch: event.epoch, id: event.id, duplicate });
          }
        }
        return fault.lost ? undefined : refuse(fault.code, { retryAfter: fault.retryAfter });
      }
      case 'signal':
        return server.signal(room, frame.name, frame.data, this.user, this.connection);
      case 'track':
        server.track(room, this.user, frame.state);
        return ok();
      case 'untrack':
        server.track(room, this.user, undefined);
        return ok();
      case 'members':
        return ok({ count: server.list(room).length, members: server.list(room) });
      case 'history':
        return ok(server.page([room], frame.after ?? server.log(room).at(0), frame));
      case 'auth':
        return server.user(frame.token, 'auth') ? ok({ expires: '' }) : refuse('unauthenticated');
      case 'ping':
        return this.write({ type: 'pong' });
    }
  }
}

const isRetryable = (code) => ['limit', 'rate', 'overloaded', 'storage', 'unknown'].includes(code);

function json(value, status = 200) {
  return new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } });
}

function problem(status, code, { retryAfter } = {}) {
  const retryable = isRetryable(code);
  return new Response(JSON.stringify({ status, code, detail: code, retryable, retryAfter }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
