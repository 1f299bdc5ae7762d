/** The platform's own streams and bodies may take more turns of the loop when used for the first time. */
const COLD_TURNS = 200;

/** Time that passes only when told to; between two timers everything that was promised is done. */
export class ManualClock {
  #now = Date.UTC(2026, 0, 1);
  #timers = new Map();
  #next = 1;

  now = () => this.#now;

  setTimeout = (run, ms) => {
    const id = this.#next++;
    this.#timers.set(id, { at: this.#now + Math.max(0, ms), run });
    return id;
  };

  clearTimeout = (id) => void this.#timers.delete(id);

  /** How many timers wait. */
  get waiting() {
    return this.#timers.size;
  }

  async advance(ms) {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end);
      if (!due.length) {
        break;
      }
      const [id, timer] = due.reduce((a, b) => (b[1].at < a[1].at ? b : a));
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, timer.at);
      timer.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Time passes, and no timer runs: the machine sleeps. */
  sleep(ms) {
    this.#now += ms;
  }

  /** Until something holds, but not longer than so many ms. */
  async until(what, most = 60_000) {
    const end = this.#now + most;
    await settle();
    while (!what()) {
      if (this.#due() > end) {
        await settle(COLD_TURNS);
      }
      if (!what()) {
        if (this.#due() > end) {
          throw new Error(`not within ${most} ms: ${what}`);
        }
        await this.advance(Math.max(0, this.#due() - this.#now));
      }
    }
  }

  /** When the next timer is due. */
  #due() {
    return Math.min(...[...this.#timers.values()].map(({ at }) => at));
  }
}

/** Lets everything run that needs no time. */
export async function settle(turns = 4) {
  for (let i = 0; i < turns; i++) {
    await new Promise(setImmediate);
  }
}

/** The same numbers for the same seed. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
