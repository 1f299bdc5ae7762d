/**
 * A key that nobody else has. Pages without TLS have no `randomUUID`.
 * @param {() => number} random
 */
export function newKey(random) {
  const part = () => random().toString(36).slice(2);
  return globalThis.crypto?.randomUUID?.() ?? part() + part() + part();
}

/**
 * A promise whose rejection may be ignored.
 * @template T
 * @param {Promise<T>} promise
 */
export function quiet(promise) {
  promise.catch(() => {});
  return promise;
}

/** A promise that is settled from outside; its rejection may be ignored. */
export function deferred() {
  /** @type {any} */
  let settle;
  const promise = new Promise((resolve, reject) => (settle = { resolve, reject }));
  return { promise: quiet(promise), ...settle };
}
