/** The types of `carillon.js`, checked against its code in the build. */

/** A cursor: where a reader is. Opaque: keep it, hand it back, never take it apart. */
export type Cursor = string;

/** A durable thing that was published to a room. */
export interface Event<T = any> {
  room: string;
  /** 1, 2, 3 … without holes per room and epoch. */
  seq: number;
  epoch: string;
  /** The publisher's key, or one made by the server. */
  id: string;
  name: string;
  /** Any JSON value; with `encoding` the base64 of bytes, as a string. */
  data: T;
  /** The event was published as bytes. */
  encoding?: 'base64';
  /** Who published it, from the credential. */
  by: string;
  /** When, in database time (RFC 3339). */
  at: string;
  meta?: Record<string, string>;
  /** In a namespace that conflates: how many events were left out before this one. */
  skipped?: number;
}

/**
 * What the events of a room carry, by their names:
 * `carillon.room<{ 'order.shipped': { parcel: number } }>('orders:42')`.
 */
export type EventMap = Record<string, any>;

/** An event of such a room: its name tells what its data is. */
export type RoomEvent<E extends EventMap = EventMap> = {
  [N in keyof E & string]: Event<E[N]> & { name: N };
}[keyof E & string];

/** An ephemeral thing: never stored, no order promised. */
export interface Signal<T = any> {
  room: string;
  name: string;
  data: T;
  /** It was sent as bytes, and `data` is their base64. */
  encoding?: 'base64';
  by: string;
  /** The connection that sent it; absent if it came over HTTP. */
  from?: string;
}

/** A user who is present in a room, over however many connections. */
export interface Member<S = any> {
  user: string;
  state: S;
  connections: number;
  since: string;
}

export interface PresenceChange<S = any> {
  /** Everybody who is there now. */
  members: Member<S>[];
  joined: Member<S>[];
  updated: Member<S>[];
  /** The users who left. */
  left: string[];
  /** How many are there; more than `members` holds in a room above its list limit. */
  count: number;
}

/** The room could not be continued from its cursor: events may be missing before `head`. */
export interface Resync {
  room: string;
  reason: 'expired' | 'epoch' | 'ahead';
  head: Cursor;
  floor: Cursor;
}

export interface Joined {
  room: string;
  cursor: Cursor;
  head: Cursor;
  /** True: everything after the cursor that was asked for follows. */
  recovered: boolean;
  members?: number;
}

export interface Published {
  seq: number;
  epoch: string;
  /** The key. */
  id: string;
  /** True: a retry; the event was there already. */
  duplicate: boolean;
}

export interface Status {
  state: 'connecting' | 'live' | 'offline' | 'failed';
  /** What carries the events while live. */
  transport?: Transport;
  /** Offline: when the next try begins, in ms since 1970. */
  retryAt?: number;
  /** Offline or failed: why. */
  reason?: string;
}

export type Transport = 'websocket' | 'sse' | 'poll';

export interface PublishOptions {
  /** 1–128 printable ASCII characters; one is made if absent. The same key publishes once. */
  key?: string;
  /** A flat object of strings, at most 1 KiB. */
  meta?: Record<string, string>;
}

export interface HistoryOptions {
  after?: Cursor;
  before?: Cursor;
  last?: number;
  /** Of `page`: events in the page (100, at most 1000). Of `history`: events in all. */
  limit?: number;
}

export interface HistoryPage {
  /** Always in ascending order. */
  events: Event[];
  /** The position after what was returned. */
  cursor: Cursor;
  head: Cursor;
  /** What to pass as `after` (or `before`) for the next page; absent on the last. */
  next?: Cursor;
  resync?: Resync[];
}

export interface JoinOptions {
  /** Begin after this cursor; else live from the head. */
  after?: Cursor;
  /** Begin so many events before the head. */
  last?: number;
}

/** Time; tests give one of their own. */
export interface Clock {
  /** In ms, for what is waited for: never set, never set back (`performance.now`). */
  now(): number;
  /** In ms since 1970, for what is shown (`Date.now`); `now` unless given. */
  wall?(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: any): void;
}

