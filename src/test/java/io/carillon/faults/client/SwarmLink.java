package io.carillon.faults.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One reader of a {@link Swarm}: the least of RFC 6455 that a reader needs, and its cursor. Used by
 * the swarm's thread only.
 */
final class SwarmLink implements Comparable<SwarmLink> {
  private static final Pattern POSITION =
      Pattern.compile("\"type\":\"event\".*?\"seq\":(\\d+),\"epoch\":\"([a-z0-9]+)\"");
  private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\"");
  private static final Pattern HEAD = Pattern.compile("\"head\":\"([^\"]+)\"");
  private static final Pattern RETRY = Pattern.compile("\"retryAfter\":(\\d+)");
  private static final Pattern RETURN = Pattern.compile("\"reconnectIn\":(\\d+)");

  private final String room;
  private final String more;
  long due;

  /** Which instance is next: another one after each failure, as any balancer would choose. */
  int server;

  long comeBack;
  boolean joined;
  SocketChannel channel;
  private String request = "";
  private String cursor = "";
  private int tries;
  private boolean upgraded;
  private byte[] rest = new byte[0];
  private final ByteArrayOutputStream message = new ByteArrayOutputStream(32);

  SwarmLink(String room, String more) {
    this.room = room;
    this.more = more;
  }

  /** What one read brought. */
  static final class Counts {
    int frames;
    int events;
    int presence;
    int wrong;
    int resyncs;
    boolean over;
  }

  @Override
  public int compareTo(SwarmLink other) {
    return Long.compare(due - other.due, 0);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  void begin(SocketChannel opened, InetSocketAddress server, String token) {
    channel = opened;
    request =
        "GET /ws HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                .formatted(server.getHostString(), server.getPort())
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: carillon.v1\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n";
    tries++;
  }

  /** Full jitter below this many milliseconds: 1 s, doubling to 30 s. */
  int backoff() {
    return Math.min(30_000, 1_000 << Math.min(5, Math.max(0, tries - 1)));
  }

  void request() throws IOException {
    write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
  }

  void end() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException alreadyClosed) {
      // Nothing is left to do.
    }
    channel = null;
    joined = false;
    upgraded = false;
    rest = new byte[0];
    message.reset();
    comeBack = 0;
  }

  /** Takes bytes of the server. */
  Counts take(ByteBuffer in) throws IOException {
    byte[] all = Arrays.copyOf(rest, rest.length + in.remaining());
    in.get(all, rest.length, in.remaining());
    Counts counts = new Counts();
    int at = 0;
    if (!upgraded) {
      String head = new String(all, StandardCharsets.ISO_8859_1);
      int end = head.indexOf("\r\n\r\n");
      if (end < 0) {
        rest = all;
        return counts;
      }
      if (!head.startsWith("HTTP/1.1 101")) {
        counts.over = true;
        return counts;
      }
      upgraded = true;
      at = end + 4;
      String after = cursor.isEmpty() ? "" : ",\"after\":\"" + cursor + '"';
      send("{\"type\":\"join\",\"ref\":1,\"room\":\"" + room + '"' + after + more + '}');
    }
    while (at + 2 <= all.length) {
      int length = all[at + 1] & 0x7f;
      int header = length < 126 ? 2 : length == 126 ? 4 : 10;
      if (at + header > all.length) {
        break;
      }
      if (header > 2) {
        ByteBuffer size = ByteBuffer.wrap(all, at + 2, header - 2);
        length = header == 4 ? size.getShort() & 0xffff : (int) size.getLong();
      }
      if (at + header + length > all.length) {
        break;
      }
      frame(all[at], all, at + header, length, counts);
      at += header + length;
    }
    rest = Arrays.copyOfRange(all, at, all.length);
    return counts;
  }

  private void frame(byte first, byte[] bytes, int from, int length, Counts counts)
      throws IOException {
    int opcode = first & 0x0f;
    boolean last = first < 0;
    if (opcode == 8) {
      counts.over = true;
      return;
    }
    if (opcode == 9) {
      write(masked(10, Arrays.copyOfRange(bytes, from, from + length)));
      return;
    }
    message.write(bytes, from, length);
    if (last) {
      String text = message.toString(StandardCharsets.UTF_8);
      message.reset();
      message(text, counts);
    }
  }

  private void message(String text, Counts counts) throws IOException {
    counts.frames++;
    if (text.contains("\"type\":\"ok\"")) {
      joined = true;
      tries = 0;
      Matcher given = CURSOR.matcher(text);
      if (given.find()) {
        cursor = given.group(1);
      }
    }
    if (text.contains("\"type\":\"resync\"")) {
      counts.resyncs++;
      Matcher head = HEAD.matcher(text);
      if (head.find()) {
        cursor = head.group(1);
      }
    }
    if (text.contains("\"type\":\"presence\"") || text.contains("\"type\":\"members\"")) {
      counts.presence++;
    }
    if (text.contains("\"type\":\"ping\"")) {
      send("{\"type\":\"pong\"}");
    }
    if (text.contains("\"type\":\"error\"")) {
      // The join was refused, for too many join at once: another try, perhaps elsewhere.
      Matcher in = RETRY.matcher(text);
      comeBack = in.find() ? Long.parseLong(in.group(1)) : 0;
      counts.over = true;
    }
    if (text.contains("\"type\":\"goodbye\"")) {
      Matcher in = RETURN.matcher(text);
      comeBack = in.find() ? Long.parseLong(in.group(1)) : 0;
    }
    Matcher event = POSITION.matcher(text);
    while (event.find()) {
      counts.events++;
      long seq = Long.parseLong(event.group(1));
      long last = Long.parseLong(cursor.substring(cursor.indexOf('.') + 1));
      counts.wrong += seq == last + 1 ? 0 : 1;
      cursor = event.group(2) + "." + seq;
    }
  }

  private void send(String text) throws IOException {
    write(masked(1, text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A frame under the mask zero, which leaves the bytes as they are. */
  private static ByteBuffer masked(int opcode, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    frame.put((byte) (0x80 | opcode));
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    return frame.putInt(0).put(payload).flip();
  }

  /** What is sent is so little that the kernel takes it at once. */
  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        throw new IOException("the kernel takes no more");
      }
    }
  }
}
