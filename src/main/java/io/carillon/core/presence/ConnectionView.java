package io.carillon.core.presence;

import io.carillon.core.Delivery.ByConnection;
import io.carillon.core.MemberConnection;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceEntry;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members of one room by connection. A connection in its grace stays a member, as its user does.
 * Not thread-safe.
 */
final class ConnectionView implements PresenceView {
  private final TreeMap<String, MemberConnection> members = new TreeMap<>();
  private List<MemberConnection> joined = List.of();
  private List<MemberConnection> updated = List.of();
  private List<MemberConnection> left = List.of();

  @Override
  public void apply(PresenceChanges changes) {
    joined = new ArrayList<>();
    updated = new ArrayList<>();
    left = new ArrayList<>();
    Map<String, MemberConnection> present = new HashMap<>();
    Set<String> touched = new HashSet<>(changes.whole() ? members.keySet() : Set.of());
    for (PresenceEntry entry : changes.entries()) {
      String id =
          entry.instance().isEmpty()
              ? MemberConnection.idOfLease(entry.connection())
              : MemberConnection.idOf(entry.connection());
      touched.add(id);
      if (!entry.gone()) {
        present.put(id, new MemberConnection(id, entry.user(), entry.state(), entry.since()));
      }
    }
    touched.stream().sorted().forEach(id -> replace(id, present.get(id)));
  }

  private void replace(String id, @Nullable MemberConnection now) {
    MemberConnection before = now == null ? members.remove(id) : members.put(id, now);
    boolean same = before != null && now != null && before.user().equals(now.user());
    if (before != null && !same) {
      left.add(before);
    }
    if (now != null && !same) {
      joined.add(now);
    }
    if (now != null && same && !now.equals(before)) {
      updated.add(now);
    }
  }

  @Override
  public int count() {
    return members.size();
  }

  @Override
  public long weight() {
    long weight = 0;
    for (MemberConnection member : members.values()) {
      weight += 150L + member.user().length() + member.state().length();
    }
    return weight;
  }

  @Override
  public boolean unchanged() {
    return joined.isEmpty() && updated.isEmpty() && left.isEmpty();
  }

  @Override
  public boolean countChanged() {
    return joined.size() != left.size();
  }

  @Override
  public ByConnection list(RoomName room, boolean countOnly) {
    return new ByConnection.ConnectionList(
        room, count(), countOnly ? null : List.copyOf(members.values()));
  }

  @Override
  public ByConnection change(RoomName room, boolean countOnly) {
    return countOnly
        ? new ByConnection.ConnectionChanges(room, List.of(), List.of(), List.of(), count())
        : new ByConnection.ConnectionChanges(room, left, joined, updated, count());
  }
}
