package io.carillon.core.json;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Members of one JSON object as slices of its text, checked in one pass. For the typed getters a
 * member with the value {@code null} counts as absent, and a member of another type is refused:
 * {@link RefusedException} with the code given to {@link #parse}.
 */
public final class JsonFields {
  private record Slice(int start, int end, int depth) {}

  private final String text;
  private final ErrorCode refusal;
  private final Map<String, Slice> slices = new LinkedHashMap<>();

  private JsonFields(String text, ErrorCode refusal) {
    this.text = text;
    this.refusal = refusal;
  }

  /**
   * Reads an object; the whole text is checked as by {@link JsonText#check}.
   *
   * @param maxDepth deepest nesting, the object itself included
   * @throws RefusedException with {@code refusal} if it is not exactly one JSON object
   */
  public static JsonFields parse(String text, int maxDepth, ErrorCode refusal) {
    if (!JsonText.isObject(text)) {
      throw new RefusedException(refusal);
    }
    JsonFields fields = new JsonFields(text, refusal);
    JsonScanner.Children collect =
        new JsonScanner.Children() {
          @Override
          public void element(int start, int end) {}

          @Override
          public void member(String key, int start, int end, int depth) {
            fields.slices.put(key, new Slice(start, end, depth));
          }
        };
    new JsonScanner(text, maxDepth, refusal, collect).scan();
    return fields;
  }

  /** The names of the members, in their order. */
  public Set<String> names() {
    return slices.keySet();
  }

  /** Whether there is such a member, be it {@code null}. */
  public boolean has(String name) {
    return slices.containsKey(name);
  }

  /** The raw JSON of a member, {@code null} included, or null if it is absent. */
  public @Nullable String raw(String name) {
    Slice slice = slices.get(name);
    return slice == null ? null : text.substring(slice.start, slice.end);
  }

  /** Nesting depth of a member's value: 0 for scalars and absent members. */
  public int depth(String name) {
    Slice slice = slices.get(name);
    return slice == null ? 0 : slice.depth;
  }

  /** The raw JSON of a member that must be an object; null if it is absent. */
  public @Nullable String object(String name) {
    Slice slice = present(name);
    if (slice == null) {
      return null;
    }
    return ofKind(slice, '{').substring(slice.start, slice.end);
  }

  /** A string, decoded; null if it is absent. */
  public @Nullable String string(String name) {
    Slice slice = present(name);
    if (slice == null) {
      return null;
    }
    return JsonStrings.decode(ofKind(slice, '"'), slice.start + 1, slice.end - 1);
  }

  /** A string, decoded, that must be there. */
  public String requiredString(String name) {
    String value = string(name);
    if (value == null) {
      throw refuse();
    }
    return value;
  }

  /** The strings of an array, decoded, in order; empty if it is absent. */
  public List<String> strings(String name) {
    Slice slice = present(name);
    if (slice == null) {
      return List.of();
    }
    String array = ofKind(slice, '[').substring(slice.start, slice.end);
    List<String> strings = new ArrayList<>();
    for (String element : JsonText.elements(array, 1, array.length(), refusal)) {
      if (!JsonText.isString(element)) {
        throw refuse();
      }
      strings.add(JsonStrings.decode(element, 1, element.length() - 1));
    }
    return strings;
  }

  /** A whole number without fraction or exponent; {@code absent} if it is absent. */
  public long integer(String name, long absent) {
    Slice slice = present(name);
    if (slice == null) {
      return absent;
    }
    try {
      return Long.parseLong(text, slice.start, slice.end, 10);
    } catch (NumberFormatException notWhole) {
      throw refuse();
    }
  }

  /** A boolean; {@code absent} if it is absent. */
  public boolean bool(String name, boolean absent) {
    Slice slice = present(name);
    if (slice == null) {
      return absent;
    }
    char first = text.charAt(slice.start);
    if (first != 't' && first != 'f') {
      throw refuse();
    }
    return first == 't';
  }

  private @Nullable Slice present(String name) {
    Slice slice = slices.get(name);
    return slice == null || text.charAt(slice.start) == 'n' ? null : slice;
  }

  private String ofKind(Slice slice, char first) {
    if (text.charAt(slice.start) != first) {
      throw refuse();
    }
    return text;
  }

  private RefusedException refuse() {
    return new RefusedException(refusal);
  }
}
