package io.carillon.protocol.pusher;

import io.carillon.core.connection.Disconnects;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.limit.Visitor;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestApps;
import io.carillon.core.uri.UriDecoder;
import io.carillon.protocol.HttpAnswer;
import io.carillon.protocol.HttpApi;
import io.carillon.protocol.HttpCall;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP API of applications, as server libraries call it (Pusher's page "HTTP API"). Every call is
 * signed.
 */
public final class PusherHttp implements HttpApi {
  private final GuestApps apps;
  private final PusherPublishing publishing;
  private final PusherQueries queries;
  private final Disconnects disconnects;
  private final PusherRequest.Check check;
  private final Limits limits;

  /**
   * Creates the API.
   *
   * @param clock judges the age of signatures
   * @param limits of an application's servers, which are one user
   */
  public PusherHttp(
      GuestApps apps, Rooms rooms, Disconnects disconnects, InstantSource clock, Limits limits) {
    this.limits = limits;
    this.apps = apps;
    this.queries = new PusherQueries(rooms);
    this.publishing = new PusherPublishing(rooms, queries, limits);
    this.disconnects = disconnects;
    this.check = new PusherRequest.Check(clock);
  }

  @Override
  public List<String> patterns() {
    return List.of("/apps/*");
  }

  @Override
  public boolean guarded() {
    return false;
  }

  @Override
  public HttpAnswer answer(HttpCall call) {
    String[] parts = call.path().split("/", -1);
    GuestApp app = parts.length < 3 ? null : apps.byId(UriDecoder.path(parts[2]));
    if (app == null) {
      return apps.known()
          ? HttpAnswer.error(404, "There is no such application.")
          : HttpAnswer.error(503, "The applications are not known yet.");
    }
    PusherRequest request = PusherRequest.of(call);
    HttpAnswer refusal = request == null ? badQuery() : check.refusal(app, request);
    if (request == null || refusal != null) {
      return refusal == null ? badQuery() : refusal;
    }
    if (!app.enabled()) {
      return HttpAnswer.error(403, "The application is disabled.");
    }
    HttpAnswer answer =
        switch (call.method()) {
          case "POST" -> post(app, parts, request);
          case "GET" -> get(app, parts, request);
          default -> HttpAnswer.error(405, "There is no such method here.");
        };
    return answer == null ? HttpAnswer.error(404, "There is no such path.") : answer;
  }

  private static HttpAnswer badQuery() {
    return HttpAnswer.error(400, "The query cannot be read.");
  }

  private @Nullable HttpAnswer post(GuestApp app, String[] parts, PusherRequest request) {
    if (parts.length == 4 && parts[3].equals("events")) {
      return publishing.publish(app, request.fields());
    }
    if (parts.length == 4 && parts[3].equals("batch_events")) {
      return publishing.publishAll(app, request.fields());
    }
    if (parts.length == 6 && parts[3].equals("users") && parts[5].equals("terminate_connections")) {
      return terminate(app, UriDecoder.path(parts[4]));
    }
    return null;
  }

  private HttpAnswer terminate(GuestApp app, String user) {
    if (!PusherUser.isId(user)) {
      return HttpAnswer.error(400, "No user can have this id.");
    }
    disconnects.kick(app.name(user));
    return HttpAnswer.ok("{}");
  }

  private @Nullable HttpAnswer get(GuestApp app, String[] parts, PusherRequest request) {
    if (parts.length < 4 || !parts[3].equals("channels")) {
      return null;
    }
    Visitor servers = new Visitor(app.identity(app.name()), "", "");
    limits.take(Limit.MEMBERS_USER, servers, 1);
    return switch (parts.length) {
      case 4 -> queries.channels(app, request.parameter("filter_by_prefix"), request.info());
      case 5 -> queries.channel(app, UriDecoder.path(parts[4]), request.info());
      case 6 -> parts[5].equals("users") ? queries.users(app, UriDecoder.path(parts[4])) : null;
      default -> null;
    };
  }

  /** Whether a comma-separated list of attributes has one. */
  static boolean asks(@Nullable String info, String what) {
    return info != null && List.of(info.split(",", -1)).contains(what);
  }
}
