import { Reader } from './reader.js';

const WAIT_S = 25;
/* Where too many tabs wait already, it is asked again and again instead. */
const PAUSE_MS = 3000;
const MEMBERS_MS = 5000;

/** Carries events by long polls; presence is asked for, and signals do not come this way. */
export class Poll extends Reader {
  begin() {
    super.begin();
    void this.#members();
  }

  /**
   * @param {import('./reader.js').Seat[]} seats
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   */
  async read(seats, signal) {
    for (let first = true; ; first = false) {
      const wait = first || !(await this.mayStay()) ? 0 : WAIT_S;
      if (!first && !wait) {
        await new Promise((resolve) => this.context.timers.after(PAUSE_MS, () => resolve(0)));
      }
      signal.throwIfAborted();
      const page = await this.context.http.call('GET', 'events', {
        query: this.query(seats),
        headers: wait ? { Prefer: `wait=${wait}` } : {},
        timeout: (wait + 10) * 1000,
        signal,
      });
      signal.throwIfAborted();
      this.up();
      this.#page(seats, page, first);
    }
  }

  /**
   * @param {import('./reader.js').Seat[]} seats
   * @param {import('../carillon.js').HistoryPage} page
   * @param {boolean} first
   */
  #page(seats, { events, cursor, head, resync = [] }, first) {
    const cursors = cursor.split(',');
    const heads = head.split(',');
    if (first) {
      seats.forEach((seat, i) => {
        const { name, cursor = seat.after ?? cursors[i] } = seat.room;
        const recovered = !resync.some(({ room }) => room === name);
        this.joined(seat, { cursor, head: heads[i], recovered });
      });
    }
    events.forEach((event) => this.context.frame({ ...event, type: 'event' }));
    resync.forEach((one) => this.context.frame({ ...one, type: 'resync' }));
    seats.forEach((seat, i) => {
      // A room whose beginning is still being read has no cursor of its own yet.
      const cursor = (seat.after = cursors[i]);
      this.context.frame({ type: 'position', room: seat.room.name, cursor });
    });
  }

  async #members() {
    for (const { name: room, presence, wanted } of this.context.rooms.values()) {
      if (wanted && presence.following) {
        await this.request({ type: 'members', room })
          .then((list) => {
            // The first page of a longer list is no list.
            const members = list.next ? undefined : list.members;
            return this.over || this.context.frame({ ...list, members, room, type: 'members' });
          })
          .catch(() => {});
      }
    }
    this.context.timers.after(MEMBERS_MS, () => this.over || this.#members());
  }
}
