package io.carillon.kit;

import io.carillon.backplane.local.LocalBackplane;
import io.carillon.backplane.local.LocalHub;
import io.carillon.core.ErrorCode;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.limit.LimitSettings;
import io.carillon.core.limit.Limits;
import io.carillon.core.presence.Presence;
import io.carillon.core.presence.PresenceTiming;
import io.carillon.core.room.Commands;
import io.carillon.core.room.RoomLimits;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.Occupancy;
import io.carillon.core.spi.Probe;
import io.carillon.transport.duplex.Links;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole instance over a log and a presence store in memory, with real threads and a clock by
 * hand. Ids are numbers, so that what it says can be compared. A token is {@code user}, {@code
 * user:seconds} (it ends then) or {@code user:seconds:room} (rights in that room alone); {@code
 * bad} is none, and {@code away} cannot be checked.
 */
public final class MemoryInstance implements AutoCloseable {
  /** Runs whatever waits. */
  public final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** The clock. */
  public final ManualTime time = new ManualTime();

  /** The log. */
  public final MemoryLog log = new MemoryLog();

  /** All connections. */
  public final Connections connections;

  /** All rooms. */
  public final Rooms rooms;

  /** What two-way links ask for. */
  public final Commands commands;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final LocalBackplane backplane = new LocalBackplane(new LocalHub(), threads);
  private final Presence presence;
  private final AtomicInteger events = new AtomicInteger();
  private final AtomicInteger links = new AtomicInteger();

  /** Makes and starts an instance with the bounds of the product. */
  public MemoryInstance() {
    this(256 * 1024, (who, right, room) -> who.grants().allow(right, room));
  }

  /** Makes and starts an instance with an outbox of this size and an authorizer. */
  public MemoryInstance(int queueBytes, Authorizer authorizer) {
    this(queueBytes, authorizer, LimitSettings.NONE);
  }

  /** Makes and starts an instance with limits and an outbox of the product's size. */
  public MemoryInstance(LimitSettings limits) {
    this(256 * 1024, (who, right, room) -> who.grants().allow(right, room), limits);
  }

  private MemoryInstance(int queueBytes, Authorizer authorizer, LimitSettings limited) {
    Limits limits = new Limits(limited, time::nanos, time, new SplittableRandom(1), Probe.NONE);
    Namespaces namespaces = namespace -> Namespaces.NamespaceOptions.DEFAULTS;
    this.presence =
        new Presence(
            new MemoryPresence(time).at("here"),
            backplane,
            namespaces,
            threads,
            WakeBatch.NONE,
            () -> System.nanoTime() + time.nanos(),
            new PresenceTiming(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMillis(20),
                Duration.ofSeconds(1)));
    this.rooms =
        new Rooms(
            new Rooms.Collaborators(
                log.at(),
                log.at(),
                backplane,
                presence,
                new Nowhere(),
                authorizer,
                namespaces,
                Probe.NONE,
                threads,
                threads,
                threads,
                (task, after) -> soon(task),
                WakeBatch.NONE,
                () -> "event-" + events.incrementAndGet(),
                time::nanos),
            new RoomLimits(5, Duration.ofSeconds(30), 64 * 1024 * 1024, 256, 16, queueBytes)
                .within(limits));
    this.connections =
        new Connections(
            new ConnectionLimits(1000, queueBytes, Math.max(queueBytes / 4, 1)),
            () -> "link-" + links.incrementAndGet(),
            time::nanos,
            time,
            new SplittableRandom(1),
            RevocationFreshness.always(),
            Probe.NONE);
    this.commands = new Commands(rooms, this::identity, limits);
    connections.limitBy(limits);
    connections.onEnd(rooms.events()::ended);
    rooms.start();
    backplane.start(new Ear());
    presence.start();
  }

  private void soon(Runnable task) {
    var unused = timer.schedule(task, 5, TimeUnit.MILLISECONDS);
  }

  /** Who a token belongs to. */
  public Identity identity(String token) {
    String[] parts = token.split(":", 3);
    if (parts[0].equals("bad")) {
      throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }
    if (parts[0].equals("away")) {
      throw new LogUnavailableException("switched off", null);
    }
    Grants grants =
        parts.length < 3
            ? Grants.everything(false)
            : Grants.of(
                Map.of(parts[2], Set.of(Right.READ, Right.WRITE, Right.SIGNAL, Right.PRESENCE)));
    return new Identity(
        parts[0],
        grants,
        null,
        parts.length < 2 ? null : time.instant().plusSeconds(Long.parseLong(parts[1])));
  }

  /**
   * Lets so many seconds pass, with what the instance does each second; what it says in one second
   * is taken by the carriers before the next, unless they are stuck.
   */
  public void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
      connections.tick();
      presence.sweep();
      long begun = System.nanoTime();
      while (connections.all().stream().anyMatch(c -> c.waiting() > 0)
          && System.nanoTime() - begun < 200_000_000) {
        Thread.onSpinWait();
      }
    }
  }

  /** Two-way links to this instance, with the product's bounds. */
  public Links links() {
    return new Links(
        connections, commands, threads, Duration.ofSeconds(20), Links.LinkLimits.DEFAULTS);
  }

  @Override
  public void close() {
    presence.close();
    backplane.close();
    threads.shutdownNow();
    timer.shutdownNow();
  }

  private final class Ear implements Backplane.Listener {
    @Override
    public void rang(RoomName room, String epoch, long seq) {
      rooms.events().rang(room, epoch, seq);
    }

    @Override
    public void presenceRang(RoomName room, long revision) {
      presence.rang(room, revision);
    }

    @Override
    public void signalled(Signal signal) {
      rooms.events().signalled(signal);
    }

    @Override
    public void controlled(Backplane.Control control) {}

    @Override
    public void everything() {
      rooms.maintenance().poll();
    }

    @Override
    public void missed() {
      presence.missed();
    }
  }

  private static final class Nowhere implements Occupancy {
    @Override
    public void report(Map<RoomName, Integer> connections) {}

    @Override
    public List<RoomName> occupied(String prefix, int limit) {
      return List.of();
    }

    @Override
    public int elsewhere(RoomName room) {
      return 0;
    }
  }
}
