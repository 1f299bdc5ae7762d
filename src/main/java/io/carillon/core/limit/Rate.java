package io.carillon.core.limit;

/**
 * Rate of a token bucket.
 *
 * @param perSecond tokens that come back each second, from 1
 * @param burst tokens of a full bucket, from 1
 */
public record Rate(int perSecond, int burst) {
  /** Checks the bounds. */
  public Rate {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException("must be at least 1 a second, and 1 at once");
    }
  }

  /**
   * Reads {@code 20/100}: 20 a second, 100 at once.
   *
   * @throws IllegalArgumentException with the fault
   */
  public static Rate parse(String text) {
    String[] parts = text.strip().split("/", -1);
    try {
      if (parts.length == 2) {
        return new Rate(Integer.parseInt(parts[0].strip()), Integer.parseInt(parts[1].strip()));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be two whole numbers such as 20/100", e);
    }
    throw new IllegalArgumentException("must be off, or a rate and a burst such as 20/100");
  }
}
