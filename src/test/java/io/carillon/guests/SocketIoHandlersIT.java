package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.example.ChatNamespace;
import io.carillon.fixtures.BareEcho;
import io.carillon.fixtures.WatchedNamespace;
import io.carillon.kit.Cluster;
import io.carillon.kit.NodeProcess;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Namespaces that an application's beans handle, with the real client on two real servers. */
@Timeout(600)
final class SocketIoHandlersIT {
  private static Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        Cluster.extended(
            "socketio-handlers",
            2,
            Map.of(),
            ChatNamespace.class.getPackage(),
            BareEcho.class.getPackage());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void theChatOfTheDocumentation() throws Exception {
    run(cluster, "handlers.mjs", "json");
  }

  @Test
  void theSameWithTheOtherParser() throws Exception {
    run(cluster, "handlers.mjs", "msgpack");
  }

  @Test
  void floods() throws Exception {
    run(cluster, "handlers-flood.mjs", "");
  }

  @Test
  void anInstanceIsKilled() throws Exception {
    try (Cluster two =
        Cluster.extended("socketio-kill", 2, Map.of(), WatchedNamespace.class.getPackage())) {
      run(two, "handlers-kill.mjs", Long.toString(two.server(0).pid()));
    }
  }

  private static void run(Cluster on, String script, String more)
      throws IOException, InterruptedException {
    NodeProcess.Result result =
        NodeProcess.run(
            NpmFolder.of("socketio"),
            Map.of(),
            script,
            on.server(0).uri("/").toString(),
            on.server(1).uri("/").toString(),
            more);
    assertEquals(0, result.code(), result::output);
  }
}
