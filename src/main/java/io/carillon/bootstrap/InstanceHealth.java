package io.carillon.bootstrap;

import io.carillon.core.spi.Health;
import java.util.ArrayList;
import java.util.List;

/** Health of the instance, for the health checks and the log. */
record InstanceHealth(Instance instance, Startup startup, Drain drain, Door door)
    implements Health {
  @Override
  public boolean started() {
    return startup.done();
  }

  @Override
  public boolean database() {
    return startup.done() && instance.ping.up();
  }

  /** The poll replaces a backplane that is not connected: slower, but nothing is lost. */
  @Override
  public boolean listener() {
    return startup.done() && (instance.backplane.connected() || instance.ping.up());
  }

  @Override
  public boolean listening() {
    return instance.backplane.connected();
  }

  @Override
  public boolean writer() {
    return startup.done() && instance.log.works();
  }

  @Override
  public boolean keys() {
    return instance.credentials.keysAvailable();
  }

  @Override
  public boolean reachable() {
    return door.open();
  }

  @Override
  public boolean descriptors() {
    return !startup.fewDescriptors();
  }

  @Override
  public boolean partitions() {
    return startup.done() && instance.days.count() >= 2;
  }

  @Override
  public boolean accepting() {
    return !drain.leaving() && !instance.connections.draining();
  }

  /** The names of the checks that readiness lacks, as {@code /health} gives them. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    add(missing, "started", started());
    add(missing, "database", database());
    add(missing, "listener", listener());
    add(missing, "writer", writer());
    add(missing, "keys", keys());
    add(missing, "partitions", partitions());
    add(missing, "reachable", reachable());
    add(missing, "descriptors", descriptors());
    add(missing, "accepting", accepting());
    return missing;
  }

  private static void add(List<String> missing, String name, boolean there) {
    if (!there) {
      missing.add(name);
    }
  }
}
