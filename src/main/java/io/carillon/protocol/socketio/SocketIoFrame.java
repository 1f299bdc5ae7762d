package io.carillon.protocol.socketio;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonText;
import io.carillon.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * An event of Socket.IO without its last argument, which is another one for each connection.
 * Immutable, shared between connections.
 */
final class SocketIoFrame implements Frame {
  /** About what the last argument takes. */
  private static final int OFFSET = 24;

  private final String open;
  private final @Nullable RoomName room;
  private final @Nullable Cursor cursor;
  private final Message.@Nullable Bytes attachment;
  private final int size;

  /**
   * Takes the packet as far as it is the same for all.
   *
   * @param open an array without what closes it
   * @param room the room that it moves its reader on in; null: in none
   * @param cursor to where
   * @param attachment the bytes that the array has a place for, or null
   */
  SocketIoFrame(
      String open,
      @Nullable RoomName room,
      @Nullable Cursor cursor,
      Message.@Nullable Bytes attachment) {
    this.open = open;
    this.room = room;
    this.cursor = cursor;
    this.attachment = attachment;
    this.size = JsonText.utf8Length(open) + OFFSET + (attachment == null ? 0 : attachment.size());
  }

  String open() {
    return open;
  }

  @Nullable RoomName room() {
    return room;
  }

  @Nullable Cursor cursor() {
    return cursor;
  }

  Message.@Nullable Bytes attachment() {
    return attachment;
  }

  @Override
  public int size() {
    return size;
  }

  /** What this protocol does not say. */
  record Silence() implements Frame {
    static final Silence INSTANCE = new Silence();

    @Override
    public int size() {
      return 0;
    }
  }
}
