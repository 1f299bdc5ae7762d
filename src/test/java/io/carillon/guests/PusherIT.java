package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.Cluster;
import io.carillon.kit.NodeProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The clients and the server library of Pusher, and Laravel Echo, against two real servers. */
final class PusherIT {
  @Test
  void theClientSaysWhatItSaidBefore() throws Exception {
    NodeProcess.Result result = NodeProcess.run(NpmFolder.of("pusher"), Map.of(), "first-words.js");
    assertEquals(0, result.code(), result::output);
  }

  @Test
  void theUnmodifiedLibrariesOnTwoInstances() throws Exception {
    Path folder = NpmFolder.of("pusher");
    Cluster cluster = Cluster.shared();
    NodeProcess.Result result =
        NodeProcess.run(
            folder,
            Map.of(),
            "conversation.js",
            cluster.server(0).uri("/").toString(),
            cluster.server(1).uri("/").toString());
    assertEquals(0, result.code(), result::output);
  }
}
