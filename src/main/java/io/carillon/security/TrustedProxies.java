package io.carillon.security;

import io.carillon.core.limit.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Networks whose proxies are believed when they say who a client is. Immutable. */
public final class TrustedProxies {
  private final List<Network> networks = new ArrayList<>();

  /** Network by its address and the number of leading bits that count. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Network(byte[] address, int bits) {
    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = bits / Byte.SIZE;
      int rest = bits % Byte.SIZE;
      for (int i = 0; i < whole; i++) {
        if (address[i] != other[i]) {
          return false;
        }
      }
      int mask = 0xff << (Byte.SIZE - rest);
      return rest == 0 || (address[whole] & mask) == (other[whole] & mask);
    }
  }

  /**
   * Reads networks: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address.
   *
   * @throws IllegalArgumentException if one is none
   */
  public TrustedProxies(Collection<String> written) {
    for (String each : written) {
      String[] parts = each.strip().split("/", -1);
      byte[] address = literal(parts[0]).getAddress();
      int most = address.length * Byte.SIZE;
      int bits = parts.length == 1 ? most : bits(each, parts);
      if (parts.length > 2 || bits < 0 || bits > most) {
        throw wrong(each, null);
      }
      networks.add(new Network(address, bits));
    }
  }

  private static int bits(String network, String[] parts) {
    try {
      return Integer.parseInt(parts[1]);
    } catch (NumberFormatException e) {
      throw wrong(network, e);
    }
  }

  private static InetAddress literal(String text) {
    InetAddress address = IpAddress.parse(text);
    if (address == null) {
      throw wrong(text, null);
    }
    return address;
  }

  private static IllegalArgumentException wrong(String network, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "must be addresses or networks such as 10.0.0.0/8, not " + network, cause);
  }

  /** Whether an address is that of a trusted proxy; what is no address is none. */
  boolean contains(String address) {
    InetAddress known = IpAddress.parse(address);
    return known != null
        && networks.stream().anyMatch(network -> network.contains(known.getAddress()));
  }
}
