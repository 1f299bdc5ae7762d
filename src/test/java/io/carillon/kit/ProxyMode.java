package io.carillon.kit;

/**
 * What a {@link Proxy} does to the bytes that pass.
 *
 * @param delay milliseconds that every chunk waits, in each direction
 * @param rate bytes a second towards the client; 0: no bound
 * @param blackhole nothing passes and nothing is closed: what a cut cable looks like
 * @param resets open connections are reset, new ones are too
 * @param cutAfter bytes from the target after which the connection is reset; -1: never
 */
public record ProxyMode(int delay, int rate, boolean blackhole, boolean resets, long cutAfter) {
  /** Everything passes. */
  public static ProxyMode pass() {
    return new ProxyMode(0, 0, false, false, -1);
  }

  /** Every chunk waits this many milliseconds in each direction. */
  public static ProxyMode delay(int milliseconds) {
    return new ProxyMode(milliseconds, 0, false, false, -1);
  }

  /** Towards the client so many bytes a second pass. */
  public static ProxyMode throttle(int bytesPerSecond) {
    return new ProxyMode(0, bytesPerSecond, false, false, -1);
  }

  /** Nothing passes, nothing is closed. */
  public static ProxyMode blackholed() {
    return new ProxyMode(0, 0, true, false, -1);
  }

  /** Open connections are reset and new ones too. */
  public static ProxyMode reset() {
    return new ProxyMode(0, 0, false, true, -1);
  }

  /** A connection is reset once so many bytes have come from the target; 0: before its answer. */
  public static ProxyMode cut(long bytes) {
    return new ProxyMode(0, 0, false, false, bytes);
  }
}
