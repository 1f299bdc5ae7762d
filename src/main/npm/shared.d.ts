import { Carillon, type Options } from 'carillon-client';

export interface SharedOptions extends Options {
  /**
   * Whose tabs share a connection: the id of who is logged in. Tabs of another user, and those of
   * another server, have another one.
   */
  user: string;
  /** Before the user's name in the name of the lock and of the channel (`carillon`). */
  name?: string;
  /** By which tabs speak with each other; that of the platform unless told otherwise. */
  BroadcastChannel?: new (name: string) => BroadcastChannel;
}

/**
 * A client whose connection all tabs of a user share. One tab holds it; when that is closed,
 * crashes or hangs, another takes over, and every room goes on from where it was. Without Web Locks
 * or `BroadcastChannel` (a page without TLS) it has a connection of its own.
 *
 * To the server all tabs are one: `connection` is the same, and so is the member that they are in a
 * room, with the state that was tracked last. `token` is asked in the tab that holds the connection.
 */
export class SharedCarillon extends Carillon {
  /** @param url where the server is; the root of the page's origin if absent */
  constructor(url: string | URL | null | undefined, options: SharedOptions);
  /** Whether this tab holds the connection. */
  readonly leads: boolean;
}
