package io.carillon.protocol.pusher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery;
import io.carillon.core.Right;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestApps;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.HttpCall;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Targets for inputs that nobody would write by hand: what Pusher's clients and servers send. */
public final class PusherParsers {
  private static final GuestApp APP =
      new GuestApp("1", "appkey", "sec", Set.of(Right.READ, Right.SIGNAL), "pusher", true);

  private PusherParsers() {}

  private static final class OneApp implements GuestApps {
    @Override
    public boolean known() {
      return true;
    }

    @Override
    public List<GuestApp> all() {
      return List.of(APP);
    }

    @Override
    public GuestApp byId(String id) {
      return APP;
    }

    @Override
    public GuestApp byKey(String key) {
      return APP;
    }
  }

  /** A client's message; the second one meets what the first has left. */
  public static void message(String text) {
    OneApp apps = new OneApp();
    PusherHooks hooks = hooks(apps);
    PusherProtocol protocol = new PusherProtocol(apps, hooks);
    Codec codec =
        protocol.open(
            new Peer("/app/{key}", Map.of("key", "appkey"), Map.of("protocol", List.of("7"))));
    codec.opened(new Delivery.Welcome("c", "", Duration.ofSeconds(30), null));
    for (int i = 0; i < 2; i++) {
      List<Decoded> parts = codec.decode(new Message.Text(text));
      assertTrue(parts.size() < 1000);
    }
  }

  private static PusherHooks hooks(GuestApps apps) {
    return new PusherHooks(apps, null, null, Runnable::run, Instant::now);
  }

  /** A server's call: the query, a line end and the body. */
  public static void call(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String query = new String(input, 0, end, StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    for (String method : new String[] {"GET", "POST"}) {
      PusherRequest request =
          PusherRequest.of(
              new HttpCall(method, "/apps/1/events", "/apps/1/events", query, body, null));
      if (request != null) {
        new PusherRequest.Check(Instant::now).refusal(APP, request);
        request.fields();
      }
    }
  }
}
