package io.carillon.bootstrap;

import io.carillon.api.ApiSettings;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Disconnects;
import io.carillon.core.connection.PageWriter;
import io.carillon.core.presence.Presence;
import io.carillon.core.room.Commands;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.Credentials;
import io.carillon.core.spi.DemoTokens;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.Health;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.Outbox;
import io.carillon.core.spi.Revocations;
import io.carillon.core.spi.Shutdown;
import io.carillon.core.spi.TicketOffice;
import io.carillon.protocol.HttpApis;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import io.carillon.protocol.json.CarillonV1;
import io.carillon.protocol.page.JsonPages;
import io.carillon.protocol.pusher.PusherAuth;
import io.carillon.protocol.pusher.PusherHttp;
import io.carillon.protocol.pusher.PusherProtocol;
import io.carillon.protocol.socketio.SocketIo;
import io.carillon.protocol.sse.EventStream;
import io.carillon.socketio.SocketNamespaces;
import io.carillon.transport.duplex.Links;
import io.carillon.transport.http.EventReader;
import io.carillon.transport.websocket.Sockets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** CDI producers of the instance's parts, for endpoints and resources. */
@ApplicationScoped
public class Beans {
  @Inject private @Nullable Carillon carillon;

  private Instance instance() {
    return Objects.requireNonNull(carillon).instance();
  }

  /** All live connections. */
  @Produces
  @Singleton
  public Connections connections() {
    return instance().connections;
  }

  /** The front door of all rooms. */
  @Produces
  @Singleton
  public Rooms rooms() {
    return instance().rooms;
  }

  /** Commands of two-way connections. */
  @Produces
  @Singleton
  public Commands commands() {
    return instance().commands;
  }

  /** Members of rooms. */
  @Produces
  @Singleton
  public Presence presence() {
    return instance().presence;
  }

  /** The log. */
  @Produces
  @Singleton
  public EventLog log() {
    return instance().log;
  }

  /** The backplane. */
  @Produces
  @Singleton
  public Backplane backplane() {
    return instance().backplane;
  }

  /** Publishing inside a transaction. */
  @Produces
  @Singleton
  public Outbox outbox() {
    return instance().outbox;
  }

  /** The verifier of tokens. */
  @Produces
  @Singleton
  public Credentials credentials() {
    return instance().credentials;
  }

  /** One-time tickets. */
  @Produces
  @Singleton
  public TicketOffice tickets() {
    return instance().tickets;
  }

  /** Demo tokens. */
  @Produces
  @Singleton
  public DemoTokens demoTokens() {
    return instance().demoTokens;
  }

  /** Revoked credentials. */
  @Produces
  @Singleton
  public Revocations revocations() {
    return instance().revocationStore;
  }

  /** Settings of namespaces. */
  @Produces
  @Singleton
  public Namespaces namespaces() {
    return instance().namespaces;
  }

  /** The instance's health. */
  @Produces
  @Singleton
  public Health vitals() {
    return Objects.requireNonNull(carillon).state();
  }

  /** The instance's shutdown. */
  @Produces
  @Singleton
  public Shutdown departure() {
    return Objects.requireNonNull(carillon).drain();
  }

  /** Closing connections of a user everywhere. */
  @Produces
  @Singleton
  public Disconnects expulsions() {
    return instance().disconnects;
  }

  /** Settings of the REST side. */
  @Produces
  @Singleton
  public ApiSettings apiSettings() {
    return instance().settings.api();
  }

  /** A virtual thread for each task that blocks. */
  @Produces
  @Singleton
  public Executor executor() {
    return instance().threads.virtual();
  }

  /** Database time, as near as this instance knows it. */
  @Produces
  @Singleton
  public Clock clock() {
    return instance().clock;
  }

  /**
   * The protocols that sockets speak.
   *
   * @param further those that an application has brought as beans
   */
  @Produces
  @Singleton
  public ProtocolRegistry protocols(@Any jakarta.enterprise.inject.Instance<Protocol> further) {
    Instance instance = instance();
    List<Protocol> spoken =
        new ArrayList<>(
            List.of(
                new CarillonV1(),
                new PusherProtocol(instance.guestApps, instance.guestHooks),
                new SocketIo(instance.sockets, instance.settings.socketIo())));
    further.forEach(spoken::add);
    return new ProtocolRegistry(spoken);
  }

  /** Namespaces of Socket.IO, for applications. */
  @Produces
  @Singleton
  public SocketNamespaces socketNamespaces() {
    return instance().sockets;
  }

  /** The HTTP sides of protocols. */
  @Produces
  @Singleton
  public HttpApis httpApis(Authorizer authorizer) {
    Instance instance = instance();
    return new HttpApis(
        List.of(
            new PusherHttp(
                instance.guestApps,
                instance.rooms,
                instance.disconnects,
                instance.clock,
                instance.limits),
            new PusherAuth(instance.guestApps, authorizer)));
  }

  /** Two-way links. */
  @Produces
  @Singleton
  public Links links() {
    Instance instance = instance();
    return new Links(
        instance.connections,
        instance.commands,
        instance.threads.virtual(),
        instance.settings.heartbeat(),
        Links.LinkLimits.DEFAULTS);
  }

  /** Sockets. */
  @Produces
  @Singleton
  public Sockets sockets(Links links, ProtocolRegistry protocols) {
    Instance instance = instance();
    return new Sockets(
        links,
        protocols,
        instance.threads.socketWriters(),
        instance.threads.virtual(),
        instance.random::nextLong,
        Sockets.SocketSettings.DEFAULTS);
  }

  /** Writing of answers that may be large. */
  @Produces
  @Singleton
  public PageWriter pageWriter() {
    return new PageWriter(instance().threads.virtual());
  }

  /** Pages, polls and streams of events. */
  @Produces
  @Singleton
  public EventReader reader(PageWriter pageWriter) {
    Instance instance = instance();
    EventReader.ReaderSettings usual = EventReader.ReaderSettings.DEFAULTS;
    return new EventReader(
        instance.connections,
        instance.rooms,
        new JsonPages(),
        new EventStream(),
        instance.threads.virtual(),
        pageWriter,
        instance.threads.timer(),
        RandomGenerator.getDefault(),
        new EventReader.ReaderSettings(
            instance.settings.comment(),
            instance.settings.streamAge(),
            usual.leastRetry(),
            usual.mostRetry(),
            usual.longestWait()),
        instance.limits);
  }
}
