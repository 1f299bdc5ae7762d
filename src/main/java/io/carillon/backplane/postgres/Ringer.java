package io.carillon.backplane.postgres;

import io.carillon.backplane.postgres.Word.Sealed;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Notifying task: sends what waits, at once when idle and at most once in {@link Timing#ring()}.
 * One connection. Levels and short words are one transaction of nothing but notifications; large
 * words follow in two more, so that they hold no doorbell up. What a failed transaction had to say
 * is said again: levels may be heard twice, and a word keeps its seal, which is good once.
 */
final class Ringer implements Runnable {
  /** Greatest size of a sealed word inside a notification; larger ones go through the table. */
  private static final int MAX_INLINE = 4096;

  private static final System.Logger LOG = System.getLogger(Ringer.class.getName());

  private final String me;
  private final Supplier<byte[]> key;
  private final Timing timing;
  private final Pending pending;
  private final Tally tally;
  private final NotifySession session;
  private @Nullable Seal seal;
  private long large;
  private Pending.Batch unsent = new Pending.Batch(List.of(), List.of());

  Ringer(
      String me,
      Connector connector,
      Supplier<byte[]> key,
      Timing timing,
      Pending pending,
      Tally tally) {
    this.me = me;
    this.key = key;
    this.timing = timing;
    this.pending = pending;
    this.tally = tally;
    this.session = new NotifySession(connector, timing, tally);
  }

  @Override
  public void run() {
    Backoff backoff = new Backoff(timing.retry());
    try {
      boolean last = false;
      while (!last) {
        boolean closing = pending.closed();
        unsent = pending.take(timing.probe().toNanos());
        last = closing && unsent.isEmpty();
        try {
          ring(unsent);
          backoff.reset();
          pending.pause(timing.ring().toNanos());
        } catch (SQLException | RuntimeException e) {
          last = closing;
          failed(e);
          pending.pause(backoff.nextNanos());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      session.disconnect();
    }
  }

  private void failed(Exception e) {
    tally.ringFailures.increment();
    tally.silent = true;
    pending.again(unsent);
    if (!pending.closed()) {
      LOG.log(System.Logger.Level.WARNING, "doorbells wait: {0}", e.getMessage());
    }
    session.recover(e);
  }

  private void ring(Pending.Batch batch) throws SQLException {
    if (batch.isEmpty()) {
      session.probe();
      return;
    }
    Connection c = session.connection();
    List<Item> inline = new ArrayList<>();
    List<Word> stored = new ArrayList<>();
    for (Word word : batch.words()) {
      Sealed sealed = sealed(word);
      if (sealed.body() == null) {
        inline.add(sealed.item());
      } else {
        stored.add(word);
      }
    }
    List<String> texts = Payload.write(me, batch.levels());
    texts.addAll(Payload.write(me, inline));
    session.notify(c, texts);
    unsent = new Pending.Batch(List.of(), stored);
    if (!stored.isEmpty()) {
      session.store(c, stored.stream().map(this::sealed).toList());
      session.notify(c, Payload.write(me, stored.stream().map(w -> sealed(w).item()).toList()));
    }
    session.probeIfDue();
  }

  private Sealed sealed(Word word) {
    Sealed sealed = word.sealed;
    if (sealed == null) {
      sealed = seal(word.bytes);
      word.sealed = sealed;
    }
    return sealed;
  }

  private Sealed seal(byte[] word) {
    Seal s = seal;
    if (s == null) {
      s = new Seal(key.get());
      seal = s;
    }
    // 43 characters of MAC, 11 of counter, 4 for 3 bytes of the rest.
    if (word.length / 3 * 4 + 60 <= MAX_INLINE) {
      return new Sealed(new Item.Word(s.seal(me, Seal.Lane.INLINE, word)), null);
    }
    String id = me + '-' + Long.toString(++large, Character.MAX_RADIX);
    return new Sealed(new Item.LargeWord(id), s.seal(me, Seal.Lane.LARGE, word));
  }
}
