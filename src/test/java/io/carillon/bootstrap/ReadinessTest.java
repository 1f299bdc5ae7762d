package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator reads at the start and afterwards. */
class ReadinessTest {
  private final Logger logger = Logger.getLogger("io.carillon");
  private final List<String> lines = new ArrayList<>();
  private List<String> missing = List.of("started", "database");

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
    logger.setLevel(Level.ALL);
  }

  @AfterEach
  void close() {
    logger.removeHandler(handler);
    logger.setLevel(null);
  }

  @Test
  void everyChangeIsOneLineWithWhatIsMissing() {
    Readiness readiness = new Readiness(() -> missing, () -> "instance one");
    readiness.look();
    missing = List.of("writer");
    readiness.look();
    assertEquals(List.of(), lines, "nothing before it was ready once: the start says why not");
    missing = List.of();
    readiness.look();
    readiness.look();
    missing = List.of("writer", "keys");
    readiness.look();
    readiness.look();
    missing = List.of();
    readiness.look();
    missing = List.of("accepting");
    readiness.look();
    assertEquals(
        List.of(
            "Carillon is ready: instance one",
            "Carillon is not ready, for want of: writer, keys",
            "Carillon is ready again",
            "Carillon is going away and no longer ready"),
        lines);
  }

  @Test
  void theSameComplaintIsNotRepeatedAtEveryTry() {
    AtomicLong now = new AtomicLong();
    Repeated repeated = new Repeated(Duration.ofSeconds(30), now::get);
    assertTrue(repeated.worth("no database"));
    assertFalse(repeated.worth("no database"));
    assertTrue(repeated.worth("no role"));
    now.addAndGet(Duration.ofSeconds(30).toNanos());
    assertTrue(repeated.worth("no role"));
  }

  @Test
  void aReasonIsOneLineThatNamesEachCauseOnce() {
    RuntimeException cause = new IllegalArgumentException("no such file");
    assertEquals(
        "the key is bad (no such file)",
        Exit.reason(new IllegalStateException("the key is bad", cause)));
    assertEquals(
        "x: no such file", Exit.reason(new IllegalStateException("x: no such file", cause)));
  }

  @Test
  void settingsThatMeanNothingAreFoundInBothSpellings() {
    assertEquals(
        Set.of("CARILLON_LOG_RETENTON", "carillon.datbase.host"),
        Surroundings.unknown(
            List.of(
                "CARILLON_LOG_RETENTON",
                "CARILLON_LOG_RETENTION",
                "carillon.datbase.host",
                "carillon.max.connections",
                "CARILLON_DATABASE_POOL",
                "carillon.log.writers",
                "PATH",
                "mp.jwt.verify.issuer")));
  }
}
