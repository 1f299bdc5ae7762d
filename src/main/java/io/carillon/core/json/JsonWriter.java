package io.carillon.core.json;

import org.jspecify.annotations.Nullable;

/**
 * Writer of JSON to a {@link StringBuilder}. Sets the commas; the caller takes care that brackets
 * match and names stand before values. Values given as raw JSON go in as they are.
 */
public final class JsonWriter {
  private final StringBuilder out;
  private boolean comma;

  /** Writes to the end of {@code out}. */
  public JsonWriter(StringBuilder out) {
    this.out = out;
  }

  /** Begins an object. */
  public JsonWriter beginObject() {
    return open('{');
  }

  /** Ends an object. */
  public JsonWriter endObject() {
    return close('}');
  }

  /** Begins an array. */
  public JsonWriter beginArray() {
    return open('[');
  }

  /** Ends an array. */
  public JsonWriter endArray() {
    return close(']');
  }

  /** The name of the member that follows. */
  public JsonWriter name(String name) {
    separate();
    JsonStrings.append(out, name);
    out.append(':');
    comma = false;
    return this;
  }

  /** A string, escaped. */
  public JsonWriter string(String value) {
    separate();
    JsonStrings.append(out, value);
    return this;
  }

  /** A JSON text as it is. */
  public JsonWriter raw(String json) {
    separate();
    out.append(json);
    return this;
  }

  /** A whole number. */
  public JsonWriter number(long value) {
    separate();
    out.append(value);
    return this;
  }

  /** A boolean. */
  public JsonWriter bool(boolean value) {
    separate();
    out.append(value);
    return this;
  }

  /** A member with a string. */
  public JsonWriter field(String name, String value) {
    return name(name).string(value);
  }

  /** A member with a string, or nothing at all if it is null. */
  public JsonWriter optional(String name, @Nullable String value) {
    return value == null ? this : field(name, value);
  }

  /** A member with raw JSON, or nothing at all if it is null. */
  public JsonWriter rawField(String name, @Nullable String json) {
    return json == null ? this : name(name).raw(json);
  }

  /** A member with a whole number. */
  public JsonWriter field(String name, long value) {
    return name(name).number(value);
  }

  /** A member with a boolean. */
  public JsonWriter field(String name, boolean value) {
    return name(name).bool(value);
  }

  /** The content of the builder. */
  @Override
  public String toString() {
    return out.toString();
  }

  private JsonWriter open(char bracket) {
    separate();
    out.append(bracket);
    comma = false;
    return this;
  }

  private JsonWriter close(char bracket) {
    out.append(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      out.append(',');
    }
    comma = true;
  }
}
