/*
 * An inbox as a function of its room: `notification` puts something in, `read` marks one, or
 * everything up to one, as read. Only the owner's `read` counts, whoever may publish here.
 */

/** Most notifications that are kept; the oldest go first. */
const MOST = 300;

/** @returns {{items: object[]}} */
export const emptyInbox = () => ({ items: [] });

/** The function that takes an event into the inbox of this owner. */
export function inboxOf(owner) {
  return (inbox, { name, data, by, at, id, seq, pending }) => {
    if (name === 'notification' && typeof data?.title === 'string') {
      const item = { id, seq: pending ? Infinity : seq, by, at, title: data.title, body: String(data.body ?? ''), read: false };
      return { ...inbox, items: [...inbox.items, item].slice(-MOST) };
    }
    if (name === 'read' && by === owner) {
      const marks = (item) => item.id === data?.id || item.seq <= data?.upTo;
      return { ...inbox, items: inbox.items.map((item) => (marks(item) && !item.read ? { ...item, read: true } : item)) };
    }
    return inbox;
  };
}

/** How many are not read. */
export const unreadOf = ({ items }) => items.filter(({ read }) => !read).length;
