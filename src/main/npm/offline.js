/**
 * Publishes that survive the tab: kept in IndexedDB until the server has answered, and published
 * again, with their keys, by the next page of the same user. One that had arrived already is the
 * same event, so nothing comes twice.
 */
const STORE = 'publishes';
/* The server knows a key for 24 hours; a later retry could publish twice. */
const KEY_MS = 23 * 3_600_000;
/* The client has ended, not the publish. */
const ENDINGS = new Set(['closed', 'failed']);

/** What waits of one user, in one browser. */
export class OfflineQueue {
  #carillon;
  #database;
  #locks;
  #name;
  #told;
  #lost;
  #me = newKey();
  #rooms = new Map();
  #pending = new Set();
  #release = () => {};

  /**
   * Opens the queue and publishes what earlier pages left.
   *
   * @param carillon the client that publishes
   * @param user whose it is: nothing is ever published for somebody else
   * @param options name, change(pending), failed(entry, error), indexedDB, locks
   */
  static async open(carillon, user, options = {}) {
    const { name = 'carillon', indexedDB = globalThis.indexedDB } = options;
    const opening = indexedDB.open(`${name}:${user}`, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { autoIncrement: true });
    const database = await asked(opening);
    const queue = new OfflineQueue(carillon, database, `${name}:${user}`, options);
    await queue.#begin();
    return queue;
  }

  /** For `open` alone. */
  constructor(carillon, database, name, options) {
    this.#carillon = carillon;
    this.#database = database;
    this.#name = name;
    this.#told = options.change ?? (() => {});
    this.#lost = options.failed ?? (() => {});
    this.#locks = options.locks === undefined ? globalThis.navigator?.locks : options.locks;
  }

  /** What this page has yet to get an answer for, in order. */
  get pending() {
    return [...this.#pending];
  }

  /** As `room.publish`: resolves after the commit, rejects when it is refused for good. */
  async publish(room, name, data = null, { key = newKey(), meta } = {}) {
    const entry = JSON.parse(JSON.stringify({ room, name, data, key, meta }));
    const stored = { ...entry, at: Date.now(), owner: this.#me };
    this.#waits(stored);
    // A browser that has no room left keeps nothing; the publish itself goes on.
    const id = await this.#write((store) => store.add(stored)).catch(() => undefined);
    return this.#send(id, stored);
  }

  /** Forgets all that waits, of every page of this user: at the log-out, for instance. */
  async clear() {
    this.#pending.clear();
    this.#changed();
    await this.#write((store) => store.clear());
  }

  /** Lets go; what waits is left for the next page. */
  close() {
    this.#release();
    this.#rooms.forEach((room) => room.leave());
    this.#database.close();
  }

  async #begin() {
    const all = await this.#all();
    await this.#hold();
    const owners = new Set(all.map(({ entry }) => entry.owner));
    for (const owner of owners) {
      // What a page that is gone has left comes before anything new.
      if (!(await this.#take(owner, true))) {
        void this.#take(owner, false);
      }
    }
  }

  /** Publishes what a page has left once it is gone; tells whether it is, when all is on its way. */
  #take(owner, ifAvailable) {
    return new Promise((told) => {
      const taken = async (held) => {
        const sent = held ? await this.#adopt(owner) : [];
        told(!!held);
        await Promise.all(sent);
      };
      if (this.#locks) {
        this.#locks.request(this.#lock(owner), { ifAvailable }, taken).catch(() => told(true));
      } else {
        void taken(true);
      }
    });
  }

  /** Shows other pages that this one lives. */
  #hold() {
    return new Promise((held) => {
      if (!this.#locks) {
        held();
        return;
      }
      const living = () =>
        new Promise((release) => {
          this.#release = release;
          held();
        });
      this.#locks.request(this.#lock(this.#me), living).catch(held);
    });
  }

  #lock(owner) {
    return `${this.#name}:${owner}`;
  }

  /** Publishes what a page left that is gone, in its order. */
  async #adopt(owner) {
    const all = await this.#all();
    const sent = [];
    for (const { id, entry } of all) {
      if (entry.owner !== owner) {
        continue;
      }
      if (Date.now() - entry.at > KEY_MS) {
        await this.#remove(id);
        this.#lost(entry, Object.assign(new Error('too old'), { code: 'expired' }));
      } else {
        const ended = (error) => ENDINGS.has(error.code) || this.#lost(entry, error);
        this.#waits(entry);
        sent.push(this.#send(id, entry).catch(ended));
      }
    }
    return sent;
  }

  async #send(id, entry) {
    const { room: name, key, meta } = entry;
    const room = this.#rooms.get(name) ?? this.#carillon.room(name);
    this.#rooms.set(name, room);
    try {
      const published = await room.publish(entry.name, entry.data, { key, meta });
      await this.#remove(id);
      return published;
    } catch (error) {
      if (!ENDINGS.has(error.code)) {
        await this.#remove(id);
      }
      throw error;
    } finally {
      this.#pending.delete(entry);
      this.#changed();
    }
  }

  #waits(entry) {
    this.#pending.add(entry);
    this.#changed();
  }

  #changed() {
    this.#told(this.pending);
  }

  async #all() {
    const store = this.#database.transaction(STORE).objectStore(STORE);
    const [ids, entries] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
    return ids.map((id, i) => ({ id, entry: entries[i] }));
  }

  #remove(id) {
    return this.#write((store) => store.delete(id)).catch(() => {});
  }

  /** Resolves when it is on the disk, or will be if nothing but the browser ends. */
  #write(change) {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(STORE, 'readwrite');
      const request = change(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Pages without TLS have no `randomUUID`. */
function newKey() {
  const part = () => Math.random().toString(36).slice(2);
  return crypto.randomUUID?.() ?? part() + part() + part();
}
