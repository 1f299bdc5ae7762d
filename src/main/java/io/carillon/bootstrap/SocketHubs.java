package io.carillon.bootstrap;

import io.carillon.core.Signal;
import io.carillon.protocol.socketio.RecoverySessions;
import io.carillon.protocol.socketio.SocketHub;
import io.carillon.protocol.socketio.SocketIoSettings;

/** Puts together what handles Socket.IO. */
final class SocketHubs {
  /** The core's namespace of what handlers emit. */
  private static final String NAMESPACE = "socket.io";

  private SocketHubs() {}

  /** Makes it for an instance whose rooms are made already. */
  static SocketHub of(Instance instance, Application application) {
    SocketIoSettings settings = instance.settings.socketIo();
    RecoverySessions sessions =
        new RecoverySessions(
            instance.recoveryStore,
            settings.away(),
            instance.ids::secret,
            instance.connections::isOpen,
            instance.threads.virtual());
    return new SocketHub(
        new SocketHub.Parts(
            instance.credentials,
            sessions,
            instance.rooms::publishOwn,
            signal -> send(instance, signal),
            () -> instance.namespaces.of(NAMESPACE).dataLimit(),
            instance.ids::secret,
            instance.ids::event,
            instance.lease.id(),
            instance.lease::count,
            instance.threads.virtual(),
            application.context(),
            instance.threads::later),
        application.handlers(),
        settings.attachments());
  }

  private static void send(Instance instance, Signal signal) {
    instance.rooms.events().signalled(signal);
    instance.backplane.send(signal);
  }
}
