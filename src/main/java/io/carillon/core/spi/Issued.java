package io.carillon.core.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * Credential that was just made. Its {@code toString()} hides the secret.
 *
 * @param secret what the client shall present
 * @param expires when it ends
 */
public record Issued(String secret, Instant expires) {
  /** Checks that both are there. */
  public Issued {
    Objects.requireNonNull(secret);
    Objects.requireNonNull(expires);
  }

  @Override
  public String toString() {
    return "Issued[expires=" + expires + ']';
  }
}
