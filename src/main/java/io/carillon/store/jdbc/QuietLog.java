package io.carillon.store.jdbc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Rate-limited log of warnings: the same one is written once in ten seconds, with the number of
 * repetitions. Safe for threads.
 */
final class QuietLog {
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

  private final System.Logger log;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private String last = "";

  @GuardedBy("this")
  private long written;

  @GuardedBy("this")
  private int unwritten;

  QuietLog(System.Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  synchronized void warn(String text) {
    long now = nanos.getAsLong();
    if (text.equals(last) && now - written < PAUSE) {
      unwritten++;
      return;
    }
    boolean repeats = text.equals(last) && unwritten > 0;
    log.log(Level.WARNING, repeats ? text + " (and " + unwritten + " more)" : text);
    last = text;
    written = now;
    unwritten = 0;
  }
}
