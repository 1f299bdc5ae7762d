package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.NodeProcess;
import java.io.IOException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The newest {@code socket.io-client} and plain requests of Engine.IO on two real servers. */
@Timeout(600)
final class SocketIoIT {
  @Test
  void theConversation() throws Exception {
    run("conversation.mjs", Cluster.shared());
  }

  @Test
  void whatEngineIoAsksFor() throws Exception {
    run("engine.mjs", Cluster.shared());
  }

  @Test
  void heartbeatsBelowASecond() throws Exception {
    Map<String, String> quick =
        Map.of(
            "CARILLON_SOCKETIO_PING_INTERVAL", "PT0.3S",
            "CARILLON_SOCKETIO_PING_TIMEOUT", "PT0.2S");
    try (Cluster cluster = Cluster.start(1, quick)) {
      run("heartbeat.mjs", cluster);
    }
  }

  @Test
  void tokensThatEnd() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    KeyPair issuer = keys.generateKeyPair();
    Map<String, String> settings =
        Map.of(
            "CARILLON_DEMO",
            "false",
            "MP_JWT_VERIFY_PUBLICKEY",
            pem("PUBLIC KEY", issuer.getPublic()),
            "MP_JWT_VERIFY_ISSUER",
            "https://issuer.example");
    try (Cluster cluster = Cluster.start(2, settings)) {
      String[] servers =
          cluster.servers().stream().map(s -> s.uri("/").toString()).toArray(String[]::new);
      NodeProcess.Result result =
          NodeProcess.run(
              NpmFolder.of("socketio"),
              Map.of("ISSUER_KEY", pem("PRIVATE KEY", issuer.getPrivate())),
              "expiry.mjs",
              servers[0],
              servers[1]);
      assertEquals(0, result.code(), result::output);
    }
  }

  private static String pem(String type, Key key) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }

  @Test
  void aReaderThatDoesNotRead() throws Exception {
    run("slow.mjs", Cluster.shared());
  }

  @Test
  void theClientSaysWhatItSaidWhenItWasRecorded() throws Exception {
    node("wire.mjs", "json");
  }

  @Test
  void theOtherParserToo() throws Exception {
    node("wire.mjs", "msgpack");
  }

  private static void run(String script, Cluster cluster) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(script));
    for (LibertyServer server : cluster.servers()) {
      arguments.add(server.uri("/").toString());
    }
    node(arguments.toArray(String[]::new));
  }

  private static void node(String... arguments) throws IOException, InterruptedException {
    NodeProcess.Result result = NodeProcess.run(NpmFolder.of("socketio"), Map.of(), arguments);
    assertEquals(0, result.code(), result::output);
  }
}
