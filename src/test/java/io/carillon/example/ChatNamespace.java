package io.carillon.example;

import io.carillon.socketio.Ack;
import io.carillon.socketio.Argument;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.Broadcast;
import io.carillon.socketio.ClientSocket;
import io.carillon.socketio.ConnectRefusedException;
import io.carillon.socketio.DisconnectReason;
import io.carillon.socketio.NamespaceHandler;
import io.carillon.socketio.SocketNamespace;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chat: a lobby, lines, a poll among who is there. */
@ApplicationScoped
@SocketNamespace("/chat")
public class ChatNamespace implements NamespaceHandler {
  record Line(@Nullable String from, String text) {}

  @Override
  public void connect(ClientSocket socket, Argument auth) throws ConnectRefusedException {
    if ("mallory".equals(socket.user())) {
      throw new ConnectRefusedException("banned", Map.of("until", 1_900_000_000));
    }
    socket.join("lobby");
    if (!socket.recovered()) {
      socket.to("lobby").emit("joined", socket.user());
    }
  }

  @Override
  public void event(ClientSocket socket, String name, Arguments args, Ack ack) {
    Broadcast lobby = socket.namespace().to("lobby");
    switch (name) {
      case "chat message" ->
          socket
              .to("lobby")
              .emit("chat message", new Line(socket.user(), args.string(0)))
              .thenRun(() -> ack.send("delivered"));
      case "typing" -> lobby.except(socket).emitVolatile("typing", socket.user());
      case "poll" ->
          lobby
              .emitWithAck(Duration.ofSeconds(5), "vote", args.get(0))
              .thenAccept(votes -> ack.send(votes.stream().map(vote -> vote.get(0)).toList()));
      case "who" -> socket.namespace().sockets().thenAccept(ack::send);
      case "bye" -> socket.disconnect(true);
      default -> {}
    }
  }

  @Override
  public void disconnect(ClientSocket socket, DisconnectReason reason) {
    socket.to("lobby").emit("left", socket.user(), reason.text());
  }
}
