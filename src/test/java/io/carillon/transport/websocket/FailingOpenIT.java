package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.spi.Health;
import io.carillon.kit.ContainerArchive;
import io.carillon.kit.InContainer;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RawHttp;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import io.carillon.protocol.json.CarillonV1;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The container closes no socket whose opening has failed: a surprise there is told to the peer by
 * a close frame, and nothing of it stays.
 */
@InContainer
class FailingOpenIT {
  private static final Duration START = Duration.ofMinutes(2);

  /** A second or two on an idle machine. */
  private static final Duration SOON = Duration.ofSeconds(10);

  private static volatile Surprise surprise = Surprise.NONE;

  @Inject Health health;

  /** Where the opening fails. */
  enum Surprise {
    /** Nowhere. */
    NONE,
    /** Before there is a connection of ours. */
    BEFORE,
    /** Just after it is there. */
    WELCOME,
    /** The same, with an error. */
    ERROR
  }

  @Deployment
  static WebArchive application() {
    return ContainerArchive.with(FailingOpenIT.class).addPackage(RawHttp.class.getPackage());
  }

  @BeforeEach
  void started() {
    await(START, health::started);
  }

  @AfterEach
  void noMore() {
    surprise = Surprise.NONE;
  }

  @ParameterizedTest
  @EnumSource(
      value = Surprise.class,
      names = {"BEFORE", "WELCOME", "ERROR"})
  void thePeerIsToldAndNothingStays(Surprise where) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String token = token(http);
      assertTrue(frameAfterOpening(token).startsWith("\u0081"), "it does open otherwise");
      await(SOON, () -> open(http) == 0);
      surprise = where;
      Instant begun = Instant.now();
      String last = frameAfterOpening(token);
      Duration took = Duration.between(begun, Instant.now());
      surprise = Surprise.NONE;
      assertEquals(0x88, last.charAt(0));
      assertEquals(4003, last.charAt(2) << 8 | last.charAt(3));
      assertTrue(took.compareTo(SOON) < 0, took::toString);
      await(SOON, () -> open(http) == 0);
    }
  }

  /** The tool deploys the application below a path of its own. */
  private static String token(HttpClient http) {
    String answer =
        new Calls(http, address(), "")
            .send("POST", "/carillon/api/demo/token", "{\"user\":\"alice\"}")
            .body();
    return Json.createReader(new StringReader(answer)).readObject().getString("token");
  }

  /** The beginning of the first frame that the server sends; then the peer goes. */
  private static String frameAfterOpening(String token) throws IOException {
    try (RawHttp peer = new RawHttp(address())) {
      String head =
          peer.send(
                  """
                  GET /carillon/ws HTTP/1.1\r
                  Host: a\r
                  Upgrade: websocket\r
                  Connection: Upgrade\r
                  Sec-WebSocket-Version: 13\r
                  Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                  Sec-WebSocket-Protocol: carillon.v1\r
                  Authorization: Bearer %s\r
                  \r
                  """
                      .formatted(token))
              .head();
      assertTrue(head.startsWith("HTTP/1.1 101 "), head);
      return peer.some(4);
    }
  }

  private static int open(HttpClient http) {
    String metrics = new Calls(http, address(), "").send("GET", "/metrics", "").body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("carillon_connections{"))
        .mapToInt(line -> (int) Double.parseDouble(line.replaceAll(".* ", "")))
        .sum();
  }

  private static URI address() {
    return URI.create(
        "http://127.0.0.1:"
            + ConfigProvider.getConfig().getValue("carillon.http.port", Integer.class));
  }

  private static void await(Duration limit, Supplier<Boolean> done) {
    Instant begun = Instant.now();
    while (!done.get()) {
      assertTrue(Duration.between(begun, Instant.now()).compareTo(limit) < 0, "not in time");
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** The product's protocols, with what is planted in them. */
  @Dependent
  @Alternative
  @Priority(1)
  static class Planted {
    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    ProtocolRegistry protocols() {
      return new ProtocolRegistry(List.of(new Failing()));
    }
  }

  private static final class Failing implements Protocol {
    private final CarillonV1 usual = new CarillonV1();

    @Override
    public String name() {
      return usual.name();
    }

    @Override
    public FrameEncoder encoder() {
      return usual.encoder();
    }

    @Override
    public Codec open(Peer peer) {
      if (surprise == Surprise.BEFORE) {
        throw new IllegalStateException("planted");
      }
      return new FailingCodec(usual.open(peer));
    }
  }

  private record FailingCodec(Codec usual) implements Codec {
    @Override
    public List<Decoded> opened(Delivery.Welcome welcome) {
      return switch (surprise) {
        case WELCOME -> throw new IllegalStateException("planted");
        case ERROR -> throw new AssertionError("planted");
        case NONE, BEFORE -> usual.opened(welcome);
      };
    }

    @Override
    public List<Decoded> decode(Message message) {
      return usual.decode(message);
    }

    @Override
    public @Nullable Frame encode(Reply reply, @Nullable Command command) {
      return usual.encode(reply, command);
    }

    @Override
    public List<Message> join(List<Frame> frames) {
      return usual.join(frames);
    }
  }
}
