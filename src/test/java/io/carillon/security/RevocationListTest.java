package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RevocationListTest {
  private final Tokens.MemoryRevocations store = new Tokens.MemoryRevocations();
  private final RevocationList list = new RevocationList(store);

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
  void aCredentialMadeAtThatVeryMomentIsGood() {
    list.add("alice", Tokens.NOW.minusSeconds(10));
    assertFalse(list.refuses(Tokens.identity("alice")));
    list.add("alice", Tokens.NOW.minusSeconds(10).plusMillis(1));
    assertTrue(list.refuses(Tokens.identity("alice")));
  }
}
