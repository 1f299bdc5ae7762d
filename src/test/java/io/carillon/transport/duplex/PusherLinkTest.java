package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Content;
import io.carillon.core.EventName;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestApps;
import io.carillon.core.spi.GuestHooks;
import io.carillon.kit.MemoryInstance;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.pusher.PusherCounts;
import io.carillon.protocol.pusher.PusherHooks;
import io.carillon.protocol.pusher.PusherProtocol;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The protocol of Pusher on an instance in memory. */
@Timeout(60)
final class PusherLinkTest {
  private static final GuestApp DEMO = GuestApp.demo();
  private static final GuestApp HOOKED =
      new GuestApp(
          "demo",
          "demo-key",
          "demo-secret",
          DEMO.rights(),
          "pusher",
          true,
          List.of("http://localhost/hook"),
          false);

  private final MemoryInstance instance = new MemoryInstance();
  private final Apps apps = new Apps();
  private final StoredHooks stored = new StoredHooks();
  private final PusherHooks hooks =
      new PusherHooks(apps, stored, HttpClient::newHttpClient, instance.threads, instance.time);
  private final PusherProtocol protocol = new PusherProtocol(apps, hooks);
  private final Links links = instance.links();

  @AfterEach
  void closeInstance() {
    instance.close();
  }

  private static final class Apps implements GuestApps {
    volatile List<GuestApp> all = List.of(DEMO);
    volatile boolean known = true;

    @Override
    public boolean known() {
      return known;
    }

    @Override
    public Collection<GuestApp> all() {
      return all;
    }

    @Override
    public @Nullable GuestApp byKey(String key) {
      return all.stream().filter(app -> app.key().equals(key)).findFirst().orElse(null);
    }
  }

  private static final class StoredHooks implements GuestHooks {
    final List<String> added = new CopyOnWriteArrayList<>();
    volatile Map<RoomName, Integer> counted = Map.of();

    @Override
    public void sweep(GuestApp app) {}

    @Override
    public Map<RoomName, Integer> counts(GuestApp app) {
      return counted;
    }

    @Override
    public void add(GuestApp app, List<String> events) {
      added.addAll(events);
    }

    @Override
    public List<Due> claim(int most, Duration time, Collection<String> busy) {
      return List.of();
    }

    @Override
    public void done(Collection<Long> ids) {}

    @Override
    public void later(Collection<Long> ids, Duration after) {}
  }

  private final class Client implements FrameSink {
    final BlockingQueue<String> got = new LinkedBlockingQueue<>();
    final Codec codec;
    final DuplexLink link;
    String socketId = "";

    Client(String key, Map<String, List<String>> query) {
      codec = protocol.open(new Peer("/app/{key}", Map.of("key", key), query));
      link = links.open(protocol, codec, Identity.NOBODY, this, instance.threads);
    }

    Client() {
      this("demo-key", Map.of("protocol", List.of("7")));
      JsonObject data = data(expect("pusher:connection_established"));
      socketId = data.getString("socket_id");
      assertEquals(120, data.getInt("activity_timeout"));
    }

    @Override
    public void write(List<Frame> frames, Written done) {
      codec.join(frames).forEach(message -> got.add(message.toString()));
      done.ended(true);
    }

    @Override
    public void close(CloseCode code, Farewell farewell, Runnable closed) {
      got.add("closed " + farewell.code());
    }

    void say(String text) {
      link.receive(new Message.Text(text));
    }

