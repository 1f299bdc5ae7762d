package io.carillon.kit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Free and taken TCP ports of this machine. */
public final class Ports {
  /** What servers of this JVM were given; such a server may be down at the moment. */
  private static final Set<Integer> RESERVED = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** True if nobody listens on the port of that address and this process may. */
  public static boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(
          host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A free HTTP port on the loopback address whose HTTPS port (363 above) is free too, for a server
   * of this JVM: given to nobody else. Below the range from which systems draw client ports, so
   * that none takes it meanwhile.
   */
  public static int takeHttp() {
    int start = 20_000 + Math.floorMod(ProcessHandle.current().pid() * 37, 9_000);
    for (int port = start; port < 32_000; port++) {
      if (isFree("127.0.0.1", port) && isFree("127.0.0.1", port + 363) && reserve(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port from " + start);
  }

  private static boolean reserve(int port) {
    synchronized (RESERVED) {
      return !RESERVED.contains(port + 363) && RESERVED.add(port) && RESERVED.add(port + 363);
    }
  }

  /** A free port of the system's choice on the loopback address. */
  public static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
