package io.carillon.core.json;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Set of the keys of one JSON object, to find duplicates: an array while they are few, a hash set
 * beyond that, so that many keys never cost quadratic time. Used by one thread.
 */
final class JsonKeys {
  /** Number of keys up to which they are compared one by one. */
  private static final int FEW_KEYS = 8;

  private final String[] few = new String[FEW_KEYS];
  private int count;
  private @Nullable Set<String> many;

  /** Adds a key; false: the object has it already. */
  boolean add(String key) {
    Set<String> all = many;
    if (all != null) {
      return all.add(key);
    }
    for (int i = 0; i < count; i++) {
      if (few[i].equals(key)) {
        return false;
      }
    }
    if (count < FEW_KEYS) {
      few[count++] = key;
      return true;
    }
    all = new HashSet<>(4 * FEW_KEYS);
    for (String earlier : few) {
      all.add(earlier);
    }
    many = all;
    return all.add(key);
  }
}
