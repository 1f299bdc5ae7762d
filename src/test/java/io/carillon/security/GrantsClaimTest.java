package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Grants;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import java.text.MessageFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a claim's words give, and what an operator is told of those that give nothing. */
class GrantsClaimTest {
  private final Logger logger = Logger.getLogger(GrantsClaim.class.getName());
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(MessageFormat.format(line.getMessage(), line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.addHandler(handler);
  }

  @AfterEach
  void close() {
    logger.removeHandler(handler);
  }

  @Test
  void aRightThatThereIsNotIsToldOnceAndGivesNothing() throws Exception {
    for (int i = 0; i < 3; i++) {
      Grants grants = GrantsClaim.read(Map.of("orders:*", List.of("publish", "read")));
      assertTrue(grants.allow(Right.READ, new RoomName("orders:1")));
      assertFalse(grants.allow(Right.WRITE, new RoomName("orders:1")));
    }
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.getFirst().contains("publish"), lines::toString);
    assertTrue(lines.getFirst().contains("write"), "what could have been meant");
  }

  @Test
  void noWordOfAStrangerReachesTheLog() throws Exception {
    GrantsClaim.read(Map.of("*", List.of("a\nb", "x".repeat(100), "")));
    assertEquals(List.of(), lines);
  }
}
