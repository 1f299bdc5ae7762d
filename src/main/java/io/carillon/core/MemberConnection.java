package io.carillon.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Member of a room as one connection, or one lease, of a user.
 *
 * @param id the public id: for a connection {@link #idOf}; 32 hexadecimal digits
 * @param user the user's name
 * @param state the state that this connection tracked last, a JSON object as text, at most 1 KiB
 * @param since begin of the user's presence, by whichever connection, in database time
 */
public record MemberConnection(String id, String user, String state, Instant since) {
  private static final int ID_BYTES = 16;

  /** Begins what is hashed for a lease, so that no lease has the id of a connection. */
  private static final String LEASE = "lease\0";

  /** Checks that nothing required is missing. */
  public MemberConnection {
    Objects.requireNonNull(id);
    Objects.requireNonNull(user);
    Objects.requireNonNull(state);
    Objects.requireNonNull(since);
  }

  /**
   * The public id of a connection, the same on all instances. A connection finds itself among the
   * members by it, and others do not learn {@code connection}, which some protocols keep secret.
   *
   * @param connection the connection's own id, as in {@link Delivery.Welcome}
   */
  public static String idOf(String connection) {
    return hash(connection);
  }

  /**
   * The public id of a lease.
   *
   * @param key {@link Lessee#key}
   */
  public static String idOfLease(String key) {
    return hash(LEASE + key);
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
