const PAGE = 1000;

/**
 * Reads a room from the oldest event that it still has: the state after all of them and the cursor
 * that goes with it, as `load` of the client's `live` and `optimistic` wants them.
 */
export async function readAll(room, state, apply) {
  let page = await room.page({ after: '0.0', limit: PAGE });
  if (page.resync) {
    page = await room.page({ limit: PAGE });
  }
  for (;;) {
    state = page.events.reduce(apply, state);
    if (!page.next) {
      return { state, cursor: page.cursor };
    }
    page = await room.page({ after: page.next, limit: PAGE });
  }
}
