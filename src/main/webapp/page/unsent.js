/**
 * Asks before the page is left while something that was written in it has not reached the server.
 * Nobody listens while there is nothing: some browsers keep no page for the way back that does.
 */
export class Unsent {
  #count = 0;
  #refused = 0;

  /** How many changes wait for the server. */
  set count(count) {
    this.#count = count;
    this.#listen();
  }

  /** How many were refused and are still on the page for another try. */
  set refused(refused) {
    this.#refused = refused;
    this.#listen();
  }

  #listen() {
    const some = this.#count + this.#refused > 0;
    (some ? addEventListener : removeEventListener)('beforeunload', ask);
  }
}

function ask(leaving) {
  leaving.preventDefault();
}
