package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PreviousSignalCipherTest {
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final byte[] WORD = "hello".getBytes(StandardCharsets.UTF_8);

  private final PreviousSignalCipher sender = new PreviousSignalCipher(KEY);
  private final PreviousSignalCipher receiver = new PreviousSignalCipher(KEY);

  @Test
  void whatIsSealedOpensOnce() {
    String sealed = sender.seal("a", SignalRoute.INLINE, WORD);
    assertArrayEquals(WORD, receiver.open("a", SignalRoute.INLINE, sealed));
    assertNull(receiver.open("a", SignalRoute.INLINE, sealed));
  }

  @Test
  void anOlderWordIsNotTakenAfterANewerOne() {
    String first = sender.seal("a", SignalRoute.INLINE, WORD);
    String second = sender.seal("a", SignalRoute.INLINE, WORD);
    assertNotNull(receiver.open("a", SignalRoute.INLINE, second));
    assertNull(receiver.open("a", SignalRoute.INLINE, first));
  }

  @Test
  void lanesKeepTheirOwnOrder() {
    String large = sender.seal("a", SignalRoute.LARGE, WORD);
    String inline = sender.seal("a", SignalRoute.INLINE, WORD);
    assertNotNull(receiver.open("a", SignalRoute.INLINE, inline));
    assertNotNull(receiver.open("a", SignalRoute.LARGE, large));
  }

  @Test
  void anotherSenderLaneKeyOrByteIsNotOpened() {
    String sealed = sender.seal("a", SignalRoute.INLINE, WORD);
    assertNull(receiver.open("b", SignalRoute.INLINE, sealed));
    assertNull(receiver.open("a", SignalRoute.LARGE, sealed));
    assertNull(new PreviousSignalCipher(new byte[32]).open("a", SignalRoute.INLINE, sealed));
    for (int i = 0; i < sealed.length(); i += 7) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      assertNull(
          receiver.open(
              "a", SignalRoute.INLINE, sealed.substring(0, i) + other + sealed.substring(i + 1)));
    }
    assertNull(receiver.open("a", SignalRoute.INLINE, ""));
    assertNull(receiver.open("a", SignalRoute.INLINE, "A".repeat(43)));
    assertNull(receiver.open("a", SignalRoute.INLINE, "!"));
    assertNotNull(
        receiver.open("a", SignalRoute.INLINE, sealed), "none of that may use the signal up");
  }

  @Test
  void aShortKeyIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PreviousSignalCipher(new byte[15]));
  }
}
