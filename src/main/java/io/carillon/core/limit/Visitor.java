package io.carillon.core.limit;

import io.carillon.core.Identity;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.core.spi.GuestApp;
import java.net.Inet6Address;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Peer whose use is limited.
 *
 * @param who its identity; null: it has shown none
 * @param connection name of its connection; empty: it has none
 * @param address where it came from; empty: not known
 */
public record Visitor(@Nullable Identity who, String connection, String address) {
  private static final int NETWORK_BYTES = 8;

  /** The peer of a request of somebody. */
  public static Visitor of(CarillonPrincipal principal) {
    return new Visitor(principal.identity(), "", principal.address());
  }

  /** Name of the user, empty if there is none. */
  String user() {
    Identity known = who;
    return known == null || known.isUnknown() ? "" : known.user();
  }

  /**
   * Name of the one whose use a limit by user adds up: the user, or the connection of a peer that
   * is nobody in particular; empty: there is neither.
   */
  String person() {
    return isShared() && !connection.isEmpty() ? connection : user();
  }

  /** Whether it is nobody in particular: others have the same name. */
  boolean isShared() {
    String user = user();
    return user.isEmpty() || GuestApp.isApplication(user);
  }

  /**
   * The address as limits take it: of IPv6 the network of 64 bits, for a peer has all addresses of
   * its own network.
   */
  String place() {
    if (address.indexOf(':') < 0) {
      return address;
    }
    return IpAddress.parse(address) instanceof Inet6Address v6
        ? HexFormat.of().formatHex(Arrays.copyOf(v6.getAddress(), NETWORK_BYTES))
        : address;
  }
}
