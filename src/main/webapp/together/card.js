import { element } from '../page/dom.js';
import { colourOf } from '../page/person.js';

/**
 * One card on the page. It stays the same element while it is drawn again, so that the focus and a
 * text that is being written stay where they are.
 */
export class CardView {
  /** @type {HTMLLIElement} */
  node;
  #text = element('button', { type: 'button', className: 'card-text', title: 'Edit', dir: 'auto' });
  #other = element('div', { className: 'other', hidden: true });
  #editors = element('p', { className: 'editors quiet' });
  #buttons;
  #form = null;
  #card;
  #acts;

  /**
   * @param {{id: string}} card
   * @param {object} acts what the buttons do: `write(card, text, was)`, `settle(card)`,
   *     `move(card, columns)`, `shift(card, places)`, `remove(card)`, `editing(id)`
   */
  constructor(card, acts) {
    this.#acts = acts;
    this.#buttons = element('div', { className: 'card-buttons', role: 'group' },
      this.#button('←', 'Move left', () => acts.move(this.#card, -1)),
      this.#button('→', 'Move right', () => acts.move(this.#card, 1)),
      this.#button('↑', 'Move up', () => acts.shift(this.#card, -1)),
      this.#button('↓', 'Move down', () => acts.shift(this.#card, 1)),
      this.#button('×', 'Remove', () => acts.remove(this.#card)));
    this.#text.addEventListener('click', () => this.#edit());
    this.node = element('li', { className: 'note', draggable: true, data: { id: card.id } }, this.#text, this.#other, this.#editors, this.#buttons);
  }

  /** @param {string[]} editors who else writes on it now */
  draw(card, pending, editors) {
    this.#card = card;
    const { node } = this;
    node.classList.toggle('pending', pending);
    const colour = colourOf(card.by ?? '');
    if (!node.classList.contains(colour)) {
      node.className = `note ${colour}${pending ? ' pending' : ''}`;
    }
    if (this.#text.textContent !== card.text) {
      this.#text.textContent = card.text;
      this.#buttons.setAttribute('aria-label', card.text);
    }
    const words = editors.length > 0 ? `${editors.join(', ')} writing …` : '';
    if (this.#editors.textContent !== words) {
      this.#editors.textContent = words;
    }
    this.#drawOther(card);
  }

  #drawOther({ other }) {
    const shown = this.#other.dataset.text;
    if ((other?.text ?? '') === (shown ?? '')) {
      return;
    }
    this.#other.hidden = !other;
    this.#other.dataset.text = other?.text ?? '';
    this.#other.replaceChildren();
    if (other) {
      this.#other.append(
        element('p', {}, element('b', { className: colourOf(other.by ?? '') }, other.by), ` wrote at the same time: `, element('q', {}, other.text)),
        this.#word('Use that', () => this.#acts.write(this.#card, other.text, this.#card.text)),
        this.#word('Keep this', () => this.#acts.settle(this.#card)));
    }
  }

  #edit() {
    if (this.#form) {
      return;
    }
    const was = this.#card.text;
    const input = element('textarea', { value: was, maxLength: 200, rows: 2, 'aria-label': 'Text of the card' });
    const end = (save) => {
      if (this.#form) {
        const focused = this.#form.contains(document.activeElement);
        this.#form.remove();
        this.#form = null;
        this.#text.hidden = false;
        this.node.draggable = true;
        this.#acts.editing(null);
        const text = input.value.trim();
        if (save && text !== '' && text !== was) {
          this.#acts.write(this.#card, text, was);
        }
        if (focused) {
          this.#text.focus();
        }
      }
    };
    this.#form = element('form', { className: 'writing' }, input, element('p', { className: 'buttons' }, element('button', { type: 'submit', className: 'small' }, 'Save'), this.#word('Cancel', () => end(false))));
    this.#form.addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      end(true);
    });
    input.addEventListener('keydown', (pressed) => {
      if (pressed.key === 'Escape') {
        end(false);
      } else if (pressed.key === 'Enter' && !pressed.shiftKey && !pressed.isComposing) {
        pressed.preventDefault();
        end(true);
      }
    });
    this.#text.hidden = true;
    this.node.draggable = false;
    this.#text.after(this.#form);
    input.focus();
    input.select();
    this.#acts.editing(this.#card.id);
  }

  #button(sign, label, act) {
    const made = element('button', { type: 'button', className: 'sign', title: label, 'aria-label': label }, sign);
    made.addEventListener('click', act);
    return made;
  }

  #word(text, act) {
    const made = element('button', { type: 'button', className: 'plain small' }, text);
    made.addEventListener('click', act);
    return made;
  }
}
