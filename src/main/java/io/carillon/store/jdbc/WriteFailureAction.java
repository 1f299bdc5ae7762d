package io.carillon.store.jdbc;

/** Action of the log's writer on a failed batch: the table of failures and actions. */
enum WriteFailureAction {
  /** The failure concerns every batch: the session or the database is to blame. */
  GIVE_UP,
  /** A room is locked: the same batch again, without waiting for locks, answers room by room. */
  WITHOUT_WAITING,
  /** The day's partition is missing: make it, then the same batch again. */
  MAKE_DAYS,
  /** One of several events is to blame: each half by itself. */
  HALVE,
  /** The one event can never be stored. */
  REFUSE,
  /** The one event may be stored later; by then it may be in the log already. */
  LATER;

  /**
   * The action on a failure.
   *
   * @param single whether the batch is one event
   * @param waited whether the call waited for locks
   */
  static WriteFailureAction of(Failure failure, boolean single, boolean waited) {
    return switch (failure) {
      case LOST, REFUSED -> GIVE_UP;
      case NO_DAY -> MAKE_DAYS;
      case BUSY -> waited ? WITHOUT_WAITING : single ? LATER : HALVE;
      case AGAIN -> single ? LATER : HALVE;
      case DATA -> single ? REFUSE : HALVE;
    };
  }
}
