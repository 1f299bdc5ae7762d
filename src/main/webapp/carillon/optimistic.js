import { parse } from './cursor.js';
import { Emitter } from './emitter.js';
import { newKey, quiet } from './key.js';
import { Live } from './live.js';

/**
 * Shows our changes before the room has them. What the room says is one state; our pending changes
 * are applied on top of it, anew whenever it moves, so that all end in the state of the room.
 */
export class Optimistic extends Emitter {
  /** @type {any} */
  state;
  /** @type {(import('../carillon.js').Change & { at?: any })[]} `at`: where it landed. */
  #pending = [];
  /** The event that was applied last is a change of ours. */
  #ours = false;
  /** A snapshot was there once. */
  #shown = false;
  #room;
  #options;
  #context;
  #live;

  /**
   * @param {import('./room.js').Room} room
   * @param {import('../carillon.js').OptimisticOptions<any>} options
   * @param {import('./transport.js').Context} context
   */
  constructor(room, options, context) {
    super();
    this.#room = room;
    this.#options = options;
    this.#context = context;
    const { state, load, apply } = options;
    let { cursor = '0.0' } = options;
    this.state = state;
    this.#live = new Live(
      room,
      {
        load: load ?? (() => ({ state, cursor })),
        // The beginning is not retained any more: what is follows on `state`.
        expired: load
          ? undefined
          : (resync) => {
              cursor = resync.floor;
              this.emit('resync', resync);
            },
        apply: (before, event) => {
          this.#ours = this.#settle(event.id);
          return apply(before, event);
        },
      },
      context,
    );
    this.#live.on('change', (/** @type {any} */ { event }) => this.#moved(event));
    this.#live.on('error', (/** @type {unknown} */ error) => this.emit('error', error));
    this.#live.state = state;
    this.ready = this.#live.ready;
  }

  get confirmed() {
    return this.#live.state;
  }

  get cursor() {
    return this.#live.cursor;
  }

  get pending() {
    return this.#pending.map(({ key, name, data }) => ({ key, name, data }));
  }

  /** @param {string} name @param {any} [data] @param {import('../carillon.js').PublishOptions} [options] */
  publish(name, data = null, { key = newKey(this.#context.config.random), meta } = {}) {
    /** @type {import('../carillon.js').Change & { at?: any }} */
    const change = { key, name, data };
    this.#pending.push(change);
    this.#show();
    return quiet(
      this.#room.publish(name, data, { key, meta }).then(
        (published) => {
          change.at = published;
          this.#moved();
          return published;
        },
        (error) => {
          this.#settle(key);
          this.#show();
          throw error;
        },
      ),
    );
  }

  stop() {
    this.#live.stop();
  }

  /** Whether a change of this key was pending; it is no more. */
  #settle(/** @type {string} */ key) {
    const before = this.#pending;
    this.#pending = before.filter((change) => change.key !== key);
    return this.#pending.length < before.length;
  }

  /** The room's state is another: by an event, or by a snapshot that may hold changes of ours. */
  #moved(/** @type {any} */ event = undefined) {
    const [epoch, seq] = parse(this.cursor ?? '0.0');
    if (this.#live.loaded) {
      this.#pending = this.#pending.filter(
        ({ at }) => !at || (at.seq > seq && (at.epoch === epoch || epoch === '0')),
      );
    }
    if (event && !this.#ours) {
      this.#pending.forEach((change) => this.#reconcile(change, event));
    }
    this.#show();
  }

  /** @param {import('../carillon.js').Change} change @param {import('../carillon.js').Event} event */
  #reconcile(change, event) {
    const { key, name, data } = change;
    const answer = this.#options.conflict?.({ key, name, data }, event, this.confirmed);
    const { outbox } = this.#context;
    if (answer === null) {
      outbox.revise(this.#room.name, key);
    } else if (typeof answer === 'object') {
      const instead = { name, ...answer };
      if (outbox.revise(this.#room.name, key, instead)) {
        Object.assign(change, instead);
      } else {
        quiet(this.publish(instead.name, instead.data));
      }
    }
  }

  #show() {
    const { apply, load } = this.#options;
    if (load && !this.#shown && !(this.#shown = this.#live.loaded)) {
      return; // There is nothing yet that a change could be shown on.
    }
    const at = new Date(this.#context.config.wall()).toISOString();
    this.state = this.#pending.reduce(
      (state, { key: id, name, data }) =>
        apply(state, {
          ...{ room: this.#room.name, id, name, data, at, by: '', epoch: '', seq: 0 },
          pending: true,
        }),
      this.confirmed,
    );
    this.emit('change', this.state);
  }
}
