package io.carillon.faults.history;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An entry as one line of JSON and back: its record's name under {@code entry}, then its components
 * by name. Knows long, int, boolean, String, lists and sets of strings, and maps of strings to
 * longs; a new kind of entry made of these needs nothing here.
 */
final class Codec {
  private record Shape(Constructor<?> make, List<Part> parts) {}

  private record Part(String name, Class<?> type, Method get) {}

  private static final Map<String, Shape> SHAPES = shapes();
  private static final JsonReaderFactory READERS =
      JsonProvider.provider().createReaderFactory(Map.of());

  private Codec() {}

  /** The entry as one line, without the line's end. */
  static String write(Entry entry) {
    String name = entry.getClass().getSimpleName();
    StringBuilder out = new StringBuilder(160).append("{\"entry\":\"").append(name).append('"');
    for (Part part : shape(name).parts) {
      out.append(",\"").append(part.name).append("\":");
      try {
        value(out, part.get.invoke(entry));
      } catch (ReflectiveOperationException cannotBe) {
        throw new IllegalStateException(cannotBe);
      }
    }
    return out.append('}').toString();
  }

  /**
   * The entry of a line.
   *
   * @throws RuntimeException of any kind if it is not one
   */
  static Entry read(String line) {
    JsonObject object;
    try (JsonReader reader = READERS.createReader(new StringReader(line))) {
      object = reader.readObject();
    }
    Shape shape = shape(object.getString("entry"));
    Object[] values = new Object[shape.parts.size()];
    for (int i = 0; i < values.length; i++) {
      Part part = shape.parts.get(i);
      JsonValue value = object.get(part.name);
      if (value == null) {
        throw new IllegalArgumentException("no " + part.name + " in " + line);
      }
      values[i] = parse(part.type, value);
    }
    try {
      return (Entry) shape.make.newInstance(values);
    } catch (ReflectiveOperationException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }

  private static void value(StringBuilder out, Object value) {
    switch (value) {
      case String text -> string(out, text);
      case Collection<?> many -> {
        char separator = '[';
        for (Object one : many) {
          out.append(separator);
          value(out, one);
          separator = ',';
        }
        out.append(many.isEmpty() ? "[]" : "]");
      }
      case Map<?, ?> map -> {
        char separator = '{';
        for (Map.Entry<?, ?> one : map.entrySet()) {
          out.append(separator);
          string(out, (String) one.getKey());
          value(out.append(':'), one.getValue());
          separator = ',';
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      default -> out.append(value);
    }
  }

  private static void string(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        out.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private static Object parse(Class<?> type, JsonValue value) {
    if (type == long.class) {
      return ((JsonNumber) value).longValueExact();
    } else if (type == int.class) {
      return ((JsonNumber) value).intValueExact();
    } else if (type == boolean.class) {
      return value.equals(JsonValue.TRUE);
    } else if (type == String.class) {
      return ((JsonString) value).getString();
    } else if (type == List.class) {
      return strings((JsonArray) value, new ArrayList<>());
    } else if (type == Set.class) {
      return strings((JsonArray) value, new LinkedHashSet<>());
    }
    Map<String, Long> longs = new LinkedHashMap<>();
    ((JsonObject) value)
        .forEach((name, number) -> longs.put(name, ((JsonNumber) number).longValueExact()));
    return longs;
  }

  private static <C extends Collection<String>> C strings(JsonArray array, C into) {
    for (JsonValue value : array) {
      into.add(((JsonString) value).getString());
    }
    return into;
  }

  private static Shape shape(String name) {
    Shape shape = SHAPES.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no entry is called " + name);
    }
    return shape;
  }

  private static Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Class<?> kind : Entry.class.getPermittedSubclasses()) {
      RecordComponent[] components = kind.getRecordComponents();
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
      List<Part> parts = new ArrayList<>();
      for (RecordComponent component : components) {
        parts.add(new Part(component.getName(), component.getType(), component.getAccessor()));
      }
      try {
        shapes.put(kind.getSimpleName(), new Shape(kind.getDeclaredConstructor(types), parts));
      } catch (NoSuchMethodException cannotBe) {
        throw new IllegalStateException(cannotBe);
      }
    }
    return shapes;
  }
}
