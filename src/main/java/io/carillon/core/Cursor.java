package io.carillon.core;

import java.util.Objects;

/**
 * Position of a reader in a room's log: all events up to and including {@code seq} were seen.
 * Written {@code <epoch>.<seq>}; opaque to clients.
 *
 * @param epoch 1–32 characters of {@code a–z 0–9}; {@value #NO_EPOCH} stands for any epoch
 * @param seq the last sequence number seen, 0 before the first event
 */
public record Cursor(String epoch, long seq) {
  /** The epoch of a room without events, and of a reader that takes any epoch from seq 1. */
  public static final String NO_EPOCH = "0";

  /** Greatest length of a written cursor in characters. */
  public static final int MAX_LENGTH = 32 + 1 + 19;

  private static final Ascii EPOCH = Ascii.of("abcdefghijklmnopqrstuvwxyz0123456789");
  private static final Ascii DIGITS = Ascii.of("0123456789");

  /**
   * The position before the first event of any epoch: {@code 0.0}. (Declared after the constants
   * that its check needs.)
   */
  public static final Cursor START = new Cursor(NO_EPOCH, 0);

  /**
   * Checks both parts.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_CURSOR} if a part is out of its range
   */
  public Cursor {
    Objects.requireNonNull(epoch);
    if (seq < 0 || !EPOCH.matches(epoch, 1, 32)) {
      throw new RefusedException(ErrorCode.BAD_CURSOR);
    }
  }

  /**
   * Reads a written cursor.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_CURSOR} if it is not one
   */
  public static Cursor parse(String text) {
    int dot = text.length() > MAX_LENGTH ? -1 : text.indexOf('.');
    String digits = text.substring(dot + 1);
    if (dot < 0 || !DIGITS.matches(digits, 1, 19)) {
      throw new RefusedException(ErrorCode.BAD_CURSOR);
    }
    try {
      return new Cursor(text.substring(0, dot), Long.parseLong(digits));
    } catch (NumberFormatException beyondLong) {
      throw new RefusedException(ErrorCode.BAD_CURSOR);
    }
  }

  /** Whether this cursor takes any epoch. */
  public boolean anyEpoch() {
    return epoch.equals(NO_EPOCH);
  }

  @Override
  public String toString() {
    return epoch + '.' + seq;
  }
}
