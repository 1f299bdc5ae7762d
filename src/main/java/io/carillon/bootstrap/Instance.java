package io.carillon.bootstrap;

import io.carillon.backplane.postgres.BackplaneTiming;
import io.carillon.backplane.postgres.PostgresBackplane;
import io.carillon.core.cluster.InstanceCalls;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Disconnects;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.console.Alerts;
import io.carillon.core.console.Console;
import io.carillon.core.limit.Limits;
import io.carillon.core.presence.Presence;
import io.carillon.core.room.Commands;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.Bans;
import io.carillon.core.spi.ClusterSecrets;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestAppStore;
import io.carillon.core.spi.Inspection;
import io.carillon.core.spi.Kicks;
import io.carillon.core.spi.NamespaceStore;
import io.carillon.observability.DatabasePing;
import io.carillon.observability.InstanceReporter;
import io.carillon.observability.MetricsProbe;
import io.carillon.protocol.pusher.PusherHooks;
import io.carillon.protocol.socketio.SocketHub;
import io.carillon.security.BanList;
import io.carillon.security.DemoTokenDesk;
import io.carillon.security.RevocationList;
import io.carillon.security.TicketDesk;
import io.carillon.security.TokenCredentials;
import io.carillon.store.jdbc.JdbcBans;
import io.carillon.store.jdbc.JdbcClock;
import io.carillon.store.jdbc.JdbcClusterSecrets;
import io.carillon.store.jdbc.JdbcEventLog;
import io.carillon.store.jdbc.JdbcGuestHooks;
import io.carillon.store.jdbc.JdbcInspection;
import io.carillon.store.jdbc.JdbcInstances;
import io.carillon.store.jdbc.JdbcKicks;
import io.carillon.store.jdbc.JdbcOccupancy;
import io.carillon.store.jdbc.JdbcPresenceStore;
import io.carillon.store.jdbc.JdbcRecoveries;
import io.carillon.store.jdbc.JdbcRevocations;
import io.carillon.store.jdbc.JdbcTickets;
import io.carillon.store.jdbc.JtaOutbox;
import io.carillon.store.jdbc.LogSettings;
import io.carillon.store.jdbc.OutboxRelay;
import io.carillon.store.jdbc.Retention;
import io.carillon.store.jdbc.SoleConnection;
import io.carillon.store.jpa.JpaNamespaces;
import io.carillon.store.jpa.StoredGuestApps;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.metrics.MetricRegistry;

/**
 * Object graph of one running server. Its construction touches neither the database nor the
 * network; {@link Startup} does that.
 */
final class Instance {
  final Settings settings;
  final Threads threads;
  final Databases databases;
  final SoleConnection vital;
  final String name;
  final SecureRandom random = new SecureRandom();
  final Ids ids;
  final Clock clock;
  final Executor managed;
  final JpaNamespaces namespaces;
  final StoredGuestApps guestApps;
  final JdbcGuestHooks guestHookStore;
  final PusherHooks guestHooks;
  final DatabasePing ping;
  final MetricsProbe probe;
  final RevocationFreshness freshness =
      new RevocationFreshness(RevocationFreshness.MOST, System::nanoTime);
  final Limits limits;
  final Connections connections;
  final JdbcEventLog log;
  final OutboxRelay relay;
  final DaysAhead days;
  final PostgresBackplane backplane;
  final InstanceLease lease;
  final Presence presence;
  final Rooms rooms;
  final Commands commands;
  final ClusterSecrets secrets;
  final ClusterKey clusterKey;
  final JdbcRevocations revocationStore;
  final JdbcTickets ticketStore;
  final JdbcRecoveries recoveryStore;
  final SocketHub sockets;
  final JtaOutbox outbox;
  final Bans bans;
  final RevocationList revocations;
  final Disconnects disconnects;
  private final InstanceCalls calls;
  final Alerts alerts;
  final Inspection inspection;
  final Console console;
  private final Comparison comparison;
  private final Kicks kicks;
  final TokenCredentials credentials;
  final TicketDesk tickets;
  final DemoTokenDesk demoTokens;
  final InstanceReporter reporter;

