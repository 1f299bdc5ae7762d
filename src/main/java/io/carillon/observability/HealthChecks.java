package io.carillon.observability;

import io.carillon.core.spi.Health;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Health checks {@code /health/live}, {@code /health/ready} and {@code /health/started}. A check
 * gives its name and state, the listener also whether it is more than the poll; nothing else, since
 * the paths need no credential.
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
  public HealthCheck database(Health health) {
    return () -> answer("database", health.database());
  }

  /** Ready: commits of other instances are noticed. */
  @Produces
  @Readiness
  public HealthCheck listener(Health health) {
    return () ->
        HealthCheckResponse.named("listener")
            .status(health.listener())
            .withData("listening", health.listening())
            .build();
  }

  /** Ready: events can be written from here. */
  @Produces
  @Readiness
  public HealthCheck writer(Health health) {
    return () -> answer("writer", health.writer());
  }

  /** Ready: tokens can be verified. */
  @Produces
  @Readiness
  public HealthCheck keys(Health health) {
    return () -> answer("keys", health.keys());
  }

  /** Ready: this instance answers at its port. */
  @Produces
  @Readiness
  public HealthCheck reachable(Health health) {
    return () -> answer("reachable", health.reachable());
  }

  /** Ready: file descriptors are left for new connections. */
  @Produces
  @Readiness
  public HealthCheck descriptors(Health health) {
    return () -> answer("descriptors", health.descriptors());
  }

  /** Ready: there is a partition for tomorrow and the day after. */
  @Produces
  @Readiness
  public HealthCheck partitions(Health health) {
    return () -> answer("partitions", health.partitions());
  }

  /** Ready: not draining. */
  @Produces
  @Readiness
  public HealthCheck accepting(Health health) {
    return () -> answer("accepting", health.accepting());
  }

  /** Started: schema there, everything wired. */
  @Produces
  @Startup
  public HealthCheck started(Health health) {
    return () -> answer("started", health.started());
  }

  private static HealthCheckResponse alive() {
    return answer("process", true);
  }

  private static HealthCheckResponse answer(String name, boolean up) {
    return HealthCheckResponse.named(name).status(up).build();
  }
}
