package io.carillon.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers can be killed and started again, which is what the other tests of faults rely on. */
final class ClusterIT {
  @Test
  void aKilledServerComesBackOverTheSameDatabase() throws Exception {
    try (Cluster cluster = Cluster.start(1, Map.of())) {
      LibertyServer server = cluster.server(0);
      assertEquals(200, status(server, "/health/live"));
      long first = server.pid();
      server.kill();
      assertFalse(server.isAlive());
      server.start();
      cluster.awaitReady(server);
      assertTrue(server.pid() != first);
      assertEquals(200, status(server, "/health/ready"));
    }
  }

  private static int status(LibertyServer server, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(server.uri(path)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
