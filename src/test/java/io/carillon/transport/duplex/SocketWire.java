package io.carillon.transport.duplex;

import io.carillon.contract.Wire;
import io.carillon.protocol.Message;
import io.carillon.protocol.Protocol;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A client's end of a WebSocket. */
final class SocketWire extends Wire implements WebSocket.Listener {
  private final StringBuilder text = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private @Nullable WebSocket socket;

  /** Opens it; null: 401. */
  static @Nullable SocketWire open(
      HttpClient http, URI address, Protocol protocol, @Nullable String token) {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    protocol.subprotocols().forEach(builder::subprotocols);
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    SocketWire wire = new SocketWire();
    try {
      wire.socket = builder.buildAsync(address, wire).join();
      return wire;
    } catch (CompletionException refused) {
      if (refused.getCause() instanceof WebSocketHandshakeException handshake
          && handshake.getResponse().statusCode() == 401) {
        return null;
      }
      throw refused;
    }
  }

  @Override
  public void send(Message message) {
    WebSocket open = Objects.requireNonNull(socket);
    try {
      var unused =
          switch (message) {
            case Message.Text t -> open.sendText(t.text(), true).join();
            case Message.Bytes b -> open.sendBinary(ByteBuffer.wrap(b.bytes()), true).join();
          };
    } catch (CompletionException closed) {
      // How it was closed is told to the listener.
    }
  }

  @Override
  public void close() {
    Objects.requireNonNull(socket).abort();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    text.append(part);
    if (last) {
      heard(new Message.Text(text.toString()));
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    byte[] piece = new byte[part.remaining()];
    part.get(piece);
    bytes.writeBytes(piece);
    if (last) {
      heard(new Message.Bytes(bytes.toByteArray()));
      bytes.reset();
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended(code, reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended(1006, error.toString());
  }
}
