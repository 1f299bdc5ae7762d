import { isRetryable } from './answers.js';

/** A WebSocket whose other end is the scripted server. */
export class ScriptedSocket {
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
      this.#server.members.closed(this.connection);
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
    this.#server.members.closed(this.connection);
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
            server.members.set(room, this.connection, this.user, presence.state);
          }
          this.write({ type: 'members', room, count: server.list(room).length, members: server.list(room) });
        }
        return this.look(room);
      }
      case 'leave':
        this.#position.delete(room);
        this.#following.delete(room);
        server.members.set(room, this.connection, this.user, undefined);
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
        server.members.set(room, this.connection, this.user, frame.state);
        return ok();
      case 'untrack':
        server.members.set(room, this.connection, this.user, undefined);
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
