package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Connect;
import io.carillon.faults.history.Entry.Disconnect;
import io.carillon.faults.history.Entry.Presence;
import io.carillon.faults.history.Entry.Settled;
import io.carillon.faults.history.Entry.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every connected observer's list of members is the truth, but for changes whose time is not over.
 * Looked at whenever a list changes, whenever the time of a change is over, and when all is
 * settled; what comes after that is the driver going home.
 */
final class Members {
  private record Moment(long at, Runnable happens) {}

  private record Observer(String reader, String room) {}

  /** A list that was right too early, and the change that excused it. */
  private record Early(Observer observer, String user) {}

  /** The longest from a change at the server to its acknowledgement, which is its time here. */
  private static final long ANSWER = Duration.ofSeconds(15).toNanos();

  /** Where faults excuse: so long after the healing every list is right again. */
  private static final long AFTERMATH = Duration.ofSeconds(15).toNanos();

  private final Facts facts;
  private final Findings findings;
  private final Map<String, Map<String, ExpectedMembers.Change>> truth = new HashMap<>();
  private final Map<Observer, View> views = new HashMap<>();
  private final Map<String, Map<String, TreeMap<Long, Presence>>> told = new HashMap<>();
  private final Map<Early, Presence> early = new HashMap<>();
  private final Map<String, Set<Observer>> byReader = new HashMap<>();
  private final Map<String, Set<Observer>> byRoom = new HashMap<>();

  Members(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    List<Moment> moments = new ArrayList<>();
    for (ExpectedMembers.Change change : ExpectedMembers.changes(facts)) {
      Presence entry = change.entry();
      told.computeIfAbsent(entry.room(), room -> new HashMap<>())
          .computeIfAbsent(entry.user(), user -> new TreeMap<>())
          .put(entry.at(), entry);
      moments.add(new Moment(change.entry().at(), () -> changed(change)));
      if (change.deadline() != Long.MAX_VALUE) {
        moments.add(new Moment(change.deadline(), () -> due(change)));
      }
    }
    for (Entry entry : facts.entries) {
      switch (entry) {
        case View view -> moments.add(new Moment(view.at(), () -> seen(view)));
        case Connect begin -> moments.add(new Moment(begin.at(), () -> cut(begin.reader())));
        case Disconnect end -> moments.add(new Moment(end.at(), () -> cut(end.reader())));
        case Settled settled -> moments.add(new Moment(settled.at(), () -> all(settled.at())));
        default -> {}
      }
    }
    if (!facts.expected.presenceInFaults()) {
      for (QuietPeriods.Spell spell : facts.quiet.spells()) {
        if (spell.off() != Long.MAX_VALUE) {
          long at = spell.off() + AFTERMATH;
          moments.add(new Moment(at, () -> all(at)));
        }
      }
    }
    long last = facts.settledAt();
    moments.sort(Comparator.comparingLong(Moment::at));
    for (Moment moment : moments) {
      if (moment.at <= last) {
        moment.happens.run();
      }
    }
  }

  private Map<String, ExpectedMembers.Change> users(String room) {
    return truth.computeIfAbsent(room, name -> new HashMap<>());
  }

  private void changed(ExpectedMembers.Change change) {
    users(change.entry().room()).put(change.entry().user(), change);
  }

  private void due(ExpectedMembers.Change change) {
    String user = change.entry().user();
    if (change.equals(users(change.entry().room()).get(user))) {
      for (Observer observer : byRoom.getOrDefault(change.entry().room(), Set.of())) {
        View view = views.get(observer);
        if (view != null) {
          judge(view, user, change.deadline(), null);
        }
      }
    }
  }

  private void cut(String reader) {
    for (Observer observer : byReader.getOrDefault(reader, Set.of())) {
      views.remove(observer);
      early.keySet().removeIf(flip -> flip.observer.equals(observer));
    }
  }

  private void seen(View view) {
    Observer observer = new Observer(view.reader(), view.room());
    byReader.computeIfAbsent(view.reader(), name -> new HashSet<>()).add(observer);
    byRoom.computeIfAbsent(view.room(), name -> new HashSet<>()).add(observer);
    View before = views.put(observer, view);
    Set<String> other = before == null ? users(view.room()).keySet() : before.users();
    for (String user : view.users()) {
      if (before == null || !other.contains(user)) {
        judge(view, user, view.at(), before);
      }
    }
    for (String user : other) {
      if (!view.users().contains(user)) {
        judge(view, user, view.at(), before);
      }
    }
  }

  private void all(long at) {
    for (View view : views.values()) {
      Set<String> users = new HashSet<>(users(view.room()).keySet());
      users.addAll(view.users());
      users.forEach(user -> judge(view, user, at, null));
    }
  }

  private void judge(View view, String user, long at, @Nullable View before) {
    boolean listed = view.users().contains(user);
    ExpectedMembers.Change change = users(view.room()).get(user);
    if (change == null) {
      Presence next = next(view.room(), user, at);
      if (listed && (next == null || next.at() > at + ANSWER)) {
        findings.add(Rule.PRESENCE, view.reader() + " lists " + user + ", who never came", view);
      }
      return;
    }
    Early flip = new Early(new Observer(view.reader(), view.room()), user);
    if (listed == change.entry().present()) {
      Presence expected = early.remove(flip);
      if (expected != null && at < expected.at()) {
        findings.add(
            Rule.FLICKER,
            view.reader() + " saw " + user + " come and go in " + view.room() + " without reason",
            change.entry(),
            view);
      }
      return;
    }
    if (at < change.deadline() || excused(at)) {
      return;
    }
    Presence next = next(view.room(), user, at);
    if (next != null && next.at() <= at + ANSWER) {
      if (next.present() == listed) {
        early.put(flip, next);
      }
      return;
    }
    if (!listed && before != null && before.users().contains(user)) {
      findings.add(
          Rule.FLICKER,
          view.reader() + " saw " + user + " leave " + view.room() + " without reason",
          change.entry(),
          view);
    } else {
      findings.add(
          Rule.PRESENCE,
          view.reader()
              + (listed ? " still lists " : " does not list ")
              + user
              + " in "
              + view.room()
              + ' '
              + (at - change.entry().at()) / 1_000_000
              + " ms after the change",
          change.entry(),
          view);
    }
  }

  private @Nullable Presence next(String room, String user, long at) {
    Map.Entry<Long, Presence> next =
        told.getOrDefault(room, Map.of()).getOrDefault(user, new TreeMap<>()).higherEntry(at);
    return next == null ? null : next.getValue();
  }

  private boolean excused(long at) {
    return !facts.expected.presenceInFaults()
        && facts.quiet.healed(at - AFTERMATH, at) > at - AFTERMATH;
  }
}
