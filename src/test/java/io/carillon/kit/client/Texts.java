package io.carillon.kit.client;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.Map;

/** Reads JSON for tests. */
public final class Texts {
  private static final JsonReaderFactory READERS =
      JsonProvider.provider().createReaderFactory(Map.of());

  private Texts() {}

  /** Reads any JSON value. */
  public static JsonValue value(String json) {
    try (JsonReader reader = READERS.createReader(new StringReader(json))) {
      return reader.readValue();
    }
  }

  /** Reads an object. */
  public static JsonObject object(String json) {
    return value(json).asJsonObject();
  }
}
