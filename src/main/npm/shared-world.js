/**
 * What tabs need to share a connection; undefined where that is not there: without Web Locks (a page
 * without TLS), or without channels between tabs.
 */
export function worldOf(url, options, whose) {
  const {
    locks = globalThis.navigator?.locks,
    BroadcastChannel = globalThis.BroadcastChannel,
    page = globalThis.addEventListener && globalThis,
    clock = globalThis,
  } = options;
  if (!locks || !BroadcastChannel) {
    return undefined;
  }
  const base = new URL(url ?? '/', globalThis.location?.href ?? 'a:/');
  const timers = new Set();
  return {
    url,
    options,
    locks,
    page,
    /** Of the lock and of the channel that all of them hear. */
    id: `${whose} ${base.href}`,
    open: (channel, hear) =>
      Object.assign(new BroadcastChannel(channel), { onmessage: ({ data }) => hear(data) }),
    wall: () => (clock.wall ?? clock.now ?? Date.now)(),
    after(ms, run) {
      const timer = clock.setTimeout(
        () => {
          timers.delete(timer);
          run();
        },
        Math.max(0, ms),
      );
      timers.add(timer);
    },
    clear() {
      timers.forEach((timer) => clock.clearTimeout(timer));
      timers.clear();
    },
  };
}

/** Locks that nobody else has: who has to wait for one waits for ever. */
export function ownLocks() {
  const held = new Set();
  return {
    request(name, ...given) {
      if (held.has(name)) {
        return new Promise(() => {});
      }
      held.add(name);
      return Promise.resolve(given.at(-1)({ name })).finally(() => held.delete(name));
    },
  };
}

/** Pages without TLS have no `randomUUID`. */
export function newKey() {
  const part = () => Math.random().toString(36).slice(2);
  return globalThis.crypto?.randomUUID?.() ?? part() + part() + part();
}
