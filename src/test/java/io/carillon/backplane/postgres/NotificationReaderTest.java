package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.Heard;
import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane;
import io.carillon.kit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotificationReaderTest {
  private static final byte[] KEY = new byte[32];

  private final Heard heard = new Heard();
  private final BackplaneCounters counters = new BackplaneCounters();
  private final ManualTime time = new ManualTime();
  private boolean older;
  private final NotificationReader reader = ear(heard);

  private NotificationReader ear(Backplane.Listener listener) {
    return new NotificationReader(
        "me", listener, new SignalCiphers(KEY, time, () -> older), counters);
  }

  @Test
  void everythingIsToldOnceForAnArrivalHoweverOftenItIsSaid() {
    for (int i = 0; i < 20; i++) {
      reader.hear("1 forger" + " *".repeat(200));
    }
    assertEquals(0, heard.everything);
    reader.endOfArrival();
    assertEquals(1, heard.everything);
    assertEquals(0, heard.missed, "nothing of what is known is doubted for it");
    reader.endOfArrival();
    assertEquals(1, heard.everything);
    reader.hear("1 forger *");
    reader.endOfArrival();
    assertEquals(2, heard.everything);
  }

  @Test
  void largeWordsAreReadSomeAtATimeAndInOrder() {
    List<Integer> chunks = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      reader.hear("1 other l/other-" + i);
    }
    while (reader.reading()) {
      List<NotificationReader.Large> some = reader.announced();
      chunks.add(some.size());
      some.forEach(l -> ids.add(l.id()));
    }
    assertTrue(chunks.stream().allMatch(size -> size <= 32));
    assertEquals(500, ids.size());
    assertEquals("other-0", ids.getFirst());
    assertEquals("other-499", ids.getLast());
    assertEquals(0, counters.dropped.sum());
  }

  @Test
  void moreLargeWordsThanMayWaitAreDroppedAndCounted() {
    for (int i = 0; i < 1_030; i++) {
      reader.hear("1 forger l/x");
    }
    assertEquals(6, counters.dropped.sum());
  }

  private static byte[] kick() {
    return SignalCodec.write(new Backplane.Control.Kick("eve", null));
  }

  @Test
  void theVersionBeforeIsBelievedWhileItLivesAndItsCopiesOfOurWordsAreNot() {
    PreviousSignalCipher old = new PreviousSignalCipher(KEY);
    reader.hear("1 other s/" + old.seal("other", SignalRoute.INLINE, kick()));
    assertEquals(1, counters.forged.sum(), "nobody of that version lives");
    older = true;
    reader.hear("1 other s/" + old.seal("other", SignalRoute.INLINE, kick()));
    assertEquals(1, heard.controls.size());
    reader.hear("1 new-v1 s/" + old.seal("new-v1", SignalRoute.INLINE, kick()));
    reader.hear(
        "2 new s/"
            + new SignalCipher(KEY, time, time::nanos).seal("new", SignalRoute.INLINE, kick()));
    assertEquals(2, heard.controls.size(), "once, in the newer way");
    assertEquals(1, counters.forged.sum());
  }

  @Test
  void whatWeSaidOurselvesIsNotHeard() {
    reader.expect("n-1");
    reader.hear("1 me t/n-2 e/r/e/1");
    assertFalse(reader.hasCome());
    reader.hear("1 me e/r/e/1 t/n-1");
    assertTrue(reader.hasCome());
    reader.hear("1 me e/r/e/1 *");
    reader.hear(
        "2 me s/"
            + new SignalCipher(KEY, time, time::nanos).seal("me", SignalRoute.INLINE, kick()));
    reader.endOfArrival();
    assertEquals(0, heard.calls);
  }

  @Test
  void aListenerThatThrowsAtALargeWordStopsNothing() {
    NotificationReader fragile = ear(new Throwing());
    Signal signal = new Signal(new RoomName("r"), new EventName("n"), "1", "u", "c", null);
    String sealed =
        new SignalCipher(KEY, time, time::nanos)
            .seal("other", SignalRoute.LARGE, SignalCodec.write(signal));
    fragile.hearLarge(
        new NotificationReader.Large(NotificationPayload.Version.TWO, "other", "other-1"), sealed);
    fragile.hear("1 other e/r/e/1 *");
    fragile.endOfArrival();
    assertFalse(fragile.reading());
  }

  private static final class Throwing implements Backplane.Listener {
    @Override
    public void rang(RoomName room, String epoch, long seq) {
      throw new IllegalStateException();
    }

    @Override
    public void presenceRang(RoomName room, long revision) {
      throw new IllegalStateException();
    }

    @Override
    public void signalled(Signal signal) {
      throw new IllegalStateException();
    }

    @Override
    public void controlled(Backplane.Control control) {
      throw new IllegalStateException();
    }

    @Override
    public void everything() {
      throw new IllegalStateException();
    }

    @Override
    public void missed() {
      throw new IllegalStateException();
    }
  }
}
