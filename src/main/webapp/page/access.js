/*
 * What a page may do here: a demo token under the visitor's name, or whatever cookie the visitor
 * already has. The token is kept in the page and not as a cookie, so that every tab can be somebody
 * else.
 */
import { myName } from './person.js';

const RENEW_MS = 20 * 60 * 1000;
const RETRY_MS = 2000;
/** The address of the server. Pages live in the root and in folders below it; this module does not move. */
export const ROOT = new URL('../', import.meta.url);

let token = null;

/**
 * Asks for a demo token. Null: this server gives none. Throws if it does not answer.
 * @param {string} user
 * @param {typeof fetch} [through] what to ask through
 * @param {boolean} [admin] whether an operator asks
 */
export async function demoToken(user, through = fetch, admin = false) {
  const response = await through(new URL('api/demo/token', ROOT), {
    method: 'POST',
    credentials: 'omit',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(admin ? { user, admin } : { user }),
  });
  if (response.status === 404) {
    return null;
  }
  if (!response.ok) {
    throw new Error(`demo token: ${response.status}`);
  }
  return (await response.json()).token;
}

/**
 * Asks until the server has said whether it gives demo tokens.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {() => void} [missed] called each time that it has not answered
 * @returns {Promise<T>}
 */
export async function untilAnswered(ask, missed = () => {}) {
  for (;;) {
    try {
      return await ask();
    } catch {
      missed();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Takes a demo token for this page. False: this server gives none. */
export async function takeDemoToken() {
  token = await demoToken(myName());
  return token !== null;
}

/** Takes a fresh token long before the old one ends, as long as the page is open. */
export function keepDemoToken() {
  setInterval(() => takeDemoToken().catch(() => {}), RENEW_MS);
}

/** The headers that say who asks; none where the cookie does. */
export const authorization = () => (token ? { Authorization: `Bearer ${token}` } : {});

/** The parameter that says who asks, for an EventSource, which has no headers. */
export async function ticketParameter() {
  if (!token) {
    return '';
  }
  const response = await fetch(new URL('api/tickets', ROOT), { method: 'POST', headers: authorization() });
  if (!response.ok) {
    throw new Error(`ticket: ${response.status}`);
  }
  return `ticket=${encodeURIComponent((await response.json()).ticket)}`;
}

/**
 * The newest events of a room, in order: `{ events, cursor }`, or `{ code, status }` of the
 * refusal.
 */
export async function readLatest(room, last) {
  const response = await fetch(`${eventsOf(room)}?last=${last}&limit=${last}`, { headers: authorization() });
  const body = await response.json().catch(() => ({}));
  return response.ok
    ? { events: body.events ?? [], cursor: body.cursor }
    : { code: body.code ?? 'error', status: response.status };
}

/** The address of a room's events. */
export function eventsOf(room) {
  return new URL(`api/rooms/${encodeURIComponent(room)}/events`, ROOT).href;
}
