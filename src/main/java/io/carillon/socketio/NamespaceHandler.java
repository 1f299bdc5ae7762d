package io.carillon.socketio;

/**
 * Handler of a namespace. Its methods are called on virtual threads and may block; those of one
 * socket one after another, in the order of what came, those of several sockets at the same time.
 * What a peer has sent and what is not handled yet is bounded in bytes; beyond that the peer is
 * held up, and its connection closed if the handler makes no progress for 5 seconds.
 *
 * <p>What a method throws is logged and told to nobody: an acknowledgement that was asked for does
 * not come, the connection lives on.
 */
public interface NamespaceHandler {
  /**
   * A client wants to come in. What is emitted to the socket here reaches the client behind the
   * news that it is in.
   *
   * @param socket with {@link ClientSocket#recovered()} if the client goes on with a session: then
   *     its rooms are joined already
   * @param auth what the client's option {@code auth} holds, an object
   * @throws ConnectRefusedException for a {@code connect_error} with a message and data; what else
   *     is thrown refuses too, with the message {@code internal}
   */
  default void connect(ClientSocket socket, Argument auth) throws ConnectRefusedException {}

  /**
   * A client has emitted an event.
   *
   * @param name never one of the names that Socket.IO reserves
   * @param args without the name, perhaps none
   * @param ack answers the client if it asks for that; else it does nothing
   */
  void event(ClientSocket socket, String name, Arguments args, Ack ack);

  /**
   * A socket has ended, after everything that it had sent before; called once for each that came
   * in. Its rooms are left already, and nothing reaches it any more.
   */
  default void disconnect(ClientSocket socket, DisconnectReason reason) {}
}
