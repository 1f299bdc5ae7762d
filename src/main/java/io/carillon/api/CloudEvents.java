package io.carillon.api;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.Payload;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.rw.CloudEventRWException;
import io.cloudevents.types.Time;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converter from CloudEvents 1.0 to events: {@code source} and {@code id} together are the key,
 * {@code id} is the event's id, {@code type} the name, {@code data} the data; {@code source},
 * {@code time}, {@code subject} (where it is not the room), {@code dataschema} and extensions go to
 * {@code meta}. {@code data_base64}, and in binary mode what is not JSON, is an event of bytes, and
 * its type is in {@code meta}. Whether the attributes make a CloudEvent is for the CloudEvents SDK
 * to say; the data never goes through it and stays what came.
 */
final class CloudEvents {
  static final String STRUCTURED = "application/cloudevents+json";
  static final String BATCH = "application/cloudevents-batch+json";

  private static final String HEADER_PREFIX = "ce-";
  private static final String JSON = "application/json";
  private static final String DATA = "data";
  private static final String BASE64 = "data_base64";

  private CloudEvents() {}

  /**
   * Reads the structured mode.
   *
   * @param room what the path says; null in a batch: the subject is the room
   */
  static Draft structured(String body, @Nullable RoomName room) {
    JsonFields fields = Draft.fields(body);
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String name : fields.names()) {
      String value = name.equals(DATA) || name.equals(BASE64) ? null : scalar(fields, name);
      if (value != null) {
        attributes.put(name, value);
      }
    }
    return draft(attributes, content(fields), room);
  }

  private static Content content(JsonFields fields) {
    String base64 = fields.string(BASE64);
    if (base64 != null) {
      if (fields.has(DATA)) {
        throw new RefusedException(ErrorCode.BAD_FRAME);
      }
      return Content.base64(base64);
    }
    if (fields.depth(DATA) > JsonText.MAX_DEPTH) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    String data = fields.raw(DATA);
    return Content.json(data == null ? "null" : JsonText.oneLine(data));
  }

  /** Whether the headers say that it is the binary mode. */
  static boolean isBinary(MultivaluedMap<String, String> headers) {
    return headers.keySet().stream()
        .anyMatch(name -> name.toLowerCase(Locale.ROOT).equals(HEADER_PREFIX + "specversion"));
  }

  /** Reads the binary mode: attributes in headers, the data, JSON, as the body. */
  static Draft binary(MultivaluedMap<String, String> headers, String body, RoomName room) {
    Content data = Content.json(body.isBlank() ? "null" : Payload.data(body));
    return draft(attributes(headers), data, room);
  }

  /**
   * The same with data of another kind.
   *
   * @param type what the header says of the body
   */
  static Draft binary(
      MultivaluedMap<String, String> headers, String type, byte[] body, RoomName room) {
    Map<String, String> attributes = attributes(headers);
    attributes.put("datacontenttype", type);
    return draft(attributes, Content.bytes(body), room);
  }

  private static Map<String, String> attributes(MultivaluedMap<String, String> headers) {
    Map<String, String> attributes = new LinkedHashMap<>();
    headers.forEach(
        (header, values) -> {
          String name = header.toLowerCase(Locale.ROOT);
          if (name.startsWith(HEADER_PREFIX)) {
            attributes.put(name.substring(HEADER_PREFIX.length()), headerValue(values));
          }
        });
    return attributes;
  }

  private static Draft draft(
      Map<String, String> attributes, Content content, @Nullable RoomName room) {
    String version = attributes.remove("specversion");
    if (version == null || !version.equals("1.0")) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    CloudEvent event = event(attributes);
    RoomName target = room;
    if (target == null) {
      String subject = attributes.remove("subject");
      if (subject == null) {
        throw new RefusedException(ErrorCode.BAD_ROOM);
      }
      target = new RoomName(subject);
    }
    attributes.remove("id");
    attributes.remove("type");
    attributes.remove("datacontenttype", JSON);
    return new Draft(target, new EventName(event.getType()), content, key(event), meta(attributes));
  }

  private static String key(CloudEvent event) {
    String id = event.getId();
    Publication.checkKey(id);
    return Publication.key(id, event.getSource().toString());
  }

  /** Has the SDK check what the standard asks of the attributes. */
  private static CloudEvent event(Map<String, String> attributes) {
    try {
      CloudEventBuilder builder = CloudEventBuilder.v1();
      for (Map.Entry<String, String> attribute : attributes.entrySet()) {
        String value = attribute.getValue();
        switch (attribute.getKey()) {
          case "id" -> builder.withId(value);
          case "type" -> builder.withType(value);
          case "source" -> builder.withSource(URI.create(value));
          case "subject" -> builder.withSubject(value);
          case "time" -> builder.withTime(Time.parseTime(value));
          case "dataschema" -> builder.withDataSchema(URI.create(value));
          case "datacontenttype" -> builder.withDataContentType(value);
          default -> builder.withExtension(attribute.getKey(), value);
        }
      }
      return builder.build();
    } catch (IllegalStateException
        | IllegalArgumentException
        | DateTimeException
        | CloudEventRWException notOne) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  private static String meta(Map<String, String> attributes) {
    JsonWriter meta = new JsonWriter(new StringBuilder(128)).beginObject();
    attributes.forEach(meta::field);
    return Payload.meta(meta.endObject().toString());
  }

  /** An attribute as text; null if it is {@code null}, refused if it is an object or an array. */
  private static @Nullable String scalar(JsonFields fields, String name) {
    String raw = fields.raw(name);
    if (raw == null || raw.equals("null")) {
      return null;
    }
    if (raw.startsWith("{") || raw.startsWith("[")) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return JsonText.isString(raw) ? fields.requiredString(name) : raw;
  }

  private static String headerValue(List<String> values) {
    if (values.size() != 1) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return percentDecoded(values.get(0));
  }

  /** As the HTTP binding asks: percent-decoded once, as UTF-8; what is no triplet stays. */
  private static String percentDecoded(String value) {
    if (value.indexOf('%') < 0) {
      return value;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[bytes.length];
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length && bytes[i] == '%' ? digit(bytes[i + 1]) : -1;
      int low = high < 0 ? -1 : digit(bytes[i + 2]);
      if (low >= 0) {
        out[length++] = (byte) ((high << 4) | low);
        i += 2;
      } else {
        out[length++] = bytes[i];
      }
    }
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  private static int digit(byte b) {
    return b < 0 ? -1 : Character.digit(b, 16);
  }
}
