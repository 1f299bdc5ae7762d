package io.carillon.faults.fault;

import io.carillon.faults.checker.Expectations;
import io.carillon.faults.checker.Growth;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Faults in a random order for as long as is wanted; what the instances hold must stay flat. */
public final class Soak implements Fault {
  private static final Duration EACH = Duration.ofSeconds(10);
  private static final Map<String, Growth> FLAT =
      Map.of(
          "heap", new Growth(32 << 20, 0.3),
          "threads", new Growth(40, 0.3),
          "descriptors", new Growth(150, 0.3));

  private static final List<Fault> MIX =
      List.of(
          new LostListener(),
          new CutDatabase(false),
          new ResetClients(),
          new CutReplies(),
          new KilledDatabase(),
          new SlowDatabase(),
          new FullDisk(),
          new HostilePayloads());

  @Override
  public String id() {
    return "soak";
  }

  @Override
  public String what() {
    return "a mix of faults in random order; heap, threads and descriptors stay flat";
  }

  @Override
  public Expectations expectations() {
    return Expectations.strict().excusingPresenceInFaults().withGrowth(FLAT);
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    int rounds = 0;
    while (System.nanoTime() < end) {
      Fault fault = MIX.get(scene.random().nextInt(MIX.size()));
      fault.run(scene, EACH);
      scene.pause(8_000, 15_000);
      scene.sample();
      rounds++;
    }
    scene.note("faults in the mix", Integer.toString(rounds));
  }
}
