/* Over HTTP/1.1 all tabs of a browser share six connections to a host; two stay free for calls. */
const MOST_OPEN = 4;

/**
 * Takes a place among the requests that all tabs keep open. Where nothing bounds them, or tabs
 * cannot know of each other, there is always one.
 * @param {import('./config.js').Config} config
 * @returns {Promise<(() => void) | undefined>} gives it back; undefined: all are taken
 */
export async function takePlace({ base, locks, page }) {
  // The browser has seen that this host speaks HTTP/1.1.
  const isBounded = (/** @type {any} */ { name, nextHopProtocol }) =>
    nextHopProtocol === 'http/1.1' && name.startsWith(base.origin);
  const shared =
    locks === undefined
      ? page && performance.getEntries().some(isBounded) && navigator.locks
      : locks;
  for (let n = MOST_OPEN; shared && n; n--) {
    const free = await new Promise((resolve) => {
      const hold = (/** @type {unknown} */ lock) => lock && new Promise(resolve);
      shared
        .request(`carillon ${base.host} ${n}`, { ifAvailable: true }, hold)
        .then(resolve, () => resolve(() => {}));
    });
    if (free) {
      return free;
    }
  }
  return shared ? undefined : () => {};
}
