import { parse } from './cursor.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './error.js';
import { deferred, newKey, quiet } from './key.js';
import { Optimistic } from './optimistic.js';
import { Presence } from './presence.js';
import { Typing } from './typing.js';

const OWN = new Set(['message', 'resync', 'joined', 'signal', 'typing', 'error']);
const MOST_ROOMS = 100;
const REJOIN_MS = 2000;

/** One room: hands out each event once, in order, over whatever transport it comes. */
export class Room extends Emitter {
  /** @type {string | undefined} */
  cursor;
  wanted = false;
  /** True: joining, or not yet at the head that the join told. */
  behind = false;
  /** Another number after each join and leave: what was asked for under an earlier one is void. */
  membership = 0;
  #context;
  /** @type {import('../carillon.js').JoinOptions} */
  #begin = {};
  /** @type {any} What the server said to the join of this membership, over this transport. */
  #joined;
  /** @type {string | undefined} The head at the last join, until it is reached. */
  #head;
  /** All up to the head follows, whatever the epochs are. */
  #recovered = false;
  /** @type {string | undefined} Where a hole was seen last. */
  #hole;
  /** After a hole, until the room is read anew. */
  #ignoring = false;
  /** @type {any} */
  #waiting;
  /** @type {Typing | undefined} */
  #typing;

  /** @param {import('./transport.js').Context} context @param {string} name */
  constructor(context, name) {
    super();
    this.#context = context;
    this.name = name;
    this.presence = new Presence(this, context);
  }

  /** @param {string} name @param {Function} handler */
  on(name, handler) {
    if (name === 'typing') {
      this.#typing ??= new Typing(this, this.#context);
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
      this.#waiting = deferred();
      if (this.#joined) {
        this.#waiting.resolve(this.#joined);
      }
    }
    const { promise } = this.#waiting;
    const { rooms, link } = this.#context;
    if (!this.wanted && link.over !== 'closed') {
      if ([...rooms.values()].filter((room) => room.wanted).length >= MOST_ROOMS) {
        this.refused(new CarillonError('limit'));
        return promise;
      }
      this.wanted = this.behind = true;
      const membership = ++this.membership;
      // The handlers of this turn are all there when the first event comes.
      queueMicrotask(() => membership === this.membership && link.join(this));
    }
    if (link.over) {
      this.ended(new CarillonError(link.over, { message: link.status.reason }));
    }
    return promise;
  }

  leave() {
    if (this.wanted) {
      const { link, outbox } = this.#context;
      void this.presence.untrack();
      this.presence.lost();
      this.#typing?.forget();
      this.membership++;
      this.wanted = this.behind = this.#ignoring = false;
      this.cursor = this.#joined = this.#head = this.#hole = undefined;
      link.leave(this);
      outbox.pump(this.name);
      this.ended(new CarillonError('left'));
    }
  }

