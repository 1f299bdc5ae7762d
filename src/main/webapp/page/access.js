/**
 * What the page may do here: a demo token (the server sets it as a cookie, so nothing is kept in
 * scripts), or whatever cookie the visitor already has.
 */

const RENEW_MS = 20 * 60 * 1000;

/** Asks for a demo token. False: this server gives none. Throws if it does not answer. */
export async function takeDemoToken() {
  const response = await fetch('api/demo/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: 'visitor' }),
  });
  if (response.status === 404) {
    return false;
  }
  if (!response.ok) {
    throw new Error(`demo token: ${response.status}`);
  }
  return true;
}

/** Takes a fresh token long before the old one ends, as long as the page is open. */
export function keepDemoToken() {
  setInterval(() => takeDemoToken().catch(() => {}), RENEW_MS);
}

/**
 * The newest events of a room, in order: `{ events, cursor }`, or `{ code, status }` of the
 * refusal.
 */
export async function readLatest(room, last) {
  const response = await fetch(`${eventsOf(room)}?last=${last}&limit=${last}`);
  const body = await response.json().catch(() => ({}));
  return response.ok
    ? { events: body.events ?? [], cursor: body.cursor }
    : { code: body.code ?? 'error', status: response.status };
}

/** The address of a room's events. */
export function eventsOf(room) {
  return `api/rooms/${encodeURIComponent(room)}/events`;
}
