package io.carillon.core.console;

import io.carillon.core.ErrorCode;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Pages of a list as JSON: {@code {"count":7,"rows":[…]}}, each of a size that a signal carries.
 */
final class Pager {
  private static final int PAGE = 24 * 1024;

  private static final int DEPTH = 8;
  private static final int MOST = 10_000;

  private Pager() {}

  /**
   * The rows of a page that an instance has written.
   *
   * @return each as its JSON text
   */
  static List<String> rows(JsonFields page) {
    String all = page.raw("rows");
    return JsonText.elements(all == null ? "[]" : all, DEPTH, MOST, ErrorCode.BAD_DATA);
  }

  /** A page, or a row of it, that an instance has written. */
  static JsonFields parse(String json) {
    return JsonFields.parse(json, DEPTH, ErrorCode.BAD_DATA);
  }

  /**
   * Writes a list.
   *
   * @param count how many there are, listed or not
   * @param write writes one row
   * @return at least one page
   */
  static <T> List<String> pages(long count, List<T> rows, BiConsumer<JsonWriter, T> write) {
    List<String> pages = new ArrayList<>();
    int next = 0;
    do {
      StringBuilder text = new StringBuilder(PAGE / 4);
      JsonWriter out = new JsonWriter(text).beginObject().field("count", count);
      out.name("rows").beginArray();
      while (next < rows.size() && text.length() < PAGE) {
        write.accept(out, rows.get(next));
        next++;
      }
      pages.add(out.endArray().endObject().toString());
    } while (next < rows.size());
    return pages;
  }
}
