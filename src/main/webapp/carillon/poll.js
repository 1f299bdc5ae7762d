import { Reader } from './reader.js';

const WAIT_S = 25;
const MEMBERS_MS = 5000;

/** Carries events by long polls; presence is asked for, and signals do not come this way. */
export class Poll extends Reader {
  begin() {
    super.begin();
    void this.#members();
  }

  /**
   * @param {import('./room.js').Room[]} rooms
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   */
  async read(rooms, signal) {
    for (let wait = 0; ; wait = WAIT_S) {
      const page = await this.world.http.call('GET', 'events', {
        query: this.query(rooms),
        headers: wait ? { Prefer: `wait=${wait}` } : {},
        timeout: (wait + 10) * 1000,
        signal,
      });
      signal.throwIfAborted();
      this.up();
      this.#page(rooms, page, !wait);
    }
  }

  /**
   * @param {import('./room.js').Room[]} rooms
   * @param {import('../carillon.js').HistoryPage} page
   * @param {boolean} first
   */
  #page(rooms, { events, cursor, head, resync = [] }, first) {
    const cursors = cursor.split(',');
    const heads = head.split(',');
    if (first) {
      rooms.forEach(({ name: room, cursor: own }, i) => {
        const recovered = !!own && !resync.some((one) => one.room === room);
        const at = own ?? cursors[i];
        this.world.frame({ type: 'joined', room, cursor: at, head: heads[i], recovered });
      });
    }
    events.forEach((event) => this.world.frame({ ...event, type: 'event' }));
    resync.forEach((one) => this.world.frame({ ...one, type: 'resync' }));
    rooms.forEach(({ name: room }, i) => {
      this.world.frame({ type: 'position', room, cursor: cursors[i] });
    });
  }

  async #members() {
    for (const { name: room, presence, wanted } of this.world.rooms.values()) {
      if (wanted && presence.following) {
        await this.request({ type: 'members', room })
          .then((list) => this.over || this.world.frame({ ...list, room, type: 'members' }))
          .catch(() => {});
      }
    }
    this.world.timers.after(MEMBERS_MS, () => this.over || this.#members());
  }
}
