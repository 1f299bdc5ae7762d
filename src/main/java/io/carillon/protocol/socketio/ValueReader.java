package io.carillon.protocol.socketio;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the types that an application asks for, out of JSON with attachments: records of any
 * visibility, and lists, sets and maps of them, are read here; all other types by JSON-B.
 */
final class ValueReader {
  private final JsonMapping mapping;
  private final List<byte[]> attachments;

  ValueReader(JsonMapping mapping, List<byte[]> attachments) {
    this.mapping = mapping;
    this.attachments = attachments;
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  @Nullable Object read(JsonValue value, Type type) {
    if (value.equals(JsonValue.NULL)) {
      return nothing(type);
    }
    if (type instanceof ParameterizedType generic) {
      return read(value, generic, (Class<?>) generic.getRawType());
    }
    if (type.equals(byte[].class)) {
      int place = JsonMapping.placeholder(value, attachments.size());
      if (place >= 0) {
        return attachments.get(place).clone();
      }
    }
    if (type instanceof Class<?> known && JsonValue.class.isAssignableFrom(known)) {
      return known.cast(fitting(value, known));
    }
    return type instanceof Class<?> known && known.isRecord()
        ? record(fitting(value, JsonObject.class).asJsonObject(), known)
        : mapping.fromJson(mapping.text(value, attachments), type);
  }

  private static JsonValue fitting(JsonValue value, Class<?> shape) {
    if (!shape.isInstance(value)) {
      throw new IllegalArgumentException("no " + shape.getSimpleName());
    }
    return value;
  }

  private static @Nullable Object nothing(Type type) {
    if (type instanceof Class<?> known && known.isPrimitive()) {
      throw new IllegalArgumentException("null is no " + known);
    }
    return type instanceof ParameterizedType generic && generic.getRawType().equals(Optional.class)
        ? Optional.empty()
        : null;
  }

  private @Nullable Object read(JsonValue value, ParameterizedType type, Class<?> raw) {
    Type[] of = type.getActualTypeArguments();
    if (raw.equals(Optional.class)) {
      return Optional.ofNullable(read(value, of[0]));
    }
    if (raw.isAssignableFrom(List.class) || raw.equals(Set.class)) {
      Collection<@Nullable Object> all =
          raw.equals(Set.class) ? new LinkedHashSet<>() : new ArrayList<>();
      for (JsonValue each : (JsonArray) fitting(value, JsonArray.class)) {
        all.add(read(each, of[0]));
      }
      return all;
    }
    if (raw.equals(Map.class) && of[0].equals(String.class)) {
      Map<String, @Nullable Object> all = new LinkedHashMap<>();
      fitting(value, JsonObject.class)
          .asJsonObject()
          .forEach((name, each) -> all.put(name, read(each, of[1])));
      return all;
    }
    return raw.isRecord()
        ? record(fitting(value, JsonObject.class).asJsonObject(), raw)
        : mapping.fromJson(mapping.text(value, attachments), type);
  }

  private Object record(JsonObject object, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      JsonValue value = object.get(name(components[i]));
      values[i] =
          value == null && types[i].isPrimitive()
              ? zero(types[i])
              : read(value == null ? JsonValue.NULL : value, components[i].getGenericType());
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException refused) {
      throw new IllegalArgumentException("no " + type.getSimpleName(), refused.getCause());
    } catch (ReflectiveOperationException hidden) {
      throw new IllegalArgumentException("cannot be made: " + type.getName(), hidden);
    }
  }

  /** Name of a record's component in JSON. */
  static String name(RecordComponent component) {
    JsonbProperty property = component.getAccessor().getAnnotation(JsonbProperty.class);
    return property == null || property.value().isEmpty() ? component.getName() : property.value();
  }

  private static Object zero(Class<?> primitive) {
    return Array.get(Array.newInstance(primitive, 1), 0);
  }
}
