package io.carillon.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import io.carillon.kit.TestDatabase;
import io.carillon.kit.WarmStart;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RawHttp;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An instance that is out of file descriptors takes nobody in and serves those who are there; who
 * leaves it has left, and once there is place again it goes on by itself.
 */
final class DescriptorsIT {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int AT_START = 2000;
  private static final int SPARE = 120;
  private static final int MEMBERS = 20;
  private static final String ROOM = "crowded";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpClient balancer =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<RawHttp> crowd = new ArrayList<>();
  private final List<SocketClient> members = new ArrayList<>();
  private Issuer issuer;
  private LibertyServer server;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Shell.has("prlimit"), "the limit is set by prlimit, which Linux has");
    issuer = new Issuer();
    Map<String, String> environment = new HashMap<>(TestDatabase.empty().environment());
    environment.put("MP_JWT_VERIFY_PUBLICKEY_LOCATION", issuer.location());
    environment.put("MP_JWT_VERIFY_ISSUER", "https://login.example.com/");
    environment.put("MP_JWT_VERIFY_AUDIENCES", "carillon");
    environment.put("JVM_ARGS", WarmStart.options());
    int port = Ports.takeHttp();
    Path output = Path.of("target/it").resolve(Integer.toString(port));
    WarmStart.prepare(output);
    server =
        new LibertyServer(
                Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp")),
                output,
                "127.0.0.1",
                port,
                environment)
            .through("prlimit", "--nofile=" + AT_START + ":" + AT_START);
    server.start();
    server.awaitReady(LONG);
  }

  @AfterEach
  void close() throws IOException {
    for (RawHttp peer : crowd) {
      peer.close();
    }
    members.forEach(SocketClient::close);
    if (server != null) {
      server.close();
      issuer.close();
    }
    http.close();
    balancer.close();
  }

  @Test
  void outOfDescriptorsItLeavesNoGhostsAndServesAgain() throws Exception {
    String log = Files.readString(server.messages());
    assertTrue(log.contains("may have " + AT_START + " open files"), "it is warned of at start");
    // A balancer that keeps its connection.
    Calls probe = new Calls(balancer, server.uri("/"), "");
    for (int i = 0; i < MEMBERS; i++) {
      SocketClient member = SocketClient.connect(http, server.uri("/"), token("member" + i));
      members.add(member);
      member.join(ROOM, ",\"presence\":{\"state\":{}}");
    }
    SocketClient first = members.getFirst();
    await(() -> present(first) == MEMBERS);
    assertEquals(200, status(probe));
    long most = descriptors() + SPARE;
    Shell.run(
        List.of("prlimit", "--pid", "" + server.pid(), "--nofile=" + most + ":" + most), Map.of());
    // Who says nothing is closed after 30 s, and the next one gets in.
    for (int i = 0; i < 4 * SPARE; i++) {
      crowd.add(new RawHttp(server.uri("/")));
    }
    // The probe is asked all the while: its client lets a connection go that is idle for 30 s.
    await(() -> status(probe) > 0 && present(first) == MEMBERS && descriptors() >= most - 1);
    await(() -> present(first) == MEMBERS && status(probe) == 503);

    assertEquals(1, first.publish(ROOM, "n", "1").getInt("seq"), "who is there stays");
    for (int i = 1; i < MEMBERS / 2; i++) {
      members.get(i).abort();
    }
    await(() -> present(first) == MEMBERS / 2 + 1);
    await(() -> present(first) == MEMBERS / 2 + 1 && descriptors() >= most - 1);

    for (RawHttp peer : crowd) {
      peer.close();
    }
    await(() -> status(probe) == 200);
    try (HttpClient fresh = HttpClient.newHttpClient();
        SocketClient late = SocketClient.connect(fresh, server.uri("/"), token("late"))) {
      assertEquals(2, late.publish(ROOM, "n", "2").getInt("seq"));
    }
    members.forEach(SocketClient::abort);
    try (HttpClient fresh = HttpClient.newHttpClient()) {
      Calls calls = new Calls(fresh, server.uri("/"), token("watcher"));
      String path = "/api/rooms/" + ROOM + "/members";
      await(() -> Texts.object(calls.send("GET", path, "").body()).getInt("count") == 0);
    }
    assertTrue(Files.size(server.messages()) < 1_000_000, "the log is not flooded");
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException, InterruptedException {
    Instant begun = Instant.now();
    while (!condition.holds()) {
      assertTrue(Duration.between(begun, Instant.now()).compareTo(SOON) < 0, "not in time");
      TimeUnit.MILLISECONDS.sleep(50); // another process does it
    }
  }

  private static int status(Calls probe) {
    return probe.send("GET", "/health/ready", "").statusCode();
  }

  /**
   * As who is there sees it, for a new connection would not get in; -1 if the answer is that there
   * is no connection to the database just now.
   */
  private static int present(SocketClient member) {
    JsonObject answer = member.ask("members", "\"room\":\"" + ROOM + '"');
    if (answer.getString("type").equals("error")) {
      assertEquals("storage", answer.getString("code"));
      return -1;
    }
    return answer.getInt("count");
  }

  private long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
      return open.count();
    }
  }

  private String token(String user) throws Exception {
    return issuer.token(
        """
        {"iss": "https://login.example.com/", "aud": "carillon", "sub": "%s",
         "carillon": {"*": ["read", "write", "presence"]}}
        """
            .formatted(user));
  }
}
