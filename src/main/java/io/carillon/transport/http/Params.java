package io.carillon.transport.http;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Identity;
import io.carillon.core.Lessee;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.limit.Visitor;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.protocol.CursorList;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads and checks what a request for events asks. Every fault is a {@link RefusedException}. */
final class Params {
  /** How many rooms one stream or poll may read. */
  static final int MAX_ROOMS = 100;

  private final HttpServletRequest request;
  private final List<RoomName> rooms;
  private final Values values;

  /** Where the parameters stand: in the query or in a body. */
  @FunctionalInterface
  interface Values {
    /** The text of a parameter, or null if it is not there. */
    @Nullable String get(String name);
  }

  private Params(HttpServletRequest request, List<RoomName> rooms, Values values) {
    this.request = request;
    this.rooms = rooms;
    this.values = values;
  }

  /** A request for one room, named in the path and decoded once. */
  static Params ofRoom(HttpServletRequest request, String room) {
    return new Params(request, List.of(new RoomName(room)), request::getParameter);
  }

  /** A request for the rooms that its query names. */
  static Params ofRooms(HttpServletRequest request) {
    String[] names = request.getParameterValues("room");
    return of(request, names == null ? List.of() : List.of(names), request::getParameter);
  }

  /**
   * A request for some rooms.
   *
   * @param names at least one and at most {@link #MAX_ROOMS}, none twice
   */
  static Params of(HttpServletRequest request, List<String> names, Values values) {
    if (names.isEmpty()) {
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
    if (names.size() > MAX_ROOMS) {
      throw new RefusedException(ErrorCode.LIMIT);
    }
    List<RoomName> rooms = new ArrayList<>(names.size());
    for (String name : names) {
      rooms.add(new RoomName(name));
    }
    if (new HashSet<>(rooms).size() != names.size()) {
      // The same room twice would have two cursors.
      throw new RefusedException(ErrorCode.BAD_ROOM);
    }
    return new Params(request, rooms, values);
  }

  /** Who asks; the filter before us has let nobody else pass. */
  Identity identity() {
    return principal().identity();
  }

  private CarillonPrincipal principal() {
    if (request.getUserPrincipal() instanceof CarillonPrincipal principal) {
      return principal;
    }
    throw new RefusedException(ErrorCode.UNAUTHENTICATED);
  }

  /** Whose limits are taken from. */
  Visitor visitor() {
    return Visitor.of(principal());
  }

  List<RoomName> rooms() {
    return rooms;
  }

  /** Whose leases of presence this renews. */
  Lessee lessee() {
    return Lessee.parse(identity().user(), values.get("client"), values.get("call"));
  }

  private boolean has(String name) {
    return values.get(name) != null;
  }

  /**
   * Where the reader is, as it says: the header of the standard, the parameter in its place of
   * clients that can set no header, or {@code after}. The first that is there wins, for a client
   * that comes back repeats its URL. Null: it does not say.
   */
  @Nullable String position() {
    for (String seen :
        Arrays.asList(request.getHeader("Last-Event-ID"), request.getParameter("lastEventId"))) {
      if (seen != null && !seen.isEmpty()) {
        return seen;
      }
    }
    return values.get("after");
  }

  /** The page of history that is asked for. */
  HistoryQuery history() {
    int last = number("last", 0, 1, HistoryQuery.MAX_LIMIT);
    int limit = last > 0 && !has("limit") ? last : limit();
    return new HistoryQuery(
        rooms.getFirst(),
        cursor(position()),
        cursor(values.get("before")),
        instant(values.get("since")),
        last,
        limit);
  }

  int limit() {
    return number("limit", HistoryQuery.DEFAULT_LIMIT, 1, HistoryQuery.MAX_LIMIT);
  }

  /** The joins of a stream: what is missed comes first, if it says where it was. */
  List<Command.Join> streamJoins() {
    PresenceMode presence = flag("presence") ? PresenceMode.FOLLOW : PresenceMode.NONE;
    return joins(number("last", 0, 1, HistoryQuery.MAX_LIMIT), presence, flag("signals"));
  }

  /** The joins of a poll. */
  List<Command.Join> pollJoins() {
    return joins(0, PresenceMode.NONE, false);
  }

  private List<Command.Join> joins(int last, PresenceMode presence, boolean signals) {
    String after = position();
    List<Cursor> cursors = after == null ? List.of() : CursorList.parse(after, rooms.size());
    List<Command.Join> joins = new ArrayList<>(rooms.size());
    for (int i = 0; i < rooms.size(); i++) {
      Cursor cursor = cursors.isEmpty() ? null : cursors.get(i);
      joins.add(new Command.Join(null, rooms.get(i), cursor, last, presence, signals));
    }
    return joins;
  }

  /**
   * How many seconds the client would wait for something to come ({@code Prefer: wait=n}, RFC
   * 7240); empty if it does not say. What cannot be read is no preference.
   */
  OptionalInt preferredWait() {
    for (String header : Collections.list(request.getHeaders("Prefer"))) {
      for (String preference : header.split("[,;]", 32)) {
        String[] parts = preference.split("=", 2);
        if (parts.length == 2 && parts[0].strip().toLowerCase(Locale.ROOT).equals("wait")) {
          return seconds(parts[1].strip());
        }
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt seconds(String text) {
    String digits =
        text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(digits.length() > 6 ? 999_999 : Integer.parseInt(digits));
  }

  private static @Nullable Cursor cursor(@Nullable String text) {
    return text == null ? null : Cursor.parse(text);
  }

  /** An instant of ISO 8601 with its zone: {@code 2026-11-21T22:00:00.123Z}. */
  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException notOne) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  private boolean flag(String name) {
    String text = values.get(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true") || text.isEmpty()) {
      return true;
    }
    throw new RefusedException(ErrorCode.BAD_FRAME);
  }

  private int number(String name, int absent, int min, int max) {
    String text = values.get(name);
    if (text == null) {
      return absent;
    }
    boolean number =
        !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int value = number ? Integer.parseInt(text) : -1;
    if (value < min || value > max) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return value;
  }
}
