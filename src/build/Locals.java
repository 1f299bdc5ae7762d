import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives the parameters and variables of functions names of one letter, and takes the brackets from
 * around a single parameter. It goes unit by unit: a member of a class, or a function or variable
 * of a module. What a property is called is left as it is, and so is a variable that a literal or a
 * pattern names shorthand, or that is called like something of a module.
 *
 * <p>Takes what {@code Client} has squeezed.
 */
final class Locals extends Tokens {
  private final Set<String> kept;

  private Locals(String code, Set<String> kept) throws IOException {
    super(code);
    this.kept = kept;
  }

  /**
   * @param kept names of modules: functions, classes, variables
   */
  static String shorten(String code, Set<String> kept) throws IOException {
    return new Locals(code, kept).units();
  }

  private String units() {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < tokens.size()) {
      int end = unit(i, tokens.size());
      if (tokens.get(i).equals("class")) {
        int brace = i;
        while (!tokens.get(brace).equals("{")) {
          brace++;
        }
        copy(out, i, brace + 1, Map.of());
        int close = partner.get(brace);
        for (int member = brace + 1; member < close; ) {
          int next = unit(member, close);
          int head = head(member, next);
          copy(out, member, head, Map.of());
          copy(out, head, next, names(member, next));
          member = next;
        }
        copy(out, close, end, Map.of());
      } else {
        copy(out, i, end, names(i, end));
      }
      i = end;
    }
    return out.toString();
  }

  /** Up to the end of a body, or the semicolon if it begins with a value. */
  private int unit(int from, int most) {
    boolean value = false;
    for (int i = from; i < most; i++) {
      String token = tokens.get(i);
      value |= token.equals("=");
      if (token.equals(";")) {
        return i + 1;
      }
      if (token.length() == 1 && OPEN.contains(token)) {
        boolean body = token.equals("{") && !value;
        i = partner.get(i);
        if (body) {
          return i + 1;
        }
      }
    }
    return most;
  }

  /** Where what a unit is called ends. */
  private int head(int from, int end) {
    int head = from;
    while (head < end && !Set.of("(", "=", ";").contains(tokens.get(head))) {
      head++;
    }
    return head;
  }

  /** What the words of a unit are called from now on that stand for a variable of it. */
  private Map<Integer, String> names(int from, int end) {
    Scope unit = new Scope(from, end, null);
    Set<Integer> declared = new TreeSet<>();
    for (int i = from; i < end; i++) {
      String before = at(i - 1);
      if (at(i).equals("let")) {
        declarations(i + 1, end, declared);
      } else if (at(i).equals("=>")) {
        int begin = before.equals(")") ? partner.get(i - 1) : i - 1;
        unit.add(begin, bodyEnd(i + 1));
        elements(before.equals(")") ? begin + 1 : begin, before.equals(")") ? i - 1 : i, declared);
      } else if (at(i).equals("catch") && at(i + 1).equals("(") && !isProperty(i)) {
        elements(i + 2, partner.get(i + 1), declared);
      }
    }
    int head = head(from, end);
    if (at(head).equals("(") && head < end && isName(at(head - 1).replace("#", ""))) {
      elements(head + 1, partner.get(head), declared);
    }
    Set<String> fixed = new HashSet<>(kept);
    Map<Integer, String> words = new TreeMap<>();
    for (int i = from; i < end; i++) {
      if (isName(at(i)) && !isProperty(i) && !isKey(i)) {
        words.put(i, at(i));
        if (isShorthand(i)) {
          fixed.add(at(i));
        }
      }
    }
    declared.removeIf(place -> fixed.contains(at(place)));
    declared.forEach(place -> unit.at(place).letters.put(at(place), ""));
    Set<String> free = new HashSet<>();
    words.forEach(
        (place, word) -> {
          if (unit.at(place).of(word) == null) {
            free.add(word);
          }
        });
    unit.assign(words, free);
    Map<Integer, String> shorter = new HashMap<>();
    words.forEach(
        (place, word) -> {
          Scope scope = unit.at(place).of(word);
          if (scope != null) {
            shorter.put(place, scope.letters.get(word));
          }
        });
    return shorter;
  }

  /** Where the body of a function with an arrow ends. */
  private int bodyEnd(int from) {
    int i = from;
    if (at(i).equals("{")) {
      return partner.get(i) + 1;
    }
    while (i < tokens.size() && !Set.of(",", ";", ")", "]", "}").contains(at(i))) {
      i = (partner.getOrDefault(i, -1) > i ? partner.get(i) : i) + 1;
    }
    return i;
  }

  /** The names of `let a = 1, { b } = c`. */
  private void declarations(int from, int end, Set<Integer> declared) {
    int begin = from;
    for (int i = from; i <= end; i++) {
      String token = i < end ? tokens.get(i) : ";";
      if (token.equals(",") || token.equals(";") || token.equals("of") || CLOSE.contains(token)) {
        elements(begin, i, declared);
        begin = i + 1;
        if (!token.equals(",")) {
          return;
        }
      } else if (partner.containsKey(i)) {
        i = partner.get(i);
      }
    }
  }

  /** The names of a list of parameters, or of what stands in a pattern. */
  private void elements(int from, int end, Set<Integer> declared) {
    int i = from;
    while (i < end) {
      if (tokens.get(i).equals("...")) {
        i++;
      } else if (at(i + 1).equals(":")) {
        i += 2;
      }
      String token = i < end ? tokens.get(i) : ",";
      if (token.equals("{") || token.equals("[")) {
        elements(i + 1, partner.get(i), declared);
      } else if (isName(token)) {
        declared.add(i);
      }
      while (i < end && !tokens.get(i).equals(",")) {
        i = (OPEN.contains(tokens.get(i)) ? partner.get(i) : i) + 1;
      }
      i++;
    }
  }

  private void copy(StringBuilder out, int from, int end, Map<Integer, String> shorter) {
    for (int i = from; i < end; i++) {
      String token = tokens.get(i);
      if (isAlone(i + 1) || isAlone(i - 1)) {
        if (isAlone(i + 1) && isName(at(i - 1))) {
          out.append(' ');
        }
        continue;
      }
      if (spaces.containsKey(i)) {
        out.append(spaces.get(i).charValue());
      }
      String instead = shorter.get(i);
      out.append(instead == null ? token : instead);
    }
  }

  /** The one parameter of a function with an arrow, which needs no brackets. */
  private boolean isAlone(int i) {
    return isName(at(i))
        && at(i - 1).equals("(")
        && at(i + 1).equals(")")
        && at(i + 2).equals("=>");
  }
}
