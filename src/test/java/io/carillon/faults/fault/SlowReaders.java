package io.carillon.faults.fault;

import io.carillon.faults.client.LoadPublisher;
import io.carillon.faults.client.StuckReaders;
import io.carillon.faults.client.Swarm;
import io.carillon.faults.stage.ProcessFigures;
import io.carillon.kit.client.Metrics;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** F14: readers that take a byte a second and readers that take nothing, in a busy room. */
public final class SlowReaders implements Fault {
  private static final int SLOW = 200;
  private static final int STUCK = 50;
  private static final int RATE = 1_000;
  private static final long MIB = 1024 * 1024;

  /** Long polls of the others come and go. */
  private static final int SLACK = 20;

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
        LoadPublisher publisher =
            new LoadPublisher(scene.ground(), addresses.getFirst(), room, RATE, 150)) {
      for (int i = 0; i < 10; i++) {
        healthy.add(room, ",\"after\":\"0.0\"", 10 * i);
      }
      Scene.pause(part);
      long connections = connections(scene);
      long heap = heap(scene);
      scene.on(this, SLOW + STUCK + " readers");
      try (StuckReaders stuck = new StuckReaders(addresses, token, room, SLOW, STUCK)) {
        long begun = System.nanoTime();
        Scene.pause(Duration.ofSeconds(3));
        long held = heap(scene) - heap;
        boolean all = givenUp(scene, connections);
        scene.note(
            "slow readers",
            "given up after " + (System.nanoTime() - begun) / 1_000_000 + " ms",
            "heap of both instances with them %+d kB".formatted(held / 1024),
            "after them %+d kB".formatted((heap(scene) - heap) / 1024),
            "cut as the slow ones saw it " + stuck.closedByServer());
        if (!all) {
          scene.fail("after 60 s slow readers are still connected");
        }
        if (held > (SLOW + STUCK) * MIB) {
          scene.fail("slow readers hold more than 1 MiB each: " + held);
        }
        Scene.pause(part);
      }
      scene.off(this, SLOW + STUCK + " readers");
      long published = publisher.stop();
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

  /** Waits until about as many connections are open as before the slow ones came. */
  private static boolean givenUp(Scene scene, long before) throws Exception {
    for (int i = 0; i < 120; i++) {
      if (connections(scene) <= before + SLACK) {
        return true;
      }
      Scene.pause(Duration.ofMillis(500));
    }
    return false;
  }

  private static long connections(Scene scene) throws IOException, InterruptedException {
    long sum = 0;
    for (URI address : scene.direct()) {
      sum += (long) Metrics.of(scene.ground().http(), address).sum("carillon_connections");
    }
    return sum;
  }

  private static long heap(Scene scene) {
    return scene.stage().nodes().stream()
        .mapToLong(node -> ProcessFigures.of(node.server().pid()).getOrDefault("heap", 0L))
        .sum();
  }
}
