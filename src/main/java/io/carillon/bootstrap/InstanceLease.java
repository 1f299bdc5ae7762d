package io.carillon.bootstrap;

import io.carillon.core.json.JsonWriter;
import io.carillon.store.jdbc.JdbcInstances;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lease of this instance in the database, with its self-description for the others. Methods that
 * call the database block; one thread renews.
 */
final class InstanceLease {
  /** Version of the signals that this instance understands; an older one has no such field. */
  private static final String SIGNAL_VERSION = "words";

  /** Where the others reach this instance; an older one, or one that does not know, has none. */
  static final String URL = "url";

  private final JdbcInstances instances;
  private final String name;
  private final Supplier<@Nullable String> url;
  private final Runnable revived;
  private volatile boolean olderNeighbours;

  /**
   * Creates a lease; {@link #renew} takes it.
   *
   * @param name the instance's name, for the others
   * @param url where they reach it; null: not known yet, and asked for again
   * @param revived called after a renewal that found the lease over: dependent rows may have been
   *     swept and have to be asserted again
   */
  InstanceLease(
      JdbcInstances instances, String name, Supplier<@Nullable String> url, Runnable revived) {
    this.instances = instances;
    this.name = name;
    this.url = url;
    this.revived = revived;
  }

  private String info() {
    JsonWriter info =
        new JsonWriter(new StringBuilder())
            .beginObject()
            .field("name", name)
            .field(SIGNAL_VERSION, 2)
            .field("version", Build.version());
    String reached = url.get();
    if (reached != null) {
      info.field(URL, reached);
    }
    return info.endObject().toString();
  }

  /** Takes or renews the lease, and checks for instances of the previous version. */
  void renew() {
    if (instances.renew(info()).revived()) {
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
