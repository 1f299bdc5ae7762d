package io.carillon.core;

import org.jspecify.annotations.Nullable;

/**
 * Command of a client on a connection, the same for all protocols. {@code ref} is the client's
 * correlation mark for the answer: a JSON string or number as text, kept as it came, or null.
 */
public sealed interface Command {
  /** The client's mark for the answer, as raw JSON text, or null. */
  @Nullable String ref();

  /**
   * Begin to read a room.
   *
   * @param ref the mark for the answer
   * @param room which room
   * @param after continue after this position; null: live from the head
   * @param last begin this many events before the head (0: none); used only without {@code after}
   * @param presence how to take part in presence
   * @param signals whether to get signals
   * @param echo whether to get the events too that this very connection published; if not, reading
   *     passes them as if they had been told
   * @param vouched whether the application of this server joins on the user's behalf: then no right
   *     of the user is asked for, now or later. Never set from what a peer says
   */
  record Join(
      @Nullable String ref,
      RoomName room,
      @Nullable Cursor after,
      int last,
      PresenceMode presence,
      boolean signals,
      boolean echo,
      boolean vouched)
      implements Command {
    /** Under the user's own rights. */
    public Join(
        @Nullable String ref,
        RoomName room,
        @Nullable Cursor after,
        int last,
        PresenceMode presence,
        boolean signals,
        boolean echo) {
      this(ref, room, after, last, presence, signals, echo, false);
    }

    /** With what the connection published itself. */
    public Join(
        @Nullable String ref,
        RoomName room,
        @Nullable Cursor after,
        int last,
        PresenceMode presence,
        boolean signals) {
      this(ref, room, after, last, presence, signals, true);
    }
  }

  /** How a join takes part in presence. */
  sealed interface PresenceMode {
    /** Not at all. */
    record None() implements PresenceMode {}

    /** Follow the members, {@code by} user or by connection. */
    record Follow(MembersBy by) implements PresenceMode {
      /** By user. */
      public Follow() {
        this(MembersBy.USER);
      }
    }

    /**
     * Follow the members and be one.
     *
     * @param state a JSON object as text
     * @param as the name to be a member under, which the protocol has found good for this room;
     *     null: that of the connection
     * @param by in which form to follow them
     */
    record FollowAndTrack(String state, @Nullable String as, MembersBy by) implements PresenceMode {
      /** Under the connection's own name, following by user. */
      public FollowAndTrack(String state) {
        this(state, null);
      }

      /** Following by user. */
      public FollowAndTrack(String state, @Nullable String as) {
        this(state, as, MembersBy.USER);
      }
    }

    /** Not at all. */
    PresenceMode NONE = new None();

    /** Follow the members. */
    PresenceMode FOLLOW = new Follow();
  }

  /** Stop reading a room. */
  record Leave(@Nullable String ref, RoomName room) implements Command {}

  /** Append an event; {@code key} and {@code meta} may be null. */
  record Publish(
      @Nullable String ref,
      RoomName room,
      EventName name,
      Content content,
      @Nullable String key,
      @Nullable String meta)
      implements Command {
    /**
     * Checks the key.
     *
     * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is no key
     */
    public Publish {
      Publication.checkKey(key);
    }

    /** One of JSON. */
    public Publish(
        @Nullable String ref,
        RoomName room,
        EventName name,
        String json,
        @Nullable String key,
        @Nullable String meta) {
      this(ref, room, name, Content.json(json), key, meta);
    }
  }

  /**
   * Send a signal to all in a room, or to one user there.
   *
   * @param as the sender's name, as in {@link PresenceMode.FollowAndTrack}; null: that of the
   *     connection
   */
  record SendSignal(
      @Nullable String ref,
      RoomName room,
      EventName name,
      Content content,
      @Nullable String to,
      @Nullable String as)
      implements Command {
    /** Under the connection's own name. */
    public SendSignal(
        @Nullable String ref, RoomName room, EventName name, Content content, @Nullable String to) {
      this(ref, room, name, content, to, null);
    }

    /** One of JSON. */
    public SendSignal(
        @Nullable String ref, RoomName room, EventName name, String json, @Nullable String to) {
      this(ref, room, name, Content.json(json), to);
    }
  }

  /** Be a member with this state, or change it. */
  record Track(@Nullable String ref, RoomName room, String state) implements Command {}

  /** Stop being a member. */
  record Untrack(@Nullable String ref, RoomName room) implements Command {}

  /** A page of the members; {@code page} is what an earlier answer called {@code next}. */
  record Members(@Nullable String ref, RoomName room, int limit, @Nullable String page)
      implements Command {}

  /** A page of the log. */
  record History(@Nullable String ref, HistoryQuery query) implements Command {}

  /** A new token for the same user. */
  record Auth(@Nullable String ref, String token) implements Command {}

  /** Answer with a pong. */
  record Ping(@Nullable String ref) implements Command {}

  /** The answer to a server's ping. */
  record Pong(@Nullable String ref) implements Command {}
}
