package io.carillon.protocol.socketio;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.Payload;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One emit of a handled namespace, and its form in an event or a signal of the core: an array of
 * its arguments; if that is not enough, an object with {@code args} and {@code name}, {@code bytes}
 * (its attachments in base64), {@code to} and {@code except} (names of rooms). Content of other
 * publishers that has neither form is one argument.
 *
 * @param name name of the event, of any characters
 * @param args JSON texts
 * @param attachments bytes of the arguments' placeholders
 * @param to rooms that it is emitted to, if there are several
 * @param except rooms whose sockets do not get it
 */
record Emission(
    String name, List<String> args, List<byte[]> attachments, List<String> to, Set<String> except) {
  private static final int DEPTH = JsonText.MAX_DEPTH;
  private static final int MAX_ELEMENTS = 100_000;
  private static final int MAX_NAME = 200;
  private static final String PLACE_OF_BYTES = "{\"_placeholder\":true,\"num\":0}";

  /** Copies what it takes. */
  Emission {
    args = List.copyOf(args);
    attachments = List.copyOf(attachments);
    to = List.copyOf(to);
    except = Set.copyOf(except);
  }

  /** The same emit for the sockets of some rooms. */
  Emission to(List<String> rooms, Set<String> without) {
    return new Emission(name, args, attachments, rooms, without);
  }

  /** Name of the event in the core, which allows fewer characters. */
  EventName eventName() {
    return new EventName(plain(name));
  }

  private static String plain(String name) {
    StringBuilder out = new StringBuilder(name.length());
    for (int i = 0; i < name.length() && out.length() < MAX_NAME; i++) {
      char c = name.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      out.append(letter || "_-.:/\\".indexOf(c) >= 0 ? c : '_');
    }
    String plain = out.isEmpty() ? "_" : out.toString();
    return plain.startsWith("carillon:") ? '_' + plain : plain;
  }

  /**
   * Content of the event or signal in the core.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is nested too deeply
   */
  Content content() {
    JsonWriter out = new JsonWriter(new StringBuilder(64 + 32 * args.size()));
    boolean renamed = !plain(name).equals(name);
    if (!renamed && attachments.isEmpty() && to.isEmpty() && except.isEmpty()) {
      args(out);
    } else {
      args(out.beginObject().name("args"));
      out.optional("name", renamed ? name : null);
      strings(out, "bytes", attachments.stream().map(Base64.getEncoder()::encodeToString).toList());
      strings(out, "to", to);
      strings(out, "except", except);
      out.endObject();
    }
    return Content.json(Payload.data(out.toString()));
  }

  private void args(JsonWriter out) {
    out.beginArray();
    args.forEach(out::raw);
    out.endArray();
  }

  private static void strings(JsonWriter out, String field, Iterable<String> values) {
    if (values.iterator().hasNext()) {
      out.name(field).beginArray();
      values.forEach(out::string);
      out.endArray();
    }
  }

  /** Emit that an event or a signal of the core stands for. */
  static Emission of(String name, Content content) {
    return switch (content) {
      case Content.Binary bytes ->
          new Emission(
              name, List.of(PLACE_OF_BYTES), List.of(bytes.toArray()), List.of(), Set.of());
      case Content.Json(String text) -> {
        if (JsonText.isArray(text)) {
          yield new Emission(name, elements(text), List.of(), List.of(), Set.of());
        }
        Emission more = JsonText.isObject(text) ? object(name, text) : null;
        yield more != null
            ? more
            : new Emission(name, List.of(JsonText.oneLine(text)), List.of(), List.of(), Set.of());
      }
    };
  }

  private static List<String> elements(String array) {
    return JsonText.elements(JsonText.oneLine(array), DEPTH, MAX_ELEMENTS, ErrorCode.BAD_DATA);
  }

  private static @Nullable Emission object(String name, String text) {
    try {
      JsonFields fields = JsonFields.parse(text, DEPTH, ErrorCode.BAD_DATA);
      String args = fields.raw("args");
      if (args == null || !JsonText.isArray(args)) {
        return null;
      }
      List<byte[]> attachments = new ArrayList<>();
      for (String bytes : fields.strings("bytes")) {
        attachments.add(Base64.getDecoder().decode(bytes));
      }
      String own = fields.string("name");
      return new Emission(
          own == null ? name : own,
          elements(args),
          attachments,
          fields.strings("to"),
          Set.copyOf(fields.strings("except")));
    } catch (RefusedException | IllegalArgumentException somethingElse) {
      return null;
    }
  }
}
