package io.carillon.core.presence;

import io.carillon.backplane.local.LocalBackplane;
import io.carillon.backplane.local.LocalHub;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Liveness;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.PresenceStore;
import io.carillon.core.spi.Probe;
import io.carillon.kit.ManualTime;
import io.carillon.kit.MemoryPresence;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Instances with presence over one store in memory and one hub. */
final class PresenceWorld implements AutoCloseable {
  static final Duration TICK = Duration.ofMillis(20);
  static final int OUTBOX_BYTES = 1000;
  static final int SMALL_LIMIT = 4;

  private static final AtomicLong IDS = new AtomicLong();

  final ManualTime time = new ManualTime();
  final MemoryPresence memory = new MemoryPresence(time);
  private final LocalHub hub = new LocalHub();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final PlainFrames frames = new PlainFrames();
  private final List<Instance> instances = new ArrayList<>();
  private volatile boolean deaf;

  record Client(Instance at, Connection connection, RecordingSink sink) {}

  static Identity user(String name) {
    return new Identity(name, Grants.everything(false), null, null);
  }

  /** Lets no doorbell through from now on. */
  void deaf(boolean isDeaf) {
    deaf = isDeaf;
  }

  /** Lets every instance sweep. */
  void sweep() {
    instances.forEach(i -> i.presence.sweep());
  }

  Instance instance(String name) {
    return instance(name, memory.at(name));
  }

  Instance instance(String name, PresenceStore store) {
    Instance made = new Instance(store);
    instances.add(made);
    return made;
  }

  @Override
  public void close() {
    instances.forEach(Instance::die);
    threads.shutdownNow();
  }

  final class Instance implements Backplane.Listener {
    final Presence presence;
    private final LocalBackplane backplane = new LocalBackplane(hub, threads);
    private final Connections connections =
        new Connections(
            new ConnectionLimits(100_000, OUTBOX_BYTES, OUTBOX_BYTES),
            () -> "c" + IDS.incrementAndGet(),
            time::nanos,
            time,
            new SplittableRandom(1),
            RevocationFreshness.always(),
            Probe.NONE);

    Instance(PresenceStore store) {
      presence =
          new Presence(
              store,
              backplane,
              namespace ->
                  new Namespaces.NamespaceOptions(
                      namespace.equals("small") ? SMALL_LIMIT : 1000, 1, false),
              threads,
              WakeBatch.NONE,
              () -> System.nanoTime() + time.nanos(),
              new PresenceTiming(
                  Duration.ofSeconds(5), Duration.ofSeconds(30), TICK, Duration.ofSeconds(1)));
      backplane.start(this);
      presence.start();
    }

    Client open(String user) {
      RecordingSink sink = new RecordingSink();
      return new Client(
          this, connections.open(user(user), frames, sink, threads, Liveness.NONE), sink);
    }

    /** As kill -9 does it: nothing is said, nothing is heard. */
    void die() {
      backplane.close();
      presence.close();
    }

    @Override
    public void rang(RoomName room, String epoch, long seq) {}

    @Override
    public void presenceRang(RoomName room, long revision) {
      if (!deaf) {
        presence.rang(room, revision);
      }
    }

    @Override
    public void signalled(Signal signal) {}

    @Override
    public void controlled(Backplane.Control control) {}

    @Override
    public void everything() {
      presence.poll();
    }

    @Override
    public void missed() {
      presence.missed();
    }
  }
}
