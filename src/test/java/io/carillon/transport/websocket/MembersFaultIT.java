package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.MortalCluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.Roster;
import io.carillon.kit.client.SocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What becomes of members when their server freezes, goes in peace or is killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class MembersFaultIT {
  /** A lease of 8 s, a sweep and a doorbell; G10 says 15 s. */
  private static final Duration NOTICED = Duration.ofSeconds(15);

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static Cluster cluster;
  private static LibertyServer first;
  private static LibertyServer second;

  private final String room = RoomNames.fresh();

  @BeforeAll
  static void servers() throws Exception {
    cluster = MortalCluster.alive();
    first = cluster.server(0);
    second = cluster.server(1);
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private static SocketClient socket(LibertyServer server, String user) {
    URI uri = server.uri("/");
    return SocketClient.connect(HTTP, uri, Calls.demoToken(HTTP, uri, user));
  }

  private Roster watch(SocketClient client) {
    client.join(room, ",\"presence\":true");
    return new Roster(client, room);
  }

  private void beMember(SocketClient client) {
    client.join(room, ",\"presence\":{\"state\":{}}");
  }

  private static void signal(String name, LibertyServer server)
      throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
    assertTrue(kill.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, kill.exitValue());
  }

  @Test
  @Order(1)
  void aFrozenServersMembersGoAndComeBackWithIt() throws Exception {
    try (SocketClient watcher = socket(second, "watcher");
        SocketClient alice = socket(first, "alice");
        SocketClient bob = socket(second, "bob")) {
      Roster seen = watch(watcher);
      beMember(alice);
      beMember(bob);
      seen.await(Duration.ofSeconds(5), "alice", "bob");
      signal("STOP", first);
      try {
        seen.await(NOTICED, "bob");
      } finally {
        signal("CONT", first);
      }
      seen.await(Duration.ofSeconds(10), "alice", "bob");
    }
  }

  @Test
  @Order(2)
  void aKilledServersMembersAreGoneWithinFifteenSeconds() throws Exception {
    try (SocketClient watcher = socket(second, "watcher");
        SocketClient alice = socket(first, "alice");
        SocketClient eve = socket(first, "eve")) {
      Roster seen = watch(watcher);
      beMember(alice);
      beMember(eve);
      seen.await(Duration.ofSeconds(5), "alice", "eve");
      first.kill();
      try (SocketClient again = socket(second, "alice")) {
        beMember(again);
        seen.await(NOTICED, "alice");
        assertEquals(3, seen.changes(), "alice came back in time and was never away");
      }
    }
  }

  @Test
  @Order(3)
  void aDrainedServersMembersThatComeBackNeverLeft() throws Exception {
    cluster.startAgain();
    try (SocketClient watcher = socket(second, "watcher");
        SocketClient alice = socket(first, "alice");
        SocketClient eve = socket(first, "eve")) {
      Roster seen = watch(watcher);
      beMember(alice);
      beMember(eve);
      seen.await(Duration.ofSeconds(5), "alice", "eve");
      assertTrue(first.terminate(Duration.ofSeconds(40)));
      try (SocketClient again = socket(second, "alice")) {
        beMember(again);
        seen.await(Duration.ofSeconds(60), "alice");
        assertEquals(3, seen.changes(), "alice came, eve came and went");
      }
    }
  }
}