  /** @param {string} name @param {any} [data] @param {import('../carillon.js').PublishOptions} [options] */
  publish(name, data = null, { key = newKey(this.#context.config.random), meta } = {}) {
    const frame = { type: 'publish', room: this.name, name, data, key, meta };
    const published = /^[ -~]{1,128}$/.test(key)
      ? // A copy: what the caller does with the data later is not published.
        this.#context.outbox.add(JSON.parse(JSON.stringify(frame)))
      : Promise.reject(new CarillonError('bad_data', { message: 'The key is not valid.' }));
    published.catch((error) => this.emit('error', error));
    return published;
  }

  /** @param {string} name @param {any} [data] @param {{ to?: string }} [options] */
  signal(name, data = {}, { to } = {}) {
    return quiet(this.#request('signal', { name, data, to }).then(() => {}));
  }

  typing(active = true) {
    this.#typing ??= new Typing(this, this.#context);
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
        const [resync] = page.resync;
        throw Object.assign(new CarillonError('resync', { message: resync.reason }), { resync });
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
    return new Optimistic(this, options, this.#context);
  }

  // What follows is for the transports.

  joinFrame() {
    const { cursor: after, name: room } = this;
    const presence = this.presence.wish();
    return { type: 'join', room, ...(after ? { after } : this.#begin), presence };
  }

  get start() {
    return this.#begin;
  }

  /** @param {any} frame `joined` with the membership that it was asked for under */
  frame({ type, membership, ...frame }) {
    if (type === 'joined' ? membership !== this.membership : !this.#joined) {
      return;
    }
    switch (type) {
      case 'event':
        return this.#event(frame);
      case 'signal':
        return this.#tell(frame, 'signal', `signal:${frame.name}`);
      case 'presence':
      case 'members':
        return this.presence.frame(type, frame);
      case 'joined':
        this.#recovered = frame.recovered || !(this.cursor ?? this.#begin.after);
        this.#joined = frame;
        this.#ignoring = false;
        this.cursor ??= frame.cursor;
        this.#head = frame.head;
        this.#waiting?.resolve(frame);
        this.presence.joined();
        this.#tell(frame, 'joined');
        break;
      case 'position':
      case 'resync':
        // What was ignored is not behind us: the room is read anew from before it.
        if (this.#ignoring) {
          return;
        }
        if (type === 'resync') {
          this.cursor = this.#head = frame.head;
          this.#tell(frame, type);
        } else if (parse(frame.cursor)[1] > parse(this.cursor ?? '0.0')[1]) {
          this.cursor = frame.cursor;
        }
    }
    this.#caughtUp();
  }

  /** The transport is gone. */
  lost() {
    this.behind = this.wanted;
    this.#joined = undefined;
    this.presence.lost();
  }

  /** Nobody has to wait for the join any more. */
  ended(/** @type {CarillonError} */ error) {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** @param {CarillonError} error @param {number} [membership] that it was asked for under */
  refused(error, membership = this.membership) {
    if (membership !== this.membership) {
      return;
    }
    const { config, timers, link, outbox } = this.#context;
    this.behind = false;
    if (error.retryable) {
      const wait = Math.max(error.retryAfter, config.random() * REJOIN_MS);
      timers.after(wait, () => membership === this.membership && link.join(this));
    } else {
      this.wanted = false;
      this.#joined = undefined;
      this.ended(error);
    }
    this.emit('error', error);
    outbox.pump(this.name);
  }

  /** @param {any} event */
  #event(event) {
    const { cursor = '0.0' } = this;
    const [epoch, seq] = parse(cursor);
    if (this.#ignoring || (epoch === event.epoch && event.seq <= seq)) {
      return;
    }
    // Another epoch without a `resync` before it: the log was forked, and nothing was lost.
    if (event.seq !== seq + 1 + (event.skipped ?? 0)) {
      // A hole without a word: read anew from where we are, but only once in the same place.
      if (this.#hole !== cursor) {
        this.#hole = cursor;
        this.#ignoring = true;
        return this.#context.link.join(this);
      }
      if (event.seq <= seq) {
        return;
      }
    }
    this.cursor = `${event.epoch}.${event.seq}`;
    this.#tell(event, 'message', ...(OWN.has(event.name) ? [] : [event.name]));
    this.#caughtUp();
  }

  /** Tells a value to who listens, until one of them leaves the room. */
  #tell(/** @type {any} */ value, /** @type {string[]} */ ...names) {
    const { membership } = this;
    names.forEach((name) => this.emit(name, value, () => membership === this.membership));
  }

  #caughtUp() {
    const { cursor } = this;
    const head = this.#head;
    if (this.behind && cursor && head) {
      const left = parse(head)[1] - parse(cursor)[1];
      if (cursor === head || (this.#recovered && left <= 0)) {
        // The epoch may be another since.
        this.cursor = left ? cursor : head;
        this.behind = false;
        this.#head = undefined;
        this.#context.outbox.pump(this.name);
      }
    }
  }

  #request(/** @type {string} */ type, /** @type {object} */ fields) {
    return quiet(this.#context.link.request({ type, room: this.name, ...fields }));
  }
}
