/** The log of one room: 1, 2, 3 … per epoch, one event per publisher and key. */
export class Log {
  events = [];
  floor = 0;
  epoch;
  #keys = new Map();
  /** Up to which number a reader of an older epoch may go on. */
  #forks = new Map();

  constructor(room, epoch = 'e1') {
    this.room = room;
    this.epoch = epoch;
  }

  get head() {
    return this.events.length ? this.at(this.events.at(-1).seq) : this.floor ? this.at(this.floor) : '0.0';
  }

  get bottom() {
    return this.at(this.floor);
  }

  at(seq) {
    return `${this.epoch}.${seq}`;
  }

  publish(name, data, { key, by = 'other', meta } = {}) {
    const known = key && this.#keys.get(by + ' ' + key);
    if (known) {
      return { event: known, duplicate: true };
    }
    const seq = (this.events.at(-1)?.seq ?? this.floor) + 1;
    const event = {
      room: this.room,
      seq,
      epoch: this.epoch,
      id: key ?? `made-${this.epoch}-${seq}`,
      name,
      data,
      by,
      at: '2026-01-01T00:00:00.000Z',
      ...(meta && { meta }),
    };
    this.events.push(event);
    if (key) {
      this.#keys.set(by + ' ' + key, event);
    }
    return { event, duplicate: false };
  }

  /** Removes what is not after `seq`. */
  retain(seq) {
    this.events = this.events.filter((event) => event.seq > seq);
    this.floor = seq;
  }

  /** The log is another one now. */
  rewind(epoch, keep = 0) {
    this.events = this.events.slice(0, keep).map((event) => ({ ...event, epoch }));
    this.epoch = epoch;
    this.#forks.clear();
    this.#keys.clear();
  }

  /** The log goes on in another epoch, and nothing is lost: after a restore, a failover. */
  fork(epoch) {
    this.#forks.set(this.epoch, this.events.at(-1)?.seq ?? this.floor);
    this.epoch = epoch;
  }

  /** Why a cursor cannot be served; undefined if it can. */
  refuses(cursor) {
    const [epoch, text] = cursor.split('.');
    const seq = Number(text);
    const last = this.events.at(-1)?.seq ?? this.floor;
    const reason =
      epoch === '0'
        ? this.floor > 0 && 'expired'
        : epoch !== this.epoch && !(seq <= this.#forks.get(epoch))
          ? 'epoch'
          : seq > last
            ? 'ahead'
            : seq < this.floor && 'expired';
    return reason
      ? { room: this.room, reason, head: this.head, floor: this.bottom }
      : undefined;
  }

  after(cursor) {
    const seq = Number(cursor.split('.')[1]);
    return this.events.filter((event) => event.seq > seq);
  }
}
