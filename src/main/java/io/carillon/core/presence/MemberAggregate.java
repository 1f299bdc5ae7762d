package io.carillon.core.presence;

import io.carillon.core.Member;
import io.carillon.core.spi.PresenceEntry;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members of one room as last told, folded per user over connections, leases and devices, and the
 * difference that each reading of the store makes. Not thread-safe.
 */
final class MemberAggregate {
  private final Map<EntryKey, PresenceEntry> entries = new HashMap<>();
  private final Map<String, Set<EntryKey>> byUser = new HashMap<>();
  private final TreeMap<String, Member> members = new TreeMap<>();

  private record EntryKey(String instance, String connection) {}

  /** Difference between two lists of members, each part ordered by user name. */
  record Diff(List<Member> joined, List<Member> updated, List<String> left) {
    boolean isEmpty() {
      return joined.isEmpty() && updated.isEmpty() && left.isEmpty();
    }

    boolean changesCount() {
      return joined.size() != left.size();
    }
  }

  int count() {
    return members.size();
  }

  /** Approximate size of the list in bytes. */
  long weight() {
    long weight = 0;
    for (Member member : members.values()) {
      weight += 100L + member.user().length() + member.state().length();
    }
    return weight;
  }

  List<Member> list() {
    return List.copyOf(members.values());
  }

  /** The entries behind the list, in no order. */
  List<PresenceEntry> entries() {
    return List.copyOf(entries.values());
  }

  Diff apply(PresenceChanges changes) {
    Set<String> touched = new HashSet<>();
    if (changes.whole()) {
      touched.addAll(byUser.keySet());
      entries.clear();
      byUser.clear();
    }
    for (PresenceEntry entry : changes.entries()) {
      EntryKey key = new EntryKey(entry.instance(), entry.connection());
      PresenceEntry known = entries.remove(key);
      if (known != null) {
        forget(known.user(), key, touched);
      }
      touched.add(entry.user());
      if (!entry.gone()) {
        entries.put(key, entry);
        byUser.computeIfAbsent(entry.user(), u -> new HashSet<>(2)).add(key);
      }
    }
    return diff(touched);
  }

  private void forget(String user, EntryKey key, Set<String> touched) {
    touched.add(user);
    Set<EntryKey> theirs = byUser.get(user);
    if (theirs != null && theirs.remove(key) && theirs.isEmpty()) {
      byUser.remove(user);
    }
  }

  private Diff diff(Set<String> touched) {
    List<Member> joined = new ArrayList<>();
    List<Member> updated = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String user : touched.stream().sorted().toList()) {
      Member now = fold(user);
      if (now == null) {
        if (members.remove(user) != null) {
          left.add(user);
        }
        continue;
      }
      Member before = members.put(user, now);
      if (before == null) {
        joined.add(now);
      } else if (!before.equals(now)) {
        updated.add(now);
      }
    }
    return new Diff(joined, updated, left);
  }

  private @Nullable Member fold(String user) {
    Collection<EntryKey> theirs = byUser.getOrDefault(user, Set.of());
    PresenceEntry latest = null;
    Instant since = Instant.MAX;
    int connections = 0;
    for (EntryKey key : theirs) {
      PresenceEntry entry = entries.get(key);
      if (entry == null) {
        continue;
      }
      if (latest == null || entry.tracked() > latest.tracked()) {
        latest = entry;
      }
      if (entry.since().isBefore(since)) {
        since = entry.since();
      }
      if (!entry.leaving()) {
        connections++;
      }
    }
    return latest == null
        ? null
        : new Member(user, latest.state(), Math.max(1, connections), since);
  }
}
