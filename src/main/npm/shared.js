/**
 * One connection for all tabs of a user. A lock says which tab holds it: that one has a client of
 * its own, the hub's, and serves the others over channels between tabs with the very frames that a
 * server would send. To the client in each tab this is a WebSocket. So when the tab is gone, what
 * follows is what follows a break: the next one that has the lock connects, the others join again
 * from where they are, and what was not answered is published again with its key.
 */
import { Carillon } from 'carillon-client';
import { Hub } from './shared-hub.js';
import { Tunnel } from './shared-tunnel.js';
import { newKey, ownLocks, worldOf } from './shared-world.js';

const SIGNS = ['pagehide', 'pageshow', 'online', 'visibilitychange'];
/* So long the tab that holds the connection may say nothing, twice; then another takes it. */
const SILENCE_MS = 5000;
/* How a WebSocket is closed that may come back at once. */
const MOVED = 1012;

/** A client whose connection all tabs of a user share. */
export class SharedCarillon extends Carillon {
  #tab = newKey();
  /** Undefined: nothing can be shared here. */
  #world;
  /** @type {BroadcastChannel | undefined} To all; there is one while we take part. */
  #main;
  #own;
  /** @type {Hub | undefined} Here, if this tab holds the connection. */
  #hub;
  /** What a hub said last: its id, its status. */
  #heard;
  #heardAt = 0;
  /** @type {Tunnel | undefined} */
  #tunnel;
  #links = 0;
  #shown = { state: 'connecting' };
  /** @type {AbortController | undefined} Of our place in the queue for the lock. */
  #waiting;
  #letGo = () => {};
  #isHeld = false;
  #watching = false;
  #closed = false;

  constructor(url, options) {
    const { user, name, autoConnect = true, ...rest } = options;
    const world = worldOf(url, rest, `${name ?? 'carillon'} ${user}`);
    const tab = {};
    const instead = {
      autoConnect: false,
      transports: ['websocket'],
      WebSocket: function () {
        return tab.self.#dial();
      },
      fetch: (address, call) => tab.self.#call(address, call),
      token: undefined,
      storage: null,
      locks: null,
    };
    super(url, world ? { ...rest, ...instead } : { ...rest, autoConnect });
    tab.self = this;
    this.#world = world;
    if (world && autoConnect) {
      queueMicrotask(() => this.connect());
    }
  }

  /** That of the one connection, as soon as this tab is served by it. */
  get status() {
    return this.#world ? this.#shown : super.status;
  }

  /** Whether this tab holds the connection. */
  get leads() {
    return !this.#world || !!this.#hub;
  }

  emit(name, value, goes) {
    if (name === 'status' && this.#world) {
      this.#show();
    } else {
      super.emit(name, value, goes);
    }
  }

  connect() {
    if (this.#world && !this.#closed) {
      this.#begin();
      this.#main.postMessage({ type: 'connect' });
    }
    super.connect();
  }

  close() {
    this.#closed = true;
    super.close();
    if (this.#world) {
      SIGNS.forEach((sign) => this.#world.page?.removeEventListener(sign, this.#sign));
      this.#end();
    }
  }

  #begin() {
    if (this.#main) {
      return;
    }
    const { locks, page, id, open } = this.#world;
    SIGNS.forEach((sign) => page?.addEventListener(sign, this.#sign));
    this.#main = open(id, (message) => this.#told(message));
    this.#own = open(`${id} ${this.#tab}`, (message) => this.#received(message));
    // By this a hub knows that we live.
    const living = () =>
      new Promise((release) => {
        this.#letGo = release;
        this.#isHeld = true;
        this.#tunnel?.open();
      });
    locks.request(`${id} ${this.#tab}`, living).catch(() => this.#main && this.#alone());
    this.#queue();
    this.#main.postMessage({ type: 'who' });
  }

  /** Until the next `connect`, or the page's return. */
  #end() {
    this.#waiting?.abort();
    this.#waiting = undefined;
    this.#drop();
    this.#hub?.close();
    this.#hub = this.#heard = undefined;
    this.#letGo();
    this.#isHeld = this.#watching = false;
    this.#main?.close();
    this.#own?.close();
    this.#main = undefined;
    this.#world.clear();
  }

  /** Where locks are refused nothing can be shared. */
  #alone() {
    this.#end();
    this.#world.id += ` ${this.#tab}`;
    this.#world.locks = ownLocks();
    this.connect();
  }

  #sign = ({ type, persisted }) => {
    if (type === 'pagehide') {
      this.#end();
    } else if (type === 'pageshow') {
      if (persisted) {
        this.connect();
      }
    } else if (globalThis.document?.visibilityState !== 'hidden') {
      this.#main?.postMessage({ type: 'connect' });
    }
  };

