package io.carillon.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Content;
import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.Backplane.Control;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every backplane must do. A subclass makes instances that share one medium per test. */
public abstract class BackplaneContract {
  private static final RoomName ROOM = new RoomName("orders:42");
  private static final RoomName LAST = new RoomName("the:last");

  private final List<Backplane> made = new ArrayList<>();

  /** For the tasks of the backplanes. */
  protected final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /** Another instance on the test's medium, not started. */
  protected abstract Backplane make();

  @AfterEach
  void closeAll() {
    made.forEach(Backplane::close);
    executor.shutdownNow();
  }

  protected final Backplane started(Heard heard) throws InterruptedException {
    Backplane backplane = make();
    made.add(backplane);
    assertFalse(backplane.connected());
    backplane.start(heard);
    heard.await("missed() after the start", h -> h.missed > 0);
    assertTrue(backplane.connected());
    return backplane;
  }

  protected static Signal signal(String data, String to) {
    return new Signal(ROOM, new EventName("typing"), data, "älice \u0001", "c-1", to);
  }

  private static Signal bytes(byte[] bytes, @Nullable String to) {
    return new Signal(ROOM, new EventName("raw"), Content.bytes(bytes), "alice", "", to);
  }

  @Test
  void everybodyElseHearsAndTheSenderDoesNot() throws InterruptedException {
    Heard a = new Heard();
    Heard b = new Heard();
    Heard c = new Heard();
    Backplane sender = started(a);
    Backplane other = started(b);
    started(c);
    sender.ring(ROOM, "k3f9", 17);
    sender.ringPresence(ROOM, 5);
    b.await("position", h -> "k3f9.17".equals(h.positions.get(ROOM)));
    b.await("revision", h -> h.revisions.containsKey(ROOM));
    c.await("position", h -> "k3f9.17".equals(h.positions.get(ROOM)));
    c.await("revision", h -> h.revisions.getOrDefault(ROOM, 0L) == 5);
    other.ring(LAST, "e", 1);
    a.await("what came after", h -> h.positions.containsKey(LAST));
    assertTrue(a.now(h -> !h.positions.containsKey(ROOM) && h.revisions.isEmpty()));
  }

  @Test
  void theHighestLevelArrivesWhateverIsCollapsed() throws InterruptedException {
    Heard b = new Heard();
    Backplane sender = started(new Heard());
    started(b);
    for (int i = 1; i <= 20_000; i++) {
      sender.ring(ROOM, "k3f9", i);
      sender.ringPresence(ROOM, i);
    }
    b.await(
        "the last position", h -> "k3f9.20000".equals(h.positions.get(ROOM)) || h.everything > 0);
    b.await(
        "the last revision", h -> h.revisions.getOrDefault(ROOM, 0L) == 20_000 || h.everything > 0);
  }

  @Test
  void aLowerLevelOfTheSameEpochNeverHidesAHigherOne() throws InterruptedException {
    Heard b = new Heard();
    Backplane sender = started(new Heard());
    started(b);
    sender.ring(ROOM, "k3f9", 9);
    sender.ring(ROOM, "k3f9", 3);
    sender.ring(LAST, "e", 1);
    b.await("what came last", h -> h.positions.containsKey(LAST));
    assertTrue(b.now(h -> h.highest.get(ROOM) == 9));
  }

  @Test
  void manyRoomsAreAllToldOrSomethingIsSaidToBeMissed() throws InterruptedException {
    Heard b = new Heard();
    Backplane sender = started(new Heard());
    started(b);
    for (int i = 0; i < 10_000; i++) {
      sender.ring(new RoomName("r".repeat(190) + ':' + i), "0123456789abcdef0123456789abcdef", i);
    }
    b.await("10,000 rooms or everything()", h -> h.positions.size() == 10_000 || h.everything > 0);
  }

  @Test
  void signalsArriveWhole() throws InterruptedException {
    Heard b = new Heard();
    Backplane sender = started(new Heard());
    started(b);
    List<Signal> sent =
        List.of(
            signal("{\"x\":1}", null),
            signal("\"ü€𝄞 \\u0000\"", "bob"),
            signal('"' + "s".repeat(2_900) + '"', null),
            signal('"' + "m".repeat(5_000) + '"', null),
            signal('"' + "l".repeat(Signal.MAX_DATA_BYTES - 2) + '"', "bob"),
            bytes(new byte[] {0, 127, -128, -1}, "bob"),
            bytes(new byte[0], null),
            bytes(new byte[Signal.MAX_DATA_BYTES], null));
    sent.forEach(sender::send);
    b.await("all signals", h -> h.signals.size() == sent.size());
    assertTrue(b.now(h -> h.signals.containsAll(sent)));
  }

  @Test
  void controlWordsArrive() throws InterruptedException {
    Heard b = new Heard();
    Backplane sender = started(new Heard());
    started(b);
    List<Control> sent =
        List.of(
            new Control.Kick("alice", null),
            new Control.Kick("bob", Instant.parse("2026-11-21T22:00:00.123456Z")));
    sent.forEach(sender::send);
    b.await("both", h -> h.controls.size() == 2);
    assertEquals(sent, List.copyOf(b.controls));
  }

  @Test
  void theListenerIsToldByOneThreadAtATime() throws InterruptedException {
    Heard c = new Heard();
    Backplane a = started(new Heard());
    Backplane b = started(new Heard());
    started(c);
    List<Thread> senders = new ArrayList<>();
    for (Backplane sender : List.of(a, b)) {
      senders.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 2_000; i++) {
                      sender.send(signal(Integer.toString(i), null));
                      sender.ring(ROOM, "e", i);
                    }
                    sender.send(new Control.Kick("the-end", null));
                  }));
    }
    for (Thread sender : senders) {
      sender.join();
    }
    c.await("both ends", h -> h.controls.size() == 2);
    assertFalse(c.overlapped);
  }

  @Test
  void afterCloseNothingArrivesAndNothingThrows() throws InterruptedException {
    Heard closed = new Heard();
    Heard witness = new Heard();
    Backplane sender = started(new Heard());
    Backplane other = started(closed);
    started(witness);
    other.close();
    other.close();
    assertFalse(other.connected());
    int before = closed.calls;
    sender.ring(ROOM, "e", 1);
    witness.await("the doorbell", h -> h.positions.containsKey(ROOM));
    assertEquals(before, closed.calls);
    assertDoesNotThrow(
        () -> {
          other.ring(ROOM, "e", 2);
          other.ringPresence(ROOM, 2);
          other.send(signal("1", null));
          other.send(new Control.Kick("x", null));
        });
  }
}
