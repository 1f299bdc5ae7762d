package io.carillon.protocol.pusher;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestApps;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Codec of one Pusher connection: checks the protocol version and the application, decodes
 * messages. The connection's subscriptions are in {@link PusherRooms}.
 */
final class PusherCodec implements Codec {
  /** Maximum nesting of a message: that of data, and the message around it. */
  private static final int DEPTH = JsonText.MAX_DEPTH + 2;

  private static final int OLDEST = 5;
  private static final int NEWEST = 7;

  /** Error code of a refused client event; the connection stays open. */
  static final int CLIENT_EVENT = 4301;

  private final GuestApps apps;
  private final PusherHooks hooks;
  private final String key;
  private final @Nullable String version;

  /** State of an accepted connection; set before anything is decoded. */
  private volatile @Nullable PusherRooms rooms;

  PusherCodec(GuestApps apps, PusherHooks hooks, String key, @Nullable String version) {
    this.apps = apps;
    this.hooks = hooks;
    this.key = key;
    this.version = version;
  }

  @Override
  public List<Decoded> opened(Delivery.Welcome welcome) {
    String wrong = version(version);
    GuestApp app = apps.byKey(key);
    if (wrong == null && app != null) {
      wrong = app.enabled() ? null : PusherEnd.DISABLED;
    } else if (wrong == null) {
      if (!apps.known()) {
        return List.of(new Decoded.Disconnect(CloseCode.OVERLOAD, "apps not known yet"));
      }
      wrong = PusherEnd.NO_APP;
    }
    if (wrong != null || app == null) {
      return List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, wrong == null ? "" : wrong));
    }
    String socketId = SocketId.of(welcome.connection());
    rooms = new PusherRooms(app, hooks, socketId);
    return List.of(
        new Decoded.Identified(app.identity(app.name())),
        new Decoded.Said(PusherFrames.established(socketId, PusherProtocol.ACTIVITY.toSeconds())));
  }

  private static @Nullable String version(@Nullable String version) {
    if (version == null || version.isEmpty()) {
      return PusherEnd.NO_VERSION;
    }
    if (version.length() > 9 || !version.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return PusherEnd.BAD_VERSION;
    }
    int number = Integer.parseInt(version);
    return number < OLDEST || number > NEWEST ? PusherEnd.UNSUPPORTED_VERSION : null;
  }

  @Override
  public List<Decoded> decode(Message message) {
    PusherRooms mine = rooms;
    if (mine == null) {
      return List.of();
    }
    GuestApp app = apps.byKey(key);
    if (app == null || !app.enabled()) {
      return List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, PusherEnd.DISABLED));
    }
    if (!app.namespace().equals(mine.app().namespace()) || !app.id().equals(mine.app().id())) {
      return List.of(new Decoded.Disconnect(CloseCode.MOVED, "app changed"));
    }
    if (message instanceof Message.Text text) {
      List<Decoded> parts = new ArrayList<>(2);
      if (!app.equals(mine.app())) {
        parts.add(mine.renew(app));
      }
      parts.addAll(decode(mine, text.text()));
      return parts;
    }
    return List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, "text messages only"));
  }

  private static List<Decoded> decode(PusherRooms mine, String text) {
    try {
      JsonFields fields = JsonFields.parse(text, DEPTH, ErrorCode.BAD_FRAME);
      String event = fields.requiredString("event");
      return switch (event) {
        case "pusher:ping" -> List.of(new Decoded.Asked(new Command.Ping(null)));
        case "pusher:pong" -> List.of();
        case "pusher:subscribe" -> mine.subscribe(data(fields));
        case "pusher:unsubscribe" -> mine.unsubscribe(data(fields));
        case "pusher:signin" -> mine.signIn(data(fields));
        default -> mine.clientEvent(event, fields);
      };
    } catch (RefusedException refused) {
      return error(0, refused.rejection().message());
    }
  }

  /** Data object of a message; some client libraries send it as a string that contains JSON. */
  private static JsonFields data(JsonFields fields) {
    String raw = fields.raw("data");
    if (raw == null) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    String json = JsonText.isString(raw) ? PusherData.string(raw) : raw;
    return JsonFields.parse(json, DEPTH, ErrorCode.BAD_FRAME);
  }

  static List<Decoded> error(int code, String words) {
    return List.of(new Decoded.Said(PusherFrames.error(code, words)));
  }

  @Override
  public Decoded.@Nullable Disconnect ends(Reply reply, @Nullable Command command) {
    // A client library repeats a refused subscription only after a reconnect, so a temporary
    // refusal closes the connection.
    return reply instanceof Reply.Refused refused
            && command instanceof Command.Join
            && passes(refused.rejection().code())
        ? new Decoded.Disconnect(CloseCode.OVERLOAD, refused.rejection().code().code())
        : null;
  }

  private static boolean passes(ErrorCode code) {
    return code.retryable() && code != ErrorCode.LIMIT;
  }

  @Override
  public @Nullable Frame encode(Reply reply, @Nullable Command command) {
    PusherRooms mine = rooms;
    if (mine != null && command instanceof Command.Join join) {
      return mine.answer(join, reply);
    }
    if (reply instanceof Reply.Refused refused) {
      int code = command instanceof Command.SendSignal ? CLIENT_EVENT : 0;
      return PusherFrames.error(code, refused.rejection().message());
    }
    return reply instanceof Reply.PingAnswered ? PusherFrames.PONG : null;
  }

  @Override
  public List<Message> join(List<Frame> frames) {
    List<Message> out = new ArrayList<>(frames.size());
    PusherRooms mine = rooms;
    for (Frame frame : frames) {
      switch (frame) {
        case Message message -> out.add(message);
        case PusherEncoder.Several several -> out.addAll(several.messages());
        default -> {
          if (mine != null) {
            mine.tell(frame, out);
          }
        }
      }
    }
    return out;
  }
}
