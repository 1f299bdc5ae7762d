const TICK_MS = 5000;
const SIGNS = ['online', 'pageshow', 'visibilitychange'];

/** Tells when it is a good time to try: the network or the page is back, or the machine has slept. */
export class Wake {
  #context;
  #hooks;
  #begun = false;

  /**
   * @param {import('./transport.js').Context} context
   * @param {{ wake: () => void, tick: () => void }} hooks tick: every few seconds
   */
  constructor(context, hooks) {
    this.#context = context;
    this.#hooks = hooks;
  }

  begin() {
    if (this.#begun) {
      return;
    }
    this.#begun = true;
    SIGNS.forEach((sign) => this.#context.config.page?.addEventListener(sign, this.#sign));
    this.#tick();
  }

  end() {
    SIGNS.forEach((sign) => this.#context.config.page?.removeEventListener(sign, this.#sign));
  }

  #sign = () => {
    if (globalThis.document?.visibilityState !== 'hidden') {
      this.#hooks.wake();
    }
  };

  /** A tick that comes late means that we have slept; some clocks stand still meanwhile. */
  #tick() {
    const { clock, wall } = this.#context.config;
    const since = clock.now();
    const shown = wall();
    this.#context.timers.after(TICK_MS, () => {
      this.#tick();
      if (Math.max(clock.now() - since, wall() - shown) > 3 * TICK_MS) {
        this.#hooks.wake();
      }
      this.#hooks.tick();
    });
  }
}
