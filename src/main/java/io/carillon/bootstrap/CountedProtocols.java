package io.carillon.bootstrap;

import io.carillon.protocol.json.CarillonV1;
import io.carillon.protocol.page.JsonPages;
import io.carillon.protocol.pusher.PusherProtocol;
import io.carillon.protocol.socketio.SocketIo;
import io.carillon.protocol.sse.EventStream;
import java.util.List;

/** Protocols that have metrics of their own; any other is counted as {@code other}. */
final class CountedProtocols {
  /** Their names, as they are in the tag {@code protocol}. */
  static final List<String> NAMES =
      List.of(
          CarillonV1.NAME, EventStream.NAME, JsonPages.NAME, PusherProtocol.NAME, SocketIo.NAME);

  private CountedProtocols() {}
}
