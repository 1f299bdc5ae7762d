package io.carillon.core.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Reader of addresses in numbers. No name is ever looked up. */
public final class IpAddress {
  private static final int PARTS = 4;
  private static final int MOST = 255;

  private IpAddress() {}

  /**
   * Reads an address of IPv4 or IPv6; one of IPv4 that is written as IPv6 is that of IPv4.
   *
   * @return null: it is none
   */
  public static @Nullable InetAddress parse(String text) {
    boolean six = text.indexOf(':') >= 0;
    if (six ? !text.chars().allMatch(IpAddress::isOfSix) : !isFour(text)) {
      return null;
    }
    try {
      // With a colon in it, and in this form, it is never taken for a name.
      return InetAddress.getByName(text);
    } catch (UnknownHostException notOne) {
      return null;
    }
  }

  private static boolean isOfSix(int c) {
    return c == ':' || c == '.' || (c < 0x80 && Character.digit(c, 16) >= 0);
  }

  private static boolean isFour(String text) {
    String[] parts = text.split("\\.", -1);
    boolean four = parts.length == PARTS;
    for (int i = 0; four && i < PARTS; i++) {
      String part = parts[i];
      four =
          !part.isEmpty()
              && part.length() <= 3
              && part.chars().allMatch(c -> c >= '0' && c <= '9')
              && Integer.parseInt(part) <= MOST;
    }
    return four;
  }
}
