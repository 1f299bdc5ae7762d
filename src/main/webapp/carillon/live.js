import { backoff } from './backoff.js';
import { parse } from './cursor.js';
import { Emitter } from './emitter.js';
import { quiet } from './key.js';

/** A state that began as a snapshot and follows a room, without a gap between the two. */
export class Live extends Emitter {
  /** @type {any} */
  state;
  /** @type {string | undefined} */
  cursor;
  #room;
  #options;
  #world;
  /** @type {any[] | null} What came in while loading. */
  #early = [];
  #round = 0;
  /** @type {(value?: any) => void} */
  #loaded = () => {};
  /** @type {(() => void)[]} */
  #ends;

  /**
   * @param {import('./room.js').Room} room
   * @param {import('../carillon.js').LiveOptions<any>} options
   * @param {import('./carrier.js').World} world
   */
  constructor(room, options, world) {
    super();
    this.#room = room;
    this.#options = options;
    this.#world = world;
    this.ready = quiet(new Promise((resolve) => (this.#loaded = resolve)));
    this.#ends = [
      room.on('message', (/** @type {any} */ event) => this.#event(event)),
      room.on('resync', () => this.#load()),
    ];
    void this.#load();
  }

  stop() {
    this.#round++;
    this.#ends.forEach((end) => end());
  }

  /** Where the room is comes first: all that the snapshot does not hold lies after that. */
  async #load(failures = 0) {
    const round = ++this.#round;
    const room = this.#room;
    const current = () => round === this.#round;
    this.#early = [];
    try {
      if (!room.cursor) {
        await room.join();
      }
      const head = room.cursor;
      const { state, cursor = head } = await this.#options.load();
      if (!current()) {
        return;
      }
      this.state = state;
      this.cursor = cursor;
      if (cursor !== head) {
        for await (const event of room.history({ after: cursor })) {
          if (!current()) {
            return;
          }
          this.#apply(event);
        }
      }
      if (!current()) {
        return;
      }
      this.#early.forEach((event) => this.#apply(event));
      this.#early = null;
      this.#loaded();
      this.emit('change', { state: this.state });
    } catch (/** @type {any} */ error) {
      if (current()) {
        this.emit('error', error);
        if (!room.wanted) {
          return; // It may not be read, or was left.
        }
        const { timers, config } = this.#world;
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
    this.state = this.#options.apply(this.state, event) ?? this.state;
    return true;
  }
}
