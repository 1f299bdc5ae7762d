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
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Listing of the sockets of all instances, page by page. Thread-safe. */
final class SocketList extends ClusterAnswers<List<RemoteSocket>> {
  private static final int PAGE = 100;
  private static final int DEPTH = 8;

  /** Sockets by instance and id. */
  private final Map<String, Map<String, RemoteSocket>> told = new HashMap<>();

  /**
   * Begins without a socket.
   *
   * @param over run once, when no answer counts any more
   */
  SocketList(SocketHub hub, Runnable over) {
    super(hub, over);
  }

  /** Adds the sockets of this instance. */
  void here(List<HandledSocket> sockets) {
    update(
        () -> {
          sockets.forEach(socket -> add("", known(socket)));
          count("", told.getOrDefault("", Map.of()).size());
        });
  }

  /** Takes a page of another instance. */
  @Override
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
    long sockets = answer.integer("count", 0);
    update(
        () -> {
          page.forEach(socket -> add(from, socket));
          count(from, sockets);
        });
  }

  private void add(String instance, RemoteSocket socket) {
    told.computeIfAbsent(instance, i -> new LinkedHashMap<>()).put(socket.id(), socket);
  }

  @Override
  boolean whole(Map<String, Long> sockets) {
    return sockets.entrySet().stream()
        .allMatch(each -> told.getOrDefault(each.getKey(), Map.of()).size() >= each.getValue());
  }

  @Override
  List<RemoteSocket> soFar() {
    Map<String, RemoteSocket> once = new LinkedHashMap<>();
    told.values().forEach(once::putAll);
    return List.copyOf(once.values());
  }

  @Override
  Exception late(List<RemoteSocket> soFar) {
    return new TimeoutException("an instance was silent");
  }

  private static RemoteSocket known(HandledSocket socket) {
    return new RemoteSocket(socket.id(), socket.user(), socket.rooms());
  }

  /**
   * Pages of sockets as answers to another instance.
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
