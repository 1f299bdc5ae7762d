import { Emitter } from './emitter.js';
import { quiet } from './key.js';

/** Who is in a room, and whether we are, as one part of a page has it. */
export class Presence extends Emitter {
  /** @type {object | undefined} What this room is there with. */
  state;
  #following = false;
  #room;
  #all;

  /** @param {import('./room.js').Room} room @param {import('./members.js').Members} all */
  constructor(room, all) {
    super();
    this.#room = room;
    this.#all = all;
  }

  get count() {
    return this.#all.count;
  }

  /** @param {string} name @param {Function} handler */
  on(name, handler) {
    if (!this.#following) {
      this.#following = true;
      if (this.#room.wanted) {
        this.#all.follow(this);
      } else {
        quiet(this.#room.join());
      }
    }
    return super.on(name, handler);
  }

  members() {
    return this.#all.members();
  }

  track(state = {}) {
    this.state = undefined;
    const joined = this.#room.join();
    this.state = state;
    const told = this.#room.wanted && this.#all.track(this, state);
    return quiet(told || joined.then(() => {}));
  }

  untrack() {
    this.state = undefined;
    return this.#all.track(this) ?? Promise.resolve();
  }

  // What follows is for the channel.

  enter() {
    if (this.#following) {
      this.#all.follow(this);
    }
    if (this.state) {
      void this.#all.track(this, this.state);
    }
  }

  exit() {
    this.#all.exit(this);
  }
}
