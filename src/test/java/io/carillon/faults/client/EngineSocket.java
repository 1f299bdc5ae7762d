package io.carillon.faults.client;

import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * WebSocket of Engine.IO 4 for one thread: messages are taken one after another, pings are
 * answered, and 50 s of silence count as broken, since the server pings every 25 s.
 */
final class EngineSocket implements AutoCloseable {
  private static final long SILENCE_SECONDS = 50;

  /** No packet of Engine.IO is empty. */
  private static final String END = "";

  private final BlockingQueue<String> packets = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private volatile String over = "";

  EngineSocket(RunContext context, URI server) throws InterruptedException {
    String path = server.resolve("/socket.io/?EIO=4&transport=websocket").toString();
    try {
      socket =
          context
              .http()
              .newWebSocketBuilder()
              .connectTimeout(Duration.ofSeconds(10))
              .buildAsync(URI.create("ws" + path.substring("http".length())), new In())
              .get(15, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Reader.Broken("no socket: " + e);
    }
  }

  /** Sends a packet of Socket.IO. */
  void send(String packet) throws InterruptedException {
    write("4" + packet);
  }

  private void write(String text) throws InterruptedException {
    try {
      socket.sendText(text, true).get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Reader.Broken("not sent: " + e);
    }
  }

  /** The next packet of Socket.IO. */
  String next() throws InterruptedException {
    while (true) {
      String packet = packets.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
      if (packet == null) {
        throw new Reader.Broken("silent");
      }
      if (packet.isEmpty()) {
        throw new Reader.Broken(over);
      }
      switch (packet.charAt(0)) {
        case '2' -> write("3");
        case '4' -> {
          return packet.substring(1);
        }
        default -> {}
      }
    }
  }

  /** Cuts the link without a word. */
  void abort() {
    socket.abort();
    end("aborted");
  }

  /** Ends the link; the session is not left, and may be recovered. */
  @Override
  public void close() {
    socket.abort();
  }

  private void end(String why) {
    if (over.isEmpty()) {
      over = why;
    }
    packets.add(END);
  }

  private final class In implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        packets.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end("closed " + code + ' ' + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      end("broken: " + error);
    }
  }
}
