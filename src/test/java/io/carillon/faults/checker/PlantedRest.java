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

  static List<Plant> all() {
    return List.of(
        new Plant(
            "not well again for long",
            Set.of(Rule.RECOVERY),
            soil -> {
              FaultOff off = soil.any(FaultOff.class, o -> true);
              soil.after(
                  off,
                  new Publish(off.at() - 9, 999_999, "p", "rest", "room-0", "odd", "odd"),
                  new Refused(off.at() + 18 * Soil.SECOND, 999_999, "storage"));
            }),
        new Plant(
            "after the right was gone",
            Set.of(Rule.AUTHORITY),
            soil -> {
              Delivered event = soil.any(Delivered.class, e -> !soil.revoked(e.reader()));
              soil.entries.add(
                  new Revoked(
                      event.at() - 6 * Soil.SECOND, "user", event.room(), Set.of(event.reader())));
            }),
        new Plant(
            "a descriptor leak",
            Set.of(Rule.RESOURCES),
            soil -> {
              Settled settled = soil.any(Settled.class, s -> true);
              soil.after(settled, new Resources(settled.at() + 1, 1, Map.of("descriptors", 140L)));
            }),
        new Plant(
            "a slow climb",
            Set.of(Rule.RESOURCES),
            soil -> {
              long begin = soil.entries.getFirst().at();
              soil.each(
                  Resources.class,
                  r ->
                      new Resources(
                          r.at(),
                          r.instance(),
                          Map.of("descriptors", 100 + (r.at() - begin) / Soil.SECOND / 2)));
              Settled settled = soil.any(Settled.class, s -> true);
              soil.after(settled, new Resources(settled.at() + 1, 0, Map.of("descriptors", 110L)));
              soil.after(settled, new Resources(settled.at() + 1, 1, Map.of("descriptors", 110L)));
              soil.after(settled, new Resources(settled.at() + 1, 2, Map.of("descriptors", 110L)));
            }),
        new Plant(
            "a member that stays",
            Set.of(Rule.PRESENCE),
            soil -> {
              Presence gone =
                  soil.any(
                      Presence.class,
                      p -> !p.present() && soil.steady(p.user(), p.at() + 1, 0, 25));
              Presence next = soil.change(gone.user(), gone.at());
              soil.each(
                  View.class,
                  v ->
                      v.at() > gone.at() - Soil.SECOND && (next == null || v.at() < next.at())
                          ? list(v, gone.user(), true)
                          : v);
            }),
        new Plant(
            "a member that is never shown",
            Set.of(Rule.PRESENCE),
            soil -> {
              Presence come =
                  soil.any(
                      Presence.class,
                      p ->
                          p.present()
                              && soil.steady(p.user(), p.at() - 1, 9, 0)
                              && soil.steady(p.user(), p.at() + 1, 0, 25));
              Presence next = soil.change(come.user(), come.at());
              soil.each(
                  View.class,
                  v ->
                      v.at() > come.at() - Soil.SECOND && (next == null || v.at() < next.at())
                          ? list(v, come.user(), false)
                          : v);
            }),
        new Plant(
            "a member who never came",
            Set.of(Rule.PRESENCE),
            soil -> {
              View view = soil.any(View.class, v -> true);
              soil.after(
                  view,
                  list(later(view, view.at() + 1), "stranger", true),
                  later(view, view.at() + 2));
            }),
        new Plant(
            "a member that flickers",
            Set.of(Rule.FLICKER),
            soil -> {
              View view = soil.any(View.class, v -> !steady(soil, v).isEmpty());
              flicker(soil, view, view.at() + 1, soil.pick(steady(soil, view)));
            }),
        new Plant(
            "a member that flickers before it goes",
            Set.of(Rule.FLICKER),
            soil -> {
              Presence gone =
                  soil.any(
                      Presence.class,
                      p ->
                          !p.present()
                              && soil.view("observer-0", p.at() - 3 * Soil.SECOND) != null
                              && soil.steady(p.user(), p.at() - Soil.SECOND, 6, 0)
                              && soil.steady(p.user(), p.at() + 1, 0, 6));
              long at = gone.at() - 3 * Soil.SECOND;
              flicker(soil, soil.view("observer-0", at), at, gone.user());
            }),
        new Plant(
            "a reconnect within the grace that is seen",
            Set.of(Rule.FLICKER),
            soil -> {
              Presence gone =
                  soil.any(
                      Presence.class,
                      p ->
                          !p.present()
                              && p.within() > 5 * Soil.SECOND
                              && backSoon(soil, p)
                              && soil.view("observer-1", p.at() + Soil.SECOND) != null);
              long at = gone.at() + Soil.SECOND;
              flicker(soil, soil.view("observer-1", at), at, gone.user());
            }));
  }

  private static List<String> steady(Soil soil, View view) {
    return view.users().stream()
        .filter(user -> soil.steady(user, view.at(), 9, 17))
        .sorted()
        .toList();
  }

  private static boolean backSoon(Soil soil, Presence gone) {
    Presence back = soil.change(gone.user(), gone.at());
    return back != null
        && back.at() - gone.at() < 4 * Soil.SECOND
        && back.at() - gone.at() > Soil.SECOND;
  }

  /** The member goes and comes back in one observer's list. */
  private static void flicker(Soil soil, View view, long at, String user) {
    soil.after(view, list(later(view, at), user, false), later(view, at + 1));
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