  /** Creates all parts and connects them. */
  Instance(
      Settings settings,
      Databases databases,
      Authorizer authorizer,
      NamespaceStore namespaceStore,
      GuestAppStore guestAppStore,
      Executor managed,
      MetricRegistry registry,
      Application application) {
    this.settings = settings;
    this.databases = databases;
    this.threads = new Threads(settings.socketWriters());
    this.vital = databases.vital();
    JdbcClock databaseClock = new JdbcClock(vital);
    this.managed = managed;
    this.namespaces = new JpaNamespaces(namespaceStore);
    this.guestApps =
        new StoredGuestApps(
            guestAppStore, settings.security().demo() ? List.of(GuestApp.demo()) : List.of());
    Clock own = Clock.offset(Clock.systemUTC(), Duration.ofMillis(settings.clockOffset()));
    this.ping = new DatabasePing(databaseClock, own, System::nanoTime);
    this.clock = new DatabaseTime(own, ping::offsetMicros);
    this.probe = new MetricsProbe(own, ping::offsetMicros, CountedProtocols.NAMES);
    this.limits =
        new Limits(settings.limits(), System::nanoTime, clock, RandomGenerator.getDefault(), probe);
    this.ids = new Ids(random, clock);
    String incarnation = ids.instance();
    this.name = settings.instance().isEmpty() ? incarnation : settings.instance();
    this.secrets = new JdbcClusterSecrets(databases.pool());
    this.clusterKey = new ClusterKey(secrets, random);
    this.connections =
        new Connections(
            settings.connections(),
            ids::connection,
            System::nanoTime,
            clock,
            RandomGenerator.getDefault(),
            freshness,
            probe);
    LogSettings log = settings.log();
    this.log =
        new JdbcEventLog(
            databases.own("carillon writer", 0),
            databases.pool(),
            log,
            threads.platform(),
            threads.timer());
    this.relay =
        new OutboxRelay(
            this.log,
            databases.own("carillon relay", 0),
            log,
            incarnation,
            threads.virtual(),
            threads.timer());
    this.days = new DaysAhead(new Retention(databases.pool(), settings.retention()), clock);
    this.lease =
        new InstanceLease(
            new JdbcInstances(vital, incarnation), name, new OwnUrl(settings), this::leaseRevived);
    this.backplane =
        new PostgresBackplane(
            incarnation,
            databases::listen,
            clusterKey,
            clock,
            lease::olderNeighbours,
            BackplaneTiming.DEFAULTS,
            threads.platform());
    this.presence =
        new Presence(
            new JdbcPresenceStore(databases.pool(), incarnation),
            backplane,
            namespaces,
            threads.virtual(),
            threads.socketWriters(),
            System::nanoTime,
            io.carillon.core.presence.PresenceTiming.DEFAULTS);
    this.rooms =
        new Rooms(
            new Rooms.Collaborators(
                this.log,
                JdbcEventLog.reads(databases.live()),
                backplane,
                presence,
                new JdbcOccupancy(databases.pool(), incarnation),
                authorizer,
                namespaces,
                probe,
                threads.virtual(),
                threads.reads(),
                threads.fanOut(),
                threads::later,
                threads.socketWriters(),
                ids::event,
                System::nanoTime),
            settings.rooms().within(limits));
    this.revocationStore = new JdbcRevocations(databases.pool(), vital);
    this.kicks = new JdbcKicks(databases.pool(), vital);
    this.ticketStore = new JdbcTickets(databases.pool(), random);
    this.guestHookStore = new JdbcGuestHooks(databases.pool());
    this.guestHooks =
        new PusherHooks(
            guestApps, guestHookStore, new HookClient(threads.virtual()), threads.virtual(), clock);
    this.recoveryStore = new JdbcRecoveries(databases.pool());
    this.outbox = new JtaOutbox(databases.application(), relay::wake);
    JdbcBans banStore = new JdbcBans(databases.pool(), vital);
    BanList banList = new BanList(banStore, clock);
    this.revocations = new RevocationList(revocationStore, settings.revocationsKept(), banList);
    this.disconnects =
        new Disconnects(
            connections,
            backplane,
            revocationStore,
            kicks,
            new JdbcClock(databases.pool()),
            revocations::add);
    this.credentials =
        new TokenCredentials(settings.security(), secrets, revocations, random, clock);
    this.tickets = new TicketDesk(ticketStore, clock);
    this.demoTokens = new DemoTokenDesk(settings.security().demo(), secrets, random, clock);
    this.commands = new Commands(rooms, credentials, limits);
    this.sockets = SocketHubs.of(this, application);
    this.calls = Consoles.calls(this);
    this.bans = new ToldBans(banStore, calls, this::enforceBans);
    this.alerts = new Alerts(clock);
    this.inspection = new JdbcInspection(databases.pool(), lease.instances());
    this.console = Consoles.of(this, calls);
    this.comparison =
        new Comparison(
            this::compare, presence::missed, threads.virtual(), threads::later, System::nanoTime);
    connections.limitBy(limits);
    connections.onEnd(rooms.events()::ended);
    connections.onEndBy((connection, code) -> sockets.ended(connection.id(), code));
    this.reporter = Reporters.of(this, registry);
  }

  long queuedBytes() {
    return connections.all().stream().mapToLong(Connection::waiting).sum();
  }

  /** Listener for the other instances' messages. */
  Backplane.Listener listener() {
    return new PeerListener(
        rooms.events(), presence, disconnects, comparison, calls, sockets::heard);
  }

  /** Reads the revocations and closes the connections that they refuse. */
  void enforceRevocations() {
    long asOf = freshness.now();
    revocations.refresh();
    disconnects.sweep(revocations::refuses);
    freshness.renew(asOf);
  }

  /** Reads the bans and closes the connections that they refuse. */
  private void enforceBans() {
    revocations.refreshBans();
    disconnects.sweep(revocations::refuses);
  }

  /** Removes revocations older than every valid credential. */
  void forgetRevocations() {
    revocationStore.forget(settings.revocationsKept());
    kicks.forget(settings.revocationsKept());
  }

  /** Asserts the instance's members, which may have been swept while its lease was over. */
  private void leaseRevived() {
    presence.reassert();
  }

  /** Compares all followed positions with the database. */
  private void compare() {
    rooms.maintenance().poll();
    presence.poll();
  }
}
