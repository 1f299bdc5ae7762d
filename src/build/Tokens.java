import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Squeezed JavaScript as words, strings, pieces of templates and signs, and how they nest. */
class Tokens {
  static final Set<String> BLOCK_AFTER = Set.of(")", ";", "{", "}", "=>");
  static final Set<String> BLOCK_WORDS = Set.of("else", "try", "finally", "do");
  static final Set<String> OBJECT_WORDS = Set.of("let", "return", "of");
  static final String OPEN = "([{";
  static final String CLOSE = ")]}";

  final List<String> tokens = new ArrayList<>();

  /** The tokens before which a space or the end of a line has to stay. */
  final Map<Integer, Character> spaces = new HashMap<>();

  /** For each token that opens something: the one that closes it, and the other way. */
  final Map<Integer, Integer> partner = new HashMap<>();

  /** The braces of literals and patterns, as against those of blocks and classes. */
  final Set<Integer> objects = new HashSet<>();

  /** For each token the brace or bracket that it stands in; -1 for none. */
  final List<Integer> inside = new ArrayList<>();

  /**
   * @param code what {@code Client} has squeezed
   */
  Tokens(String code) throws IOException {
    read(code, 0, false);
    match();
  }

  /** Splits into words, strings, pieces of templates and signs. Returns where it has ended. */
  private int read(String code, int from, boolean hole) throws IOException {
    int depth = 0;
    int i = from;
    while (i < code.length()) {
      char c = code.charAt(i);
      int end = i + 1;
      if (Character.isWhitespace(c)) {
        spaces.put(tokens.size(), c);
        i = end;
        continue;
      } else if (isWord(c) || c == '#') {
        while (end < code.length() && isWord(code.charAt(end))) {
          end++;
        }
      } else if (c == '\'' || c == '"') {
        end = Client.quoted(code, i, c);
      } else if (c == '`') {
        i = template(code, i);
        continue;
      } else if (c == '/' && !code.startsWith("/*", i) && Client.beginsRegex(last())) {
        end = Client.regex(code, i);
      } else if (c == '/' && code.startsWith("/*", i)) {
        end = code.indexOf("*/", i) + 2;
      } else if (code.startsWith("...", i)) {
        end = i + 3;
      } else if (code.startsWith("=>", i) || code.startsWith("?.", i) || code.startsWith("==", i)) {
        end = i + 2;
      } else if (hole && c == '}' && depth-- == 0) {
        return i;
      } else if (c == '{') {
        depth++;
      }
      tokens.add(code.substring(i, end));
      i = end;
    }
    return i;
  }

  private StringBuilder last() {
    return new StringBuilder(tokens.isEmpty() ? "" : tokens.getLast());
  }

  private int template(String code, int from) throws IOException {
    int begin = from;
    for (int i = from + 1; i < code.length(); i++) {
      if (code.charAt(i) == '\\') {
        i++;
      } else if (code.charAt(i) == '`') {
        tokens.add(code.substring(begin, i + 1));
        return i + 1;
      } else if (code.startsWith("${", i)) {
        tokens.add(code.substring(begin, i + 2));
        begin = read(code, i + 2, true);
        i = begin;
      }
    }
    throw new IOException("a template does not end");
  }

  private void match() throws IOException {
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (token.length() == 1 && CLOSE.contains(token)) {
        int begin = open.pop();
        partner.put(begin, i);
        partner.put(i, begin);
      }
      inside.add(open.isEmpty() ? -1 : open.peek());
      if (token.length() == 1 && OPEN.contains(token)) {
        open.push(i);
        if (token.equals("{") && isObject(i)) {
          objects.add(i);
        }
      }
    }
    if (!open.isEmpty()) {
      throw new IOException("a bracket does not close");
    }
  }

  private boolean isObject(int brace) {
    String before = at(brace - 1);
    if (before.equals(":")) {
      // `case 'a': {` is a block.
      return !at(brace - 2).equals("default") && !at(brace - 3).equals("case");
    }
    return OBJECT_WORDS.contains(before)
        || !(BLOCK_AFTER.contains(before)
            || BLOCK_WORDS.contains(before)
            || before.isEmpty()
            || isName(before));
  }

  final boolean isProperty(int i) {
    return at(i - 1).equals(".") || at(i - 1).equals("?.");
  }

  final boolean isKey(int i) {
    return inObject(i) && at(i + 1).equals(":");
  }

  final boolean isShorthand(int i) {
    return inObject(i) && Set.of(",", "}", "=").contains(at(i + 1));
  }

  /** Directly, and at the beginning of one of its elements. */
  private boolean inObject(int i) {
    return objects.contains(inside.get(i)) && (at(i - 1).equals("{") || at(i - 1).equals(","));
  }

  final String at(int i) {
    return i < 0 || i >= tokens.size() ? "" : tokens.get(i);
  }

  static boolean isName(String token) {
    return !token.isEmpty() && isWord(token.charAt(0)) && !Character.isDigit(token.charAt(0));
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
