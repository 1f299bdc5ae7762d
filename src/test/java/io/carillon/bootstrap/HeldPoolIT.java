package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** G11, G12: whatever holds the server's pool, rooms go on and the instance keeps its lease. */
final class HeldPoolIT {
  private static final int POOL = 4;
  private static final int SERVERS = 2;

  @Test
  void whileNothingIsLeftOfThePoolEventsAreDeliveredAndTheLeaseLasts() throws Exception {
    String room = RoomNames.fresh();
    try (Cluster cluster =
            Cluster.start(SERVERS, Map.of("CARILLON_DATABASE_POOL", Integer.toString(POOL)));
        HttpClient http = HttpClient.newHttpClient();
        Connection holder = cluster.database().owner().getConnection();
        Statement lock = holder.createStatement()) {
      URI base = cluster.server(0).uri("/");
      URI there = cluster.server(1).uri("/");
      Calls calls = new Calls(http, base, Calls.demoToken(http, base, "alice"));
      Calls callsThere = new Calls(http, there, calls.token());
      List<CompletableFuture<Integer>> held = new ArrayList<>();
      try (SocketClient socket = SocketClient.connect(http, base, calls.token());
          SocketClient elsewhere = SocketClient.connect(http, there, calls.token())) {
        socket.join(room, "");
        elsewhere.join(room, "");
        holder.setAutoCommit(false);
        lock.execute("LOCK TABLE carillon.ticket IN ACCESS EXCLUSIVE MODE");
        for (int i = 0; i < POOL; i++) {
          held.add(ticket(calls));
          held.add(ticket(callsThere));
        }
        awaitWaiting(cluster);
        // Refused after five seconds, the pool's patience: longer than withdrawn rights may be
        // unknown (Authority.MOST), so nothing would be delivered any more.
        assertEquals(503, ticket(calls).get());
        assertEquals(503, ticket(callsThere).get());

        calls.publish(room, "n", "1");
        assertEquals(1, socket.next("event").getInt("seq"));
        assertEquals(1, elsewhere.next("event").getInt("seq"));
        assertTrue(lives(cluster), "the leases of eight seconds were renewed meanwhile");
        assertTrue(waiting(cluster) >= POOL * SERVERS, "the pools were held all the time");
      } finally {
        holder.rollback();
      }
      // Some may have found the pool taken by the servers' own look at the tickets.
      for (CompletableFuture<Integer> one : held) {
        assertTrue(Set.of(201, 503).contains(one.get()));
      }
    }
  }

  private static CompletableFuture<Integer> ticket(Calls calls) {
    return CompletableFuture.supplyAsync(
        () -> calls.send("POST", "/api/tickets", "").statusCode(), Thread::startVirtualThread);
  }

  /** Every connection of the pool waits for the lock. */
  private static void awaitWaiting(Cluster cluster) throws SQLException {
    while (waiting(cluster) < POOL * SERVERS) {
      Thread.onSpinWait();
    }
  }

  private static long waiting(Cluster cluster) throws SQLException {
    return count(
        cluster,
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
            + " AND relation = 'carillon.ticket'::regclass");
  }

  private static boolean lives(Cluster cluster) throws SQLException {
    return count(
            cluster, "SELECT count(*) FROM carillon.instance WHERE expires > clock_timestamp()")
        == SERVERS;
  }

  private static long count(Cluster cluster, String query) throws SQLException {
    try (Connection connection = cluster.database().owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
