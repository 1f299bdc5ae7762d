import { parser } from './parser.js';
import { Reader } from './reader.js';

/* The server's first frame must be here by then, and then a comment every 15 s. */
const JOINED_MS = 10_000;
const SILENCE_MS = 35_000;

/** Carries events by an event stream that is read with `fetch`. */
export class Stream extends Reader {
  /**
   * @param {import('./reader.js').Seat[]} seats
   * @param {AbortSignal} signal
   */
  async read(seats, signal) {
    if (!(await this.mayStay())) {
      return { reason: 'busy' };
    }
    const presence = seats.some(({ room }) => room.presence.following) || undefined;
    const { read, wait } = await this.context.http.open('GET', 'events', {
      query: { ...this.query(seats), presence, signals: true },
      headers: { Accept: 'text/event-stream' },
      timeout: JOINED_MS,
      signal,
    });
    /** @type {import('./transport.js').DownReason} */
    let why = { reason: 'ended' };
    const parse = parser((type, data) => {
      if (signal.aborted) {
        return;
      }
      const value = JSON.parse(data);
      switch (type) {
        case 'carillon:joined':
          wait(SILENCE_MS);
          this.up();
          seats.forEach((seat) => this.joined(seat, value.rooms[seat.room.name]));
          break;
        case 'carillon:goodbye':
          why = { ...value, enough: true, token: value.reason === 'expired' };
          break;
        case 'carillon:expiring':
          this.context.http.tokens.renew(value.in, () => this.over || this.again());
          break;
        default:
          this.context.frame({
            ...value,
            type: type.startsWith('carillon:') ? type.slice(9) : 'event',
          });
      }
    });
    await read(parse);
    return why;
  }

  /** @param {any} frame */
  request(frame) {
    if (frame.type === 'track' && !this.renews) {
      // The timers of a hidden page are too slow to renew anything: the stream does that.
      this.join();
    }
    return super.request(frame);
  }
}
