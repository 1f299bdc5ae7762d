package io.carillon.core;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rights of the {@code carillon} claim: patterns (exact, or a prefix and {@code *}) and what
 * each allows.
 *
 * @param rules the patterns with their rights
 */
public record Grants(List<Rule> rules) {
  /** No rights at all. */
  public static final Grants NONE = new Grants(List.of());

  /** Copies the rules. */
  public Grants {
    rules = List.copyOf(rules);
  }

  /** One pattern and what it allows. */
  public record Rule(String pattern, Set<Right> rights) {
    /** Copies the rights. */
    public Rule {
      rights = Set.copyOf(rights);
    }

    private boolean covers(String room) {
      int last = pattern.length() - 1;
      boolean prefix = last >= 0 && pattern.charAt(last) == '*';
      return prefix ? room.startsWith(pattern.substring(0, last)) : room.equals(pattern);
    }
  }

  /** Grants from a map of patterns. */
  public static Grants of(Map<String, ? extends Set<Right>> byPattern) {
    return new Grants(
        byPattern.entrySet().stream().map(e -> new Rule(e.getKey(), e.getValue())).toList());
  }

  /** Every right except {@link Right#ADMIN} on every room; {@code admin} adds that too. */
  public static Grants everything(boolean admin) {
    EnumSet<Right> rights = EnumSet.allOf(Right.class);
    if (!admin) {
      rights.remove(Right.ADMIN);
    }
    return new Grants(List.of(new Rule("*", rights)));
  }

  /** Whether some rule that covers the room gives the right. */
  public boolean allow(Right right, RoomName room) {
    for (Rule rule : rules) {
      if (rule.rights.contains(right) && rule.covers(room.value())) {
        return true;
      }
    }
    return false;
  }

  /** Whether the right is given on every room ({@code *}), as operators need it. */
  public boolean allowEverywhere(Right right) {
    return rules.stream().anyMatch(r -> r.pattern.equals("*") && r.rights.contains(right));
  }
}
