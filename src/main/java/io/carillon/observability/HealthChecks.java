package io.carillon.observability;

import io.carillon.core.spi.Vitals;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * {@code /health/live}, {@code /health/ready} and {@code /health/started}. Each check says its name
 * and up or down, and the listener whether it is more than the poll; nothing else, for the paths
 * answer anyone.
 */
@Dependent
public class HealthChecks {
  /** Live: the process answers. A database that is away is no reason to restart an instance. */
  @Produces
  @Liveness
  public HealthCheck process() {
    return HealthChecks::alive;
  }

  /** Ready: the database answered lately. */
  @Produces
  @Readiness
  public HealthCheck database(Vitals vitals) {
    return () -> answer("database", vitals.database());
  }

  /** Ready: what other instances commit is heard of. */
  @Produces
  @Readiness
  public HealthCheck listener(Vitals vitals) {
    return () ->
        HealthCheckResponse.named("listener")
            .status(vitals.listener())
            .withData("listening", vitals.listening())
            .build();
  }

  /** Ready: what is published here can be written. */
  @Produces
  @Readiness
  public HealthCheck writer(Vitals vitals) {
    return () -> answer("writer", vitals.writer());
  }

  /** Ready: tokens can be verified. */
  @Produces
  @Readiness
  public HealthCheck keys(Vitals vitals) {
    return () -> answer("keys", vitals.keys());
  }

  /** Ready: it is this instance that answers at its port. */
  @Produces
  @Readiness
  public HealthCheck reachable(Vitals vitals) {
    return () -> answer("reachable", vitals.reachable());
  }

  /** Ready: there is a partition for tomorrow and the day after. */
  @Produces
  @Readiness
  public HealthCheck partitions(Vitals vitals) {
    return () -> answer("partitions", vitals.partitions());
  }

  /** Ready: not draining. */
  @Produces
  @Readiness
  public HealthCheck accepting(Vitals vitals) {
    return () -> answer("accepting", vitals.accepting());
  }

  /** Started: schema there, everything wired. */
  @Produces
  @Startup
  public HealthCheck started(Vitals vitals) {
    return () -> answer("started", vitals.started());
  }

  private static HealthCheckResponse alive() {
    return answer("process", true);
  }

  private static HealthCheckResponse answer(String name, boolean up) {
    return HealthCheckResponse.named(name).status(up).build();
  }
}
