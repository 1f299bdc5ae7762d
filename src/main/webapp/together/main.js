import { roomInAddress } from '../page/address.js';
import { byId, counted, element } from '../page/dom.js';
import { colourOf } from '../page/person.js';
import { beginScreen } from '../page/screen.js';
import { readAll } from '../page/snapshot.js';
import { inWords } from '../page/words.js';
import { boardAfter, cardsOf, COLUMNS, emptyBoard, orderAt } from './board.js';
import { CardView } from './card.js';
import { Cursors } from './cursors.js';
import { enableDragging } from './drag.js';

/* A change that takes no longer is not worth a word to a screen reader. */
const SLOW_MS = 1500;

class Together {
  #me;
  #room;
  #shown;
  #cursors;
  #views = new Map();
  #members = [];
  #slow = 0;

  constructor({ carillon, me }) {
    this.#me = me;
    const name = roomInAddress('board');
    addEventListener('hashchange', () => location.reload());
    const room = carillon.room(`together:${name}`);
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
      this.#notice(`A change was refused and taken back: ${inWords(error.code)}.`);
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
    remove: (card) => {
      const neighbour = this.#neighbour(card);
      this.#change('card.removed', { id: card.id });
      (neighbour?.querySelector('.card-text') ?? byId('add-text')).focus();
      this.#removed(card, 'You');
    },
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

  /** The card below, or else above, in the same column. */
  #neighbour({ id }) {
    const { node } = this.#views.get(id);
    return node.nextElementSibling ?? node.previousElementSibling;
  }

  /** Says who removed a card. Writing on a removed card brings it back, so that undoes it. */
  #removed({ id, text }, who) {
    const undo = element('button', { type: 'button', className: 'plain small' }, 'Put it back');
    undo.addEventListener('click', () => {
      byId('notice').replaceChildren();
      this.#change('card.written', { id, text, was: text });
      this.#views.get(id)?.node.querySelector('.card-text').focus();
    });
    this.#notice(`${who} removed “${text}”.`, undo);
  }

  #notice(words, ...actions) {
    byId('notice').replaceChildren(element('p', {}, element('span', { dir: 'auto' }, words), ...actions));
  }

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
        const { removedBy, ...card } = board.removed[id] ?? {};
        if (removedBy && removedBy !== this.#me) {
          this.#removed(card, removedBy);
        }
        if (view.node.contains(document.activeElement)) {
          byId('add-text').focus();
        }
        view.node.remove();
        this.#views.delete(id);
      }
    }
    const { length } = this.#shown.pending;
    byId('pending').textContent = length > 0 ? `${counted(length, 'change')} on the way` : '';
    this.#sayIfSlow(length);
    this.#cursors.drawAll();
  }

  /** Only what takes long is said aloud, and that it is over. */
  #sayIfSlow(length) {
    const said = byId('pending-said');
    if (length === 0) {
      clearTimeout(this.#slow);
      this.#slow = 0;
      said.textContent = said.textContent === '' ? '' : 'All changes have arrived';
    } else {
      this.#slow ||= setTimeout(() => (said.textContent = byId('pending').textContent), SLOW_MS);
    }
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
