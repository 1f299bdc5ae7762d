package io.carillon.protocol.pusher;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Socket ids, by which Pusher clients and publishers name connections: two decimal numbers with a
 * point between. They encode the core's connection id, so every instance can decode them.
 * Stateless.
 */
final class SocketId {
  private static final Pattern FORM = Pattern.compile("\\d{1,20}\\.\\d{1,160}");
  private static final int HEX = 32;

  private SocketId() {}

  /** Socket id of a connection. An id of 128 bits in hexadecimal becomes two numbers of 64 bits. */
  static String of(String connection) {
    if (connection.length() == HEX && connection.chars().allMatch(HexFormat::isHexDigit)) {
      long high = Long.parseUnsignedLong(connection, 0, HEX / 2, 16);
      long low = Long.parseUnsignedLong(connection, HEX / 2, HEX, 16);
      return Long.toUnsignedString(high) + '.' + Long.toUnsignedString(low);
    }
    return "0." + new BigInteger(1, connection.getBytes(StandardCharsets.US_ASCII));
  }

  /** Id of the connection; null: this is no socket id. */
  static @Nullable String connection(String socketId) {
    if (!FORM.matcher(socketId).matches()) {
      return null;
    }
    int point = socketId.indexOf('.');
    if (point == 1 && socketId.charAt(0) == '0') {
      byte[] name = new BigInteger(socketId.substring(2)).toByteArray();
      return new String(name, StandardCharsets.US_ASCII);
    }
    try {
      HexFormat hex = HexFormat.of();
      return hex.toHexDigits(Long.parseUnsignedLong(socketId, 0, point, 10))
          + hex.toHexDigits(Long.parseUnsignedLong(socketId, point + 1, socketId.length(), 10));
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }
}
