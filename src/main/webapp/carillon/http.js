import { CarillonError } from './error.js';
import { newKey } from './key.js';
import { Tokens } from './tokens.js';

const TIMEOUT_MS = 15_000;
/* Rooms whose names make a longer URL are named in a body: proxies bound the line of a request. */
const MOST_URL = 4000;
const ECHO_MS = 10_000;

/** Calls the server's HTTP API with our credential. Every failure is a CarillonError. */
export class Http {
  #config;
  #timers;
  /** What a membership by HTTP belongs to, for a user may have several clients. */
  #client;
  #calls = 0;
  /** @type {string[]} Signals that may come back to us. */
  #signals = [];

  /** @param {import('./config.js').Config} config @param {import('./timers.js').Timers} timers */
  constructor(config, timers) {
    this.#config = config;
    this.#timers = timers;
    this.#client = newKey(config.random);
    this.tokens = new Tokens(config, timers);
  }

  /** Where to open a socket: browsers cannot send it a header, so a ticket speaks for the token. */
  async socketUrl() {
    const url = new URL('ws', this.#config.base);
    url.protocol = url.protocol.replace('http', 'ws');
    if (await this.tokens.get()) {
      url.searchParams.set('ticket', (await this.call('POST', 'tickets')).ticket);
    }
    return url.href;
  }

  /**
   * What a frame asks of a socket, asked by HTTP.
   * @param {any} frame
   * @returns {Promise<any>}
   */
  request({ type, room, name, data, key, meta, to, state, ref: _, ...query }) {
    const path = `rooms/${encodeURIComponent(room)}/`;
    switch (type) {
      case 'publish':
        return this.call('POST', path + 'events', {
          body: { name, data, meta },
          headers: { 'Idempotency-Key': `"${key.replace(/["\\]/g, '\\$&')}"` },
        });
      case 'signal':
        this.#signals.push(JSON.stringify([room, name, data]));
        this.#timers.after(ECHO_MS, () => this.isEcho({ room, name, data }));
        return this.call('POST', path + 'signals', { body: { name, data, to } });
      case 'track':
        return this.call('PUT', path + 'members/me', { body: { state }, query: this.signed() });
      case 'untrack':
        return this.call('DELETE', path + 'members/me', { query: this.signed() });
      default:
        return this.call('GET', path + (type === 'history' ? 'events' : type), { query });
    }
  }

  /** Who we are, and the number of this call: one that is overtaken on the way undoes nothing. */
  signed() {
    return { client: this.#client, call: ++this.#calls };
  }

  /**
   * Whether a signal that came is one of ours: what goes by HTTP has no connection, so the server
   * sends it to all who listen.
   * @param {any} signal
   * @returns {boolean}
   */
  isEcho({ room, name, data, from }) {
    const at = this.#signals.indexOf(JSON.stringify([room, name, data]));
    return !from && at >= 0 && !!this.#signals.splice(at, 1);
  }

  /**
   * The parsed answer of one call.
   * @param {string} method
   * @param {string} path
   * @param {Call} [call]
   */
  async call(method, path, call = {}) {
    const headers = { Accept: 'application/json', ...call.headers };
    let text = '';
    const { read } = await this.open(method, path, { ...call, headers });
    await read((piece) => (text += piece));
    try {
      return text && JSON.parse(text);
    } catch {
      // A proxy's page, for instance.
      throw new CarillonError('bad_answer', { retryable: true });
    }
  }

  /**
   * A response whose body is still to be read. A token that is refused is asked for once more.
   * @typedef {{ query?: object, body?: object, headers?: Record<string, string>, timeout?: number,
   *     signal?: AbortSignal }} Call
   * @param {string} method
   * @param {string} path
   * @param {Call} call timeout: how many ms nothing may come, at first and then between two pieces
   * @returns {Promise<{ read: (take: (text: string) => void) => Promise<void>,
   *     wait: (ms: number) => void }>} wait: the timeout from this piece on
   */
  async open(method, path, call, again = true) {
    const asked = this.tokens.get();
    const token = await asked;
    const abort = new AbortController();
    const stop = () => abort.abort();
    const { signal, query = {} } = call;
    let { timeout = TIMEOUT_MS } = call;
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) {
      stop();
    }
    let late = false;
    let timer = () => {};
    const wait = () => {
      timer();
      timer = this.#timers.after(
        timeout,
        () => {
          late = true;
          stop();
        },
        stop,
      );
    };
    const done = () => {
      timer();
      signal?.removeEventListener('abort', stop);
    };
    const url = new URL('api/' + path, this.#config.base);
    for (const [name, value] of Object.entries(query)) {
      [value].flat().forEach((one) => one !== undefined && url.searchParams.append(name, one));
    }
    let { body } = call;
    if (path === 'events' && url.href.length > MOST_URL) {
      const { room: rooms, ...rest } = /** @type {any} */ (query);
      [url.pathname, url.search] = [url.pathname.replace(/events$/, 'streams'), ''];
      [method, body] = ['POST', { rooms, ...rest }];
    }
    const failed = (/** @type {unknown} */ error) => {
      done();
      return new CarillonError(this.#timers.over ? 'closed' : late ? 'timeout' : 'network', {
        message: String(error),
        retryable: true,
      });
    };
    /** @type {Record<string, string>} */
    const headers = { ...call.headers };
    if (token) {
      headers.Authorization = `Bearer ${token}`;
    }
    if (body) {
      headers['Content-Type'] = 'application/json';
    }
    wait();
    const response = await this.#config
      .fetch(url.href, {
        method,
        headers,
        body: body && JSON.stringify(body),
        cache: 'no-store',
        signal: abort.signal,
      })
      .catch((error) => Promise.reject(failed(error)));
    if (response.ok) {
      return {
        wait: (ms) => {
          timeout = ms;
        },
        read: async (take) => {
          const reader = response.body?.getReader();
          const decoder = new TextDecoder();
          try {
            for (let piece; reader && !(piece = await reader.read()).done; ) {
              take(decoder.decode(piece.value, { stream: true }));
              wait();
            }
          } catch (error) {
            throw failed(error);
          } finally {
            done();
            reader?.cancel().catch(() => {});
          }
        },
      };
    }
    const problem = await response.json().catch(() => ({}));
    done();
    if (response.status === 401 && this.#config.token && again) {
      this.tokens.forget(asked);
      return this.open(method, path, call, false);
    }
    throw refusal(response, problem);
  }
}

/** A proxy's own page has no code: then the status alone speaks. */
function refusal(/** @type {Response} */ response, /** @type {any} */ problem) {
  const { status } = response;
  const after = Number(response.headers.get('Retry-After')) * 1000 || 0;
  return new CarillonError(problem.code ?? (status === 401 ? 'unauthenticated' : `http_${status}`), {
    message: problem.detail ?? problem.title,
    retryable:
      status === 503 || (problem.retryable ?? (status >= 500 || status === 429 || status === 408)),
    retryAfter: problem.retryAfter ?? after,
    status,
  });
}
