/**
 * One try to carry frames between server and client. It comes up once, goes down once, and then
 * is done with.
 *
 * @typedef {object} Context what all parts of one client share
 * @property {import('./config.js').Config} config
 * @property {import('./timers.js').Timers} timers
 * @property {import('./http.js').Http} http
 * @property {Map<string, import('./channel.js').Channel>} rooms
 * @property {(frame: any) => void} frame takes what comes in
 * @property {import('./link.js').Link} link
 * @property {import('./outbox.js').Outbox} outbox
 *
 * @typedef {object} DownReason why a transport went down
 * @property {string} reason
 * @property {boolean} [stay] the server wants us to stay away
 * @property {boolean} [token] the token was not good
 * @property {boolean} [enough] no other transport will do better
 * @property {number} [reconnectIn] ms that the server told us to wait
 * @property {number} [retryAfter] ms to wait at least
 */
export class Transport {
  over = false;
  isUp = false;
  leases = false;

  /** @param {Context} context @param {{ up: () => void, down: (why: DownReason) => void }} hooks */
  constructor(context, hooks) {
    this.context = context;
    this.hooks = hooks;
    this.heard = context.config.clock.now();
  }

  /** How long nothing has come in, in ms. */
  get silence() {
    return this.context.config.clock.now() - this.heard;
  }

  hear() {
    this.heard = this.context.config.clock.now();
  }

  up() {
    if (!this.over && !this.isUp) {
      this.isUp = true;
      this.hooks.up();
    }
  }

  /** @param {DownReason} why */
  down(why) {
    if (!this.over) {
      this.stop();
      this.hooks.down(why);
    }
  }

  stop() {
    if (!this.over) {
      this.over = true;
      this.close();
    }
  }

  close() {}

  /** The rooms to read. */
  wanted() {
    return [...this.context.rooms.values()].filter((room) => room.wanted);
  }
}
