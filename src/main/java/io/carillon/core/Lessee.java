package io.carillon.core;

import org.jspecify.annotations.Nullable;

/**
 * Holder of a membership without a socket: a user, or one client of a user. A client numbers its
 * calls, so that an overtaken call has no effect.
 *
 * @param user the user's name
 * @param client what the client calls itself: 1–64 characters of {@code A–Z a–z 0–9 _ -}; empty for
 *     the user without a client
 * @param call the number of this call of the client, 1 to 2^53 - 1; 0 if the client does not count
 */
public record Lessee(String user, String client, long call) {
  /** The longest name of a client. */
  public static final int MAX_CLIENT_LENGTH = 64;

  /** The greatest integer that every JSON reader represents exactly. */
  public static final long MAX_CALL = (1L << 53) - 1;

  /** No user's name is taken for a client's key that begins with it. */
  private static final String MARK = "\u001f";

  /**
   * Checks the client.
   *
   * @throws RefusedException with {@code bad_frame}
   */
  public Lessee {
    boolean good =
        client.length() <= MAX_CLIENT_LENGTH
            && client.chars().allMatch(Lessee::isAllowed)
            && call >= 0
            && call <= (client.isEmpty() ? 0 : MAX_CALL);
    if (!good) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  /** The user, without a client. */
  public static Lessee of(String user) {
    return new Lessee(user, "", 0);
  }

  /**
   * Reads what a request says of its client.
   *
   * @param client null or empty: the user, without a client
   * @param call decimal; null or empty: not counted
   * @throws RefusedException with {@code bad_frame}
   */
  public static Lessee parse(String user, @Nullable String client, @Nullable String call) {
    return new Lessee(user, client == null ? "" : client, number(call));
  }

  private static long number(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    if (text.length() > 16 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return Long.parseLong(text);
  }

  private static boolean isAllowed(int c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /** The same for all calls of one client of one user, and for nobody else; for stores. */
  public String key() {
    return client.isEmpty() && !user.startsWith(MARK) ? user : MARK + client + MARK + user;
  }
}
