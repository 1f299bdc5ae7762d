package io.carillon.faults.checker;

import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.FaultOff;
import io.carillon.faults.history.Entry.Presence;
import io.carillon.faults.history.Entry.Publish;
import io.carillon.faults.history.Entry.Refused;
import io.carillon.faults.history.Entry.Resources;
import io.carillon.faults.history.Entry.Revoked;
import io.carillon.faults.history.Entry.Settled;
import io.carillon.faults.history.Entry.View;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Faults of members, rights, resources and of the time to recover. */
final class PlantedRest {
  private PlantedRest() {}

  static List<Mutation> all() {
    return List.of(
        new Mutation(
            "not well again for long",
            Set.of(Rule.RECOVERY),
            history -> {
              FaultOff off = history.any(FaultOff.class, o -> true);
              history.after(
                  off,
                  new Publish(off.at() - 9, 999_999, "p", "rest", "room-0", "odd", "odd"),
                  new Refused(off.at() + 18 * PlantedHistory.SECOND, 999_999, "storage"));
            }),
        new Mutation(
            "after the right was gone",
            Set.of(Rule.AUTHORITY),
            history -> {
              Delivered event = history.any(Delivered.class, e -> !history.revoked(e.reader()));
              history.entries.add(
                  new Revoked(
                      event.at() - 6 * PlantedHistory.SECOND,
                      "user",
                      event.room(),
                      Set.of(event.reader())));
            }),
        new Mutation(
            "a descriptor leak",
            Set.of(Rule.RESOURCES),
            history -> {
              Settled settled = history.any(Settled.class, s -> true);
              history.after(
                  settled, new Resources(settled.at() + 1, 1, Map.of("descriptors", 140L)));
            }),
        new Mutation(
            "a slow climb",
            Set.of(Rule.RESOURCES),
            history -> {
              long begin = history.entries.getFirst().at();
              history.each(
                  Resources.class,
                  r ->
                      new Resources(
                          r.at(),
                          r.instance(),
                          Map.of(
                              "descriptors", 100 + (r.at() - begin) / PlantedHistory.SECOND / 2)));
              Settled settled = history.any(Settled.class, s -> true);
              history.after(
                  settled, new Resources(settled.at() + 1, 0, Map.of("descriptors", 110L)));
              history.after(
                  settled, new Resources(settled.at() + 1, 1, Map.of("descriptors", 110L)));
              history.after(
                  settled, new Resources(settled.at() + 1, 2, Map.of("descriptors", 110L)));
            }),
        new Mutation(
            "a member that stays",
            Set.of(Rule.PRESENCE),
            history -> {
              Presence gone =
                  history.any(
                      Presence.class,
                      p -> !p.present() && history.steady(p.user(), p.at() + 1, 0, 25));
              Presence next = history.change(gone.user(), gone.at());
              history.each(
                  View.class,
                  v ->
                      v.at() > gone.at() - PlantedHistory.SECOND
                              && (next == null || v.at() < next.at())
                          ? list(v, gone.user(), true)
                          : v);
            }),
        new Mutation(
            "a member that is never shown",
            Set.of(Rule.PRESENCE),
            history -> {
              Presence come =
                  history.any(
                      Presence.class,
                      p ->
                          p.present()
                              && history.steady(p.user(), p.at() - 1, 9, 0)
                              && history.steady(p.user(), p.at() + 1, 0, 25));
              Presence next = history.change(come.user(), come.at());
              history.each(
                  View.class,
                  v ->
                      v.at() > come.at() - PlantedHistory.SECOND
                              && (next == null || v.at() < next.at())
                          ? list(v, come.user(), false)
                          : v);
            }),
        new Mutation(
            "a member who never came",
            Set.of(Rule.PRESENCE),
            history -> {
              View view = history.any(View.class, v -> true);
              history.after(
                  view,
                  list(later(view, view.at() + 1), "stranger", true),
                  later(view, view.at() + 2));
            }),
        new Mutation(
            "a member that flickers",
            Set.of(Rule.FLICKER),
            history -> {
              View view = history.any(View.class, v -> !steady(history, v).isEmpty());
              flicker(history, view, view.at() + 1, history.pick(steady(history, view)));
            }),
        new Mutation(
            "a member that flickers before it goes",
            Set.of(Rule.FLICKER),
            history -> {
              Presence gone =
                  history.any(
                      Presence.class,
                      p ->
                          !p.present()
                              && history.view("observer-0", p.at() - 3 * PlantedHistory.SECOND)
                                  != null
                              && history.steady(p.user(), p.at() - PlantedHistory.SECOND, 6, 0)
                              && history.steady(p.user(), p.at() + 1, 0, 6));
              long at = gone.at() - 3 * PlantedHistory.SECOND;
              flicker(history, history.view("observer-0", at), at, gone.user());
            }),
        new Mutation(
            "a reconnect within the grace that is seen",
            Set.of(Rule.FLICKER),
            history -> {
              Presence gone =
                  history.any(
                      Presence.class,
                      p ->
                          !p.present()
                              && p.within() > 5 * PlantedHistory.SECOND
                              && backSoon(history, p)
                              && history.view("observer-1", p.at() + PlantedHistory.SECOND)
                                  != null);
              long at = gone.at() + PlantedHistory.SECOND;
              flicker(history, history.view("observer-1", at), at, gone.user());
            }));
  }

  private static List<String> steady(PlantedHistory history, View view) {
    return view.users().stream()
        .filter(user -> history.steady(user, view.at(), 9, 17))
        .sorted()
        .toList();
  }

  private static boolean backSoon(PlantedHistory history, Presence gone) {
    Presence back = history.change(gone.user(), gone.at());
    return back != null
        && back.at() - gone.at() < 4 * PlantedHistory.SECOND
        && back.at() - gone.at() > PlantedHistory.SECOND;
  }

  /** The member goes and comes back in one observer's list. */
  private static void flicker(PlantedHistory history, View view, long at, String user) {
    history.after(view, list(later(view, at), user, false), later(view, at + 1));
  }

  private static View later(View view, long at) {
    return new View(at, view.reader(), view.room(), view.users());
  }

  private static View list(View view, String user, boolean listed) {
    Set<String> users = new HashSet<>(view.users());
    if (listed) {
      users.add(user);
    } else {
      users.remove(user);
    }
    return new View(view.at(), view.reader(), view.room(), users);
  }
}
