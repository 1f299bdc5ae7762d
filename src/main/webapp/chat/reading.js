/** How far somebody has read in each room, kept in this browser. */
export class Reading {
  #key;
  #places;

  /** @param {string} user */
  constructor(user) {
    this.#key = `carillon.chat.read.${user}`;
    try {
      this.#places = JSON.parse(localStorage.getItem(this.#key)) ?? {};
    } catch {
      this.#places = {};
    }
  }

  /** The `seq` of the last event that was read; undefined in an epoch that is new to this browser. */
  of(room, epoch) {
    const place = this.#places[room];
    return place?.epoch === epoch ? place.seq : undefined;
  }

  /** The rooms that were read in this browser, the latest first. */
  get rooms() {
    return Object.keys(this.#places).reverse();
  }

  /** A room that is new to this browser is read up to here: only what comes from now on is new. */
  begin(room, place) {
    if (!this.#places[room]) {
      this.keep(room, place);
    }
  }

  /** Keeps a place; never goes back. */
  keep(room, { epoch, seq }) {
    const before = this.of(room, epoch);
    if (before !== undefined && before >= seq) {
      return;
    }
    delete this.#places[room];
    this.#places[room] = { epoch, seq };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#places));
    } catch {
      // Without storage it is known as long as the page is open.
    }
  }
}
