package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Presence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who really was in which room when, without what nobody may see: a member that was gone for less
 * than the grace. A departure that is to be seen within the grace was an explicit one, and counts.
 * Being told again that a member is gone begins the time anew, for an attempt to come back may have
 * half succeeded; being told again that it is there changes nothing.
 */
final class ExpectedMembers {
  /** From its time on a user is there or not; from its deadline on every observer must know. */
  record Change(Presence entry, long deadline) {}

  private record Member(String room, String user) {}

  private ExpectedMembers() {}

  /** All changes that count, in the order of time. */
  static List<Change> changes(Facts facts) {
    Map<Member, List<Presence>> members = new HashMap<>();
    for (Entry entry : facts.entries) {
      if (entry instanceof Presence presence) {
        members
            .computeIfAbsent(
                new Member(presence.room(), presence.user()), member -> new ArrayList<>())
            .add(presence);
      }
    }
    List<Change> changes = new ArrayList<>();
    for (List<Presence> member : members.values()) {
      member.sort(Comparator.comparingLong(Presence::at));
      for (Presence presence : withoutBlips(member, facts.expected.grace().toNanos())) {
        changes.add(new Change(presence, deadline(presence, facts)));
      }
    }
    changes.sort(Comparator.comparingLong(change -> change.entry.at()));
    return changes;
  }

  private static List<Presence> withoutBlips(List<Presence> member, long grace) {
    List<Presence> kept = new ArrayList<>();
    int away = -1;
    for (Presence presence : member) {
      boolean there = !kept.isEmpty() && away < 0;
      if (!presence.present()) {
        away = there || kept.isEmpty() ? kept.size() : away;
        kept.add(presence);
      } else if (!there) {
        Presence left = away < 0 ? presence : kept.get(away);
        if (left.within() > grace && presence.at() - left.at() <= grace && away > 0) {
          kept.subList(away, kept.size()).clear();
        } else {
          kept.add(presence);
        }
        away = -1;
      }
    }
    return kept;
  }

  private static long deadline(Presence presence, Facts facts) {
    long due = presence.at() + presence.within();
    if (facts.expected.presenceInFaults()) {
      return due;
    }
    long healed = facts.quiet.healed(presence.at(), due);
    return healed == Long.MAX_VALUE ? healed : Math.max(due, healed + presence.within());
  }
}
