import { backoff } from './backoff.js';
import { parse } from './cursor.js';
import { Emitter } from './emitter.js';
import { CarillonError } from './error.js';
import { deferred } from './key.js';

/** A state that began as a snapshot and follows a room, without a gap between the two. */
export class Live extends Emitter {
  /** @type {any} */
  state;
  /** @type {string | undefined} */
  cursor;
  #room;
  #options;
  #context;
  /** @type {any[] | null} What came in while loading. */
  #early = [];
  #round = 0;
  /** The room's, when the load began: a later one begins somewhere else. */
  #membership = 0;
  #first = deferred();
  /** @type {(() => unknown)[]} */
  #ends;

  /**
   * @param {import('./room.js').Room} room
   * @param {import('../carillon.js').LiveOptions<any> & { expired?: (resync: any) => void }} options
   *     expired: the snapshot is older than what is retained; the next load gives another
   * @param {import('./transport.js').Context} context
   * @param {boolean} [own] nobody else has this room: it is left in the end
   */
  constructor(room, options, context, own = false) {
    super();
    this.#room = room;
    this.#options = options;
    this.#context = context;
    this.ready = /** @type {Promise<void>} */ (this.#first.promise);
    this.#ends = [
      room.on('message', (/** @type {any} */ event) => this.#event(event)),
      room.on('resync', () => this.#load()),
      room.on('joined', () => room.membership === this.#membership || this.#load()),
      () => own && room.leave(),
    ];
    void this.#load();
  }

  stop() {
    this.#round++;
    this.#ends.forEach((end) => end());
    this.#first.reject(new CarillonError('left'));
  }

  /** All that has come is in the state. */
  get loaded() {
    return !this.#early;
  }

  /**
   * Where the room is comes first: all that the snapshot does not hold lies after that.
   * @returns {Promise<void>}
   */
  async #load(failures = 0) {
    const round = ++this.#round;
    const room = this.#room;
    const membership = (this.#membership = room.membership);
    const current = () => round === this.#round && membership === room.membership;
    const check = () => {
      if (!current()) {
        throw new CarillonError('left');
      }
    };
    this.#early = [];
    try {
      if (!room.cursor) {
        await room.join();
      }
      const head = room.cursor;
      const { state, cursor = head } = await this.#options.load();
      check();
      this.state = state;
      this.cursor = cursor;
      if (cursor !== head) {
        for await (const event of room.history({ after: cursor })) {
          check();
          this.#apply(event);
        }
      }
      check();
      this.#early.forEach((event) => this.#apply(event));
      this.#early = null;
      this.#first.resolve();
      this.emit('change', { state: this.state });
    } catch (/** @type {any} */ error) {
      const { timers, config, link } = this.#context;
      if (round !== this.#round) {
        return;
      }
      if (error.resync && this.#options.expired) {
        this.#options.expired(error.resync);
        return this.#load();
      }
      this.emit('error', error);
      if (link.over || !current() || !room.wanted) {
        // It may not be read, or was left: it begins anew if it is joined again.
        this.#membership = 0;
        this.#first.reject(error);
      } else {
        timers.after(backoff(config.random, failures), () => current() && this.#load(failures + 1));
      }
    }
  }

  #event(/** @type {any} */ event) {
    if (this.#early) {
      this.#early.push(event);
    } else if (this.#apply(event)) {
      this.emit('change', { state: this.state, event });
    }
  }

  /** False: the state includes it already. */
  #apply(/** @type {any} */ event) {
    const [epoch, seq] = parse(this.cursor ?? '0.0');
    if (epoch === event.epoch && event.seq <= seq) {
      return false;
    }
    this.cursor = `${event.epoch}.${event.seq}`;
    const state = this.#options.apply(this.state, event);
    this.state = state === undefined ? this.state : state;
    return true;
  }
}
