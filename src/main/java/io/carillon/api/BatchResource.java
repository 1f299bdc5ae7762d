package io.carillon.api;

import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.AppendResult;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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

/**
 * REST resource that publishes many events at once. A class of its own, for classes that share a
 * path with the event streams must have that very path: the most literal path of a class wins
 * before methods are asked.
 */
@ApplicationScoped
@Path("/events")
@Produces(MediaType.APPLICATION_JSON)
public class BatchResource {
  private static final int MAX_BATCH = 1000;

  @Inject Rooms rooms;
  @Inject Quota quota;
  @Inject Executor executor;
  @Inject ApiSettings settings;

  /** Publishes up to 1,000 events, in order, each on its own. */
  @POST
  public CompletionStage<Response> publishAll(
      @Context HttpHeaders headers, @Context SecurityContext security, InputStream body) {
    var unused = Caller.of(security);
    boolean cloudEvents = PublishResource.isType(headers.getMediaType(), CloudEvents.BATCH);
    String text = Bodies.json(headers, body, settings.bodyLimit());
    List<String> items = Draft.elements(text, MAX_BATCH);
    String trace = PublishResource.trace(headers, settings);
    List<CompletableFuture<PublishOutcome>> results = new ArrayList<>(items.size());
    for (String item : items) {
      results.add(publishOne(security, item, cloudEvents, trace));
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            all -> PublishOutcome.answer(results.stream().map(CompletableFuture::join).toList()),
            executor);
  }

  private CompletableFuture<PublishOutcome> publishOne(
      SecurityContext security, String item, boolean cloudEvents, @Nullable String trace) {
    RoomName room = null;
    try {
      Draft read = cloudEvents ? CloudEvents.structured(item, null) : Draft.read(item, null, null);
      Draft draft = read.traced(trace);
      room = draft.room();
      RoomName known = room;
      quota.chargePublish(security, draft.content());
      return draft
          .publish(rooms, Caller.of(security))
          .thenApply(result -> new PublishOutcome(known, result));
    } catch (RefusedException refused) {
      return CompletableFuture.completedFuture(
          new PublishOutcome(room, new AppendResult.NotAppended(refused.rejection())));
    }
  }
}
