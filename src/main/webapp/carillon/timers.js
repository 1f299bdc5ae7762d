/** The timers of one client, so that closing it leaves none behind. */
export class Timers {
  #clock;
  /** @type {Set<unknown>} */
  #running = new Set();
  #over = false;

  /** @param {import('../carillon.js').Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * @param {number} ms
   * @param {() => void} run
   * @returns {() => void} calls it off
   */
  after(ms, run) {
    if (this.#over) {
      return () => {};
    }
    const timer = this.#clock.setTimeout(() => {
      this.#running.delete(timer);
      run();
    }, ms);
    this.#running.add(timer);
    return () => {
      this.#running.delete(timer);
      this.#clock.clearTimeout(timer);
    };
  }

  /** Calls off all of them, and those to come. */
  clear() {
    this.#over = true;
    this.#running.forEach((timer) => this.#clock.clearTimeout(timer));
    this.#running.clear();
  }
}
