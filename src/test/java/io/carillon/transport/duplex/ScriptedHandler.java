package io.carillon.transport.duplex;

import io.carillon.socketio.Ack;
import io.carillon.socketio.Argument;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.ClientSocket;
import io.carillon.socketio.ConnectRefusedException;
import io.carillon.socketio.DisconnectReason;
import io.carillon.socketio.NamespaceHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A handler whose clients say what it is to do, and which notes what happens to it. */
final class ScriptedHandler implements NamespaceHandler {
  /** A line of the chat. */
  @SuppressWarnings("ArrayRecordComponent")
  record Line(String text, byte @Nullable [] picture) {}

  final BlockingQueue<String> notes = new LinkedBlockingQueue<>();

  /** Held while the handler is slow: see {@link #pause}. */
  volatile CountDownLatch slow = new CountDownLatch(0);

  String note() throws InterruptedException {
    String note = notes.poll(10, TimeUnit.SECONDS);
    return note == null ? "nothing" : note;
  }

  /** Notes that it begins to wait, and waits until it is no longer slow. */
  private void pause(String what) {
    notes.add(what);
    try {
      slow.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws anything, as a handler in a language without checked exceptions may. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> void throwAny(Throwable any) throws E {
    throw (E) any;
  }

  @Override
  public void connect(ClientSocket socket, Argument auth) throws ConnectRefusedException {
    Object refuse = auth.value().asJsonObject().get("refuse");
    if (refuse != null) {
      throw new ConnectRefusedException("not you", Map.of("why", refuse));
    }
    if (auth.json().contains("break")) {
      throw new IllegalStateException("broken on purpose");
    }
    if (auth.json().contains("slow")) {
      pause("enters " + socket.user());
    }
    notes.add("in " + socket.user() + (socket.recovered() ? " again" : ""));
    socket.emit("welcome", socket.user());
    if (auth.json().contains("lobby")) {
      socket.join("lobby");
    }
  }

  @Override
  public void event(ClientSocket socket, String name, Arguments args, Ack ack) {
    switch (name) {
      case "echo" -> ack.send(args.toArray());
      case "twice" -> notes.add(ack.send(1) + " " + ack.send(2));
      case "line" -> {
        Line line = args.as(0, Line.class);
        ack.send(line, line == null || line.picture() == null ? -1 : line.picture().length);
      }
      case "join" -> {
        socket.join(args.string(0));
        ack.send(socket.rooms());
      }
      case "leave" -> {
        socket.leave(args.string(0));
        ack.send(socket.rooms());
      }
      case "say" -> {
        var unused =
            socket
                .to(args.string(0))
                .emit("said", args.get(1), socket.user())
                .thenAccept(stored -> ack.send(stored.getFirst().room()));
      }
      case "all" -> {
        var unused = socket.namespace().to("lobby", "hall").emit("chat message", args.toArray());
      }
      case "fleeting" -> socket.namespace().emitVolatile("fleeting", args.get(0));
      case "ask" ->
          notes.add(
              socket
                  .emitWithAck(Duration.ofMillis(args.as(0, Long.class)), "question", 7)
                  .handle((answer, late) -> late == null ? "got " + answer : late.getMessage())
                  .toCompletableFuture()
                  .join());
      case "ask all" ->
          notes.add(
              socket
                  .namespace()
                  .emitWithAck(Duration.ofMillis(args.as(0, Long.class)), "question", 8)
                  .handle(
                      (all, late) ->
                          late == null ? "got " + all.size() : "late " + late.getMessage())
                  .toCompletableFuture()
                  .join());
      case "sockets" ->
          notes.add(
              "sockets "
                  + socket.namespace().sockets().toCompletableFuture().join().stream()
                      .map(each -> each.user() + each.rooms())
                      .sorted()
                      .toList());
      case "emit" -> {
        pause("emits");
        for (int i = args.as(0, Integer.class); i > 0; i--) {
          socket.emit("emitted", i);
        }
      }
      case "ask later" -> {
        for (int i = args.as(0, Integer.class); i > 0; i--) {
          var unused =
              socket
                  .emitWithAck(Duration.ofMillis(args.as(1, Long.class)), "question", i)
                  .handle((answer, late) -> late == null ? "got " + answer : late.getMessage())
                  .thenAccept(notes::add);
        }
      }
      case "large question" -> {
        var unused = socket.namespace().emitWithAck(Duration.ofMinutes(1), "question", args.get(0));
      }
      case "wait" -> {
        pause("waits");
        socket.data("waited");
        ack.send();
      }
      case "throw any" -> ScriptedHandler.<RuntimeException>throwAny(new IOException("on purpose"));
      case "all join" -> socket.namespace().join(args.string(0));
      case "all out" -> socket.broadcast().disconnect(false);
      case "out" -> socket.disconnect(args.size() > 0);
      case "throw" -> throw new IllegalStateException("on purpose");
      case "bad emit" -> socket.emit("disconnect");
      case "remember" -> {
        socket.data(new Line(args.string(0), null));
        ack.send();
      }
      case "recall" -> {
        Line line = socket.data(Line.class);
        ack.send(line == null ? null : line.text());
      }
      default -> notes.add(name + args);
    }
  }

  @Override
  public void disconnect(ClientSocket socket, DisconnectReason reason) {
    if ("keeper".equals(socket.user())) {
      socket.data("kept");
    }
    if ("lingerer".equals(socket.user())) {
      pause("leaves lingerer");
    }
    notes.add("out " + socket.user() + ' ' + reason.text());
  }
}
