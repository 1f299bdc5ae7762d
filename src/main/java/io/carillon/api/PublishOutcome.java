package io.carillon.api;

import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.AppendResult;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of one event of a publish request.
 *
 * @param room where it was meant for; null if the body did not even say that
 */
record PublishOutcome(@Nullable RoomName room, AppendResult result) {
  private static final String CURSOR_HEADER = "Carillon-Cursor";

  /** The answer to a publish of one. */
  static Response answer(RoomName room, AppendResult result) {
    return switch (result) {
      case AppendResult.Appended done -> {
        JsonWriter json = new JsonWriter(new StringBuilder(160)).beginObject();
        members(json, room, done);
        yield Response.status(status(done))
            .header(CURSOR_HEADER, new Cursor(done.epoch(), done.seq()))
            .entity(json.endObject().toString())
            .build();
      }
      case AppendResult.NotAppended not -> Problems.of(not.rejection());
    };
  }

  /** The answer to a batch: an array in the order of the request. */
  static Response answer(List<PublishOutcome> all) {
    JsonWriter json = new JsonWriter(new StringBuilder(160 * all.size())).beginArray();
    all.forEach(one -> one.write(json));
    return Response.ok(json.endArray().toString()).build();
  }

  private void write(JsonWriter json) {
    json.beginObject();
    switch (result) {
      case AppendResult.Appended done -> {
        json.field("status", status(done));
        if (room != null) {
          members(json, room, done);
        }
      }
      case AppendResult.NotAppended(Rejection rejection) -> {
        ErrorCode code = rejection.code();
        json.field("status", code.status())
            .field("code", code.code())
            .field("message", code.message())
            .field("retryable", code.retryable())
            .optional("room", room == null ? null : room.value())
            .optional("id", rejection.id());
      }
    }
    json.endObject();
  }

  private static void members(JsonWriter json, RoomName room, AppendResult.Appended done) {
    json.field("room", room.value())
        .field("seq", done.seq())
        .field("epoch", done.epoch())
        .field("id", done.id())
        .field("duplicate", done.duplicate());
  }

  private static int status(AppendResult.Appended done) {
    return done.duplicate() ? 200 : 201;
  }
}
