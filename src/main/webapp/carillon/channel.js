import { number, parse } from './cursor.js';
import { CarillonError } from './error.js';
import { Members } from './members.js';
import { Typing } from './typing.js';

const MOST_ROOMS = 100;
const REJOIN_MS = 2000;

/**
 * A room as the server has it: joined once, for as long as any `Room` of its name is. Hands on each
 * event once, in order, over whatever transport it comes.
 */
export class Channel {
  /** @type {string | undefined} */
  cursor;
  wanted = false;
  /** True: joining, or not yet at the head that the join told. */
  behind = false;
  /** Another number after each join and leave: what was asked for under an earlier one is void. */
  membership = 0;
  /** @type {import('../carillon.js').JoinOptions} Where the room began that was the first here. */
  start = {};
  #context;
  /** @type {Set<import('./room.js').Room>} */
  #rooms = new Set();
  /** The server has answered the join of this membership, over this transport. */
  #joined = false;
  /** @type {string | undefined} The head at the last join, until it is reached. */
  #head;
  /** All up to the head follows, whatever the epochs are. */
  #recovered = false;
  /** @type {string | undefined} Where a hole was seen last. */
  #hole;
  /** After a hole, until the room is read anew. */
  #ignoring = false;

  /** @param {import('./transport.js').Context} context @param {string} name */
  constructor(context, name) {
    this.#context = context;
    this.name = name;
    this.presence = new Members(this, context);
    this.typing = new Typing(name, (users) => this.#tell('typing', users), context);
  }

  /** After all that was there when it was asked for. */
  get head() {
    return this.#head ?? this.cursor;
  }

  /** @param {import('./room.js').Room} room is joined from now on */
  enter(room) {
    const { rooms, link } = this.#context;
    this.#rooms.add(room);
    room.presence.enter();
    // The handlers of this turn are all there when the first event comes.
    if (this.wanted) {
      const { membership } = room;
      const begin = () =>
        this.#joined && membership === room.membership && room.joined({ room: this.name });
      return queueMicrotask(begin);
    }
    if ([...rooms.values()].filter((one) => one.wanted).length >= MOST_ROOMS) {
      return this.refused(new CarillonError('limit'));
    }
    this.wanted = this.behind = true;
    this.start = room.start;
    const membership = ++this.membership;
    queueMicrotask(() => membership === this.membership && link.join(this));
  }

  /** @param {import('./room.js').Room} room hears no more; the last one leaves */
  exit(room) {
    this.#rooms.delete(room);
    room.presence.exit();
    if (this.wanted && !this.#rooms.size) {
      const { link, outbox } = this.#context;
      this.#end();
      link.leave(this);
      outbox.pump(this.name);
    }
  }

  joinFrame() {
    const { cursor: after, name: room } = this;
    const presence = this.presence.wish();
    return { type: 'join', room, ...(after ? { after } : this.start), presence };
  }

  /**
   * @param {any} frame `joined` with the membership that it was asked for under, and whether it is
   *     where we wanted to begin
   */
  frame({ type, membership, own = true, ...frame }) {
    if (type === 'joined' ? membership !== this.membership : !this.#joined) {
      return;
    }
    const { cursor } = this;
    switch (type) {
      case 'event':
        return this.#event(frame);
      case 'signal':
        this.#tell(type, frame);
        return frame.name === 'typing' && this.typing.heard(frame);
      case 'presence':
      case 'members':
        return this.presence.frame(type, frame);
      case 'joined': {
        const again = this.#joined;
        this.#recovered = frame.recovered || !(cursor ?? this.start.after);
        this.#joined = true;
        this.#ignoring = false;
        this.cursor ??= frame.cursor;
        this.#head = frame.head;
        this.presence.joined();
        if (!again) {
          this.#each((room) => room.joined(frame, own && !cursor));
        }
        break;
      }
      case 'position':
      case 'resync':
        // What was ignored is not behind us: the room is read anew from before it.
        if (this.#ignoring) {
          return;
        }
        if (type === 'resync') {
          this.cursor = this.#head = frame.head;
          this.#tell(type, frame);
        } else if (number(frame.cursor) > number(cursor)) {
          this.cursor = frame.cursor;
        }
    }
    this.#caughtUp();
  }

  /** The transport is gone. */
  lost() {
    this.behind = this.wanted;
    this.#joined = false;
    this.presence.lost();
  }

  /** Nobody has to wait for the join any more. */
  ended(/** @type {CarillonError} */ error) {
    [...this.#rooms].forEach((room) => room.ended(error));
  }

  /** @param {CarillonError} error @param {number} [membership] that it was asked for under */
  refused(error, membership = this.membership) {
    if (membership !== this.membership) {
      return;
    }
    const { config, timers, link, outbox } = this.#context;
    const rooms = [...this.#rooms];
    this.behind = false;
    if (error.retryable) {
      const wait = Math.max(error.retryAfter, config.random() * REJOIN_MS);
      timers.after(wait, () => membership === this.membership && link.join(this));
    } else {
      this.#rooms.clear();
      this.#end();
    }
    rooms.forEach((room) => room.refused(error));
    outbox.pump(this.name);
  }

  /** Nothing of what was asked for until now counts any more. */
  #end() {
    this.presence.end();
    this.typing.forget();
    this.membership++;
    this.wanted = this.behind = this.#joined = this.#ignoring = false;
    this.cursor = this.#head = this.#hole = undefined;
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
    this.#tell('message', event);
    this.typing.said(event.by);
    this.#caughtUp();
  }

  #tell(/** @type {string} */ type, /** @type {any} */ frame) {
    this.#each((room) => room.take(type, frame));
  }

  /** Tells all rooms, until one of them has us begin anew. */
  #each(/** @type {(room: import('./room.js').Room) => void} */ tell) {
    const { membership } = this;
    [...this.#rooms].forEach((room) => membership === this.membership && tell(room));
  }

  #caughtUp() {
    const { cursor } = this;
    const head = this.#head;
    if (this.behind && cursor && head) {
      const left = number(head) - number(cursor);
      if (cursor === head || (this.#recovered && left <= 0)) {
        // The epoch may be another since.
        this.cursor = left ? cursor : head;
        this.behind = false;
        this.#head = undefined;
        this.#context.outbox.pump(this.name);
      }
    }
  }
}
