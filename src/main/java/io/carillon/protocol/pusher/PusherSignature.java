package io.carillon.protocol.pusher;

import io.carillon.core.spi.GuestApp;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signatures with an application's secret: HMAC-SHA256 (RFC 2104), in hexadecimal. Stateless. */
final class PusherSignature {
  private static final String ALGORITHM = "HmacSHA256";

  private PusherSignature() {}

  /** Signs a text. */
  static String of(GuestApp app, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(app.secret().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(ALGORITHM + " cannot be had", missing);
    }
  }

  /**
   * Whether this is the signature of a text; compares in constant time.
   *
   * @param given the signature that was sent; null: none
   */
  static boolean isGood(GuestApp app, String text, @Nullable String given) {
    return given != null && same(of(app, text), given);
  }

  /** Authorization of a socket's subscription to a channel: key and signature. */
  static String channel(GuestApp app, String socketId, String channel, @Nullable String data) {
    String text = socketId + ':' + channel + (data == null ? "" : ':' + data);
    return app.key() + ':' + of(app, text);
  }

  /** Authorization of a socket's sign-in as a user: key and signature. */
  static String user(GuestApp app, String socketId, String data) {
    return app.key() + ':' + of(app, socketId + "::user::" + data);
  }

  /** Constant-time comparison of two texts. */
  static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }
}
