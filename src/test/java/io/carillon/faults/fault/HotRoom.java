package io.carillon.faults.fault;

import io.carillon.faults.client.Hose;
import io.carillon.faults.client.Swarm;
import java.time.Duration;
import java.util.Map;

/** F20: a room with 5,000 members at 200 events a second; the other rooms keep their time. */
public final class HotRoom implements Fault {
  private static final int MEMBERS = 5_000;
  private static final int RATE = 200;

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
      try (Hose hose = new Hose(scene.ground(), addresses.getFirst(), room, RATE, 100)) {
        Scene.pause(length);
        published = hose.stop();
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
      if (swarm.wrong() > 0) {
        scene.fail("wrong events in the hot room: " + swarm.wrong());
      }
    }
  }
}
