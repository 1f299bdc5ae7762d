package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.NodeProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The newest {@code socket.io-client} and plain requests of Engine.IO on two real servers. */
@Timeout(600)
final class SocketIoIT {
  @Test
  void theConversation() throws Exception {
    run("conversation.mjs", Cluster.shared(), false);
  }

  @Test
  void whatEngineIoAsksFor() throws Exception {
    run("engine.mjs", Cluster.shared(), false);
  }

  @Test
  void recoveryOnAnyInstance() throws Exception {
    run("recovery.mjs", Cluster.shared(), false);
  }

  @Test
  void recoveryAfterAnInstanceWasKilled() throws Exception {
    try (Cluster cluster =
        Cluster.start(2, Map.of("CARILLON_ALLOWED_ORIGINS", "https://app.example"))) {
      run("recovery.mjs", cluster, true);
    }
  }

  @Test
  void theClientSaysWhatItSaidWhenItWasRecorded() throws Exception {
    node("wire.mjs");
  }

  private static void run(String script, Cluster cluster, boolean kills)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(script));
    for (LibertyServer server : cluster.servers()) {
      arguments.add(server.uri("/").toString());
    }
    if (kills) {
      arguments.add(Long.toString(cluster.server(0).pid()));
    }
    node(arguments.toArray(String[]::new));
  }

  private static void node(String... arguments) throws IOException, InterruptedException {
    NodeProcess.Result result = NodeProcess.run(NpmFolder.of("socketio"), Map.of(), arguments);
    assertEquals(0, result.code(), result::output);
  }
}
