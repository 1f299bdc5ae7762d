package io.carillon.transport.poll;

import io.carillon.core.json.JsonWriter;

/** Error answers of Engine.IO 4: a code and a message, as JSON. */
enum EngineError {
  /** Missing or unknown transport. */
  TRANSPORT_UNKNOWN(0, 400, "Transport unknown"),
  /** Unknown or ended session. */
  SESSION_UNKNOWN(1, 400, "Session ID unknown"),
  /** Handshake by another method than GET. */
  BAD_METHOD(2, 400, "Bad handshake method"),
  /** Request that does not fit its session, or that cannot be read. */
  BAD_REQUEST(3, 400, "Bad request"),
  /** Forbidden. */
  FORBIDDEN(4, 403, "Forbidden"),
  /** Protocol version other than 4. */
  VERSION(5, 400, "Unsupported protocol version");

  private final int code;
  private final int status;
  private final String message;

  EngineError(int code, int status, String message) {
    this.code = code;
    this.status = status;
    this.message = message;
  }

  int status() {
    return status;
  }

  String json() {
    JsonWriter out = new JsonWriter(new StringBuilder(64)).beginObject();
    return out.field("code", code).field("message", message).endObject().toString();
  }
}
