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
 * Two servers and a door before each of two visitors: the first visitor is served by the first
 * server as long as it lives, the second by the second. Started once for all browser tests of this
 * JVM; a test that kills servers leaves both running.
 */
final class Stage {
  /** Short, so that a tab that sleeps is noticed within the time of a test. */
  private static final Map<String, String> SETTINGS =
      Map.of("CARILLON_CONNECTIONS_HEARTBEAT", "PT4S");

  private final Cluster cluster;
  private final List<FrontDoor> doors;
  private final List<Integer> down = new ArrayList<>();

  Stage() throws IOException, InterruptedException, TimeoutException {
    cluster = Cluster.start(2, SETTINGS);
    doors = List.of(new FrontDoor(List.of()), new FrontDoor(List.of()));
    point();
  }

  /** The one that the tests of this JVM share. */
  static Stage shared() {
    return Shared.STAGE;
  }

  /** The door of a visitor, 0 or 1. */
  FrontDoor door(int visitor) {
    return doors.get(visitor);
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
    for (int visitor = 0; visitor < 2; visitor++) {
      List<Integer> order = new ArrayList<>(List.of(visitor, 1 - visitor));
      order.removeAll(down);
      doors.get(visitor).targets(order.stream().map(i -> cluster.server(i).port()).toList());
    }
  }

  private void close() {
    doors.forEach(FrontDoor::close);
    cluster.close();
  }

  private static final class Shared {
    private static final Stage STAGE = start();

    private static Stage start() {
      try {
        Stage stage = new Stage();
        AtEnd.close(stage::close);
        return stage;
      } catch (IOException | TimeoutException e) {
        throw new IllegalStateException("the servers did not start", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
