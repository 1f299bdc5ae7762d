package io.carillon.protocol;

import io.carillon.core.Content;
import io.carillon.core.Cursor;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.HistoryPage;
import io.carillon.core.Joined;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One of everything that a server can say. */
public final class Samples {
  /** A room. */
  public static final RoomName ROOM = new RoomName("orders:42");

  /** A moment with more digits than the wire shows. */
  public static final Instant AT = Instant.parse("2026-11-21T22:00:00.123987Z");

  /** An event with a payload that is awkward to write. */
  public static final Event EVENT =
      new Event(
          ROOM,
          "k3f9",
          17,
          "0193-\"id\"",
          "order.shipped",
          "{\"any\": \"JSON \\n \u2028 é 😀\",\n\"more\":[1,2]}",
          null,
          "alice\n\"x\"",
          AT,
          "c1");

  /** An event of bytes. */
  public static final Event BYTES =
      new Event(
          ROOM,
          "k3f9",
          18,
          "0193-id",
          "doc.update",
          Content.bytes(new byte[] {0, 1, 2, -1}),
          "{\"m\":\"1\"}",
          "alice",
          AT,
          null);

  /** A resync. */
  public static final Resync RESYNC =
      new Resync(ROOM, Resync.Reason.EXPIRED, new Cursor("k3f9", 40), new Cursor("k3f9", 20));

  private static final Member ALICE = new Member("alice", "{\"mood\":\"ok\"}", 2, AT);
  private static final Joined JOINED =
      new Joined(ROOM, new Cursor("k3f9", 3), new Cursor("k3f9", 17), true, 4, null);

  private Samples() {}

  /** An event with a name and a payload of one's own. */
  public static Event event(String name, String data) {
    return new Event(ROOM, "k3f9", 1, "id", name, data, "{\"m\":\"1\"}", "bob", AT, null);
  }

  /** What goes to sockets and streams alike. */
  public static List<Delivery> deliveries() {
    Signal signal =
        new Signal(ROOM, new EventName("typing"), "{\"a\":\r\n1}", "bob", "c2", "alice");
    return List.of(
        new Delivery.EventDelivery(EVENT),
        new Delivery.EventDelivery(event("message", "null")),
        new Delivery.EventDelivery(BYTES),
        new Delivery.SignalDelivery(signal),
        new Delivery.SignalDelivery(
            new Signal(ROOM, new EventName("x"), BYTES.content(), "bob", "c2", null)),
        new Delivery.SignalDelivery(new Signal(ROOM, new EventName("x"), "1", "bob", "", null)),
        new Delivery.MembersDelivery(ROOM, 1, List.of(ALICE)),
        new Delivery.MembersDelivery(ROOM, 5000, null),
        new Delivery.PresenceDelivery(ROOM, List.of(ALICE), List.of(ALICE), List.of("bob"), 3),
        new Delivery.PresenceDelivery(ROOM, List.of(), List.of(), List.of(), 3),
        new Delivery.ResyncDelivery(RESYNC),
        new Delivery.Expiring(Duration.ofSeconds(60)),
        new Delivery.Goodbye("drain", Duration.ofMillis(1500)));
  }

  /** What goes to sockets only. */
  public static List<Delivery> socketDeliveries() {
    return List.of(
        new Delivery.Welcome("c1", "alice", Duration.ofSeconds(20), null),
        new Delivery.Welcome("c1", "alice", Duration.ofSeconds(20), AT),
        new Delivery.HeartbeatDelivery());
  }

  /** What goes to streams only. */
  public static Delivery streamJoined() {
    Joined other = new Joined(new RoomName("b"), Cursor.START, Cursor.START, false, null, RESYNC);
    return new Delivery.StreamJoined(List.of(JOINED, other));
  }

  /** Every kind of answer. */
  public static List<Reply> replies() {
    Cursor head = new Cursor("k3f9", 17);
    return List.of(
        new Reply.Done("1"),
        new Reply.Done(null),
        new Reply.JoinedRoom("\"a\\u0062\"", JOINED),
        new Reply.Published("2", "k3f9", 17, "id", false),
        new Reply.MemberList("3", new MembersPage(1, List.of(ALICE), "next")),
        new Reply.MemberList("3", new MembersPage(0, List.of(), null)),
        new Reply.HistoryList("4", new HistoryPage(List.of(EVENT, EVENT), head, head, head, null)),
        new Reply.HistoryList("4", new HistoryPage(List.of(), head, head, null, RESYNC)),
        new Reply.Authenticated("5", AT),
        new Reply.PingAnswered("6"),
        new Reply.PingAnswered(null),
        new Reply.Refused("-1.5e3", Rejection.of(ErrorCode.FORBIDDEN)),
        new Reply.Refused(null, Rejection.retry(ErrorCode.OVERLOADED, Duration.ofMillis(250))),
        new Reply.Refused("7", new Rejection(ErrorCode.UNKNOWN, null, "0193-id")));
  }
}
