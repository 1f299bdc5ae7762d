package io.carillon.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A wire to the database on which its answers can be swallowed while requests still arrive. */
final class MutableProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean muted;

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

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        threads.execute(() -> copy(client, server, false));
        threads.execute(() -> copy(server, client, true));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private void copy(Socket from, Socket to, boolean mutable) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16384];
      int n = in.read(buffer);
      while (n >= 0) {
        if (!mutable || !muted) {
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
