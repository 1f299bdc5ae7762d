package io.carillon.protocol.socketio;

import io.carillon.socketio.Ack;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Acknowledgement of one event. */
final class SocketAck implements Ack {
  private final HandledSocket socket;
  private final @Nullable String id;
  private final AtomicBoolean sent = new AtomicBoolean();

  /**
   * Creates an acknowledgement that is not sent.
   *
   * @param id number that the peer has given; null: it wants none
   */
  SocketAck(HandledSocket socket, @Nullable String id) {
    this.socket = socket;
    this.id = id;
  }

  @Override
  public boolean asked() {
    return id != null;
  }

  @Override
  public boolean send(@Nullable Object... args) {
    if (id == null || !socket.connected()) {
      return false;
    }
    SocketIoFrame frame = socket.space().ack(id, args);
    boolean first = sent.compareAndSet(false, true);
    if (first) {
      socket.say(frame);
    }
    return first;
  }
}
