package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.spi.Bans;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class BanListTest {
  private static final Instant NOW = Instant.parse("2026-11-21T22:00:00Z");

  /** A read that began before a ban and ends after it was known. */
  @Test
  void anOldReadThatEndsLateForgetsNoBan() throws InterruptedException {
    AtomicReference<List<Bans.Ban>> stored = new AtomicReference<>(List.of());
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch banned = new CountDownLatch(1);
    Bans store =
        new Bans() {
          @Override
          public void ban(Ban ban) {
            throw new UnsupportedOperationException();
          }

          @Override
          public boolean lift(String user) {
            return false;
          }

          @Override
          public List<Ban> active() {
            List<Ban> seen = stored.get();
            if (seen.isEmpty()) {
              reading.countDown();
              awaitQuietly(banned);
            }
            return seen;
          }
        };
    BanList list = new BanList(store, () -> NOW);
    Thread slow = Thread.ofVirtual().start(list::refresh);
    reading.await();
    stored.set(List.of(new Bans.Ban("mallory", NOW.plusSeconds(60), "loud", "olga")));
    list.refresh();
    assertTrue(list.bans("mallory"));
    banned.countDown();
    slow.join();
    assertTrue(list.bans("mallory"), "the old read has won");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
