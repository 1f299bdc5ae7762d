package io.carillon.bootstrap;

import io.carillon.core.json.JsonWriter;
import io.carillon.store.jdbc.JdbcInstances;

/**
 * Lease of this instance in the database, with its self-description for the others. Methods that
 * call the database block; one thread renews.
 */
final class InstanceLease {
  /** Version of the signals that this instance understands; an older one has no such field. */
  private static final String SIGNAL_VERSION = "words";

  private final JdbcInstances instances;
  private final String info;
  private final Runnable revived;
  private volatile boolean olderNeighbours;

  /**
   * Creates a lease; {@link #renew} takes it.
   *
   * @param name the instance's name, for the others
   * @param revived called after a renewal that found the lease over: dependent rows may have been
   *     swept and have to be asserted again
   */
  InstanceLease(JdbcInstances instances, String name, Runnable revived) {
    this.instances = instances;
    this.info =
        new JsonWriter(new StringBuilder())
            .beginObject()
            .field("name", name)
            .field(SIGNAL_VERSION, 2)
            .field("version", Build.version())
            .endObject()
            .toString();
    this.revived = revived;
  }

  /** Takes or renews the lease, and checks for instances of the previous version. */
  void renew() {
    if (instances.renew(info).revived()) {
      revived.run();
    }
    olderNeighbours = instances.anyWithout(SIGNAL_VERSION);
  }

  /** Whether an instance of the previous version was alive at the last renewal; cheap. */
  boolean olderNeighbours() {
    return olderNeighbours;
  }

  /** This incarnation's id. */
  String id() {
    return instances.id();
  }

  /** The list of live instances. */
  JdbcInstances instances() {
    return instances;
  }

  /** How many instances are alive; blocks. */
  int count() {
    return instances.live().size();
  }

  /** Ends the lease at once. */
  void end() {
    instances.bye();
  }
}
