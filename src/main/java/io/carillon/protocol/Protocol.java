package io.carillon.protocol;

import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import java.time.Duration;
import java.util.List;

/**
 * A message protocol over a two-way carrier, for instance {@code carillon.v1} over WebSocket: where
 * it is spoken, with whom, and how a connection of it lives, speaks and ends. Stateless and
 * thread-safe; what belongs to one connection is in its {@link Codec}.
 */
public interface Protocol {
  /** The path of the product's own socket. */
  String SOCKET = "/ws";

  /** Largest message where a protocol does not say otherwise, in bytes. */
  int MAX_MESSAGE = 128 * 1024;

  /** Who may open a connection. */
  enum Admission {
    /** Who has a credential that was found good before. */
    CREDENTIAL,
    /**
     * Anybody, and what credential the request has is not looked at: the protocol has its own. All
     * open as nobody, without any right, and show it in time as with {@link #ANYBODY}.
     */
    OWN,
    /**
     * Anybody: who has no credential opens as nobody, without any right, and must show one within
     * {@link Liveness#ADMISSION}.
     */
    ANYBODY
  }

  /** What carries its connections. */
  enum Carriage {
    /** A socket of its own. */
    SOCKET,
    /** Engine.IO: polls, a socket, or polls that move to a socket. */
    ENGINE_IO
  }

  /** Its name. */
  String name();

  /** Its names as a WebSocket sub-protocol; none: no sub-protocol is chosen. */
  default List<String> subprotocols() {
    return List.of(name());
  }

  /** Where it is spoken; a segment in braces is a variable: {@code /app/{key}}. */
  default List<String> paths() {
    return List.of(SOCKET);
  }

  /** What carries its connections. */
  default Carriage carriage() {
    return Carriage.SOCKET;
  }

  /** Who may open a connection. */
  default Admission admission() {
    return Admission.CREDENTIAL;
  }

  /** The largest message of a peer, in bytes. */
  default int maxMessage() {
    return MAX_MESSAGE;
  }

  /**
   * How its connections show that they live.
   *
   * @param heartbeat the instance's own
   */
  default Liveness liveness(Duration heartbeat) {
    return new Liveness(heartbeat, true, Duration.ZERO);
  }

  /**
   * The one encoder of this protocol, for what is sent unasked: its frames are shared by all
   * connections. It also says how a connection takes leave.
   */
  FrameEncoder encoder();

  /**
   * The codec of a new connection.
   *
   * @param peer what its request said
   */
  Codec open(Peer peer);
}
