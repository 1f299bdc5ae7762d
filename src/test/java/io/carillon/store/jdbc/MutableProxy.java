package io.carillon.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** A wire to the database on which its answers can be swallowed while requests still arrive. */
final class MutableProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean muted;
  private volatile String fatal = "";

  MutableProxy(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Connections that are open now lose what the database answers while this is on. */
  void mute(boolean on) {
    muted = on;
  }

  /** Connections lose all answers once they have said a word with this in it; empty: none does. */
  void muteAfter(String word) {
    fatal = word;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        AtomicBoolean said = new AtomicBoolean();
        threads.execute(() -> copy(client, server, text -> hears(said, text)));
        threads.execute(() -> copy(server, client, text -> !muted && !said.get()));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private boolean hears(AtomicBoolean said, String text) {
    String word = fatal;
    if (!word.isEmpty() && text.contains(word)) {
      said.set(true);
    }
    return true;
  }

  private void copy(Socket from, Socket to, Predicate<String> passes) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16384];
      int n = in.read(buffer);
      while (n >= 0) {
        if (passes.test(new String(buffer, 0, n, StandardCharsets.ISO_8859_1))) {
          out.write(buffer, 0, n);
        }
        n = in.read(buffer);
      }
    } catch (IOException closed) {
      return; // both ends are closed by now
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
