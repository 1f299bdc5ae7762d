package io.carillon.faults.checker;

import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.Map;

/** Two senses in which two JSON texts are equal. */
final class JsonEquality {
  private static final JsonReaderFactory READERS =
      JsonProvider.provider().createReaderFactory(Map.of());

  private JsonEquality() {}

  /** The same text but for line breaks between tokens, which the wire makes spaces. */
  static boolean sameLine(String one, String other) {
    return oneLine(one).equals(oneLine(other));
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ').replace('\r', ' ');
  }

  /** The same value, as jsonb sees it: order of members and form of numbers do not count. */
  static boolean sameValue(String one, String other) {
    try {
      return value(parse(one)).equals(value(parse(other)));
    } catch (JsonException notJson) {
      return false;
    }
  }

  private static JsonValue parse(String text) {
    try (JsonReader reader = READERS.createReader(new StringReader(text))) {
      return reader.readValue();
    }
  }

  private static Object value(JsonValue json) {
    return switch (json.getValueType()) {
      case OBJECT ->
          json.asJsonObject().entrySet().stream()
              .collect(
                  java.util.stream.Collectors.toMap(Map.Entry::getKey, e -> value(e.getValue())));
      case ARRAY -> json.asJsonArray().stream().map(JsonEquality::value).toList();
      case NUMBER -> plain(((JsonNumber) json).bigDecimalValue());
      case STRING, TRUE, FALSE, NULL -> json;
    };
  }

  private static BigDecimal plain(BigDecimal number) {
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }
}
