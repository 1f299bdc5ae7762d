package io.carillon.core.limit;

import io.carillon.core.ErrorCode;
import java.util.Locale;

/** All limits. A rate is refused with {@code rate}, a count with {@code limit}. */
public enum Limit {
  /** New connections of a user. */
  CONNECTS_USER(Scope.USER, ErrorCode.RATE),
  /** New connections from an address. */
  CONNECTS_ADDRESS(Scope.ADDRESS, ErrorCode.RATE),
  /** New connections of everybody. */
  CONNECTS_INSTANCE(Scope.INSTANCE, ErrorCode.RATE),
  /** Requests over HTTP, and commands over sockets that are limited at all, from an address. */
  REQUESTS_ADDRESS(Scope.ADDRESS, ErrorCode.RATE),
  /** Joins of a room, over sockets and streams. */
  JOINS_USER(Scope.USER, ErrorCode.RATE),
  /** Published events. */
  PUBLISHES_USER(Scope.USER, ErrorCode.RATE),
  /** Bytes of published events. */
  BYTES_USER(Scope.USER, ErrorCode.RATE),
  /** Signals that are sent. */
  SIGNALS_USER(Scope.USER, ErrorCode.RATE),
  /** Reads of history, a page or an event each. */
  HISTORY_USER(Scope.USER, ErrorCode.RATE),
  /** Reads of members and of the state of rooms. */
  MEMBERS_USER(Scope.USER, ErrorCode.RATE),
  /** One-time tickets. */
  TICKETS_USER(Scope.USER, ErrorCode.RATE),
  /** Long polls. */
  POLLS_USER(Scope.USER, ErrorCode.RATE),
  /** Messages of Socket.IO for an application's own handlers. */
  HANDLED_USER(Scope.USER, ErrorCode.RATE),
  /** Pings, also those of the WebSocket itself. */
  PINGS_CONNECTION(Scope.CONNECTION, ErrorCode.RATE),
  /** Events that anybody publishes to a room, but not in a transaction of his own. */
  PUBLISHES_ROOM(Scope.ROOM, ErrorCode.RATE),
  /** Signals that anybody sends to a room. */
  SIGNALS_ROOM(Scope.ROOM, ErrorCode.RATE),
  /** Open connections of a user. */
  CONNECTIONS_USER(Scope.USER, ErrorCode.LIMIT),
  /** Open connections from an address. */
  CONNECTIONS_ADDRESS(Scope.ADDRESS, ErrorCode.LIMIT),
  /** Subscriptions to a room. */
  READERS_ROOM(Scope.ROOM, ErrorCode.LIMIT),
  /** Connections and leases that are present in a room. */
  MEMBERS_ROOM(Scope.ROOM, ErrorCode.LIMIT),
  /** Subscriptions to rooms of a namespace. */
  READERS_NAMESPACE(Scope.NAMESPACE, ErrorCode.LIMIT);

  /** Whose use is added up. */
  public enum Scope {
    /** One user's. */
    USER,
    /** That of one address. */
    ADDRESS,
    /** That of one connection. */
    CONNECTION,
    /** That of one room. */
    ROOM,
    /** That of one namespace. */
    NAMESPACE,
    /** Everybody's. */
    INSTANCE
  }

  private final Scope scope;
  private final ErrorCode code;
  private final String word;

  Limit(Scope scope, ErrorCode code) {
    this.scope = scope;
    this.code = code;
    this.word = name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** Whose use is added up. */
  public Scope scope() {
    return scope;
  }

  /** What is answered beyond it. */
  public ErrorCode code() {
    return code;
  }

  /** Its name in settings, metrics and views: {@code history.user}. */
  public String word() {
    return word;
  }

  /** Whether it bounds a rate, not a count. */
  public boolean isRate() {
    return code == ErrorCode.RATE;
  }
}
