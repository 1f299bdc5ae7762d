const LEASE_MS = 30_000;
const GRACE_MS = 5000;

/**
 * Who is in which room, as the server has it: a row for each socket and for each client that is
 * there by HTTP, folded by user. What ends by itself ends by the clock.
 */
export class Members {
  #rows = new Map();
  #tracks = 0;
  #clock;
  #told;

  /** @param told takes (room, diff) */
  constructor(clock, told) {
    this.#clock = clock;
    this.#told = told;
  }

  /** As if nobody had ever been there; nobody is told. */
  clear() {
    this.#rows.clear();
  }

  list(room) {
    const users = new Map();
    for (const row of [...this.#rows.values()].sort((a, b) => a.tracked - b.tracked)) {
      if (row.room === room && row.state) {
        const { connections = 0 } = users.get(row.user) ?? {};
        const since = '2026-01-01T00:00:00.000Z';
        users.set(row.user, { user: row.user, state: row.state, connections: connections + 1, since });
      }
    }
    return [...users.values()];
  }

  /** There with a state, or not any more; a call that was overtaken does nothing. */
  set(room, key, user, state, { call = 0, lease = false } = {}) {
    const row = this.#row(room, key, user);
    if (row.call > call) {
      return;
    }
    this.#change(row, () => Object.assign(row, { state, call, until: Infinity, tracked: ++this.#tracks }));
    if (lease && state) {
      this.#last(row, LEASE_MS);
    }
  }

  /** A stream or a poll of a client: what it has lasts. */
  renew(rooms, key, held) {
    for (const row of this.#of(rooms, key)) {
      if ((row.held ?? 0) <= held) {
        row.held = held;
        this.#last(row, LEASE_MS);
      }
    }
  }

  /** That stream is gone. */
  release(rooms, key, held) {
    this.#of(rooms, key).filter((row) => row.held === held).forEach((row) => this.#last(row, GRACE_MS));
  }

  /** A socket is gone. */
  closed(key) {
    this.#of(undefined, key).forEach((row) => this.#last(row, GRACE_MS));
  }

  #of(rooms, key) {
    return [...this.#rows.values()].filter((row) => row.key === key && row.state && (!rooms || rooms.includes(row.room)));
  }

  #row(room, key, user) {
    const id = `${room} ${key}`;
    if (!this.#rows.has(id)) {
      this.#rows.set(id, { room, key, user, call: 0 });
    }
    return this.#rows.get(id);
  }

  #last(row, ms) {
    row.until = this.#clock.now() + ms;
    this.#clock.setTimeout(() => {
      if (row.until <= this.#clock.now()) {
        this.#change(row, () => (row.state = undefined));
      }
    }, ms);
  }

  #change(row, change) {
    const find = () => this.list(row.room).find(({ user }) => user === row.user);
    const before = find();
    change();
    const now = find();
    const diff = { joined: [], updated: [], left: [] };
    if (!now && before) {
      diff.left.push(row.user);
    } else if (now) {
      (before ? diff.updated : diff.joined).push(now);
    }
    if (JSON.stringify(now) !== JSON.stringify(before)) {
      this.#told(row.room, { ...diff, count: this.list(row.room).length });
    }
  }
}
