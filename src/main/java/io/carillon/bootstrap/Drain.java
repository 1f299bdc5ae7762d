package io.carillon.bootstrap;

import io.carillon.core.connection.Connections;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Going away without losing anybody: no new connections, every client is told to come back, and
 * what is under way is finished. On SIGTERM this runs before the container's own quiesce, which
 * would cut sockets without a word.
 */
final class Drain {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Instance instance;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final Thread hook = new Thread(this::run, "carillon-drain");

  Drain(Instance instance) {
    this.instance = instance;
  }

  /** Drains on SIGTERM from now on. */
  void arm() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Forgets about SIGTERM, so that an undeployed application leaves nothing behind. */
  void disarm() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyGoingDown) {
      // The hook has run or runs now; there is nothing to forget.
    }
  }

  /** Drains and waits until every connection is closed, a few seconds at most. Idempotent. */
  void run() {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    Duration spread = instance.settings.drain();
    instance.presence.drained(spread);
    Connections connections = instance.connections;
    CountDownLatch closed = new CountDownLatch(1);
    connections.onEnd(
        c -> {
          if (connections.count() == 0) {
            closed.countDown();
          }
        });
    connections.drain(spread);
    try {
      if (connections.count() > 0) {
        boolean all = closed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        System.getLogger(Drain.class.getName())
            .log(System.Logger.Level.INFO, all ? "drained" : "drained, some did not listen");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
