import { ROOT, demoToken } from '../page/access.js';

const RENEW_MS = 20 * 60 * 1000;

/** Calls of the operators' API. A refusal is an `Error` with `status` and `code`. */
export class Calls {
  #token = null;

  /** The token, for the client of the rooms; null: the cookie does. */
  get token() {
    return this.#token;
  }

  /**
   * Finds out how to call: by the visitor's cookie, or by a demo token.
   *
   * @param {string} user the operator's name in demo mode
   * @returns {Promise<boolean>} false: a token has to be given
   */
  async begin(user) {
    const renew = async () => (this.#token = await demoToken(user, fetch, true));
    if ((await renew()) !== null) {
      setInterval(() => renew().catch(() => {}), RENEW_MS);
      return true;
    }
    return this.works();
  }

  /** Takes a token by hand. */
  async use(token) {
    this.#token = token;
    return this.works();
  }

  async works() {
    try {
      await this.get('api/admin/bans');
      return true;
    } catch (refused) {
      if (refused.status === 401 || refused.status === 403) {
        return false;
      }
      throw refused;
    }
  }

  get(path) {
    return this.#send('GET', path);
  }

  put(path, body) {
    return this.#send('PUT', path, body);
  }

  delete(path) {
    return this.#send('DELETE', path);
  }

  async #send(method, path, body) {
    const response = await fetch(new URL(path, ROOT), {
      method,
      headers: {
        ...(this.#token ? { Authorization: `Bearer ${this.#token}` } : {}),
        ...(body ? { 'Content-Type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
    });
    if (response.status === 204) {
      return null;
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw Object.assign(new Error(answer.detail ?? answer.code ?? `${response.status}`), {
        status: response.status,
        code: answer.code,
      });
    }
    return answer;
  }
}
