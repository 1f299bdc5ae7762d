package io.carillon.core.console;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.ConnectionState;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.room.UserActs;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a user did, or that happened to a connection of theirs.
 *
 * @param at when, in database time
 * @param act a word: a kind of {@link UserActs.ActKind}, {@code opened} or {@code closed}
 * @param inRoom what it was; null for a connection
 * @param connection which connection; null for an act in a room
 * @param why why the connection ended; null if it did not
 */
record ActRow(
    Instant at,
    String act,
    UserActs.@Nullable Act inRoom,
    @Nullable ConnectionState connection,
    @Nullable CloseCode why) {
  /** The last one first. */
  static final Comparator<ActRow> LATEST_FIRST = Comparator.comparing(ActRow::at).reversed();

  static ActRow of(UserActs.Act act, Instant at) {
    return new ActRow(at, act.kind().name().toLowerCase(Locale.ROOT), act, null, null);
  }

  static ActRow opened(ConnectionState connection) {
    return new ActRow(connection.opened(), "opened", null, connection, null);
  }

  static ActRow closed(Endings.Ending ending) {
    return new ActRow(ending.at(), "closed", null, ending.state(), ending.code());
  }

  /** Writes it as one JSON object. */
  void write(JsonWriter out, String instance) {
    out.beginObject().field("at", at.toString()).field("instance", instance).field("act", act);
    if (inRoom != null) {
      out.field("room", inRoom.room().value()).optional("name", inRoom.name());
      if (inRoom.seq() > 0) {
        out.field("seq", inRoom.seq());
      }
      out.optional("code", inRoom.code());
    }
    if (connection != null) {
      out.field("connection", connection.id())
          .field("protocol", connection.protocol())
          .field("transport", connection.carrier().transport())
          .field("address", connection.carrier().address());
    }
    if (why != null) {
      out.field("code", why.name().toLowerCase(Locale.ROOT));
    }
    out.endObject();
  }
}
