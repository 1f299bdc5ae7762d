package io.carillon.protocol.socketio;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonText;
import io.carillon.protocol.Message;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Event or acknowledgement packet with its attachments. An event lacks its last argument, the
 * offset, which differs between connections. Immutable, shared between connections.
 */
final class SocketIoFrame implements Frame {
  /** Estimated size of the last argument, in bytes. */
  private static final int OFFSET = 24;

  private final String open;
  private final @Nullable RoomName room;
  private final @Nullable Cursor cursor;
  private final List<Message.Bytes> attachments;
  private final @Nullable Target target;
  private final boolean whole;
  private final int openSize;
  private final int size;

  /**
   * Sockets of a handled namespace that a frame is for.
   *
   * @param namespace with its slash
   * @param room the room that it comes from; null: from none, or from the namespace as a whole
   * @param to the rooms that it goes to, if these are several
   * @param except the rooms whose sockets do not get it
   */
  record Target(String namespace, @Nullable String room, List<String> to, Set<String> except) {
    /**
     * Whether a socket is one of them; of an emit to several rooms one event tells it.
     *
     * @param in whether the socket is in a room
     */
    boolean includes(Predicate<String> in) {
      if (!except.isEmpty() && except.stream().anyMatch(in)) {
        return false;
      }
      for (String each : to) {
        if (each.equals(room)) {
          return true;
        }
        if (in.test(each)) {
          return false;
        }
      }
      return true;
    }

    /** One socket alone, which gets the frame from its handler. */
    static Target of(String namespace) {
      return new Target(namespace, null, List.of(), Set.of());
    }
  }

  /**
   * Creates the part of a packet that is the same for all connections.
   *
   * @param open the packet up to its last argument, the array not closed
   * @param room room whose position the packet advances; null: none
   * @param cursor the new position
   * @param attachments the bytes of the array's placeholders
   * @param target which sockets get it; null: those of the conversation
   */
  SocketIoFrame(
      String open,
      @Nullable RoomName room,
      @Nullable Cursor cursor,
      List<Message.Bytes> attachments,
      @Nullable Target target) {
    this(open, room, cursor, attachments, target, false);
  }

  private SocketIoFrame(
      String open,
      @Nullable RoomName room,
      @Nullable Cursor cursor,
      List<Message.Bytes> attachments,
      @Nullable Target target,
      boolean whole) {
    this.open = open;
    this.room = room;
    this.cursor = cursor;
    this.attachments = List.copyOf(attachments);
    this.target = target;
    this.whole = whole;
    this.openSize = JsonText.utf8Length(open);
    int bytes = openSize + (whole ? 0 : OFFSET);
    for (Message.Bytes attachment : attachments) {
      bytes += attachment.size();
    }
    this.size = bytes;
  }

  /** Complete packet, which gets no last argument. */
  static SocketIoFrame whole(String packet, List<Message.Bytes> attachments, Target target) {
    return new SocketIoFrame(packet, null, null, attachments, target, true);
  }

  /**
   * The packet as a message.
   *
   * @param offset its last argument, characters of ASCII; null: it has none
   */
  Message.Text packet(@Nullable String offset) {
    if (whole) {
      return new Message.Text(open, openSize);
    }
    return offset == null
        ? new Message.Text(open + ']', openSize + 1)
        : new Message.Text(open + ",\"" + offset + "\"]", openSize + offset.length() + 4);
  }

  @Nullable RoomName room() {
    return room;
  }

  @Nullable Cursor cursor() {
    return cursor;
  }

  List<Message.Bytes> attachments() {
    return attachments;
  }

  @Nullable Target target() {
    return target;
  }

  @Override
  public int size() {
    return size;
  }

  /** Frame that is not sent: the protocol has no such message. */
  record Silence() implements Frame {
    static final Silence INSTANCE = new Silence();

    @Override
    public int size() {
      return 0;
    }
  }
}
