package io.carillon.bootstrap;

import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.GuestAppStore;
import io.carillon.core.spi.NamespaceStore;
import io.carillon.socketio.NamespaceHandler;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Application in its container: takes what the server provides, makes the instance, starts it when
 * the container has started and stops it before the container stops.
 */
@ApplicationScoped
public class Carillon {
  private static final System.Logger LOG = System.getLogger(Carillon.class.getName());

  @Resource(lookup = "jdbc/carillon-server")
  private @Nullable DataSource pool;

  @Resource(lookup = "jdbc/carillon-live")
  private @Nullable DataSource live;

  @Resource(lookup = "jdbc/carillon")
  private @Nullable DataSource application;

  @Resource(lookup = "jdbc/carillon-migration")
  private @Nullable DataSource migration;

  @Inject private @Nullable Config config;
  @Inject private @Nullable MetricRegistry metrics;
  @Inject private @Nullable Authorizer authorizer;
  @Inject private @Nullable NamespaceStore namespaces;
  @Inject private @Nullable GuestAppStore guestApps;

  @Inject @Any private jakarta.enterprise.inject.@Nullable Instance<NamespaceHandler> handlers;

  @Resource private @Nullable ManagedExecutorService managed;
  @Resource private @Nullable ContextService context;

  private @Nullable Instance instance;
  private @Nullable Startup startup;
  private @Nullable Drain drain;
  private @Nullable Door door;

  @PostConstruct
  void make() {
    try {
      make(Objects.requireNonNull(config));
    } catch (IllegalArgumentException wrong) {
      throw Exit.atStart(wrong);
    }
  }

  private void make(Config from) {
    Settings settings = Settings.read(from);
    Databases databases =
        new Databases(
            Objects.requireNonNull(pool),
            Objects.requireNonNull(live),
            Objects.requireNonNull(application),
            Objects.requireNonNull(migration),
            settings.database());
    Instance made =
        new Instance(
            settings,
            databases,
            Objects.requireNonNull(authorizer),
            Objects.requireNonNull(namespaces),
            Objects.requireNonNull(guestApps),
            Objects.requireNonNull(managed),
            Objects.requireNonNull(metrics),
            Application.of(
                Objects.requireNonNull(handlers).handles(),
                Objects.requireNonNull(context).currentContextExecutor()));
    instance = made;
    drain = new Drain(made);
    door =
        new Door(settings.host(), settings.port(), UUID.randomUUID().toString(), System::nanoTime);
    int tls = settings.edge().httpsPort();
    startup =
        new Startup(
            made, drain, door, new CertificateEnd(tls <= 0 ? null : Door.at(settings.host(), tls)));
    Surroundings.warnings(from, settings).forEach(w -> LOG.log(Level.WARNING, w));
  }

  void start(@Observes jakarta.enterprise.event.Startup event) {
    Objects.requireNonNull(drain).arm();
    Objects.requireNonNull(startup).begin();
  }

  @PreDestroy
  void stop() {
    Objects.requireNonNull(drain).disarm();
    Objects.requireNonNull(drain).run(Duration.ZERO);
    Objects.requireNonNull(startup).stop();
  }

  Instance instance() {
    return Objects.requireNonNull(instance);
  }

  Drain drain() {
    return Objects.requireNonNull(drain);
  }

  Door door() {
    return Objects.requireNonNull(door);
  }

  InstanceHealth state() {
    return Objects.requireNonNull(startup).state();
  }
}
