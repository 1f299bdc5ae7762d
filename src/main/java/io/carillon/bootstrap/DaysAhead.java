package io.carillon.bootstrap;

import io.carillon.store.jdbc.Retention;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Number of days after today for which the log has partitions, kept up by retention runs. At
 * midnight (UTC) an event needs the next day's partition, so readiness and a gauge show it.
 */
final class DaysAhead {
  private final Retention retention;
  private final Clock clock;
  private volatile @Nullable LocalDate last;

  DaysAhead(Retention retention, Clock clock) {
    this.retention = retention;
    this.clock = clock;
  }

  /** Runs retention, which makes and empties days, then counts the days ahead; blocks. */
  void keep() throws SQLException {
    try {
      retention.run();
    } finally {
      last = LocalDate.now(clock).plusDays(retention.daysAhead());
    }
  }

  /** The days ahead as of the last {@link #keep}; -1 before the first. Cheap. */
  int count() {
    LocalDate day = last;
    return day == null ? -1 : (int) ChronoUnit.DAYS.between(LocalDate.now(clock), day);
  }
}
