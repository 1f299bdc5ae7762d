package io.carillon.protocol.socketio;

import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.JsonbException;
import jakarta.json.bind.config.BinaryDataStrategy;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.lang.reflect.Type;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Mapping between JSON with attachments and values of an application: JSON-P for the shape, JSON-B
 * for classes, bytes in base64 in between. Thread-safe. Made on a thread of the container, which
 * knows where both come from.
 */
final class JsonMapping {
  private static final String PLACEHOLDER = "_placeholder";
  private static final String NUMBER = "num";

  private final JsonProvider provider = JsonProvider.provider();
  private final Jsonb jsonb =
      JsonbBuilder.create(new JsonbConfig().withBinaryDataStrategy(BinaryDataStrategy.BASE_64));

  /** JSON text of a value of any class. */
  String toJson(Object value) {
    try {
      return jsonb.toJson(value);
    } catch (JsonbException unfit) {
      throw new IllegalArgumentException("cannot be mapped to JSON: " + value.getClass(), unfit);
    }
  }

  /** Value of a type out of JSON text. */
  @Nullable Object fromJson(String json, Type type) {
    try {
      return jsonb.fromJson(json, type);
    } catch (JsonbException unfit) {
      throw new IllegalArgumentException("cannot be mapped to " + type.getTypeName(), unfit);
    }
  }

  /** Tree of a JSON text. */
  JsonValue tree(String json) {
    try (JsonReader reader = provider.createReader(new StringReader(json))) {
      return reader.readValue();
    } catch (JsonException bad) {
      throw new IllegalArgumentException("no JSON", bad);
    }
  }

  /** Tree of a JSON text, with attachments as base64 in their places. */
  JsonValue tree(String json, List<byte[]> attachments) {
    JsonValue tree = tree(json);
    return attachments.isEmpty() ? tree : base64(tree, attachments);
  }

  private JsonValue base64(JsonValue tree, List<byte[]> attachments) {
    return replace(
        tree,
        attachments.size(),
        number ->
            provider.createValue(Base64.getEncoder().encodeToString(attachments.get(number))));
  }

  /** JSON text of a tree, with attachments as base64 in their places. */
  String text(JsonValue value, List<byte[]> attachments) {
    return (attachments.isEmpty() ? value : base64(value, attachments)).toString();
  }

  /**
   * JSON text with other numbers in the placeholders of attachments.
   *
   * @param attachments number of attachments; a higher number makes no placeholder
   * @param numbers gives each placeholder its new number, in the order of the text
   */
  String renumber(String json, int attachments, IntFunction<Integer> numbers) {
    return replace(
            tree(json),
            attachments,
            number ->
                provider
                    .createObjectBuilder()
                    .add(PLACEHOLDER, true)
                    .add(NUMBER, numbers.apply(number))
                    .build())
        .toString();
  }

  /** Number of the attachment whose placeholder a text is; -1: it is none. */
  int placeholder(String json, int attachments) {
    return attachments > 0 && json.indexOf(PLACEHOLDER) > 0
        ? placeholder(tree(json), attachments)
        : -1;
  }

  private JsonValue replace(JsonValue value, int attachments, IntFunction<JsonValue> by) {
    int number = placeholder(value, attachments);
    if (number >= 0) {
      return by.apply(number);
    }
    return switch (value) {
      case JsonObject object -> {
        JsonObjectBuilder copy = provider.createObjectBuilder();
        for (Map.Entry<String, JsonValue> member : object.entrySet()) {
          copy.add(member.getKey(), replace(member.getValue(), attachments, by));
        }
        yield copy.build();
      }
      case JsonArray array -> {
        JsonArrayBuilder copy = provider.createArrayBuilder();
        array.forEach(element -> copy.add(replace(element, attachments, by)));
        yield copy.build();
      }
      default -> value;
    };
  }

  /** Number of the attachment whose placeholder a value is; -1: it is none. */
  static int placeholder(JsonValue value, int attachments) {
    if (value instanceof JsonObject object
        && JsonValue.TRUE.equals(object.get(PLACEHOLDER))
        && object.get(NUMBER) instanceof JsonNumber number
        && number.isIntegral()
        && number.bigIntegerValue().signum() >= 0
        && number.bigIntegerValue().bitLength() < Integer.SIZE
        && number.intValue() < attachments) {
      return number.intValue();
    }
    return -1;
  }
}
