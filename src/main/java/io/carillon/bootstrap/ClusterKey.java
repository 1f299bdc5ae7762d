package io.carillon.bootstrap;

import io.carillon.core.spi.ClusterSecrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Secret by which instances know each other's signals and requests; users of it derive keys of
 * their own. Read once. Thread-safe.
 */
final class ClusterKey implements Supplier<byte[]> {
  private static final int BYTES = 32;

  private final ClusterSecrets secrets;
  private final SecureRandom random;
  private volatile byte @Nullable [] known;

  ClusterKey(ClusterSecrets secrets, SecureRandom random) {
    this.secrets = secrets;
    this.random = random;
  }

  /**
   * The secret; blocks at the first call.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if it cannot be read
   */
  @Override
  public byte[] get() {
    byte[] key = known;
    if (key == null) {
      byte[] fresh = new byte[BYTES];
      random.nextBytes(fresh);
      String candidate = Base64.getEncoder().encodeToString(fresh);
      key = secrets.keepFirst("backplane", candidate).getBytes(StandardCharsets.US_ASCII);
      known = key;
    }
    return key.clone();
  }
}
