import { json } from './answers.js';

/** Whether a page is nothing to answer a long poll with. */
export const isEmpty = ({ events, resync }) => !events.length && !resync;

/**
 * Waits until there is something to answer, or the time is over.
 *
 * @param {() => object} page what there is now
 * @param {number} ms how long to wait
 * @returns {Promise<Response>}
 */
export function longPoll(server, rooms, page, ms, signal) {
  return new Promise((resolve, reject) => {
    const end = (value) => {
      server.links.delete(link);
      server.clock.clearTimeout(timer);
      value ? resolve(json(value)) : reject(new TypeError('cut'));
    };
    const link = {
      kind: 'poll',
      rooms,
      look: (room) => {
        const found = rooms.includes(room) && page();
        if (found && !isEmpty(found)) {
          end(found);
        }
      },
      push: () => {},
      cut: () => end(),
    };
    const timer = server.clock.setTimeout(() => end(page()), ms);
    server.links.add(link);
    signal?.addEventListener('abort', () => server.links.delete(link));
  });
}
