package io.carillon.kit.client;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * A WebSocket whose frames are written one by one, as no library would: parts of messages, parts of
 * characters, messages without an end. Reads what it needs and nothing of what is in it. For one
 * thread at a time.
 */
public final class FrameSocket implements AutoCloseable {
  /** The first frame of a text. */
  public static final int TEXT = 1;

  /** A frame that goes on with what the one before began. */
  public static final int MORE = 0;

  /** A ping. */
  public static final int PING = 9;

  private static final int PONG = 10;
  private static final int CLOSE = 8;
  private static final byte[] MASK = {1, 2, 3, 4};

  private final Socket socket;
  private final DataInputStream in;
  private int lastOpcode;

  private FrameSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** Makes the handshake with a token. */
  public static FrameSocket connect(
      SocketFactory factory, URI server, String target, String token) {
    try {
      Socket socket = factory.createSocket(server.getHost(), server.getPort());
      socket.setSoTimeout((int) SocketClient.PATIENCE.toMillis());
      String handshake =
          """
          GET %s HTTP/1.1\r
          Host: %s:%d\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
          Sec-WebSocket-Protocol: carillon.v1\r
          Authorization: Bearer %s\r
          \r
          """
              .formatted(target, server.getHost(), server.getPort(), token);
      socket.getOutputStream().write(handshake.getBytes(StandardCharsets.US_ASCII));
      FrameSocket frames = new FrameSocket(socket);
      String status = frames.head();
      if (!status.startsWith("HTTP/1.1 101 ")) {
        socket.close();
        throw new AssertionError(status);
      }
      return frames;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private static byte[] frame(int opcode, boolean last, byte... content) {
    ByteBuffer frame = ByteBuffer.allocate(content.length + 14);
    frame.put((byte) (opcode | (last ? 0x80 : 0)));
    if (content.length < 126) {
      frame.put((byte) (0x80 | content.length));
    } else if (content.length < 65_536) {
      frame.put((byte) (0x80 | 126)).putShort((short) content.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(content.length);
    }
    frame.put(MASK);
    for (int i = 0; i < content.length; i++) {
      frame.put((byte) (content[i] ^ MASK[i % 4]));
    }
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    return bytes;
  }

  /** Sends a frame. */
  public void send(int opcode, boolean last, byte... content) throws IOException {
    socket.getOutputStream().write(frame(opcode, last, content));
  }

  /** The next text message of the server, each in one frame as far as tests go; answers nothing. */
  public String text() throws IOException {
    while (true) {
      byte[] content = next();
      if (lastOpcode == TEXT) {
        return new String(content, StandardCharsets.UTF_8);
      }
      if (lastOpcode == CLOSE) {
        throw new EOFException("closed with " + code(content));
      }
    }
  }

  /** The next text message that holds these words. */
  public String text(String words) throws IOException {
    String text = text();
    while (!text.contains(words)) {
      text = text();
    }
    return text;
  }

  /** Waits for a pong. */
  public void awaitPong() throws IOException {
    do {
      var unused = next();
    } while (lastOpcode != PONG);
  }

  /** Waits until the server closes; 1006 if it just ends. */
  public int awaitClose(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    try {
      while (true) {
        byte[] content = next();
        if (lastOpcode == CLOSE) {
          return code(content);
        }
      }
    } catch (EOFException ended) {
      return 1006;
    }
  }

  private static int code(byte[] content) {
    return content.length < 2 ? 1005 : ByteBuffer.wrap(content).getShort() & 0xffff;
  }

  private byte[] next() throws IOException {
    lastOpcode = in.readUnsignedByte() & 0x0f;
    int length = in.readUnsignedByte();
    int size =
        switch (length) {
          case 126 -> in.readUnsignedShort();
          case 127 -> Math.toIntExact(in.readLong());
          default -> length;
        };
    byte[] content = new byte[size];
    in.readFully(content);
    return content;
  }

  /** Ends it without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
