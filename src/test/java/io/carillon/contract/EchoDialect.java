package io.carillon.contract;

import io.carillon.core.CloseCode;
import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.echo.EchoProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How an echo says it. */
public final class EchoDialect implements Dialect {
  private final Protocol protocol = new EchoProtocol();

  @Override
  public Protocol protocol() {
    return protocol;
  }

  @Override
  public Message hello(String token) {
    return new Message.Text("hello " + token);
  }

  @Override
  public Message join(String room) {
    return new Message.Text("join " + room);
  }

  @Override
  public Message meet(String room) {
    return new Message.Text("meet " + room);
  }

  @Override
  public Message part() {
    return new Message.Text("part");
  }

  @Override
  public Message publish(String room, String word) {
    return new Message.Text("say " + word);
  }

  @Override
  public Message nonsense() {
    return new Message.Text("nonsense");
  }

  @Override
  public boolean nonsenseCloses() {
    return true;
  }

  @Override
  public Message alive() {
    return new Message.Text("!");
  }

  @Override
  public List<Message> parts(Message message) {
    return List.of(message);
  }

  @Override
  public Said said(Message part) {
    if (part instanceof Message.Bytes bytes) {
      return new Said.HeardBytes(list(bytes.bytes()));
    }
    String[] words = part.toString().split(" ", 3);
    return switch (words[0]) {
      case "echo" -> new Said.Greeting();
      case "hello" -> new Said.Hello();
      case "joined" -> new Said.Joined();
      case "said" -> new Said.Published();
      case "heard" -> new Said.Heard(words[2]);
      case "here" -> new Said.Here(rest(part));
      case "changed" -> new Said.Changed(rest(part));
      case "no" -> new Said.Refused(words[1]);
      case "?" -> new Said.Ping();
      case "bye" -> new Said.Bye();
      default -> throw new AssertionError(part);
    };
  }

  private static List<String> rest(Message part) {
    return Stream.of(part.toString().split(" ")).skip(1).sorted().toList();
  }

  /** Bytes that can be compared. */
  static List<Byte> list(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte b : bytes) {
      list.add(b);
    }
    return list;
  }

  @Override
  public @Nullable String lastWords(CloseCode code) {
    return "bye " + code;
  }
}
