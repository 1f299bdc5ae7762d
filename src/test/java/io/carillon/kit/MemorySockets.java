package io.carillon.kit;

import io.carillon.core.Signal;
import io.carillon.protocol.socketio.HandlerEntry;
import io.carillon.protocol.socketio.RecoverySessions;
import io.carillon.protocol.socketio.SocketHub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Handlers of Socket.IO on an instance in memory. Several hubs made by one of these are instances
 * that share its rooms: each hears the signals of the others.
 */
public final class MemorySockets {
  private final MemoryInstance instance;
  private final List<SocketHub> hubs = new CopyOnWriteArrayList<>();
  private final AtomicInteger ids = new AtomicInteger();

  /** Begins without a hub. */
  public MemorySockets(MemoryInstance instance) {
    this.instance = instance;
  }

  /** Makes one more hub with these handlers. */
  public SocketHub hub(RecoverySessions sessions, HandlerEntry... handlers) {
    String name = "instance-" + hubs.size();
    List<SocketHub> itself = new ArrayList<>();
    SocketHub hub =
        new SocketHub(
            new SocketHub.Parts(
                instance::identity,
                sessions,
                instance.rooms::publishOwn,
                signal -> send(signal, itself),
                () -> 64 * 1024,
                () -> "id-" + ids.incrementAndGet(),
                () -> "emit-" + ids.incrementAndGet(),
                name,
                hubs::size,
                instance.threads,
                Runnable::run,
                MemorySockets::later),
            List.of(handlers),
            10);
    itself.add(hub);
    hubs.add(hub);
    instance.connections.onEndBy((connection, code) -> hub.ended(connection.id(), code));
    return hub;
  }

  private void send(Signal signal, List<SocketHub> from) {
    instance.rooms.events().signalled(signal);
    hubs.stream().filter(hub -> !from.contains(hub)).forEach(hub -> hub.heard(signal));
  }

  private static void later(Runnable task, Duration after) {
    CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS).execute(task);
  }
}
