package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.example.ChatNamespace;
import io.carillon.fixtures.BareEcho;
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
    run("json");
  }

  @Test
  void theSameWithTheOtherParser() throws Exception {
    run("msgpack");
  }

  private static void run(String parser) throws IOException, InterruptedException {
    NodeProcess.Result result =
        NodeProcess.run(
            NpmFolder.of("socketio"),
            Map.of(),
            "handlers.mjs",
            cluster.server(0).uri("/").toString(),
            cluster.server(1).uri("/").toString(),
            parser);
    assertEquals(0, result.code(), result::output);
  }
}
