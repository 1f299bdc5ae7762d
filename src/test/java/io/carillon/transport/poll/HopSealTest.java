package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.ManualTime;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Nobody without the cluster's secret can say that a request comes from an instance. */
final class HopSealTest {
  private static final HopWord HOP = new HopWord("0a1b2c3d", "192.0.2.7", true, "app.example:8443");
  private static final String REQUEST = "GET /socket.io/?EIO=4&sid=x";

  private final ManualTime time = new ManualTime();
  private final HopSeal here = seal("the secret of this cluster");
  private final HopSeal there = seal("the secret of this cluster");

  private HopSeal seal(String secret) {
    return new HopSeal(() -> secret.getBytes(StandardCharsets.UTF_8), time);
  }

  @Test
  void whatOneInstanceSealsAnotherOneOpens() {
    assertEquals(HOP, there.open(here.seal(HOP, REQUEST), REQUEST));
    HopWord bare = new HopWord("0a1b2c3d", "2001:db8::1", false, "");
    assertEquals(bare, there.open(here.seal(bare, REQUEST), REQUEST));
  }

  @Test
  void aSealIsGoodForItsRequestAlone() {
    String sealed = here.seal(HOP, REQUEST);
    assertNull(there.open(sealed, "POST /socket.io/?EIO=4&sid=x"));
    assertNull(there.open(sealed, REQUEST + "y"));
  }

  @Test
  void aSealOfAnotherClusterIsNone() {
    assertNull(there.open(seal("the secret of another one").seal(HOP, REQUEST), REQUEST));
  }

  @Test
  void noCharacterOfASealCanBeChanged() {
    String sealed = here.seal(HOP, REQUEST);
    for (int i = 0; i < sealed.length(); i++) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertNull(there.open(changed, REQUEST), changed);
    }
    for (String odd : new String[] {"", ".", "a.b", sealed + '.', sealed.substring(1), "\n.\n"}) {
      assertNull(there.open(odd, REQUEST), odd);
    }
  }

  @Test
  void aSealIsGoodForHalfAMinute() {
    String sealed = here.seal(HOP, REQUEST);
    time.pass(HopSeal.NEAR);
    assertEquals(HOP, there.open(sealed, REQUEST));
    time.pass(java.time.Duration.ofMillis(1));
    assertNull(there.open(sealed, REQUEST));
  }

  @Test
  void aReceiptIsOfOneRequest() {
    String sealed = here.seal(HOP, REQUEST);
    time.pass(java.time.Duration.ofMillis(1));
    String another = here.seal(HOP, REQUEST);
    assertNotEquals(sealed, another);
    assertTrue(here.isReceipt(there.receipt(sealed), sealed));
    assertFalse(here.isReceipt(there.receipt(another), sealed));
    assertFalse(here.isReceipt(sealed, sealed));
    assertFalse(here.isReceipt("", sealed));
  }
}
