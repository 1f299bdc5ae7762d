import { asFrame, asResponse } from './shared-calls.js';
import { newKey } from './shared-world.js';

/** What the client in a tab takes for a WebSocket: frames go to the hub, wherever that is. */
export class Tunnel {
  readyState = 0;
  onmessage = null;
  onclose = null;
  onerror = null;
  /** The hub that serves us, once one does. */
  hub;
  link;
  #world;
  #asked = new Map();

  /**
   * @param {number} link another one for each tunnel of a tab
   * @param {object} world knock(link): asks to be let in; post(message): to the hub, from this tab
   *     alone; closed(tunnel): by the client
   */
  constructor(link, world) {
    this.link = link;
    this.#world = world;
    this.open();
  }

  open() {
    if (this.readyState === 0) {
      this.#world.knock(this.link);
    }
  }

  send(text) {
    this.#world.post({ type: 'frames', hub: this.hub, text });
  }

  close() {
    this.#world.post({ type: 'close', hub: this.hub });
    this.#end();
    this.#world.closed(this);
  }

  /** Nothing comes from the hub any more. */
  lost(code, reason) {
    this.#end();
    this.onclose?.({ code, reason });
  }

  /** Takes what the hub says to this tunnel. */
  received({ type, hub, id, frame, frames, code, reason }) {
    switch (type) {
      case 'closed':
        return this.lost(code, reason);
      case 'answer':
        this.#asked.get(id)?.(frame);
        this.#asked.delete(id);
        return;
      case 'frames':
        this.hub = hub;
        this.readyState = 1;
        this.onmessage?.({ data: JSON.stringify(frames) });
    }
  }

  /** What the client asks by HTTP: the hub asks it instead. */
  call(address, call) {
    const frame = asFrame(address, call);
    if (!frame || this.readyState !== 1) {
      return Promise.reject(new TypeError('there is no connection'));
    }
    const id = newKey();
    return new Promise((resolve, reject) => {
      this.#asked.set(id, (answer) => {
        if (answer) {
          resolve(asResponse(answer));
        } else {
          reject(new TypeError('the connection broke'));
        }
      });
      call.signal?.addEventListener('abort', () => {
        this.#asked.delete(id);
        reject(call.signal.reason);
      });
      this.#world.post({ type: 'call', hub: this.hub, id, frame });
    });
  }

  #end() {
    this.readyState = 3;
    this.#asked.forEach((done) => done());
    this.#asked.clear();
  }
}