export interface Options {
  /**
   * Whether it connects by itself (true); else with `connect()`. With `false` it may be made on a
   * server, too, where nothing is to be opened.
   */
  autoConnect?: boolean;
  /**
   * Asked for a token whenever one is needed. No token (nothing, or an empty string) means that a
   * cookie speaks for the user; the function may be what renews that cookie.
   */
  token?: () => string | null | undefined | void | Promise<string | null | undefined | void>;
  /** What may be used, best first: `['websocket', 'sse', 'poll']`. */
  transports?: Transport[];
  /** How many publishes may wait in all (1000); a further one is refused with `queue_full`. */
  queue?: number;
  /** After how many ms without success the next transport is tried beside this one (1000). */
  patience?: number;
  /** After how many ms on a lesser transport a better one is tried (15 000, doubling to 5 min). */
  upgradeAfter?: number;
  /** After how many ms of live earlier breaks count no more (10 000). */
  settleAfter?: number;
  WebSocket?: new (url: string, protocol: string) => any;
  fetch?: typeof fetch;
  clock?: Clock;
  /** Like `Math.random`. */
  random?: () => number;
  /** Fires `online`, `visibilitychange` and `pageshow`; the window unless told otherwise. */
  page?: EventTarget | null;
  /**
   * By which the tabs of a page share the connections that HTTP/1.1 allows: four keep a stream or
   * a long poll open, the rest ask every 3 s. `navigator.locks` where such a bound was seen, unless
   * told otherwise; `null`: no bound.
   */
  locks?: LockManager | null;
  /** Remembers the transport that worked; `sessionStorage` unless told otherwise. */
  storage?: Pick<Storage, 'getItem' | 'setItem'> | null;
}

/** Ends what it was returned for: a handler, or a follower. */
export type Unsubscribe = () => void;

/**
 * What a call ends with if it does not succeed. `code`: one of the wire's (`forbidden`,
 * `too_large`, …), or the client's own: `queue_full`, `offline` (a signal while nothing is live),
 * `lost`, `closed`, `left`, `failed`, `withdrawn`, `resync`, `network`, `timeout`, `bad_answer`.
 */
export class CarillonError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  /** The HTTP status, if there was one. */
  readonly status?: number;
}

/** One client: a connection that looks after itself, and the rooms on it. */
export class Carillon {
  /** @param url where the server is; the root of the page's origin if absent */
  constructor(url?: string | URL | null, options?: Options);
  readonly status: Status;
  /** Who we are to the server, as far as it has said. */
  readonly user?: string;
  /** The id of the socket: `from` of the signals that it sends. */
  readonly connection?: string;
  /** How many publishes wait for their answer. They are kept in memory: with the page they are gone. */
  readonly pending: number;
  on(name: 'status', handler: (status: Status) => void): Unsubscribe;
  /** `pending` has changed. */
  on(name: 'pending', handler: (count: number) => void): Unsubscribe;
  on(name: 'error', handler: (error: CarillonError) => void): Unsubscribe;
  /**
   * A room for who asks, with its own beginning, handlers and end, however many there are of this
   * name; it is joined as soon as somebody listens. The server's room is joined once for all of
   * them, and left with the last.
   */
  room<E extends EventMap = EventMap>(name: string, options?: JoinOptions): Room<E>;
  /** Keeps a state that began as a snapshot in step with a room, without a gap. A name: `stop` leaves. */
  live<S>(room: string | Room<any>, options: LiveOptions<S>): Live<S>;
  /** Tries at once; also after `failed`. */
  connect(): void;
  /** Ends everything. What still waits to be published is rejected with `closed`. */
  close(): void;
}

/** A room as one part of a page has it; other parts have others of the same name. */
export interface Room<E extends EventMap = EventMap> {
  readonly name: string;
  /** After the last event that was handed out; undefined before a join and after `leave`. */
  readonly cursor?: Cursor;
  readonly presence: Presence;
  /** Every event of the room, whatever its name. */
  on(name: 'message', handler: (event: RoomEvent<E>) => void): Unsubscribe;
  on(name: 'resync', handler: (resync: Resync) => void): Unsubscribe;
  on(name: 'joined', handler: (joined: Joined) => void): Unsubscribe;
  /** Every signal; `signal:name` for those of one name. */
  on(name: 'signal' | `signal:${string}`, handler: (signal: Signal) => void): Unsubscribe;
  /** Who else is typing now. */
  on(name: 'typing', handler: (users: string[]) => void): Unsubscribe;
  /** The room is not joined, or a publish was refused. */
  on(name: 'error', handler: (error: CarillonError) => void): Unsubscribe;
  /** The events of one name; names that stand above are heard only with `message`. */
  on<N extends keyof E & string>(
    name: N,
    handler: (event: Event<E[N]> & { name: N }) => void,
  ): Unsubscribe;
  /**
   * Joins now, and tells when that is done; listening joins too. Rejects with `left`, `closed` or
   * `failed`, or with what the server refuses it with.
   */
  join(options?: JoinOptions): Promise<Joined>;
  /**
   * Nothing more is heard here, what was tracked here is taken away, and the next join begins anew.
   * Other rooms of this name go on.
   */
  leave(): void;
  /**
   * Resolves after the commit. Waits while offline, and is repeated with its key until there is an
   * answer; what one client publishes to one room keeps its order.
   */
  publish<N extends keyof E & string>(
    name: N,
    data?: E[N],
    options?: PublishOptions,
  ): Promise<Published>;
  /** Sent once or, while nothing is live, not at all. */
  signal(name: string, data?: unknown, options?: { to?: string }): Promise<void>;
  /** To be called as often as keys are pressed; `false` when the text was sent or thrown away. */
  typing(active?: boolean): void;
  /** Event by event, ascending; with `before` descending. */
  history(options?: HistoryOptions): AsyncGenerator<Event, void, void>;
  page(options?: HistoryOptions): Promise<HistoryPage>;
  members(options?: {
    limit?: number;
    page?: string;
  }): Promise<{ count: number; members: Member[]; next?: string }>;
  optimistic<S>(options: OptimisticOptions<S>): Optimistic<S>;
}

