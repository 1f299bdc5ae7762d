package io.carillon.browser;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What stands before the servers in the wild: it keeps a page's origin while the server behind it
 * changes, and it can be a bad one, which knows no upgrade, holds streams back, or is gone. One
 * request a connection. Thread-safe.
 */
final class FrontDoor implements AutoCloseable {
  private static final int LONGEST_HEAD = 65_536;

  private final ServerSocket listener;
  private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final Map<String, Path> files = new ConcurrentHashMap<>();
  private volatile List<Integer> targets;
  private volatile boolean upgrades = true;
  private volatile boolean streams = true;
  private volatile boolean open = true;
  private volatile boolean closed;

  private enum Kind {
    PLAIN,
    STREAM,
    UPGRADE
  }

  private record Passage(Kind kind, Socket near, Socket far) {
    void cut() {
      shut(near);
      shut(far);
    }
  }

  /**
   * Opens a door on a free port.
   *
   * @param targets ports of servers, the first that can be connected to serves
   */
  FrontDoor(List<Integer> targets) throws IOException {
    this.targets = List.copyOf(targets);
    this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("door-" + listener.getLocalPort()).start(this::accept);
  }

  /** The origin of what is seen through this door. */
  String origin() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /**
   * Serves a file of the machine at a path, as a team's own web server does beside the product. A
   * page that a test only gives to the browser would not do: it is not on the machine for Chromium,
   * which then lets it open no socket here.
   */
  void serve(String path, Path file) {
    files.put(path, file);
  }

  /** From now on new connections go here; those that are open stay. */
  void targets(List<Integer> next) {
    targets = List.copyOf(next);
  }

  /** Whether WebSocket upgrades pass; if not they are refused, and those that are open are cut. */
  void upgrades(boolean pass) {
    upgrades = pass;
    if (!pass) {
      cut(Kind.UPGRADE);
    }
  }

  /** Whether streams pass; if not they are taken and held back, and those that are open are cut. */
  void streams(boolean pass) {
    streams = pass;
    if (!pass) {
      cut(Kind.STREAM);
    }
  }

  /** Whether anything passes at all; if not every connection is cut and none is made. */
  void open(boolean pass) {
    open = pass;
    if (!pass) {
      cut();
    }
  }

  /** Cuts every connection that is open. */
  void cut() {
    passages.forEach(Passage::cut);
  }

  /** The heads of the requests whose first line contains this, in the order they came. */
  List<String> requests(String path) {
    return heads.stream()
        .filter(head -> head.lines().findFirst().orElse("").contains(path))
        .toList();
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    cut();
  }

  private void cut(Kind kind) {
    passages.stream().filter(passage -> passage.kind() == kind).forEach(Passage::cut);
  }

  private void accept() {
    while (!closed) {
      try {
        Socket near = listener.accept();
        Thread.ofVirtual().start(() -> serve(near));
      } catch (IOException e) {
        if (!closed) {
          throw new IllegalStateException("the door cannot accept", e);
        }
      }
    }
  }

  private void serve(Socket near) {
    try (near) {
      near.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(near.getInputStream());
      String head = head(in);
      if (head.isEmpty() || !open) {
        return;
      }
      heads.add(head);
      Path file = files.get(head.split(" ", 3)[1]);
      if (file != null) {
        write(near.getOutputStream(), file);
        return;
      }
      String lower = head.toLowerCase(Locale.ROOT);
      Kind kind =
          lower.contains("\r\nupgrade: websocket")
              ? Kind.UPGRADE
              : lower.contains("\r\naccept: text/event-stream") ? Kind.STREAM : Kind.PLAIN;
      try (Socket far = kind == Kind.UPGRADE && !upgrades ? null : connect()) {
        if (far == null) {
          near.getOutputStream()
              .write(bytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"));
          return;
        }
        pass(new Passage(kind, near, far), in, head);
      }
    } catch (IOException e) {
      // One of the two has gone; the other learns it by its end.
    }
  }

  private static void write(OutputStream out, Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    String type = file.toString().endsWith(".html") ? "text/html" : "text/javascript";
    out.write(
        bytes(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(type, content.length)));
    out.write(content);
    out.flush();
  }

  private void pass(Passage passage, InputStream in, String head) throws IOException {
    passages.add(passage);
    boolean held = passage.kind() == Kind.STREAM && !streams;
    try {
      if (!open) {
        return;
      }
      OutputStream out = passage.far().getOutputStream();
      out.write(bytes(passage.kind() == Kind.UPGRADE ? head : lastOne(head)));
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  in.transferTo(out);
                } catch (IOException e) {
                  // Told by the end, as above.
                }
                passage.cut();
              });
      InputStream answer = passage.far().getInputStream();
      answer.transferTo(held ? OutputStream.nullOutputStream() : passage.near().getOutputStream());
    } finally {
      passages.remove(passage);
      passage.cut();
    }
  }

  private Socket connect() {
    for (int port : targets) {
      Socket far = new Socket();
      try {
        far.setTcpNoDelay(true);
        far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
        return far;
      } catch (IOException e) {
        shut(far);
      }
    }
    return null;
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0 || head.size() > LONGEST_HEAD) {
        return "";
      }
      head.write(next);
      matched = next == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  /** The same request, and the wish that the connection ends with its answer. */
  private static String lastOne(String head) {
    List<String> lines = new ArrayList<>(head.lines().toList());
    lines.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("connection:"));
    lines.add(1, "Connection: close");
    return String.join("\r\n", lines) + "\r\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
