package io.carillon.bootstrap;

import io.carillon.core.spi.Vitals;

/** How the instance is, for the health checks. */
record State(Instance instance, Startup startup) implements Vitals {
  @Override
  public boolean started() {
    return startup.done();
  }

  @Override
  public boolean database() {
    return startup.done() && instance.pulse.up();
  }

  /** The poll stands in for a backplane that is not connected: slower, but nothing is lost. */
  @Override
  public boolean listener() {
    return startup.done() && (instance.backplane.connected() || instance.pulse.up());
  }

  @Override
  public boolean listening() {
    return instance.backplane.connected();
  }

  @Override
  public boolean partitions() {
    return startup.done() && instance.daysAhead() >= 2;
  }

  @Override
  public boolean accepting() {
    return !instance.connections.draining();
  }
}
