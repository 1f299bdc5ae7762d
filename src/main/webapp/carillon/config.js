/** @typedef {ReturnType<typeof configure>} Config */

/** What the client needs of the world, each replaceable; whatever a platform lacks stays away. */
export function configure(
  /** @type {string | URL | null | undefined} */ url,
  /** @type {import('../carillon.js').Options} */ options,
) {
  const {
    autoConnect = true,
    transports = ['websocket', 'sse', 'poll'],
    queue = 1000,
    patience = 1000,
    upgradeAfter = 15_000,
    settleAfter = 10_000,
    WebSocket = /** @type {typeof globalThis.WebSocket} */ (globalThis.WebSocket),
    fetch = /** @type {typeof globalThis.fetch} */ ((...args) => globalThis.fetch(...args)),
    random = Math.random,
    page = /** @type {any} */ (globalThis).addEventListener && globalThis,
    storage = stored(),
    clock = {
      now: () => performance.now(),
      wall: () => Date.now(),
      setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms),
      clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
    },
    locks,
    token,
  } = options;
  return {
    // Where there is no page, as on a server, nothing is called before there is an address.
    base: new URL(url ?? '/', globalThis.location?.href ?? 'a:/'),
    autoConnect,
    transports,
    queue,
    patience,
    upgradeAfter,
    settleAfter,
    WebSocket,
    fetch,
    random,
    page,
    storage,
    clock,
    locks,
    token,
    /* What is told or shown; what is waited for is measured by `clock`, which never jumps. */
    wall: () => (clock.wall ?? clock.now)(),
  };
}

/** A page without the right to its storage throws at the mere mention. */
function stored() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
