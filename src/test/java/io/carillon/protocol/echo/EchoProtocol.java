package io.carillon.protocol.echo;

import io.carillon.core.CloseCode;
import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.MemberConnection;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A protocol as small as one can be that uses the whole seam: its own path, no sub-protocol, a
 * credential in the first message, text and bytes, its own heartbeat and its own farewell. A peer
 * says {@code hello TOKEN}, {@code join ROOM}, {@code meet ROOM} (to be a member there and follow
 * the members by connection), {@code say TEXT} (or bytes) to the room that it joined last, {@code
 * part} to leave that, and {@code !} when it is asked {@code ?}.
 */
public final class EchoProtocol implements Protocol, FrameEncoder {
  /** The code of every end. */
  public static final int CODE = 4990;

  /** Said to nobody. */
  static final Message SILENCE = new Message.Text("");

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public String protocol() {
    return name();
  }

  @Override
  public List<String> subprotocols() {
    return List.of();
  }

  @Override
  public List<String> paths() {
    return List.of("/echo/{app}");
  }

  @Override
  public Admission admission() {
    return Admission.ANYBODY;
  }

  @Override
  public Liveness liveness(Duration heartbeat) {
    return new Liveness(
        Liveness.Begins.SERVER, Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ZERO);
  }

  @Override
  public FrameEncoder encoder() {
    return this;
  }

  @Override
  public Codec open(Peer peer) {
    return new EchoCodec(peer.variables().getOrDefault("app", "none"));
  }

  @Override
  public Frame encode(Delivery delivery) {
    return switch (delivery) {
      case Delivery.EventDelivery d ->
          switch (d.event().content()) {
            case Content.Binary bytes -> new Message.Bytes(bytes.toArray());
            case Content.Json json ->
                new Message.Text("heard " + d.event().seq() + ' ' + said(json.text()));
          };
      case Delivery.ByConnection.ConnectionList d ->
          new Message.Text("here" + names(" ", Objects.requireNonNull(d.members())));
      case Delivery.ByConnection.ConnectionChanges d ->
          new Message.Text(
              "changed"
                  + names(" -", d.left())
                  + names(" +", d.joined())
                  + names(" ~", d.updated()));
      case Delivery.HeartbeatDelivery d -> new Message.Text("?");
      default -> SILENCE;
    };
  }

  @Override
  public Farewell farewell(CloseCode code, String reason, Delivery.@Nullable Goodbye goodbye) {
    return new Farewell(List.of(new Message.Text("bye " + code)), CODE, "echo: " + reason);
  }

  private static String names(String before, List<MemberConnection> members) {
    return members.stream().map(m -> before + m.user()).collect(Collectors.joining());
  }

  /** What is no string was said by somebody with more words. */
  private static String said(String data) {
    return JsonText.isString(data)
        ? JsonFields.parse("{\"said\":" + data + '}', 1, ErrorCode.BAD_DATA).requiredString("said")
        : data;
  }
}
