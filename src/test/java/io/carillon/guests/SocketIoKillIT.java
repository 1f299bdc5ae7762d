package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.NodeProcess;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The newest {@code socket.io-client} while the first of two servers goes: killed with a recovery
 * on the other, killed behind a balancer without stickiness, and told to end.
 */
@Timeout(600)
final class SocketIoKillIT {
  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        Cluster.start(
            2,
            Map.of(
                "CARILLON_ALLOWED_ORIGINS",
                "https://app.example",
                "CARILLON_CORS_CREDENTIALS",
                "true",
                "CARILLON_DRAIN_SPREAD",
                "PT3S"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void bothAreThere() throws Exception {
    cluster.startAgain(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"recovery.mjs", "roundrobin.mjs", "drain.mjs"})
  void theFirstGoes(String script) throws Exception {
    LibertyServer first = cluster.server(0);
    NodeProcess.Result result =
        NodeProcess.run(
            NpmFolder.of("socketio"),
            Map.of(),
            script,
            first.uri("/").toString(),
            cluster.server(1).uri("/").toString(),
            Long.toString(first.pid()));
    assertEquals(0, result.code(), result::output);
  }
}
