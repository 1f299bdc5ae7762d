/**
 * Stands between a client and the network, and breaks what it is told to break: everything for a
 * while (a cable that is pulled), WebSocket (a proxy that knows no upgrade), or streams (a proxy
 * that holds answers back until they are whole). Give its `WebSocket` and `fetch` to the client.
 */
export class Breaker {
  /** When the cut ends, as of performance.now(); in the past: nothing is cut. */
  cutUntil = 0;
  #blockWebSocket = false;
  #blockStreams = false;
  #cut = new AbortController();
  #streams = new AbortController();
  #sockets = new Set();

  constructor() {
    const breaker = this;
    /** What `new WebSocket(…)` is for the client. */
    this.WebSocket = class extends BreakableSocket {
      constructor(url, protocols) {
        super(url, protocols, breaker.isCut || breaker.#blockWebSocket);
        breaker.#sockets.add(this);
        this.addEventListener('close', () => breaker.#sockets.delete(this));
      }
    };
    /** What `fetch(…)` is for the client. */
    this.fetch = (input, init = {}) => this.#fetch(input, init);
  }

  get isCut() {
    return performance.now() < this.cutUntil;
  }

  /** Cuts every connection now, and lets none through for so long. */
  cut(ms) {
    this.cutUntil = performance.now() + ms;
    this.#cut.abort(new TypeError('the connection was cut'));
    this.#cut = new AbortController();
    this.#drop();
  }

  set blockWebSocket(block) {
    this.#blockWebSocket = block;
    if (block) {
      this.#drop();
    }
  }

  set blockStreams(block) {
    this.#blockStreams = block;
    if (block) {
      this.#streams.abort(new TypeError('the stream was cut'));
      this.#streams = new AbortController();
    }
  }

  #drop() {
    [...this.#sockets].forEach((socket) => socket.drop());
  }

  #fetch(input, init) {
    if (this.isCut) {
      return Promise.reject(new TypeError('the connection is cut'));
    }
    const signals = [init.signal, this.#cut.signal].filter(Boolean);
    const streams = (new Headers(init.headers).get('Accept') ?? '').includes('text/event-stream');
    if (streams) {
      signals.push(this.#streams.signal);
    }
    const signal = AbortSignal.any(signals);
    if (streams && this.#blockStreams) {
      return new Promise((_, reject) => {
        const end = () => reject(signal.reason);
        signal.aborted ? end() : signal.addEventListener('abort', end, { once: true });
      });
    }
    return fetch(input, { ...init, signal });
  }
}

/** A WebSocket that can be lost at once, as if the network had gone. */
class BreakableSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;
  #real = null;
  #lost = false;

  constructor(url, protocols, blocked) {
    super();
    if (blocked) {
      queueMicrotask(() => this.drop());
      return;
    }
    this.#real = new WebSocket(url, protocols);
    for (const type of ['open', 'message', 'error', 'close']) {
      this.#real.addEventListener(type, (event) => this.#lost || this.#tell(event));
    }
  }

  get readyState() {
    return this.#lost ? 3 : (this.#real?.readyState ?? 0);
  }

  get protocol() {
    return this.#real?.protocol ?? '';
  }

  get bufferedAmount() {
    return this.#real?.bufferedAmount ?? 0;
  }

  send(data) {
    if (!this.#lost) {
      this.#real.send(data);
    }
  }

  close(code, reason) {
    this.#real ? this.#real.close(code, reason) : this.drop();
  }

  /** Tells the client that the connection is lost, and forgets the real one. */
  drop() {
    if (this.#lost) {
      return;
    }
    this.#lost = true;
    this.#real?.close();
    this.#tell(new Event('error'));
    this.#tell(new CloseEvent('close', { code: 1006, wasClean: false }));
  }

  #tell(event) {
    const told =
      event instanceof MessageEvent
        ? new MessageEvent('message', { data: event.data })
        : event instanceof CloseEvent
          ? new CloseEvent('close', { code: event.code, reason: event.reason, wasClean: event.wasClean })
          : new Event(event.type);
    this[`on${event.type}`]?.(told);
    this.dispatchEvent(told);
  }
}
