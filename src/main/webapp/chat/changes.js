const MOST_KINDS = 12;
const isPlace = (of) => typeof of === 'string' && /^[^.]+\.\d+$/.test(of);

/** The names of the events that change a message. */
const KINDS = new Set(['message.edited', 'message.removed', 'reaction']);

/** Whether an event changes a message that was sent before. */
export function isChange({ name, data }) {
  return (
    KINDS.has(name) &&
    isPlace(data?.of) &&
    (name !== 'message.edited' || typeof data.text === 'string') &&
    (name !== 'reaction' || (typeof data.sign === 'string' && data.sign.length > 0 && data.sign.length <= 8))
  );
}

/**
 * What was done to messages after they were sent. Events come in any order of pages: the later of
 * two stands. Anybody can publish to the room, so what somebody writes about a message that is not
 * theirs is kept and never shown.
 */
export class Changes {
  /** By the message, then by who and what: the latest event. */
  #latest = new Map();

  /**
   * Takes an event that changes a message.
   *
   * @param {object} event `pending` of one of ours that is on its way
   * @param {boolean} [earlier] it comes with a page of history
   */
  take(event, earlier = false) {
    const { of, sign = '' } = event.data;
    const changes = this.#latest.get(of) ?? new Map();
    this.#latest.set(of, changes);
    const key = `${event.by} ${sign}`;
    const known = changes.get(key);
    if (!known || (known.epoch === event.epoch ? known.seq < event.seq : !earlier)) {
      changes.set(key, event);
    }
  }

  /**
   * A message as it stands: `{ text, edited, removed, reactions }`; reactions are pairs of a sign
   * and those who gave it, in the order of their beginning.
   *
   * @param {object} message the event
   * @param {object[]} [pending] changes of ours that are on their way, of any message
   */
  of(message, pending = []) {
    const place = placeOfMessage(message);
    const seen = { text: message.data.text, edited: false, removed: false, reactions: [] };
    const signs = new Map();
    for (const { name, by, data } of [...(this.#latest.get(place)?.values() ?? []), ...pending]) {
      if (data.of !== place) {
        continue;
      }
      if (name === 'reaction') {
        const users = signs.get(data.sign) ?? new Set();
        data.on === false ? users.delete(by) : users.add(by);
        signs.set(data.sign, users);
      } else if (by === message.by) {
        seen.removed = name === 'message.removed';
        seen.edited = name === 'message.edited';
        seen.text = seen.edited ? data.text : seen.text;
      }
    }
    seen.reactions = [...signs].filter(([, users]) => users.size > 0).slice(0, MOST_KINDS).map(([sign, users]) => [sign, [...users]]);
    return seen;
  }
}

/** Where a message stands in its room, as changes name it. */
export const placeOfMessage = ({ epoch, seq }) => `${epoch}.${seq}`;
