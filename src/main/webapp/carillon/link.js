import { backoff } from './backoff.js';
import { Poll } from './poll.js';
import { Socket } from './socket.js';
import { Stream } from './stream.js';
import { CarillonError } from './error.js';
import { Wake } from './wake.js';

const TRANSPORTS = { websocket: Socket, sse: Stream, poll: Poll };
/* A link that is to be renewed sooner than that was not worth much. */
const WORTH_MS = 1000;
/* After a break what worked gets a second chance until then: its wait is up to 2 s, and in 3 s something serves. */
const SECOND_CHANCE_MS = 500;
const LAST_UPGRADE_MS = 300_000;
const MEMORY = 'carillon.transport';

/**
 * @typedef {object} Trial
 * @property {number} index
 * @property {() => void} next
 * @property {() => void} impatient calls off the next one
 * @property {number} since when it began
 * @property {Socket | Stream | Poll} transport
 */

/** Keeps one transport up: chooses it, replaces it by a better one, comes back after a break. */
export class Link {
  /** @type {import('../carillon.js').Status} */
  status = { state: 'connecting' };
  /** @type {Trial | undefined} */
  active;
  /** @type {'closed' | 'failed' | undefined} Why nothing is tried any more. */
  over;
  /** @type {Set<Trial>} */
  #trials = new Set();
  #names;
  #context;
  #hooks;
  #alarm;
  /** The transport that a round begins with. */
  #first;
  #failures = 0;
  /** How often in a row a transport came up only to break down. */
  #shortLives = 0;
  #lostAt = 0;
  #upSince = 0;
  #renewed = false;
  #retry = () => {};
  #settle = () => {};
  #upgrade = () => {};
  #upgradeIn = 0;

