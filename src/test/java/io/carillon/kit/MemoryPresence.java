package io.carillon.kit;

import io.carillon.core.ErrorCode;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceEntry;
import io.carillon.core.spi.PresenceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A presence store in memory that several instances share, with a clock by hand; it can be switched
 * off. Keeps marks for ever.
 */
public final class MemoryPresence {
  private final ReentrantLock lock = new ReentrantLock();
  private final ManualTime time;
  private final Map<RoomName, Map<Key, MemberRow>> rooms = new HashMap<>();
  private final Map<RoomName, Long> revisions = new HashMap<>();
  private final Set<String> dead = new HashSet<>();
  private final AtomicInteger calls = new AtomicInteger();
  private long last;
  private volatile boolean away;

  /** A store that nobody is in. */
  public MemoryPresence(ManualTime time) {
    this.time = time;
  }

  private record Key(String instance, String connection) {}

  /** {@code leaveAt} is null as long as nothing ends the row by time. */
  private record MemberRow(
      String user,
      String state,
      Instant since,
      long tracked,
      long revision,
      @Nullable Instant leaveAt,
      boolean gone,
      long call,
      long held) {
    MemberRow with(long newRevision, @Nullable Instant newLeaveAt, boolean nowGone) {
      return new MemberRow(
          user, state, since, tracked, newRevision, newLeaveAt, nowGone, call, held);
    }

    /** The same, with what a client has said of itself. */
    MemberRow by(long newCall, long newHeld) {
      return new MemberRow(user, state, since, tracked, revision, leaveAt, gone, newCall, newHeld);
    }
  }

  /** The store as one instance sees it; its lease lasts until {@link #expire}. */
  public PresenceStore at(String instance) {
    locked(() -> dead.remove(instance));
    return new InstancePresence(instance);
  }

  /** Ends the lease of an instance. */
  public void expire(String instance) {
    locked(() -> dead.add(instance));
  }

  /** Switches the store off, or on again. */
  public void away(boolean isAway) {
    away = isAway;
  }

  /** How often it was called. */
  public int calls() {
    return calls.get();
  }

