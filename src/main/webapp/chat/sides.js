import { byId, counted, element } from '../page/dom.js';
import { colourOf } from '../page/person.js';

const MOODS = { here: 'available', busy: 'busy', away: 'away' };

/** The list of rooms with what is unread, and who is in the open one. */
export class Sides {
  #rooms = byId('rooms');
  #people = byId('people');
  #buttons = new Map();
  #current = null;
  #show = byId('show-people');

  constructor() {
    this.#show.addEventListener('click', () => {
      const open = this.#show.closest('.chat').toggleAttribute('data-people');
      this.#show.setAttribute('aria-expanded', String(open));
    });
  }

  /** Adds a room to the list. */
  add(room, open) {
    const count = element('span', { className: 'count', hidden: true });
    const words = element('span', { className: 'unseen' });
    const here = element('span', { className: 'quiet here-count' });
    const button = element('button', { type: 'button', title: room.title, data: { room: room.name } }, element('span', { className: 'room-name' }, room.title), here, count, words);
    button.addEventListener('click', open);
    this.#buttons.set(room, { button, count, words, here });
    this.#rooms.append(element('li', {}, button));
  }

  /** Draws counts; returns how much is unread in all. */
  drawRooms(open) {
    let all = 0;
    if (open !== this.#current) {
      this.#current = open;
      this.#buttons.get(open).button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    for (const [room, { button, count, words, here }] of this.#buttons) {
      const { unread } = room;
      all += unread;
      button.setAttribute('aria-current', String(room === open));
      const text = `${unread}${room.unreadBefore ? '+' : ''}`;
      count.hidden = unread === 0;
      count.textContent = text;
      words.textContent = unread === 0 ? '' : `, ${text} unread`;
      here.textContent = room.members.length === 0 ? '' : counted(room.members.length, 'person').replace('persons', 'people');
    }
    return all;
  }

  /** Draws who is here, and who types. */
  drawPeople(room, me) {
    const members = [...room.members].sort((a, b) => a.user.localeCompare(b.user));
    byId('people-count').textContent = members.length === 0 ? '' : String(members.length);
    this.#show.textContent = members.length === 0 ? 'Who is here' : `${members.length} here`;
    this.#people.replaceChildren(
      ...members.map(({ user, state, connections }) => {
        const mood = Object.hasOwn(MOODS, state?.mood) ? state.mood : 'here';
        const more = connections > 1 ? ` · ${connections} connections` : '';
        return element('li', { data: { user, mood } },
          element('span', { className: 'dot', 'aria-hidden': 'true' }),
          element('b', { className: colourOf(user), title: user }, user),
          element('span', { className: 'quiet' }, `${user === me ? 'you, ' : ''}${MOODS[mood]}${more}`));
      }),
    );
    const words = typingText(room.typing.filter((user) => user !== me));
    // Said aloud each time that it is written.
    if (byId('typing').textContent !== words) {
      byId('typing').textContent = words;
    }
  }
}

function typingText(users) {
  switch (users.length) {
    case 0:
      return '';
    case 1:
      return `${users[0]} is typing …`;
    case 2:
      return `${users[0]} and ${users[1]} are typing …`;
    default:
      return 'Several people are typing …';
  }
}
