import { element } from '../page/dom.js';
import { moment } from './table.js';

const SHOWN = 50;

/** The live tail of one room at a time, the latest event first. */
export class Tail {
  #carillon;
  #room = null;
  #list = element('ul', { className: 'plain-list', tabIndex: 0, 'aria-label': 'Latest events' });

  constructor(carillon) {
    this.#carillon = carillon;
  }

  /** The list of a room, which is followed from now on. */
  node(name) {
    if (this.#room?.name !== name) {
      this.end();
      const room = this.#carillon.room(name, { last: 10 });
      this.#room = room;
      this.#list.replaceChildren();
      room.on('message', (event) => this.#add(event));
      room.on('resync', () => this.#list.prepend(element('li', { className: 'bad' }, 'events were skipped here')));
      room.join().catch((refused) =>
        this.#list.replaceChildren(element('li', { className: 'quiet' }, `cannot be followed: ${refused.code ?? refused.message}`)));
    }
    return this.#list;
  }

  /** Follows no room any more. */
  end() {
    this.#room?.leave();
    this.#room = null;
  }

  #add(event) {
    this.#list.prepend(element('li', {},
      element('span', { className: 'seq' }, `#${event.seq} `),
      moment(event.at), ' ',
      element('b', {}, event.name), ` by ${event.by} `,
      element('code', {}, JSON.stringify(event.data)?.slice(0, 200) ?? '')));
    while (this.#list.children.length > SHOWN) {
      this.#list.lastChild.remove();
    }
  }
}
