package io.carillon.protocol.socketio;

import io.carillon.socketio.Arguments;
import io.carillon.socketio.Broadcast;
import io.carillon.socketio.ClientSocket;
import io.carillon.socketio.ConnectRefusedException;
import io.carillon.socketio.DisconnectReason;
import io.carillon.socketio.Emitted;
import io.carillon.socketio.LiveNamespace;
import io.carillon.socketio.RemoteSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Namespace with the bean that handles it. Immutable. */
final class SocketSpace implements LiveNamespace {
  private final SocketHub hub;
  private final String name;
  private final HandlerEntry entry;
  private final Selection all;

  SocketSpace(SocketHub hub, String name, HandlerEntry entry) {
    this.hub = hub;
    this.name = name;
    this.entry = entry;
    this.all = new Selection(hub, name, List.of(), Set.of());
  }

  @Override
  public String name() {
    return name;
  }

  boolean anonymous() {
    return entry.anonymous();
  }

  void connect(HandledSocket socket) throws ConnectRefusedException {
    hub.connect(entry.handler(), socket);
  }

  void event(HandledSocket socket, String event, Arguments args, SocketAck ack) {
    entry.handler().event(socket, event, args, ack);
  }

  void disconnect(HandledSocket socket, DisconnectReason reason) {
    entry.handler().disconnect(socket, reason);
  }

  /** Acknowledgement packet for a socket. */
  SocketIoFrame ack(String id, @Nullable Object... args) {
    Emission values = hub.emissions().of("ack", args);
    return HandledFrames.ack(name, id, values.args(), values.attachments());
  }

  @Override
  public Broadcast to(String... rooms) {
    return all.to(rooms);
  }

  @Override
  public Broadcast except(String... rooms) {
    return all.except(rooms);
  }

  @Override
  public Broadcast except(ClientSocket socket) {
    return all.except(socket);
  }

  @Override
  public CompletionStage<List<Emitted>> emit(String event, @Nullable Object... args) {
    return all.emit(event, args);
  }

  @Override
  public void emitVolatile(String event, @Nullable Object... args) {
    all.emitVolatile(event, args);
  }

  @Override
  public CompletionStage<List<Arguments>> emitWithAck(
      Duration timeout, String event, @Nullable Object... args) {
    return all.emitWithAck(timeout, event, args);
  }

  @Override
  public CompletionStage<List<RemoteSocket>> sockets() {
    return all.sockets();
  }

  @Override
  public void join(String... rooms) {
    all.join(rooms);
  }

  @Override
  public void leave(String... rooms) {
    all.leave(rooms);
  }

  @Override
  public void disconnect(boolean close) {
    all.disconnect(close);
  }

  @Override
  public String toString() {
    return name;
  }
}
