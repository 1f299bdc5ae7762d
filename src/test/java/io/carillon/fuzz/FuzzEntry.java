package io.carillon.fuzz;

/** What Jazzer calls, with the target that the property {@code carillon.fuzz.target} names. */
public final class FuzzEntry {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(System.getProperty("carillon.fuzz.target"));

  private FuzzEntry() {}

  /** Tries an input. */
  public static void fuzzerTestOneInput(byte[] input) {
    TARGET.take(input);
  }
}
