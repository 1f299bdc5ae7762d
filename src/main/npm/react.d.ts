import type {
  Carillon,
  CarillonError,
  Change,
  Cursor,
  EventMap,
  HistoryOptions,
  HistoryPage,
  Member,
  OptimisticOptions,
  Published,
  PublishOptions,
  Resync,
  RoomEvent,
  Status,
} from 'carillon-client';
import type { FunctionComponent, ReactNode } from 'react';

export interface CarillonProviderProps {
  /** A client that there is; who made it closes it. */
  client?: Carillon | null;
  /** Makes one in the browser when this is mounted, which is closed when it is unmounted. */
  create?: () => Carillon;
  children?: ReactNode;
}

export const CarillonProvider: FunctionComponent<CarillonProviderProps>;

/** The client; null on a server, and until the provider has made it. */
export function useCarillon(): Carillon | null;

/** How the client is connected. */
export function useStatus(): Status;

export interface UseRoomOptions<E extends EventMap = EventMap> {
  /** Begin so many events before the head. */
  last?: number;
  /** Begin after this cursor. */
  after?: Cursor;
  /** How many of the latest events `events` holds (200). */
  keep?: number;
  /** Each event once; a new function opens nothing anew. */
  onEvent?: (event: RoomEvent<E>) => void;
}

export interface UseRoom<E extends EventMap = EventMap> {
  /** The latest events, oldest first, each once; begun anew after a `resync`. */
  events: RoomEvent<E>[];
  joined: boolean;
  /** The last one: events may be missing before those of `events`. */
  resync?: Resync;
  /** Why the room is not joined, or a publish was refused; gone with the next join. */
  error?: CarillonError;
  /** Stays the same function. Rejects with `left` where nothing is mounted. */
  publish<N extends keyof E & string>(
    name: N,
    data?: E[N],
    options?: PublishOptions,
  ): Promise<Published>;
  signal(name: string, data?: unknown, options?: { to?: string }): Promise<void>;
  page(options?: HistoryOptions): Promise<HistoryPage>;
}

/** A room, joined while the component is mounted; nothing is joined without a name. */
export function useRoom<E extends EventMap = EventMap>(
  name: string | null | undefined,
  options?: UseRoomOptions<E>,
): UseRoom<E>;

export interface UsePresence<S = any> {
  members: Member<S>[];
  count: number;
  error?: CarillonError;
}

/** Who is in a room; with a state (compared as JSON) we are there, too. */
export function usePresence<S extends object = any>(
  name: string | null | undefined,
  state?: S | null,
): UsePresence<S>;

export interface UseOptimistic<S> {
  /** What to show: what the room says, and our pending changes on top. */
  state: S;
  /** What the room says. */
  confirmed: S;
  pending: Change[];
  ready: boolean;
  resync?: Resync;
  /** A load failed, the room may not be read, or a change was refused. */
  error?: CarillonError | unknown;
  publish(name: string, data?: unknown, options?: PublishOptions): Promise<Published>;
}

/**
 * A state that shows our changes at once. `state`, `cursor` and `load` are those of the first
 * render of a name; `apply` and `conflict` are the newest ones.
 */
export function useOptimistic<S>(
  name: string | null | undefined,
  options: OptimisticOptions<S>,
): UseOptimistic<S>;
