import { Transport } from './transport.js';
import { quiet } from './key.js';
import { takePlace } from './place.js';

/* A lease of presence lives 30 s. */
const LEASE_MS = 10_000;

/**
 * @typedef {object} Seat a room in one request
 * @property {import('./channel.js').Channel} room
 * @property {number} membership the room's when the request began
 * @property {string} [after] where to begin if the room itself is nowhere yet
 * @property {boolean} own the place was ours; else it is the head
 */

/**
 * Reads over HTTP, one request at a time for all rooms; what is asked goes by requests of its own.
 * When a room comes or goes the request begins anew: the cursors see to it that nothing is lost.
 */
export class Reader extends Transport {
  /** What makes us members is not the transport, but leases that it renews. */
  leases = true;
  abort = new AbortController();
  /** Whether the request that is under way renews our leases. */
  renews = false;
  #reading = '';
  #planned = false;
  /** @type {ReturnType<typeof takePlace> | undefined} Gives the place back that is held. */
  #place;

  start() {
    return this.#run();
  }

  begin() {
    this.#keep();
    if (this.#reading !== memberships(this.wanted())) {
      this.again();
    }
  }

  join() {
    if (!this.#planned) {
      this.#planned = true;
      queueMicrotask(() => {
        this.#planned = false;
        this.again();
      });
    }
  }

  leave() {
    this.join();
  }

  /** @param {any} frame */
  request(frame) {
    return this.context.http.request(frame);
  }

  /** Reads anew from where we are. */
  again() {
    this.abort.abort();
    if (!this.over) {
      this.abort = new AbortController();
      void this.#run();
    }
  }

  check() {
    this.again();
  }

  tick() {}

  close() {
    this.abort.abort();
    void this.#place?.then((leave) => leave?.());
  }

  /** Whether a request may stay open beside those of other tabs. */
  async mayStay() {
    this.#place ??= takePlace(this.context.config);
    const leave = await this.#place;
    if (!leave) {
      this.#place = undefined;
    } else if (this.over) {
      leave();
    }
    return !!leave;
  }

  /**
   * One request after another, until something breaks or they are begun anew.
   * @param {Seat[]} _seats
   * @param {AbortSignal} _signal
   * @returns {Promise<import('./transport.js').DownReason | void>}
   */
  async read(_seats, _signal) {}

  async #run() {
    const { signal } = this.abort;
    const seats = this.wanted().map((room) => {
      const after = room.cursor ?? room.start.after;
      return { room, membership: room.membership, after, own: !!after };
    });
    this.#reading = memberships(seats.map(({ room }) => room));
    try {
      if (!seats.length) {
        // Nothing to read; is the server there, and does it know us?
        await this.context.http.call('GET', 'rooms', { query: { prefix: '.' }, signal });
        return this.up();
      }
      await this.#prime(seats, signal);
      const why = await this.read(seats, signal);
      if (why && !signal.aborted) {
        this.down(why);
      }
    } catch (/** @type {any} */ error) {
      if (!signal.aborted) {
        await this.#broken(seats, error);
      }
    }
  }

  /** One cursor stands for all rooms, so a room without one must get it first. */
  async #prime(/** @type {Seat[]} */ seats, /** @type {AbortSignal} */ signal) {
    const fresh = seats.filter(({ after }) => !after);
    if (fresh.length && fresh.length < seats.length) {
      const { cursor } = await this.context.http.call('GET', 'events', {
        query: this.query(fresh),
        signal,
      });
      const cursors = cursor.split(',');
      fresh.forEach((seat, i) => (seat.after = cursors[i]));
    }
  }

  /** The first that a room hears of a request, however often that is begun anew. */
  joined(/** @type {Seat} */ seat, /** @type {any} */ frame) {
    const { room: { name: room }, membership, own } = seat;
    const recovered = own && frame.recovered;
    this.context.frame({ ...frame, type: 'joined', room, membership, own, recovered });
  }

  /**
   * What a request for these rooms says: their names, their cursors if they were planned with one, and whose
   * leases it renews if we are a member of any.
   */
  query(/** @type {Seat[]} */ seats) {
    this.renews = seats.some(({ room }) => room.presence.state);
    return {
      ...(this.renews && this.context.http.signed()),
      room: seats.map(({ room }) => room.name),
      after: seats[0].after && seats.map(({ room, after }) => room.cursor ?? after).join(),
    };
  }

  /** A refusal does not say which of the rooms it means: each is asked for alone. */
  async #broken(/** @type {Seat[]} */ seats, /** @type {any} */ error) {
    const { code: reason = 'broken', status, retryAfter } = error;
    if (status === 400 || status === 403) {
      for (const seat of seats) {
        await this.context.http
          .call('GET', 'events', { query: this.query([seat]) })
          .catch((refusal) => refusal.retryable || seat.room.refused(refusal, seat.membership));
      }
      if (this.wanted().length < seats.length) {
        return this.again();
      }
    }
    this.down({ reason, retryAfter, stay: status === 401 });
  }

  /** Keeps us a member where we are one. */
  #renew() {
    for (const room of this.wanted()) {
      const { state } = room.presence;
      if (state) {
        quiet(this.request({ type: 'track', room: room.name, state }));
      }
    }
  }

  #keep() {
    this.context.timers.after(LEASE_MS, () => {
      if (!this.over) {
        this.#renew();
        this.#keep();
      }
    });
  }
}

const memberships = (/** @type {import('./channel.js').Channel[]} */ rooms) =>
  rooms.map((room) => `${room.name} ${room.membership}`).join();
