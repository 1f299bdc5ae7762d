package io.carillon.bootstrap;

import io.carillon.core.RoomName;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.retry.Backoff;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.observability.InstanceReporter;
import io.carillon.protocol.pusher.PusherCounts;
import io.carillon.store.jdbc.DatabaseCheck;
import io.carillon.store.jdbc.Migrator;
import io.carillon.store.jdbc.SessionCheck;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Start sequence: migrate, check the database, hear the others, write, relay, tell. A failed step
 * (a database that is not there yet, durability switched off) is logged and tried again; until the
 * sequence is done the instance is not ready and answers {@code storage}.
 */
final class Startup {
  private static final System.Logger LOG = System.getLogger(Startup.class.getName());
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Instance instance;
  private final PeriodicTasks tasks;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Drain drain;
  private final Door door;
  private final InstanceHealth health;
  private final Descriptors descriptors = Descriptors.ofThisProcess();
  private final CertificateEnd certificate;
  private final ClusterLook cluster;
  private final Repeated complaint = new Repeated(Duration.ofSeconds(30), System::nanoTime);
  private volatile String version = "unknown";
  private volatile boolean done;

  Startup(Instance instance, Drain drain, Door door, CertificateEnd certificate) {
    this.instance = instance;
    this.tasks = new PeriodicTasks(instance.threads);
    this.drain = drain;
    this.door = door;
    this.certificate = certificate;
    this.cluster = new ClusterLook(instance.inspection, System::nanoTime);
    this.health = new InstanceHealth(instance, this, drain, door);
  }

  /** Begins the sequence, on a thread of its own. */
  void begin() {
    instance.threads.virtual().execute(instance.credentials::keepKeys);
    tasks.every(SECOND, "keys of the issuer", instance.credentials::keepKeys);
    instance.connections.lookBy(instance.threads::soon);
    instance.connections.refuseWhile(
        () -> instance.rooms.statistics().crowded() || descriptors.few());
    tasks.every(SECOND.multipliedBy(2), "open files", descriptors::look);
    AlertConditions.add(instance, cluster, certificate, descriptors::few);
    tasks.every(SECOND, "looking for what operators must know", instance.alerts::look);
    Readiness readiness = new Readiness(health::missing, this::greeting);
    tasks.every(LOOK, "looking whether this instance is ready", readiness::look);
    tasks.every(SECOND, "looking whether this instance can be reached", this::knock);
    instance.threads.virtual().execute(this::attempt);
  }

  /** Health of the instance. */
  InstanceHealth state() {
    return health;
  }

  private String greeting() {
    return "instance "
        + instance.name
        + ", database "
        + instance.settings.database()
        + " at version "
        + version;
  }

  private void knock() {
    if (door.open() || stopped.get()) {
      return;
    }
    if (door.knock() == Door.KnockResult.STRANGER && complaint.worth("stranger")) {
      LOG.log(Level.WARNING, "another process answers at this instance's port");
    }
    String hopeless = door.hopeless();
    if (hopeless != null) {
      Exit.because(hopeless, Exit.UNREACHABLE);
    }
  }

  /** Whether hardly any file descriptor is left. */
  boolean fewDescriptors() {
    return descriptors.few();
  }

  /** Whether the sequence is done. */
  boolean done() {
    return done;
  }

  private void attempt() {
    if (stopped.get()) {
      return;
    }
    try {
      version = prepareDatabase();
      start();
      done = true;
      drain.started();
    } catch (Exception e) {
      String reason = Exit.reason(e);
      if (complaint.worth(reason)) {
        LOG.log(Level.ERROR, "Carillon cannot start yet and tries again: " + reason);
      }
      LOG.log(Level.DEBUG, "why Carillon cannot start", e);
      Runnable again = () -> instance.threads.virtual().execute(this::attempt);
      instance.threads.later(again, Backoff.around(AGAIN));
    }
  }

