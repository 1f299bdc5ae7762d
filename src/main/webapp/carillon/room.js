import { parse, reaches } from './cursor.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './error.js';
import { newKey, quiet } from './key.js';
import { Optimistic } from './optimistic.js';
import { Presence } from './presence.js';
import { Typing } from './typing.js';

const OWN = new Set(['message', 'resync', 'joined', 'signal', 'typing', 'error']);
const MOST_ROOMS = 100;
const REJOIN_MS = 2000;

/** One room: hands out each event once, in order, over whatever carrier it comes. */
export class Room extends Emitter {
  /** @type {string | undefined} */
  cursor;
  wanted = false;
  /** True: joining, or not yet at the head that the join told. */
  behind = false;
  #world;
  /** @type {import('../carillon.js').JoinOptions} */
  #begin = {};
  /** @type {string | undefined} The head at the last join, until it is reached. */
  #head;
  /** @type {string | undefined} Where a hole was seen last. */
  #hole;
  #deaf = false;
  /** @type {any} */
  #waiting;
  /** @type {Typing | undefined} */
  #typing;

  /** @param {import('./carrier.js').World} world @param {string} name */
  constructor(world, name) {
    super();
    this.#world = world;
    this.name = name;
    this.presence = new Presence(this, world);
  }

  /** @param {string} name @param {Function} handler */
  on(name, handler) {
    if (name === 'typing') {
      this.#typing ??= new Typing(this, this.#world);
    }
    if (name !== 'error') {
      quiet(this.join());
    }
    return super.on(name, handler);
  }

  /**
   * @param {import('../carillon.js').JoinOptions} [options]
   * @returns {Promise<any>}
   */
  join(options) {
    if (options) {
      this.#begin = options;
    }
    if (!this.#waiting) {
      let settle = {};
      const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
      this.#waiting = { promise: quiet(promise), ...settle };
    }
    const { promise } = this.#waiting;
    if (!this.wanted) {
      const { rooms, link } = this.#world;
      if ([...rooms.values()].filter((room) => room.wanted).length >= MOST_ROOMS) {
        this.refused(new CarillonError('limit'));
        return promise;
      }
      this.wanted = this.behind = true;
      // The handlers of this turn are all there when the first event comes.
      queueMicrotask(() => this.wanted && link.join(this));
    }
    return promise;
  }

  leave() {
    if (this.wanted) {
      void this.presence.untrack();
      this.presence.lost();
      this.wanted = this.behind = false;
      this.cursor = this.#waiting = undefined;
      this.#world.link.leave(this);
      this.#world.outbox.pump(this.name);
    }
  }

  /** @param {string} name @param {any} [data] @param {import('../carillon.js').PublishOptions} [options] */
  publish(name, data = null, { key = newKey(this.#world.config.random), meta } = {}) {
    const frame = { type: 'publish', room: this.name, name, data, key, meta };
    const published = /^[ -~]{1,128}$/.test(key)
      ? // A copy: what the caller does with the data later is not published.
        this.#world.outbox.add(JSON.parse(JSON.stringify(frame)))
      : Promise.reject(new CarillonError('bad_data', { message: 'The key is not valid.' }));
    published.catch((error) => this.emit('error', error));
    return published;
  }

  /** @param {string} name @param {any} [data] @param {{ to?: string }} [options] */
  signal(name, data = {}, { to } = {}) {
    return quiet(this.#request('signal', { name, data, to }).then(() => {}));
  }

  typing(active = true) {
    this.#typing ??= new Typing(this, this.#world);
    this.#typing.set(active);
  }

  /** @param {import('../carillon.js').HistoryOptions} [options] */
  page(options = {}) {
    return this.#request('history', options);
  }

  /** @param {import('../carillon.js').HistoryOptions} [options] */
  async *history({ limit = Infinity, ...options } = {}) {
    const way = options.before ? 'before' : 'after';
    for (let left = limit, next; left > 0; ) {
      const page = await this.page({ ...options, limit: Math.min(left, 500) });
      if (page.resync) {
        throw new CarillonError('resync', { message: page.resync[0].reason });
      }
      yield* way === 'before' ? page.events.reverse() : page.events;
      left -= page.events.length;
      next = page.next;
      if (!next) {
        return;
      }
      options = { [way]: next };
    }
  }

  /** @param {{ limit?: number, page?: string }} [options] */
  members(options = {}) {
    return this.#request('members', options);
  }

  /** @param {import('../carillon.js').OptimisticOptions<any>} options */
  optimistic(options) {
    return new Optimistic(this, options, this.#world);
  }

  // What follows is for the carriers.

  joinFrame() {
    const { cursor: after, name: room } = this;
    const presence = this.presence.wish();
    return { type: 'join', room, ...(after ? { after } : this.#begin), presence };
  }

  get start() {
    return this.#begin;
  }

  /** @param {any} frame */
  frame({ type, ...frame }) {
    switch (type) {
      case 'event':
        return this.#event(frame);
      case 'signal':
        this.emit('signal', frame);
        return this.emit(`signal:${frame.name}`, frame);
      case 'presence':
      case 'members':
        return this.presence.frame(type, frame);
      case 'position':
        this.cursor = frame.cursor;
        break;
      case 'joined':
        this.cursor ??= frame.cursor;
        this.#head = frame.head;
        this.#deaf = false;
        this.#waiting?.resolve(frame);
        this.presence.joined();
        this.emit('joined', frame);
        break;
      case 'resync':
        this.cursor = this.#head = frame.head;
        this.emit('resync', frame);
    }
    this.#caughtUp();
  }

  /** The carrier is gone. */
  lost() {
    this.behind = this.wanted;
    this.presence.lost();
  }

  /** @param {CarillonError} error */
  refused(error) {
    this.behind = false;
    this.emit('error', error);
    if (error.retryable) {
      const wait = Math.max(error.retryAfter, this.#world.config.random() * REJOIN_MS);
      this.#world.timers.after(wait, () => this.wanted && this.#world.link.join(this));
    } else {
      this.wanted = false;
      this.#waiting?.reject(error);
      this.#waiting = undefined;
    }
    this.#world.outbox.pump(this.name);
  }

  /** @param {any} event */
  #event(event) {
    if (this.cursor) {
      const [epoch, seq] = parse(this.cursor);
      const same = epoch === event.epoch;
      if (same && event.seq <= seq) {
        return;
      }
      if (event.seq !== (same || epoch === '0' ? seq + 1 + (event.skipped ?? 0) : 0)) {
        // A hole without a word: read anew from where we are, but only once in the same place.
        if (this.#hole !== this.cursor) {
          this.#hole = this.cursor;
          this.#deaf = true;
          this.#world.link.join(this);
        }
        if (this.#deaf) {
          return;
        }
      }
    }
    this.cursor = `${event.epoch}.${event.seq}`;
    this.emit('message', event);
    if (!OWN.has(event.name)) {
      this.emit(event.name, event);
    }
    this.#caughtUp();
  }

  #caughtUp() {
    if (this.behind && this.cursor && this.#head && reaches(this.cursor, this.#head)) {
      this.behind = false;
      this.#head = undefined;
      this.#world.outbox.pump(this.name);
    }
  }

  #request(/** @type {string} */ type, /** @type {object} */ fields) {
    return quiet(this.#world.link.request({ type, room: this.name, ...fields }));
  }
}
