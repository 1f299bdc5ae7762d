package io.carillon.protocol.socketio;

import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.WireJson;
import io.carillon.protocol.Message;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Encoder of replies as Socket.IO acknowledgements, with one object each. Stateless. */
final class SocketIoAnswers {
  private static final String ACK = "43";
  private static final String CONNECT_ERROR = "44";

  private SocketIoAnswers() {}

  /** Acknowledgement of a reply; null: there is none. */
  static @Nullable Frame of(Reply reply) {
    String id = reply.ref();
    if (id == null) {
      return null;
    }
    return switch (reply) {
      case Reply.Done r -> ack(id, 32, out -> {});
      case Reply.JoinedRoom r -> ack(id, 256, out -> WireJson.joinedFields(out, r.joined()));
      case Reply.Published r ->
          ack(
              id,
              160,
              out ->
                  out.field("seq", r.seq())
                      .field("epoch", r.epoch())
                      .field("id", r.id())
                      .field("duplicate", r.duplicate()));
      case Reply.MemberList r -> ack(id, 1024, out -> WireJson.membersFields(out, r.page()));
      case Reply.HistoryList r ->
          ack(
              id,
              256 + 512 * r.page().events().size(),
              out -> WireJson.historyFields(out, r.page()));
      case Reply.Authenticated r -> {
        Instant expires = r.expires();
        String text = expires == null ? null : WireJson.instant(expires);
        yield ack(id, 64, out -> out.optional("expires", text));
      }
      case Reply.PingAnswered r -> null;
      case Reply.Refused r -> ack(id, 192, out -> error(out, r.rejection()));
    };
  }

  /**
   * Answer to a refused CONNECT.
   *
   * @param namespace the namespace of the CONNECT
   */
  static Message.Text refused(String namespace, Rejection rejection) {
    JsonWriter out = connectError(namespace).field("message", rejection.message());
    return text(out.name("data").beginObject().field("code", rejection.code().code()).endObject());
  }

  /** Answer to a CONNECT to an unknown namespace, with the message of Socket.IO's own server. */
  static Frame invalidNamespace(String namespace) {
    return text(connectError(namespace).field("message", "Invalid namespace"));
  }

  private static JsonWriter connectError(String namespace) {
    StringBuilder out = new StringBuilder(192).append(CONNECT_ERROR);
    if (!namespace.equals(SocketIoPacket.MAIN)) {
      out.append(namespace).append(',');
    }
    return new JsonWriter(out).beginObject();
  }

  private static Message.Text text(JsonWriter out) {
    return new Message.Text(out.endObject().toString());
  }

  private static Frame ack(String id, int size, Consumer<JsonWriter> fields) {
    JsonWriter out = new JsonWriter(new StringBuilder(size).append(ACK).append(id));
    fields.accept(out.beginArray().beginObject());
    return new Message.Text(out.endObject().endArray().toString());
  }

  private static void error(JsonWriter out, Rejection rejection) {
    out.name("error").beginObject();
    WireJson.rejectionFields(out, rejection);
    out.endObject();
  }
}
