package io.carillon.faults.fault;

import io.carillon.faults.client.LoadPublisher;
import io.carillon.faults.client.Swarm;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** F20: a room with 5,000 members at 200 events a second; the other rooms keep their time. */
public final class HotRoom implements Fault {
  private static final int MEMBERS = 5_000;
  private static final int RATE = 200;

  /** G9, of the rooms beside it. */
  private static final Duration MOST_BESIDE = Duration.ofMillis(100);

  @Override
  public String id() {
    return "F20";
  }

  @Override
  public String what() {
    return "a hot room: 5,000 members, 200 events/s";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("JVM_ARGS", "-Xmx2g -XX:TieredStopAtLevel=1");
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    String room = scene.rooms().getFirst() + ":hot";
    var addresses = scene.direct();
    try (Swarm swarm = new Swarm(addresses, scene.ground().token("f20"), scene.random())) {
      String ramp = MEMBERS + " come, 500 a second";
      scene.on(this, ramp);
      for (int i = 0; i < MEMBERS; i++) {
        swarm.add(room, "", i * 2);
      }
      if (!swarm.awaitJoined(MEMBERS, 60_000)) {
        scene.fail("only " + swarm.joined() + " joined");
      }
      scene.off(this, ramp);
      Scene.pause(Duration.ofSeconds(5));
      scene.on(this, room);
      long published;
      List<Long> others;
      try (Probe probe =
              new Probe(
                  scene.ground(), addresses.getFirst(), addresses.getLast(), room + "-other");
          LoadPublisher publisher =
              new LoadPublisher(scene.ground(), addresses.getFirst(), room, RATE, 100)) {
        Scene.pause(length);
        published = publisher.stop();
        others = probe.stop();
      }
      long atEnd = swarm.events();
      Scene.pause(Duration.ofSeconds(20));
      scene.off(this, room);
      scene.note(
          "hot room",
          "published " + published,
          "deliveries while it lasted " + atEnd,
          "20 s later " + swarm.events() + " of " + published * MEMBERS,
          "messages " + swarm.frames(),
          "wrong " + swarm.wrong(),
          "members " + swarm.joined());
      long p99 = Probe.percentile(others, 99);
      scene.note(
          "a small room beside it",
          "events " + others.size(),
          "p50 " + Probe.percentile(others, 50) + " ms",
          "p99 " + p99 + " ms");
      if (p99 > MOST_BESIDE.toMillis()) {
        scene.fail("p99 of a small room beside the hot one: " + p99 + " ms");
      }
      if (swarm.wrong() > 0) {
        scene.fail("wrong events in the hot room: " + swarm.wrong());
      }
    }
  }
}
