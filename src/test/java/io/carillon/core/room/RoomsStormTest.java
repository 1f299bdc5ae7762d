package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import io.carillon.core.Head;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.kit.MemoryLog;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two instances over one log, publishers, and readers with tiny outboxes that come and go, while
 * doorbells are lost, doubled, shuffled and forged, the log fails, is rewound with and without loss
 * and loses its oldest events. What every reader gets is checked against the log's own history, and
 * in the end everybody must have come to the head.
 */
@Timeout(180)
class RoomsStormTest {
  private static final int READERS = 8;
  private static final int EVENTS = 400;

  private final MemoryLog log = new MemoryLog();
  private final RoomName room = new RoomName("storm:r");
  private final List<String> stuck = new CopyOnWriteArrayList<>();
  private volatile boolean stop;
  private final AtomicLong keys = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What may happen to the log besides appends. */
  private record Weather(boolean forks, boolean loss, boolean floors, boolean failures) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void nothingIsLostWhenOnlyDoorbellsAre(long seed) throws Exception {
    storm(seed, new Weather(false, false, false, false));
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void aRewoundLogIsNeverMixed(long seed) throws Exception {
    storm(seed, new Weather(true, true, false, false));
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
  void whateverHappensEverybodyComesToTheHead(long seed) throws Exception {
    storm(seed, new Weather(true, true, true, true));
  }

  private void storm(long seed, Weather weather) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (Instance one = new Instance(log.at(), 1500, Duration.ZERO);
        Instance two = new Instance(log.at(), 1500, Duration.ZERO)) {
      List<Instance> instances = List.of(one, two);
      List<CompletableFuture<Void>> publishers = new ArrayList<>();
      for (Instance instance : instances) {
        SplittableRandom own = random.split();
        publishers.add(CompletableFuture.runAsync(() -> publish(instance, own), threads));
      }
      CompletableFuture<Void> published =
          CompletableFuture.allOf(publishers.toArray(CompletableFuture[]::new));
      CountDownLatch calm = new CountDownLatch(1);
      List<CompletableFuture<Reading>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        SplittableRandom own = random.split();
        readers.add(
            CompletableFuture.supplyAsync(() -> read(instances, own, published, calm), threads));
      }
      SplittableRandom own = random.split();
      while (!published.isDone()) {
        rage(instances, own, weather);
        Thread.sleep(0, 200_000);
      }
      published.join();
      log.unavailable(false);
      log.holdNoMore();
      calm.countDown();
      CompletableFuture<Void> done =
          CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!done.isDone()) {
        if (System.nanoTime() > deadline) {
          stop = true;
          done.join();
          throw new AssertionError("seed " + seed + ": stuck before " + log.head(room) + stuck);
        }
        instances.forEach(i -> i.rooms.maintenance().poll());
        Thread.sleep(2);
      }
      done.join();
      readers.forEach(r -> assertTrue(r.join().at(log.head(room)), () -> "seed " + seed));
      for (Instance instance : instances) {
        assertEquals(0, instance.connections.count(), "connections left behind");
        assertEquals(0, instance.rooms.statistics().occupied(), "readers left behind");
        instance.time.pass(Duration.ofSeconds(1));
        instance.rooms.maintenance().poll();
        assertEquals(0, instance.rooms.statistics().open(), "rooms left behind");
      }
    }
  }

  private void publish(Instance instance, SplittableRandom random) {
    for (int i = 0; i < EVENTS; i++) {
      instance.publish(room, "0", "k" + keys.incrementAndGet()).join();
      if (random.nextInt(4) == 0) {
        LockSupport.parkNanos(1);
      }
    }
  }

  private void rage(List<Instance> instances, SplittableRandom random, Weather weather) {
    ring(instances.get(0), instances.get(1), random);
    ring(instances.get(1), instances.get(0), random);
    if (random.nextInt(8) == 0) {
      poll(instances.get(random.nextInt(2)));
    }
    Head head = log.head(room);
    if (random.nextInt(20) == 0) {
      instances.get(random.nextInt(2)).rooms.events().rang(room, head.epoch(), 1L << 62);
      instances.get(random.nextInt(2)).rooms.events().rang(room, "forged", 7);
    }
    if (weather.forks && random.nextInt(60) == 0) {
      long loss = weather.loss && random.nextBoolean() ? random.nextLong(1 + head.seq() / 8) : 0;
      log.rewind(room, log.head(room).seq() - loss);
    }
    if (weather.floors && random.nextInt(60) == 0) {
      log.raiseFloor(room, head.seq() - random.nextLong(1 + head.seq() / 4));
    }
    if (weather.failures && random.nextInt(60) == 0) {
      log.unavailable(true);
    } else {
      log.unavailable(false);
    }
    if (random.nextInt(30) == 0) {
      MemoryLog.HeldReads hold = log.holdReads();
      var unused =
          CompletableFuture.runAsync(
              hold::release,
              CompletableFuture.delayedExecutor(random.nextInt(4), TimeUnit.MILLISECONDS));
    } else {
      log.holdNoMore();
    }
  }

  private static void poll(Instance instance) {
    instance.threads.execute(
        () -> {
          try {
            instance.rooms.maintenance().poll();
          } catch (LogUnavailableException e) {
            // As the beat that polls does: it tries again a second later.
          }
        });
  }

  private static void ring(Instance from, Instance to, SplittableRandom random) {
    List<Instance.Neighbours.Ring> rings = new ArrayList<>(from.neighbours.takeRings());
    for (int i = rings.size(); i > 1; i--) {
      rings.add(rings.remove(random.nextInt(i)));
    }
    for (Instance.Neighbours.Ring ring : rings) {
      for (int i = random.nextInt(3); i > 0; i--) {
        to.rooms.events().rang(ring.room(), ring.epoch(), ring.seq());
      }
    }
  }

  /** One client: comes, reads a while, goes, comes back; in the end it reads up to the head. */
  private Reading read(
      List<Instance> instances,
      SplittableRandom random,
      CompletableFuture<Void> published,
      CountDownLatch calm) {
    Reading reading = new Reading(log);
    while (!published.isDone()) {
      visit(instances.get(random.nextInt(2)), random, reading, 1 + random.nextInt(400));
    }
    try {
      calm.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    while (!stop && !reading.at(log.head(room))) {
      visit(instances.get(random.nextInt(2)), random, reading, Integer.MAX_VALUE);
    }
    return reading;
  }

  private void visit(Instance instance, SplittableRandom random, Reading reading, int enough) {
    RecordingSink sink = new RecordingSink();
    Connection connection = instance.open(sink);
    boolean slow = random.nextBoolean();
    if (slow) {
      sink.stall();
    }
    Cursor after = reading.cursor();
    Command.Join join =
        new Command.Join("1", room, after, after == null ? 5 : 0, PresenceMode.NONE, true);
    instance.commands.execute(connection, join);
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(30));
    while (sink.count() < enough) {
      if (slow) {
        sink.end(true);
      }
      Object latest = sink.latest();
      boolean done = enough == Integer.MAX_VALUE ? atHead(latest) : System.nanoTime() > until;
      if (done || latest instanceof Reply.Refused) {
        break;
      }
      if (stop) {
        stuck.add(latest + " from " + after);
        break;
      }
      LockSupport.parkNanos(50_000);
    }
    switch (random.nextInt(3)) {
      case 0 -> connection.gone();
      case 1 -> {
        instance.rooms.leave(connection, room);
        connection.gone();
      }
      default -> {
        connection.close(CloseCode.NORMAL, "enough");
        sink.flow();
        sink.awaitClosed();
      }
    }
    reading.take(sink.got());
  }

  private boolean atHead(@Nullable Object latest) {
    return latest != null && Reading.wouldBeAt(log.head(room), latest);
  }
}
