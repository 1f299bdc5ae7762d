import { Transport } from './transport.js';
import { CarillonError } from './error.js';

const OPEN_MS = 10_000;
const ANSWER_MS = 15_000;
const LAST_ANSWER_MS = 60_000;
const PONG_MS = 4000;
const GOODBYE_MS = 2000;
/* A frame may have 128 KiB; a character may have three bytes. Larger ones go by HTTP. */
const MOST_CHARACTERS = 40_000;

/** @typedef {(answer: any) => void} Done takes the frame `ok` or `error` */

/** Carries frames over a WebSocket. */
export class Socket extends Transport {
  #refs = 0;
  /** @type {Map<unknown, Done>} */
  #asked = new Map();
  /** @type {any} */
  #socket;
  #heartbeat = 20_000;
  /** @type {any} */
  #goodbye;
  #checking = false;
  /** In ms; a network where an answer took its time has a pong take its time too. */
  #slowest = 0;

  async start() {
    const { config, http, timers } = this.context;
    timers.after(OPEN_MS, () => this.isUp || this.down({ reason: 'timeout' }));
    try {
      const url = await http.socketUrl();
      if (this.over) {
        return;
      }
      this.#socket = new config.WebSocket(url, 'carillon.v1');
    } catch (/** @type {any} */ error) {
      const { code, message, status, retryAfter } = error;
      if (!(error instanceof CarillonError)) {
        return this.down({ reason: message });
      }
      // Where a plain call gets no answer, nothing else will.
      return this.down({ reason: code, stay: status === 401, retryAfter, enough: !status });
    }
    // Where nobody listens to it the package `ws` ends the process; `onclose` follows.
    this.#socket.onerror = () => {};
    // The same package tells pings, which come between the pieces of a large message.
    this.#socket.on?.('ping', () => this.hear());
    this.#socket.onmessage = (/** @type {MessageEvent} */ { data }) => this.#message(data);
    this.#socket.onclose = (/** @type {CloseEvent} */ closed) => this.#closed(closed);
  }

  /** Joins all rooms, in one message. */
  begin() {
    const frames = this.wanted().map((room) => this.#joining(room));
    if (frames.length) {
      this.#send(frames);
    }
  }

  /** @param {import('./channel.js').Channel} room */
  join(room) {
    this.#send(this.#joining(room));
  }

  /** @param {import('./channel.js').Channel} room */
  leave(room) {
    this.#send({ type: 'leave', room: room.name });
  }

  /**
   * @param {any} frame
   * @returns {Promise<any>} the answer `ok`; without waiting for one if nobody needs it
   */
  request(frame) {
    // Where pieces can be seen to come, a long answer is not taken for none.
    if (frame.type === 'history' || JSON.stringify(frame).length > MOST_CHARACTERS) {
      return this.context.http.request(frame);
    }
    if (frame.type === 'signal') {
      return Promise.resolve(this.#send(frame));
    }
    return new Promise((resolve, reject) => {
      const done = (/** @type {any} */ answer) =>
        answer.type === 'ok' ? resolve(answer) : reject(new CarillonError(answer.code, answer));
      this.#send(this.#ask(frame, done));
    });
  }

  /** Finds out soon whether the link is alive. */
  check() {
    if (!this.#checking) {
      this.#checking = true;
      const since = this.heard;
      this.#send({ type: 'ping' });
      this.context.timers.after(Math.max(PONG_MS, 2 * this.#slowest), () => {
        this.#checking = false;
        if (this.heard === since) {
          this.down({ reason: 'stalled' });
        }
      });
    }
  }

  /** The server pings every heartbeat; when that is overdue we ask. */
  tick() {
    if (this.silence > this.#heartbeat * 1.25) {
      this.check();
    }
  }

  close() {
    if (this.#socket) {
      this.#socket.onmessage = this.#socket.onclose = null;
      this.#socket.close();
    }
    for (const done of this.#asked.values()) {
      done({ type: 'error', code: 'lost', retryable: true });
    }
  }

  #joining(/** @type {import('./channel.js').Channel} */ room) {
    const { membership } = room;
    return this.#ask(room.joinFrame(), ({ type, ref: _, ...answer }) => {
      if (type === 'ok') {
        this.context.frame({ ...answer, type: 'joined', room: room.name, membership });
      } else if (!this.over) {
        room.refused(new CarillonError(answer.code, answer), membership);
      }
    });
  }

  /** An answer may be late only as long as something else comes. */
  #ask(/** @type {any} */ frame, /** @type {Done} */ done) {
    const { config: { clock }, timers } = this.context;
    const ref = ++this.#refs;
    const since = clock.now();
    const wait = (/** @type {number} */ ms) => {
      const late = timers.after(ms, () => {
        const quiet = clock.now() - Math.max(since, this.heard);
        if (quiet < ANSWER_MS && clock.now() - since < LAST_ANSWER_MS) {
          wait(ANSWER_MS - quiet);
        } else {
          this.down({ reason: 'stalled' });
        }
      });
      this.#asked.set(ref, (answer) => {
        late();
        this.#slowest = Math.min(ANSWER_MS, Math.max(this.#slowest, clock.now() - since));
        done(answer);
      });
    };
    wait(ANSWER_MS);
    return { ...frame, ref };
  }

  #send(/** @type {object} */ message) {
    if (this.#socket?.readyState === 1) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  #message(/** @type {string} */ data) {
    this.hear();
    let frames;
    try {
      frames = [JSON.parse(data)].flat();
    } catch {
      return this.down({ reason: 'bad_frame' });
    }
    for (const frame of frames) {
      if (!this.over) {
        this.#frame(frame);
      }
    }
  }

  #frame(/** @type {any} */ frame) {
    const done = this.#asked.get(frame.ref);
    if (done) {
      this.#asked.delete(frame.ref);
      return done(frame);
    }
    switch (frame.type) {
      case 'welcome':
        this.#heartbeat = frame.heartbeat;
        this.context.frame(frame);
        return this.up();
      case 'ping':
        return this.#send({ type: 'pong' });
      case 'goodbye':
        this.#goodbye = frame;
        this.context.timers.after(GOODBYE_MS, () => this.down(frame));
        return;
      case 'expiring':
        return this.context.http.tokens.renew(frame.in, () => this.over || this.#renew());
      default:
        this.context.frame(frame);
    }
  }

  /** A cookie cannot be sent over an open socket: with a new one a new socket begins. */
  async #renew() {
    const token = await this.context.http.tokens.get();
    if (token && !this.over) {
      await this.request({ type: 'auth', token });
    } else {
      this.down({ reason: 'renew', reconnectIn: 0 });
    }
  }

  #closed(/** @type {CloseEvent} */ { code, reason }) {
    this.down({
      reason: this.#goodbye?.reason || reason || `closed ${code}`,
      reconnectIn: this.#goodbye?.reconnectIn,
      stay: code >= 4500 && code < 5000,
      token: code === 4002 || code === 4501,
    });
  }
}
