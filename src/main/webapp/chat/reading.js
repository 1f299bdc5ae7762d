/** How far somebody has read in each room, kept in this browser. */
export class Reading {
  #key;
  #places;

  /**
   * @param {string} user
   * @param {() => void} moved called when another tab of this browser has read on
   */
  constructor(user, moved) {
    this.#key = `carillon.chat.read.${user}`;
    try {
      this.#places = JSON.parse(localStorage.getItem(this.#key)) ?? {};
    } catch {
      this.#places = {};
    }
    addEventListener('storage', ({ key, newValue }) => {
      if (key === this.#key && newValue !== null) {
        Object.entries(JSON.parse(newValue)).forEach(([room, place]) => this.#advance(room, place));
        moved();
      }
    });
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
  keep(room, place) {
    if (this.#advance(room, place)) {
      try {
        localStorage.setItem(this.#key, JSON.stringify(this.#places));
      } catch {
        // Without storage it is known as long as the page is open.
      }
    }
  }

  #advance(room, { epoch, seq }) {
    const before = this.of(room, epoch);
    if (before !== undefined && before >= seq) {
      return false;
    }
    delete this.#places[room];
    this.#places[room] = { epoch, seq };
    return true;
  }
}
