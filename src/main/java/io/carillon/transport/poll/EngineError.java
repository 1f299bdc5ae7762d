package io.carillon.transport.poll;

import io.carillon.core.json.JsonWriter;

/** What Engine.IO answers to a request that cannot be served: a number and its words, as JSON. */
enum EngineError {
  /** No transport, or none of ours. */
  TRANSPORT_UNKNOWN(0, 400, "Transport unknown"),
  /** There is no such session, or no more. */
  SESSION_UNKNOWN(1, 400, "Session ID unknown"),
  /** A session begins with GET. */
  BAD_METHOD(2, 400, "Bad handshake method"),
  /** It does not fit to what the session is. */
  BAD_REQUEST(3, 400, "Bad request"),
  /** Not allowed. */
  FORBIDDEN(4, 403, "Forbidden"),
  /** Another version of the protocol than 4. */
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
