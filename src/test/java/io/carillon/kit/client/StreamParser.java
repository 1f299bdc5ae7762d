package io.carillon.kit.client;

import java.util.function.Consumer;

/** Reads lines of an event stream as the HTML standard says. */
public final class StreamParser {
  private final Consumer<StreamEvent> events;
  private final Consumer<String> comments;
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private String id = "";
  private long retry = -1;

  /** Gives what it dispatches to these. */
  public StreamParser(Consumer<StreamEvent> events, Consumer<String> comments) {
    this.events = events;
    this.comments = comments;
  }

  /** The last time to wait that the server told, in milliseconds, or -1. */
  public long retry() {
    return retry;
  }

  /** Takes one line without its end. */
  public void line(String line) {
    if (line.isEmpty()) {
      dispatch();
      return;
    }
    int colon = line.indexOf(':');
    if (colon == 0) {
      comments.accept(line.substring(1));
      return;
    }
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (field) {
      case "event" -> name = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> id = value.indexOf('\0') < 0 ? value : id;
      case "retry" -> retry = value.matches("[0-9]+") ? Long.parseLong(value) : retry;
      default -> throw new AssertionError("a field that the server never writes: " + line);
    }
  }

  private void dispatch() {
    if (!data.isEmpty()) {
      data.setLength(data.length() - 1);
      events.accept(new StreamEvent(id, name.isEmpty() ? "message" : name, data.toString()));
    }
    data.setLength(0);
    name = "";
  }
}
