package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {
  private final List<JWK> served = new ArrayList<>(List.of(named("old")));
  private boolean away;
  private int fetches;
  private long nanos;
  private final IssuerKeys keys = new IssuerKeys(this::fetch, () -> nanos);

  @Test
  void anIssuerThatIsAwayIsNoBadToken() throws Exception {
    away = true;
    assertFalse(keys.available());
    keys.keep();
    for (int i = 0; i < 5; i++) {
      IssuerKeys.Away told = assertThrows(IssuerKeys.Away.class, () -> ask("old"));
      assertFalse(told.retryAfter().compareTo(IssuerKeys.RETRY) > 0, told.retryAfter()::toString);
    }
    assertEquals(1, fetches, "asking does not make it worse for the issuer");
    away = false;
    pass(IssuerKeys.RETRY);
    assertEquals(1, ask("old"));
    assertTrue(keys.available());
  }

  @Test
  void theyAreFetchedBeforeAnybodyAsks() throws Exception {
    keys.keep();
    assertTrue(keys.available());
    assertEquals(1, ask("old"));
    pass(IssuerKeys.KEEP.minusNanos(1));
    keys.keep();
    assertEquals(1, fetches);
    pass(Duration.ofNanos(1));
    keys.keep();
    assertEquals(2, fetches);
  }

  @Test
  void aNewKeyIsTakenAtOnce() throws Exception {
    keys.keep();
    pass(IssuerKeys.PAUSE);
    served.add(named("new"));
    assertEquals(1, ask("new"));
  }

  @Test
  void inventedNamesKeepNobodyFromTheNewKey() throws Exception {
    keys.keep();
    pass(IssuerKeys.PAUSE);
    assertEquals(0, ask("invented"), "fetched for it, and it is not there");
    for (int i = 0; i < 1000; i++) {
      assertEquals(0, ask("invented"));
      String name = "invented " + i;
      assertThrows(IssuerKeys.Away.class, () -> ask(name));
    }
    assertEquals(2, fetches);
    served.add(named("new"));
    assertThrows(IssuerKeys.Away.class, () -> ask("new"), "told to come back, not that it is bad");
    assertEquals(1, ask("old"));
    pass(IssuerKeys.PAUSE);
    assertEquals(1, ask("new"));
  }

  @Test
  void anUnknownKeyIsNotBadWhileTheIssuerIsAway() throws Exception {
    keys.keep();
    pass(IssuerKeys.PAUSE);
    away = true;
    assertThrows(IssuerKeys.Away.class, () -> ask("new"));
    assertThrows(IssuerKeys.Away.class, () -> ask("new"));
    assertEquals(1, ask("old"), "what is known goes on");
  }

  @Test
  void anOutageOfAnHourIsEndured() throws Exception {
    keys.keep();
    away = true;
    pass(IssuerKeys.KEEP.plus(IssuerKeys.OUTAGE).minusNanos(1));
    keys.keep();
    assertEquals(1, ask("old"));
    pass(Duration.ofNanos(1));
    assertFalse(keys.available());
    assertThrows(IssuerKeys.Away.class, () -> ask("old"));
  }

  private JWKSet fetch() throws IOException {
    fetches++;
    if (away) {
      throw new IOException("away");
    }
    return new JWKSet(List.copyOf(served));
  }

  private int ask(@Nullable String name) throws IssuerKeys.Away {
    return keys.get(new JWKSelector(new JWKMatcher.Builder().keyID(name).build()), null).size();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private static JWK named(String name) {
    return new RSAKey.Builder(Tokens.RSA.toPublicJWK()).keyID(name).build();
  }
}
