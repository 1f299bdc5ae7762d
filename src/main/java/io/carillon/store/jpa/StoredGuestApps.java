package io.carillon.store.jpa;

import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestAppStore;
import io.carillon.core.spi.GuestApps;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * In-memory applications of guests; {@link #refresh} follows the store every few seconds.
 * Thread-safe.
 */
public final class StoredGuestApps implements GuestApps {
  private final GuestAppStore store;
  private final Collection<GuestApp> given;
  private volatile @Nullable Map<String, GuestApp> read;

  /**
   * Knows only those that are given until the first refresh.
   *
   * @param given applications that are there without being stored; a stored one of the same id or
   *     key takes the place of one
   */
  public StoredGuestApps(GuestAppStore store, Collection<GuestApp> given) {
    this.store = store;
    this.given = given;
  }

  @Override
  public boolean known() {
    return read != null;
  }

  @Override
  public Collection<GuestApp> all() {
    return byKey().values();
  }

  @Override
  public @Nullable GuestApp byKey(String key) {
    return byKey().get(key);
  }

  private Map<String, GuestApp> byKey() {
    Map<String, GuestApp> known = read;
    return known == null ? Map.of() : known;
  }

  /**
   * Reads all applications anew; blocks. On a failure what is known stays known.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the store cannot be reached
   */
  public void refresh() {
    Map<String, GuestApp> byId = new HashMap<>();
    given.forEach(app -> byId.put(app.id(), app));
    byId.putAll(store.all());
    Map<String, GuestApp> byKey = new HashMap<>();
    given.stream()
        .filter(app -> app.equals(byId.get(app.id())))
        .forEach(app -> byKey.put(app.key(), app));
    byId.values().stream()
        .filter(app -> !given.contains(app))
        .forEach(app -> byKey.put(app.key(), app));
    read = Map.copyOf(byKey);
  }
}
