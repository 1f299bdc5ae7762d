package io.carillon.kit.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The published schema of the wire. What does not fit is an {@link AssertionError} that names the
 * frame and what is wrong with it.
 */
public final class WireSchema {
  /** Where the schema is, from the project's root. */
  public static final Path FILE = Path.of("src/main/webapp/schema/carillon.v1.json");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final ObjectNode DOCUMENT = read();
  private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  private WireSchema() {}

  /** Checks one message that a server sent over a socket. */
  public static void checkServerMessage(String message) {
    check("serverMessage", message);
  }

  /** Checks one message that a client sends over a socket. */
  public static void checkClientMessage(String message) {
    check("clientMessage", message);
  }

  /** Checks a page of history or the answer of a poll. */
  public static void checkPage(String body) {
    check("page", body);
  }

  /** Checks the data of an event of a stream. */
  public static void checkStreamEvent(StreamEvent event) {
    String own = "carillon:";
    boolean ours = event.name().startsWith(own);
    check(ours ? "stream." + event.name().substring(own.length()) : "event", event.data());
  }

  /** Checks a text against one definition of the schema. */
  public static void check(String definition, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      Set<ValidationMessage> faults = schema(definition).validate(node);
      if (!faults.isEmpty()) {
        throw new AssertionError("not a " + definition + ": " + text + "\n" + faults);
      }
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  private static JsonSchema schema(String definition) {
    return SCHEMAS.computeIfAbsent(
        definition,
        name -> {
          ObjectNode part = DOCUMENT.deepCopy();
          if (!part.get("$defs").has(name)) {
            throw new AssertionError("the schema has no definition of " + name);
          }
          part.put("$ref", "#/$defs/" + name);
          return FACTORY.getSchema(part);
        });
  }

  private static ObjectNode read() {
    try {
      return (ObjectNode) JSON.readTree(Files.readString(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
