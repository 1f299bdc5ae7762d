import { showLastUnread, showUnread } from '../page/bell.js';
import { dayAndTimeNode, onNewDay } from '../page/dates.js';
import { byId, element, enableCopying, fillOrigin } from '../page/dom.js';
import { colourOf } from '../page/person.js';
import { beginScreen } from '../page/screen.js';
import { readAll } from '../page/snapshot.js';
import { inWords } from '../page/words.js';
import { emptyInbox, inboxOf, unreadOf } from './inbox.js';

/* So many are shown at first, and with each further wish. */
const SHOWN = 30;

class Notifications {
  #carillon;
  #me;
  #inbox;
  #list = byId('inbox');
  #onlyUnread = byId('only-unread');
  #send = byId('send');
  #shown = SHOWN;

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
    showLastUnread(me);
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
    onNewDay(() => this.#draw(this.#inbox.state));
    byId('show-more').addEventListener('click', () => {
      this.#shown += SHOWN;
      this.#draw(this.#inbox.state);
    });
    byId('send-first').addEventListener('click', () => {
      this.#send.elements.to.value = me;
      this.#send.requestSubmit();
    });
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
      answer.textContent = `Not sent: ${inWords(error.code)}.`;
    }
  }

  #draw(inbox) {
    const unread = unreadOf(inbox);
    this.#count(unread);
    byId('read-all').disabled = unread === 0;
    const all = inbox.items.filter(({ read }) => !read || !this.#onlyUnread.checked).reverse();
    const shown = all.slice(0, this.#shown);
    byId('more').hidden = shown.length === all.length;
    const focused = document.activeElement?.closest?.('#inbox li')?.dataset.id;
    this.#list.replaceChildren(...shown.map((item) => this.#item(item)));
    if (focused) {
      const again = [...this.#list.children].find(({ dataset }) => dataset.id === focused);
      (again?.querySelector('button') ?? this.#list.querySelector('button') ?? this.#onlyUnread).focus();
    }
    byId('empty').hidden = shown.length > 0;
    byId('first').hidden = inbox.items.length > 0;
    byId('empty').textContent =
      inbox.items.length > 0 ? 'Everything is read.' : 'Nothing yet. Send yourself one, or use a command of this page.';
  }

  #count(unread) {
    showUnread(unread, this.#me);
    byId('unread').textContent = unread === 0 ? '' : `${unread} unread`;
    document.title = `${unread > 0 ? `(${byId('bell-count').textContent}) ` : ''}Notifications · Carillon`;
  }

  #item({ id, by, at, title, body, read }) {
    const mark = element('button', { type: 'button', className: 'plain', 'aria-label': `Mark as read: ${title}` }, 'Mark as read');
    mark.addEventListener('click', () => this.#mark({ id }));
    return element('li', { data: { id, read: String(read) } },
      element('span', { className: 'dot', 'aria-hidden': 'true' }),
      element('div', {},
        element('p', { className: 'title', dir: 'auto' }, title, read ? null : element('span', { className: 'unseen' }, ' (unread)')),
        body && element('p', { className: 'body', dir: 'auto' }, body),
        element('p', { className: 'quiet' }, element('b', { className: colourOf(by ?? '') }, by), ' · ', dayAndTimeNode(at))),
      read ? null : mark);
  }
}

enableCopying();
fillOrigin();
const screen = await beginScreen();
if (screen) {
  new Notifications(screen);
}
