package io.carillon.kit.client;

import jakarta.json.JsonObject;

/**
 * One dispatched event of an event stream.
 *
 * @param id the last id seen up to it
 * @param name its name, {@code message} if it has none
 * @param data its data
 */
public record StreamEvent(String id, String name, String data) {
  /** The data as an object. */
  public JsonObject json() {
    return Texts.object(data);
  }
}
