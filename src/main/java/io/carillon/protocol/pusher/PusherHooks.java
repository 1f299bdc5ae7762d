package io.carillon.protocol.pusher;

import io.carillon.core.json.JsonWriter;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestApps;
import io.carillon.core.spi.GuestHooks;
import io.carillon.core.spi.GuestHooks.Due;
import io.carillon.core.spi.LogUnavailableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * Webhook delivery to the addresses of applications: occupied and vacated channels, members, client
 * events, empty caches (Pusher's page "Webhooks"). At least once, signed, in batches; addresses are
 * served independently, so one that does not answer delays no other. {@link #tick} does the work,
 * once a second; the rest is thread-safe.
 */
public final class PusherHooks {
  private static final int MOST_WAITING = 10_000;
  private static final int MOST_CLAIMED = 500;
  private static final int MOST_TOLD = 100;

  /**
   * Lease of claimed deliveries: longer than a call may take, so who has not ended by then is dead.
   */
  private static final Duration CLAIM = Duration.ofSeconds(60);

  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final System.Logger LOG = System.getLogger(PusherHooks.class.getName());

  private final GuestApps apps;
  private final GuestHooks store;
  private final Supplier<HttpClient> http;
  private final Executor callers;
  private final InstantSource clock;
  private final LinkedBlockingQueue<ConnectionEvent> waiting =
      new LinkedBlockingQueue<>(MOST_WAITING);
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  /** What one connection has seen or done, which no sweep of the tables finds. */
  private record ConnectionEvent(GuestApp app, String event) {}

  private record WebhookTarget(String app, String address) {}

  /**
   * Creates the delivery.
   *
   * @param http gives the HTTP client; asked when the first webhook is due
   * @param callers run the calls; they block, so give virtual threads
   */
  public PusherHooks(
      GuestApps apps,
      GuestHooks store,
      Supplier<HttpClient> http,
      Executor callers,
      InstantSource clock) {
    this.apps = apps;
    this.store = store;
    this.http = http;
    this.callers = callers;
    this.clock = clock;
  }

  /**
   * Queues what a connection has sent or met, for the webhooks of its application; drops it if the
   * queue is full.
   *
   * @param event an object that is still open
   */
  void connectionEvent(GuestApp app, JsonWriter event) {
    if (!app.hooks().isEmpty()) {
      enqueue(new ConnectionEvent(app, event.endObject().toString()));
    }
  }

  /** Queues that a channel had no last event for a new subscriber; as {@link #connectionEvent}. */
  void cacheMiss(GuestApp app, String channel) {
    JsonWriter event = new JsonWriter(new StringBuilder(64)).beginObject();
    connectionEvent(app, event.field("name", "cache_miss").field("channel", channel));
  }

  private void enqueue(ConnectionEvent event) {
    if (!waiting.offer(event)) {
      LOG.log(Level.WARNING, "an event of a connection is told to no webhook: too many wait");
    }
  }

  /**
   * Stores queued client events and starts the webhooks that are due; by one thread at a time.
   *
   * @throws LogUnavailableException if the store cannot be reached; the next call does the rest
   */
  public void tick() {
    List<GuestApp> told =
        apps.all().stream().filter(app -> app.enabled() && !app.hooks().isEmpty()).toList();
    storeConnectionEvents();
    if (told.isEmpty()) {
      return;
    }
    told.forEach(store::sweep);
    Map<WebhookTarget, List<Due>> due = new LinkedHashMap<>();
    for (Due one : store.claim(MOST_CLAIMED, CLAIM, List.copyOf(busy))) {
      due.computeIfAbsent(new WebhookTarget(one.app(), one.address()), t -> new ArrayList<>())
          .add(one);
    }
    due.forEach(this::begin);
  }

  /** Stores what is queued; what cannot be stored now is queued again, behind newer events. */
  private void storeConnectionEvents() {
    List<ConnectionEvent> events = new ArrayList<>();
    waiting.drainTo(events);
    Map<GuestApp, List<ConnectionEvent>> byApp = new LinkedHashMap<>();
    events.forEach(e -> byApp.computeIfAbsent(e.app, a -> new ArrayList<>()).add(e));
    LogUnavailableException failure = null;
    for (Map.Entry<GuestApp, List<ConnectionEvent>> theirs : byApp.entrySet()) {
      try {
        store.add(theirs.getKey(), theirs.getValue().stream().map(ConnectionEvent::event).toList());
      } catch (LogUnavailableException away) {
        theirs.getValue().forEach(this::enqueue);
        failure = away;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void begin(WebhookTarget target, List<Due> due) {
    busy.add(target.address);
    callers.execute(
        () -> {
          try {
            tell(target, due);
          } catch (LogUnavailableException away) {
            LOG.log(Level.DEBUG, "what was told is told once more", away);
          } finally {
            busy.remove(target.address);
          }
        });
  }

  private void tell(WebhookTarget target, List<Due> due) {
    GuestApp app = apps.byId(target.app);
    if (app == null || !app.hooks().contains(target.address)) {
      store.done(ids(due));
      return;
    }
    for (int from = 0; from < due.size(); from += MOST_TOLD) {
      List<Due> part = due.subList(from, Math.min(due.size(), from + MOST_TOLD));
      if (!call(app, target.address, part)) {
        store.later(ids(due.subList(from, due.size())), pause(part.getFirst().tries()));
        return;
      }
      store.done(ids(part));
    }
  }

  private static List<Long> ids(List<Due> due) {
    return due.stream().map(Due::id).toList();
  }

  /** Exponential back-off: 2 s, 4 s, 8 s … one hour. */
  private static Duration pause(int tries) {
    Duration pause = Duration.ofSeconds(1L << Math.min(tries, 12));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private boolean call(GuestApp app, String address, List<Due> due) {
    JsonWriter body = new JsonWriter(new StringBuilder(128 * due.size())).beginObject();
    body.field("time_ms", clock.millis()).name("events").beginArray();
    due.forEach(one -> body.raw(one.event()));
    String text = body.endArray().endObject().toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .timeout(CALL)
            .header("Content-Type", "application/json")
            .header("X-Pusher-Key", app.key())
            .header("X-Pusher-Signature", PusherSignature.of(app, text))
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build();
    try {
      int status = http.get().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 300;
    } catch (IOException failed) {
      LOG.log(Level.DEBUG, "a webhook was not heard", failed);
      return false;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
