package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.Kicks;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Probe;
import io.carillon.core.spi.Revocations;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.kit.PlainFrames;
import io.carillon.kit.RecordingSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two instances over one store of kicks; what one tells the other is lost. */
class DisconnectsTest {
  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final AtomicInteger ids = new AtomicInteger();
  private final Store store = new Store();
  private final Deaf told = new Deaf();
  private final Connections here = connections();
  private final Connections there = connections();
  private final Disconnects expulsionsHere = expulsions(here);
  private final Disconnects expulsionsThere = expulsions(there);

  private Connections connections() {
    return new Connections(
        new ConnectionLimits(10, 1000, 400),
        () -> "c" + ids.incrementAndGet(),
        time::nanos,
        time,
        new SplittableRandom(7),
        RevocationFreshness.always(),
        Probe.NONE);
  }

  private Disconnects expulsions(Connections connections) {
    return new Disconnects(
        connections, told, new NoRevocations(), store, time::instant, (user, before) -> {});
  }

  private Connection open(Connections connections, String user) {
    return connections.open(
        new Identity(user, Grants.NONE, null, null),
        new PlainFrames(),
        new RecordingSink(),
        hand,
        Liveness.NONE);
  }

  @Test
  void whoMissedTheWordReadsItAndWhoComesBackStays() {
    Connection kicked = open(there, "eve");
    Connection other = open(there, "bob");
    time.pass(Duration.ofSeconds(5));
    expulsionsHere.kick("eve");
    assertEquals(1, told.sent.size());
    assertEquals(false, kicked.closing(), "the word was lost");
    time.pass(Duration.ofMillis(10));
    Connection back = open(there, "eve");
    expulsionsThere.readKicks();
    assertEquals(List.of(true, false, false), closing(kicked, other, back));
    time.pass(Duration.ofSeconds(1));
    expulsionsThere.readKicks();
    assertEquals(List.of(true, false, false), closing(kicked, other, back));
  }

  private static List<Boolean> closing(Connection... connections) {
    return List.of(connections).stream().map(Connection::closing).toList();
  }

  @Test
  void aKickThatCannotBeKeptIsNotDoneAtAll() {
    Connection stays = open(here, "eve");
    store.away = true;
    assertThrows(LogUnavailableException.class, () -> expulsionsHere.kick("eve"));
    assertEquals(false, stays.closing());
    assertEquals(List.of(), told.sent);
  }

  @Test
  void whatCouldNotBeReadIsReadTheNextTime() {
    Connection kicked = open(there, "eve");
    expulsionsThere.readKicks();
    time.pass(Duration.ofSeconds(5));
    expulsionsHere.kick("eve");
    store.away = true;
    for (int i = 0; i < 100; i++) {
      assertThrows(LogUnavailableException.class, expulsionsThere::readKicks);
      time.pass(Duration.ofSeconds(1));
    }
    store.away = false;
    expulsionsThere.readKicks();
    assertEquals(true, kicked.closing());
  }

  private final class Store implements Kicks {
    private final Map<String, Instant> at = new HashMap<>();
    private boolean away;

    private void check() {
      if (away) {
        throw new LogUnavailableException("away", null);
      }
    }

    @Override
    public void kick(String user) {
      check();
      at.put(user, time.instant());
    }

    @Override
    public Latest since(Instant from) {
      check();
      Map<String, Instant> later = new HashMap<>(at);
      later.values().removeIf(moment -> !moment.isAfter(from));
      return new Latest(later, time.instant());
    }

    @Override
    public void forget(Duration age) {}
  }

  private static final class NoRevocations implements Revocations {
    @Override
    public void revoke(String user, Instant before) {}

    @Override
    public RevocationChanges since(Instant from) {
      return new RevocationChanges(Map.of(), from);
    }

    @Override
    public void forget(Duration age) {}
  }

  /** Takes what is said, and tells nobody. */
  private static final class Deaf implements Backplane {
    final List<Control> sent = new ArrayList<>();

    @Override
    public void start(Listener told) {}

    @Override
    public void ring(RoomName room, String epoch, long seq) {}

    @Override
    public void ringPresence(RoomName room, long revision) {}

    @Override
    public void send(Signal signal) {}

    @Override
    public void send(Control control) {
      sent.add(control);
    }

    @Override
    public boolean connected() {
      return true;
    }

    @Override
    public void close() {}
  }
}
