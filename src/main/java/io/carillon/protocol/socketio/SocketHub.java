package io.carillon.protocol.socketio;

import io.carillon.core.CloseCode;
import io.carillon.core.Publication;
import io.carillon.core.Signal;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.Credentials;
import io.carillon.socketio.ConnectRefusedException;
import io.carillon.socketio.LiveNamespace;
import io.carillon.socketio.NamespaceHandler;
import io.carillon.socketio.SocketNamespaces;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registry of the handled namespaces and of their sockets on this instance, with their access to
 * the core. Thread-safe.
 */
public final class SocketHub implements SocketNamespaces {
  /** Maximum size of the messages that outlive their connections, in bytes. */
  private static final int LEFTOVERS = 8 * 1024 * 1024;

  private static final System.Logger LOG = System.getLogger(SocketHub.class.getName());

  private final JsonMapping mapping = new JsonMapping();
  private final Parts parts;
  private final List<HandlerEntry> handlers;
  private final int maxAttachments;
  private final Emissions emissions;
  private final ClusterCalls cluster;
  private final Map<String, Map<String, HandledSocket>> sockets = new ConcurrentHashMap<>();
  private final Map<String, SocketIoCodec> codecs = new ConcurrentHashMap<>();
  private final Semaphore leftovers = new Semaphore(LEFTOVERS);

  /**
   * Collaborators.
   *
   * @param credentials verifies tokens
   * @param sessions recoverable sessions
   * @param publish appends an event of the server itself
   * @param signal sends a signal of the server itself to all instances, this one too
   * @param dataLimit maximum size of an event in the core's namespace, in bytes
   * @param ids makes unguessable ids of sockets and calls
   * @param eventIds makes ids of events
   * @param instance name of this instance
   * @param instances number of instances that live now; may block
   * @param threads runs tasks that block: give virtual threads
   * @param context runs a task on the caller's thread, with the context of the application
   * @param later runs a short task after a while
   */
  public record Parts(
      Credentials credentials,
      RecoverySessions sessions,
      Function<Publication, CompletableFuture<AppendResult>> publish,
      Consumer<Signal> signal,
      IntSupplier dataLimit,
      Supplier<String> ids,
      Supplier<String> eventIds,
      String instance,
      IntSupplier instances,
      Executor threads,
      Executor context,
      BiConsumer<Runnable, Duration> later) {}

  /**
   * Creates the registry.
   *
   * @param maxAttachments maximum number of attachments of a packet, in both directions
   * @throws IllegalArgumentException if two handlers have one namespace
   */
  public SocketHub(Parts parts, List<HandlerEntry> handlers, int maxAttachments) {
    this.parts = parts;
    this.handlers = List.copyOf(handlers);
    this.maxAttachments = maxAttachments;
    this.emissions = new Emissions(parts, mapping, maxAttachments, callbacks());
    this.cluster = new ClusterCalls(this, parts);
    List<String> names = handlers.stream().map(HandlerEntry::pattern).toList();
    if (names.stream().distinct().count() < names.size()) {
      throw new IllegalArgumentException("two beans handle one namespace: " + names);
    }
  }

  // ---- namespaces ------------------------------------------------------------------------------

  /** Namespace of this name; null: no bean handles it. */
  @Nullable SocketSpace find(String name) {
    HandlerEntry best = null;
    for (HandlerEntry each : handlers) {
      if (each.fits(name) >= 0 && (best == null || each.fits(name) > best.fits(name))) {
        best = each;
      }
    }
    return best == null ? null : new SocketSpace(this, name, best);
  }

  @Override
  public LiveNamespace of(String name) {
    SocketSpace space = name.startsWith("/") ? find(name) : null;
    if (space == null) {
      throw new IllegalArgumentException("no bean handles " + name);
    }
    return space;
  }

  /** Sockets of a namespace on this instance. */
  Collection<HandledSocket> here(String namespace) {
    return sockets.getOrDefault(namespace, Map.of()).values();
  }

  void add(HandledSocket socket) {
    sockets.compute(
        socket.space().name(),
        (name, all) -> {
          Map<String, HandledSocket> more = all == null ? new ConcurrentHashMap<>() : all;
          more.put(socket.id(), socket);
          return more;
        });
    if (!socket.connected()) {
      remove(socket);
    }
  }

  void remove(HandledSocket socket) {
    sockets.computeIfPresent(
        socket.space().name(),
        (name, all) -> {
          all.remove(socket.id(), socket);
          return all.isEmpty() ? null : all;
        });
  }

  /** Number of connections on this instance that have, or had, a socket. */
  public int connections() {
    return codecs.size();
  }

  /** Registers the codec of a connection that has a socket; it is told of the connection's end. */
  void opened(String connection, SocketIoCodec codec) {
    codecs.put(connection, codec);
    if (!parts.sessions.isOpen(connection)) {
      ended(connection, CloseCode.GOING_AWAY);
    }
  }

  /** Notes the end of a connection, of any protocol. Returns at once. */
  public void ended(String connection, CloseCode code) {
    parts.sessions.ended(connection);
    SocketIoCodec codec = codecs.remove(connection);
    if (codec != null) {
      codec.ended(code);
    }
  }

  /** Handles a signal of another instance, if it is one of these calls. Returns at once. */
  public void heard(Signal signal) {
    cluster.heard(signal);
  }

  /** Writes the lifetimes of sessions; call every five seconds, by one thread at a time. */
  public void keep() {
    parts.sessions.keep();
  }

  // ---- what the parts share
  // ----------------------------------------------------------------------

  JsonMapping mapping() {
    return mapping;
  }

  Credentials credentials() {
    return parts.credentials;
  }

  RecoverySessions sessions() {
    return parts.sessions;
  }

  ClusterCalls cluster() {
    return cluster;
  }

  Executor threads() {
    return parts.threads;
  }

  Emissions emissions() {
    return emissions;
  }

  int maxAttachments() {
    return maxAttachments;
  }

  /** Permits, in bytes, for messages that are handled after their connection has ended. */
  Semaphore leftovers() {
    return leftovers;
  }

  String newId() {
    return parts.ids.get();
  }

  void later(Runnable task, Duration after) {
    parts.later.accept(task, after);
  }

  /** Runs code of an application on this thread; what it throws is logged. */
  void call(Runnable task) {
    parts.context.execute(
        () -> {
          try {
            task.run();
          } catch (Exception | LinkageError | StackOverflowError | AssertionError defect) {
            // Also checked exceptions: a handler may be written in a language without them.
            LOG.log(Level.WARNING, "a handler has failed", defect);
          }
        });
  }

  /** Executor of an application's continuations, each on a thread of its own. */
  Executor callbacks() {
    return task -> {
      try {
        parts.threads.execute(() -> call(task));
      } catch (RejectedExecutionException stopping) {
        LOG.log(Level.DEBUG, "too late", stopping);
      }
    };
  }

  /** Asks a handler whether it lets a socket in, on this thread. */
  void connect(NamespaceHandler handler, HandledSocket socket) throws ConnectRefusedException {
    AtomicReference<@Nullable ConnectRefusedException> refusal = new AtomicReference<>();
    parts.context.execute(
        () -> {
          try {
            handler.connect(socket, socket.handshake().auth());
          } catch (ConnectRefusedException refused) {
            refusal.set(refused);
          }
        });
    ConnectRefusedException refused = refusal.get();
    if (refused != null) {
      throw refused;
    }
  }
}
