package io.carillon.protocol.socketio;

import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.socketio.Argument;
import jakarta.json.JsonValue;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writer of an application's values as JSON texts; bytes in them are collected, depth first, as
 * attachments. For one thread.
 */
final class ArgumentWriter {
  private static final String PLACE = "{\"_placeholder\":true,\"num\":";

  private final JsonMapping mapping;
  private final List<byte[]> attachments = new ArrayList<>(0);

  ArgumentWriter(JsonMapping mapping) {
    this.mapping = mapping;
  }

  /** Attachments collected so far. */
  List<byte[]> attachments() {
    return attachments;
  }

  /**
   * Writes a value.
   *
   * @throws IllegalArgumentException if it is no JSON
   */
  String write(@Nullable Object value) {
    JsonWriter out = new JsonWriter(new StringBuilder(64));
    write(out, value, JsonText.MAX_DEPTH);
    return out.toString();
  }

  private void write(JsonWriter out, @Nullable Object value, int depth) {
    if (depth < 0) {
      throw new IllegalArgumentException("nested too deeply");
    }
    switch (value) {
      case null -> out.raw("null");
      case Boolean bool -> out.bool(bool);
      case Double number -> out.raw(Double.isFinite(number) ? number.toString() : "null");
      case Float number -> out.raw(Float.isFinite(number) ? number.toString() : "null");
      case Number number -> out.raw(number.toString());
      case CharSequence text -> out.string(text.toString());
      case Character character -> out.string(character.toString());
      case Enum<?> constant -> out.string(constant.name());
      case Date date -> out.string(date.toInstant().toString());
      case TemporalAccessor moment -> out.string(moment.toString());
      case UUID id -> out.string(id.toString());
      case Optional<?> optional -> write(out, optional.orElse(null), depth);
      case byte[] bytes -> bytes(out, bytes.clone());
      case ByteBuffer buffer -> bytes(out, copy(buffer));
      case JsonArgument argument -> out.raw(taken(argument));
      case Argument argument -> out.raw(argument.json());
      case JsonValue json -> out.raw(json.toString());
      case Map<?, ?> map -> {
        out.beginObject();
        map.forEach((key, each) -> write(out.name(String.valueOf(key)), each, depth - 1));
        out.endObject();
      }
      case Iterable<?> list -> {
        out.beginArray();
        list.forEach(each -> write(out, each, depth - 1));
        out.endArray();
      }
      case Record record -> object(out, record, depth);
      default -> other(out, value, depth);
    }
  }

  private void other(JsonWriter out, Object value, int depth) {
    if (!value.getClass().isArray()) {
      out.raw(mapping.toJson(value));
      return;
    }
    out.beginArray();
    for (int i = 0; i < Array.getLength(value); i++) {
      write(out, Array.get(value, i), depth - 1);
    }
    out.endArray();
  }

  /** Writes a record member by member, since JSON-B would make text of its bytes. */
  private void object(JsonWriter out, Record value, int depth) {
    out.beginObject();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      out.name(ValueReader.name(component));
      write(out, read(component.getAccessor(), value), depth - 1);
    }
    out.endObject();
  }

  private static @Nullable Object read(Method accessor, Record value) {
    try {
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (IllegalAccessException | InvocationTargetException hidden) {
      throw new IllegalArgumentException("cannot be read: " + value.getClass(), hidden);
    }
  }

  private static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private void bytes(JsonWriter out, byte[] bytes) {
    out.raw(PLACE + add(bytes) + '}');
  }

  private int add(byte[] bytes) {
    attachments.add(bytes);
    return attachments.size() - 1;
  }

  /** Text of a value that a peer has sent; its attachments follow the earlier ones. */
  private String taken(JsonArgument argument) {
    List<byte[]> theirs = argument.attachments();
    return theirs.isEmpty()
        ? argument.json()
        : mapping.renumber(argument.json(), theirs.size(), number -> add(theirs.get(number)));
  }
}
