package io.carillon.bootstrap;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/** Generator of ids and names. Thread-safe. */
final class Ids {
  private final SecureRandom random;
  private final InstantSource clock;

  Ids(SecureRandom random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  /** 128 random bits: an unguessable connection id. */
  String connection() {
    byte[] bits = new byte[16];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /** 144 random bits in base64url: the name of something that its owner alone may know. */
  String secret() {
    byte[] bits = new byte[18];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /** A UUID version 7 (RFC 9562, 5.7): milliseconds, then 74 random bits. */
  String event() {
    byte[] bits = new byte[10];
    random.nextBytes(bits);
    long high = clock.millis() << 16 | 0x7000 | (bits[0] & 0x0f) << 8 | (bits[1] & 0xff);
    long low = 0b10;
    for (int i = 2; i < 10; i++) {
      low = i == 2 ? low << 6 | (bits[2] & 0x3f) : low << 8 | (bits[i] & 0xff);
    }
    return new UUID(high, low).toString();
  }

  /** A short random name for an instance without a configured one. */
  String instance() {
    byte[] bits = new byte[4];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }
}
