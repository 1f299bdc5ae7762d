package io.carillon.contract;

import io.carillon.core.CloseCode;
import io.carillon.core.ErrorCode;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.json.CarillonV1;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How {@code carillon.v1} says it. */
public final class CarillonDialect implements Dialect {
  private static final int DEPTH = 64;

  private final Protocol protocol = new CarillonV1();

  @Override
  public Protocol protocol() {
    return protocol;
  }

  @Override
  public Message hello(String token) {
    return new Message.Text("{\"type\":\"auth\",\"ref\":\"hello\",\"token\":\"" + token + "\"}");
  }

  @Override
  public Message join(String room) {
    return new Message.Text("{\"type\":\"join\",\"ref\":\"join\",\"room\":\"" + room + "\"}");
  }

  @Override
  public Message publish(String room, String word) {
    return new Message.Text(
        "{\"type\":\"publish\",\"ref\":\"publish\",\"room\":\"%s\",\"name\":\"n\",\"data\":\"%s\"}"
            .formatted(room, word));
  }

  @Override
  public Message nonsense() {
    return new Message.Text("nonsense");
  }

  @Override
  public boolean nonsenseCloses() {
    return false;
  }

  @Override
  public Message alive() {
    return new Message.Text("{\"type\":\"pong\"}");
  }

  @Override
  public List<Message> parts(Message message) {
    String text = ((Message.Text) message).text();
    if (!JsonText.isArray(text)) {
      return List.of(message);
    }
    return JsonText.elements(text, DEPTH, 100_000, ErrorCode.BAD_FRAME).stream()
        .map(part -> (Message) new Message.Text(part))
        .toList();
  }

  @Override
  public Said said(Message part) {
    JsonFields fields = JsonFields.parse(((Message.Text) part).text(), DEPTH, ErrorCode.BAD_FRAME);
    String type = fields.requiredString("type");
    return switch (type) {
      case "welcome" -> new Said.Greeting();
      case "event" -> new Said.Heard(fields.requiredString("data"));
      case "error" -> new Said.Refused(fields.requiredString("code"));
      case "ping" -> new Said.Ping();
      case "goodbye" -> new Said.Bye();
      case "ok" ->
          switch (fields.requiredString("ref")) {
            case "hello" -> new Said.Hello();
            case "join" -> new Said.Joined();
            default -> new Said.Published();
          };
      default -> throw new AssertionError(type);
    };
  }

  @Override
  public @Nullable String lastWords(CloseCode code) {
    return null;
  }
}
