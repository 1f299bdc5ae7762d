import { register } from 'node:module';
import { afterEach } from 'node:test';
import { seeded } from './clock.js';
import { scene } from './scene.js';

const core = process.env.CARILLON_CLIENT ?? new URL('../../../main/webapp/carillon.js', import.meta.url).href;
register(
  'data:text/javascript,' +
    encodeURIComponent(`export const resolve = (name, context, next) =>
      name === 'carillon-client' ? { url: ${JSON.stringify(core)}, shortCircuit: true } : next(name, context);`),
);
const { SharedCarillon } = await import('../../../main/npm/shared.js');

const open = [];
afterEach(() => open.splice(0).forEach((tab) => tab.end()));

/** A browser: locks, and channels between its tabs, each of which may end at any moment. */
export function browser(options = {}) {
  const { server, clock } = scene();
  const channels = new Map();
  const locks = new Map();

  const grant = (name) => {
    const { held, queue } = locks.get(name);
    if (!held && queue.length) {
      const next = queue.shift();
      locks.get(name).held = next;
      next.run();
    }
  };
  const request = (tab, name, given, callback) => {
    const options = callback ? given : {};
    const run = callback ?? given;
    if (!locks.has(name)) {
      locks.set(name, { queue: [] });
    }
    const lock = locks.get(name);
    return new Promise((resolve, reject) => {
      const aborted = () => {
        lock.queue = lock.queue.filter((one) => one !== entry);
        reject(new DOMException('aborted', 'AbortError'));
      };
      const free = () => {
        if (lock.held === entry) {
          lock.held = undefined;
          grant(name);
        }
      };
      const entry = {
        tab,
        free,
        stolen: () => reject(new DOMException('stolen', 'AbortError')),
        run: async () => {
          options.signal?.removeEventListener('abort', aborted);
          const done = tab.isOver ? new Promise(() => {}) : Promise.resolve(run({ name }));
          done.then(resolve, reject).finally(free);
        },
      };
      if (options.ifAvailable && lock.held) {
        return resolve(run(null));
      }
      if (options.steal) {
        const before = lock.held;
        lock.held = undefined;
        before?.stolen();
        lock.queue.unshift(entry);
      } else {
        lock.queue.push(entry);
        options.signal?.addEventListener('abort', aborted);
      }
      clock.setTimeout(() => grant(name), 1);
    });
  };

  /** A tab of a user, and what it said of itself. */
  function tab(user = 'me', more = {}) {
    const self = { isOver: false, isFrozen: false, late: [] };
    const act = (run) => {
      if (self.isFrozen) {
        self.late.push(run);
      } else if (!self.isOver) {
        run();
      }
    };
    const sockets = new Set();
    const ends = new AbortController();
    const own = {
      clock: {
        now: clock.now,
        setTimeout(run, ms) {
          const timer = { isOff: false };
          timer.id = clock.setTimeout(() => act(() => timer.isOff || run()), ms);
          return timer;
        },
        clearTimeout(timer) {
          if (timer) {
            timer.isOff = true;
            clock.clearTimeout(timer.id);
          }
        },
      },
      random: seeded(open.length + 1),
      page: new EventTarget(),
      storage: null,
      fetch: (url, init = {}) =>
        server.fetch(url, { ...init, signal: AbortSignal.any([init.signal, ends.signal].filter(Boolean)) }),
      WebSocket: class {
        constructor(...given) {
          if (self.isOver) {
            return { close() {} };
          }
          const socket = new server.WebSocket(...given);
          sockets.add(socket);
          return socket;
        }
      },
      locks: { request: (...given) => request(self, ...given) },
      BroadcastChannel: class {
        constructor(name) {
          this.name = name;
          channels.set(name, (channels.get(name) ?? new Set()).add(this));
        }

        postMessage(data) {
          if (self.isOver || !channels.get(this.name)?.has(this)) {
            return;
          }
          const copy = structuredClone(data);
          for (const other of channels.get(this.name)) {
            if (other !== this) {
              clock.setTimeout(() => other.act(() => other.onmessage?.({ data: structuredClone(copy) })), 1);
            }
          }
        }

        act(run) {
          if (channels.get(this.name)?.has(this)) {
            act(run);
          }
        }

        close() {
          channels.get(this.name)?.delete(this);
        }
      },
    };
    const carillon = new SharedCarillon('http://server.invalid/', { ...own, ...options, ...more, user });
    self.states = [];
    carillon.on('status', ({ state }) => self.states.push(state));
    /** The tab crashes: nothing of it runs any more, and the browser frees what it held. */
    const crash = () => {
      self.isOver = true;
      ends.abort();
      sockets.forEach((socket) => socket.close());
      for (const all of channels.values()) {
        all.forEach((channel) => channel instanceof own.BroadcastChannel && all.delete(channel));
      }
      for (const { held, queue } of [...locks.values()]) {
        queue.splice(0, Infinity, ...queue.filter((entry) => entry.tab !== self));
        if (held?.tab === self) {
          held.free();
        }
      }
    };
    const thaw = () => {
      self.isFrozen = false;
      self.late.splice(0).forEach((run) => self.isOver || run());
    };
    const end = () => {
      self.isFrozen = false;
      carillon.close();
      crash();
    };
    const made = Object.assign(self, {
      carillon,
      page: own.page,
      crash,
      thaw,
      end,
      isLive: () => carillon.status.state === 'live',
    });
    open.push(made);
    return made;
  }

  return { server, clock, locks, channels, tab };
}
