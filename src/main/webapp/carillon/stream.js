import { parser } from './parser.js';
import { Reader } from './reader.js';

/* The server's first frame must be here by then, and then a comment every 15 s. */
const JOINED_MS = 10_000;
const SILENCE_MS = 35_000;

/** Carries events by an event stream that is read with `fetch`. */
export class Stream extends Reader {
  /**
   * @param {import('./room.js').Room[]} rooms
   * @param {AbortSignal} signal
   */
  async read(rooms, signal) {
    const presence = rooms.some((room) => room.presence.following) || undefined;
    const { body, inTime, done: end } = await this.world.http.open('GET', 'events', {
      query: { ...this.query(rooms), presence, signals: true },
      headers: { Accept: 'text/event-stream' },
      timeout: JOINED_MS,
      signal,
    });
    /** @type {import('./carrier.js').Why} */
    let why = { reason: 'ended' };
    const parse = parser((type, data) => {
      if (signal.aborted) {
        return;
      }
      const value = JSON.parse(data);
      switch (type) {
        case 'carillon:joined':
          inTime();
          this.up();
          for (const [room, joined] of Object.entries(value.rooms)) {
            this.world.frame({ type: 'joined', room, ...joined });
          }
          break;
        case 'carillon:goodbye':
          why = { ...value, enough: true };
          break;
        case 'carillon:expiring':
          void this.#fresh();
          break;
        default:
          this.world.frame({
            ...value,
            type: type.startsWith('carillon:') ? type.slice(9) : 'event',
          });
      }
    });
    const reader = /** @type {any} */ (body).getReader();
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        this.hear();
        if (done) {
          return why;
        }
        parse(decoder.decode(value, { stream: true }));
      }
    } finally {
      end();
      reader.cancel().catch(() => {});
    }
  }

  tick() {
    if (this.silence > SILENCE_MS && this.wanted().length) {
      this.down({ reason: 'stalled' });
    }
  }

  async #fresh() {
    const { config, http } = this.world;
    if (config.token) {
      http.forget();
      await http.token().catch(() => {});
      this.again();
    }
  }
}