  /**
   * @param {import('./transport.js').Context} context
   * @param {{ status: (status: object) => void, live: () => void, lost: () => void,
   *     failed: (reason: string) => void }} hooks
   */
  constructor(context, hooks) {
    this.#context = context;
    this.#hooks = hooks;
    const { config } = context;
    this.#names = config.transports.filter((name) => name !== 'websocket' || config.WebSocket);
    const known = config.storage?.getItem(MEMORY);
    this.#first = Math.max(0, this.#names.indexOf(/** @type {any} */ (known)));
    this.#alarm = new Wake(context, {
      wake: () => this.#wake(),
      tick: () => this.active?.transport.tick(),
    });
  }

  /** Tries at once, whatever was before. */
  connect() {
    this.over = undefined;
    this.#alarm.begin();
    if (!this.#names.length) {
      this.#fail('unsupported');
    } else if (!this.active && !this.#trials.size) {
      this.#begin();
    }
  }

  #fail(/** @type {string} */ reason) {
    this.stop('failed', reason);
    this.#hooks.failed(reason);
  }

  /** @param {'closed' | 'failed'} how */
  stop(how, reason = '') {
    const { timers } = this.#context;
    this.over = how;
    const { active } = this;
    this.active = undefined;
    active?.transport.stop();
    this.#trials.forEach((trial) => this.#drop(trial));
    this.#retry();
    this.#settle();
    this.#upgrade();
    if (how === 'closed') {
      timers.clear();
      this.#alarm.end();
    }
    this.#tell({ state: how === 'closed' ? 'offline' : 'failed', reason: reason || how });
  }

  /** @param {any} frame @returns {Promise<any>} */
  request(frame) {
    return this.active
      ? this.active.transport.request(frame)
      : Promise.reject(new CarillonError('offline', { retryable: true }));
  }

  /** @param {import('./channel.js').Channel} room joins it, or joins it anew from where it is */
  join(room) {
    this.active?.transport.join(room);
  }

  /** @param {import('./channel.js').Channel} room */
  leave(room) {
    this.active?.transport.leave(room);
  }

  #begin(silent = false) {
    this.#retry();
    if (!silent) {
      this.#tell({ state: 'connecting' });
    }
    this.#try(this.#first, this.#names.length);
  }

  /** Tries the transports from `index` to before `end`, each as soon as the last has failed or dawdles. */
  #try(/** @type {number} */ index, /** @type {number} */ end) {
    if (index >= end || [...this.#trials].some((trial) => trial.index === index)) {
      return;
    }
    let over = false;
    const next = () => {
      if (!over) {
        over = true;
        this.#try(index + 1, end);
      }
    };
    const transport = new TRANSPORTS[this.#names[index]](this.#context, {
      up: () => this.#adopt(trial),
      down: (why) => this.#down(trial, why),
    });
    // Whichever is live first serves: a slow network is not a blocked one.
    const { config, timers } = this.#context;
    const impatient = timers.after(config.patience, next);
    const trial = { index, next, impatient, transport, since: config.clock.now() };
    this.#trials.add(trial);
    void transport.start();
  }

  #adopt(/** @type {Trial} */ trial) {
    const { config, timers } = this.#context;
    const { index } = trial;
    const old = this.active;
    this.active = trial;
    this.#trials.delete(trial);
    trial.impatient();
    for (const other of this.#trials) {
      if (other.index > index) {
        this.#drop(other);
      }
    }
    if (old) {
      old.transport.stop();
      this.#hooks.lost();
    }
    this.#retry();
    this.#first = index;
    this.#upSince = config.clock.now();
    try {
      config.storage?.setItem(MEMORY, this.#names[index]);
    } catch {
      // Nothing is remembered then.
    }
    this.#settle();
    this.#settle = timers.after(config.settleAfter, () => {
      this.#failures = this.#shortLives = 0;
      this.#renewed = false;
    });
    this.#tell({ state: 'live', transport: this.#names[index] });
    trial.transport.begin();
    this.#hooks.live();
    this.#upgradeIn = config.upgradeAfter;
    this.#planUpgrade();
  }

  #drop(/** @type {Trial} */ trial) {
    this.#trials.delete(trial);
    trial.impatient();
    trial.transport.stop();
  }

  #planUpgrade() {
    this.#upgrade();
    if (this.active?.index) {
      this.#upgrade = this.#context.timers.after(this.#upgradeIn, () => this.#better());
      this.#upgradeIn = Math.min(this.#upgradeIn * 2, LAST_UPGRADE_MS);
    }
  }

  #better() {
    if (this.active && !this.#trials.size) {
      this.#try(0, this.active.index);
    }
  }

  #down(/** @type {Trial} */ trial, /** @type {import('./transport.js').DownReason} */ why) {
    this.#trials.delete(trial);
    trial.impatient();
    const { config, http } = this.#context;
    let { stay } = why;
    if (why.token) {
      // With what has been refused before nothing will be another time.
      const again = http.tokens.refuse();
      stay = this.#renewed ? stay || again : stay && !config.token;
      this.#renewed = true;
    }
    if (stay) {
      return this.#fail(why.reason);
    }
    if (trial === this.active) {
      this.#lost(trial, why);
    } else if (this.active) {
      trial.next();
      if (!this.#trials.size) {
        this.#planUpgrade();
      }
    } else {
      // What worked until now is tried once more before something lesser is, if that can be soon.
      const soon = config.clock.now() - this.#lostAt < SECOND_CHANCE_MS && this.#failures < 2;
      if (!why.enough && (!soon || !this.#upSince || trial.index !== this.#first)) {
        trial.next();
      }
      if (!this.#trials.size) {
        this.#first = this.#failures ? 0 : this.#first;
        this.#wait(why);
      }
    }
  }

  #lost(/** @type {Trial} */ trial, /** @type {import('./transport.js').DownReason} */ why) {
    const { config } = this.#context;
    this.active = undefined;
    this.#lostAt = config.clock.now();
    this.#settle();
    this.#upgrade();
    this.#hooks.lost();
    const lived = this.#lostAt - this.#upSince;
    if (why.reconnectIn === 0 && lived > WORTH_MS) {
      return this.#begin(true);
    }
    if (lived < config.settleAfter && why.reconnectIn === undefined && ++this.#shortLives === 2) {
      this.#shortLives = 0;
      this.#first = Math.min(trial.index + 1, this.#names.length - 1);
    }
    this.#wait(why);
  }

  #wait(/** @type {import('./transport.js').DownReason} */ { reconnectIn, retryAfter = 0, reason }) {
    const { config, timers } = this.#context;
    const own = backoff(config.random, this.#failures++);
    const wait = reconnectIn || Math.max(retryAfter, own);
    this.#retry();
    const cancel = timers.after(wait, () => this.#begin());
    this.#retry = () => {
      cancel();
      this.#retry = () => {};
    };
    this.#tell({ state: 'offline', retryAt: config.wall() + wait, reason });
  }

  /** Now is a good time. */
  #wake() {
    if (this.over) {
      return;
    }
    if (this.active) {
      this.active.transport.check();
      this.#better();
    } else {
      // What began in another network may hang there.
      const { now } = this.#context.config.clock;
      this.#trials.forEach((trial) => now() - trial.since < WORTH_MS || this.#drop(trial));
      if (!this.#trials.size) {
        this.#begin();
      }
    }
  }

  #tell(/** @type {any} */ status) {
    this.status = status;
    this.#hooks.status(status);
  }
}
