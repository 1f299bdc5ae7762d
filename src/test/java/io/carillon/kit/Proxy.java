package io.carillon.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on the loopback address that can break what passes through it: between a client and
 * an instance, or an instance and its database. Needs no privileges.
 *
 * <p>Every connection has two virtual threads, one a direction; they look at the mode before each
 * chunk, so a change of mode holds for the connections that are open. Thread-safe.
 */
public final class Proxy implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
  private volatile InetSocketAddress target;
  private volatile ProxyMode mode = ProxyMode.pass();
  private volatile boolean closed;

  private Proxy(ServerSocket listener, InetSocketAddress target) {
    this.listener = listener;
    this.target = target;
  }

  /** Listens on a free port and forwards to a port of the loopback address. */
  public static Proxy to(int port) throws IOException {
    return to(port, 0);
  }

  /**
   * The same with small kernel buffers towards whoever connects.
   *
   * @param buffer bytes of the receive and send buffers; 0: the system's default
   */
  public static Proxy to(int port, int buffer) throws IOException {
    ServerSocket listener = new ServerSocket();
    if (buffer > 0) {
      listener.setReceiveBufferSize(buffer);
    }
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    Proxy proxy = new Proxy(listener, address(port));
    Thread.ofVirtual().name("proxy-" + listener.getLocalPort()).start(() -> proxy.accept(buffer));
    return proxy;
  }

  /** The port to connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** What happens to the bytes now. */
  public ProxyMode mode() {
    return mode;
  }

  /** Changes what happens to the bytes of open and of new connections. */
  public void mode(ProxyMode next) {
    mode = next;
    if (next.resets()) {
      reset();
    }
    links.forEach(ProxyLink::wake);
  }

  /** From now on new connections go to this port; those that are open stay. */
  public void target(int port) {
    target = address(port);
  }

  /** Resets every open connection on both sides. */
  public void reset() {
    links.forEach(ProxyLink::reset);
  }

  /** Ends the direction towards the target of every open connection (FIN), the other stays. */
  public void halfClose() {
    links.forEach(ProxyLink::halfClose);
  }

  /** How many connections are open. */
  public int connections() {
    return links.size();
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    reset();
  }

  private void accept(int buffer) {
    while (!closed) {
      try {
        Socket near = listener.accept();
        if (buffer > 0) {
          near.setSendBufferSize(buffer);
        }
        Thread.ofVirtual().start(() -> connect(near));
      } catch (IOException e) {
        if (!closed) {
          throw new IllegalStateException("the proxy cannot accept", e);
        }
      }
    }
  }

  private void connect(Socket near) {
    if (mode.resets()) {
      ProxyLink.reset(near);
      return;
    }
    Socket far = new Socket();
    ProxyLink link = new ProxyLink(near, far, this::mode, links::remove);
    links.add(link);
    try {
      link.awaitOpen();
      far.connect(target, 5_000);
      link.start();
    } catch (IOException e) {
      link.reset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      link.reset();
    }
    if (closed) {
      link.reset();
    }
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
