import { Carrier } from './carrier.js';
import { quiet } from './key.js';

/* A lease of presence lives 30 s. */
const LEASE_MS = 10_000;

/**
 * Reads over HTTP, one request at a time for all rooms; what is asked goes by requests of its own.
 * When a room comes or goes the request begins anew: the cursors see to it that nothing is lost.
 */
export class Reader extends Carrier {
  abort = new AbortController();
  #reading = '';
  #planned = false;

  start() {
    return this.#run();
  }

  begin() {
    this.#keep();
    if (this.#reading !== names(this.wanted())) {
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
    return this.world.http.request(frame);
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
  }

  /**
   * One request after another, until something breaks or they are begun anew.
   * @param {import('./room.js').Room[]} _rooms
   * @param {AbortSignal} _signal
   * @returns {Promise<import('./carrier.js').Why | void>}
   */
  async read(_rooms, _signal) {}

  async #run() {
    const { signal } = this.abort;
    const rooms = this.wanted();
    this.#reading = names(rooms);
    try {
      if (!rooms.length) {
        // Nothing to read; is the server there, and does it know us?
        await this.world.http.call('GET', 'rooms', { query: { prefix: '.' }, signal });
        return this.up();
      }
      await this.#prime(rooms, signal);
      const why = await this.read(rooms, signal);
      if (why && !signal.aborted) {
        this.down(why);
      }
    } catch (/** @type {any} */ error) {
      if (!signal.aborted) {
        await this.#broken(rooms, error);
      }
    }
  }

  /** One cursor stands for all rooms, so a room without one must get it first. */
  async #prime(/** @type {import('./room.js').Room[]} */ rooms, /** @type {AbortSignal} */ signal) {
    const { http } = this.world;
    for (const room of rooms) {
      const { last, after } = room.start;
      if (!room.cursor && after) {
        room.cursor = after;
      } else if (!room.cursor && last) {
        const path = `rooms/${encodeURIComponent(room.name)}/events`;
        const { events, cursor } = await http.call('GET', path, { query: { last }, signal });
        this.#unless(signal, () => {
          events.forEach((/** @type {any} */ event) => room.frame({ type: 'event', ...event }));
          room.cursor = cursor;
        });
      }
    }
    const fresh = rooms.filter((room) => !room.cursor);
    if (fresh.length && fresh.length < rooms.length) {
      const query = { room: fresh.map((room) => room.name) };
      const { cursor } = await http.call('GET', 'events', { query, signal });
      this.#unless(signal, () => {
        const cursors = cursor.split(',');
        fresh.forEach((room, i) => (room.cursor ??= cursors[i]));
      });
    }
  }

  #unless(/** @type {AbortSignal} */ signal, /** @type {() => void} */ run) {
    signal.throwIfAborted();
    run();
  }

  /** What a request for these rooms says: their names and, if they have one, their cursor. */
  query(/** @type {import('./room.js').Room[]} */ rooms) {
    const after = rooms[0].cursor && rooms.map((room) => room.cursor).join();
    return { room: rooms.map((room) => room.name), after };
  }

  /** A refusal does not say which of the rooms it means: each is asked for alone. */
  async #broken(/** @type {import('./room.js').Room[]} */ rooms, /** @type {any} */ error) {
    const { code: reason = 'broken', status, retryAfter } = error;
    if (status === 400 || status === 403) {
      const before = rooms.length;
      for (const room of rooms) {
        await this.world.http
          .call('GET', 'events', { query: { room: room.name, after: room.cursor } })
          .catch((refusal) => refusal.retryable || room.refused(refusal));
      }
      if (this.wanted().length < before) {
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
    this.world.timers.after(LEASE_MS, () => {
      if (!this.over) {
        this.#renew();
        this.#keep();
      }
    });
  }
}

const names = (/** @type {import('./room.js').Room[]} */ rooms) =>
  rooms.map((room) => room.name).join();
