package io.carillon.backplane.postgres;

import io.carillon.core.RoomName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the ringer: levels, the highest per room; and words, in order. Bounded: too many
 * rooms become "everything", too many words are dropped. Thread-safe; callers never wait.
 */
final class Pending {
  private static final int MAX_ROOMS = 20_000;
  private static final int MAX_WORD_BYTES = 4 * 1024 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final Map<RoomName, Item.Log> logs = new LinkedHashMap<>();
  private final Map<RoomName, Item.Presence> presence = new LinkedHashMap<>();
  private final ArrayDeque<byte[]> words = new ArrayDeque<>();
  private final Tally tally;
  private int wordBytes;
  private boolean everything;
  private @Nullable String nonce;
  private boolean closed;

  /** A taken batch: levels, then words that are still to be sealed. */
  record Batch(List<Item> levels, List<byte[]> words) {
    boolean isEmpty() {
      return levels.isEmpty() && words.isEmpty();
    }
  }

  Pending(Tally tally) {
    this.tally = tally;
  }

  void add(Item level) {
    lock.lock();
    try {
      switch (level) {
        case Item.Log log -> logs.merge(log.room(), log, Pending::later);
        case Item.Presence p ->
            presence.merge(p.room(), p, (a, b) -> a.revision() >= b.revision() ? a : b);
        case Item.Everything all -> everything = true;
        case Item.Nonce(String value) -> nonce = value;
        case Item.Word word -> throw new IllegalArgumentException("not a level");
        case Item.LargeWord word -> throw new IllegalArgumentException("not a level");
      }
      if (logs.size() + presence.size() > MAX_ROOMS) {
        everything = true;
        logs.clear();
        presence.clear();
      }
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The higher of one epoch; of two epochs the one that was said last. */
  private static Item.Log later(Item.Log known, Item.Log said) {
    return known.epoch().equals(said.epoch()) && known.seq() >= said.seq() ? known : said;
  }

  void addWord(byte[] word) {
    lock.lock();
    try {
      if (closed || wordBytes + word.length > MAX_WORD_BYTES) {
        tally.dropped.increment();
        return;
      }
      words.add(word);
      wordBytes += word.length;
      something.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Gives levels back whose notification may not have been sent. */
  void again(List<Item> levels) {
    lock.lock();
    try {
      for (Item level : levels) {
        switch (level) {
          case Item.Log log -> logs.putIfAbsent(log.room(), log);
          case Item.Presence p -> presence.putIfAbsent(p.room(), p);
          default -> add(level);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes everything that waits, waiting for something if there is nothing.
   *
   * @return empty after {@code nanos} without anything, or when closed
   */
  Batch take(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!closed && !any() && left > 0) {
        left = something.awaitNanos(left);
      }
      List<Item> levels = new ArrayList<>(logs.size() + presence.size() + 1);
      if (nonce != null) {
        levels.add(new Item.Nonce(nonce));
      }
      if (everything) {
        levels.add(new Item.Everything());
      }
      levels.addAll(logs.values());
      levels.addAll(presence.values());
      Batch batch = new Batch(levels, new ArrayList<>(words));
      clear();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private boolean any() {
    return everything
        || nonce != null
        || !logs.isEmpty()
        || !presence.isEmpty()
        || !words.isEmpty();
  }

  private void clear() {
    nonce = null;
    everything = false;
    logs.clear();
    presence.clear();
    words.clear();
    wordBytes = 0;
  }

  /** Waits, but not longer than until closed. */
  void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !closed) {
        left = ended.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
