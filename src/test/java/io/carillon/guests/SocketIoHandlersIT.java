package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.AtLength;
import io.carillon.kit.Cluster;
import io.carillon.kit.NodeProcess;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Namespaces that an application's beans handle, with the real client on two real servers. */
@Timeout(600)
final class SocketIoHandlersIT {
  private final Cluster cluster = ExtendedCluster.shared();

  @BeforeEach
  void bothAreThere() throws Exception {
    cluster.startAgain();
  }

  @Test
  void theChatOfTheDocumentation() throws Exception {
    run("handlers.mjs", "json");
  }

  @AtLength
  @Test
  void theSameWithTheOtherParser() throws Exception {
    run("handlers.mjs", "msgpack");
  }

  @Test
  void floods() throws Exception {
    run("handlers-flood.mjs", "");
  }

  @Test
  void anInstanceIsKilled() throws Exception {
    run("handlers-kill.mjs", Long.toString(cluster.server(0).pid()));
  }

  private void run(String script, String more) throws IOException, InterruptedException {
    NodeProcess.Result result =
        NodeProcess.run(
            NpmFolder.of("socketio"),
            Map.of(),
            script,
            cluster.server(0).uri("/").toString(),
            cluster.server(1).uri("/").toString(),
            more);
    assertEquals(0, result.code(), result::output);
  }
}
