package io.carillon.backplane.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signal cipher of the previous version, whose instances may run beside ours during an upgrade:
 * readable by every role that listens, and accepted again by an instance that has just started. See
 * {@link SignalCiphers}.
 *
 * <p>Seals signals with HMAC-SHA256 and opens what others sealed. A sealed signal is {@code mac(32)
 * counter(8) bytes}, as base64url; the mac also covers the sender's name and the route. A sender's
 * counter grows with each signal of a route, so a recorded signal is not accepted a second time,
 * except by an instance that has not heard of that sender yet.
 *
 * <p>Not thread-safe: the notifier has one to seal with, the listener one to open with.
 */
final class PreviousSignalCipher {
  private static final int MAC = 32;
  private static final int COUNTER = 8;
  private static final int MAX_SENDERS = 1024;
  private static final byte[] PURPOSE = "carillon backplane 1".getBytes(StandardCharsets.US_ASCII);

  private final Mac mac;
  private final Map<String, Long> heard =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_SENDERS;
        }
      };
  private long counter;

  /**
   * Creates a cipher.
   *
   * @param key the cluster's secret, at least 16 bytes
   */
  PreviousSignalCipher(byte[] key) {
    if (key.length < 16) {
      throw new IllegalArgumentException("the cluster's key is too short");
    }
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  String seal(String sender, SignalRoute route, byte[] signal) {
    byte[] body =
        ByteBuffer.allocate(COUNTER + signal.length).putLong(++counter).put(signal).array();
    byte[] sealed =
        ByteBuffer.allocate(MAC + body.length).put(sum(sender, route, body)).put(body).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
  }

  /** The signal, or null if it is forged, damaged or was heard before. */
  byte @Nullable [] open(String sender, SignalRoute route, String text) {
    byte[] sealed;
    try {
      sealed = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
    if (sealed.length < MAC + COUNTER) {
      return null;
    }
    byte[] body = new byte[sealed.length - MAC];
    System.arraycopy(sealed, MAC, body, 0, body.length);
    byte[] claimed = new byte[MAC];
    System.arraycopy(sealed, 0, claimed, 0, MAC);
    if (!MessageDigest.isEqual(claimed, sum(sender, route, body))) {
      return null;
    }
    ByteBuffer read = ByteBuffer.wrap(body);
    long number = read.getLong();
    String from = route.mark() + sender;
    Long last = heard.get(from);
    if (last != null && number <= last) {
      return null;
    }
    heard.put(from, number);
    byte[] signal = new byte[read.remaining()];
    read.get(signal);
    return signal;
  }

  private byte[] sum(String sender, SignalRoute route, byte[] body) {
    mac.update(PURPOSE);
    mac.update((byte) route.mark());
    byte[] name = sender.getBytes(StandardCharsets.UTF_8);
    mac.update((byte) name.length);
    mac.update(name);
    return mac.doFinal(body);
  }
}
