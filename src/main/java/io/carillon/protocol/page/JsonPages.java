package io.carillon.protocol.page;

import io.carillon.core.Cursor;
import io.carillon.core.HistoryPage;
import io.carillon.core.Resync;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.WireJson;
import io.carillon.protocol.PageFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages as JSON objects with {@code events}, {@code cursor}, {@code head} and so on. */
public final class JsonPages implements PageFormat {
  /** Name of the protocol, in metrics. */
  public static final String NAME = "poll";

  private final FrameEncoder encoder = new JsonPageEncoder();

  @Override
  public String mediaType() {
    return "application/json";
  }

  @Override
  public FrameEncoder encoder() {
    return encoder;
  }

  @Override
  public String page(HistoryPage page) {
    Cursor next = page.next();
    Resync resync = page.resync();
    return page(
        page.events().stream().map(WireJson::event).toList(),
        resync == null ? List.of() : List.of(JsonPageEncoder.resync(resync)),
        page.cursor().toString(),
        page.head().toString(),
        next == null ? null : next.toString());
  }

  @Override
  public String page(
      List<String> events,
      List<String> resyncs,
      String cursor,
      String head,
      @Nullable String next) {
    int size = 256;
    for (String event : events) {
      size += event.length() + 1;
    }
    JsonWriter out = new JsonWriter(new StringBuilder(size)).beginObject();
    array(out, "events", events);
    out.field("cursor", cursor).field("head", head).optional("next", next);
    if (!resyncs.isEmpty()) {
      array(out, "resync", resyncs);
    }
    return out.endObject().toString();
  }

  private static void array(JsonWriter out, String name, List<String> elements) {
    out.name(name).beginArray();
    elements.forEach(out::raw);
    out.endArray();
  }
}
