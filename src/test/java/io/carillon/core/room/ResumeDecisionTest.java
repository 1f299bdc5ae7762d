package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.Cursor;
import io.carillon.core.Head;
import io.carillon.core.Resync.Reason;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumeDecisionTest {
  /** The log of the table has epoch b, and the older epoch a forked at 5. */
  @ParameterizedTest(name = "{0} of {1}.{2}, floor {3}: {4}")
  @CsvSource({
    // an empty room
    "0.0, 0, 0, 0, 0",
    "a.0, 0, 0, 0, 0",
    "x.0, 0, 0, 0, 0",
    "a.1, 0, 0, 0, EPOCH",
    "0.1, 0, 0, 0, AHEAD",
    // from the first event
    "0.0, b, 9, 0, 0",
    "b.0, b, 9, 0, 0",
    "0.0, b, 9, 3, EXPIRED",
    "b.0, b, 9, 1, EXPIRED",
    "0.0, b, 9, 9, EXPIRED",
    // the epoch of the log
    "b.4, b, 9, 0, 4",
    "b.9, b, 9, 0, 9",
    "b.9, b, 9, 9, 9",
    "b.10, b, 9, 0, AHEAD",
    "b.9223372036854775807, b, 9, 0, AHEAD",
    "b.3, b, 9, 3, 3",
    "b.2, b, 9, 3, EXPIRED",
    // an older epoch
    "a.0, b, 9, 0, 0",
    "a.5, b, 9, 0, 5",
    "a.6, b, 9, 0, EPOCH",
    "a.4, b, 9, 5, EXPIRED",
    "a.5, b, 5, 5, 5",
    // an epoch that never was
    "x.0, b, 9, 0, EPOCH",
    "x.1, b, 9, 0, EPOCH",
    "0.1, b, 9, 0, EPOCH",
  })
  void table(String cursor, String epoch, long seq, long floor, String expected) {
    ResumeDecision way =
        ResumeDecision.judge(
            Cursor.parse(cursor),
            new Head(epoch, seq, floor),
            e -> e.equals("a") && epoch.equals("b") ? OptionalLong.of(5) : OptionalLong.empty());
    ResumeDecision wanted =
        Character.isDigit(expected.charAt(0))
            ? new ResumeDecision.From(Long.parseLong(expected))
            : new ResumeDecision.NeedsResync(Reason.valueOf(expected));
    assertEquals(wanted, way);
  }
}
