package io.carillon.bench;

import java.util.ArrayList;
import java.util.List;

/** How the generator speaks to the peers, in its words; {@code fanload --help} explains them. */
final class Dialects {
  /** The room is in the address, and a message goes to the room that its marker names. */
  static final List<String> BARE = List.of("--mode", "ws", "--path", "/ws?room={r}");

  private static final String PUBLISH = "42[\"pub\",\"{r}\",\"{d}\"]";

  /** What {@code peers/socketio.js} understands. */
  static final List<String> SOCKET_IO =
      List.of(
          "--mode",
          "socketio",
          "--send",
          "42[\"join\",\"{r}\"]",
          "--expect",
          "joined",
          "--pub-msg",
          PUBLISH);

  private static final String POLLING = " /socket.io/?EIO=4&transport=polling";
  private static final String SESSION = POLLING + "&sid={c}";

  /** The same by long polling; its publishers still have sockets. */
  static final List<String> SOCKET_IO_POLL =
      List.of(
          "--mode",
          "poll",
          "--capture",
          "\"sid\":\"",
          "--send",
          "GET" + POLLING,
          "--expect",
          "0{",
          "--send",
          "POST" + SESSION + " 40",
          "--expect",
          "ok",
          "--send",
          "GET" + SESSION,
          "--expect",
          "40",
          "--send",
          "POST" + SESSION + " 42[\"join\",\"{r}\"]",
          "--expect",
          "ok",
          "--send",
          "GET" + SESSION,
          "--expect",
          "joined",
          "--loop",
          "GET" + SESSION,
          "--pub-path",
          "/socket.io/?EIO=4&transport=websocket",
          "--pub-expect",
          "0{",
          "--pub-send",
          "40",
          "--pub-expect",
          "40",
          "--pub-msg",
          PUBLISH);

  private static final String HANDSHAKE = handshake("websocket");
  private static final String CONNECT = connect("websocket");
  private static final String SUBSCRIBE =
      "{\"channel\":\"/meta/subscribe\",\"clientId\":\"{c}\",\"subscription\":\"/bench/{r}\"}";

  /** How publishers speak Bayeux, whatever their readers do: by sockets. */
  private static final List<String> BAYEUX_PUBLISHER =
      List.of(
          "--capture",
          "\"clientId\":\"",
          "--pub-send",
          HANDSHAKE,
          "--pub-expect",
          "/meta/handshake",
          "--pub-send",
          "[" + CONNECT + "]",
          "--auto",
          "\"channel\":\"/meta/connect\"=>[" + CONNECT + "]",
          "--pub-msg",
          "[{\"channel\":\"/bench/{r}\",\"clientId\":\"{c}\",\"data\":\"{d}\"}]");

  /** Bayeux: each answer to a connect is followed by the next connect, or the session ends. */
  static final List<String> BAYEUX =
      with(
          BAYEUX_PUBLISHER,
          "--mode",
          "ws",
          "--path",
          "/cometd",
          "--send",
          HANDSHAKE,
          "--expect",
          "/meta/handshake",
          "--send",
          "[" + CONNECT + "," + SUBSCRIBE + "]",
          "--expect",
          "/meta/subscribe");

  /** The same by long polling. */
  static final List<String> BAYEUX_POLL =
      with(
          BAYEUX_PUBLISHER,
          "--mode",
          "poll",
          "--pub-path",
          "/cometd",
          "--ctype",
          "application/json",
          "--send",
          "POST /cometd/ " + handshake("long-polling"),
          "--expect",
          "/meta/handshake",
          "--send",
          "POST /cometd/ [" + SUBSCRIBE + "]",
          "--expect",
          "\"successful\":true",
          "--loop",
          "POST /cometd/ [" + connect("long-polling") + "]");

  private Dialects() {}

  private static String handshake(String by) {
    return "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\""
        + by
        + "\"]}]";
  }

  private static String connect(String by) {
    return "{\"channel\":\"/meta/connect\",\"clientId\":\"{c}\",\"connectionType\":\"" + by + "\"}";
  }

  private static List<String> with(List<String> words, String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }
}
