import { backoff } from './backoff.js';
import { CarillonError } from './error.js';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/* The server knows a key for 24 hours; a later retry could publish twice. */
const KEY_MS = 23 * 3_600_000;

/**
 * @typedef {object} Item
 * @property {any} frame
 * @property {boolean} [sent] it may have arrived
 * @property {number} since
 * @property {number} at the same as the wall clock has it, which goes on while the machine sleeps
 * @property {(published: any) => void} resolve
 * @property {(error: CarillonError) => void} reject
 */

/**
 * What waits to be published. Each room has a lane with one publish under way at a time: that
 * alone keeps their order when one of them has to be repeated.
 */
export class Outbox {
  #context;
  #told;
  #size = 0;
  /** @type {Map<string, { items: Item[], busy: boolean }>} */
  #lanes = new Map();

  /**
   * @param {import('./transport.js').Context} context
   * @param {(count: number) => void} told how many wait, each time that it changes
   */
  constructor(context, told) {
    this.#context = context;
    this.#told = told;
  }

  #grow(/** @type {number} */ by) {
    this.#told((this.#size += by));
  }

  /**
   * @param {any} frame with its key
   * @returns {Promise<import('../carillon.js').Published>}
   */
  add(frame) {
    const { config, link } = this.#context;
    return new Promise((resolve, reject) => {
      if (link.over) {
        throw new CarillonError(link.over, { message: link.status.reason });
      }
      if (this.#size >= config.queue) {
        throw new CarillonError('queue_full');
      }
      this.#grow(1);
      const lane = this.#lanes.get(frame.room) ?? { items: [], busy: false };
      this.#lanes.set(frame.room, lane);
      lane.items.push({ frame, resolve, reject, since: config.clock.now(), at: config.wall() });
      this.pump(frame.room);
    });
  }

  /** Something may go on in a room. */
  pump(/** @type {string} */ room) {
    const lane = this.#lanes.get(room);
    if (lane && !lane.busy) {
      void this.#run(room, lane);
    }
  }

  pumpAll() {
    [...this.#lanes.keys()].forEach((room) => this.pump(room));
  }

  /**
   * Changes what was never sent, or takes it away.
   * @param {string} room @param {string} key @param {object} [instead] fields of the frame
   * @returns {boolean} false: it was sent already
   */
  revise(room, key, instead) {
    const items = this.#lanes.get(room)?.items ?? [];
    const item = items.find((one) => one.frame.key === key && !one.sent);
    if (item && instead) {
      Object.assign(item.frame, instead);
    } else if (item) {
      items.splice(items.indexOf(item), 1);
      this.#grow(-1);
      item.reject(new CarillonError('withdrawn'));
    }
    return !!item;
  }

  /** @param {CarillonError} error ends all of them */
  fail(error) {
    for (const lane of this.#lanes.values()) {
      lane.items.splice(0).forEach((item) => item.reject(error));
    }
    this.#lanes.clear();
    this.#told((this.#size = 0));
  }

  /** What a room missed comes before what it is told, so that conflicts are seen in time. */
  #ready(/** @type {string} */ room) {
    return this.#context.link.active && !this.#context.rooms.get(room)?.behind;
  }

  /** @param {string} room @param {{ items: Item[], busy: boolean }} lane */
  async #run(room, lane) {
    lane.busy = true;
    for (let failures = 0; lane.items.length && this.#ready(room); ) {
      const item = lane.items[0];
      const done = (/** @type {() => void} */ settle) => {
        if (lane.items[0] === item) {
          lane.items.shift();
          this.#grow(-1);
          failures = 0;
          settle();
        }
      };
      item.sent = true;
      try {
        const { seq, epoch, id, duplicate } = await this.#context.link.request(item.frame);
        done(() => item.resolve({ seq, epoch, id, duplicate }));
      } catch (/** @type {any} */ error) {
        const { clock, wall, random } = this.#context.config;
        const age = Math.max(clock.now() - item.since, wall() - item.at);
        if (!error.retryable || age > KEY_MS) {
          done(() => item.reject(error));
        } else if (error.code !== 'lost' && error.code !== 'offline') {
          const wait = backoff(random, failures++, FIRST_RETRY_MS, LAST_RETRY_MS);
          await new Promise((resolve) => {
            this.#context.timers.after(Math.max(wait, error.retryAfter), () => resolve(0));
          });
        }
      }
    }
    lane.busy = false;
    if (!lane.items.length && this.#lanes.get(room) === lane) {
      this.#lanes.delete(room);
    }
  }
}
