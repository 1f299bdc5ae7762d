/** Hands values to handlers by name. A handler that throws spoils nothing for the others. */
export class Emitter {
  /** @type {Map<string, Set<Function>>} */
  #handlers = new Map();

  /**
   * @param {string} name
   * @param {Function} handler
   * @returns {() => void} takes the handler away
   */
  on(name, handler) {
    const handlers = this.#handlers.get(name) ?? new Set();
    this.#handlers.set(name, handlers);
    const own = (/** @type {unknown} */ value) => handler(value);
    handlers.add(own);
    return () => void handlers.delete(own);
  }

  /**
   * @param {string} name
   * @param {unknown} [value]
   * @param {() => boolean} [goes] false: one of the handlers has ended it for the rest
   */
  emit(name, value, goes = () => true) {
    const handlers = this.#handlers.get(name);
    for (const handler of [...(handlers ?? [])]) {
      try {
        if (handlers?.has(handler) && goes()) {
          handler(value);
        }
      } catch (error) {
        (globalThis.reportError ?? console.error)(error);
      }
    }
  }
}
