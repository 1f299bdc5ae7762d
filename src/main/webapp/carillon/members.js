import { quiet } from './key.js';

/* So long after a membership could not be ended it is tried again, at the most so often. */
const AGAIN_MS = 2000;
const TRIES = 15;

/**
 * @typedef {import('../carillon.js').Member} Member
 * @typedef {import('./presence.js').Presence} Presence
 */

/** Who is in a channel, and whether we are. */
export class Members {
  count = 0;
  #told = false;
  #joined = false;
  /** @type {object | undefined} What the server was told last. */
  #lastSent;
  /** We may be a member by HTTP, which no other transport's end or word ends. */
  #leased = false;
  /** Above the server's limit for lists we are told how many there are, not who. */
  #counted = false;
  #channel;
  #context;
  /** @type {Map<string, Member>} */
  #members = new Map();
  /** @type {Map<Presence, object>} What each of our rooms is there with; the last one stands. */
  #states = new Map();
  /** @type {Set<Presence>} */
  #followers = new Set();

  /** @param {import('./channel.js').Channel} channel @param {import('./transport.js').Context} context */
  constructor(channel, context) {
    this.#channel = channel;
    this.#context = context;
  }

  /** What we are there with. */
  get state() {
    return [...this.#states.values()].at(-1);
  }

  get following() {
    return this.#followers.size > 0;
  }

  /** What a join asks for. */
  wish() {
    const { state } = this;
    this.#lastSent = state;
    return state ? { state } : this.following || undefined;
  }

  /** @param {Presence} one is told of changes; if there is a list already, of that first */
  follow(one) {
    const { following } = this;
    this.#followers.add(one);
    if (!following && this.#channel.wanted) {
      this.#context.link.join(this.#channel);
    } else if (this.#told) {
      queueMicrotask(() => this.#followers.has(one) && this.#tellChange([one], this.members()));
    }
  }

  /**
   * Joining over a socket tells the state; what is another by then is told after it.
   * @param {Presence} one @param {object} [state]
   * @returns {Promise<void> | undefined} there was something to tell
   */
  track(one, state) {
    const before = this.state;
    this.#states.delete(one);
    if (state) {
      this.#states.set(one, state);
    }
    return this.#joined && (state || before !== this.state) ? this.#tell() : undefined;
  }

  /** @param {Presence} one takes away what it was there with */
  exit(one) {
    this.#followers.delete(one);
    void this.track(one);
  }

  members() {
    return this.#counted ? [] : [...this.#members.values()];
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

  /** The channel is left. */
  end() {
    this.lost();
    this.#states.clear();
    this.#followers.clear();
    this.#members.clear();
    this.count = 0;
    this.#told = this.#counted = false;
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
      this.#tellChange([...this.#followers], joined, updated, left);
    }
  }

  /**
   * @param {Presence[]} to @param {Member[]} joined
   * @param {Member[]} [updated] @param {string[]} [left]
   */
  #tellChange(to, joined, updated = [], left = []) {
    const { count } = this;
    to.forEach((one) => one.emit('change', { members: this.members(), joined, updated, left, count }));
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
    const told = this.#context.link.request({ type, room: this.#channel.name, state });
    return quiet(told.then(() => {}));
  }

  /** What could not be ended goes on for as long as the stream or the poll does. */
  #endLease(tries = TRIES) {
    const { http, timers } = this.#context;
    this.#leased = false;
    const ended = http.request({ type: 'untrack', room: this.#channel.name });
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