  private <T> T locked(java.util.function.Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private final class InstancePresence implements PresenceStore {
    private final String me;

    InstancePresence(String me) {
      this.me = me;
    }

    private <T> T call(java.util.function.Supplier<T> work) {
      calls.incrementAndGet();
      if (away) {
        throw new LogUnavailableException("switched off", new IllegalStateException());
      }
      return locked(work);
    }

    @Override
    public @Nullable Map<RoomName, Long> apply(List<PresenceAct> acts) {
      return call(() -> applyAll(acts));
    }

    private @Nullable Map<RoomName, Long> applyAll(List<PresenceAct> acts) {
      if (acts.stream().anyMatch(MemoryPresence::adds) && dead.contains(me)) {
        return null;
      }
      if (acts.stream().anyMatch(MemoryPresence::cannotBeWritten)) {
        throw new RefusedException(ErrorCode.BAD_DATA);
      }
      Map<RoomName, Long> changed = new HashMap<>();
      for (PresenceAct act : acts) {
        if (apply(act)) {
          revisions.put(act.room(), last);
          changed.put(act.room(), last);
        }
      }
      return changed;
    }

    private boolean apply(PresenceAct act) {
      RoomName room = act.room();
      return switch (act) {
        case PresenceAct.TrackConnection t ->
            put(room, new Key(me, t.connection()), t.user(), t.state(), null);
        case PresenceAct.Reassert r -> reassert(room, new Key(me, r.connection()), r);
        case PresenceAct.UntrackConnection u -> end(room, new Key(me, u.connection()), u.user());
        case PresenceAct.Close c -> {
          MemberRow row = row(room, new Key(me, c.connection()));
          yield row != null
              && row.leaveAt() == null
              && set(room, new Key(me, c.connection()), row, after(c.grace()), false);
        }
        case PresenceAct.Lease l -> lease(room, new Key("", l.who().key()), l);
        case PresenceAct.Renew r -> {
          Key key = new Key("", r.who().key());
          MemberRow row = row(room, key);
          if (row != null && row.held() <= r.who().call()) {
            MemberRow renewed = row.with(row.revision(), after(r.time()), false);
            rooms.get(room).put(key, renewed.by(row.call(), r.who().call()));
          }
          yield false;
        }
        case PresenceAct.Release r -> {
          Key key = new Key("", r.who().key());
          MemberRow row = row(room, key);
          if (row != null && row.held() == r.who().call()) {
            rooms.get(room).put(key, row.with(row.revision(), after(r.grace()), false));
          }
          yield false;
        }
        case PresenceAct.Unlease u -> unlease(room, new Key("", u.who().key()), u);
      };
    }

    private boolean reassert(RoomName room, Key key, PresenceAct.Reassert act) {
      MemberRow row = rooms.getOrDefault(room, Map.of()).get(key);
      if (row != null && !row.gone() && row.leaveAt() == null) {
        return false;
      }
      long others =
          live(room).entrySet().stream()
              .filter(e -> !e.getKey().instance().equals(me))
              .filter(e -> e.getValue().user().equals(act.user()))
              .mapToLong(e -> e.getValue().tracked())
              .min()
              .orElse(Long.MAX_VALUE);
      put(room, key, act.user(), act.state(), null);
      MemberRow now = rooms.get(room).get(key);
      boolean same =
          row != null && row.user().equals(act.user()) && row.state().equals(act.state());
      long tracked =
          same ? row.tracked() : others == Long.MAX_VALUE ? now.tracked() : others - 1000000 + last;
      Instant since = same ? row.since() : now.since();
      rooms
          .get(room)
          .put(
              key, new MemberRow(act.user(), act.state(), since, tracked, last, null, false, 0, 0));
      return true;
    }

    private boolean lease(RoomName room, Key key, PresenceAct.Lease act) {
      MemberRow known = rooms.getOrDefault(room, Map.of()).get(key);
      long held = known == null ? 0 : known.held();
      if (known != null && known.call() > act.who().call()) {
        return false;
      }
      MemberRow row = row(room, key);
      if (row != null && row.state().equals(act.state())) {
        MemberRow renewed = row.with(row.revision(), after(act.time()), false);
        rooms.get(room).put(key, renewed.by(act.who().call(), held));
        return false;
      }
      put(room, key, act.who().user(), act.state(), after(act.time()));
      rooms.get(room).computeIfPresent(key, (k, now) -> now.by(act.who().call(), held));
      return true;
    }

    private boolean unlease(RoomName room, Key key, PresenceAct.Unlease act) {
      long call = act.who().call();
      if (call > 0) {
        Map<Key, MemberRow> all = rooms.computeIfAbsent(room, r -> new HashMap<>());
        MemberRow known = all.get(key);
        if (known != null && known.call() > call) {
          return false;
        }
        Instant now = time.instant();
        MemberRow mark = new MemberRow(act.who().user(), "{}", now, 0, 0, null, true, call, 0);
        all.put(key, known == null ? mark : known.by(call, known.held()));
      }
      return end(room, key, act.who().user());
    }

    private boolean put(
        RoomName room, Key key, String user, String state, @Nullable Instant leaveAt) {
      Instant since =
          live(room).values().stream()
              .filter(r -> r.user().equals(user))
              .map(MemberRow::since)
              .min(Comparator.naturalOrder())
              .orElse(time.instant());
      last++;
      rooms
          .computeIfAbsent(room, r -> new HashMap<>())
          .put(key, new MemberRow(user, state, since, last, last, leaveAt, false, 0, 0));
      return true;
    }

    private boolean end(RoomName room, Key key, String user) {
      if (row(room, key) == null) {
        return false;
      }
      live(room)
          .forEach(
              (k, row) -> {
                boolean closed = !k.instance().isEmpty() && row.leaveAt() != null;
                if (k.equals(key) || (row.user().equals(user) && closed)) {
                  set(room, k, row, null, true);
                }
              });
      return true;
    }

    private boolean set(
        RoomName room, Key key, MemberRow row, @Nullable Instant leaveAt, boolean nowGone) {
      rooms.get(room).put(key, row.with(++last, leaveAt, nowGone));
      revisions.put(room, last);
      return true;
    }

    private Instant after(Duration wait) {
      return time.instant().plus(wait);
    }

    @Override
    public Map<RoomName, Long> drain(Duration grace) {
      return call(() -> update((key, row) -> key.instance().equals(me), after(grace), false));
    }

    @Override
    public Map<RoomName, Long> retain(Collection<PresenceAct.Reassert> own, Duration grace) {
      Set<String> known = new HashSet<>();
      own.forEach(one -> known.add(one.connection() + ' ' + one.room().value()));
      return call(
          () -> {
            Map<RoomName, Long> changed = new HashMap<>();
            rooms.forEach(
                (room, rows) ->
                    live(room)
                        .forEach(
                            (key, row) -> {
                              if (key.instance().equals(me)
                                  && row.leaveAt() == null
                                  && !known.contains(key.connection() + ' ' + room.value())) {
                                set(room, key, row, after(grace), false);
                                changed.put(room, last);
                              }
                            }));
            return changed;
          });
    }

    @Override
    public Map<RoomName, Long> sweep() {
      return call(
          () ->
              update(
                  (key, row) ->
                      row.leaveAt() == null
                          ? dead.contains(key.instance())
                          : !row.leaveAt().isAfter(time.instant()),
                  null,
                  true));
    }

    private Map<RoomName, Long> update(
        java.util.function.BiPredicate<Key, MemberRow> which,
        @Nullable Instant leaveAt,
        boolean end) {
      Map<RoomName, Long> changed = new HashMap<>();
      for (RoomName room : List.copyOf(rooms.keySet())) {
        live(room)
            .forEach(
                (key, row) -> {
                  if (which.test(key, row)) {
                    set(room, key, row, leaveAt, end);
                    changed.put(room, last);
                  }
                });
      }
      return changed;
    }

    @Override
    public void purge() {}

    @Override
    public Map<RoomName, Long> revisions(Collection<RoomName> asked) {
      return call(
          () -> {
            Map<RoomName, Long> known = new HashMap<>(revisions);
            known.keySet().retainAll(asked);
            return known;
          });
    }

    @Override
    public Map<RoomName, PresenceChanges> changes(Map<RoomName, Long> since) {
      return call(
          () -> {
            Map<RoomName, PresenceChanges> all = new HashMap<>();
            since.forEach((room, from) -> all.put(room, changes(room, from)));
            return all;
          });
    }

    private PresenceChanges changes(RoomName room, long since) {
      long revision = revisions.getOrDefault(room, 0L);
      boolean whole = since < 0 || since > revision;
      List<PresenceEntry> entries = new ArrayList<>();
      rooms
          .getOrDefault(room, Map.of())
          .forEach(
              (key, row) -> {
                if (whole ? !row.gone() : row.revision() > since) {
                  entries.add(entry(key, row));
                }
              });
      return new PresenceChanges(revision, whole || revision == 0, entries);
    }

    private PresenceEntry entry(Key key, MemberRow row) {
      boolean leaving = row.leaveAt() != null && !key.instance().isEmpty();
      return new PresenceEntry(
          key.instance(),
          key.connection(),
          row.user(),
          row.state(),
          row.since(),
          row.tracked(),
          leaving,
          row.gone());
    }

    @Override
    public int count(RoomName room) {
      return call(() -> users(room).size());
    }

    @Override
    public MembersPage members(RoomName room, int limit, @Nullable String page) {
      if (page != null && !page.startsWith("after ")) {
        throw new RefusedException(ErrorCode.BAD_CURSOR);
      }
      String after = page == null ? "" : page.substring(6);
      return call(
          () -> {
            NavigableMap<String, List<PresenceEntry>> users = users(room);
            List<Member> members =
                users.tailMap(after, false).values().stream()
                    .limit(limit)
                    .map(InstancePresence::fold)
                    .toList();
            boolean more = !members.isEmpty() && !users.lastKey().equals(members.getLast().user());
            return new MembersPage(
                users.size(), members, more ? "after " + members.getLast().user() : null);
          });
    }

    private NavigableMap<String, List<PresenceEntry>> users(RoomName room) {
      TreeMap<String, List<PresenceEntry>> users =
          new TreeMap<>(
              Comparator.comparing(
                  s -> s.codePoints().boxed().toList(), InstancePresence::compare));
      live(room)
          .forEach(
              (key, row) ->
                  users.computeIfAbsent(row.user(), u -> new ArrayList<>()).add(entry(key, row)));
      return users;
    }

    private static int compare(List<Integer> a, List<Integer> b) {
      for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
        int order = Integer.compare(a.get(i), b.get(i));
        if (order != 0) {
          return order;
        }
      }
      return Integer.compare(a.size(), b.size());
    }

    private static Member fold(List<PresenceEntry> theirs) {
      PresenceEntry latest =
          theirs.stream().max(Comparator.comparingLong(PresenceEntry::tracked)).orElseThrow();
      Instant since =
          theirs.stream().map(PresenceEntry::since).min(Comparator.naturalOrder()).orElseThrow();
      int connections = (int) theirs.stream().filter(e -> !e.leaving()).count();
      return new Member(latest.user(), latest.state(), Math.max(1, connections), since);
    }

    private @Nullable MemberRow row(RoomName room, Key key) {
      MemberRow row = rooms.getOrDefault(room, Map.of()).get(key);
      return row == null || row.gone() ? null : row;
    }

    private Map<Key, MemberRow> live(RoomName room) {
      Map<Key, MemberRow> live = new HashMap<>(rooms.getOrDefault(room, Map.of()));
      live.values().removeIf(MemberRow::gone);
      return live;
    }
  }

  private static boolean adds(PresenceAct act) {
    return act instanceof PresenceAct.TrackConnection || act instanceof PresenceAct.Reassert;
  }

  private static boolean cannotBeWritten(PresenceAct act) {
    return (act instanceof PresenceAct.TrackConnection t && t.user().contains("\0"))
        || (act instanceof PresenceAct.Reassert r && r.user().contains("\0"));
  }

  /** All users of a room, in order. */
  public List<String> users(RoomName room) {
    return locked(
        () -> {
          Set<String> users = new TreeSet<>();
          rooms
              .getOrDefault(room, Map.of())
              .values()
              .forEach(
                  row -> {
                    if (!row.gone()) {
                      users.add(row.user());
                    }
                  });
          return List.copyOf(users);
        });
  }
}