  private String prepareDatabase() throws Exception {
    SessionCheck.require(instance.databases.own("carillon check", 5));
    Migrator migrator = new Migrator();
    String version =
        instance.settings.migrate()
            ? migrator.migrate(instance.databases.migration())
            : migrator.verify(instance.databases.pool());
    DatabaseCheck.DatabaseReport report = new DatabaseCheck(instance.databases.pool()).run();
    report.warnings().forEach(w -> LOG.log(Level.WARNING, w));
    if (!report.refusals().isEmpty()) {
      throw new IllegalStateException(String.join("; ", report.refusals()));
    }
    instance.days.keep();
    instance.ping.ask();
    compareClocks();
    instance.lease.renew();
    instance.enforceRevocations();
    refreshSettings();
    // Kept open, so that the samples measure the way from every instance to this one.
    instance.rooms.maintenance().keep(new RoomName(InstanceReporter.ROOM_NAME));
    return version;
  }

  private void start() {
    instance.rooms.start();
    instance.backplane.start(instance.listener());
    instance.presence.start();
    instance.log.start();
    instance.relay.start();
    tasks.every(SECOND.multipliedBy(2), "trying writers", instance.log::probe);
    WakeBatch together = instance.threads.socketWriters();
    tasks.every(
        SECOND, "heartbeats of connections", () -> together.during(instance.connections::tick));
    tasks.every(instance.settings.poll(), "comparing rooms", instance.rooms.maintenance()::poll);
    tasks.every(instance.settings.poll(), "comparing members", instance.presence::poll);
    tasks.every(SECOND, "sweeping members", instance.presence::sweep);
    tasks.every(SECOND.multipliedBy(2), "the instance's lease", instance.lease::renew);
    tasks.every(SECOND, "revocations", instance::enforceRevocations);
    tasks.every(SECOND, "kicks", instance.disconnects::readKicks);
    tasks.every(SECOND.multipliedBy(3), "rights of readers", instance.rooms.maintenance()::review);
    tasks.every(
        SECOND.multipliedBy(2), "telling who reads", instance.rooms.maintenance()::reportOccupancy);
    tasks.every(SECOND.multipliedBy(3), "settings of namespaces and guests", this::refreshSettings);
    tasks.every(SECOND, "webhooks", instance.guestHooks::tick);
    PusherCounts counts =
        new PusherCounts(instance.guestApps, instance.guestHookStore, instance.rooms);
    tasks.every(SECOND.multipliedBy(2), "counting subscriptions", counts::tick);
    tasks.every(SECOND.multipliedBy(5), "sweeping limits", instance.limits::sweep);
    tasks.every(Duration.ofMinutes(1), "sweeping tickets", instance.ticketStore::sweep);
    tasks.every(Duration.ofSeconds(5), "keeping sessions of guests", instance.sockets::keep);
    tasks.every(
        Duration.ofMinutes(1), "sweeping sessions of guests", instance.recoveryStore::sweep);
    tasks.every(Duration.ofMinutes(1), "forgetting revocations", instance::forgetRevocations);
    tasks.every(Duration.ofSeconds(5), "looking at what instances share", cluster::look);
    tasks.every(Duration.ofMinutes(1), "looking at the certificate", certificate::look);
    tasks.every(Duration.ofMinutes(10), "comparing clocks", this::compareClocks);
    tasks.every(Duration.ofMinutes(10), "retention", instance.days::keep);
    instance.reporter.start(instance.threads.timer(), instance.threads.virtual());
  }

  private void compareClocks() {
    Duration ahead = Duration.of(instance.ping.offsetMicros(), ChronoUnit.MICROS);
    Surroundings.clocks(ahead)
        .filter(words -> complaint.worth("clocks"))
        .ifPresent(words -> LOG.log(Level.WARNING, words));
  }

  /** Reads namespaces and applications on a thread of the container, which JPA needs. */
  private void refreshSettings() throws Exception {
    CompletableFuture.runAsync(instance.namespaces::refresh, instance.managed).get();
    CompletableFuture.runAsync(instance.guestApps::refresh, instance.managed).get();
  }

  /** Ends the lease; after a failure it runs out by itself. */
  private void endLease() {
    try {
      instance.lease.end();
    } catch (LogUnavailableException e) {
      LOG.log(Level.DEBUG, "the lease could not be ended", e);
    }
  }

  /** Stops in the reverse order; accepted publishes are answered first. */
  void stop() {
    if (stopped.compareAndSet(false, true)) {
      instance.reporter.close();
      tasks.close();
      instance.relay.close();
      instance.log.close();
      instance.presence.close();
      if (done) {
        endLease();
      }
      instance.backplane.close();
      instance.vital.close();
      instance.threads.close();
    }
  }
}
