package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.room.Rooms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * REST resource that publishes an event. No thread waits for the commit: the answer is written when
 * it is there.
 */
@ApplicationScoped
@Path("/rooms/{room}/events")
@Produces(MediaType.APPLICATION_JSON)
public class PublishResource {
  @Inject Rooms rooms;
  @Inject Quota quota;
  @Inject Executor executor;
  @Inject ApiSettings settings;

  /**
   * Publishes one event: our own body, bytes with the rest in the query, or a CloudEvent in
   * structured or binary mode.
   */
  @POST
  public CompletionStage<Response> publish(
      @PathParam("room") String room,
      @Context HttpHeaders headers,
      @Context UriInfo uri,
      @Context SecurityContext security,
      InputStream body) {
    Identity who = Caller.of(security);
    Draft draft = draft(new RoomName(room), headers, uri, body).traced(trace(headers, settings));
    quota.chargePublish(security, draft.content());
    return draft
        .publish(rooms, who)
        .thenApplyAsync(r -> PublishOutcome.answer(draft.room(), r), executor);
  }

  private Draft draft(RoomName room, HttpHeaders headers, UriInfo uri, InputStream body) {
    MediaType type = headers.getMediaType();
    if (type == null || isType(type, CloudEvents.BATCH)) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    if (!Bodies.isJson(type)) {
      return ofBytes(room, headers, type, uri, body);
    }
    String text = Bodies.json(headers, body, settings.bodyLimit());
    if (isType(type, CloudEvents.STRUCTURED)) {
      return CloudEvents.structured(text, room);
    }
    if (CloudEvents.isBinary(headers.getRequestHeaders())) {
      return CloudEvents.binary(headers.getRequestHeaders(), text, room);
    }
    return Draft.read(text, room, key(headers));
  }

  private Draft ofBytes(
      RoomName room, HttpHeaders headers, MediaType type, UriInfo uri, InputStream body) {
    boolean cloudEvent = CloudEvents.isBinary(headers.getRequestHeaders());
    if (!cloudEvent && !isType(type, MediaType.APPLICATION_OCTET_STREAM)) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    byte[] bytes = Bodies.bytes(headers, body, settings.bodyLimit());
    return cloudEvent
        ? CloudEvents.binary(headers.getRequestHeaders(), type.toString(), bytes, room)
        : Draft.read(bytes, uri.getQueryParameters(), room, key(headers));
  }

  private static @Nullable String key(HttpHeaders headers) {
    return IdempotencyKey.read(headers.getRequestHeader(IdempotencyKey.HEADER));
  }

  /** The trace context that the events of a call keep; null: none, or they keep none. */
  static @Nullable String trace(HttpHeaders headers, ApiSettings settings) {
    return settings.traceparent()
        ? TraceContext.read(headers.getRequestHeader(TraceContext.NAME))
        : null;
  }

  static boolean isType(@Nullable MediaType type, String wanted) {
    return type != null && (type.getType() + '/' + type.getSubtype()).equalsIgnoreCase(wanted);
  }
}
