import { Changes, isChange, placeOfMessage } from './changes.js';

const FIRST = 40;
const PAGE = 40;
/* A page of nothing but changes shows nothing new: then one more is read, and so on. */
const PAGES = 5;

/** The place of a cursor. */
const placeOf = (cursor) => ({ epoch: cursor.split('.')[0], seq: Number(cursor.split('.')[1]) });

/**
 * One room as the chat knows it: its messages, what of ours is on its way, who is there, who types,
 * and how far it was read. Dispatches `change`; knows nothing of the page.
 */
export class Conversation extends EventTarget {
  /** Messages in order of `seq`, the newest last. */
  messages = [];
  /** What we sent and have not seen in the room: `{ key, text, state, code }`. */
  pending = [];
  members = [];
  typing = [];
  /** Whether there is anything before the first message. */
  hasEarlier = false;
  /** The `seq` after which the line "new" is drawn. */
  lineAfter = undefined;
  loaded = false;
  #fresh = [];
  #changes = new Changes();
  /** Changes of ours that are on their way. */
  #changing = [];
  /** The first event that is here, of any kind. */
  #first = undefined;
  /** Where the room was when it was first joined; what comes after is new. */
  #from = undefined;
  #me;
  #room;
  #reading;
  #loading = false;

  /**
   * @param {import('../carillon.js').Carillon} carillon
   * @param {string} name the room
   * @param {string} me
   * @param {import('./reading.js').Reading} reading
   */
  constructor(carillon, name, me, reading) {
    super();
    this.name = name;
    this.title = name.replace(/^chat:/, '');
    this.#me = me;
    this.#reading = reading;
    const room = carillon.room(name, { last: FIRST });
    this.#room = room;
    room.on('joined', ({ head }) => this.#joined(head));
    room.on('message', (event) => this.#arrived(event));
    room.on('resync', () => this.#begin());
    room.on('typing', (users) => this.#set('typing', users));
    room.presence.on('change', ({ members }) => this.#set('members', members));
  }

  /** How many messages of others are not read, of those that are here. */
  get unread() {
    const read = this.read;
    return this.messages.filter(({ seq, by }) => seq > read && by !== this.#me).length;
  }

  /** Whether there may be more unread messages than are here. */
  get unreadBefore() {
    return this.hasEarlier && this.messages.length > 0 && this.read < this.#first.seq - 1;
  }

  get read() {
    const last = this.messages.at(-1);
    return (last && this.#reading.of(this.name, last.epoch)) ?? 0;
  }

  /** What others have written since this was asked last; no history. */
  takeFresh() {
    return this.#fresh.splice(0);
  }

  /** How many of ours were refused, and wait for another try or to be thrown away. */
  get refused() {
    return this.pending.filter(({ state }) => state === 'failed').length;
  }

  /** Everything that is here has been read. */
  markRead() {
    const last = this.messages.at(-1);
    if (last && this.read < last.seq) {
      this.#reading.keep(this.name, last);
      this.#changed();
    }
  }

  /** Draws the line "new" after what has been read so far. */
  drawLine() {
    this.lineAfter = this.unread > 0 ? this.read : undefined;
  }

  be(state) {
    return this.#room.presence.track(state).catch(() => {});
  }

  leave() {
    return this.#room.presence.untrack().catch(() => {});
  }

  type(active) {
    this.#room.typing(active);
  }

  /** Shows a message at once and sends it; it is never lost without a word. */
  send(text) {
    const entry = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, text, at: Date.now() };
    this.pending.push(entry);
    this.lineAfter = undefined;
    this.#publish(entry);
  }

  retry(entry) {
    this.#publish(entry);
  }

  discard(entry) {
    this.pending = this.pending.filter((other) => other !== entry);
    this.#changed();
  }

  /** A message as it stands after all that was done to it, with what of ours is on its way. */
  seen(message) {
    return this.#changes.of(message, this.#changing);
  }

  /**
   * Changes a message at once, and tells the room; what is refused is undone.
   *
   * @param {string} name `message.edited`, `message.removed` or `reaction`
   * @param {object} message the event
   * @param {object} data what the change says besides the message's place
   */
  async change(name, message, data) {
    const event = { name, by: this.#me, data: { of: placeOfMessage(message), ...data } };
    this.#changing.push(event);
    this.#changed();
    try {
      const { epoch, seq } = await this.#room.publish(name, event.data);
      this.#changes.take({ ...event, epoch, seq });
    } catch (error) {
      this.dispatchEvent(new CustomEvent('unchanged', { detail: error.code ?? 'error' }));
    }
    this.#changing = this.#changing.filter((other) => other !== event);
    this.#changed();
  }

  /** Puts the messages before the first one in front of it. */
  async loadEarlier() {
    if (this.#loading || !this.hasEarlier || !this.#first) {
      return;
    }
    this.#loading = true;
    try {
      for (let pages = 0, found = 0; pages < PAGES && found === 0 && this.hasEarlier; pages++) {
        const first = this.#first;
        const page = await this.#room.page({ before: placeOfMessage(first), limit: PAGE });
        if (this.#first !== first) {
          return;
        }
        const messages = this.#sorted(page.events);
        found = messages.length;
        this.messages = [...messages, ...this.messages];
        this.#first = page.events[0] ?? first;
        this.hasEarlier = page.next !== undefined;
        this.#changed('earlier');
      }
    } finally {
      this.#loading = false;
    }
  }

  #joined(head) {
    this.#from ??= placeOf(head);
    this.#reading.begin(this.name, placeOf(head));
    this.loaded = true;
    this.#changed();
  }

  async #publish(entry) {
    entry.state = 'sending';
    entry.code = undefined;
    this.#changed();
    try {
      await this.#room.publish('message', { text: entry.text }, { key: entry.key });
      entry.state = 'sent';
    } catch (error) {
      entry.state = 'failed';
      entry.code = error.code ?? 'error';
    }
    this.#changed();
  }

  #arrived(event) {
    if (!this.#first) {
      this.#first = event;
      this.hasEarlier = event.seq > 1;
    }
    if (isChange(event)) {
      this.#changes.take(event);
      this.#changed();
    }
    if (!isMessage(event)) {
      return;
    }
    this.messages.push(event);
    if (event.by !== this.#me && (event.epoch !== this.#from?.epoch || event.seq > this.#from.seq)) {
      this.#fresh.push(event);
    }
    if (event.by === this.#me) {
      this.pending = this.pending.filter((entry) => entry.key !== event.id);
    }
    this.#changed('arrived');
  }

  /** The room was cut off or wound back: what stands here may have a hole, so begin anew. */
  async #begin() {
    const page = await this.#room.page({ last: FIRST });
    const newest = page.events.at(-1);
    this.#first = page.events[0];
    this.messages = [
      ...this.#sorted(page.events),
      ...this.messages.filter((m) => m.epoch === newest?.epoch && m.seq > newest.seq),
    ];
    this.hasEarlier = (this.#first?.seq ?? 1) > 1;
    this.#changed();
  }

  /** The messages of a page of history; what was done to others is noted. */
  #sorted(events) {
    events.filter(isChange).forEach((event) => this.#changes.take(event, true));
    return events.filter(isMessage);
  }

  #set(what, value) {
    this[what] = value;
    this.#changed();
  }

  #changed(detail) {
    this.dispatchEvent(new CustomEvent('change', { detail }));
  }
}

const isMessage = ({ name, data }) => name === 'message' && typeof data?.text === 'string';