    String next() {
      try {
        String next = got.poll(10, TimeUnit.SECONDS);
        assertNotNull(next, "nothing more came");
        return next;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    JsonObject expect(String event) {
      JsonObject next = json(next());
      assertEquals(event, next.getString("event"), next::toString);
      return next;
    }

    JsonObject subscribe(String channel, @Nullable String data) {
      String text = socketId + ':' + channel + (data == null ? "" : ':' + data);
      var message =
          Json.createObjectBuilder()
              .add("channel", channel)
              .add("auth", DEMO.key() + ':' + hmac(text));
      if (data != null) {
        message.add("channel_data", data);
      }
      say("{\"event\":\"pusher:subscribe\",\"data\":" + message.build() + '}');
      JsonObject answer = expect("pusher_internal:subscription_succeeded");
      assertEquals(channel, answer.getString("channel"));
      return data(answer);
    }
  }

  private static JsonObject json(String text) {
    try (var reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  private static JsonObject data(JsonObject frame) {
    return json(frame.getString("data"));
  }

  private static String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] secret = DEMO.secret().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void publish(String room, String name, String json) {
    Identity bob = new Identity("bob", Grants.everything(false), null, null);
    var unused =
        instance
            .rooms
            .publish(
                bob, new RoomName(room), new EventName(name), Content.json(json), null, null, null)
            .orTimeout(10, TimeUnit.SECONDS)
            .join();
  }

  @Test
  void whoIsNotServedIsToldWhyAndWhetherToComeBack() {
    Map<String, List<String>> seven = Map.of("protocol", List.of("7"));
    assertClosed(4001, new Client("no-such-key", seven));
    assertClosed(4008, new Client("demo-key", Map.of()));
    assertClosed(4007, new Client("demo-key", Map.of("protocol", List.of("8"))));
    assertClosed(4006, new Client("demo-key", Map.of("protocol", List.of("x"))));
    apps.all =
        List.of(new GuestApp("demo", "demo-key", "demo-secret", DEMO.rights(), "pusher", false));
    assertClosed(4003, new Client("demo-key", seven));
    apps.all = List.of();
    apps.known = false;
    assertClosed(4100, new Client("demo-key", seven));
  }

  private static void assertClosed(int code, Client client) {
    JsonObject error = client.expect("pusher:error").getJsonObject("data");
    assertEquals(code, error.getInt("code"));
    assertEquals("closed " + code, client.next());
  }

  @Test
  void eventsOfPublicChannelsComeAsTheyWerePublished() {
    Client client = new Client();
    client.say("{\"event\":\"pusher:ping\",\"data\":{}}");
    client.expect("pusher:pong");
    client.subscribe("news", null);
    client.subscribe("news", null);
    publish("pusher:news", "App\\Events\\Told", "{ \"a\":\n 1.0 }");
    JsonObject event = client.expect("App\\Events\\Told");
    assertEquals("news", event.getString("channel"));
    assertEquals("{ \"a\":\n 1.0 }", event.getString("data"));
    publish("pusher:news", "pusher:error", "1");
    client.expect("carillon:pusher:error");
    client.say("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}");
    client.say("{\"event\":\"pusher:ping\",\"data\":{}}");
    client.expect("pusher:pong");
    publish("pusher:news", "late", "1");
    client.subscribe("other", null);
  }

  @Test
  void whatIsPrivateMustBeSigned() {
    Client client = new Client();
    for (String auth : new String[] {"", "demo-key:00", "other:" + hmac("x")}) {
      client.say(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\",\"auth\":\""
              + auth
              + "\"}}");
      JsonObject error = data(client.expect("pusher:subscription_error"));
      assertEquals("AuthError", error.getString("type"));
      assertEquals(401, error.getInt("status"));
    }
    client.subscribe("private-x", null);
  }

  @Test
  void clientEventsGoToTheOthers() {
    Client alice = new Client();
    Client bob = new Client();
    alice.subscribe("private-x", null);
    bob.subscribe("private-x", null);
    alice.subscribe("open", null);
    alice.say("{\"event\":\"client-a\",\"channel\":\"open\",\"data\":{}}");
    assertEquals(4301, alice.expect("pusher:error").getJsonObject("data").getInt("code"));
    alice.say("{\"event\":\"client-a\",\"channel\":\"private-y\",\"data\":{}}");
    assertEquals(4301, alice.expect("pusher:error").getJsonObject("data").getInt("code"));
    alice.say("{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":{\"n\":1}}");
    JsonObject got = bob.expect("client-a");
    assertEquals(1, got.getJsonObject("data").getInt("n"));
    assertFalse(got.containsKey("user_id"));
    alice.say("{\"event\":\"pusher:ping\"}");
    alice.expect("pusher:pong");
  }

  @Test
  void clientEventsAreToldToWebhooks() {
    apps.all = List.of(HOOKED);
    Client alice = new Client();
    alice.subscribe("presence-x", "{\"user_id\":\"a\"}");
    alice.say("{\"event\":\"client-a\",\"channel\":\"presence-x\",\"data\":{\"n\":1}}");
    alice.subscribe("cache-y", null);
    alice.expect("pusher:cache_miss");
    publish("pusher:cache-z", "one", "1");
    alice.subscribe("cache-z", null);
    alice.expect("one");
    hooks.tick();
    JsonObject told = json(stored.added.getFirst());
    assertEquals("client_event", told.getString("name"));
    assertEquals("{\"n\":1}", told.getString("data"));
    assertEquals("a", told.getString("user_id"));
    assertEquals(alice.socketId, told.getString("socket_id"));
    assertEquals(
        List.of("{\"name\":\"cache_miss\",\"channel\":\"cache-y\"}"),
        stored.added.subList(1, stored.added.size()));
  }

  @Test
  void webhooksAreNotToldOfARefusedClientEvent() {
    apps.all = List.of(HOOKED);
    Client alice = new Client();
    alice.subscribe("private-x", null);
    String large = "x".repeat(Signal.MAX_DATA_BYTES);
    alice.say("{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":\"" + large + "\"}");
    assertEquals(4301, alice.expect("pusher:error").getJsonObject("data").getInt("code"));
    hooks.tick();
    assertEquals(List.of(), stored.added);
  }

  @Test
  void subscribersAreToldHowManyTheyAre() {
    GuestApp counting =
        new GuestApp(
            "demo", "demo-key", "demo-secret", Set.of(Right.READ), "pusher", true, List.of(), true);
    PusherCounts counts = new PusherCounts(apps, stored, instance.rooms);
    Client alice = new Client();
    alice.subscribe("news", null);
    stored.counted = Map.of(new RoomName("pusher:news"), 3, new RoomName("pusher:gone"), 0);
    counts.tick();
    apps.all = List.of(counting);
    counts.tick();
    JsonObject told = alice.expect("pusher_internal:subscription_count");
    assertEquals("news", told.getString("channel"));
    assertEquals(3, data(told).getInt("subscription_count"));
    Identity user =
        new Identity("mallory", Grants.of(Map.of("*", Set.of(Right.SIGNAL))), null, null);
    instance.rooms.signal(
        user,
        new RoomName("pusher:news"),
        new EventName("pusher:subscription_count"),
        Content.json("7"),
        "",
        null);
    assertEquals(7, alice.expect("carillon:pusher:subscription_count").getInt("data"));
  }

  @Test
  void presenceIsPerUser() {
    Client alice = new Client();
    JsonObject first =
        alice
            .subscribe("presence-x", "{\"user_id\":1,\"user_info\":{\"name\":\"A\"}}")
            .getJsonObject("presence");
    assertEquals(1, first.getInt("count"));
    assertEquals("A", first.getJsonObject("hash").getJsonObject("1").getString("name"));
    Client bob = new Client();
    JsonObject both =
        bob.subscribe("presence-x", "{\"user_id\":\"bob\"}").getJsonObject("presence");
    assertEquals(2, both.getInt("count"));
    assertTrue(both.getJsonObject("hash").isNull("bob"));
    assertEquals("bob", data(alice.expect("pusher_internal:member_added")).getString("user_id"));
    Client again = new Client();
    again.subscribe("presence-x", "{\"user_id\":\"bob\"}");
    bob.say("{\"event\":\"client-w\",\"channel\":\"presence-x\",\"data\":\"hi\"}");
    JsonObject whisper = alice.expect("client-w");
    assertEquals("bob", whisper.getString("user_id"));
    assertEquals("hi", whisper.getString("data"));
    again.expect("client-w");
    bob.say("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"presence-x\"}}");
    again.say("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"presence-x\"}}");
    assertEquals("bob", data(alice.expect("pusher_internal:member_removed")).getString("user_id"));
  }

  @Test
  void aCacheChannelBeginsWithItsLastEvent() {
    Client client = new Client();
    client.subscribe("cache-x", null);
    assertEquals("cache-x", client.expect("pusher:cache_miss").getString("channel"));
    client.subscribe("presence-cache-x", "{\"user_id\":\"a\"}");
    client.expect("pusher:cache_miss");
    publish("pusher:cache-x", "one", "1");
    publish("pusher:cache-x", "two", "2");
    publish("pusher:presence-cache-x", "three", "3");
    Client late = new Client();
    late.subscribe("cache-x", null);
    assertEquals("2", late.expect("two").getString("data"));
    late.subscribe("presence-cache-x", "{\"user_id\":\"b\"}");
    late.expect("three");
  }

  private static String signIn(Client client, String userData) {
    String auth = DEMO.key() + ':' + hmac(client.socketId + "::user::" + userData);
    return "{\"event\":\"pusher:signin\",\"data\":"
        + Json.createObjectBuilder().add("auth", auth).add("user_data", userData).build()
        + '}';
  }

  @Test
  void whoSignsInHasAChannelAndWatchesOthers() {
    Client alice = new Client();
    alice.say("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"#server-to-user-alice\"}}");
    alice.expect("pusher:subscription_error");
    String userData = "{\"id\":\"alice\",\"watchlist\":[\"bob\"]}";
    alice.say(signIn(alice, userData));
    assertEquals(userData, data(alice.expect("pusher:signin_success")).getString("user_data"));
    assertTrue(alice.expect("pusher_internal:watchlist_events").toString().contains("offline"));
    alice.subscribe("#server-to-user-alice", null);
    publish("pusher:~user.alice", "told", "1");
    alice.expect("told");
    Client bob = new Client();
    bob.say(signIn(bob, "{\"id\":\"bob\"}"));
    bob.expect("pusher:signin_success");
    assertTrue(alice.expect("pusher_internal:watchlist_events").toString().contains("online"));
    alice.say(signIn(alice, "{\"id\":\"eve\"}"));
    alice.expect("pusher:error");
    assertEquals(1, instance.connections.close("pusher:demo:alice", CloseCode.KICKED, "kicked"));
    assertClosed(4009, alice);
    bob.say(signIn(alice, "{\"id\":\"bob\"}"));
    assertClosed(4009, bob);
  }

  @Test
  void aSignInThatIsRefusedLeavesNobodySignedIn() {
    Client alice = new Client();
    String tooLong = "\u00e9".repeat(100);
    alice.say(signIn(alice, "{\"id\":\"alice\",\"watchlist\":[\"" + tooLong + "\"]}"));
    alice.expect("pusher:error");
    alice.say("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"#server-to-user-alice\"}}");
    alice.expect("pusher:subscription_error");
    alice.say(signIn(alice, "{\"id\":\"bob\"}"));
    alice.expect("pusher:signin_success");
  }

  @Test
  void whatCannotBeReadIsAnErrorAndNoEnd() {
    Client client = new Client();
    for (String bad : new String[] {"", "[]", "{", "{\"event\":1}", "{\"event\":\"x\"}", "{}"}) {
      client.say(bad);
      assertTrue(client.expect("pusher:error").getJsonObject("data").isNull("code"));
    }
    for (String bad : new String[] {"a;b", "", "a b"}) {
      client.say(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + bad + "\",\"auth\":\"\"}}");
      client.expect("pusher:subscription_error");
    }
    client.subscribe("still-here", null);
  }

  @Test
  void whatWillPassSendsTheClientAwayAndNotTheChannel() {
    Client client = new Client();
    instance.log.unavailable(true);
    client.say("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\"}}");
    assertClosed(4100, client);
  }

  @Test
  void anAppThatChangesIsFollowed() {
    Client client = new Client();
    apps.all = List.of(new GuestApp("demo", "demo-key", "demo-secret", Set.of(), "pusher", true));
    client.say("{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\"}}");
    assertEquals(403, data(client.expect("pusher:subscription_error")).getInt("status"));
    apps.all = List.of();
    client.say("{\"event\":\"pusher:pong\",\"data\":{}}");
    assertClosed(4003, client);
  }

  @Test
  void aDrainSendsClientsBackOneByOne() {
    List<Duration> waits = new ArrayList<>();
    List<Client> clients = List.of(new Client(), new Client(), new Client());
    assertTrue(
        instance.connections.drain(
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            (task, after) -> {
              waits.add(after);
              task.run();
            }));
    clients.forEach(client -> assertClosed(4200, client));
    assertEquals(3, waits.stream().distinct().count());
  }

  @Test
  void whoIsSilentIsAskedAndThenClosed() {
    Client client = new Client();
    instance.pass(31);
    client.expect("pusher:ping");
    instance.pass(32);
    String last = client.next();
    while (last.contains("pusher:ping")) {
      last = client.next();
    }
    assertTrue(last.contains("4201"), last);
    assertEquals("closed 4201", client.next());
  }
}
