package io.carillon.core.spi;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Applications whose clients come as guests. Answers from memory; may be some seconds behind a
 * change. Thread-safe.
 */
public interface GuestApps {
  /** Whether the applications were read at least once; if not, an unknown one may exist. */
  boolean known();

  /** All of them, those that are not enabled too. */
  Collection<GuestApp> all();

  /** The application of this id, enabled or not; or null. */
  default @Nullable GuestApp byId(String id) {
    return all().stream().filter(app -> app.id().equals(id)).findFirst().orElse(null);
  }

  /** The application of this key, enabled or not; or null. */
  @Nullable GuestApp byKey(String key);
}
