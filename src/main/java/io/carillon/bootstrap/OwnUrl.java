package io.carillon.bootstrap;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Address by which the other instances reach this one: that of the settings, else the one that the
 * server listens at with its HTTP port. A server that listens at all addresses is reached by the
 * one from which it speaks with the database, for all instances reach that. Thread-safe.
 */
final class OwnUrl implements Supplier<@Nullable String> {
  private final Settings.Neighbourhood set;
  private final String host;
  private final int port;
  private final Settings.Database database;
  private volatile @Nullable String known;

  OwnUrl(Settings settings) {
    this(settings.neighbourhood(), settings.host(), settings.port(), settings.database());
  }

  OwnUrl(Settings.Neighbourhood set, String host, int port, Settings.Database database) {
    this.set = set;
    this.host = host;
    this.port = port;
    this.database = database;
  }

  /** The address; null: there is no HTTP port, or it cannot be found now. May look up a name. */
  @Override
  public @Nullable String get() {
    String url = known;
    if (url == null) {
      url = find();
      known = url;
    }
    return url;
  }

  private @Nullable String find() {
    if (!set.url().isEmpty()) {
      return set.url();
    }
    String at = Door.isAnywhere(host) && port > 0 ? towardsTheDatabase() : host;
    if (port <= 0 || at == null) {
      return null;
    }
    boolean bare = at.indexOf(':') >= 0 && !at.startsWith("[");
    return "http://" + (bare ? '[' + at + ']' : at) + ':' + port + '/';
  }

  /** The own address on the way to the database; nothing is sent. Null: there is none now. */
  private @Nullable String towardsTheDatabase() {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(database.host(), database.port()));
      InetAddress own = socket.getLocalAddress();
      boolean scoped = own instanceof Inet6Address six && six.isLinkLocalAddress();
      return own.isAnyLocalAddress() || scoped ? null : own.getHostAddress();
    } catch (IOException | RuntimeException noWay) {
      return null;
    }
  }
}
