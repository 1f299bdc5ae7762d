package io.carillon.faults.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** WebSocket readers that join a room and then read a byte a second, or nothing at all. */
public final class StuckReaders implements AutoCloseable {
  private static final int BUFFER = 4096;

  private final AtomicLong cut = new AtomicLong();
  private final List<Socket> slow = new CopyOnWriteArrayList<>();
  private final List<Socket> stuck = new ArrayList<>();
  private volatile boolean closed;

  /** Connects and joins them all; as they are refused later, they do not come back. */
  public StuckReaders(List<URI> servers, String token, String room, int slowly, int never)
      throws IOException {
    for (int i = 0; i < slowly + never; i++) {
      Socket socket = join(servers.get(i % servers.size()), token, room);
      (i < slowly ? slow : stuck).add(socket);
    }
    Thread.ofVirtual().name("slow readers").start(this::read);
  }

  private static Socket join(URI server, String token, String room) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(BUFFER);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 5_000);
    String upgrade =
        "GET /ws HTTP/1.1\r\nHost: "
            + server.getAuthority()
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: carillon.v1\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n";
    socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = socket.getInputStream().read();
      if (c < 0) {
        throw new IOException("refused: " + head);
      }
      head.append((char) c);
    }
    byte[] text =
        ("{\"type\":\"join\",\"ref\":1,\"room\":\"" + room + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[text.length + 6];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | text.length);
    System.arraycopy(text, 0, frame, 6, text.length);
    socket.getOutputStream().write(frame);
    return socket;
  }

  /** How many of the slow ones the server has cut. */
  public long closedByServer() {
    return cut.get();
  }

  private void read() {
    try {
      while (!closed) {
        for (Socket socket : slow) {
          readOne(socket);
        }
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readOne(Socket socket) {
    try {
      if (!socket.isClosed()
          && socket.getInputStream().available() > 0
          && socket.getInputStream().read() < 0) {
        cut.incrementAndGet();
        socket.close();
      }
    } catch (IOException reset) {
      cut.incrementAndGet();
      slow.remove(socket);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (List<Socket> sockets : List.of(slow, stuck)) {
      for (Socket socket : sockets) {
        try {
          socket.close();
        } catch (IOException alreadyGone) {
          // Nothing is left to do.
        }
      }
    }
  }
}
