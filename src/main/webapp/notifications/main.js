import { byId, element, enableCopying, fillOrigin, timeOfDay } from '../page/dom.js';
import { colourOf } from '../page/person.js';
import { beginScreen } from '../page/screen.js';
import { readAll } from '../page/snapshot.js';
import { emptyInbox, inboxOf, unreadOf } from './inbox.js';

const CACHE = 'carillon.unread.';

class Notifications {
  #carillon;
  #me;
  #inbox;
  #list = byId('inbox');
  #onlyUnread = byId('only-unread');
  #send = byId('send');

  constructor({ carillon, me }) {
    this.#carillon = carillon;
    this.#me = me;
    const name = `notify:${me}`;
    for (const place of document.querySelectorAll('[data-me]')) {
      place.textContent = me;
    }
    for (const place of document.querySelectorAll('[data-room]')) {
      place.textContent = name;
    }
    this.#count(Number(localStorage.getItem(CACHE + me)) || 0);
    const room = carillon.room(name);
    const apply = inboxOf(me);
    this.#inbox = room.optimistic({
      state: emptyInbox(),
      load: () => readAll(room, emptyInbox(), apply),
      apply: (inbox, event) => apply(inbox, event.pending ? { ...event, by: me } : event),
    });
    this.#inbox.on('change', (inbox) => this.#draw(inbox));
    byId('read-all').addEventListener('click', () => {
      const last = this.#inbox.confirmed.items.at(-1);
      this.#mark({ upTo: last?.seq ?? 0 });
    });
    byId('bell').addEventListener('click', () => {
      this.#onlyUnread.checked = unreadOf(this.#inbox.state) > 0;
      this.#draw(this.#inbox.state);
      byId('inbox-title').scrollIntoView({ block: 'nearest' });
      (this.#list.querySelector('button') ?? this.#onlyUnread).focus();
    });
    this.#onlyUnread.addEventListener('change', () => this.#draw(this.#inbox.state));
    this.#send.elements.to.value = me;
    this.#send.addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      this.#publish();
    });
  }

  async #mark(what) {
    try {
      await this.#inbox.publish('read', what);
    } catch {
      // It has been rolled back: the notification shows as unread again.
    }
  }

  async #publish() {
    const { to, title, body } = this.#send.elements;
    const answer = byId('send-answer');
    answer.dataset.kind = '';
    answer.textContent = 'sending …';
    try {
      const { seq } = await this.#carillon
        .room(`notify:${to.value}`)
        .publish('notification', { title: title.value, body: body.value });
      answer.dataset.kind = 'good';
      answer.textContent = `Sent to ${to.value}, number ${seq} of the room.`;
    } catch (error) {
      answer.dataset.kind = 'bad';
      answer.textContent = `Not sent: ${error.code ?? 'error'}.`;
    }
  }

  #draw(inbox) {
    const unread = unreadOf(inbox);
    this.#count(unread);
    try {
      localStorage.setItem(CACHE + this.#me, String(unread));
    } catch {
      // Only the first moment after a reload goes by it.
    }
    byId('read-all').disabled = unread === 0;
    const shown = inbox.items.filter(({ read }) => !read || !this.#onlyUnread.checked).reverse();
    const focused = document.activeElement?.closest?.('#inbox li')?.dataset.id;
    this.#list.replaceChildren(...shown.map((item) => this.#item(item)));
    if (focused) {
      const again = [...this.#list.children].find(({ dataset }) => dataset.id === focused);
      (again?.querySelector('button') ?? this.#list.querySelector('button') ?? this.#onlyUnread).focus();
    }
    byId('empty').hidden = shown.length > 0;
    byId('empty').textContent =
      inbox.items.length > 0 ? 'Everything is read.' : 'Nothing yet. Publish something with the commands on this page.';
  }

  #count(unread) {
    const text = unread > 99 ? '99+' : String(unread);
    byId('bell-count').textContent = text;
    byId('bell-count').hidden = unread === 0;
    byId('bell-words').textContent = unread === 0 ? 'no unread notifications' : `${unread} unread notifications`;
    byId('unread').textContent = unread === 0 ? '' : `${unread} unread`;
    document.title = `${unread > 0 ? `(${text}) ` : ''}Notifications · Carillon`;
  }

  #item({ id, by, at, title, body, read }) {
    const mark = element('button', { type: 'button', className: 'plain', 'aria-label': `Mark as read: ${title}` }, 'Mark as read');
    mark.addEventListener('click', () => this.#mark({ id }));
    return element('li', { data: { id, read: String(read) } },
      element('span', { className: 'dot', 'aria-hidden': 'true' }),
      element('div', {},
        element('p', { className: 'title' }, title, read ? null : element('span', { className: 'unseen' }, ' (unread)')),
        body && element('p', { className: 'body' }, body),
        element('p', { className: 'quiet' }, element('b', { className: colourOf(by ?? '') }, by), ' · ', timeOfDay(at))),
      read ? null : mark);
  }
}

enableCopying();
fillOrigin();
const screen = await beginScreen();
if (screen) {
  new Notifications(screen);
}
