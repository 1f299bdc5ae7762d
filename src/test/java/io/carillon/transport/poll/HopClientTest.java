package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.carillon.core.spi.HopOutcome;
import io.carillon.core.spi.Probe;
import io.carillon.kit.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever becomes of the other instance, a request that is handed on ends, and once. */
@Timeout(60)
final class HopClientTest {
  private static final String HOLDER = "0a1b2c3d";
  private static final String TARGET = "/socket.io/?EIO=4&transport=polling&sid=0a1b2c3d.x";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final HopSeal seal =
      new HopSeal(() -> "the cluster's".getBytes(StandardCharsets.US_ASCII), new ManualTime());
  private final BlockingQueue<HopOutcome> outcomes = new LinkedBlockingQueue<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newBuilder().executor(threads).build();
  private @Nullable HttpServer server;
  private volatile HttpHandler handler = e -> answer(e, "ok".getBytes(StandardCharsets.US_ASCII));

  @BeforeEach
  void listen() throws IOException {
    HttpServer made =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    made.createContext("/", exchange -> handler.handle(exchange));
    made.setExecutor(threads);
    made.start();
    server = made;
  }

  @AfterEach
  void end() {
    released.countDown();
    server().stop(0);
    http.shutdownNow();
    threads.shutdownNow();
  }

  private HttpServer server() {
    return java.util.Objects.requireNonNull(server);
  }

  private HopClient client(int most, Duration patience) {
    URI at = URI.create("http://127.0.0.1:" + server().getAddress().getPort() + "/");
    return new HopClient(
        id -> id.equals(HOLDER) ? at : null, seal, () -> http, most, patience, new Outcomes());
  }

  private static HopCall call(String holder, String method, byte @Nullable [] body) {
    return new HopCall(
        new HopWord(holder, "192.0.2.7", false, "app.example"),
        method,
        TARGET,
        Map.of("Cookie", List.of("a=b"), "Origin", List.of("https://app.example")),
        body);
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    String sealed = exchange.getRequestHeaders().getFirst(HopSeal.HEADER);
    exchange.getResponseHeaders().set(HopSeal.HEADER, seal.receipt(sealed));
    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void hold() {
    try {
      assertTrue(released.await(50, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HopOutcome outcome(HopClient client) throws Exception {
    HopAnswer answer = client.send(call(HOLDER, "GET", null)).get();
    assertEquals(answer.outcome(), outcomes.poll(10, TimeUnit.SECONDS));
    return answer.outcome();
  }

  @Test
  void theHolderGetsTheRequestAndItsAnswerComesBack() throws Exception {
    CompletableFuture<HopWord> hop = new CompletableFuture<>();
    byte[] sent = "42[\"x\"]".getBytes(StandardCharsets.UTF_8);
    handler =
        exchange -> {
          String sealed = exchange.getRequestHeaders().getFirst(HopSeal.HEADER);
          hop.complete(seal.open(sealed, "POST " + exchange.getRequestURI()));
          assertEquals("a=b", exchange.getRequestHeaders().getFirst("Cookie"));
          answer(exchange, exchange.getRequestBody().readAllBytes());
        };
    HopAnswer answer = client(1, LONG).send(call(HOLDER, "POST", sent)).get();
    assertEquals(HopOutcome.ANSWERED, answer.outcome());
    assertEquals(200, answer.status());
    assertArrayEquals(sent, answer.body());
    assertEquals(new HopWord(HOLDER, "192.0.2.7", false, "app.example"), hop.get());
  }

  @Test
  void anInstanceThatIsNotThereHasGone() throws Exception {
    HopClient client = client(1, LONG);
    assertEquals(HopOutcome.GONE, client.send(call("ffffffff", "GET", null)).get().outcome());
    assertEquals(HopOutcome.GONE, outcomes.poll(10, TimeUnit.SECONDS));
    server().stop(0);
    assertEquals(HopOutcome.GONE, outcome(client));
    assertEquals(HopOutcome.GONE, outcome(client), "and no permit is lost");
  }

  @Test
  void oneThatGoesInTheMiddleHasGone() throws Exception {
    handler =
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
          throw new IOException("killed");
        };
    assertEquals(HopOutcome.GONE, outcome(client(1, LONG)));
  }

  @Test
  void anAnswerOfAStrangerIsNone() throws Exception {
    handler =
        exchange -> {
          exchange.getResponseHeaders().set(HopSeal.HEADER, "x");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        };
    assertEquals(HopOutcome.GONE, outcome(client(1, LONG)));
  }

  @Test
  void anAnswerWithoutBoundIsNone() throws Exception {
    handler = exchange -> answer(exchange, new byte[9 * 1024 * 1024]);
    assertEquals(HopOutcome.GONE, outcome(client(1, LONG)));
  }

  @Test
  void oneThatTakesTooLongIsLate() throws Exception {
    handler = exchange -> hold();
    HopClient client = client(1, Duration.ofMillis(200));
    assertEquals(HopOutcome.LATE, outcome(client));
    assertEquals(HopOutcome.LATE, outcome(client), "and no permit is lost");
  }

  @Test
  void beyondTheBoundNothingIsHandedOn() throws Exception {
    CountDownLatch held = new CountDownLatch(2);
    handler =
        exchange -> {
          held.countDown();
          hold();
          answer(exchange, new byte[0]);
        };
    HopClient client = client(2, LONG);
    CompletableFuture<HopAnswer> first = client.send(call(HOLDER, "GET", null));
    CompletableFuture<HopAnswer> second = client.send(call(HOLDER, "GET", null));
    assertTrue(held.await(20, TimeUnit.SECONDS));
    assertEquals(HopOutcome.FULL, outcome(client));
    released.countDown();
    assertEquals(HopOutcome.ANSWERED, first.get().outcome());
    assertEquals(HopOutcome.ANSWERED, second.get().outcome());
    outcomes.clear();
    assertEquals(HopOutcome.ANSWERED, outcome(client));
    assertEquals(HopOutcome.FULL, client(0, LONG).send(call(HOLDER, "GET", null)).get().outcome());
  }

  @Test
  void aClientThatHasGoneLeavesNothingUnderWay() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    handler =
        exchange -> {
          held.countDown();
          hold();
        };
    HopClient client = client(1, LONG);
    CompletableFuture<HopAnswer> waits = client.send(call(HOLDER, "GET", null));
    assertTrue(held.await(20, TimeUnit.SECONDS));
    assertTrue(waits.cancel(true));
    handler = exchange -> answer(exchange, new byte[0]);
    assertEquals(HopOutcome.ANSWERED, outcome(client));
  }

  @Test
  void whatCannotBeSentKeepsNoPermit() throws Exception {
    HopClient client = client(1, LONG);
    HopCall odd =
        new HopCall(
            new HopWord(HOLDER, "192.0.2.7", false, ""), "GET", TARGET + "&x=|", Map.of(), null);
    assertThrows(IllegalArgumentException.class, () -> client.send(odd));
    assertEquals(HopOutcome.ANSWERED, outcome(client));
  }

  /** Notes every outcome. */
  private final class Outcomes implements Probe {
    @Override
    public void forwarded(HopOutcome outcome) {
      outcomes.add(outcome);
    }
  }
}
