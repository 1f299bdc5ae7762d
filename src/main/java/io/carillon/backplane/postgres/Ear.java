package io.carillon.backplane.postgres;

import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane.Control;
import io.carillon.core.spi.Backplane.Listener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Understands what arrives and tells the listener. Whatever is not one of ours is counted and
 * dropped. Used by the listening task alone.
 */
final class Ear {
  /** How many large words of one arrival are read at the most. */
  private static final int MAX_LARGE = 32;

  private static final System.Logger LOG = System.getLogger(Ear.class.getName());

  private final String mine;
  private final Listener listener;
  private final Seal seal;
  private final Tally tally;
  private final List<Large> large = new ArrayList<>();
  private @Nullable String nonce;

  /** A word that is still to be read from the table. */
  record Large(String sender, String id) {}

  Ear(String me, Listener listener, Seal seal, Tally tally) {
    this.mine = "1 " + me + ' ';
    this.listener = listener;
    this.seal = seal;
    this.tally = tally;
  }

  /** Waits for this nonce from ourselves. */
  void expect(String value) {
    nonce = value;
  }

  /** Whether what was expected has come. */
  boolean hasCome() {
    return nonce == null;
  }

  void hear(String text) {
    if (text.startsWith(mine)) {
      if (nonce != null && (text + ' ').contains(" t/" + nonce + ' ')) {
        nonce = null;
      }
      return;
    }
    Payload payload;
    try {
      payload = Payload.read(text);
    } catch (IllegalArgumentException notOurs) {
      tally.malformed.increment();
      return;
    }
    for (Item item : payload.items()) {
      tell(payload.sender(), item);
    }
  }

  private void tell(String sender, Item item) {
    try {
      switch (item) {
        case Item.Log log -> listener.rang(log.room(), log.epoch(), log.seq());
        case Item.Presence p -> listener.presenceRang(p.room(), p.revision());
        case Item.Word word -> open(sender, Seal.Lane.INLINE, word.sealed());
        case Item.LargeWord word -> {
          if (large.size() < MAX_LARGE) {
            large.add(new Large(sender, word.id()));
          } else {
            tally.dropped.increment();
          }
        }
        case Item.Nonce strangers -> {}
        case Item.Everything() -> listener.missed();
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a listener of the backplane threw", e);
    }
  }

  /** The large words that were announced since the last call. */
  List<Large> announced() {
    List<Large> all = List.copyOf(large);
    large.clear();
    return all;
  }

  void hearLarge(Large which, String sealed) {
    open(which.sender, Seal.Lane.LARGE, sealed);
  }

  private void open(String sender, Seal.Lane lane, String sealed) {
    byte[] word = seal.open(sender, lane, sealed);
    if (word == null) {
      tally.forged.increment();
      return;
    }
    try {
      Words.read(
          word,
          new Words.Reader() {
            @Override
            public void signal(Signal signal) {
              listener.signalled(signal);
            }

            @Override
            public void control(Control control) {
              listener.controlled(control);
            }
          });
    } catch (IllegalArgumentException otherVersion) {
      tally.malformed.increment();
    }
  }
}
