package io.carillon.kit.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A connection over which a test writes what it likes. For one thread at a time. */
public final class RawHttp implements AutoCloseable {
  private static final int SMALL_BUFFER = 4096;

  private final Socket socket = new Socket();

  /** Connects, with small buffers, so that a server soon feels that nobody reads. */
  public RawHttp(URI server) throws IOException {
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSoTimeout((int) SocketClient.PATIENCE.multipliedBy(3).toMillis());
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
  }

  /** Writes ASCII as it is. */
  public RawHttp send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** The head of the next answer, or what came of it before the end. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    int next = in.read();
    while (next >= 0) {
      head.append((char) next);
      if (head.length() >= 4 && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
        break;
      }
      next = in.read();
    }
    return head.toString();
  }

  /** So many bytes of what comes next, or fewer if it ends before, as Latin-1. */
  public String some(int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** All that comes until the server ends it, as Latin-1. */
  public String all() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Ends it by a reset, as a process that dies does. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
