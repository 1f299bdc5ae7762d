import { byId, counted, element } from '../page/dom.js';
import { colourOf } from '../page/person.js';
import { beginScreen } from '../page/screen.js';
import { readAll } from '../page/snapshot.js';
import { boardAfter, cardsOf, COLUMNS, emptyBoard, orderAt } from './board.js';
import { CardView } from './card.js';
import { Cursors } from './cursors.js';
import { enableDragging } from './drag.js';

class Together {
  #me;
  #room;
  #shown;
  #cursors;
  #views = new Map();
  #members = [];

  constructor({ carillon, me }) {
    this.#me = me;
    const asked = decodeURIComponent(location.hash.slice(1));
    addEventListener('hashchange', () => location.reload());
    const room = carillon.room(`together:${/^[A-Za-z0-9_.-]{1,40}$/.test(asked) ? asked : 'board'}`);
    this.#room = room;
    this.#cursors = new Cursors(room, me);
    room.presence.on('change', ({ members }) => this.#people(members));
    this.#be(null);
    this.#shown = room.optimistic({
      state: emptyBoard(),
      load: () => readAll(room, emptyBoard(), boardAfter),
      apply: (board, event) => boardAfter(board, event.pending ? { ...event, by: me } : event),
    });
    this.#shown.on('change', () => this.#draw());
    document.querySelector('.add').addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      this.#add(byId('add-text'));
    });
    enableDragging(byId('board'), (id, column, place) => this.#put(id, column, place));
  }

  get #board() {
    return this.#shown.state;
  }

  async #change(name, data) {
    try {
      await this.#shown.publish(name, data);
    } catch (error) {
      byId('notice').textContent = `A change was refused and taken back: ${error.code ?? 'error'}.`;
    }
  }

  #add(field) {
    const text = field.value.trim();
    if (text !== '') {
      field.value = '';
      const cards = cardsOf(this.#board, 'todo');
      const id = Math.random().toString(36).slice(2, 12);
      this.#change('card.added', { id, text, column: 'todo', order: orderAt(cards, cards.length) });
    }
  }

  /** Puts a card at a place among the others of a column; only a column that is new to it is said. */
  #put(id, column, place) {
    const others = cardsOf(this.#board, column).filter((card) => card.id !== id);
    const order = orderAt(others, Math.min(place, others.length));
    const stays = this.#board.cards[id]?.column === column;
    this.#change('card.moved', stays ? { id, order } : { id, column, order });
  }

  #acts = {
    write: (card, text, was) => this.#change('card.written', { id: card.id, text, was }),
    settle: (card) => this.#change('card.settled', { id: card.id }),
    remove: (card) => this.#change('card.removed', { id: card.id }),
    editing: (id) => this.#be(id),
    move: (card, by) => {
      const column = COLUMNS[COLUMNS.indexOf(card.column) + by];
      if (column) {
        this.#put(card.id, column, Infinity);
        this.#views.get(card.id)?.node.querySelector('.card-text').focus();
      }
    },
    shift: (card, by) => {
      const place = cardsOf(this.#board, card.column).findIndex(({ id }) => id === card.id) + by;
      if (place >= 0) {
        this.#put(card.id, card.column, place);
      }
    },
  };

  #be(editing) {
    this.#room.presence.track({ editing }).catch(() => {});
  }

  #people(members) {
    this.#members = members;
    byId('people').replaceChildren(
      ...[...members]
        .sort((a, b) => a.user.localeCompare(b.user))
        .map(({ user }) => element('li', { className: colourOf(user), data: { user } }, user === this.#me ? `${user} (you)` : user)),
    );
    this.#cursors.keep(new Set(members.map(({ user }) => user)));
    this.#draw();
  }

  #draw() {
    if (!this.#shown) {
      return;
    }
    const board = this.#board;
    const waiting = new Set(this.#shown.pending.map(({ data }) => data?.id));
    for (const column of COLUMNS) {
      const section = byId('board').querySelector(`[data-column="${column}"]`);
      const cards = cardsOf(board, column);
      section.querySelector('[data-count]').textContent = cards.length > 0 ? String(cards.length) : '';
      this.#arrange(section.querySelector('.cards'), cards, waiting);
    }
    for (const [id, view] of this.#views) {
      if (!board.cards[id]) {
        view.node.remove();
        this.#views.delete(id);
      }
    }
    const { length } = this.#shown.pending;
    byId('pending').textContent = length > 0 ? `${counted(length, 'change')} on the way` : '';
    this.#cursors.drawAll();
  }

  #arrange(list, cards, waiting) {
    cards.forEach((card, place) => {
      let view = this.#views.get(card.id);
      if (!view) {
        view = new CardView(card, this.#acts);
        this.#views.set(card.id, view);
      }
      const editors = this.#members.filter(({ user, state }) => user !== this.#me && state?.editing === card.id);
      view.draw(card, waiting.has(card.id), editors.map(({ user }) => user));
      if (list.children[place] !== view.node) {
        const focused = view.node.contains(document.activeElement) ? document.activeElement : null;
        list.insertBefore(view.node, list.children[place] ?? null);
        focused?.focus();
      }
    });
  }
}

const screen = await beginScreen();
if (screen) {
  new Together(screen);
}
