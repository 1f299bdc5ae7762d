package io.carillon.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The arguments of a benchmark, {@code name=value} each. */
final class Arguments {
  private final Map<String, String> values = new HashMap<>();

  /**
   * Reads them.
   *
   * @param known the names that there are
   */
  Arguments(String[] words, Set<String> known) {
    for (String word : words) {
      int split = word.indexOf('=');
      String name = split < 0 ? word : word.substring(0, split);
      if (split < 0 || !known.contains(name)) {
        throw new IllegalArgumentException("not name=value of " + known + ": " + word);
      }
      values.put(name, word.substring(split + 1));
    }
  }

  String text(String name, String usual) {
    return values.getOrDefault(name, usual);
  }

  int number(String name, int usual) {
    String value = values.get(name);
    return value == null ? usual : Integer.parseInt(value);
  }

  /** Separated by commas. */
  List<String> list(String name, String usual) {
    String value = text(name, usual);
    return value.isEmpty() ? List.of() : List.of(value.split(","));
  }
}
