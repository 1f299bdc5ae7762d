import { Emitter } from './emitter.js';
import { quiet } from './key.js';

/* So long after a membership could not be ended it is tried again, at the most so often. */
const AGAIN_MS = 2000;
const TRIES = 15;

/** @typedef {import('../carillon.js').Member} Member */

/** Who is in a room, and whether we are. */
export class Presence extends Emitter {
  count = 0;
  /** @type {object | undefined} What we are there with. */
  state;
  #following = false;
  #told = false;
  #joined = false;
  /** @type {object | undefined} What the server was told last. */
  #lastSent;
  /** We may be a member by HTTP, which no other transport's end or word ends. */
  #leased = false;
  /** Above the server's limit for lists we are told how many there are, not who. */
  #counted = false;
  #room;
  #context;
  /** @type {Map<string, Member>} */
  #members = new Map();

  /** @param {import('./room.js').Room} room @param {import('./transport.js').Context} context */
  constructor(room, context) {
    super();
    this.#room = room;
    this.#context = context;
  }

  get following() {
    return this.#following;
  }

  /** What a join asks for. */
  wish() {
    this.#lastSent = this.state;
    return this.state ? { state: this.state } : this.#following || undefined;
  }

  /** @param {string} name @param {Function} handler */
  on(name, handler) {
    const { wanted } = this.#room;
    if (!this.#following) {
      this.#following = true;
      if (wanted) {
        this.#context.link.join(this.#room);
      } else {
        quiet(this.#room.join());
      }
    }
    return super.on(name, handler);
  }

  members() {
    return this.#counted ? [] : [...this.#members.values()];
  }

  /** Joining over a socket tells the state; what is another by then is told after it. */
  track(state = {}) {
    this.state = state;
    return quiet(this.#joined ? this.#tell() : this.#room.join().then(() => {}));
  }

  untrack() {
    const there = this.#joined && this.state;
    this.state = undefined;
    return there ? this.#tell() : Promise.resolve();
  }

  joined() {
    this.#joined = true;
    if (this.state !== this.#lastSent) {
      void this.#tell();
    }
    if (this.#leased && !this.#leasing) {
      // The socket has made us a member before it answered.
      this.#endLease();
    }
  }

  lost() {
    this.#joined = false;
    this.#lastSent = undefined;
  }

  /** @param {string} type @param {any} frame a diff, or the full list */
  frame(type, { joined = [], updated = [], left = [], members, count }) {
    if (type === 'members') {
      this.#counted = !members;
    }
    // Without a list we know as much as before: what is another by the next one is told then.
    if (members) {
      const now = new Map(members.map((/** @type {Member} */ one) => [one.user, one]));
      left = [...this.#members.keys()].filter((user) => !now.has(user));
      for (const [user, member] of now) {
        const before = this.#members.get(user);
        if (!before) {
          joined.push(member);
        } else if (JSON.stringify(before) !== JSON.stringify(member)) {
          updated.push(member);
        }
      }
    }
    left.forEach((/** @type {string} */ user) => this.#members.delete(user));
    for (const member of [...joined, ...updated]) {
      this.#members.set(member.user, member);
    }
    const changed = joined.length + updated.length + left.length || count !== this.count;
    this.count = count;
    if (changed || !this.#told) {
      this.#told = true;
      this.emit('change', { members: this.members(), joined, updated, left, count });
    }
  }

  get #leasing() {
    return !!this.#context.link.active?.transport.leases;
  }

  #tell() {
    const { state } = this;
    this.#lastSent = state;
    if (!state && this.#leased) {
      const ended = this.#endLease();
      if (this.#leasing) {
        return ended;
      }
    }
    this.#leased ||= this.#leasing;
    const type = state ? 'track' : 'untrack';
    const told = this.#context.link.request({ type, room: this.#room.name, state });
    return quiet(told.then(() => {}));
  }

  /** What could not be ended goes on for as long as the stream or the poll does. */
  #endLease(tries = TRIES) {
    const { http, timers } = this.#context;
    this.#leased = false;
    const ended = http.request({ type: 'untrack', room: this.#room.name });
    ended.catch((/** @type {any} */ error) => {
      if (error.retryable && tries) {
        this.#leased = true;
        timers.after(AGAIN_MS, () => {
          if (this.#leased && !(this.#leasing && this.state)) {
            this.#endLease(tries - 1);
          }
        });
      }
    });
    return quiet(ended.then(() => {}));
  }
}
