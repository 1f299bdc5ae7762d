import { Channel } from './channel.js';
import { configure } from './config.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './error.js';
import { Http } from './http.js';
import { Link } from './link.js';
import { Live } from './live.js';
import { Outbox } from './outbox.js';
import { Room } from './room.js';
import { Timers } from './timers.js';

/** One client: a connection that looks after itself, and the rooms on it. */
export class Carillon extends Emitter {
  /** @type {string | undefined} */
  user;
  /** @type {string | undefined} */
  connection;
  /** How many publishes wait for their answer. */
  pending = 0;
  #closed = false;
  /** @type {import('./transport.js').Context} */
  #context;

  /** @param {string | URL | null} [url] @param {import('../carillon.js').Options} [options] */
  constructor(url, options = {}) {
    super();
    const config = configure(url, options);
    const timers = new Timers(config.clock);
    const context = /** @type {import('./transport.js').Context} */ ({
      config,
      timers,
      http: new Http(config, timers),
      rooms: new Map(),
      frame: (frame) => this.#frame(frame),
    });
    context.outbox = new Outbox(context, (count) => this.emit('pending', (this.pending = count)));
    context.link = new Link(context, {
      status: (status) => this.emit('status', status),
      live: () => context.outbox.pumpAll(),
      lost: () => context.rooms.forEach((room) => room.lost()),
      failed: (reason) => this.#ended(new CarillonError('failed', { message: reason })),
    });
    this.#context = context;
    if (config.autoConnect) {
      // The rooms of this turn come with the first try.
      queueMicrotask(() => this.connect());
    }
  }

  get status() {
    return this.#context.link.status;
  }

  /** @param {string} name @param {import('../carillon.js').JoinOptions} [options] */
  room(name, options) {
    const { rooms } = this.#context;
    const channel = rooms.get(name) ?? new Channel(this.#context, name);
    rooms.set(name, channel);
    const room = new Room(this.#context, channel);
    if (options) {
      void room.join(options);
    }
    return room;
  }

  /** @param {string | Room} room @param {import('../carillon.js').LiveOptions<any>} options */
  live(room, options) {
    const own = typeof room === 'string';
    return new Live(own ? this.room(room) : room, options, this.#context, own)
  }

  connect() {
    if (!this.#closed) {
      this.#context.link.connect();
    }
  }

  close() {
    if (!this.#closed) {
      this.#closed = true;
      this.#context.link.stop('closed');
      this.#ended(new CarillonError('closed'));
    }
  }

  /** Nothing that is waited for comes any more. */
  #ended(/** @type {CarillonError} */ error) {
    const { rooms, outbox } = this.#context;
    rooms.forEach((room) => {
      room.lost();
      room.ended(error);
    });
    outbox.fail(error);
  }

  #frame(/** @type {any} */ frame) {
    if (frame.type === 'welcome') {
      ({ user: this.user, connection: this.connection } = frame);
    } else if (frame.type === 'error') {
      this.emit('error', new CarillonError(frame.code, frame));
    } else if (frame.type !== 'signal' || !this.#context.http.isEcho(frame)) {
      this.#context.rooms.get(frame.room)?.frame(frame);
    }
  }
}
