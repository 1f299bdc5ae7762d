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

  private Dialects() {}
}
