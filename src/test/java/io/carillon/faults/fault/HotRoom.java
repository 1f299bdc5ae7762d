package io.carillon.faults.fault;

import io.carillon.faults.client.LoadPublisher;
import io.carillon.faults.client.Swarm;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * F20: a room with 5,000 members beside other rooms, at 10 and at 200 events a second. The readers
 * are at two of three instances. A small room there keeps G9's 100 ms, or three times what a small
 * room needs at the third instance, which has no reader of the hot room: with the driver on the
 * same two cores, what that one lacks is the machine's.
 */
public final class HotRoom implements Fault {
  private static final int MEMBERS = 5_000;
  private static final int SLOW = 10;
  private static final int FAST = 200;

  private static final Duration WARMING = Duration.ofSeconds(30);

  /** G9, of the rooms beside it. */
  private static final long MOST_BESIDE = 100;

  /** How many times the p99 at the instance without readers. */
  private static final int MOST_TIMES = 3;

  @Override
  public String id() {
    return "F20";
  }

  @Override
  public String what() {
    return "a hot room: 5,000 members, 10 and 200 events/s";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("JVM_ARGS", "-Xmx2g");
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    String room = scene.rooms().getFirst() + ":hot";
    List<URI> readers = scene.direct().subList(0, 2);
    try (Swarm swarm = new Swarm(readers, scene.ground().token("f20"), scene.random())) {
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
      warm(scene, room);
      for (int rate : new int[] {SLOW, FAST}) {
        Beside beside = publish(scene, swarm, room, rate, length);
        if (beside.p99() > Math.max(MOST_BESIDE, MOST_TIMES * beside.elsewhereP99())) {
          scene.fail("p99 of a small room beside the hot one: " + beside.p99() + " ms");
        }
      }
      scene.off(this, room);
      if (swarm.wrong() > 0) {
        scene.fail("wrong events in the hot room: " + swarm.wrong());
      }
    }
  }

  /** The instances' code is compiled while they deliver; what that costs is not the fan-out's. */
  private static void warm(Scene scene, String room) throws Exception {
    try (LoadPublisher publisher =
        new LoadPublisher(scene.ground(), scene.direct().getFirst(), room, SLOW, 100)) {
      Scene.pause(WARMING);
      publisher.stop();
    }
    Scene.pause(Duration.ofSeconds(5));
  }

  /** Times of small rooms in milliseconds: with the hot room's readers, and without. */
  private record Beside(List<Long> with, List<Long> without) {
    long p99() {
      return Probe.percentile(with, 99);
    }

    long elsewhereP99() {
      return Probe.percentile(without, 99);
    }
  }

  private static Beside publish(Scene scene, Swarm swarm, String room, int rate, Duration length)
      throws Exception {
    List<URI> all = scene.direct();
    long before = swarm.events();
    long published;
    Beside beside;
    try (Probe with = new Probe(scene.ground(), all.get(0), all.get(1), room + "-with-" + rate);
        Probe without = new Probe(scene.ground(), all.get(2), all.get(2), room + "-not-" + rate);
        LoadPublisher publisher =
            new LoadPublisher(scene.ground(), all.getFirst(), room, rate, 100)) {
      Scene.pause(length);
      published = publisher.stop();
      beside = new Beside(with.stop(), without.stop());
    }
    long atEnd = swarm.events();
    Scene.pause(rate == FAST ? Duration.ofSeconds(20) : Duration.ofSeconds(2));
    scene.note(
        "hot room at " + rate + "/s",
        "published " + published,
        "deliveries while it lasted " + (atEnd - before),
        "later " + (swarm.events() - before) + " of " + published * MEMBERS,
        "wrong " + swarm.wrong(),
        "members " + swarm.joined());
    scene.note(
        "a small room beside it, and one at the instance without readers",
        "events " + beside.with.size() + " and " + beside.without.size(),
        "p50 " + Probe.percentile(beside.with, 50) + " and " + Probe.percentile(beside.without, 50),
        "p99 " + beside.p99() + " and " + beside.elsewhereP99() + " ms");
    return beside;
  }
}
