package io.carillon.protocol.socketio;

import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.connection.Frame;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import io.carillon.protocol.socketio.SocketGate.SocketStage;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.ClientSocket;
import io.carillon.socketio.DisconnectReason;
import io.carillon.socketio.Handshake;
import io.carillon.socketio.LiveNamespace;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client in a namespace that a bean handles. Its events wait in its queue; frames for it go
 * over its connection's link, after the answer to CONNECT.
 */
final class HandledSocket implements ClientSocket {
  private final SocketGate gate = new SocketGate();
  private final SocketHub hub;
  private final SocketSpace space;
  private final LinkControl link;
  private final HandlerQueue queue;
  private final SocketAcks acks;
  private final SocketMembership membership;
  private final Runnable closing;

  private volatile Handshake handshake;
  private volatile @Nullable Identity identity;

  /** Whether messages that wait are not handled any more. */
  private volatile boolean discards;

  /** Whether the handler has let the client in; for tasks of the queue alone. */
  private boolean entered;

  /**
   * Creates a socket whose CONNECT is not answered.
   *
   * @param queue runs its work behind that of the socket before it on the same connection
   * @param closing ends all sockets of the connection and closes it
   */
  HandledSocket(
      SocketHub hub,
      SocketSpace space,
      LinkControl link,
      HandlerQueue queue,
      OwnCalls calls,
      String connection,
      Handshake handshake,
      Runnable closing) {
    this.hub = hub;
    this.space = space;
    this.link = link;
    this.handshake = handshake;
    this.closing = closing;
    this.queue = queue;
    this.acks = new SocketAcks(hub::later, hub.callbacks());
    this.membership = new SocketMembership(hub, space.name(), link, calls, connection);
  }

  SocketSpace space() {
    return space;
  }

  LinkControl link() {
    return link;
  }

  SocketMembership membership() {
    return membership;
  }

  SocketStage stage() {
    return gate.stage();
  }

  /** Sets the identity that CONNECT has shown; null: none. */
  void is(@Nullable Identity who) {
    identity = who;
  }

  HandlerQueue queue() {
    return queue;
  }

  /** Answers CONNECT after the handler let the client in, at once or after what it has missed. */
  void admitted() {
    entered = true;
    membership.settle();
    if (membership.resumption().joinedAll()) {
      gate.enter(
          connectedFrame(),
          told -> link.act(told.stream().<Decoded>map(Decoded.Said::new).toList()));
    }
    membership.joinOwn();
  }

  private Frame connectedFrame() {
    return HandledFrames.connected(space.name(), id(), membership.session().pid());
  }

  /** Notes a written frame; returns the frames that follow it at once. */
  List<Frame> follows(SocketIoFrame frame) {
    membership.told(frame);
    return enterIf(() -> membership.resumption().toldAfter(frame));
  }

  /** Stops waiting for missed events, at a heartbeat; returns the frames that are due now. */
  List<Frame> patienceEnded() {
    return enterIf(membership.resumption()::giveUp);
  }

  private List<Frame> enterIf(BooleanSupplier due) {
    return stage() == SocketStage.ENTERING && due.getAsBoolean()
        ? gate.enter(connectedFrame())
        : List.of();
  }

  /** Queues an event of the client. */
  void event(String name, Arguments args, @Nullable String ack, int bytes, Runnable done) {
    queue.offer(
        () -> {
          if (!discards) {
            space.event(this, name, args, new SocketAck(this, ack));
          }
        },
        bytes,
        done);
  }

  /** Takes an acknowledgement of the client. */
  void answered(@Nullable String id, Arguments args) {
    acks.answered(id, args);
  }

  /** Sends a frame now, or after the answer to CONNECT; drops it if the socket has ended. */
  void say(SocketIoFrame frame) {
    switch (gate.offer(frame)) {
      case PASSES -> link.act(List.of(new Decoded.Said(frame)));
      case FULL -> link.act(List.of(new Decoded.Disconnect(CloseCode.OVERLOAD, "slow to enter")));
      case HELD, OVER -> {}
    }
  }

  /**
   * Ends the socket, once. What the client has sent before it left is still handled; what waits
   * when the server ends it is not.
   *
   * @param told frame for the client, or null
   * @param forget whether the session cannot be resumed: then its rooms are left too
   */
  void end(DisconnectReason reason, @Nullable Frame told, boolean forget) {
    if (!gate.leave()) {
      return;
    }
    discards =
        reason == DisconnectReason.SERVER_DISCONNECT
            || reason == DisconnectReason.FORCED_SERVER_CLOSE;
    hub.remove(this);
    if (forget) {
      // Before the client knows: it may connect anew, and join the same rooms, at once.
      membership.forget();
    }
    if (told != null) {
      link.act(List.of(new Decoded.Said(told)));
    }
    acks.end();
    queue.offer(() -> ended(reason), 0, () -> {});
  }

  private void ended(DisconnectReason reason) {
    if (entered) {
      space.disconnect(this, reason);
    }
  }

  /** Closes the connection of a client that cannot be served; it comes back. */
  void cut() {
    link.act(List.of(new Decoded.Disconnect(CloseCode.OVERLOAD, "storage")));
  }

  @Override
  public String id() {
    return membership.id();
  }

  @Override
  public @Nullable Identity identity() {
    return identity;
  }

  @Override
  public Handshake handshake() {
    return handshake;
  }

  @Override
  public boolean recovered() {
    return membership.recovered();
  }

  @Override
  public boolean connected() {
    return stage() != SocketStage.OVER;
  }

  @Override
  public LiveNamespace namespace() {
    return space;
  }

  @Override
  public <T> @Nullable T data(Class<T> type) {
    String data = membership.data();
    return data == null ? null : new JsonArgument(hub.mapping(), data, List.of()).as(type);
  }

  @Override
  public void data(@Nullable Object value) {
    if (connected()) {
      membership.data(value == null ? null : hub.emissions().text(value));
    }
  }

  @Override
  public Set<String> rooms() {
    return membership.rooms();
  }

  @Override
  public void join(String room) {
    if (connected()) {
      membership.join(room);
    }
  }

  @Override
  public void leave(String room) {
    if (connected()) {
      membership.leave(room);
    }
  }

  @Override
  public void emit(String name, @Nullable Object... args) {
    say(HandledFrames.direct(space.name(), hub.emissions().of(name, args)));
  }

  @Override
  public void emitVolatile(String name, @Nullable Object... args) {
    SocketIoFrame frame = HandledFrames.direct(space.name(), hub.emissions().of(name, args));
    if (stage() == SocketStage.INSIDE && link.roomy()) {
      say(frame);
    }
  }

  @Override
  public CompletionStage<Arguments> emitWithAck(
      Duration timeout, String name, @Nullable Object... args) {
    return ask(timeout, hub.emissions().of(name, args));
  }

  /** Emits an event and waits for its acknowledgement, without blocking. */
  CompletionStage<Arguments> ask(Duration timeout, Emission emission) {
    SocketAcks.Awaited awaited = acks.expect(timeout);
    if (!awaited.answer().isDone()) {
      say(HandledFrames.asking(space.name(), emission, awaited.id()));
    }
    return awaited.answer();
  }

  @Override
  public void disconnect(boolean close) {
    if (close) {
      closing.run();
    } else {
      end(DisconnectReason.SERVER_DISCONNECT, HandledFrames.disconnect(space.name()), true);
    }
  }

  @Override
  public String toString() {
    return space.name() + ' ' + id();
  }
}
