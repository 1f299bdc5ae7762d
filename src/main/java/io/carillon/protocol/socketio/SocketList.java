package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.socketio.RemoteSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Listing of the sockets of all instances, page by page. Thread-safe. */
final class SocketList {
  private static final int PAGE = 100;
  private static final int DEPTH = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<List<RemoteSocket>> done = new CompletableFuture<>();
  private final SocketHub hub;
  private final Runnable over;

  /** By instance and id. */
  private final Map<String, Map<String, RemoteSocket>> told = new HashMap<>();

  /** How many there are, by instance. */
  private final Map<String, Long> counts = new HashMap<>();

  /** How many instances there are; negative: not known yet. */
  private int instances = -1;

  private boolean ended;

  /**
   * Begins without a socket.
   *
   * @param over run once, when no answer counts any more
   */
  SocketList(SocketHub hub, Runnable over) {
    this.hub = hub;
    this.over = over;
  }

  CompletableFuture<List<RemoteSocket>> sockets() {
    return done;
  }

  /** So many other instances are asked. */
  void expect(int others) {
    update(() -> instances = others + 1);
  }

  /** The sockets of this instance. */
  void here(List<HandledSocket> sockets) {
    update(
        () -> {
          sockets.forEach(socket -> add("", known(socket)));
          counts.put("", (long) told.getOrDefault("", Map.of()).size());
        });
  }

  /** A page of another instance. */
  void answered(JsonFields answer) {
    String from = answer.requiredString("from");
    String list = answer.raw("sockets");
    List<RemoteSocket> page = new ArrayList<>();
    for (String each :
        JsonText.elements(list == null ? "[]" : list, DEPTH, PAGE, ErrorCode.BAD_DATA)) {
      JsonFields fields = JsonFields.parse(each, DEPTH, ErrorCode.BAD_DATA);
      page.add(
          new RemoteSocket(
              fields.requiredString("id"),
              fields.string("user"),
              Set.copyOf(fields.strings("rooms"))));
    }
    long count = answer.integer("count", 0);
    update(
        () -> {
          page.forEach(socket -> add(from, socket));
          counts.put(from, count);
        });
  }

  private void add(String instance, RemoteSocket socket) {
    told.computeIfAbsent(instance, i -> new LinkedHashMap<>()).put(socket.id(), socket);
  }

  private void update(Runnable change) {
    boolean complete;
    List<RemoteSocket> all;
    lock.lock();
    try {
      if (ended) {
        return;
      }
      change.run();
      complete = instances >= 0 && counts.size() >= instances && whole();
      ended = complete;
      Map<String, RemoteSocket> once = new LinkedHashMap<>();
      told.values().forEach(once::putAll);
      all = List.copyOf(once.values());
    } finally {
      lock.unlock();
    }
    if (complete) {
      over.run();
      hub.callbacks().execute(() -> done.complete(all));
    }
  }

  private boolean whole() {
    return counts.entrySet().stream()
        .allMatch(each -> told.getOrDefault(each.getKey(), Map.of()).size() >= each.getValue());
  }

  /** The time is over. */
  void timeOut() {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      ended = true;
    } finally {
      lock.unlock();
    }
    over.run();
    hub.callbacks()
        .execute(() -> done.completeExceptionally(new TimeoutException("an instance was silent")));
  }

  private static RemoteSocket known(HandledSocket socket) {
    return new RemoteSocket(socket.id(), socket.user(), socket.rooms());
  }

  /**
   * Pages as another instance tells them.
   *
   * @param begun begins an answer
   */
  static List<JsonWriter> pages(List<HandledSocket> sockets, Supplier<JsonWriter> begun) {
    List<JsonWriter> pages = new ArrayList<>();
    for (int from = 0; from == 0 || from < sockets.size(); from += PAGE) {
      JsonWriter page = begun.get().field("count", sockets.size()).name("sockets").beginArray();
      for (HandledSocket each : sockets.subList(from, Math.min(sockets.size(), from + PAGE))) {
        RemoteSocket socket = known(each);
        page.beginObject().field("id", socket.id()).optional("user", socket.user());
        page.name("rooms").beginArray();
        socket.rooms().forEach(page::string);
        page.endArray().endObject();
      }
      pages.add(page.endArray());
    }
    return pages;
  }
}
