package io.carillon.faults.client;

import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import java.net.URI;
import java.time.Duration;

/** A reader at one instance whose rights are withdrawn at another one (G12). */
public final class RevokedReader implements AutoCloseable {
  private static final Duration AT_MOST = Duration.ofSeconds(5);

  private final RunContext context;
  private final String user;
  private final SocketClient socket;
  private int before;

  /** Begins to read a room. */
  public RevokedReader(RunContext context, URI server, String user, String room) {
    this.context = context;
    this.user = user;
    this.socket = SocketClient.connect(context.http(), server, context.token(user));
    socket.join(room, "");
  }

  /** Refuses its token from now on; durable when this returns. */
  public void revoke(URI server) {
    int answer =
        Calls.operator(context.http(), server)
            .send("DELETE", "/api/users/" + user + "/connections?revoke=true", "")
            .statusCode();
    if (answer != 204) {
      throw new IllegalStateException("revoke: " + answer);
    }
  }

  /** From now on nothing of the room may come. */
  public void noMore() {
    before = events();
  }

  /**
   * Waits until it is sent away, and tells how many events came that should not have.
   *
   * @throws AssertionError if it is not sent away within five seconds
   */
  public int untilSentAway() {
    socket.awaitClose(AT_MOST);
    return events() - before;
  }

  private int events() {
    return (int)
        socket.frames().stream().filter(f -> f.getString("type", "").equals("event")).count();
  }

  @Override
  public void close() {
    socket.abort();
  }
}
