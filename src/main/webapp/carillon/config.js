/** @typedef {ReturnType<typeof configure>} Config */

/** What the client needs of the world, each replaceable; whatever a platform lacks stays away. */
export function configure(
  /** @type {string | URL | null | undefined} */ url,
  /** @type {import('../carillon.js').Options} */ options,
) {
  const world = /** @type {any} */ (globalThis);
  return {
    base: new URL(url ?? '/', world.location?.href),
    token: options.token,
    transports: options.transports ?? ['websocket', 'sse', 'poll'],
    queue: options.queue ?? 1000,
    patience: options.patience ?? 1000,
    upgradeAfter: options.upgradeAfter ?? 15_000,
    settleAfter: options.settleAfter ?? 10_000,
    WebSocket: /** @type {typeof WebSocket} */ (
      options.WebSocket === undefined ? world.WebSocket : options.WebSocket
    ),
    fetch: options.fetch ?? /** @type {typeof fetch} */ ((...args) => fetch(...args)),
    /* What is told or shown; what is waited for is measured by `clock`, which never jumps. */
    wall: () => (options.clock ? (options.clock.wall ?? options.clock.now)() : Date.now()),
    clock: options.clock ?? {
      now: () => performance.now(),
      setTimeout: (/** @type {() => void} */ run, /** @type {number} */ ms) => setTimeout(run, ms),
      clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
    },
    locks: options.locks,
    random: options.random ?? Math.random,
    page: options.page === undefined ? (world.addEventListener && world) : options.page,
    storage: options.storage === undefined ? storage() : options.storage,
  };
}

/** A page without the right to its storage throws at the mere mention. */
function storage() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
