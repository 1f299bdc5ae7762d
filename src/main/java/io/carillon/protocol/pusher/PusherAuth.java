package io.carillon.protocol.pusher;

import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestApps;
import io.carillon.core.uri.UriDecoder;
import io.carillon.protocol.HttpAnswer;
import io.carillon.protocol.HttpApi;
import io.carillon.protocol.HttpCall;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Authorization endpoint of applications that have no server of their own: signs subscriptions and
 * sign-ins of users who have a credential of Carillon. The user needs the right in the channel's
 * room.
 */
public final class PusherAuth implements HttpApi {
  private final GuestApps apps;
  private final Authorizer authorizer;

  /** Creates the endpoint; {@code authorizer} judges the rights. */
  public PusherAuth(GuestApps apps, Authorizer authorizer) {
    this.apps = apps;
    this.authorizer = authorizer;
  }

  @Override
  public List<String> patterns() {
    return List.of("/pusher/auth", "/pusher/user-auth");
  }

  @Override
  public boolean guarded() {
    return true;
  }

  @Override
  public HttpAnswer answer(HttpCall call) {
    Identity who = call.who();
    if (who == null) {
      return HttpAnswer.error(401, "A valid credential is needed.");
    }
    if (!call.method().equals("POST")) {
      return HttpAnswer.error(405, "There is no such method here.");
    }
    Map<String, String> form = form(call);
    GuestApp app = app(form.get("app_key"));
    String socketId = form.get("socket_id");
    if (app == null) {
      return HttpAnswer.error(400, "Of several applications app_key must name one.");
    }
    if (socketId == null || SocketId.connection(socketId) == null) {
      return HttpAnswer.error(400, "socket_id is missing.");
    }
    return call.path().equals("/pusher/auth")
        ? channel(app, who, socketId, form.get("channel_name"))
        : user(app, who, socketId);
  }

  private HttpAnswer channel(
      GuestApp app, Identity who, String socketId, @Nullable String channelName) {
    if (channelName == null) {
      return HttpAnswer.error(400, "channel_name is missing.");
    }
    PusherChannel channel = new PusherChannel(channelName);
    RoomName room = channel.room(app.namespace());
    boolean allowed =
        channel.isSigned()
            && !channel.isEncrypted()
            && authorizer.allows(who, Right.READ, room)
            && (!channel.isPresence() || authorizer.allows(who, Right.PRESENCE, room));
    if (!allowed) {
      return HttpAnswer.error(403, "This is not allowed.");
    }
    String data = null;
    if (channel.isPresence()) {
      JsonWriter member = object().field("user_id", who.user()).rawField("user_info", "{}");
      data = member.endObject().toString();
    }
    JsonWriter out = object();
    out.field("auth", PusherSignature.channel(app, socketId, channel.name(), data));
    return HttpAnswer.ok(out.optional("channel_data", data).endObject().toString());
  }

  private static HttpAnswer user(GuestApp app, Identity who, String socketId) {
    String data = object().field("id", who.user()).endObject().toString();
    JsonWriter out = object().field("auth", PusherSignature.user(app, socketId, data));
    return HttpAnswer.ok(out.field("user_data", data).endObject().toString());
  }

  /** Enabled application of this key; without a key the only enabled one. */
  private @Nullable GuestApp app(@Nullable String key) {
    List<GuestApp> enabled =
        apps.all().stream()
            .filter(GuestApp::enabled)
            .filter(app -> key == null || app.key().equals(key))
            .toList();
    return enabled.size() == 1 ? enabled.getFirst() : null;
  }

  /** Form fields of the body, and those of the query that the body does not have. */
  private static Map<String, String> form(HttpCall call) {
    Map<String, String> form = new HashMap<>();
    for (String pairs : List.of(call.query(), new String(call.body(), StandardCharsets.UTF_8))) {
      UriDecoder.query(pairs).forEach((name, values) -> form.put(name, values.getLast()));
    }
    return form;
  }

  private static JsonWriter object() {
    return new JsonWriter(new StringBuilder(128)).beginObject();
  }
}
