import { eventsOf, takeDemoToken, ticketParameter } from './access.js';

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/* A stream ends by itself every few minutes; a break as short as that is not worth a word. */
const QUIET_MS = 4000;

/**
 * Follows one room with a bare EventSource. Short breaks are the browser's own business: it comes
 * back with Last-Event-ID. Only when it gives up (any answer but 200) a new one is opened here, at
 * the last cursor that was seen.
 */
export class Stream {
  #room;
  #cursor;
  #handlers;
  #names = new Set();
  #source = null;
  #retry = FIRST_RETRY_MS;
  #timer = 0;
  #quiet = 0;
  #closed = false;

  /**
   * @param {string} room
   * @param {string|undefined} cursor where to begin; live from the head without one
   * @param {{event: (event: object) => void, status: (state: string) => void}} handlers
   */
  constructor(room, cursor, handlers) {
    this.#room = room;
    this.#cursor = cursor;
    this.#handlers = handlers;
  }

  /** Hears events of this name too; an EventSource has to know names beforehand. */
  hear(name) {
    if (!this.#names.has(name)) {
      this.#names.add(name);
      this.#source?.addEventListener(name, this.#arrived);
    }
    return this;
  }

  /** Opens it; the browser keeps it open from then on. */
  open() {
    this.#handlers.status('connecting');
    ticketParameter().then(
      (ticket) => this.#closed || this.#connect(ticket),
      () => this.#closed || this.#again(),
    );
    return this;
  }

  #connect(ticket) {
    const after = this.#cursor ? `after=${encodeURIComponent(this.#cursor)}` : '';
    const query = [after, ticket].filter(Boolean).join('&');
    const source = new EventSource(eventsOf(this.#room) + (query ? `?${query}` : ''));
    this.#source = source;
    source.addEventListener('open', () => {
      this.#retry = FIRST_RETRY_MS;
      this.#unquiet();
      this.#handlers.status('live');
    });
    source.addEventListener('error', () => this.#broken(source));
    for (const word of ['carillon:joined', 'carillon:resync']) {
      source.addEventListener(word, this.#moved);
    }
    source.addEventListener('carillon:expiring', () => takeDemoToken().catch(() => {}));
    for (const name of this.#names) {
      source.addEventListener(name, this.#arrived);
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#unquiet();
    this.#source?.close();
  }

  #moved = (message) => {
    this.#cursor = message.lastEventId || this.#cursor;
  };

  #arrived = (message) => {
    this.#moved(message);
    this.#handlers.event(JSON.parse(message.data));
  };

  #unquiet() {
    clearTimeout(this.#quiet);
    this.#quiet = 0;
  }

  #broken(source) {
    if (this.#closed || source !== this.#source) {
      return;
    }
    if (source.readyState !== EventSource.CLOSED) {
      this.#quiet ||= setTimeout(() => this.#handlers.status('reconnecting'), QUIET_MS);
      return;
    }
    this.#unquiet();
    this.#again();
  }

  #again() {
    this.#handlers.status('offline');
    const wait = this.#retry * (0.5 + Math.random() / 2);
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY_MS);
    this.#timer = setTimeout(() => {
      takeDemoToken()
        .catch(() => {})
        .then(() => this.#closed || this.open());
    }, wait);
  }
}
