package io.carillon.core.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * Newly issued credential. Its {@code toString()} hides the secret.
 *
 * @param secret the secret for the client to present
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
