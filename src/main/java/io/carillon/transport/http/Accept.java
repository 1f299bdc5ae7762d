package io.carillon.transport.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which of two forms of events a client would rather have, by its header {@code Accept} (RFC 9110,
 * 12.5.1): the higher weight wins, then the type that is named more exactly, then the one that is
 * named first. Without a preference it is JSON.
 */
final class Accept {
  private static final String STREAM = "text/event-stream";
  private static final String BYTES = "application/octet-stream";
  private static final String JSON = "application/json";

  private Accept() {}

  /**
   * What the client said of one type.
   *
   * @param weight thousandths, 0: not wanted
   * @param exactness 3 the type itself, 2 its kind, 1 anything
   * @param place where in the header
   */
  private record Match(int weight, int exactness, int place) {}

  /** Whether a stream is wanted, and more than a page. */
  static boolean prefersStream(HttpServletRequest request) {
    return prefers(ranges(request), STREAM);
  }

  /** Whether the bytes of an event are wanted, and more than JSON. */
  static boolean prefersBytes(HttpServletRequest request) {
    return prefers(ranges(request), BYTES);
  }

  /** Whether JSON is wanted at all. */
  static boolean takesJson(HttpServletRequest request) {
    List<String> ranges = ranges(request);
    Match json = match(ranges, JSON);
    return ranges.isEmpty() || (json != null && json.weight > 0);
  }

  private static List<String> ranges(HttpServletRequest request) {
    List<String> ranges = new ArrayList<>();
    for (String header : Collections.list(request.getHeaders("Accept"))) {
      Collections.addAll(ranges, header.toLowerCase(Locale.ROOT).split(",", -1));
    }
    return ranges;
  }

  private static boolean prefers(List<String> ranges, String type) {
    Match wanted = match(ranges, type);
    Match json = match(ranges, JSON);
    if (wanted == null || wanted.weight == 0) {
      return false;
    }
    if (json == null || json.weight != wanted.weight) {
      return json == null || json.weight < wanted.weight;
    }
    return json.exactness == wanted.exactness
        ? wanted.place < json.place
        : wanted.exactness > json.exactness;
  }

  /** What is said most exactly of a type, or null. */
  private static @Nullable Match match(List<String> ranges, String type) {
    Match best = null;
    for (int place = 0; place < ranges.size(); place++) {
      String[] parts = ranges.get(place).split(";", -1);
      int exactness = exactness(parts[0].strip(), type);
      if (exactness > 0 && (best == null || exactness > best.exactness)) {
        best = new Match(weight(parts), exactness, place);
      }
    }
    return best;
  }

  private static int exactness(String range, String type) {
    if (range.equals(type)) {
      return 3;
    }
    if (range.equals(type.substring(0, type.indexOf('/')) + "/*")) {
      return 2;
    }
    return range.equals("*/*") || range.equals("*") ? 1 : 0;
  }

  /** The first {@code q}, in thousandths; one that cannot be read counts in full. */
  private static int weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("q=")) {
        String digits = parameter.substring(2).strip();
        return digits.matches("[01](\\.\\d{0,3})?")
            ? Math.min(1000, (int) Math.round(Double.parseDouble(digits) * 1000))
            : 1000;
      }
    }
    return 1000;
  }
}
