package io.carillon.core;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Authenticated identity of a request or a connection.
 *
 * @param user claim {@code sub} (or {@code upn}); 1–256 characters
 * @param grants what the credential allows
 * @param issuedAt when the credential was made, or null if it does not say
 * @param expiresAt when it ends, or null if it does not
 */
public record Identity(
    String user, Grants grants, @Nullable Instant issuedAt, @Nullable Instant expiresAt) {
  /**
   * Who has not shown a credential yet, and so has no right at all. It is told by what it is, not
   * by its name, which a user may have too.
   */
  public static final Identity NOBODY = new Identity("nobody", Grants.NONE, null, null);

  /**
   * Who was let in by the application without a credential. It has no right of its own, and is told
   * by what it is, like {@link #NOBODY}.
   */
  public static final Identity GUEST = new Identity("anonymous", Grants.NONE, null, null);

  /** Checks the user's name. */
  public Identity {
    Objects.requireNonNull(grants);
    if (user.isEmpty() || user.length() > Publication.MAX_USER_LENGTH) {
      throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }
  }

  /** Whether no credential was shown yet. */
  @SuppressWarnings("ReferenceEquality")
  public boolean isNobody() {
    return this == NOBODY;
  }

  /** Whether it is nobody's, or that of {@link #GUEST}. */
  @SuppressWarnings("ReferenceEquality")
  public boolean isUnknown() {
    return this == NOBODY || this == GUEST;
  }
}
