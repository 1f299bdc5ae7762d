package io.carillon.faults.fault;

import io.carillon.faults.client.Swarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * F21: 2,000 members come within a second, then all leave; frames grow with members, not squared.
 */
public final class PresenceStorm implements Fault {
  private static final int USERS = 20;
  private static final int EACH = 100;

  @Override
  public String id() {
    return "F21";
  }

  @Override
  public String what() {
    return "presence storm: 2,000 joins in 1 s, then all leave";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    String room = scene.rooms().getFirst() + ":storm";
    var addresses = scene.direct();
    List<Swarm> swarms = new ArrayList<>();
    try {
      scene.on(this, room);
      long start = System.nanoTime();
      for (int i = 0; i < USERS; i++) {
        Swarm swarm = new Swarm(addresses, scene.ground().token("storm" + i), scene.random());
        swarms.add(swarm);
        for (int j = 0; j < EACH; j++) {
          swarm.add(room, ",\"presence\":{\"state\":{\"j\":" + j + "}}", j * 10);
        }
      }
      for (Swarm swarm : swarms) {
        if (!swarm.awaitJoined(EACH, 60_000)) {
          scene.fail("only " + swarm.joined() + " of a user joined");
        }
      }
      long joined = (System.nanoTime() - start) / 1_000_000;
      Scene.pause(Duration.ofSeconds(5));
      long frames = swarms.stream().mapToLong(Swarm::presence).sum();
      swarms.forEach(Swarm::leave);
      Scene.pause(Duration.ofSeconds(10));
      scene.off(this, room);
      scene.note(
          "storm",
          "joined after ms " + joined,
          "frames about members " + frames,
          "a connection " + frames / (USERS * EACH));
      // A frame per tick of the feed at the most, never one per member.
      if (frames > 200L * USERS * EACH) {
        scene.fail("frames about members: " + frames);
      }
    } finally {
      swarms.forEach(Swarm::close);
    }
  }
}
