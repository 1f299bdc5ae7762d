package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RevocationListTest {
  private final Tokens.MemoryRevocations store = new Tokens.MemoryRevocations();
  private final RevocationList list = new RevocationList(store, Tokens.KEPT, Tokens.noBans());

  @Test
  void whatWasHeardCountsAtOnceAndSurvivesAnOlderCopyOfTheStore() {
    list.add("alice", Tokens.NOW);
    assertTrue(list.refuses(Tokens.identity("alice")));

    list.refresh();

    assertTrue(list.refuses(Tokens.identity("alice")));
    assertFalse(list.refuses(Tokens.identity("bob")));
  }

  @Test
  void theLatestMomentHoldsWhereverItComesFrom() {
    store.revoke("alice", Tokens.NOW);
    list.refresh();
    list.add("alice", Tokens.NOW.minusSeconds(3600));
    assertTrue(list.refuses(Tokens.identity("alice")));

    list.refresh();

    assertTrue(list.refuses(Tokens.identity("alice")));
  }

  @Test
  void onlyWhatIsNewIsRead() {
    for (int i = 0; i < 1000; i++) {
      store.revoke("user" + i, Tokens.NOW);
    }
    list.refresh();
    assertEquals(1000, store.read);
    pass(RevocationList.OVERLAP.plusSeconds(1));
    store.revoke("alice", Tokens.NOW);

    list.refresh();
    assertEquals(1001, store.read, "all are within the overlap of the first read");
    pass(RevocationList.OVERLAP.plusSeconds(1));
    store.revoke("bob", Tokens.NOW);
    list.refresh();

    assertEquals(2, store.read, "alice is within the overlap of two reads");
    assertTrue(list.refuses(Tokens.identity("alice")));
    assertTrue(list.refuses(Tokens.identity("bob")));
    assertTrue(list.refuses(Tokens.identity("user999")));
  }

  @Test
  void whatBecameVisibleLaterThanTheOverlapIsReadWithTheWhole() {
    list.refresh();
    Instant written = store.now;
    pass(RevocationList.WHOLE);
    list.refresh();
    list.refresh();
    Instant here = store.now;
    store.now = written;
    store.revoke("alice", Tokens.NOW);
    store.now = here;
    list.refresh();
    assertFalse(list.refuses(Tokens.identity("alice")), "outside of the overlap");

    pass(RevocationList.WHOLE);
    list.refresh();
    list.refresh();

    assertTrue(list.refuses(Tokens.identity("alice")));
  }

  @Test
  void whatNoCredentialCanBeAsOldAsIsForgotten() {
    list.add("alice", Tokens.NOW);
    list.refresh();
    assertTrue(list.refuses(Tokens.identity("alice")));
    pass(Tokens.KEPT);
    list.refresh();
    assertTrue(list.refuses(Tokens.identity("alice")), "not a moment too early");
    pass(RevocationList.WHOLE);

    list.refresh();

    assertFalse(list.refuses(Tokens.identity("alice")));
  }

  private void pass(Duration time) {
    store.now = store.now.plus(time);
  }

  @Test
  void aCredentialMadeAtThatVeryMomentIsGood() {
    list.add("alice", Tokens.NOW.minusSeconds(10));
    assertFalse(list.refuses(Tokens.identity("alice")));
    list.add("alice", Tokens.NOW.minusSeconds(10).plusMillis(1));
    assertTrue(list.refuses(Tokens.identity("alice")));
  }
}
