package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.kit.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignalCipherTest {
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final byte[] WORD = "hello, nobody else".getBytes(StandardCharsets.UTF_8);

  private final ManualTime time = new ManualTime();
  private final SignalCipher sender = seal(KEY);
  private final SignalCipher receiver = seal(KEY);

  private SignalCipher seal(byte[] key) {
    return new SignalCipher(key, time, time::nanos);
  }

  @Test
  void whatIsSealedOpensOnceAndIsReadByNobodyElse() {
    String sealed = sender.seal("a", SignalRoute.INLINE, WORD);
    String bytes = new String(Base64.getUrlDecoder().decode(sealed), StandardCharsets.ISO_8859_1);
    assertFalse(bytes.contains("nobody"));
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
  void whatWasRecordedIsNotHeardAgainAfterARestart() {
    String recorded = sender.seal("a", SignalRoute.INLINE, WORD);
    assertNotNull(receiver.open("a", SignalRoute.INLINE, recorded));
    time.pass(Duration.ofMillis(1));
    SignalCipher restarted = seal(KEY);
    assertNull(restarted.open("a", SignalRoute.INLINE, recorded), "sealed before it began");
    assertNotNull(
        restarted.open("a", SignalRoute.INLINE, sender.seal("a", SignalRoute.INLINE, WORD)));
    time.pass(SignalCipher.NEAR);
    assertNull(seal(KEY).open("a", SignalRoute.INLINE, recorded));
  }

  @Test
  void whatWasHeldBackTooLongIsNotHeardAtAll() {
    time.pass(Duration.ofMinutes(5));
    String held = sender.seal("a", SignalRoute.INLINE, WORD);
    time.pass(SignalCipher.NEAR);
    assertNotNull(receiver.open("a", SignalRoute.INLINE, held));
    String longer = sender.seal("a", SignalRoute.INLINE, WORD);
    time.pass(SignalCipher.NEAR.plusMillis(1));
    assertNull(receiver.open("a", SignalRoute.INLINE, longer));
  }

  @Test
  void noNonceComesTwiceAlsoAfterARestartUnderTheSameName() {
    Set<String> nonces = new HashSet<>();
    for (SignalCipher cipher : new SignalCipher[] {sender, receiver, seal(KEY)}) {
      for (int i = 0; i < 100; i++) {
        nonces.add(
            cipher
                .seal("a", i % 2 == 0 ? SignalRoute.INLINE : SignalRoute.LARGE, WORD)
                .substring(0, 16));
      }
    }
    assertEquals(300, nonces.size());
  }

  @Test
  void anotherSenderLaneKeyOrByteIsNotOpened() {
    String sealed = sender.seal("a", SignalRoute.INLINE, WORD);
    assertNull(receiver.open("b", SignalRoute.INLINE, sealed));
    assertNull(receiver.open("a", SignalRoute.LARGE, sealed));
    assertNull(seal(new byte[32]).open("a", SignalRoute.INLINE, sealed));
    for (int i = 0; i < sealed.length(); i += 7) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      assertNull(
          receiver.open(
              "a", SignalRoute.INLINE, sealed.substring(0, i) + other + sealed.substring(i + 1)));
    }
    assertNull(receiver.open("a", SignalRoute.INLINE, ""));
    assertNull(receiver.open("a", SignalRoute.INLINE, "A".repeat(48)));
    assertNull(receiver.open("a", SignalRoute.INLINE, "!"));
    assertNotNull(
        receiver.open("a", SignalRoute.INLINE, sealed), "none of that may use the signal up");
  }

  @Test
  void aShortKeyIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> seal(new byte[15]));
  }
}
