package io.carillon.core.room;

import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Periodic re-authorisation: checks for each connection the right to read its rooms and, where it
 * follows members, to be present. A connection that lost a right is closed and has to reconnect. A
 * blocking authorizer is asked for many connections concurrently, so that one slow answer does not
 * delay the others; if it throws, that connection alone stays as it is.
 */
final class Review {
  private static final int AT_ONCE = 64;
  private static final System.Logger LOG = System.getLogger(Review.class.getName());

  private final AccessCheck access;
  private final Executor executor;

  /**
   * Creates the review.
   *
   * @param executor asks an authorizer that may wait; give virtual threads
   */
  Review(AccessCheck access, Executor executor) {
    this.access = access;
    this.executor = executor;
  }

  /** Reviews all these subscriptions; returns after the last answer. */
  void run(Map<Connection, Map<RoomName, Subscription>> joined) {
    if (!access.mayWait()) {
      joined.forEach(this::ask);
      return;
    }
    Semaphore places = new Semaphore(AT_ONCE);
    try {
      for (Map.Entry<Connection, Map<RoomName, Subscription>> one : joined.entrySet()) {
        places.acquire();
        start(places, one.getKey(), one.getValue());
      }
      places.acquire(AT_ONCE);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(
      Semaphore places, Connection connection, Map<RoomName, Subscription> subscriptions) {
    try {
      executor.execute(
          () -> {
            try {
              ask(connection, subscriptions);
            } finally {
              places.release();
            }
          });
    } catch (RejectedExecutionException stopping) {
      places.release();
    }
  }

  private void ask(Connection connection, Map<RoomName, Subscription> subscriptions) {
    try {
      for (Subscription subscription : subscriptions.values()) {
        if (!connection.closing() && !mayStill(connection.identity(), subscription)) {
          connection.rightsChanged();
        }
      }
    } catch (RuntimeException defect) {
      LOG.log(Level.WARNING, "the authorizer failed; asked again at the next review", defect);
    }
  }

  private boolean mayStill(Identity who, Subscription subscription) {
    RoomName room = subscription.name();
    if (subscription.vouched) {
      return true;
    }
    return access.allows(who, Right.READ, room)
        && (!subscription.present || access.allows(who, Right.PRESENCE, room));
  }
}