  /** Waits for the lock; `steal` takes it from a tab that has stopped. */
  #queue(steal = false) {
    const { id, locks } = this.#world;
    this.#waiting?.abort();
    const abort = (this.#waiting = new AbortController());
    const lead = () =>
      new Promise((release) => {
        if (abort.signal.aborted) {
          release();
        } else {
          this.#hub = new Hub(this.#world, release);
        }
      });
    locks
      .request(id, steal ? { steal } : { signal: abort.signal }, lead)
      .catch(() => {})
      .then(() => {
        if (this.#waiting === abort) {
          // Another has taken it.
          this.#hub?.close();
          this.#hub = undefined;
          this.#queue();
        }
      });
  }

  /** A hub speaks to all. */
  #told({ type, hub, status }) {
    if (type !== 'status') {
      return;
    }
    this.#heardAt++;
    if (this.#tunnel?.hub && this.#tunnel.hub !== hub) {
      this.#drop();
    }
    this.#heard = { hub, status };
    const { state, retryAt } = status;
    if (state === 'live' || state === 'failed') {
      if (this.#tunnel) {
        this.#tunnel.open();
      } else {
        super.connect();
      }
    } else if (retryAt) {
      // Its own timers may be those of a page that nobody looks at.
      this.#world.after(retryAt - this.#world.wall(), () => {
        if (this.#heard?.status === status) {
          this.#main.postMessage({ type: 'connect' });
        }
      });
    }
    this.#show();
  }

  #show() {
    const { state, reason } = super.status;
    const heard = this.#heard?.status ?? { state: 'connecting' };
    const isOver = heard.state === 'live' || heard.state === 'failed';
    let status = !isOver || state === heard.state ? heard : { state: 'connecting' };
    if (this.#closed) {
      status = { state, reason };
    }
    if (JSON.stringify(status) !== JSON.stringify(this.#shown)) {
      this.#shown = status;
      super.emit('status', status);
    }
  }

  /** What the client opens instead of a WebSocket. */
  #dial() {
    this.#tunnel = new Tunnel(++this.#links, {
      knock: (link) => {
        if (this.#isHeld) {
          this.#main?.postMessage({ type: 'open', tab: this.#tab, link });
        }
      },
      post: (message) => this.#main && this.#own.postMessage(message),
      closed: (tunnel) => {
        if (this.#tunnel === tunnel) {
          this.#tunnel = undefined;
        }
      },
    });
    this.#watch();
    return this.#tunnel;
  }

  /** From a hub, to this tab alone. */
  #received(message) {
    const tunnel = this.#tunnel;
    this.#heardAt++;
    if (tunnel && message.link === tunnel.link && (tunnel.hub ?? message.hub) === message.hub) {
      if (message.type === 'closed') {
        this.#tunnel = undefined;
      }
      tunnel.received(message);
      this.#show();
    }
  }

  #drop() {
    const tunnel = this.#tunnel;
    this.#tunnel = undefined;
    tunnel?.lost(MOVED, 'moved');
  }

  #call(address, call) {
    return this.#tunnel?.call(address, call) ?? Promise.reject(new TypeError('no connection'));
  }

  /** Takes the connection over from a tab that holds it and says nothing any more. */
  #watch(asked = false) {
    if (this.#hub || (this.#watching && !asked)) {
      return;
    }
    this.#watching = true;
    const before = this.#heardAt;
    this.#world.after(SILENCE_MS, () => {
      this.#watching = false;
      if (this.#hub || this.#heardAt !== before) {
        return;
      }
      if (asked) {
        this.#queue(true);
      } else {
        this.#main.postMessage({ type: 'who' });
        this.#watch(true);
      }
    });
  }
}
