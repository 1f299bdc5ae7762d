import type { Carillon, Published, PublishOptions } from 'carillon-client';

/** A publish that waits. */
export interface OfflineEntry {
  room: string;
  name: string;
  data: unknown;
  key: string;
  meta?: Record<string, string>;
  /** When it was made, in ms since 1970. */
  at: number;
}

export interface OfflineOptions {
  /** Of the database, before the user's name (`carillon`). */
  name?: string;
  /** What this page has yet to get an answer for, each time that it changes. */
  change?: (pending: OfflineEntry[]) => void;
  /**
   * What an earlier page left cannot be published: it was refused, or it is older than 23 hours
   * (`expired`), when a retry could make a second event.
   */
  failed?: (entry: OfflineEntry, error: Error & { code: string }) => void;
  indexedDB?: IDBFactory;
  /** By which pages know of each other; `null`: each publishes what all left, which is harmless. */
  locks?: LockManager | null;
}

/**
 * Publishes that survive the tab: kept in IndexedDB until the server has answered, and published
 * again, with their keys, by the next page of the same user.
 */
export class OfflineQueue {
  private constructor();
  /**
   * Opens the queue and publishes what earlier pages left.
   * @param user whose it is: nothing is ever published for somebody else
   */
  static open(carillon: Carillon, user: string, options?: OfflineOptions): Promise<OfflineQueue>;
  readonly pending: OfflineEntry[];
  /**
   * As `room.publish`: resolves after the commit, rejects when it is refused for good. With
   * `closed` or `failed` the client has ended and the entry is kept.
   */
  publish(
    room: string,
    name: string,
    data?: unknown,
    options?: PublishOptions,
  ): Promise<Published>;
  /** Forgets all that waits, of every page of this user: at the log-out, for instance. */
  clear(): Promise<void>;
  /** Lets go; what waits is left for the next page. */
  close(): void;
}
