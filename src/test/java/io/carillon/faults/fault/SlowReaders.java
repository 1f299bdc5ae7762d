package io.carillon.faults.fault;

import io.carillon.faults.client.Hose;
import io.carillon.faults.client.StuckReaders;
import io.carillon.faults.client.Swarm;
import java.time.Duration;

/** F14: readers that take a byte a second and readers that take nothing, in a busy room. */
public final class SlowReaders implements Fault {
  private static final int SLOW = 200;
  private static final int STUCK = 50;
  private static final int RATE = 1_000;

  @Override
  public String id() {
    return "F14";
  }

  @Override
  public String what() {
    return "200 clients reading 1 B/s, 50 that stop reading, at 1,000 events/s";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    String room = scene.rooms().getFirst() + ":hose";
    var addresses = scene.ground().addresses();
    String token = scene.ground().token("f14");
    Duration part = length.dividedBy(2);
    try (Swarm healthy = new Swarm(addresses, token, scene.random());
        Hose hose = new Hose(scene.ground(), addresses.getFirst(), room, RATE, 150)) {
      for (int i = 0; i < 10; i++) {
        healthy.add(room, ",\"after\":\"0.0\"", 10 * i);
      }
      Scene.pause(part);
      scene.on(this, SLOW + STUCK + " readers");
      try (StuckReaders stuck = new StuckReaders(addresses, token, room, SLOW, STUCK)) {
        Scene.pause(part.plusSeconds(15));
        scene.note("slow readers that were given up", Long.toString(stuck.closedByServer()));
      }
      scene.off(this, SLOW + STUCK + " readers");
      long published = hose.stop();
      Scene.pause(Duration.ofSeconds(3));
      scene.note(
          "healthy readers of the busy room",
          "published " + published,
          "received by ten " + healthy.events(),
          "wrong " + healthy.wrong(),
          "resyncs " + healthy.resyncs());
      if (healthy.wrong() > 0 || healthy.joined() != 10) {
        scene.fail("a healthy reader of the busy room: wrong " + healthy.wrong());
      }
    }
  }
}
