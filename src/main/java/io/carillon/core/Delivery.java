package io.carillon.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unsolicited message of the server to a client, the same for all protocols. */
public sealed interface Delivery {
  /** The first frame of a connection; {@code heartbeat} zero where the transport has none. */
  record Welcome(String connection, String user, Duration heartbeat, @Nullable Instant expires)
      implements Delivery {}

  /** The rooms of a stream are joined (streams only; sockets get a {@link Reply.JoinedRoom}). */
  record StreamJoined(List<Joined> rooms) implements Delivery {
    /** Copies the list. */
    public StreamJoined {
      rooms = List.copyOf(rooms);
    }
  }

  /** An event of a joined room. */
  record EventDelivery(Event event, int skipped) implements Delivery {
    /** An event before which nothing was left out. */
    public EventDelivery(Event event) {
      this(event, 0);
    }
  }

  /** A signal in a joined room. */
  record SignalDelivery(Signal signal) implements Delivery {}

  /** The full list of members, or the count alone above the namespace's list limit. */
  record MembersDelivery(RoomName room, int count, @Nullable List<Member> members)
      implements Delivery {
    /** Copies the list. */
    public MembersDelivery {
      members = members == null ? null : List.copyOf(members);
    }
  }

  /** What changed among the members; the lists are empty above the namespace's list limit. */
  record PresenceDelivery(
      RoomName room, List<Member> joined, List<Member> updated, List<String> left, int count)
      implements Delivery {
    /** Copies the lists. */
    public PresenceDelivery {
      joined = List.copyOf(joined);
      updated = List.copyOf(updated);
      left = List.copyOf(left);
    }
  }

  /**
   * Members by connection, told only to who joined so ({@link MembersBy#CONNECTION}): the list,
   * then the changes.
   */
  sealed interface ByConnection extends Delivery {
    /** Where. */
    RoomName room();

    /**
     * The full list, ordered by id, or the count of connections alone above the namespace's list
     * limit.
     */
    record ConnectionList(RoomName room, int count, @Nullable List<MemberConnection> members)
        implements ByConnection {
      /** Copies the list. */
      public ConnectionList {
        members = members == null ? null : List.copyOf(members);
      }
    }

    /**
     * What changed; the lists are empty above the namespace's list limit. A connection that is now
     * of another user is in both {@code left} and {@code joined}, hence {@code left} comes first.
     *
     * @param left as they were told last
     */
    record ConnectionChanges(
        RoomName room,
        List<MemberConnection> left,
        List<MemberConnection> joined,
        List<MemberConnection> updated,
        int count)
        implements ByConnection {
      /** Copies the lists. */
      public ConnectionChanges {
        left = List.copyOf(left);
        joined = List.copyOf(joined);
        updated = List.copyOf(updated);
      }
    }
  }

  /** The reader cannot continue from where it was; live events follow from the head. */
  record ResyncDelivery(Resync resync) implements Delivery {}

  /** The token ends soon. */
  record Expiring(Duration in) implements Delivery {}

  /** The server is about to close; come back after the delay. */
  record Goodbye(String reason, Duration reconnectIn) implements Delivery {}

  /** A heartbeat that wants an answer (sockets) or none (streams). */
  record HeartbeatDelivery() implements Delivery {}
}
