import { emptyInbox, inboxOf, unreadOf } from '../notifications/inbox.js';
import { byId, element } from './dom.js';

const CACHE = 'carillon.unread.';
/* So much of an inbox is read for the bell; more is 99+ anyway. */
const READ = 500;
const SHOWN_MS = 8000;

/** Shows on the bell how much is not read, and keeps that for the first moment of the next page. */
export function showUnread(unread, me) {
  byId('bell-count').textContent = unread > 99 ? '99+' : String(unread);
  byId('bell-count').hidden = unread === 0;
  byId('bell-words').textContent = `Notifications, ${unread === 0 ? 'none' : unread} unread`;
  try {
    localStorage.setItem(CACHE + me, String(unread));
  } catch {
    // Only the first moment of a page goes by it.
  }
}

/** Shows what this browser has counted last. */
export function showLastUnread(me) {
  let last = 0;
  try {
    last = Number(localStorage.getItem(CACHE + me)) || 0;
  } catch {
    // It is counted in a moment.
  }
  showUnread(last, me);
}

/**
 * Makes the bell of a page that is not the inbox itself ring: a count, and a word when something
 * comes.
 *
 * @param {import('../carillon.js').Carillon} carillon
 * @param {string} me
 */
export function ringBell(carillon, me) {
  const toast = element('p', { className: 'toast', id: 'toast', role: 'status' });
  let timer = 0;
  document.body.append(toast);
  showLastUnread(me);
  const room = carillon.room(`notify:${me}`);
  const apply = inboxOf(me);
  const inbox = carillon.live(room, {
    load: async () => {
      const { events, cursor } = await room.page({ last: READ, limit: READ });
      return { state: events.reduce(apply, emptyInbox()), cursor };
    },
    apply,
  });
  inbox.on('change', ({ state, event }) => {
    byId('bell').dataset.counted = 'true';
    showUnread(unreadOf(state), me);
    const newest = state.items.at(-1);
    if (event?.name === 'notification' && newest?.id === event.id) {
      toast.replaceChildren(element('a', { href: byId('bell').href, dir: 'auto' }, newest.title));
      clearTimeout(timer);
      timer = setTimeout(() => toast.replaceChildren(), SHOWN_MS);
    }
  });
}
