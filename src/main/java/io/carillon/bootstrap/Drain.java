package io.carillon.bootstrap;

import io.carillon.core.spi.Shutdown;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Graceful shutdown: no new connections, requests under way are finished, and every client is told
 * to reconnect. On SIGTERM this runs before the JVM and the container begin to stop, which would
 * cut sockets without a close frame; an operator may begin it earlier.
 */
final class Drain implements Shutdown {
  /** Reconnects per second on the other instances, unless the setting is shorter. */
  private static final int RETURNS_A_SECOND = 1000;

  private static final Duration LEAST_SPREAD = Duration.ofSeconds(2);

  /** Longest wait for the presence store before the clients are told. */
  private static final Duration PRESENCE = Duration.ofSeconds(2);

  /** Longest wait for the answers to a client's requests; longer than the wait of a publish. */
  private static final Duration ANSWERS = Duration.ofSeconds(6);

  /** Longest wait for a client to read its last frames. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private static final System.Logger LOG = System.getLogger(Drain.class.getName());

  private final Instance instance;
  private final AtomicReference<@Nullable ShutdownStatus> begun = new AtomicReference<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean leaving;
  private volatile boolean started;
  private final AtomicReference<@Nullable Termination> armed = new AtomicReference<>();

  Drain(Instance instance) {
    this.instance = instance;
  }

  /** Marks the instance as started, that is, with clients, members and publishes to drain. */
  void started() {
    started = true;
  }

  /** Installs the SIGTERM handler, which drains after the delay of the settings. */
  void arm() {
    armed.set(Termination.precededBy(() -> run(instance.settings.drainDelay())));
  }

  /** Removes the SIGTERM handler, so that an undeployed application leaves nothing behind. */
  void disarm() {
    Termination termination = armed.getAndSet(null);
    if (termination != null) {
      termination.forget();
    }
  }

  /** Whether the drain has begun: not ready any more, though requests are still served. */
  boolean leaving() {
    return leaving;
  }

  /**
   * Drains and waits until every connection is closed, some seconds at most. Idempotent.
   *
   * @param delay time for which it serves as not ready first, so that a balancer can take it out
   */
  void run(Duration delay) {
    leaving = true;
    try {
      if (started && !delay.isZero() && begun.get() == null) {
        LOG.log(Level.INFO, "not ready any more; draining begins in {0}", delay);
        // Ends early if an operator's drain is over.
        var unused = done.await(delay.toMillis(), TimeUnit.MILLISECONDS);
      }
      begin(null);
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ShutdownStatus begin(@Nullable Duration within) {
    int open = instance.connections.count();
    ShutdownStatus mine =
        new ShutdownStatus(instance.name, open, within == null ? spread(open) : within);
    ShutdownStatus first = begun.compareAndExchange(null, mine);
    leaving = true;
    if (first != null) {
      return new ShutdownStatus(first.instance(), open, first.within());
    }
    instance.connections.refuse();
    instance.threads.virtual().execute(() -> drain(mine.within()));
    return mine;
  }

  private Duration spread(int connections) {
    Duration needed = Duration.ofMillis(connections * 1000L / RETURNS_A_SECOND);
    Duration wanted = needed.compareTo(LEAST_SPREAD) < 0 ? LEAST_SPREAD : needed;
    Duration most = instance.settings.drain();
    return wanted.compareTo(most) < 0 ? wanted : most;
  }

  private void drain(Duration within) {
    try {
      LOG.log(Level.INFO, "draining {0} connections", instance.connections.count());
      if (started) {
        await(
            CompletableFuture.runAsync(
                () -> instance.presence.drained(within), instance.threads.virtual()),
            PRESENCE);
      }
      CompletableFuture<Void> closed = instance.connections.allClosed();
      boolean spread = instance.connections.drain(within, ANSWERS, instance.threads::later);
      boolean all = await(closed, spread ? ANSWERS.plus(within) : ANSWERS);
      if (!all) {
        instance.connections.cutShort(within);
        all = await(closed, LAST_WORDS);
      }
      // Publishes of requests; those of connections were answered already.
      await(instance.rooms.settled(), ANSWERS);
      LOG.log(Level.INFO, all ? "drained" : "drained, some did not listen");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      done.countDown();
    }
  }

  private static boolean await(CompletableFuture<Void> what, Duration limit)
      throws InterruptedException {
    try {
      what.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (ExecutionException defect) {
      LOG.log(Level.WARNING, "a part of the drain failed", defect);
      return true;
    }
  }
}
