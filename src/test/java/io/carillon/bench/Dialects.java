package io.carillon.bench;

import java.util.List;

/** How the generator speaks to the peers, in its words; {@code fanload --help} explains them. */
final class Dialects {
  /** The room is in the address, and a message goes to the room that its marker names. */
  static final List<String> BARE = List.of("--mode", "ws", "--path", "/ws?room={r}");

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
          "42[\"pub\",\"{r}\",\"{d}\"]");

  private static final String HANDSHAKE =
      "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\","
          + "\"supportedConnectionTypes\":[\"websocket\"]}]";
  private static final String CONNECT =
      "{\"channel\":\"/meta/connect\",\"clientId\":\"{c}\",\"connectionType\":\"websocket\"}";
  private static final String SUBSCRIBE =
      "{\"channel\":\"/meta/subscribe\",\"clientId\":\"{c}\",\"subscription\":\"/bench/{r}\"}";

  /** Bayeux: each answer to a connect is followed by the next connect, or the session ends. */
  static final List<String> BAYEUX =
      List.of(
          "--mode",
          "ws",
          "--path",
          "/cometd",
          "--capture",
          "\"clientId\":\"",
          "--send",
          HANDSHAKE,
          "--expect",
          "/meta/handshake",
          "--send",
          "[" + CONNECT + "," + SUBSCRIBE + "]",
          "--expect",
          "/meta/subscribe",
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

  private Dialects() {}
}
