package io.carillon.protocol.socketio;

import io.carillon.core.json.JsonText;
import io.carillon.socketio.Argument;
import jakarta.json.JsonValue;
import java.lang.invoke.MethodType;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One value of a peer: a JSON text that was checked, and the attachments of its packet. */
final class JsonArgument implements Argument {
  private static final String NULL = "null";

  private final JsonMapping mapping;
  private final String json;
  private final List<byte[]> attachments;

  JsonArgument(JsonMapping mapping, @Nullable String json, List<byte[]> attachments) {
    this.mapping = mapping;
    this.json = json == null ? NULL : json;
    this.attachments = attachments;
  }

  List<byte[]> attachments() {
    return attachments;
  }

  @Override
  public String json() {
    return json;
  }

  @Override
  public JsonValue value() {
    return mapping.tree(json, attachments);
  }

  @Override
  public <T> @Nullable T as(Class<T> type) {
    return boxed(type).cast(as((Type) type));
  }

  @SuppressWarnings("unchecked")
  private static <T> Class<T> boxed(Class<T> type) {
    return (Class<T>) MethodType.methodType(type).wrap().returnType();
  }

  @Override
  public @Nullable Object as(Type type) {
    if (type.equals(String.class) && JsonText.isString(json)) {
      return string();
    }
    return new ValueReader(mapping, attachments).read(mapping.tree(json), type);
  }

  @Override
  public String string() {
    if (!JsonText.isString(json)) {
      throw new IllegalArgumentException("no string");
    }
    return SocketIoCalls.string(json);
  }

  @Override
  public byte[] bytes() {
    int number = mapping.placeholder(json, attachments.size());
    if (number < 0) {
      throw new IllegalArgumentException("no bytes");
    }
    return attachments.get(number).clone();
  }

  @Override
  public boolean isBytes() {
    return mapping.placeholder(json, attachments.size()) >= 0;
  }

  @Override
  public boolean isNull() {
    return json.equals(NULL);
  }

  @Override
  public String toString() {
    return json;
  }
}
