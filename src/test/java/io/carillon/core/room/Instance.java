package io.carillon.core.room;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Content;
import io.carillon.core.Cursor;
import io.carillon.core.EventName;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Liveness;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.presence.Presence;
import io.carillon.core.presence.PresenceTiming;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.Occupancy;
import io.carillon.core.spi.Probe;
import io.carillon.kit.ManualTime;
import io.carillon.kit.PlainCommands;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rooms, connections and commands of one instance over a given log, with real virtual threads. What
 * would have to wait a second waits some milliseconds.
 */
final class Instance implements AutoCloseable {
  /** With what the names of the threads begin that tell large rooms. */
  static final String FAN_OUT = "fan-";

  /** With what the names of the threads begin that read what moves rooms on. */
  static final String READ = "read-";

  private static final AtomicLong IDS = new AtomicLong();

  final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Reads what moves rooms on; its threads are known by their name. */
  final ExecutorService reads =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name(READ, 0).factory());

  /** Tells large rooms; its threads are known by their name. */
  final ExecutorService fanOut =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name(FAN_OUT, 0).factory());

  final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  final ManualTime time = new ManualTime();
  final WrittenMembers members = new WrittenMembers();
  final PlainFrames frames = new PlainFrames();
  final Neighbours neighbours = new Neighbours();
  final Connections connections;
  final Rooms rooms;
  private final Presence presence;
  final PlainCommands commands;
  volatile boolean mayRead = true;

  Instance(EventLog log) {
    this(log, 256 * 1024, Duration.ofSeconds(30));
  }

  Instance(EventLog log, int queueBytes, Duration idle) {
    this(log, queueBytes, idle, false);
  }

  /** With an authorizer that says that it may have to wait, or that it never does. */
  Instance(EventLog log, int queueBytes, Duration idle, boolean authorizerMayWait) {
    this(log, queueBytes, idle, null, authorizerMayWait);
  }

  Instance(EventLog log, Authorizer authorizer) {
    this(log, 256 * 1024, Duration.ofSeconds(30), authorizer, true);
  }

  private Instance(
      EventLog log,
      int queueBytes,
      Duration idle,
      @Nullable Authorizer authorizer,
      boolean authorizerMayWait) {
    Namespaces namespaces =
        namespace ->
            namespace.equals("dash")
                ? new Namespaces.NamespaceOptions(1000, 65_536, true)
                : Namespaces.NamespaceOptions.DEFAULTS;
    this.presence =
        new Presence(
            members,
            neighbours,
            namespaces,
            threads,
            WakeBatch.NONE,
            time::nanos,
            PresenceTiming.DEFAULTS);
    this.rooms =
        new Rooms(
            new Rooms.Collaborators(
                log,
                log,
                neighbours,
                presence,
                new Nowhere(),
                authorizer == null ? authorizer(authorizerMayWait) : authorizer,
                namespaces,
                Probe.NONE,
                threads,
                reads,
                fanOut,
                (task, after) -> soon(task),
                WakeBatch.NONE,
                () -> "made-" + IDS.incrementAndGet(),
                time::nanos),
            new RoomLimits(5, idle, 64 * 1024 * 1024, 256, 16, queueBytes));
    this.connections =
        new Connections(
            new ConnectionLimits(100_000, queueBytes, Math.max(queueBytes / 4, 1)),
            () -> "c" + IDS.incrementAndGet(),
            time::nanos,
            time,
            new SplittableRandom(1),
            RevocationFreshness.always(),
            Probe.NONE);
    this.commands = new PlainCommands(new Commands(rooms, token -> user(token)));
    connections.onEnd(rooms.events()::ended);
    rooms.start();
    presence.start();
  }

  private Authorizer authorizer(boolean mayWait) {
    return new Authorizer() {
      @Override
      public boolean allows(Identity who, Right right, RoomName room) {
        return mayRead && who.grants().allow(right, room);
      }

      @Override
      public boolean mayWait() {
        return mayWait;
      }
    };
  }

  private void soon(Runnable task) {
    var unused = timer.schedule(task, 5, TimeUnit.MILLISECONDS);
  }

  static Identity user(String name) {
    return new Identity(name, Grants.everything(false), null, null);
  }

  Connection open(RecordingSink sink) {
    return open("alice", sink);
  }

  Connection open(String user, RecordingSink sink) {
    return connections.open(user(user), frames, sink, threads, Liveness.NONE);
  }

  static Command.Join join(RoomName room, @Nullable String after) {
    Cursor cursor = after == null ? null : Cursor.parse(after);
    return new Command.Join("1", room, cursor, 0, PresenceMode.NONE, true);
  }

  static Command.Join last(RoomName room, int last) {
    return new Command.Join("1", room, null, last, PresenceMode.NONE, true);
  }

  CompletableFuture<AppendResult> publish(RoomName room, String data) {
    return publish(room, data, null);
  }

  CompletableFuture<AppendResult> publish(RoomName room, String data, @Nullable String key) {
    return rooms.publish(
        user("bob"), room, new EventName("said"), Content.json(data), key, null, null);
  }

  void publish(RoomName room, int count) {
    for (int i = 0; i < count; i++) {
      publish(room, "0").join();
    }
  }

  @Override
  public void close() {
    presence.close();
    threads.shutdownNow();
    reads.shutdownNow();
    fanOut.shutdownNow();
    timer.shutdownNow();
  }

  /** A backplane that remembers what was sent. */
  static final class Neighbours implements Backplane {
    record Ring(RoomName room, String epoch, long seq) {}

    final List<Ring> rings = new ArrayList<>();
    final List<Signal> signals = new ArrayList<>();

    @Override
    public void start(Listener told) {}

    @Override
    public synchronized void ring(RoomName room, String epoch, long seq) {
      rings.add(new Ring(room, epoch, seq));
    }

    synchronized List<Ring> takeRings() {
      List<Ring> taken = List.copyOf(rings);
      rings.clear();
      return taken;
    }

    @Override
    public void ringPresence(RoomName room, long revision) {}

    @Override
    public synchronized void send(Signal signal) {
      signals.add(signal);
    }

    @Override
    public void send(Control control) {}

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public void close() {}
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
