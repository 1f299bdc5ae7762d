package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.AppendResult;
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
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Publishes events. No thread waits for the commit: the answer is written when it is there. */
@ApplicationScoped
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public class PublishResource {
  private static final int MAX_BATCH = 1000;

  @Inject Rooms rooms;
  @Inject Executor executor;
  @Inject ApiSettings settings;

  /** Publishes one event: our own body, or a CloudEvent in structured or binary mode. */
  @POST
  @Path("/rooms/{room}/events")
  public CompletionStage<Response> publish(
      @PathParam("room") String room,
      @Context HttpHeaders headers,
      @Context SecurityContext security,
      InputStream body) {
    Identity who = Caller.of(security);
    Draft draft = draft(new RoomName(room), headers, body);
    return append(who, draft).thenApplyAsync(r -> Published.answer(draft.room(), r), executor);
  }

  /** Publishes up to 1,000 events, in order, each on its own. */
  @POST
  @Path("/events")
  public CompletionStage<Response> publishAll(
      @Context HttpHeaders headers, @Context SecurityContext security, InputStream body) {
    Identity who = Caller.of(security);
    boolean cloudEvents = isType(headers.getMediaType(), CloudEvents.BATCH);
    String text = Bodies.json(headers, body, settings.bodyLimit());
    List<String> items = Draft.elements(text, MAX_BATCH);
    List<CompletableFuture<Published>> results = new ArrayList<>(items.size());
    for (String item : items) {
      results.add(publishOne(who, item, cloudEvents));
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            all -> Published.answer(results.stream().map(CompletableFuture::join).toList()),
            executor);
  }

  private CompletableFuture<Published> publishOne(Identity who, String item, boolean cloudEvents) {
    RoomName room = null;
    try {
      Draft draft = cloudEvents ? CloudEvents.structured(item, null) : Draft.read(item, null, null);
      room = draft.room();
      RoomName known = room;
      return append(who, draft).thenApply(result -> new Published(known, result));
    } catch (RefusedException refused) {
      return CompletableFuture.completedFuture(
          new Published(room, new AppendResult.NotAppended(refused.rejection())));
    }
  }

  private CompletableFuture<AppendResult> append(Identity who, Draft draft) {
    return rooms.publish(
        who, draft.room(), draft.name(), draft.data(), draft.key(), draft.meta(), null);
  }

  private Draft draft(RoomName room, HttpHeaders headers, InputStream body) {
    MediaType type = headers.getMediaType();
    if (isType(type, CloudEvents.BATCH)) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    String text = Bodies.json(headers, body, settings.bodyLimit());
    if (isType(type, CloudEvents.STRUCTURED)) {
      return CloudEvents.structured(text, room);
    }
    if (CloudEvents.isBinary(headers.getRequestHeaders())) {
      return CloudEvents.binary(headers.getRequestHeaders(), text, room);
    }
    String key = IdempotencyKey.read(headers.getRequestHeader(IdempotencyKey.HEADER));
    return Draft.read(text, room, key);
  }

  private static boolean isType(@Nullable MediaType type, String wanted) {
    return type != null && (type.getType() + '/' + type.getSubtype()).equalsIgnoreCase(wanted);
  }
}
