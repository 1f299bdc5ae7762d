/** The timers of one client, so that closing it leaves none behind. */
export class Timers {
  over = false;
  #clock;
  /** @type {Map<unknown, () => void>} What is to be done if they are called off for good. */
  #running = new Map();

  /** @param {import('../carillon.js').Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * @param {number} ms
   * @param {() => void} run
   * @param {() => void} [end] the client is closed before that
   * @returns {() => void} calls it off
   */
  after(ms, run, end = () => {}) {
    if (this.over) {
      end();
      return () => {};
    }
    const timer = this.#clock.setTimeout(() => {
      this.#running.delete(timer);
      run();
    }, ms);
    this.#running.set(timer, end);
    return () => {
      this.#running.delete(timer);
      this.#clock.clearTimeout(timer);
    };
  }

  /** Calls off all of them, and those to come. */
  clear() {
    this.over = true;
    this.#running.forEach((end, timer) => {
      this.#clock.clearTimeout(timer);
      end();
    });
    this.#running.clear();
  }
}
