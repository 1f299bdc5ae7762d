package io.carillon.faults.fault;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** All faults that can be run. */
public final class Catalogue {
  private Catalogue() {}

  /** Every fault, in the order of the matrix. */
  public static List<Fault> all() {
    return List.of(
        new KilledInstances(),
        new FrozenInstance(),
        new RollingRestart(),
        new KilledDatabase(),
        new Failover(true),
        new Failover(false),
        new LostStandby(),
        new LostListener(),
        new CutDatabase(false),
        new CutDatabase(true),
        new SlowDatabase(),
        new SkewedClock(),
        new FullDisk(),
        new FullNotifyQueue(),
        new OldSnapshot(),
        new SlowReaders(),
        new ResetClients(),
        new Herd(),
        new CutReplies(),
        new HalfOpenClients(),
        new HotRoom(),
        new PresenceStorm(),
        new Retention(),
        new HostilePayloads(),
        new HeldPool(),
        new LoginWarnings(),
        new StaleNotifyQueue(),
        new OldDays(),
        new IssuerAway());
  }

  /** Bugs that are planted to see whether the checker names them. */
  public static List<Fault> planted() {
    return Stream.of(
            Arrays.stream(PlantedBug.Bug.values()).<Fault>map(PlantedBug::new),
            Arrays.stream(PlantedTrouble.Trouble.values()).<Fault>map(PlantedTrouble::new),
            Stream.<Fault>of(new IssuerAway.WithOtherKeys()))
        .flatMap(bugs -> bugs)
        .toList();
  }

  /**
   * Faults by their names.
   *
   * @param names names joined by commas, {@code all}, or {@code planted}
   * @throws IllegalArgumentException for a name that none has
   */
  public static List<Fault> find(String names) {
    if (names.equals("all")) {
      // Those that share a stage one after another, for starting one takes long.
      return all().stream()
          .sorted(java.util.Comparator.comparingInt(fault -> fault.alone() ? 1 : 0))
          .toList();
    }
    if (names.equals("planted")) {
      return planted();
    }
    return Arrays.stream(names.split(",", -1)).map(Catalogue::one).toList();
  }

  private static Fault one(String name) {
    return Stream.concat(Stream.concat(all().stream(), planted().stream()), Stream.of(new Soak()))
        .filter(fault -> fault.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no fault is called "
                        + name
                        + "; there are "
                        + all().stream().map(Fault::id).toList()));
  }
}
