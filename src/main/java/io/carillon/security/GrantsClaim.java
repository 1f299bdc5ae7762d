package io.carillon.security;

import io.carillon.core.Grants;
import io.carillon.core.Right;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parser of the claim {@code carillon}: an object from patterns to lists of rights. Bounded, and
 * refused as a whole if it is not of that form; a right of a name that we do not know gives
 * nothing.
 */
final class GrantsClaim {
  static final String NAME = "carillon";

  static final int MAX_PATTERNS = 100;
  static final int MAX_RIGHTS = 16;
  private static final int MAX_PATTERN_LENGTH = 201;

  private static final Map<String, Right> RIGHTS = byWord();

  private static final System.Logger LOG = System.getLogger(GrantsClaim.class.getName());
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:-]{1,32}");
  private static final int MOST_TOLD = 16;
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private GrantsClaim() {}

  /** Reads the claim's value; null (no claim) gives no rights. */
  static Grants read(@Nullable Object value) throws BadTokenException {
    if (value == null) {
      return Grants.NONE;
    }
    if (!(value instanceof Map<?, ?> patterns) || patterns.size() > MAX_PATTERNS) {
      throw new BadTokenException("claim carillon: not an object of at most 100 patterns");
    }
    List<Grants.Rule> rules = new ArrayList<>(patterns.size());
    for (Map.Entry<?, ?> entry : patterns.entrySet()) {
      if (!(entry.getKey() instanceof String pattern)
          || pattern.isEmpty()
          || pattern.length() > MAX_PATTERN_LENGTH
          || !(entry.getValue() instanceof List<?> words)
          || words.size() > MAX_RIGHTS) {
        throw new BadTokenException("claim carillon: not a pattern with a list of rights");
      }
      rules.add(new Grants.Rule(pattern, rights(words)));
    }
    return new Grants(rules);
  }

  /** The value that {@link #read} reads. */
  static Map<String, List<String>> write(Grants grants) {
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    for (Grants.Rule rule : grants.rules()) {
      patterns.put(rule.pattern(), rule.rights().stream().sorted().map(Right::word).toList());
    }
    return patterns;
  }

  private static Set<Right> rights(List<?> words) throws BadTokenException {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (Object word : words) {
      if (!(word instanceof String text)) {
        throw new BadTokenException("claim carillon: a right is a string");
      }
      Right right = RIGHTS.get(text);
      if (right != null) {
        rights.add(right);
      } else {
        tell(text);
      }
    }
    return rights;
  }

  /** Logs an unknown right, once for each name: the issuer of the tokens meant something by it. */
  private static void tell(String word) {
    if (PLAIN.matcher(word).matches() && TOLD.size() < MOST_TOLD && TOLD.add(word)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "tokens name a right that there is not, and it gives nothing: {0}; there are {1}",
          word,
          String.join(", ", new TreeSet<>(RIGHTS.keySet())));
    }
  }

  private static Map<String, Right> byWord() {
    Map<String, Right> words = new LinkedHashMap<>();
    for (Right right : Right.values()) {
      words.put(right.word(), right);
    }
    return Map.copyOf(words);
  }
}