export interface Presence {
  /** How many are there. */
  readonly count: number;
  /**
   * Be a member with this state (at most 1 KiB), over reconnects too. Of all rooms of this name in
   * a client the one that tracked last stands.
   */
  track(state?: object): Promise<void>;
  /** Takes away what was tracked here; what another room of this name tracked stands. */
  untrack(): Promise<void>;
  members(): Member[];
  on(name: 'change', handler: (change: PresenceChange) => void): Unsubscribe;
}

export interface LiveOptions<S> {
  /**
   * Loads the snapshot, here `state`. `cursor` is the position that it includes; without one, an
   * event that the snapshot holds already may be applied once more.
   */
  load: () => Promise<{ state: S; cursor?: Cursor }> | { state: S; cursor?: Cursor };
  /** The state after an event (`null` is one); with `undefined` the given one was changed. */
  apply: (state: S, event: Event) => S | void;
}

export interface Live<S> {
  readonly state: S | undefined;
  /** What the state includes. */
  readonly cursor?: Cursor;
  /**
   * When the first snapshot is there and all that came meanwhile is applied. Rejects if the room is
   * left, refused or stopped, and when the client ends.
   */
  readonly ready: Promise<void>;
  /** After each change; without an event if the snapshot was loaded (anew). */
  on(name: 'change', handler: (change: { state: S; event?: Event }) => void): Unsubscribe;
  /** A load failed; it is repeated. */
  on(name: 'error', handler: (error: unknown) => void): Unsubscribe;
  stop(): void;
}

/** A change of ours that is not yet seen in the room. */
export interface Change<T = any> {
  key: string;
  name: string;
  data: T;
}

export interface OptimisticOptions<S> {
  /** The state to begin with, for a room that is read from its first event or from `cursor`. */
  state?: S;
  /** The position that `state` includes; by default before the first event. */
  cursor?: Cursor;
  /** Instead of `state`: loads a snapshot, as for `live`. */
  load?: LiveOptions<S>['load'];
  /**
   * The state after an event or after a change of ours that is pending (`event.pending`). It must
   * not change the given state, and depend on nothing but its arguments.
   */
  apply: (state: S, event: Event & { pending?: boolean }) => S;
  /**
   * An event of somebody else came before a change of ours: keep it (return nothing), withdraw it
   * (`null`), or put another in its place. What was already sent cannot be withdrawn; a
   * replacement then follows it.
   */
  conflict?: (
    change: Change,
    event: Event,
    state: S,
  ) => void | boolean | null | { name?: string; data: unknown };
}

export interface Optimistic<S> {
  /** What to show: what the room says, and our pending changes on top. */
  readonly state: S;
  /** What the room says. */
  readonly confirmed: S;
  readonly pending: Change[];
  readonly cursor?: Cursor;
  readonly ready: Promise<void>;
  /** Shows a change at once and publishes it; rejects, and is rolled back, if it is refused. */
  publish(name: string, data?: unknown, options?: PublishOptions): Promise<Published>;
  /** After each change of what is shown. */
  on(name: 'change', handler: (state: S) => void): Unsubscribe;
  /** Events after `state` are not retained any more; those that are follow on it. */
  on(name: 'resync', handler: (resync: Resync) => void): Unsubscribe;
  /** A load failed; it is repeated. */
  on(name: 'error', handler: (error: unknown) => void): Unsubscribe;
  stop(): void;
}
