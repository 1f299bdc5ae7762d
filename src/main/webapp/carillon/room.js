import { backoff } from './backoff.js';
import { before, number } from './cursor.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './error.js';
import { deferred, newKey, quiet } from './key.js';
import { Optimistic } from './optimistic.js';
import { Presence } from './presence.js';

const OWN = new Set(['message', 'resync', 'joined', 'signal', 'typing', 'error']);

/**
 * A room as one part of a page has it: with a beginning, handlers and an end of its own. What the
 * server sends comes by the channel, which all rooms of a name share.
 */
export class Room extends Emitter {
  wanted = false;
  /** Another number after each join and leave. */
  membership = 0;
  /** @type {import('../carillon.js').JoinOptions} Where the next join begins. */
  start = {};
  #context;
  #channel;
  /** @type {string | undefined} After what was handed out last; undefined until we have begun. */
  #cursor;
  /** @type {any[] | undefined} What comes while what lies before it is read. */
  #early;
  /** Another number for each time that something is read. */
  #round = 0;
  /** @type {any} */
  #waiting;

  /** @param {import('./transport.js').Context} context @param {import('./channel.js').Channel} channel */
  constructor(context, channel) {
    super();
    this.#context = context;
    this.#channel = channel;
    this.name = channel.name;
    this.presence = new Presence(this, channel.presence);
  }

  /** What the channel has passed without an event is behind us, too. */
  get cursor() {
    const { cursor } = this.#channel;
    const follows = this.#cursor && !this.#early && number(cursor) >= number(this.#cursor);
    return follows ? cursor : this.#cursor;
  }

  /** @param {string} name @param {Function} handler */
  on(name, handler) {
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
      this.start = options;
    }
    const { promise } = (this.#waiting ??= deferred());
    const { link } = this.#context;
    if (!this.wanted && link.over !== 'closed') {
      this.wanted = true;
      this.membership++;
      this.#channel.enter(this);
    }
    if (link.over) {
      this.ended(new CarillonError(link.over, { message: link.status.reason }));
    }
    return promise;
  }

  leave() {
    if (this.wanted) {
      this.presence.state = undefined;
      this.#end();
      this.#channel.exit(this);
      this.ended(new CarillonError('left'));
    }
  }

  /** @param {string} name @param {any} [data] @param {import('../carillon.js').PublishOptions} [options] */
  publish(name, data = null, { key = newKey(this.#context.config.random), meta } = {}) {
    const frame = { type: 'publish', room: this.name, name, data, key, meta };
    const published = /^[ -~]{1,128}$/.test(key)
      ? // A copy: what the caller does with the data later is not published.
        this.#context.outbox.add(JSON.parse(JSON.stringify(frame)))
      : Promise.reject(new CarillonError('bad_data', { message: 'Bad key.' }));
    published.catch((error) => this.emit('error', error));
    return published;
  }

  /** @param {string} name @param {any} [data] @param {{ to?: string }} [options] */
  signal(name, data = {}, { to } = {}) {
    return quiet(this.#request('signal', { name, data, to }).then(() => {}));
  }

  typing(active = true) {
    this.#channel.typing.set(active);
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

  // What follows is for the channel.

  /**
   * The channel is joined; again, if we have begun.
   * @param {any} joined what the server said, if we were there before it did
   * @param {boolean} [first] the channel begins here, where it wanted to
   */
  joined(joined, first = false) {
    const { start } = this;
    const { start: other, head } = this.#channel;
    const ours = this.#cursor || (first && JSON.stringify(start) === JSON.stringify(other));
    if (this.#early || (!ours && (start.after || start.last))) {
      void this.#read();
    } else {
      // What is new comes after the head, whatever others have yet to hear.
      this.#begun(ours ? joined : { ...joined, cursor: head, head, recovered: false });
    }
  }

  /** @param {string} type @param {any} frame */
  take(type, frame) {
    if (this.#early && place(frame)) {
      this.#early.push([type, frame]);
    } else {
      this.#hand(type, frame);
    }
  }

  /** @param {CarillonError} error */
  refused(error) {
    if (!error.retryable) {
      const cursor = this.#cursor;
      this.#end();
      if (cursor) {
        this.#cursor = cursor;
        this.#early = [];
      }
      this.ended(error);
    }
    this.emit('error', error);
  }

  /** Nobody has to wait for the join any more. */
  ended(/** @type {CarillonError} */ error) {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  #begun(/** @type {any} */ joined) {
    this.#cursor ??= joined.cursor;
    (this.#waiting ??= deferred()).resolve(joined);
    this.#tell(joined, 'joined');
  }

  /** Reads up to where the channel is; what comes over that meanwhile follows. */
  async #read(failures = 0) {
    const round = ++this.#round;
    const current = () => round === this.#round;
    /** @type {any[]} What came before is in what is read now. */
    const early = (this.#early = []);
    const { last, after = undefined } = this.start;
    const from = this.#cursor ?? after;
    /** @type {any} */
    let query = from ? { after: from } : { last };
    try {
      for (let first = true; query; first = false) {
        const { events, cursor, head, next, resync = [] } = await this.page(query);
        if (!current()) {
          return;
        }
        if (first) {
          const begin = events.length ? before(events[0]) : cursor;
          const recovered = !!from && !resync.length;
          this.#begun({ room: this.name, cursor: begin, head, recovered });
        }
        for (const [type, frames] of [['resync', resync], ['message', events]]) {
          frames.forEach((/** @type {any} */ frame) => current() && this.#hand(type, frame));
        }
        if (!current()) {
          return;
        }
        this.#cursor = cursor;
        const due = early.length ? before(early[0][1]) : this.#channel.cursor;
        const lacks = number(cursor) < number(due);
        if (lacks && !next && !events.length) {
          throw new CarillonError('behind', { retryable: true });
        }
        query = (next || lacks) && { after: cursor };
      }
      early.forEach(([type, frame]) => current() && this.#hand(type, frame));
      if (current()) {
        this.#early = undefined;
      }
    } catch (/** @type {any} */ error) {
      const { config, timers } = this.#context;
      if (current() && error.retryable) {
        timers.after(
          backoff(config.random, failures),
          () => current() && this.#read(failures + 1),
        );
      } else if (current()) {
        this.#channel.exit(this);
        this.refused(error);
      }
    }
  }

  /** Hands out what we have not had. */
  #hand(/** @type {string} */ type, /** @type {any} */ frame) {
    const cursor = this.#cursor;
    if (!cursor || (type === 'message' && frame.seq <= number(cursor))) {
      return;
    }
    this.#cursor = place(frame) ?? cursor;
    const { name } = frame;
    this.#tell(frame, type, type === 'signal' ? `signal:${name}` : OWN.has(name) ? '' : name);
  }

  #end() {
    this.membership++;
    this.#round++;
    this.wanted = false;
    this.#cursor = this.#early = undefined;
  }

  /** Tells a value to who listens, until one of them leaves the room. */
  #tell(/** @type {any} */ value, /** @type {string[]} */ ...names) {
    const { membership } = this;
    names.forEach((name) => this.emit(name, value, () => membership === this.membership));
  }

  #request(/** @type {string} */ type, /** @type {object} */ fields) {
    return quiet(this.#context.link.request({ type, room: this.name, ...fields }));
  }
}

/** Where we are after a frame, if that is another place. */
const place = (/** @type {any} */ { epoch, seq, head }) => head ?? (seq && `${epoch}.${seq}`);
