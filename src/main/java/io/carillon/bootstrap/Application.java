package io.carillon.bootstrap;

import io.carillon.protocol.socketio.HandlerEntry;
import io.carillon.socketio.Ack;
import io.carillon.socketio.Argument;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.ClientSocket;
import io.carillon.socketio.ConnectRefusedException;
import io.carillon.socketio.DisconnectReason;
import io.carillon.socketio.NamespaceHandler;
import io.carillon.socketio.SocketNamespace;
import jakarta.enterprise.inject.Instance.Handle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What the application brings along.
 *
 * @param handlers its beans that handle namespaces of Socket.IO
 * @param context runs a task at once, with the class loader and the names of the application
 */
record Application(List<HandlerEntry> handlers, Executor context) {
  /**
   * Finds the handlers; none is made yet.
   *
   * @param beans all beans of that type
   * @throws IllegalArgumentException if one does not say what it handles
   */
  static Application of(Iterable<? extends Handle<NamespaceHandler>> beans, Executor context) {
    List<HandlerEntry> handlers = new ArrayList<>();
    for (Handle<NamespaceHandler> each : beans) {
      Class<?> type = each.getBean().getBeanClass();
      SocketNamespace namespace = type.getAnnotation(SocketNamespace.class);
      if (namespace == null) {
        throw new IllegalArgumentException(type.getName() + " lacks @SocketNamespace");
      }
      handlers.add(
          new HandlerEntry(
              namespace.value(), namespace.anonymous(), new HandlerMadeLater(each::get)));
    }
    return new Application(handlers, context);
  }

  /** A handler that is made when it is needed: it may want this server to be there already. */
  private record HandlerMadeLater(Supplier<NamespaceHandler> made) implements NamespaceHandler {
    @Override
    public void connect(ClientSocket socket, Argument auth) throws ConnectRefusedException {
      made.get().connect(socket, auth);
    }

    @Override
    public void event(ClientSocket socket, String name, Arguments args, Ack ack) {
      made.get().event(socket, name, args, ack);
    }

    @Override
    public void disconnect(ClientSocket socket, DisconnectReason reason) {
      made.get().disconnect(socket, reason);
    }
  }
}
