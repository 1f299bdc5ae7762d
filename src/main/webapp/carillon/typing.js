import { newKey, quiet } from './key.js';

/* Said again so often while keys are pressed; believed so long without a word. */
const REPEAT_MS = 2000;
const IDLE_MS = 4000;
const EXPIRY_MS = 6000;

/** Who is typing in a channel: a signal that is repeated, and forgotten when it stops coming. */
export class Typing {
  #room;
  #tell;
  #context;
  #own;
  /** @type {Map<string, { user: string, forget: () => void }>} */
  #others = new Map();
  #last = -Infinity;
  #idle = () => {};

  /**
   * @param {string} room
   * @param {(users: string[]) => void} tell
   * @param {import('./transport.js').Context} context
   */
  constructor(room, tell, context) {
    this.#room = room;
    this.#tell = tell;
    this.#context = context;
    this.#own = newKey(context.config.random);
  }

  /** @param {boolean} active */
  set(active) {
    const { config, timers, link } = this.#context;
    const now = config.clock.now();
    this.#idle();
    if (active) {
      this.#idle = timers.after(IDLE_MS, () => this.set(false));
    }
    if (active ? now - this.#last >= REPEAT_MS : this.#last > -Infinity) {
      this.#last = active ? now : -Infinity;
      const data = { id: this.#own, active };
      quiet(link.request({ type: 'signal', room: this.#room, name: 'typing', data }));
    }
  }

  /** The room is left: nobody is typing, and nobody is told. */
  forget() {
    this.#idle();
    this.#last = -Infinity;
    this.#others.forEach((other) => other.forget());
    this.#others.clear();
  }

  /** @param {import('../carillon.js').Signal} signal */
  heard({ by, data }) {
    const id = data?.id ?? by;
    if (id === this.#own) {
      return;
    }
    if (data?.active === false) {
      return this.#over(id);
    }
    const known = this.#others.get(id);
    known?.forget();
    const forget = this.#context.timers.after(EXPIRY_MS, () => this.#over(id));
    this.#others.set(id, { user: by, forget });
    if (!known) {
      this.#changed();
    }
  }

  /** @param {string} by whose message is there */
  said(by) {
    for (const [id, { user }] of this.#others) {
      if (user === by) {
        this.#over(id);
      }
    }
  }

  #over(/** @type {string} */ id) {
    this.#others.get(id)?.forget();
    if (this.#others.delete(id)) {
      this.#changed();
    }
  }

  #changed() {
    this.#tell([...new Set([...this.#others.values()].map(({ user }) => user))]);
  }
}
