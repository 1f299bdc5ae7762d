package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the connections to the database are sealed: what cannot work is said at the start. */
final class TlsSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"key.p12", "KEY.P12", "key.pfx"})
  void aKeyThatNeedsAPassphraseIsRefused(String key) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Settings.Tls("verify-full", "root.pem", "own.pem", key));
    assertTrue(refusal.getMessage().startsWith("carillon.database.sslkey: "), refusal::getMessage);
  }

  @ParameterizedTest
  @ValueSource(strings = {"key.pem", "key.pk8", "key.der"})
  void aKeyWithoutOneIsTaken(String key) {
    assertDoesNotThrow(() -> new Settings.Tls("verify-full", "root.pem", "own.pem", key));
  }

  @Test
  void aCertificateHasAKey() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Settings.Tls("verify-full", "root.pem", "own.pem", ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Settings.Tls("verify-full", "root.pem", "", "key.pem"));
  }
}
