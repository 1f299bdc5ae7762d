import { byId, element } from '../page/dom.js';
import { colourOf } from '../page/person.js';

const EVERY_MS = 50;
const FADE_MS = 8000;

/**
 * Live cursors. A place is told as a part of the card or column under the pointer, and not in
 * pixels, so that it means the same on a phone.
 */
export class Cursors {
  #room;
  #me;
  #tab = Math.random().toString(36).slice(2, 10);
  #stage = byId('stage');
  #layer = byId('cursors');
  #others = new Map();
  #next = null;
  #timer = 0;

  constructor(room, me) {
    this.#room = room;
    this.#me = me;
    this.#stage.addEventListener('pointermove', (moved) => this.#tell(placeOf(moved)), { passive: true });
    this.#stage.addEventListener('pointerleave', () => this.#tell({ gone: true }));
    room.on('signal:cursor', ({ by, data }) => this.#heard(by, data));
    addEventListener('resize', () => this.drawAll());
  }

  /** Takes the cursors away of who is no longer here. */
  keep(users) {
    for (const [tab, { by }] of this.#others) {
      if (!users.has(by)) {
        this.#forget(tab);
      }
    }
  }

  /** Draws all anew, for cards may have moved under them. */
  drawAll() {
    this.#others.forEach((other) => this.#draw(other));
  }

  /** Not more often than every 50 ms; the last place is always told. */
  #tell(place) {
    this.#next = place;
    if (!this.#timer) {
      this.#send();
      this.#timer = setInterval(() => this.#send(), EVERY_MS);
    }
  }

  #send() {
    if (this.#next === null) {
      clearInterval(this.#timer);
      this.#timer = 0;
      return;
    }
    // A cursor that does not arrive is no loss.
    this.#room.signal('cursor', { ...this.#next, tab: this.#tab }).catch(() => {});
    this.#next = null;
  }

  #heard(by, place) {
    if (typeof place?.tab !== 'string' || place.tab === this.#tab) {
      return;
    }
    if (place.gone) {
      this.#forget(place.tab);
      return;
    }
    let other = this.#others.get(place.tab);
    if (!other) {
      const name = by === this.#me ? `${by} (you)` : by;
      const node = element('div', { className: `cursor ${colourOf(by)}`, data: { by } }, element('span', { className: 'arrow' }), element('span', { className: 'tag' }, name));
      other = { by, node };
      this.#others.set(place.tab, other);
      this.#layer.append(node);
    }
    other.place = place;
    clearTimeout(other.timer);
    other.timer = setTimeout(() => this.#forget(place.tab), FADE_MS);
    this.#draw(other);
  }

  #draw({ node, place }) {
    const target =
      (place.card && this.#stage.querySelector(`[data-id="${CSS.escape(place.card)}"]`)) ||
      this.#stage.querySelector(`[data-column="${CSS.escape(String(place.column))}"]`) ||
      this.#stage;
    const box = target.getBoundingClientRect();
    const origin = this.#stage.getBoundingClientRect();
    const x = box.left - origin.left + box.width * part(place.x);
    const y = box.top - origin.top + box.height * part(place.y);
    node.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }

  #forget(tab) {
    const other = this.#others.get(tab);
    if (other) {
      clearTimeout(other.timer);
      other.node.remove();
      this.#others.delete(tab);
    }
  }
}

const part = (value) => Math.min(1, Math.max(0, Number(value) || 0));

function placeOf({ clientX, clientY, target }) {
  const card = target.closest('[data-id]');
  const column = target.closest('[data-column]');
  const box = (card ?? column ?? byId('stage')).getBoundingClientRect();
  return {
    card: card?.dataset.id,
    column: column?.dataset.column,
    x: Number(((clientX - box.left) / box.width).toFixed(3)),
    y: Number(((clientY - box.top) / box.height).toFixed(3)),
  };
}
