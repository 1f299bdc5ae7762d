package io.carillon.browser;

import io.carillon.kit.AtEnd;
import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Two servers, and doors of which each leads to its own server as long as that lives, else to the
 * other. Started once for all browser tests of this JVM; a test that kills servers leaves both
 * running.
 */
final class BrowserStage implements AutoCloseable {
  /** Short, so that a tab that sleeps is noticed within the time of a test. */
  private static final Map<String, String> SETTINGS =
      Map.of("CARILLON_CONNECTIONS_HEARTBEAT", "PT4S");

  /** Where the doors lead: one to each server, and two more to the first. */
  private static final List<Integer> SERVERS = List.of(0, 1, 0, 0);

  private final Cluster cluster;
  private final List<FrontDoor> doors = new ArrayList<>();
  private final List<Integer> down = new ArrayList<>();

  BrowserStage() throws IOException, InterruptedException, TimeoutException {
    cluster = Cluster.start(2, SETTINGS);
    for (int i = 0; i < SERVERS.size(); i++) {
      doors.add(new FrontDoor(List.of()));
    }
    point();
  }

  /** The one that the tests of this JVM share. */
  static BrowserStage shared() {
    return Shared.STAGE;
  }

  /** One of the doors: 0, 2 and 3 lead to the first server, 1 to the second. */
  FrontDoor door(int index) {
    return doors.get(index);
  }

  LibertyServer server(int index) {
    return cluster.server(index);
  }

  Cluster cluster() {
    return cluster;
  }

  /** Calls of the API as this user. */
  Calls calls(HttpClient http, String user) {
    var server = cluster.server(down.contains(0) ? 1 : 0).uri("/");
    return new Calls(http, server, Calls.demoToken(http, server, user));
  }

  /** Kills a server (SIGKILL). */
  void kill(int index) throws InterruptedException {
    cluster.server(index).kill();
    down.add(index);
    point();
  }

  /** Starts a killed server again, and lets visitors in once it is ready. */
  void restart(int index) throws IOException, InterruptedException, TimeoutException {
    cluster.server(index).start();
    cluster.awaitReady(cluster.server(index));
    down.remove(Integer.valueOf(index));
    point();
  }

  /** Everything as it was at the beginning. */
  void repair() throws IOException, InterruptedException, TimeoutException {
    for (int index : List.copyOf(down)) {
      restart(index);
    }
    for (FrontDoor door : doors) {
      door.open(true);
      door.upgrades(true);
      door.streams(true);
    }
  }

  private void point() {
    for (int door = 0; door < doors.size(); door++) {
      int first = SERVERS.get(door);
      List<Integer> order = new ArrayList<>(List.of(first, 1 - first));
      order.removeAll(down);
      doors.get(door).targets(order.stream().map(i -> cluster.server(i).port()).toList());
    }
  }

  @Override
  public void close() {
    doors.forEach(FrontDoor::close);
    cluster.close();
  }

  private static final class Shared {
    private static final BrowserStage STAGE = AtEnd.shared(BrowserStage::new);
  }
}
