import { ROOT } from './access.js';

/**
 * What a load balancer does, for a page that has none before it: everything goes to one instance,
 * and to the next one when that does not answer. Give its `WebSocket` and `fetch` to the client.
 */
export class Balancer {
  #breaker;
  #instances = [ROOT.href];
  #at = 0;

  /** @param {import('./breaker.js').Breaker} breaker what it calls through */
  constructor(breaker) {
    this.#breaker = breaker;
    const balancer = this;
    this.WebSocket = class {
      constructor(url, protocols) {
        const { at } = balancer;
        const address = new URL(url);
        address.host = new URL(at).host;
        const socket = new breaker.WebSocket(address.href, protocols);
        socket.addEventListener('close', ({ code }) => code === 1006 && balancer.#failed(at));
        return socket;
      }
    };
    this.fetch = async (input, init) => {
      const { at } = this;
      try {
        return await breaker.fetch(String(input).replace(ROOT.href, at), init);
      } catch (error) {
        if (!init?.signal?.aborted) {
          this.#failed(at);
        }
        throw error;
      }
    };
  }

  /** Where everything goes now. */
  get at() {
    return this.#instances[this.#at];
  }

  /** All instances, the one to begin with first; what is open goes there at once. */
  set instances(instances) {
    const before = this.at;
    this.#instances = instances;
    this.#at = 0;
    if (this.at !== before) {
      this.#breaker.cut(0);
    }
  }

  /** It was not the network that was cut. */
  #failed(at) {
    if (at === this.at && !this.#breaker.isCut) {
      this.#at = (this.#at + 1) % this.#instances.length;
    }
  }
}
