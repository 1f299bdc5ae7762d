package io.carillon.protocol.echo;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.EventName;
import io.carillon.core.MembersBy;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonWriter;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The codec of one echo: remembers the room that was joined last. */
final class EchoCodec implements Codec {
  private static final EventName SAID = new EventName("said");

  private final String app;

  /** Read and written by {@link #decode} alone. */
  private RoomName room = new RoomName("echo:none");

  EchoCodec(String app) {
    this.app = app;
  }

  @Override
  public List<Decoded> opened(Delivery.Welcome welcome) {
    return List.of(new Decoded.Said(new Message.Text("echo of " + app)));
  }

  @Override
  public List<Decoded> decode(Message message) {
    return List.of(
        switch (message) {
          case Message.Text text -> decode(text.text());
          case Message.Bytes bytes -> publish(Content.bytes(bytes.bytes()));
        });
  }

  private Decoded decode(String text) {
    int space = text.indexOf(' ');
    String rest = text.substring(space + 1);
    return switch (space < 0 ? text : text.substring(0, space)) {
      case "hello" -> new Decoded.Asked(new Command.Auth(null, rest));
      case "join" -> join(rest, Command.PresenceMode.NONE);
      case "meet" ->
          join(rest, new Command.PresenceMode.FollowAndTrack("{}", null, MembersBy.CONNECTION));
      case "part" -> new Decoded.Asked(new Command.Leave(null, room));
      case "say" -> publish(Content.json(quoted(rest)));
      case "!" -> new Decoded.Asked(new Command.Pong(null));
      default -> new Decoded.Disconnect(CloseCode.PROTOCOL, "no such word");
    };
  }

  private Decoded join(String name, Command.PresenceMode presence) {
    room = new RoomName(name);
    return new Decoded.Asked(new Command.Join(null, room, null, 0, presence, false));
  }

  private static String quoted(String said) {
    return new JsonWriter(new StringBuilder()).string(said).toString();
  }

  private Decoded publish(Content content) {
    return new Decoded.Asked(new Command.Publish(null, room, SAID, content, null, null));
  }

  @Override
  public @Nullable Frame encode(Reply reply, @Nullable Command command) {
    return switch (reply) {
      case Reply.Refused r -> new Message.Text("no " + r.rejection().code().code());
      case Reply.Authenticated r -> new Message.Text("hello");
      case Reply.JoinedRoom r -> new Message.Text("joined " + r.joined().room().value());
      case Reply.Published r when command instanceof Command.Publish p ->
          new Message.Text("said " + r.seq() + " to " + p.room().value());
      default -> null;
    };
  }

  @Override
  public List<Message> join(List<Frame> frames) {
    return frames.stream().filter(f -> f != EchoProtocol.SILENCE).map(f -> (Message) f).toList();
  }
}
