import { newKey, quiet } from './key.js';

/* Said again so often while keys are pressed; believed so long without a word. */
const REPEAT_MS = 2000;
const IDLE_MS = 4000;
const EXPIRY_MS = 6000;

/** Who is typing in a room: a signal that is repeated, and forgotten when it stops coming. */
export class Typing {
  #room;
  #context;
  #own;
  /** @type {Map<string, { user: string, forget: () => void }>} */
  #others = new Map();
  #last = -Infinity;
  #idle = () => {};

  /** @param {import('./room.js').Room} room @param {import('./transport.js').Context} context */
  constructor(room, context) {
    this.#room = room;
    this.#context = context;
    this.#own = newKey(context.config.random);
    room.on('signal:typing', (/** @type {any} */ signal) => this.#heard(signal));
    room.on('message', (/** @type {any} */ event) => {
      for (const [id, { user }] of this.#others) {
        if (user === event.by) {
          this.#over(id);
        }
      }
    });
  }

  /** @param {boolean} active */
  set(active) {
    const now = this.#context.config.clock.now();
    this.#idle();
    if (active) {
      this.#idle = this.#context.timers.after(IDLE_MS, () => this.set(false));
    }
    if (active ? now - this.#last >= REPEAT_MS : this.#last > -Infinity) {
      this.#last = active ? now : -Infinity;
      quiet(this.#room.signal('typing', { id: this.#own, active }));
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
  #heard({ by, data }) {
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
      this.#tell();
    }
  }

  #over(/** @type {string} */ id) {
    this.#others.get(id)?.forget();
    if (this.#others.delete(id)) {
      this.#tell();
    }
  }

  #tell() {
    this.#room.emit('typing', [...new Set([...this.#others.values()].map(({ user }) => user))]);
  }
}
