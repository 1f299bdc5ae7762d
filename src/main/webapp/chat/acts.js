import { byId, element } from '../page/dom.js';

/** What a visitor can answer with a single key. */
const SIGNS = [
  ['👍', 'Thumbs up'],
  ['❤️', 'Heart'],
  ['😄', 'Laugh'],
];

/**
 * The buttons of one message at a time: of that which the pointer is over, or which has the focus.
 * With the focus in the log the arrow keys go from message to message.
 */
export class Acts {
  #list = byId('messages');
  #bar = element('div', { className: 'acts', role: 'group', 'aria-label': 'This message' });
  #dialog = byId('edit');
  #me;
  #room = null;
  #message = null;
  #editing = null;

  /** @param {string} me */
  constructor(me) {
    this.#me = me;
    const to = ({ target }) => this.#show(target.closest?.('.message[data-seq]'));
    this.#list.addEventListener('pointerover', to);
    this.#list.addEventListener('focusin', to);
    byId('log').addEventListener('pointerleave', () => this.#list.contains(document.activeElement) || this.#show(null));
    byId('log').addEventListener('keydown', (pressed) => this.#walk(pressed));
    this.#dialog.addEventListener('close', () => {
      const text = byId('edit-text').value.trim();
      if (this.#dialog.returnValue === 'save' && text !== '') {
        this.#room.change('message.edited', this.#editing, { text });
      }
    });
  }

  /** Another room is open. */
  open(room) {
    this.#room = room;
    this.#show(null);
  }

  #show(node) {
    const seq = node ? Number(node.dataset.seq) : null;
    const message = this.#room?.messages.find((each) => each.seq === seq) ?? null;
    if (message === this.#message && this.#bar.isConnected === Boolean(message)) {
      return;
    }
    this.#message = message;
    if (!message || this.#room.seen(message).removed) {
      this.#bar.remove();
      return;
    }
    const mine = message.by === this.#me;
    this.#bar.replaceChildren(
      ...SIGNS.map(([sign, name]) => this.#button(sign, name, () => this.#react(sign))),
      ...(mine
        ? [
            this.#button('Edit', 'Edit this message', () => this.#edit()),
            this.#button('Remove', 'Remove this message; the log keeps it', () => this.#remove(node)),
          ]
        : []),
    );
    node.append(this.#bar);
  }

  #button(text, name, act) {
    const made = element('button', { type: 'button', className: 'plain', 'aria-label': name, title: name }, text);
    made.addEventListener('click', act);
    return made;
  }

  #react(sign) {
    const given = this.#room.seen(this.#message).reactions.find(([each]) => each === sign)?.[1] ?? [];
    this.#room.change('reaction', this.#message, { sign, on: !given.includes(this.#me) });
  }

  #edit() {
    this.#editing = this.#message;
    byId('edit-text').value = this.#room.seen(this.#message).text;
    this.#dialog.returnValue = '';
    this.#dialog.showModal();
  }

  #remove(node) {
    const message = this.#message;
    this.#bar.remove();
    this.#message = null;
    node.focus();
    this.#room.change('message.removed', message, {});
  }

  #walk(pressed) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[pressed.key];
    const from = document.activeElement.closest('.message[data-seq]');
    if (!step || (!from && step > 0)) {
      return;
    }
    const all = [...this.#list.querySelectorAll('.message[data-seq]')];
    const next = from ? all[all.indexOf(from) + step] : all.at(-1);
    if (next) {
      pressed.preventDefault();
      next.focus();
    } else if (step > 0) {
      pressed.preventDefault();
      byId('log').focus();
    }
  }
}
