import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A function in a unit, or the unit itself. */
final class Scope {
  private final int from;
  private final int end;
  private final Scope outer;
  private final List<Scope> inner = new ArrayList<>();

  /** Its variables, in the order in which they come. */
  final Map<String, String> letters = new LinkedHashMap<>();

  Scope(int from, int end, Scope outer) {
    this.from = from;
    this.end = end;
    this.outer = outer;
  }

  /** Functions are added in the order of their arrows, so outer ones come first. */
  void add(int begin, int close) {
    Scope scope = at(begin);
    scope.inner.add(new Scope(begin, close, scope));
  }

  Scope at(int place) {
    for (Scope one : inner) {
      if (one.from <= place && place < one.end) {
        return one.at(place);
      }
    }
    return this;
  }

  /** The function whose variable a word is here; null: none. */
  Scope of(String word) {
    if (letters.containsKey(word)) {
      return this;
    }
    return outer == null ? null : outer.of(word);
  }

  /**
   * Gives each variable a letter that nothing else has that is meant in here, and the letter of an
   * outer variable of the same name.
   */
  void assign(Map<Integer, String> words, Set<String> free) {
    Set<String> taken = new HashSet<>(free);
    words.forEach(
        (place, word) -> {
          Scope owner = from <= place && place < end && outer != null ? outer.of(word) : null;
          if (owner != null) {
            taken.add(owner.letters.get(word));
          }
        });
    int next = 0;
    for (Map.Entry<String, String> one : letters.entrySet()) {
      Scope owner = outer == null ? null : outer.of(one.getKey());
      String letter = owner == null ? "" : owner.letters.get(one.getKey());
      for (; letter.isEmpty() || (owner == null && taken.contains(letter)); next++) {
        letter = (char) ('a' + next % 26) + (next < 26 ? "" : String.valueOf(next / 26));
      }
      one.setValue(letter);
      taken.add(letter);
    }
    inner.forEach(scope -> scope.assign(words, free));
  }
}
