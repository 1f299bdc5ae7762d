import { CarillonError } from './error.js';

const TIMEOUT_MS = 15_000;

/** Calls the server's HTTP API with our credential. Every failure is a CarillonError. */
export class Http {
  #config;
  #timers;
  /** @type {Promise<string | null | undefined | void> | undefined} */
  #token;

  /** @param {import('./config.js').Config} config @param {import('./timers.js').Timers} timers */
  constructor(config, timers) {
    this.#config = config;
    this.#timers = timers;
  }

  /** The token; asked for once and kept until it is no longer good. */
  async token() {
    const asked = (this.#token ??= Promise.resolve(this.#config.token?.()));
    try {
      return await asked;
    } catch (error) {
      this.forget(asked);
      throw new CarillonError('network', { message: String(error), retryable: true });
    }
  }

  /** @param {unknown} [token] forget it only if it is this one */
  forget(token = this.#token) {
    if (token === this.#token) {
      this.#token = undefined;
    }
  }

  /** Where to open a socket: browsers cannot send it a header, so a ticket speaks for the token. */
  async socketUrl() {
    const url = new URL('ws', this.#config.base);
    url.protocol = url.protocol.replace('http', 'ws');
    if (await this.token()) {
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
        return this.call('POST', path + 'signals', { body: { name, data, to } });
      case 'track':
        return this.call('PUT', path + 'members/me', { body: { state } });
      case 'untrack':
        return this.call('DELETE', path + 'members/me');
      default:
        return this.call('GET', path + (type === 'history' ? 'events' : type), { query });
    }
  }

  /**
   * The parsed answer of one call.
   * @param {string} method
   * @param {string} path
   * @param {Call} [call]
   */
  async call(method, path, call = {}) {
    const headers = { Accept: 'application/json', ...call.headers };
    return (await this.open(method, path, { ...call, headers })).read();
  }

  /**
   * A response whose body is still to be read. A token that is refused is asked for once more.
   * @typedef {{ query?: object, body?: object, headers?: Record<string, string>, timeout?: number,
   *     signal?: AbortSignal }} Call
   * @param {string} method
   * @param {string} path
   * @param {Call} call timeout in ms, for the head and the body
   * @returns {Promise<{ body: any, inTime: () => void, done: () => void, read: () => Promise<any> }>}
   */
  async open(method, path, call, again = true) {
    const token = await this.token();
    const asked = this.#token;
    const abort = new AbortController();
    const stop = () => abort.abort();
    call.signal?.addEventListener('abort', stop);
    let late = false;
    const inTime = this.#timers.after(call.timeout ?? TIMEOUT_MS, () => {
      late = true;
      stop();
    });
    const done = () => {
      inTime();
      call.signal?.removeEventListener('abort', stop);
    };
    const url = new URL('api/' + path, this.#config.base);
    for (const [name, value] of Object.entries(call.query ?? {})) {
      [value].flat().forEach((one) => one !== undefined && url.searchParams.append(name, one));
    }
    const failed = (/** @type {unknown} */ error) => {
      done();
      return new CarillonError(late ? 'timeout' : 'network', {
        message: String(error),
        retryable: true,
      });
    };
    /** @type {Record<string, string>} */
    const headers = { ...call.headers };
    if (token) {
      headers.Authorization = `Bearer ${token}`;
    }
    if (call.body) {
      headers['Content-Type'] = 'application/json';
    }
    const response = await this.#config
      .fetch(url.href, {
        method,
        headers,
        body: call.body && JSON.stringify(call.body),
        cache: 'no-store',
        signal: abort.signal,
      })
      .catch((error) => Promise.reject(failed(error)));
    if (response.ok) {
      return {
        body: response.body,
        inTime,
        done,
        read: () =>
          (response.status < 202 ? response.json() : response.text()).then(
            (value) => (done(), value),
            (error) => Promise.reject(failed(error)),
          ),
      };
    }
    const problem = await response.json().catch(() => ({}));
    done();
    if (response.status === 401 && this.#config.token && again) {
      this.forget(asked);
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
    retryable: problem.retryable ?? (status >= 500 || status === 429 || status === 408),
    retryAfter: problem.retryAfter ?? after,
    status,
  });
}
