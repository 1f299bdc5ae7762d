package io.carillon.bootstrap;

import java.lang.System.Logger.Level;

/**
 * Exit of the process after a fatal failure: one line of the reason in the log and an exit code,
 * which a service manager shows and acts on. Carillon is the only application of its server.
 */
final class Exit {
  /** A setting is wrong: a restart would change nothing (as in {@code sysexits.h}). */
  static final int CONFIGURATION = 78;

  /** This instance cannot be reached: a restart may help. */
  static final int UNREACHABLE = 69;

  private static final System.Logger LOG = System.getLogger("io.carillon");

  private Exit() {}

  /** Ends the process at once, before anything of it runs; never returns. */
  static Error atStart(Throwable wrong) {
    LOG.log(Level.ERROR, "Carillon does not start: " + reason(wrong));
    Runtime.getRuntime().halt(CONFIGURATION);
    throw new AssertionError("halted");
  }

  /** Ends the process in order, connections and leases included. Returns only if it cannot. */
  static void because(String reason, int code) {
    LOG.log(Level.ERROR, "Carillon ends: {0}", reason);
    System.exit(code);
  }

  /** Messages of a failure and its causes in one line, without repetitions. */
  static String reason(Throwable e) {
    String told = String.valueOf(e.getMessage());
    Throwable cause = e.getCause();
    if (cause == null) {
      return told;
    }
    String because = reason(cause);
    return told.contains(because) ? told : told + " (" + because + ")";
  }
}
