package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.MortalCluster;
import io.carillon.kit.NodeProcess;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The newest {@code socket.io-client} while the first of two servers goes: killed with a recovery
 * on the other, killed behind a balancer without stickiness, and told to end.
 */
@Timeout(600)
final class SocketIoKillIT {
  @ParameterizedTest
  @ValueSource(strings = {"recovery.mjs", "roundrobin.mjs", "drain.mjs"})
  void theFirstGoes(String script) throws Exception {
    Cluster cluster = MortalCluster.alive();
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
