package io.carillon.protocol.socketio;

import io.carillon.core.Content;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.Broadcast;
import io.carillon.socketio.ClientSocket;
import io.carillon.socketio.Emitted;
import io.carillon.socketio.RemoteSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Some sockets of a namespace: those in a room of {@code to}, or all, without those in a room of
 * {@code except}.
 */
final class Selection implements Broadcast {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final SocketHub hub;
  private final String namespace;
  private final List<String> to;
  private final Set<String> except;

  Selection(SocketHub hub, String namespace, List<String> to, Set<String> except) {
    this.hub = hub;
    this.namespace = namespace;
    this.to = List.copyOf(to);
    this.except = Set.copyOf(except);
  }

  String namespace() {
    return namespace;
  }

  List<String> to() {
    return to;
  }

  Set<String> except() {
    return except;
  }

  /** Whether a socket of this instance is selected. */
  boolean has(HandledSocket socket) {
    SocketMembership membership = socket.membership();
    return (to.isEmpty() || to.stream().anyMatch(membership::in))
        && except.stream().noneMatch(membership::in);
  }

  @Override
  public Broadcast to(String... rooms) {
    Set<String> more = new LinkedHashSet<>(to);
    more.addAll(Arrays.asList(rooms));
    return new Selection(hub, namespace, List.copyOf(more), except);
  }

  @Override
  public Broadcast except(String... rooms) {
    Set<String> more = new HashSet<>(except);
    more.addAll(Arrays.asList(rooms));
    return new Selection(hub, namespace, to, more);
  }

  @Override
  public Broadcast except(ClientSocket socket) {
    return except(socket.id());
  }

  private List<RoomName> rooms() {
    try {
      return to.isEmpty()
          ? List.of(CoreRoomNames.of(namespace))
          : to.stream().map(room -> CoreRoomNames.of(namespace, room)).toList();
    } catch (RefusedException tooLong) {
      throw new IllegalArgumentException("the name of a room is too long", tooLong);
    }
  }

  private Emission emission(String name, @Nullable Object... args) {
    return hub.emissions().of(name, args).to(to.size() > 1 ? to : List.of(), except);
  }

  @Override
  public CompletionStage<List<Emitted>> emit(String name, @Nullable Object... args) {
    Emission emission = emission(name, args);
    Content content = hub.emissions().content(emission);
    List<CompletableFuture<Emitted>> all = new ArrayList<>();
    for (RoomName room : rooms()) {
      all.add(hub.emissions().publish(namespace, room, emission, content));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> all.stream().map(CompletableFuture::join).toList());
  }

  @Override
  public void emitVolatile(String name, @Nullable Object... args) {
    Emission emission = emission(name, args);
    Content content = hub.emissions().content(emission);
    rooms().forEach(room -> hub.emissions().signal(namespace, room, emission, content));
  }

  @Override
  public CompletionStage<List<Arguments>> emitWithAck(
      Duration timeout, String name, @Nullable Object... args) {
    if (timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("more than a minute");
    }
    Emission emission = hub.emissions().of(name, args);
    return hub.cluster().ask(this, emission, hub.emissions().content(emission), timeout);
  }

  @Override
  public CompletionStage<List<RemoteSocket>> sockets() {
    return hub.cluster().sockets(this);
  }

  @Override
  public void join(String... rooms) {
    hub.cluster().move(this, List.of(rooms), true);
  }

  @Override
  public void leave(String... rooms) {
    hub.cluster().move(this, List.of(rooms), false);
  }

  @Override
  public void disconnect(boolean close) {
    hub.cluster().disconnect(this, close);
  }
}
