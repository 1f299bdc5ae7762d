package io.carillon.kit;

import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A presence store that lets a test step in between a call and its answer. */
public final class TroubledPresence {
  private final PresenceStore view;
  private volatile Consumer<Map<RoomName, Long>> read = since -> {};
  private volatile Consumer<List<PresenceAct>> beforeWrite = acts -> {};

  /** Passes everything on to {@code store}. */
  public TroubledPresence(PresenceStore store) {
    view =
        (PresenceStore)
            Proxy.newProxyInstance(
                PresenceStore.class.getClassLoader(),
                new Class<?>[] {PresenceStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("apply")) {
                    @SuppressWarnings("unchecked")
                    List<PresenceAct> acts = (List<PresenceAct>) arguments[0];
                    beforeWrite.accept(acts);
                  }
                  Object answer;
                  try {
                    answer = method.invoke(store, arguments);
                  } catch (java.lang.reflect.InvocationTargetException e) {
                    throw e.getCause();
                  }
                  if (method.getName().equals("changes")) {
                    @SuppressWarnings("unchecked")
                    Map<RoomName, Long> since = (Map<RoomName, Long>) arguments[0];
                    read.accept(since);
                  }
                  return answer;
                });
  }

  /** The store as its user sees it. */
  public PresenceStore view() {
    return view;
  }

  /** Runs {@code step} whenever changes were read, before they are handed out. */
  public void afterReading(Consumer<Map<RoomName, Long>> step) {
    read = step;
  }

  /** Runs {@code step} before any acts are written. */
  public void beforeWriting(Consumer<List<PresenceAct>> step) {
    beforeWrite = step;
  }
}
