import { backoff } from './backoff.js';
import { CarillonError } from './error.js';

/* The application's function has so long to answer. */
const TOKEN_MS = 15_000;
/* A token is replaced so long before its end, or in the last quarter of its life. */
const LEAD_MS = 60_000;
const LAST_RENEWAL_MS = 10_000;

/** The token of one client: asked of the application, kept, replaced in time. */
export class Tokens {
  #config;
  #timers;
  /** @type {Promise<any> | undefined} The one in use. */
  #token;
  /** @type {unknown} What the application gave last. */
  #value;
  /** @type {unknown[]} What the server said was over. */
  #refused = [];
  /** When the one in use was asked for. */
  #since = 0;
  /** The one in use has replaced another. */
  #renewed = false;
  #planned = false;
  #use = () => {};

  /** @param {import('./config.js').Config} config @param {import('./timers.js').Timers} timers */
  constructor(config, timers) {
    this.#config = config;
    this.#timers = timers;
  }

  /** The token; asked for once and kept until it is no longer good. */
  get() {
    if (!this.#token) {
      this.#renewed = false;
      const asked = (this.#token = this.#ask());
      asked.catch(() => this.forget(asked));
    }
    return this.#token;
  }

  /** @param {unknown} asked forget the token if it is this one that was got */
  forget(asked) {
    if (asked === this.#token) {
      this.#token = undefined;
    }
  }

  /** @returns {boolean} whether the server has said before, too, that this token is over */
  refuse() {
    const again = this.#refused.includes(this.#value);
    this.#refused = [this.#value];
    this.#token = undefined;
    return again;
  }

  /**
   * Has another token used before this one ends, and tries until it ends. Short tokens, of which
   * one replaces the other by this, are replaced in the last quarter of their life.
   * @param {number} left ms
   * @param {() => unknown} use takes the new one over; may fail
   */
  renew(left, use) {
    const { clock, random, token } = this.#config;
    this.#use = use;
    if (!token || this.#planned) {
      return;
    }
    this.#planned = true;
    const end = clock.now() + left;
    const life = end - this.#since;
    const plan = (/** @type {number} */ wait, failures = 0) => {
      this.#timers.after(wait, async () => {
        try {
          const asked = this.#ask();
          await asked;
          this.#token = asked;
          this.#renewed = true;
          await this.#use();
          this.#planned = false;
        } catch {
          this.#planned = clock.now() < end;
          if (this.#planned) {
            plan(backoff(random, failures, 1000, LAST_RENEWAL_MS), failures + 1);
          }
        }
      });
    };
    plan(this.#renewed ? Math.max(0, left - Math.min(LEAD_MS, life / 4)) : 0);
  }

  #ask() {
    const { clock, token } = this.#config;
    const since = clock.now();
    return new Promise((resolve, reject) => {
      const fail = (/** @type {string} */ code, message = 'No token.') =>
        reject(new CarillonError(code, { message, retryable: true }));
      const inTime = this.#timers.after(
        TOKEN_MS,
        () => fail('timeout'),
        () => fail('closed'),
      );
      new Promise((given) => given(token?.())).then(
        (value) => {
          inTime();
          this.#since = since;
          resolve((this.#value = value));
        },
        (error) => {
          inTime();
          fail('network', String(error));
        },
      );
    });
  }
}
