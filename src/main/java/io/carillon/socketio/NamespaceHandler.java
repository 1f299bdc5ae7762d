package io.carillon.socketio;

/**
 * Handler of a namespace. Its methods are called on virtual threads and may block: for one socket
 * one after another, in the order of its packets; for several sockets concurrently. The packets of
 * a peer that wait for the handler are bounded in bytes; beyond the bound the server stops reading
 * from the peer, and closes its connection if the handler makes no progress for 5 seconds.
 *
 * <p>What a method throws is logged and told to nobody: an acknowledgement that was asked for does
 * not come, the connection lives on.
 */
public interface NamespaceHandler {
  /**
   * CONNECT of a client. What is emitted to the socket here reaches the client after the answer to
   * its CONNECT.
   *
   * @param socket with {@link ClientSocket#recovered()} if the client goes on with a session: then
   *     its rooms are joined already
   * @param auth what the client's option {@code auth} holds, an object
   * @throws ConnectRefusedException for a {@code connect_error} with a message and data; what else
   *     is thrown refuses too, with the message {@code internal}
   */
  default void connect(ClientSocket socket, Argument auth) throws ConnectRefusedException {}

  /**
   * Event of a client.
   *
   * @param name never one of the names that Socket.IO reserves
   * @param args without the name, perhaps none
   * @param ack answers the client if it asks for that; else it does nothing
   */
  void event(ClientSocket socket, String name, Arguments args, Ack ack);

  /**
   * End of a socket, after its last event; called once for each socket that was let in, unless the
   * instance is killed. It has left its rooms, and nothing that is emitted reaches it. Events that
   * wait when the server ends the socket are not handled; those that wait when the client leaves or
   * its link breaks are, within a bound of the instance.
   */
  default void disconnect(ClientSocket socket, DisconnectReason reason) {}
}
